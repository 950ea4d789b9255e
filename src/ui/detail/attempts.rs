//! Every submission of a session: its reports, newest first.

use ratatui::text::Span;

use crate::actions::Action;
use crate::identity::{ErrorCode, Report};
use crate::text::truncate_middle;

use super::person::try_again;
use super::sheet::{LABELS, Sheet};
use super::{Record, when};

/// Columns before the id in the second line of an attempt.
const BEFORE_ID: usize = 22;

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let Record { model, session, .. } = record;
    let look = sheet.look;
    let attempts = model.catalog.attempts(&session.id);
    let count = attempts.len();
    let note = if count > 1 { vec![(count.to_string(), look.dim)] } else { Vec::new() };
    sheet.heading("ATTEMPTS", &note);
    for report in attempts {
        let (glyph, style, outcome) = outcome(report, sheet);
        let age = when::ago(model.now.wall, report.created);
        let first = vec![Span::styled(glyph, style), Span::styled(format!(" {age}"), look.text)];
        sheet.hang(first, LABELS + 2, &outcome, style);
        let id = truncate_middle(report.id.as_str(), sheet.width().saturating_sub(BEFORE_ID).max(9));
        let place = vec![Span::styled(format!("  {}", when::utc(report.created)), look.faint)];
        sheet.hang(place, BEFORE_ID, &id, look.faint);
    }
    if count > 0 {
        return;
    }
    if session.last_verification_report.is_none() || model.catalog.reports().is_complete() {
        sheet.text("none yet", look.faint);
    } else if model.is_fetch_failed(&session.id) {
        sheet.text(&try_again(model), look.faint);
    } else {
        let key = model.keymap.label(Action::Open);
        sheet.text(&format!("not loaded yet · {key} opens and fetches them"), look.faint);
    }
}

/// Glyph, style and words of how a report ended.
pub(super) fn outcome(report: &Report, sheet: &Sheet) -> (&'static str, ratatui::style::Style, String) {
    let look = sheet.look;
    match report.passed() {
        Some(true) => ("✓", look.ok, "verified".to_owned()),
        Some(false) => {
            let code = report.first_error().and_then(|error| error.code.as_ref());
            ("✗", look.bad, code.map_or("unverified", ErrorCode::as_str).to_owned())
        }
        None => ("·", look.dim, "no checks".to_owned()),
    }
}
