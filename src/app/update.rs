//! `update`: one message in, effects out.

use std::time::Duration;

use crate::actions::{Action, Key, Scope};
use crate::clock::Now;

use super::dialog::Dialog;
use super::msg::{Effect, Msg};
use super::notice::Notice;
use super::pressed::Pressed;
use super::{Link, Model, Page, Pane, layout, text_entry};

/// Who was away for longer than this saw nothing of what counted down.
pub(super) const NAP: Duration = Duration::from_secs(5);

/// Takes one message, changes the model, and says what has to be done outside.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Clock(now) => return model.clock(now),
        Msg::Key(key) => return model.key(key),
        Msg::Paste(text) => return model.paste(text.expose()),
        Msg::Mouse(mouse) => return model.mouse_used(mouse),
        Msg::Reply { task, reads, result } => {
            // What a profile that was left still answers counts for nothing.
            if model.tasks.contains_key(&task) {
                model.reads = reads;
            }
            return model.take_reply(task, result);
        }
        Msg::Resize(size) => {
            model.size = size;
            let height = model.list_height();
            model.sessions.view.show_cursor(height);
            model.reports.view.show_cursor(height);
        }
        Msg::Focus(here) => {
            model.away = !here;
            if !here {
                model.hide_everything();
            }
            return model.read_again();
        }
        Msg::Connected(connection) => {
            model.link = Link::Up(connection);
            let mut effects = model.read_audit();
            effects.extend(model.feed());
            return effects;
        }
        Msg::NotConnected(problem) => {
            model.say(Notice::problem(problem.clone()));
            model.link = Link::Down(problem);
        }
        Msg::Drawn { detail, dialog } => {
            model.drawn = (detail, dialog);
            model.detail_scroll = model.detail_scroll.min(detail);
            model.dialog_scroll = model.dialog_scroll.min(dialog);
        }
        Msg::Trying(trying) => model.patience.trying(trying),
        Msg::JobNews { job, reads, news } => {
            model.reads = model.reads.max(reads);
            return model.job_news(&job, news);
        }
        Msg::LeftOver(left) => return model.left_over(left),
        Msg::Copied(copying, result) => model.copied(copying, result),
        Msg::NotOpened(opening, reason) => model.not_opened(opening, reason),
        Msg::Switched(profile, settings) => model.switched(profile, settings),
        Msg::NotSwitched(problem) => model.not_switched(problem),
        Msg::Terminate => return vec![Effect::Quit],
    }
    Vec::new()
}

impl Model {
    /// The time moved: what is due is sent, what was revealed long enough is masked.
    ///
    /// How long something lasts is for the monotonic clock to say, which nobody can set. It may stand still while the
    /// machine sleeps; then the wall clock has run ahead of it, and nobody knows who looks at the screen now.
    fn clock(&mut self, now: Now) -> Vec<Effect> {
        let away = now.unaccounted_since(self.now) > NAP;
        // A program that was stopped drew no countdown either.
        let stopped = now.monotonic.since(self.now.monotonic) > NAP;
        self.now = now;
        let is_over = |until| until <= now.monotonic;
        if away {
            self.hide_everything();
        } else if self.reveal.as_ref().and_then(|reveal| reveal.until).is_some_and(is_over) {
            self.mask();
        }
        let asking = |dialog: &Dialog| matches!(dialog, Dialog::QuitWithHeld { .. } | Dialog::Held { .. });
        let asking = self.dialogs.iter().any(asking);
        let mut effects = self.due_jobs(away || stopped, asking);
        if self.clipboard_until.take_if(|until| away || is_over(*until)).is_some() {
            effects.push(Effect::ClearClipboard);
        }
        effects.extend(self.read_again());
        effects
    }

    /// Masks what is revealed and hides shown links: somebody else may be looking.
    pub(super) fn hide_everything(&mut self) {
        self.mask();
        self.hide_links();
    }

    /// Chooses the rows again if the catalog has changed since. Nothing reorders under an open dialog.
    pub(super) fn select_rows(&mut self) {
        let revision = self.catalog.revision();
        let stale = match self.page {
            Page::Sessions => self.sessions.view.revision != revision,
            Page::Reports => self.reports.view.revision != revision,
            Page::Activity | Page::Audit | Page::Jobs => false,
        };
        // A list that shows nothing yet has no order to keep.
        let empty = self.is_list_empty();
        if stale && (self.dialogs.is_empty() || empty) {
            self.choose_rows();
        }
    }

    /// Chooses the rows of the page by its filters and its search.
    pub(super) fn choose_rows(&mut self) {
        let height = self.list_height();
        let revision = self.catalog.revision();
        let before = self.subject().map(|session| session.id.clone());
        match self.page {
            Page::Sessions => {
                let rows = self.catalog.select_sessions(&self.sessions.query());
                self.sessions.view.set_rows(rows, height);
                self.sessions.view.revision = revision;
            }
            Page::Reports => {
                let rows = self.catalog.select_reports(&self.reports.query());
                self.reports.view.set_rows(rows, height);
                self.reports.view.revision = revision;
            }
            Page::Activity | Page::Jobs => {}
            Page::Audit => self.choose_audit_rows(),
        }
        if self.subject().map(|session| &session.id) == before.as_ref() {
            return;
        }
        if self.pane == Pane::Detail && self.page == Page::Sessions && before.is_some() {
            // An open record stays open although the filter no longer shows it.
            self.sessions.pinned = before;
        } else {
            self.cursor_moved();
        }
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        self.notices.seen(self.now.monotonic);
        let desk = self.keymap.action(Scope::Desk, key);
        if desk == Some(Action::Suspend) {
            return self.perform(Action::Suspend);
        }
        if self.size.is_too_small() {
            // Nothing is done blind.
            return if desk == Some(Action::Quit) { self.perform(Action::Quit) } else { Vec::new() };
        }
        if !self.dialogs.is_empty() {
            return self.dialog_key(key);
        }
        if self.search().is_some_and(|search| search.editing) {
            return self.search_key(key);
        }
        self.pressed = Pressed::Key(key);
        let Some(action) = desk else {
            self.tell_layout(key);
            return Vec::new();
        };
        self.perform(action)
    }

    /// Says once that a letter of another keyboard layout does nothing, and how to bind it.
    fn tell_layout(&mut self, key: Key) {
        if self.layout_notice.is_none() {
            let notice = layout::hint(key, &self.keymap);
            self.layout_notice = notice.map(|notice| self.notices.post(self.now, notice));
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        match self.dialogs.last_mut() {
            Some(Dialog::Form(form)) if form.sending.is_none() => {
                form.edit_text(|input| text_entry::paste(input, text));
            }
            Some(Dialog::Palette(palette)) => {
                text_entry::paste(&mut palette.input, text);
                palette.at = 0;
            }
            Some(Dialog::Confirm(_)) => self.paste_confirm(text),
            Some(Dialog::Export(form)) => form.edit_text(|input| text_entry::paste(input, text)),
            Some(_) => {}
            None => return self.paste_search(text),
        }
        Vec::new()
    }
}
