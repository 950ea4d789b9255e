//! Marks: the sessions that somebody has picked out for bulk work.
//!
//! A mark belongs to a session's id. It survives filters, searches, refreshes and paging, and leaves with its session.

use std::collections::HashSet;

use crate::actions::Action;
use crate::identity::SessionId;

use super::msg::Effect;
use super::notice::{Level, Notice};
use super::{Model, Page, Pane};
use crate::text::grouped;

/// The marked sessions.
#[derive(Debug, Default)]
pub struct Marked {
    ids: HashSet<SessionId>,
    /// Where a range begins: the session that was marked or unmarked last by itself.
    anchor: Option<SessionId>,
}

impl Marked {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether a session is among them.
    #[must_use]
    pub fn has(&self, session: &SessionId) -> bool {
        // Most lists have no mark, and every row asks.
        !self.ids.is_empty() && self.ids.contains(session)
    }

    /// The marked sessions, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &SessionId> {
        self.ids.iter()
    }

    pub(super) fn remove(&mut self, session: &SessionId) {
        self.ids.remove(session);
        self.anchor.take_if(|anchor| anchor == session);
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn toggle(&mut self, session: SessionId) {
        if !self.ids.remove(&session) {
            self.ids.insert(session.clone());
        }
        self.anchor = Some(session);
    }
}

impl Model {
    /// The sessions of the rows of the page, from top to bottom; on the reports each session once. Pages without
    /// such rows have those of the session page.
    #[must_use]
    pub fn visible_sessions(&self) -> Vec<SessionId> {
        if self.page != Page::Reports {
            let list = self.catalog.sessions();
            return self.sessions.view.rows().iter().map(|slot| list.at(*slot).id.clone()).collect();
        }
        let mut seen = HashSet::new();
        self.report_sessions().into_iter().flatten().filter(|id| seen.insert(id.clone())).collect()
    }

    /// What bulk work is about: the marked sessions, newest first, or, where none is marked, those in view.
    #[must_use]
    pub fn marked_or_visible(&self) -> Vec<SessionId> {
        if self.marked.is_empty() { self.visible_sessions() } else { self.marked_sessions() }
    }

    /// The marked sessions, newest first.
    #[must_use]
    pub fn marked_sessions(&self) -> Vec<SessionId> {
        let sessions = self.catalog.sessions().iter();
        sessions.filter(|session| self.marked.has(&session.id)).map(|session| session.id.clone()).collect()
    }

    /// Whether actions are about the marked sessions: there are some, and the list has the keys.
    #[must_use]
    pub fn is_bulk(&self) -> bool {
        !self.marked.is_empty()
            && self.pane == Pane::List
            && matches!(self.page, Page::Sessions | Page::Reports)
            && self.sessions.pinned.is_none()
    }

    /// The session of each row of the report page.
    fn report_sessions(&self) -> Vec<Option<SessionId>> {
        let list = self.catalog.reports();
        self.reports.view.rows().iter().map(|slot| list.at(*slot).verification_session.clone()).collect()
    }

    /// The session of each row of the page, and which row is under the cursor.
    fn rows_with_cursor(&self) -> (Vec<Option<SessionId>>, usize) {
        match self.page {
            Page::Reports => (self.report_sessions(), self.reports.view.at()),
            _ => (self.visible_sessions().into_iter().map(Some).collect(), self.sessions.view.at()),
        }
    }

    /// Marks the session under the cursor, or takes its mark away, and goes one row down.
    pub(super) fn toggle_mark(&mut self) -> Vec<Effect> {
        let Some(id) = self.subject().map(|session| session.id.clone()) else { return Vec::new() };
        self.marked.toggle(id);
        if self.pane == Pane::List && self.sessions.pinned.is_none() { self.move_by(1) } else { Vec::new() }
    }

    /// Marks every row between the one marked last and the cursor.
    pub(super) fn mark_range(&mut self) -> Vec<Effect> {
        let (rows, at) = self.rows_with_cursor();
        let anchor = self.marked.anchor.as_ref();
        let from = anchor.and_then(|anchor| rows.iter().position(|id| id.as_ref() == Some(anchor)));
        let Some(from) = from else {
            let key = self.keymap.label(Action::Mark);
            let text = format!(
                "A range begins at the row that was marked last, and none of these is: {key} marks one."
            );
            self.say(Notice::new(Level::Warning, text));
            return Vec::new();
        };
        let range = from.min(at)..=from.max(at).min(rows.len().saturating_sub(1));
        let before = self.marked.len();
        self.marked.ids.extend(rows[range].iter().flatten().cloned());
        self.marked.anchor = rows.into_iter().nth(at).flatten().or(self.marked.anchor.take());
        self.say_marked(self.marked.len() - before);
        Vec::new()
    }

