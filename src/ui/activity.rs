//! The log of what was done and what went wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use super::detail::when::clock_seconds;
use super::paint::Pen;
use super::table::cursor;
use crate::app::{Level, Model};
use crate::text::grouped;

/// Columns of the time of day and of the level, with what is free before the next column.
const TIME: u16 = 8 + 2;
const LEVEL: u16 = 9 + 2;

/// Says in the row of the filters how much there is.
pub(super) fn draw_summary(buffer: &mut Buffer, area: Rect, model: &Model, look: &Look) {
    let said = match model.notices.log().len() {
        0 => return,
        1 => "1 notice since the start".to_owned(),
        count => format!("{} notices since the start, newest first", grouped(count)),
    };
    Pen::new(buffer, area).skip(1).write(&said, look.dim);
}

/// Draws headings and rows. Returns how many rows of `list` are taken.
pub(super) fn draw(buffer: &mut Buffer, head: Rect, list: Rect, model: &Model, look: &Look) -> u16 {
    let mut pen = Pen::new(buffer, head);
    pen.skip(1).cell("TIME UTC", TIME, false, look.faint);
    pen.cell("WHAT", LEVEL, false, look.faint);
    let mut line = Rect { height: 1, ..list };
    let log = model.notices.log().iter().enumerate();
    for (at, notice) in log.skip(model.activity.top).take(usize::from(list.height)) {
        let (glyph, word, style) = level(notice.level, look);
        let mut pen = Pen::new(buffer, Rect { width: line.width.saturating_sub(1), ..line });
        pen.skip(1).cell(&clock_seconds(notice.at), TIME, false, look.dim);
        pen.cell(&format!("{glyph} {word}"), LEVEL, false, style);
        pen.write(&notice.text, look.text);
        if at == model.activity_at() {
            cursor(buffer, line, model, look);
        }
        line.y += 1;
    }
    line.y - list.y
}

/// How a level is drawn: glyph, word, style.
pub(super) const fn level(level: Level, look: &Look) -> (&'static str, &'static str, Style) {
    match level {
        Level::Info => ("·", "info", look.info),
        Level::Done => ("✓", "done", look.ok),
        Level::Warning => ("!", "warning", look.warn),
        Level::Failed => ("✗", "failed", look.bad),
    }
}
