//! The search line of a page: typing in it, keeping it, clearing it.

use crate::actions::{Action, Key, Scope};

use super::msg::Effect;
use super::{Model, Page, Pane, SearchBox, text_entry};

impl Model {
    fn search_mut(&mut self) -> Option<&mut SearchBox> {
        match self.page {
            Page::Sessions => Some(&mut self.sessions.search),
            Page::Reports => Some(&mut self.reports.search),
            Page::Activity | Page::Jobs => None,
            Page::Audit => Some(&mut self.audit.search),
        }
    }

    /// Gives the keys to the search.
    pub(super) fn begin_search(&mut self) -> Vec<Effect> {
        self.pane = Pane::List;
        if let Some(search) = self.search_mut() {
            search.editing = true;
        }
        Vec::new()
    }

    /// Takes the keys from the search; its words stay in force.
    pub(super) fn stop_search(&mut self) {
        if let Some(search) = self.search_mut() {
            search.editing = false;
        }
    }

    /// Leaves the search and forgets its words.
    pub(super) fn clear_search(&mut self) -> Vec<Effect> {
        let Some(search) = self.search_mut() else { return Vec::new() };
        search.editing = false;
        if search.input.value().is_empty() {
            return Vec::new();
        }
        search.input.reset();
        self.filtered()
    }

    pub(super) fn search_key(&mut self, key: Key) -> Vec<Effect> {
        match self.keymap.action(Scope::Dialog, key) {
            Some(Action::Dismiss) => self.clear_search(),
            Some(Action::Accept) => {
                self.stop_search();
                Vec::new()
            }
            Some(Action::NextField) => {
                self.stop_search();
                self.move_by(1)
            }
            _ => {
                let Some(search) = self.search_mut() else { return Vec::new() };
                let before = search.input.value().to_owned();
                text_entry::edit(&mut search.input, key);
                if search.input.value() == before { Vec::new() } else { self.filtered() }
            }
        }
    }

    pub(super) fn paste_search(&mut self, text: &str) -> Vec<Effect> {
        match self.search_mut().filter(|search| search.editing) {
            Some(search) => {
                text_entry::paste(&mut search.input, text);
                self.filtered()
            }
            None => Vec::new(),
        }
    }
}
