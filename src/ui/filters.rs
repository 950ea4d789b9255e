//! The row of filters with their counts, and the search at its right end.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::Look;
use super::paint::{Pen, columns, rect, window};
use crate::actions::Action;
use crate::app::bars::Target;
use crate::app::{Model, Page, SearchBox};
use crate::catalog::{Outcome, StatusFilter, TypeFilter};
use crate::text::grouped;

/// Draws the filters, and puts the terminal's cursor into the search while it is edited.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let mut end = area.x;
    let filters = model.filters();
    let untold = !filters.iter().any(|item| item.target == Target::Type);
    for item in filters {
        end = end.max(item.area.x + item.area.w);
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
    let Some(search) = model.search() else { return };
    // The last column is a margin.
    let free = Rect { x: end, width: (area.x + area.width).saturating_sub(end + 1), ..area };
    let count = count(search, untold, model);
    let wide = columns(&count);
    let words = model.search_columns().saturating_sub(1).min(free.width);
    // What was typed, its cursor, the key and two blanks; then the count, as far as there is room for all of it.
    let needed = if words == 0 { 0 } else { columns(search.input.value()) + 5 };
    let beside = wide > 0 && needed + wide + 2 <= free.width;
    let whole = if beside { words.max(needed + wide) } else { words };
    let place = Rect { x: free.x + free.width - whole.min(free.width), width: whole.min(free.width), ..free };
    if words > 0 {
        let place = Rect { width: place.width - if beside { wide + 1 } else { 0 }, ..place };
        draw_search(frame, place, search, model, look);
    }
    if beside {
        let place = Rect { x: free.x + free.width - wide, width: wide, ..free };
        Pen::new(frame.buffer_mut(), place).write(&count, look.dim);
    } else if wide > 0 && area.y > 0 && wide + 4 <= area.width {
        // On the rule above there is always room.
        let place = Rect { x: area.x + area.width - wide - 4, y: area.y - 1, width: wide + 2, height: 1 };
        Pen::new(frame.buffer_mut(), place).write(&format!(" {count} "), look.dim);
    }
}

/// How many rows there are, where no filter's own count says it; and of which type, where that is `untold`.
fn count(search: &SearchBox, untold: bool, model: &Model) -> String {
    let kind = match model.page {
        Page::Sessions => model.sessions.kind,
        Page::Reports => model.reports.kind,
        Page::Activity | Page::Audit | Page::Jobs => TypeFilter::All,
    };
    let typed = kind != TypeFilter::All;
    let what = if typed && untold { format!("type {} · ", kind.title()) } else { String::new() };
    if !search.input.value().is_empty() {
        format!("{what}{} found", grouped(rows(model)))
    } else if typed {
        format!("{what}{} listed", grouped(rows(model)))
    } else {
        String::new()
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

fn draw_search(frame: &mut Frame<'_>, place: Rect, search: &SearchBox, model: &Model, look: &Look) {
    let key = model.keymap.label(Action::Search);
    let key = if key.is_empty() { "/".to_owned() } else { key };
    let mut pen = Pen::new(frame.buffer_mut(), place);
    pen.write(&key, look.key).skip(1);
    let start = pen.x();
    let (shown, cursor) = window(&search.input, pen.left());
    pen.write(&shown, if search.editing { look.text } else { look.accent });
    if search.editing && model.dialogs.is_empty() {
        let x = start + u16::try_from(cursor).unwrap_or(u16::MAX);
        frame.set_cursor_position(Position { x, y: place.y });
    }
}

/// How many rows the list has.
fn rows(model: &Model) -> usize {
    match model.page {
        Page::Reports => model.reports.view.rows().len(),
        Page::Audit => model.audit.rows().len(),
        Page::Sessions | Page::Activity | Page::Jobs => model.sessions.view.rows().len(),
    }
}
