//! Why something failed, in plain words and in the API's own.

use ratatui::text::Span;

use crate::identity::{ErrorCode, advice};

use super::Record;
use super::sheet::Sheet;

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let Some(error) = &record.session.last_error else { return };
    if error.code.is_none() && error.reason.is_none() {
        return;
    }
    sheet.heading("LAST ERROR", &[]);
    let look = sheet.look;
    let code = error.code.as_ref().map_or("no code", ErrorCode::as_str);
    sheet.hang(vec![Span::styled("✗", look.bad)], 2, code, look.bad);
    let actionable = record.session.redaction.is_none();
    let lens = record.model.lens(&record.session.id);
    let reason = error.reason.as_ref().map(|reason| reason.show("reason", lens));
    explain(sheet, 2, error.code.as_ref(), reason.as_deref(), actionable);
}

/// The API's reason, what it means and what to do about it, all beginning at `column`.
///
/// Where it is not `actionable`, nothing can be done any more, and no advice is given.
pub(super) fn explain(
    sheet: &mut Sheet,
    column: usize,
    code: Option<&ErrorCode>,
    reason: Option<&str>,
    actionable: bool,
) {
    let look = sheet.look;
    if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        sheet.indented(column, &format!("“{reason}”"), look.dim);
    }
    if let Some(code) = code {
        let advice = advice::of(code);
        sheet.indented(column, advice.meaning, look.text);
        if !actionable {
            return;
        }
        let arrow = format!("{}→", " ".repeat(column));
        sheet.hang(vec![Span::styled(arrow, look.accent)], column + 2, advice.next, look.text);
    }
}
