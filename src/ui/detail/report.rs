//! One report: the result of one submission.

use ratatui::text::Span;

use crate::actions::Action;
use crate::app::Model;
use crate::catalog::{Marks, Standing};
use crate::identity::Report;
use crate::text::truncate_middle;

use super::person::{People, write_extracted};
use super::sheet::{Sheet, taken};
use super::{attempts, checks, facts, ids, when};

pub(super) fn write(model: &Model, report: &Report, sheet: &mut Sheet) {
    let look = sheet.look;
    let (glyph, style, word) = match report.passed() {
        Some(false) => {
            let (glyph, style, _) = attempts::outcome(report, sheet);
            (glyph, style, "unverified".to_owned())
        }
        _ => attempts::outcome(report, sheet),
    };
    let left = vec![Span::styled(format!("{glyph} {word}"), style)];
    let room = sheet.width().saturating_sub(taken(&left) + 2).max(9);
    let id = truncate_middle(report.id.as_str(), room).into_owned();
    sheet.ends(left, vec![Span::styled(id, look.dim)]);
    sheet.text(&format!("made {} · {}", when::ago(model.now.wall, report.created), report.kind), look.dim);
    sheet.text(&format!("{} UTC", when::utc_seconds(report.created)), look.dim);
    write_session(model, report, sheet);
    let session = report.verification_session.as_ref().and_then(|id| model.catalog.session(id));
    let actionable = session.is_none_or(|session| session.redaction.is_none());
    let lens = model.lens_of_report(report);
    let told = checks::Told { known: None, pending: "no result", actionable, lens };
    checks::write_marks(Marks::of_report(report), Some(report), &told, sheet);
    write_extracted(
        report,
        &mut People::new(model, report.verification_session.as_ref(), Some(report), sheet),
    );
    facts::write_options(report.options.as_ref(), sheet);
    ids::write_report(model, report, sheet);
}

/// Which session it belongs to, and how that stands.
fn write_session(model: &Model, report: &Report, sheet: &mut Sheet) {
    let look = sheet.look;
    let Some(id) = &report.verification_session else { return };
    let key = model.keymap.label(Action::Open);
    sheet.heading("SESSION", &[(key, look.key), (" goes to the session".to_owned(), look.dim)]);
    match model.catalog.session(id) {
        Some(session) => {
            let standing = Standing::of(session);
            let first = vec![Span::styled(standing.glyph(), look.standing(&standing))];
            sheet.hang(first, 2, standing.word(), look.standing(&standing));
        }
        None => sheet.text("not loaded yet", look.faint),
    }
    sheet.text(id.as_str(), look.text);
}