    /// Marks every row in view; where all of them are marked already, takes their marks away.
    pub(super) fn mark_all(&mut self) -> Vec<Effect> {
        let rows = self.visible_sessions();
        if rows.iter().all(|id| self.marked.has(id)) {
            for id in &rows {
                self.marked.remove(id);
            }
            self.say(Notice::new(Level::Info, format!("Unmarked {}.", sessions(rows.len()))));
            return Vec::new();
        }
        let before = self.marked.len();
        self.marked.ids.extend(rows);
        self.say_marked(self.marked.len() - before);
        Vec::new()
    }

    /// Marks the rows in view that are not marked, and unmarks those that are.
    pub(super) fn invert_marks(&mut self) -> Vec<Effect> {
        for id in self.visible_sessions() {
            if !self.marked.ids.remove(&id) {
                self.marked.ids.insert(id);
            }
        }
        Vec::new()
    }

    /// Takes every mark away, in view or not.
    pub(super) fn unmark(&mut self) -> Vec<Effect> {
        let count = self.marked.len();
        self.marked.clear();
        self.say(Notice::new(Level::Info, format!("Unmarked {}.", sessions(count))));
        Vec::new()
    }

    /// Says how many were marked, and that there may be more than what is loaded.
    fn say_marked(&mut self, count: usize) {
        let notice = Notice::new(Level::Info, format!("Marked {}.", sessions(count)));
        let complete = match self.page {
            Page::Reports => self.catalog.reports().is_complete(),
            _ => self.catalog.sessions().is_complete(),
        };
        let key = self.keymap.label(Action::LoadAll);
        let hint = format!("Only what is loaded can be marked; {key} loads the whole list.");
        self.say(if complete { notice } else { notice.hint(hint) });
    }
}

/// `1 session`, `1,204 sessions`.
#[must_use]
pub fn sessions(count: usize) -> String {
    format!("{} session{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::actions::{Key, Keymap};
    use crate::app::geometry::Size;
    use crate::app::{Connection, Msg, Settings, update};
    use crate::catalog::StatusFilter;
    use crate::catalog::fixtures::{page, report, session};
    use crate::clock::fixtures::noon;

    fn model(count: i64) -> Model {
        let mut model =
            Model::new(Settings::default(), Keymap::default(), Size { cols: 120, rows: 40 }, noon());
        let connection = Connection { label: "test".into(), live: false, sandbox: true };
        let _asked = update(&mut model, Msg::Connected(connection));
        model.catalog.take_sessions(page(sessions_of(count), false), true);
        model.choose_rows();
        model
    }

    fn sessions_of(count: i64) -> Vec<crate::identity::Session> {
        (0..count)
            .map(|n| {
                let status = if n % 2 == 0 { "requires_input" } else { "verified" };
                session(&format!("vs_{n}"), 1000 - n, json!({ "status": status }))
            })
            .collect()
    }

    fn press(model: &mut Model, keys: &[&str]) {
        for key in keys {
            let key: Key = key.parse().expect("a key");
            let _effects = update(model, Msg::Key(key));
        }
    }

    fn marked(model: &Model) -> Vec<String> {
        model.marked_sessions().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn marks_stay_on_their_sessions_whatever_is_listed() {
        let mut model = model(6);
        press(&mut model, &["space", "j", "space"]);
        assert_eq!(marked(&model), ["vs_0", "vs_2"]);
        model.filter_status(StatusFilter::Verified).clear();
        model.catalog.take_sessions(page(vec![session("vs_new", 2000, json!({}))], true), false);
        model.choose_rows();
        assert_eq!(marked(&model), ["vs_0", "vs_2"], "neither in view, both still marked");
        press(&mut model, &["*"]);
        assert_eq!(marked(&model), ["vs_0", "vs_1", "vs_2", "vs_3", "vs_5"]);
        press(&mut model, &["*"]);
        assert_eq!(marked(&model), ["vs_0", "vs_2"], "the second time takes away what is in view");
        press(&mut model, &["M"]);
        assert!(model.marked.is_empty());
    }

    #[test]
    fn a_range_goes_from_the_last_mark_to_the_cursor_both_ways() {
        let mut model = model(9);
        press(&mut model, &["ctrl-space"]);
        assert!(model.marked.is_empty(), "there is nothing to begin at");
        press(&mut model, &["j", "j", "space", "j", "j", "ctrl-space"]);
        assert_eq!(marked(&model), ["vs_2", "vs_3", "vs_4", "vs_5"]);
        press(&mut model, &["g", "ctrl-space", "i"]);
        assert_eq!(marked(&model), ["vs_6", "vs_7", "vs_8"]);
    }

    #[test]
    fn reports_mark_their_sessions() {
        let mut model = model(3);
        let attempts = [("vr_1", "vs_1"), ("vr_2", "vs_1"), ("vr_3", "vs_2")];
        let reports = attempts.iter().map(|(id, of)| report(id, of, 5, json!({}))).collect();
        model.catalog.take_reports(page(reports, false), true);
        press(&mut model, &["2", "*"]);
        assert_eq!(marked(&model), ["vs_1", "vs_2"]);
        assert_eq!(model.marked_or_visible().len(), 2);
        press(&mut model, &["M"]);
        assert_eq!(model.marked_or_visible().len(), 2, "what is in view, each session once");
    }
}
