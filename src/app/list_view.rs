//! A list as somebody looks at it: which rows, which one is under the cursor, which one is on top.

use crate::catalog::Slot;

/// The rows of a list with a cursor that belongs to an object, not to a row number.
#[derive(Clone, Debug, Default)]
pub struct ListView {
    rows: Vec<Slot>,
    at: usize,
    top: usize,
    /// The revision of the catalog that the rows were chosen from.
    pub(super) revision: u64,
}

impl ListView {
    /// The rows, in order.
    #[must_use]
    pub fn rows(&self) -> &[Slot] {
        &self.rows
    }

    /// Which row is under the cursor; 0 when there is none.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Which row is on top of the screen.
    #[must_use]
    pub const fn top(&self) -> usize {
        self.top
    }

    /// The object under the cursor.
    #[must_use]
    pub fn slot(&self) -> Option<Slot> {
        self.rows.get(self.at).copied()
    }

    /// The rows that a screen of `height` rows shows.
    #[must_use]
    pub fn visible(&self, height: u16) -> &[Slot] {
        let end = (self.top + usize::from(height)).min(self.rows.len());
        self.rows.get(self.top..end).unwrap_or_default()
    }

    /// Takes other rows. The cursor stays on its object if that is still there, else on its place.
    pub(super) fn set_rows(&mut self, rows: Vec<Slot>, height: u16) {
        let kept = self.slot().and_then(|slot| rows.iter().position(|row| *row == slot));
        let from_top = self.at.saturating_sub(self.top);
        self.rows = rows;
        self.at = kept.unwrap_or(self.at).min(self.rows.len().saturating_sub(1));
        // A screen that shows the newest rows goes on showing them.
        self.top = if self.top == 0 { 0 } else { self.at.saturating_sub(from_top) };
        self.show_cursor(height);
    }

    /// Moves the cursor by `rows`, as far as there are any. Says whether it moved.
    pub(super) fn move_by(&mut self, rows: isize, height: u16) -> bool {
        self.move_to(self.at.saturating_add_signed(rows), height)
    }

    /// Moves the cursor to row `at`, or the last one. Says whether it moved.
    pub(super) fn move_to(&mut self, at: usize, height: u16) -> bool {
        let before = self.at;
        self.at = at.min(self.rows.len().saturating_sub(1));
        self.show_cursor(height);
        self.at != before
    }

    /// Moves the cursor to an object, if it is among the rows.
    pub(super) fn move_to_slot(&mut self, slot: Slot, height: u16) {
        if let Some(at) = self.rows.iter().position(|row| *row == slot) {
            self.move_to(at, height);
        }
    }

    /// Scrolls just so far that the cursor is seen and the screen is filled.
    pub(super) fn show_cursor(&mut self, height: u16) {
        let height = usize::from(height).max(1);
        let last_top = self.rows.len().saturating_sub(height);
        self.top = self.top.clamp(self.at.saturating_sub(height - 1), self.at).min(last_top);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::fixtures::{page, session};
    use crate::catalog::{Catalog, SessionQuery};

    fn slots(count: i64) -> Vec<Slot> {
        let mut catalog = Catalog::default();
        let sessions = (0..count).map(|n| session(&format!("vs_{n}"), 1000 - n, json!({}))).collect();
        catalog.take_sessions(page(sessions, false), true);
        catalog.select_sessions(&SessionQuery::default())
    }

    #[test]
    fn the_cursor_stays_on_its_object() {
        let all = slots(50);
        let mut view = ListView::default();
        view.set_rows(all[10..].to_vec(), 10);
        view.move_to(15, 10);
        let on_screen = view.at() - view.top();
        view.set_rows(all.clone(), 10);
        assert_eq!(view.slot(), Some(all[25]));
        assert_eq!(view.at() - view.top(), on_screen, "the row does not jump on the screen");
        view.set_rows(all[30..].to_vec(), 10);
        assert_eq!(
            view.at(),
            19,
            "an object that is gone leaves the cursor at its place, or on the last row"
        );
    }

    #[test]
    fn news_show_up_while_the_top_of_the_list_is_on_screen() {
        let all = slots(30);
        let mut view = ListView::default();
        view.set_rows(all[2..].to_vec(), 10);
        view.move_to(3, 10);
        view.set_rows(all.clone(), 10);
        assert_eq!((view.slot(), view.top()), (Some(all[5]), 0));
    }

    #[test]
    fn scrolling_follows_the_cursor() {
        let mut view = ListView::default();
        view.set_rows(slots(50), 10);
        view.move_by(12, 10);
        assert_eq!((view.at(), view.top()), (12, 3));
        view.move_by(-3, 10);
        assert_eq!((view.at(), view.top()), (9, 3));
        view.move_to(usize::MAX, 10);
        assert_eq!((view.at(), view.top()), (49, 40));
        assert_eq!(view.visible(10).len(), 10);
        view.set_rows(Vec::new(), 10);
        assert_eq!((view.at(), view.slot()), (0, None));
    }
}
