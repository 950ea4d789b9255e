//! What a session is, how it stands and what can happen next.

use ratatui::style::Modifier;
use ratatui::text::Span;

use crate::actions::Action;
use crate::catalog::{CheckMark, Marks, Standing};
use crate::identity::lifecycle::Act;
use crate::text::{truncate, truncate_middle};

use super::sheet::{Sheet, taken};
use super::{Record, when};

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let Record { model, session, .. } = record;
    let look = sheet.look;
    let standing = Standing::of(session);
    let style = look.standing(&standing);
    let word = format!("{} {}", standing.glyph(), truncate(standing.word(), sheet.width() / 2));
    let left = vec![Span::styled(word, style.add_modifier(Modifier::BOLD))];
    let room = sheet.width().saturating_sub(taken(&left) + 2).max(9);
    let id = Span::styled(truncate_middle(session.id.as_str(), room).into_owned(), look.dim);
    sheet.ends(left, vec![id]);

    let about = format!("created {} · {}", when::ago(model.now, session.created), asked(record));
    sheet.text(&about, look.dim);
    if model.is_fetching(&session.id) {
        sheet.text("loading…", look.info);
    }
    sheet.text(standing.next(), look.text);
    write_pending(record, sheet);
}

/// What is checked: `document + selfie`.
fn asked(record: &Record<'_>) -> String {
    let marks = Marks::of(record.session, record.report);
    let titles: Vec<&str> =
        marks.iter().filter(|(_, mark)| *mark != CheckMark::Off).map(|(kind, _)| kind.title()).collect();
    if titles.is_empty() { record.session.kind.to_string() } else { titles.join(" + ") }
}

/// What is held or on its way.
fn write_pending(record: &Record<'_>, sheet: &mut Sheet) {
    let Record { model, session, .. } = record;
    let look = sheet.look;
    for held in model.held.iter().filter(|held| held.session == session.id) {
        let verb = if held.act == Act::Redact { "Redact" } else { "Cancel" };
        let undo = model.keymap.label(Action::Undo);
        let text = format!("{verb} is sent in {} s · {undo} takes it back", held.seconds_left(model.now));
        sheet.hang(vec![Span::styled("◷", look.warn)], 2, &text, look.warn);
    }
    for (_, doing) in model.in_flight().filter(|(id, _)| **id == session.id) {
        sheet.hang(vec![Span::styled("~", look.info)], 2, &format!("{doing}…"), look.info);
    }
}
