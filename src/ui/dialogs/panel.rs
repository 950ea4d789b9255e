//! The frame that all dialogs share: a thin border, a title, a body that scrolls, and the keys.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use crate::actions::Action;
use crate::app::Model;
use crate::text::width;
use crate::ui::Look;
use crate::ui::detail::sheet::{Sheet, taken};

/// Columns that a dialog takes at most.
pub(super) const WIDEST: u16 = 76;

/// Columns that the border and the space beside it take.
const SIDES: u16 = 4;

/// Part of a dialog, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Always visible, above the body.
    Head,
    /// Scrolls.
    Body,
    /// Always visible, below the body.
    Tail,
}

/// A dialog ready to be drawn.
pub(super) struct Panel {
    title: String,
    border: Style,
    widest: u16,
    head: Vec<Line<'static>>,
    body: Vec<Line<'static>>,
    tail: Vec<Line<'static>>,
    keys: Vec<(String, &'static str)>,
    /// Rows of the body that have to be visible. Without them the person scrolls.
    keep: Option<Range<usize>>,
    /// Rows that the body takes even when there is less in it.
    least: usize,
    /// Part, row and column of the text cursor.
    cursor: Option<(Part, usize, usize)>,
}

impl Panel {
    /// A dialog with a title in a border of this style.
    pub(super) fn new(model: &Model, title: &str, border: Style) -> Self {
        let live = model.connection().is_some_and(|connection| connection.live);
        let title = if live { format!(" LIVE · {title} ") } else { format!(" {title} ") };
        Self {
            title,
            border,
            widest: WIDEST,
            head: Vec::new(),
            body: Vec::new(),
            tail: Vec::new(),
            keys: Vec::new(),
            keep: None,
            least: 0,
            cursor: None,
        }
    }

    pub(super) fn widest(self, widest: u16) -> Self {
        Self { widest, ..self }
    }

    pub(super) fn head(self, sheet: Sheet) -> Self {
        Self { head: sheet.into_lines(), ..self }
    }

    pub(super) fn body(self, sheet: Sheet) -> Self {
        Self { body: sheet.into_lines(), ..self }
    }

    pub(super) fn tail(self, sheet: Sheet) -> Self {
        Self { tail: sheet.into_lines(), ..self }
    }

