//! The command palette: a line to type in, the matches, and a sentence about the one under the cursor.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Model, Palette, Why};
use crate::text::{fit, truncate, width};
use crate::ui::Look;
use crate::ui::paint::window;

use super::panel::{Panel, Part, choice, sheet};

/// Columns of the titles.
const TITLE: usize = 17;

/// Rows of the list, so that the dialog does not jump while one types.
const ROWS: usize = 12;

pub(super) fn panel(screen: Rect, model: &Model, palette: &Palette, look: &Look) -> Panel {
    let matches = palette.matches(model);
    let mut head = sheet(screen, look);
    let (text, cursor) = window(&palette.input, head.width().saturating_sub(2));
    let shown = if text.is_empty() {
        Span::styled("type a part of a command’s name", look.faint)
    } else {
        Span::styled(text, look.text)
    };
    head.spans(vec![Span::styled(": ", look.accent), shown]);

    let mut body = sheet(screen, look);
    for (at, (spec, allowed)) in matches.iter().enumerate() {
        let chosen = at == palette.at;
        let key = model.keymap.label(spec.action);
        let room = room_for_words(body.width(), &key);
        let (title, about) = match allowed {
            Ok(()) => (if chosen { look.accent } else { look.text }, truncate(spec.doc, room).into_owned()),
            Err(Why(why)) => (look.faint, truncate(why, room).into_owned()),
        };
        let left = vec![
            Span::styled(fit(spec.title, TITLE), title),
            Span::styled(about, if chosen { look.dim } else { look.faint }),
        ];
        let key_style = if allowed.is_ok() { look.key } else { look.faint };
        choice(&mut body, chosen, left, vec![Span::styled(key, key_style)]);
    }
    let mut tail = sheet(screen, look);
    match matches.get(palette.at) {
        Some((spec, allowed)) => {
            // What stands whole in its row is not said again.
            let room = room_for_words(tail.width(), &model.keymap.label(spec.action));
            if allowed.is_err() || width(spec.doc) > room {
                tail.text(spec.doc, look.dim);
            }
            if let Err(Why(why)) = allowed {
                tail.text(why, look.warn);
            }
        }
        None => tail.text("No command has these words.", look.dim),
    }
    while tail.len() < 2 {
        tail.spans(Vec::new());
    }
    Panel::new(model, "Commands", look.rule)
        .head(head)
        .body(body)
        .tail(tail)
        .keys(
            model,
            &[
                (Action::Accept, "do it"),
                (Action::NextField, "next"),
                (Action::PreviousField, "back"),
                (Action::Dismiss, "close"),
            ],
        )
        .keep(palette.at..palette.at + 1)
        .least(ROWS)
        .cursor(Some((Part::Head, 0, 2 + cursor)))
}

/// Columns for the sentence between a title and a key. A few letters say nothing, so then there is no room at all.
fn room_for_words(line: usize, key: &str) -> usize {
    let room = line.saturating_sub(2 + TITLE + 2 + width(key));
    if room < 20 { 0 } else { room }
}
