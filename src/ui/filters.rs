//! The row of filters with their counts, and the search at its right end.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::Look;
use super::paint::{Pen, columns, field, rect};
use crate::actions::Action;
use crate::app::bars::{Target, grouped};
use crate::app::{Model, Page, SearchBox};
use crate::catalog::{Outcome, StatusFilter};

/// Draws the filters, and puts the terminal's cursor into the search while it is edited.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    for item in model.filters() {
        let mut pen = Pen::new(frame.buffer_mut(), rect(item.area));
        if item.chosen {
            pen.write(&item.label, look.accent.add_modifier(Modifier::UNDERLINED));
            continue;
        }
        match (glyph_style(item.target, look), item.label.split_once(' ')) {
            (Some(style), Some((glyph, words))) => pen.write(glyph, style).skip(1).write(words, look.dim),
            _ => pen.write(&item.label, look.dim),
        };
    }
    if let Some(search) = model.search() {
        draw_search(frame, area, search, model, look);
    }
}

fn glyph_style(target: Target, look: &Look) -> Option<Style> {
    match target {
        Target::Status(StatusFilter::RequiresInput) => Some(look.warn),
        Target::Status(StatusFilter::Processing | StatusFilter::Redacting) => Some(look.info),
        Target::Status(StatusFilter::Verified) | Target::Outcome(Outcome::Passed) => Some(look.ok),
        Target::Outcome(Outcome::Failed) => Some(look.bad),
        Target::Status(StatusFilter::Canceled) => Some(look.faint),
        _ => None,
    }
}

fn draw_search(frame: &mut Frame<'_>, area: Rect, search: &SearchBox, model: &Model, look: &Look) {
    let wide = model.search_columns().min(area.width);
    if wide < 8 {
        return;
    }
    // The last column is a margin.
    let place = Rect { x: area.x + area.width - wide, width: wide - 1, ..area };
    let key = model.keymap.label(Action::Search);
    let key = if key.is_empty() { "/".to_owned() } else { key };
    let mut pen = Pen::new(frame.buffer_mut(), place);
    pen.write(&key, look.key).skip(1);
    let start = pen.x();
    let count = grouped(found(model));
    let left = u16::try_from(pen.left()).unwrap_or(0);
    let roomy = columns(search.input.value()) + columns(&count) + 8 <= left;
    let found = if roomy { format!(" {count} found") } else { format!(" {count}") };
    let room = left.saturating_sub(columns(&found));
    let (shown, cursor) = field(search.input.value(), search.input.cursor(), room);
    pen.write(&shown, if search.editing { look.text } else { look.accent });
    pen.write_right(&found, 0, look.faint);
    if search.editing && model.dialogs.is_empty() {
        frame.set_cursor_position(Position { x: start + cursor, y: place.y });
    }
}

fn found(model: &Model) -> usize {
    match model.page {
        Page::Reports => model.reports.view.rows().len(),
        Page::Sessions | Page::Activity => model.sessions.view.rows().len(),
    }
}
