//! Columns of a list: which of them there is room for, and where they stand.
//!
//! Widths depend on the screen and never on what is in the rows, so that nothing jumps when data arrives.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Look;
use super::paint::{Pen, select};
use crate::app::{ListView, Model, Page, Pane};
use crate::catalog::Marks;
use crate::text::grouped;

/// A column as it is wanted.
pub(super) struct Column<K> {
    /// What stands in it.
    pub(super) kind: K,
    /// Its heading.
    pub(super) head: &'static str,
    /// Columns left free before it.
    pub(super) gap: u16,
    /// The least columns that it is worth showing with.
    pub(super) width: u16,
    /// How many columns more it can use.
    pub(super) grow: u16,
    /// When it is taken in: 0 comes first.
    pub(super) rank: u8,
    /// Whether it is aligned at the right.
    pub(super) right: bool,
}

/// A column as it stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed<K> {
    pub(super) kind: K,
    pub(super) head: &'static str,
    pub(super) x: u16,
    pub(super) width: u16,
    pub(super) right: bool,
}

/// Takes in columns by rank as long as they fit `area`, and shares out what is left over.
///
/// The first column of `area` is for the cursor and the last one is a margin.
pub(super) fn place<K: Copy>(columns: &[Column<K>], area: Rect) -> Vec<Placed<K>> {
    let room = area.width.saturating_sub(2);
    let mut ranked: Vec<usize> = (0..columns.len()).collect();
    ranked.sort_by_key(|at| columns[*at].rank);
    let mut widths = vec![0; columns.len()];
    let mut used = 0;
    for at in ranked {
        let column = &columns[at];
        let needed = column.gap + column.width;
        if used + needed <= room {
            used += needed;
            widths[at] = column.width;
        }
    }
    let mut spare = room - used;
    while spare > 0 {
        let before = spare;
        for (column, width) in columns.iter().zip(&mut widths) {
            if spare > 0 && *width > 0 && *width < column.width.saturating_add(column.grow) {
                *width += 1;
                spare -= 1;
            }
        }
        if spare == before {
            break;
        }
    }
    let mut x = area.x + 1;
    let mut placed = Vec::new();
    for (column, width) in columns.iter().zip(widths).filter(|(_, width)| *width > 0) {
        x += column.gap;
        let Column { kind, head, right, .. } = *column;
        placed.push(Placed { kind, head, x, width, right });
        x += width;
    }
    placed
}

/// Draws the headings.
pub(super) fn heads<K>(buffer: &mut Buffer, area: Rect, placed: &[Placed<K>], look: &Look) {
    let mut pen = Pen::new(buffer, area);
    for column in placed {
        pen.go(column.x).cell(column.head, column.width, column.right, look.faint);
    }
}

/// Stands at the left end of a marked row, over the cursor's bar too: the cursor's row is told by its ground.
pub(super) const MARK: &str = "◆";

/// Says over the first heading how many sessions are marked, in view or not.
pub(super) fn count_marks<K>(
    buffer: &mut Buffer,
    area: Rect,
    placed: &[Placed<K>],
    model: &Model,
    look: &Look,
) {
    let (Some(first), false) = (placed.first(), model.marked.is_empty()) else { return };
    let text = format!("{MARK} {} marked", grouped(model.marked.len()));
    Pen::new(buffer, area).go(first.x).cell(&text, first.width, false, look.accent);
}

/// Draws the visible rows of `view`; `row` fills one and says whether it is marked. Returns how many there were.
pub(super) fn rows(
    buffer: &mut Buffer,
    area: Rect,
    model: &Model,
    view: &ListView,
    look: &Look,
    mut row: impl FnMut(&mut Pen<'_>, crate::catalog::Slot) -> bool,
) -> u16 {
    let mut line = Rect { height: 1, ..area };
    for (at, slot) in (view.top()..).zip(view.visible(area.height)) {
        let marked = row(&mut Pen::new(buffer, line), *slot);
        if at == view.at() {
            cursor(buffer, line, model, look);
        }
        if marked {
            Pen::new(buffer, line).write(MARK, look.accent);
        }
        line.y += 1;
    }
    line.y - area.y
}

/// Marks a row as the one under the cursor.
pub(super) fn cursor(buffer: &mut Buffer, line: Rect, model: &Model, look: &Look) {
    // Keys act on a pinned session, wherever the cursor is: its row must not look chosen then.
    let pinned = model.page == Page::Sessions && model.sessions.pinned.is_some();
    let focused = model.pane == Pane::List && !pinned;
    let selection = if focused { look.selection } else { look.selection_idle };
    // The margin at the right belongs to the frame.
    select(buffer, Rect { width: line.width.saturating_sub(1), ..line }, selection, look);
    let bar = if focused { look.accent } else { look.dim };
    Pen::new(buffer, line).write("▌", bar);
}

/// How the marks of the checks stand in their column.
pub(super) struct Checks {
    /// The heading.
    pub(super) head: &'static str,
    /// Columns of the whole.
    pub(super) width: u16,
    /// Where each mark stands, in the order of [`crate::identity::CheckKind::ALL`].
    at: [u16; 5],
}

impl Checks {
    /// One letter for each check: document, ID number, selfie, e-mail, phone.
    const SHORT: Self = Self { head: "D I S E P", width: 9, at: [0, 2, 4, 6, 8] };
    /// A short word for each.
    const LONG: Self = Self { head: "DOC ID SELF MAIL TEL", width: 20, at: [1, 4, 8, 13, 18] };

    /// The marks for a list of so many columns.
    pub(super) const fn fitting(columns: u16) -> &'static Self {
        if columns >= 92 { &Self::LONG } else { &Self::SHORT }
    }

    /// Draws the marks from column `x` on.
    pub(super) fn draw(&self, pen: &mut Pen<'_>, x: u16, marks: Marks, look: &Look) {
        for ((_, mark), at) in marks.iter().zip(self.at) {
            pen.go(x + at).write(mark.glyph(), look.mark(mark));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn column(kind: char, gap: u16, width: u16, grow: u16, rank: u8) -> Column<char> {
        Column { kind, head: "", gap, width, grow, rank, right: false }
    }

    #[test]
    fn columns_give_way_by_rank_and_the_rest_is_shared() {
        let columns = [column('a', 0, 4, 0, 0), column('b', 2, 4, 9, 2), column('c', 1, 3, 2, 1)];
        let placed = |width| {
            let placed = place(&columns, Rect::new(0, 0, width, 1));
            placed.iter().map(|column| (column.kind, column.x, column.width)).collect::<Vec<_>>()
        };
        assert_eq!(placed(10), [('a', 1, 4), ('c', 6, 3)]);
        assert_eq!(placed(16), [('a', 1, 4), ('b', 7, 4), ('c', 12, 3)]);
        assert_eq!(placed(19), [('a', 1, 4), ('b', 7, 6), ('c', 14, 4)]);
        assert_eq!(placed(99), [('a', 1, 4), ('b', 7, 13), ('c', 21, 5)], "no column grows without end");
        assert_eq!(placed(1), []);
    }
}
