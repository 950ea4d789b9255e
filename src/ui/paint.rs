//! Small helpers for writing into the buffer by columns. Imported by every file of `ui`.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::Look;
use crate::app::geometry::Area;
use crate::clock::{Timestamp, WallTime};
use crate::identity::SessionId;
use crate::text::{self, fit, truncate, width};

/// The model's areas as ratatui has them. The only place that converts them.
pub(super) const fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.w, height: area.h }
}

/// No screen is wider: sums of a few widths stay numbers of columns, however long a text is.
const WIDEST: usize = 4_096;

/// Columns of `text`, as screens count; at most as many as any screen has.
pub(super) fn columns(text: &str) -> u16 {
    u16::try_from(width(text).min(WIDEST)).unwrap_or(u16::MAX)
}

/// Writes from left to right on one row, and never beyond its end or outside the screen.
pub(super) struct Pen<'b> {
    buffer: &'b mut Buffer,
    y: u16,
    x: u16,
    end: u16,
}

impl<'b> Pen<'b> {
    /// A pen at the left end of the first row of `area`.
    pub(super) fn new(buffer: &'b mut Buffer, area: Rect) -> Self {
        let area = area.intersection(buffer.area);
        let end = if area.height == 0 { area.x } else { area.x + area.width };
        Self { buffer, y: area.y, x: area.x, end }
    }

    /// Columns left to write on.
    pub(super) const fn left(&self) -> usize {
        self.end.saturating_sub(self.x) as usize
    }

    /// The column that is written next.
    pub(super) const fn x(&self) -> u16 {
        self.x
    }

    /// Goes on at column `x` of the screen.
    pub(super) const fn go(&mut self, x: u16) -> &mut Self {
        self.x = x;
        self
    }

    /// Leaves `columns` as they are.
    pub(super) const fn skip(&mut self, columns: u16) -> &mut Self {
        self.x = self.x.saturating_add(columns);
        self
    }

    /// Writes `text`, cut with an ellipsis where it does not fit.
    pub(super) fn write(&mut self, text: &str, style: impl Into<Style>) -> &mut Self {
        let left = self.left();
        if left > 0 {
            let cut = truncate(text, left);
            (self.x, _) = self.buffer.set_stringn(self.x, self.y, cut, left, style);
        }
        self
    }

    /// Writes `text` on exactly `columns`, at the left or at the right of them.
    pub(super) fn cell(&mut self, text: &str, columns: u16, right: bool, style: impl Into<Style>) {
        let wide = usize::from(columns).min(self.left());
        let cut = if right {
            let cut = truncate(text, wide);
            let missing = wide.saturating_sub(width(&cut));
            format!("{:missing$}{cut}", "")
        } else {
            fit(text, wide)
        };
        self.write(&cut, style);
    }

    /// Fills what is left of the row with `glyph`, which is one column wide.
    pub(super) fn fill(&mut self, glyph: &str, style: Style) {
        while self.x < self.end {
            self.buffer[(self.x, self.y)].set_symbol(glyph).set_style(style);
            self.x += 1;
        }
    }
}

/// Lays the selection over a row that is written already, and keeps colours that mean something.
pub(super) fn select(buffer: &mut Buffer, row: Rect, selection: Style, look: &Look) {
    let row = row.intersection(buffer.area);
    // In reverse video, coloured words would become patches of ground: one bar reads better, and words stay words.
    let plain = selection.add_modifier.contains(Modifier::REVERSED);
    for position in row.positions() {
        let cell = &mut buffer[position];
        if plain {
            cell.set_style(look.text);
        }
        let own = cell.fg;
        cell.set_style(selection);
        if !plain && own != Color::Reset {
            cell.fg = own;
        }
    }
}

/// How old something is, in at most four columns: `40s`, `2m`, `3h`, `12d`, `3y`.
pub(super) fn age(now: WallTime, created: Timestamp) -> String {
    const STEPS: [(i64, i64, &str); 4] =
        [(60, 1, "s"), (3_600, 60, "m"), (86_400, 3_600, "h"), (365 * 86_400, 86_400, "d")];
    // A server's clock may be ahead of this one.
    let seconds = now.timestamp().secs_since(created).max(0);
    let step = STEPS.into_iter().find(|(below, _, _)| seconds < *below);
    let (_, unit, letter) = step.unwrap_or((i64::MAX, 365 * 86_400, "y"));
    format!("{}{letter}", seconds / unit)
}

/// A session's id in ten columns: how it begins and its last four characters, `vs_…HvkI`.
pub(super) fn short_id(id: &SessionId) -> String {
    format!("{}…{}", SessionId::PREFIX, id.last_four())
}

/// The part of a typed text that `columns` show with its cursor among them, and the cursor's column within it.
///
/// What was typed is cleaned first, and the cursor is counted in the cleaned text: marks are wider than what they
/// stand for.
pub(super) fn window(input: &Input, columns: usize) -> (String, usize) {
    let value = input.value();
    let before: String = value.chars().take(input.cursor()).collect();
    let at = width(&text::clean(&before));
    // The cursor may stand behind the last character, so it needs a column of its own.
    let hidden = at.saturating_sub(columns.max(1) - 1);
    let shown = text::clean(value);
    let mut out = String::new();
    let mut used = 0;
    for grapheme in skip_columns(&shown, hidden).graphemes(true) {
        used += width(grapheme);
        if used > columns {
            break;
        }
        out.push_str(grapheme);
    }
    (out, at - hidden)
}

/// `text` without its first columns; half of a wide character becomes a space.
fn skip_columns(text: &str, columns: usize) -> Cow<'_, str> {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if used >= columns {
            let pad = used - columns;
            return if pad == 0 {
                Cow::Borrowed(&text[at..])
            } else {
                Cow::Owned(format!("{:pad$}{}", "", &text[at..]))
            };
        }
        used += width(grapheme);
    }
    Cow::Borrowed("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fit_four_columns() {
        let now = crate::clock::fixtures::noon().wall;
        let of = |seconds: i64| age(now, now.timestamp().minus_secs(seconds));
        assert_eq!([40, 120, 10_800, 1_036_800, 94_608_000].map(of), ["40s", "2m", "3h", "12d", "3y"]);
        assert_eq!(of(-30), "0s", "a server's clock that is ahead");
        assert_eq!(of(365 * 86_400 - 1), "364d");
    }

    #[test]
    fn the_cursor_is_always_among_what_is_shown() {
        let input = Input::new("abcdefghij".into());
        assert_eq!(window(&input, 20), ("abcdefghij".into(), 10));
        assert_eq!(window(&input, 6), ("fghij".into(), 5));
        assert_eq!(window(&input.with_cursor(0), 6), ("abcdef".into(), 0));
        let half = Input::new("王小明".into());
        assert_eq!(window(&half, 6), (" 小明".into(), 5), "half of a character is a space");
        assert_eq!(window(&Input::default(), 0), (String::new(), 0));
        let pasted = Input::new("a\u{202e}b".into()).with_cursor(2);
        assert_eq!(window(&pasted, 20), ("a<U+202E>b".into(), 9));
    }

    #[test]
    fn a_pen_stays_on_its_row() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        let mut pen = Pen::new(&mut buffer, Rect::new(2, 0, 40, 1));
        pen.write("王小明", Style::new());
        assert_eq!(pen.left(), 1, "a wide character that does not fit is left out");
        Pen::new(&mut buffer, Rect::new(0, 7, 6, 1)).write("below", Style::new());
        assert_eq!(buffer, Buffer::with_lines(["  王… "]));
    }
}
