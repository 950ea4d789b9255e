//! Draws a [`Model`] with ratatui, and changes nothing.
//!
//! Floor 5: imports floors 0 to 4. One file for each page, each dialog and each widget; where things are is decided
//! by `app::geometry` and `app::bars`, so that the mouse finds what is drawn.

mod activity;
mod audit;
mod detail;
mod dialogs;
mod filters;
mod footer;
mod header;
mod jobs;
mod look;
mod notice;
mod paint;
mod reports;
mod sessions;
#[cfg(test)]
mod stage;
mod states;
mod table;
#[cfg(test)]
mod tests;
mod trouble;

pub use look::Look;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::geometry::{Layout, MINIMUM};
use crate::app::{Model, Page};
use crate::text::wrap;
use paint::{Pen, columns, rect};

/// How far what was drawn can be scrolled, in rows: the model keeps its scroll positions within.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The detail's last scroll position.
    pub detail: u16,
    /// The top dialog's last scroll position.
    pub dialog: u16,
}

/// Draws one frame.
///
/// The screen may already be smaller than the model knows: what lies outside is not drawn.
pub fn draw(frame: &mut Frame<'_>, model: &Model, look: &Look) -> Drawn {
    if model.size.is_too_small() {
        draw_too_small(frame, look);
        return Drawn::default();
    }
    let layout = model.layout();
    let frame_style = Frames::of(model, look);
    let buffer = frame.buffer_mut();
    header::draw(buffer, rect(layout.header), model, look);
    frame_style.draw(buffer, &layout);
    if layout.list.h > 0 {
        filters::draw(frame, rect(layout.filters), model, look);
        draw_list(frame.buffer_mut(), &layout, model, look);
    }
    let detail = layout.detail.map_or(0, |area| {
        let area = frame_style.inside(rect(area)).intersection(frame.area());
        if area.is_empty() { 0 } else { detail::draw(frame, area, model, look) }
    });
    let buffer = frame.buffer_mut();
    frame_style.draw_sides(buffer, &layout);
    notice::draw(buffer, rect(layout.notice), frame_style.glyph(), frame_style.rule, model, look);
    frame_style.draw_corners(buffer, &layout);
    footer::draw(buffer, rect(layout.footer), model, look);
    let dialog = if model.dialogs.is_empty() { 0 } else { dialogs::draw(frame, model, look) };
    Drawn { detail, dialog }
}

/// The rows of the page, or why there are none.
fn draw_list(buffer: &mut Buffer, layout: &Layout, model: &Model, look: &Look) {
    let (head, list) = (rect(layout.heads), rect(layout.list));
    let drawn = match model.page {
        Page::Sessions => sessions::draw(buffer, head, list, model, look),
        Page::Reports => reports::draw(buffer, head, list, model, look),
        Page::Audit => {
            audit::draw_summary(buffer, rect(layout.filters), model, look);
            audit::draw(buffer, head, list, model, look)
        }
        Page::Activity => {
            activity::draw_summary(buffer, rect(layout.filters), model, look);
            activity::draw(buffer, head, list, model, look)
        }
        Page::Jobs => {
            jobs::draw_summary(buffer, rect(layout.filters), model, look);
            jobs::draw(buffer, head, list, model, look)
        }
    };
    if drawn == 0 {
        states::draw_empty(buffer, list, model, look);
    } else {
        let line = Rect { y: list.y + drawn, height: (list.height - drawn).min(1), ..list };
        states::draw_tail(buffer, line, model, look);
    }
}

/// The rules of a page; for live data they close to a frame that cannot be missed.
struct Frames {
    live: bool,
    rule: Style,
    /// The word LIVE within the frame.
    word: Style,
}

impl Frames {
    fn of(model: &Model, look: &Look) -> Self {
        let live = model.connection().is_some_and(|connection| connection.live);
        let rule = if live { look.live } else { look.rule };
        Self { live, rule, word: look.live.add_modifier(Modifier::REVERSED) }
    }

    const fn glyph(&self) -> &'static str {
        if self.live { "━" } else { "─" }
    }

    /// The rule under the header and the one between list and detail.
    fn draw(&self, buffer: &mut Buffer, layout: &Layout) {
        let top = rect(layout.rule);
        Pen::new(buffer, top).fill(self.glyph(), self.rule);
        if let Some(divider) = layout.divider {
            for row in rect(divider).rows() {
                Pen::new(buffer, row).write("│", self.rule);
            }
        }
        if self.live {
            let word = " LIVE ";
            let mut x = top.x + 2;
            while x + columns(word) + 2 <= top.x + top.width {
                Pen::new(buffer, top).go(x).write(word, self.word);
                x += 24;
            }
        }
    }

    /// What is left for the detail: the frame needs its columns.
    const fn inside(&self, area: Rect) -> Rect {
        if !self.live {
            return area;
        }
        let left = if area.x == 0 { 1 } else { 0 };
        Rect { x: area.x + left, width: area.width.saturating_sub(left + 1), ..area }
    }

    /// The sides of a live frame. The cursor's bar and the marks stay where they are.
    fn draw_sides(&self, buffer: &mut Buffer, layout: &Layout) {
        if !self.live {
            return;
        }
        let top = layout.rule.y + 1;
        let sides = Rect { x: 0, y: top, width: layout.rule.w, height: layout.notice.y.saturating_sub(top) };
        for row in sides.rows() {
            let bar = buffer
                .cell((row.x, row.y))
                .is_some_and(|cell| cell.symbol() == "▌" || cell.symbol() == table::MARK);
            if !bar {
                Pen::new(buffer, row).write("┃", self.rule);
            }
            Pen::new(buffer, row).go(row.x + row.width - 1).write("┃", self.rule);
        }
    }

    fn draw_corners(&self, buffer: &mut Buffer, layout: &Layout) {
        if !self.live {
            return;
        }
        for (area, left, right) in [(layout.rule, "┏", "┓"), (layout.notice, "┗", "┛")] {
            let row = rect(area);
            Pen::new(buffer, row).write(left, self.rule);
            Pen::new(buffer, row).go(row.x + row.width - 1).write(right, self.rule);
        }
    }
}

/// Says what size is needed and what size it is.
fn draw_too_small(frame: &mut Frame<'_>, look: &Look) {
    let area = frame.area();
    let needed = format!("vetty needs {} × {} cells.", MINIMUM.cols, MINIMUM.rows);
    let is = format!("This is {} × {}.", area.width, area.height);
    let texts = [(needed, look.heading), (is, look.dim), ("Make the window larger.".to_owned(), look.dim)];
    let lines: Vec<(String, Style)> = texts
        .into_iter()
        .flat_map(|(text, style)| {
            wrap(&text, usize::from(area.width)).into_iter().map(move |line| (line, style))
        })
        .collect();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let top = area.y + area.height.saturating_sub(rows) / 2;
    for (y, (text, style)) in (top..area.bottom()).zip(lines) {
        let x = area.x + area.width.saturating_sub(columns(&text)) / 2;
        let row = Rect { x, y, width: area.width - (x - area.x), height: 1 };
        Pen::new(frame.buffer_mut(), row).write(&text, style);
    }
}