    /// The keys of the last line: actions with a word each. Actions without a key are left out.
    pub(super) fn keys(self, model: &Model, keys: &[(Action, &'static str)]) -> Self {
        let keys = keys
            .iter()
            .map(|(action, word)| (model.keymap.label(*action), *word))
            .filter(|(key, _)| !key.is_empty())
            .collect();
        Self { keys, ..self }
    }

    /// Scrolls by itself, so that these rows of the body are visible.
    pub(super) fn keep(self, rows: Range<usize>) -> Self {
        Self { keep: Some(rows), ..self }
    }

    pub(super) fn least(self, rows: usize) -> Self {
        Self { least: rows, ..self }
    }

    pub(super) fn cursor(self, cursor: Option<(Part, usize, usize)>) -> Self {
        Self { cursor, ..self }
    }

    /// Draws it in the middle of the screen. Returns the last scroll position.
    pub(super) fn draw(mut self, frame: &mut Frame<'_>, look: &Look, scroll: u16) -> u16 {
        let screen = frame.area();
        let columns = columns_of(screen, self.widest);
        if columns == 0 || screen.height < 5 {
            return 0;
        }
        let plan = Plan::new(&self, screen.height);
        let area = centred(screen, columns + SIDES, plan.rows);
        let title = Span::styled(std::mem::take(&mut self.title), look.heading);
        let block = Block::bordered().border_style(self.border).title(title);
        frame.render_widget(Clear, area);
        frame.render_widget(block, area);

        let last = self.body.len().saturating_sub(plan.body);
        let top = match &self.keep {
            Some(keep) => keep.end.saturating_sub(plan.body).min(keep.start).min(last),
            None => usize::from(scroll).min(last),
        };
        let inner = Rect { x: area.x + 2, y: area.y + 1, width: columns, height: area.height - 2 };
        let head_y = inner.y;
        let body_y = head_y + rows(self.head.len()) + u16::from(plan.gaps && !self.head.is_empty());
        let tail_y = body_y + rows(plan.body) + u16::from(plan.gaps && !self.tail.is_empty());
        let visible: Vec<_> = std::mem::take(&mut self.body).into_iter().skip(top).take(plan.body).collect();
        let parts = [
            (std::mem::take(&mut self.head), head_y),
            (visible, body_y),
            (std::mem::take(&mut self.tail), tail_y),
            (vec![self.keys_line(look, columns)], inner.bottom() - 1),
        ];
        for (lines, y) in parts {
            let height = rows(lines.len()).min(inner.bottom().saturating_sub(y));
            frame.render_widget(Paragraph::new(lines), Rect { y, height, ..inner });
        }
        let mut mark = |mark: &'static str, y: u16| {
            let place = Rect { x: area.right() - 1, y, width: 1, height: 1 };
            frame.render_widget(Span::styled(mark, look.accent), place);
        };
        if top > 0 {
            mark("↑", body_y);
        }
        if top < last {
            mark("↓", body_y + rows(plan.body.saturating_sub(1)));
        }
        self.place_cursor(frame, inner, [head_y, body_y, tail_y], top..top + plan.body);
        if self.keep.is_some() { 0 } else { rows(last) }
    }

    fn place_cursor(&self, frame: &mut Frame<'_>, inner: Rect, ys: [u16; 3], visible: Range<usize>) {
        let Some((part, row, column)) = self.cursor else { return };
        let y = match part {
            Part::Head => ys[0] + rows(row),
            Part::Body if visible.contains(&row) => ys[1] + rows(row - visible.start),
            Part::Body => return,
            Part::Tail => ys[2] + rows(row),
        };
        let x = inner.x + rows(column).min(inner.width - 1);
        if y < inner.bottom() {
            frame.set_cursor_position(Position { x, y });
        }
    }

    /// As many keys as fit, the first ones first. The last one is the way out: it is always there.
    fn keys_line(&self, look: &Look, columns_left: u16) -> Line<'static> {
        const GAP: usize = 3;
        let wide = |(key, word): &(String, &str)| width(key) + 1 + width(word);
        let Some((last, others)) = self.keys.split_last() else { return Line::default() };
        let mut left = usize::from(columns_left).saturating_sub(wide(last));
        let shown = others.iter().take_while(|key| {
            let fits = wide(key) + GAP <= left;
            left = left.saturating_sub(wide(key) + GAP);
            fits
        });
        let mut spans: Vec<Span<'static>> = Vec::new();
        for (key, word) in shown.chain(std::iter::once(last)) {
            if !spans.is_empty() {
                spans.push(Span::raw(" ".repeat(GAP)));
            }
            spans.push(Span::styled(key.clone(), look.key));
            spans.push(Span::styled(format!(" {word}"), look.dim));
        }
        Line::from(spans)
    }
}

/// How the rows of a dialog are shared out.
struct Plan {
    rows: u16,
    body: usize,
    /// Whether there is room for empty lines between the parts.
    gaps: bool,
}

impl Plan {
    fn new(panel: &Panel, height: u16) -> Self {
        let most = usize::from(if height > 16 { height - 2 } else { height });
        // Two borders and the keys.
        let fixed = 3 + panel.head.len() + panel.tail.len();
        let joints = 1 + usize::from(!panel.head.is_empty()) + usize::from(!panel.tail.is_empty());
        let wanted = panel.body.len().max(panel.least);
        let gaps = fixed + joints + wanted.min(6) <= most;
        let fixed = fixed + if gaps { joints } else { 0 };
        let body = wanted.min(most.saturating_sub(fixed)).max(1);
        Self { rows: rows(fixed + body).min(height), body, gaps }
    }
}

/// Columns of text that a dialog on this screen has.
pub(super) fn columns_of(screen: Rect, widest: u16) -> u16 {
    let outside = if screen.width > 48 { screen.width - 4 } else { screen.width };
    outside.min(widest).saturating_sub(SIDES)
}

/// An empty sheet for such a dialog.
pub(super) fn sheet(screen: Rect, look: &Look) -> Sheet {
    Sheet::new(look, usize::from(columns_of(screen, WIDEST)))
}

/// A line of a list with a cursor: the marker, a text at the left and one at the right end, never wider than `sheet`.
pub(super) fn choice(sheet: &mut Sheet, chosen: bool, left: Vec<Span<'static>>, right: Vec<Span<'static>>) {
    let look = sheet.look;
    let mut spans = vec![Span::styled(if chosen { "▸ " } else { "  " }, look.accent)];
    spans.extend(left);
    let used = taken(&spans) + taken(&right);
    spans.push(Span::raw(" ".repeat(sheet.width().saturating_sub(used))));
    spans.extend(right);
    sheet.spans(spans);
}

fn centred(screen: Rect, columns: u16, rows: u16) -> Rect {
    let (width, height) = (columns.min(screen.width), rows.min(screen.height));
    Rect { x: (screen.width - width) / 2, y: (screen.height - height) / 2, width, height }
}

fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
