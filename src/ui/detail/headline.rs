//! What a session is, how it stands and what can happen next.

use ratatui::style::Modifier;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::Pending;
use crate::catalog::{CheckMark, Marks, Standing};
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

    let about = format!("created {} · {}", when::ago(model.now.wall, session.created), asked(record));
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
    let Some(pending) = model.pending(&session.id) else { return };
    let undo = model.keymap.label(Action::Undo);
    let jobs = model.keymap.label(Action::Jobs);
    let (glyph, text, style) = match pending {
        Pending::Held(verb, seconds) => {
            ("↺", format!("{} is sent in {seconds} s · {undo} takes it back", capital(verb)), look.warn)
        }
        Pending::Waiting(verb) => {
            ("~", format!("{} waits for its turn · {jobs} shows the job", capital(verb)), look.info)
        }
        Pending::Paused(verb) => {
            ("↺", format!("{} is not sent: its job is paused · {jobs}", capital(verb)), look.warn)
        }
        Pending::Left(verb) => {
            ("↺", format!("{} was left by an earlier run · {jobs} decides", capital(verb)), look.warn)
        }
        Pending::Doing(doing) => ("~", format!("{doing}…"), look.info),
        Pending::InDoubt(verb) => {
            ("!", format!("Nobody knows what became of a {verb} · {jobs} asks again"), look.bad)
        }
    };
    sheet.hang(vec![Span::styled(glyph, style)], 2, &text, style);
}

/// `redact` as a sentence begins.
fn capital(verb: &str) -> String {
    let mut chars = verb.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
