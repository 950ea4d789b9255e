//! The mouse: the wheel scrolls what is under it, a click chooses what is under it.

use super::bars::Target;
use super::msg::{Effect, Mouse, MouseKind};
use super::{Model, Page, Pane};

/// Rows that one turn of the wheel scrolls.
const WHEEL: isize = 3;

impl Model {
    pub(super) fn mouse_used(&mut self, Mouse { kind, x, y }: Mouse) -> Vec<Effect> {
        if self.size.is_too_small() {
            return Vec::new();
        }
        let rows = match kind {
            MouseKind::ScrollDown => WHEEL,
            MouseKind::ScrollUp => -WHEEL,
            MouseKind::Click => 0,
        };
        if !self.dialogs.is_empty() {
            self.scroll_dialog(rows);
            return Vec::new();
        }
        let layout = self.layout();
        // Where the list is not on screen, the wheel is for the detail wherever it turns.
        let on_detail = layout.list.h == 0 || layout.detail.is_some_and(|detail| detail.has(x, y));
        if kind != MouseKind::Click {
            let pane = std::mem::replace(&mut self.pane, if on_detail { Pane::Detail } else { Pane::List });
            let effects = self.move_by(rows);
            self.pane = pane;
            return effects;
        }
        self.stop_search();
        if layout.list.has(x, y) {
            return self.click_row(usize::from(y - layout.list.y));
        }
        match self.target_at(x, y) {
            Some(Target::Page(page)) => self.go_to(page),
            Some(Target::Status(status)) => self.filter_status(status),
            Some(Target::Outcome(outcome)) => self.filter_outcome(outcome),
            Some(Target::Type) => self.cycle_type(),
            None if layout.detail.is_some_and(|detail| detail.has(x, y)) => {
                self.pane = Pane::Detail;
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// A click moves the cursor; a click on the cursor opens the row.
    fn click_row(&mut self, row: usize) -> Vec<Effect> {
        let (top, at, rows) = match self.page {
            Page::Sessions => {
                (self.sessions.view.top(), self.sessions.view.at(), self.sessions.view.rows().len())
            }
            Page::Reports => {
                (self.reports.view.top(), self.reports.view.at(), self.reports.view.rows().len())
            }
            Page::Activity => (self.activity.top, self.activity_at(), self.notices.log().len()),
            Page::Audit => (self.audit.top, self.audit.at(), self.audit.rows().len()),
            Page::Jobs => (self.job_desk.top, self.job_at(), self.jobs.list().len()),
        };
        let banner = if self.page == Page::Audit { usize::from(self.audit.banner()) } else { 0 };
        let Some(row) = row.checked_sub(banner) else { return Vec::new() };
        let clicked = top + row;
        if clicked >= rows {
            return Vec::new();
        }
        let pinned = self.page == Page::Sessions && self.sessions.pinned.is_some();
        if clicked == at && !pinned {
            return self.open();
        }
        self.pane = Pane::List;
        self.move_by(isize::try_from(clicked).unwrap_or(0) - isize::try_from(at).unwrap_or(0))
    }
}
