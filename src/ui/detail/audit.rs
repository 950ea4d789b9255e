//! One line of the audit, whole, and what is wrong with the chain.

use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Model, WHAT_TO_DO};
use crate::identity::SessionId;
use crate::journal::{Line, Mode};
use crate::text::clean;
use crate::ui::audit::outcome;

use super::sheet::Sheet;
use super::when;

pub(super) fn write(model: &Model, line: &Line, sheet: &mut Sheet) {
    let look = sheet.look;
    let entry = &line.entry;
    let (glyph, style) = outcome(entry.result, &look);
    let left = vec![
        Span::styled(glyph, style),
        Span::styled(format!(" {} ", entry.action), look.heading),
        Span::styled(entry.result.as_str(), style),
    ];
    let right = vec![Span::styled(format!("line {}", line.seq), look.dim)];
    sheet.ends(left, right);
    sheet.gap();
    let (mode, mode_style) = match entry.mode {
        Mode::Live => ("LIVE", look.live),
        Mode::Test => ("test", look.text),
    };
    sheet.row("time", &format!("{} UTC", when::utc_seconds(entry.at.timestamp())), look.text);
    sheet.row("operator", &entry.operator, look.text);
    sheet.row("profile", &entry.profile, look.text);
    sheet.row("mode", mode, mode_style);
    sheet.row("pressed", &entry.via, look.text);
    for (label, word) in [
        ("object", &entry.object),
        ("job", &entry.job),
        ("request", &entry.request_id),
        ("idempotency", &entry.idempotency_key),
        ("error", &entry.error_code),
    ] {
        if let Some(word) = word {
            sheet.row(label, word, look.text);
        }
    }
    if !entry.params.is_empty() {
        let words: Vec<&str> = entry.params.iter().map(|word| &**word).collect();
        sheet.row("with", &words.join(", "), look.text);
    }
    if let Some(reason) = &entry.reason {
        sheet.row("reason", &reason.code, look.text);
        if let Some(note) = &reason.note {
            sheet.row("note", note.as_str(), look.text);
        }
    }
    if entry.object.as_ref().is_some_and(|object| object.starts_with(SessionId::PREFIX)) {
        let key = model.keymap.label(Action::Open);
        sheet.gap();
        sheet.text(&format!("{key} goes to the session"), look.faint);
    }
}

/// The chain: how long it is, its last hash, and what is wrong with it.
pub(super) fn write_chain(model: &Model, sheet: &mut Sheet) {
    let Some(log) = &model.audit.log else { return };
    let look = sheet.look;
    sheet.heading("CHAIN", &[]);
    for found in model.audit.breaks() {
        sheet.hang(vec![Span::styled("✗", look.bad)], 2, &found, look.bad);
    }
    if log.verdict.is_sound() {
        sheet.hang(vec![Span::styled("✓", look.ok)], 2, "Every line follows from the one before.", look.text);
    } else {
        sheet.hang(vec![Span::styled("→", look.accent)], 2, WHAT_TO_DO, look.text);
    }
    sheet.row("lines", &log.verdict.lines.to_string(), look.dim);
    sheet.row("last hash", &log.verdict.last.hash.to_string(), look.dim);
    sheet.row("file", &clean(&log.path), look.dim);
}
