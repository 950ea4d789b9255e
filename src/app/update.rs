//! `update`: one message in, effects out.

use crate::actions::{Action, Key, Scope};
use crate::identity::lifecycle::Act;
use crate::identity::outward;
use crate::privacy::{Secret, Sight};

use super::bars::Target;
use super::dialog::{Button, CopyItem, Dialog, OutcomePicker, QUIT_CHOICES};
use super::msg::{Effect, Mouse, MouseKind, Msg, Request};
use super::notice::{Level, Notice};
use super::replies::{Copying, Handover, Purpose};
use super::{FormKind, Held, Link, Model, Page, Pane, form_values, text_entry};

/// Takes one message, changes the model, and says what has to be done outside.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Clock(now) => model.clock(now),
        Msg::Key(key) => model.key(key),
        Msg::Paste(text) => model.paste(&text),
        Msg::Mouse(mouse) => model.mouse_used(mouse),
        Msg::Resize(size) => {
            model.size = size;
            let height = model.list_height();
            model.sessions.view.show_cursor(height);
            model.reports.view.show_cursor(height);
            model.feed()
        }
        Msg::Focus(focused) => {
            if !focused {
                model.reveal = None;
            }
            Vec::new()
        }
        Msg::Connected(connection) => {
            model.link = Link::Up(connection);
            model.feed()
        }
        Msg::NotConnected(problem) => {
            model.say(Notice::problem(problem.clone()));
            model.link = Link::Down(problem);
            Vec::new()
        }
        Msg::Reply { task, reads, result } => {
            model.reads = reads;
            model.take_reply(task, result)
        }
        Msg::Drawn { detail, dialog } => {
            model.drawn = (detail, dialog);
            model.detail_scroll = model.detail_scroll.min(detail);
            model.dialog_scroll = model.dialog_scroll.min(dialog);
            Vec::new()
        }
        Msg::Copied(result) => {
            model.copied(result);
            Vec::new()
        }
        Msg::NotOpened(reason) => {
            model.not_opened(reason);
            Vec::new()
        }
        Msg::Terminate => vec![Effect::Quit],
    }
}

impl Model {
    /// The time moved: what is due is sent, what was revealed long enough is masked.
    fn clock(&mut self, now: i64) -> Vec<Effect> {
        self.now = now;
        if self.reveal.as_ref().is_some_and(|reveal| reveal.until <= now) {
            self.reveal = None;
        }
        let due: Vec<Held> = self.held.extract_if(.., |held| held.due <= now).collect();
        due.into_iter().map(|held| self.send(held)).collect()
    }

    /// Sends a change that was held.
    fn send(&mut self, held: Held) -> Effect {
        let Held { session, act, .. } = held;
        let request = match act {
            Act::Redact => Request::Redact(session.clone()),
            _ => Request::Cancel(session.clone()),
        };
        self.ask(Purpose::Act(session, act), request).1
    }

    /// Chooses the rows again if the catalog has changed since.
    pub(super) fn select_rows(&mut self) {
        let revision = self.catalog.revision();
        let stale = match self.page {
            Page::Sessions => self.sessions.view.revision != revision,
            Page::Reports => self.reports.view.revision != revision,
            Page::Activity => false,
        };
        // Nothing reorders under an open confirmation.
        if stale && !matches!(self.dialogs.last(), Some(Dialog::Confirm(_))) {
            self.choose_rows();
        }
    }

    /// Chooses the rows of the page by its filters and its search.
    pub(super) fn choose_rows(&mut self) {
        let height = self.list_height();
        let revision = self.catalog.revision();
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
            Page::Activity => {}
        }
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        self.notices.seen(self.now);
        if !self.dialogs.is_empty() {
            return self.dialog_key(key);
        }
        if self.search().is_some_and(|search| search.editing) {
            return self.search_key(key);
        }
        match self.keymap.action(Scope::Desk, key) {
            Some(action) => self.perform(action),
            None => Vec::new(),
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        match self.dialogs.last_mut() {
            Some(Dialog::Form(form)) => {
                if let Some(input) = form.text() {
                    text_entry::paste(input, text);
                    form.grow();
                }
            }
            Some(Dialog::Palette(palette)) => text_entry::paste(&mut palette.input, text),
            Some(Dialog::Confirm(confirm)) => {
                if let Some(typed) = &mut confirm.typed {
                    text_entry::paste(&mut typed.input, text);
                }
            }
            Some(_) => {}
            None => {
                if let Some(search) = self.search_mut().filter(|search| search.editing) {
                    text_entry::paste(&mut search.input, text);
                    return self.filtered();
                }
            }
        }
        Vec::new()
    }

    // ---- search

    fn search_mut(&mut self) -> Option<&mut super::SearchBox> {
        match self.page {
            Page::Sessions => Some(&mut self.sessions.search),
            Page::Reports => Some(&mut self.reports.search),
            Page::Activity => None,
        }
    }

    pub(super) fn begin_search(&mut self) -> Vec<Effect> {
        self.pane = Pane::List;
        if let Some(search) = self.search_mut() {
            search.editing = true;
        }
        Vec::new()
    }

    /// Leaves the search and forgets its words.
    pub(super) fn clear_search(&mut self) {
        let Some(search) = self.search_mut() else { return };
        search.editing = false;
        if !search.input.value().is_empty() {
            search.input.reset();
            self.filtered();
        }
    }

    fn search_key(&mut self, key: Key) -> Vec<Effect> {
        match self.keymap.action(Scope::Dialog, key) {
            Some(Action::Dismiss) => {
                self.clear_search();
                self.feed()
            }
            Some(Action::Accept) => {
                self.stop_search();
                Vec::new()
            }
            Some(Action::NextField) => {
                self.stop_search();
                self.move_by(1)
            }
            _ => {
                let edited = self.search_mut().is_some_and(|search| text_entry::edit(&mut search.input, key));
                if edited { self.filtered() } else { Vec::new() }
            }
        }
    }

    fn stop_search(&mut self) {
        if let Some(search) = self.search_mut() {
            search.editing = false;
        }
    }

    // ---- mouse

    fn mouse_used(&mut self, mouse: Mouse) -> Vec<Effect> {
        let Mouse { kind, x, y } = mouse;
        if !self.dialogs.is_empty() {
            self.scroll_dialog(match kind {
                MouseKind::ScrollDown => 3,
                MouseKind::ScrollUp => -3,
                MouseKind::Click => 0,
            });
            return Vec::new();
        }
        let layout = self.layout();
        let on_detail = layout.detail.is_some_and(|detail| detail.has(x, y));
        match kind {
            MouseKind::ScrollDown | MouseKind::ScrollUp => {
                let rows = if kind == MouseKind::ScrollDown { 3 } else { -3 };
                let pane =
                    std::mem::replace(&mut self.pane, if on_detail { Pane::Detail } else { Pane::List });
                let effects = self.move_by(rows);
                self.pane = pane;
                effects
            }
            MouseKind::Click if layout.list.has(x, y) => self.click_row(usize::from(y - layout.list.y)),
            MouseKind::Click if on_detail => {
                self.pane = Pane::Detail;
                Vec::new()
            }
            MouseKind::Click => match self.target_at(x, y) {
                Some(Target::Page(page)) => self.go_to(page),
                Some(Target::Status(status)) => self.filter_status(status),
                Some(Target::Outcome(outcome)) => self.filter_outcome(outcome),
                Some(Target::Type) => self.cycle_type(),
                None => Vec::new(),
            },
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
            Page::Activity => (self.activity.top, self.activity.at, self.notices.log().len()),
        };
        let clicked = top + row;
        if clicked >= rows {
            return Vec::new();
        }
        if clicked == at && self.sessions.pinned.is_none() {
            return self.open();
        }
        self.pane = Pane::List;
        self.move_by(isize::try_from(clicked).unwrap_or(0) - isize::try_from(at).unwrap_or(0))
    }

    // ---- dialogs

    fn scroll_dialog(&mut self, rows: i32) {
        let to = i32::from(self.dialog_scroll) + rows;
        self.dialog_scroll = u16::try_from(to.max(0)).unwrap_or(u16::MAX).min(self.drawn.1);
    }

    fn close(&mut self) -> Vec<Effect> {
        self.dialogs.pop();
        self.dialog_scroll = 0;
        self.select_rows();
        Vec::new()
    }

    fn dialog_key(&mut self, key: Key) -> Vec<Effect> {
        let action = self.keymap.action(Scope::Dialog, key);
        if action == Some(Action::Dismiss) {
            return self.close();
        }
        match self.dialogs.last() {
            Some(Dialog::Help) => self.help_key(key, action),
            Some(Dialog::Palette(_)) => self.palette_key(key, action),
            Some(Dialog::Confirm(_)) => self.confirm_key(key, action),
            Some(Dialog::Form(_)) => self.form_key(key, action),
            Some(Dialog::Copy(_)) => self.choice_key(key, action, CopyItem::ALL.len()),
            Some(Dialog::Outcome(_)) => self.choice_key(key, action, OutcomePicker::outcomes().len()),
            Some(Dialog::QuitWithHeld { .. }) => self.choice_key(key, action, QUIT_CHOICES.len()),
            Some(Dialog::Link(_)) => {
                if let (Some(Action::Accept), Some(Dialog::Link(link))) = (action, self.dialogs.last_mut()) {
                    link.shown = !link.shown;
                }
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn help_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let desk = self.keymap.action(Scope::Desk, key);
        match (action, desk) {
            (_, Some(Action::Help | Action::Quit)) => return self.close(),
            (Some(Action::NextField), _) | (_, Some(Action::Down)) => self.scroll_dialog(1),
            (Some(Action::PreviousField), _) | (_, Some(Action::Up)) => self.scroll_dialog(-1),
            (_, Some(Action::PageDown)) => self.scroll_dialog(10),
            (_, Some(Action::PageUp)) => self.scroll_dialog(-10),
            (_, Some(Action::Top)) => self.dialog_scroll = 0,
            (_, Some(Action::Bottom)) => self.dialog_scroll = self.drawn.1,
            _ => {}
        }
        Vec::new()
    }

    fn palette_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let Some(Dialog::Palette(palette)) = self.dialogs.last() else { return Vec::new() };
        let matches = palette.matches(self);
        let count = matches.len();
        let chosen = matches.get(palette.at).map(|(spec, allowed)| (spec.action, allowed.is_ok()));
        let Some(Dialog::Palette(palette)) = self.dialogs.last_mut() else { return Vec::new() };
        match action {
            Some(Action::Accept) => {
                if let Some((action, _)) = chosen {
                    self.close();
                    return self.perform(action);
                }
            }
            Some(Action::NextField) => palette.at = (palette.at + 1).min(count.saturating_sub(1)),
            Some(Action::PreviousField) => palette.at = palette.at.saturating_sub(1),
            _ => {
                if text_entry::edit(&mut palette.input, key) {
                    palette.at = 0;
                }
            }
        }
        Vec::new()
    }

    /// Moves through a list of choices, and takes one.
    fn choice_key(&mut self, key: Key, action: Option<Action>, count: usize) -> Vec<Effect> {
        let desk = self.keymap.action(Scope::Desk, key);
        let at = match self.dialogs.last_mut() {
            Some(Dialog::Copy(menu)) => &mut menu.at,
            Some(Dialog::Outcome(picker)) => &mut picker.at,
            Some(Dialog::QuitWithHeld { at }) => at,
            _ => return Vec::new(),
        };
        match (action, desk) {
            (Some(Action::NextField), _) | (_, Some(Action::Down)) => *at = (*at + 1).min(count - 1),
            (Some(Action::PreviousField), _) | (_, Some(Action::Up)) => *at = at.saturating_sub(1),
            (_, Some(Action::Top)) => *at = 0,
            (_, Some(Action::Bottom)) => *at = count - 1,
            (Some(Action::Accept), _) => return self.choose(),
            _ => {}
        }
        Vec::new()
    }

    fn choose(&mut self) -> Vec<Effect> {
        match self.dialogs.pop() {
            Some(Dialog::Copy(menu)) => self.copy_item(&menu.session, CopyItem::ALL[menu.at]),
            Some(Dialog::Outcome(picker)) => {
                let outcome = OutcomePicker::outcomes().nth(picker.at).unwrap_or("verified").to_owned();
                let request = Request::Submit(picker.session.clone(), outcome.clone());
                vec![self.ask(Purpose::Submit(picker.session, outcome), request).1]
            }
            Some(Dialog::QuitWithHeld { at }) => self.quit_with_held(at),
            _ => Vec::new(),
        }
    }

    fn quit_with_held(&mut self, choice: usize) -> Vec<Effect> {
        let held = std::mem::take(&mut self.held);
        match choice {
            0 => {
                self.held = held;
                Vec::new()
            }
            1 => {
                self.leaving = true;
                self.say(Notice::new(Level::Info, "Quitting once the API has answered."));
                held.into_iter().map(|held| self.send(held)).collect()
            }
            _ => vec![Effect::Quit],
        }
    }

    /// What `item` would copy of `session`, or why there is nothing.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn copy_text(&self, session: &crate::identity::SessionId, item: CopyItem) -> Result<Secret, String> {
        let Some(session) = self.catalog.session(session) else { return Err("It is not loaded.".into()) };
        let sight = self.sight(&session.id);
        let some = |text: Option<String>| text.map(Secret::new).ok_or_else(|| "There is none.".to_owned());
        match item {
            CopyItem::Id => some(Some(session.id.to_string())),
            CopyItem::Reference => some(session.client_reference_id.as_ref().map(ToString::to_string)),
            CopyItem::Report => {
                some(session.last_verification_report.as_ref().map(|report| report.id().to_string()))
            }
            CopyItem::Json => {
                let json = outward::session(session, sight);
                some(serde_json::to_string_pretty(&json).ok())
            }
            CopyItem::Email => {
                let verified = session.verified_outputs.value().and_then(|outputs| outputs.email.as_ref());
                let provided = session.provided_details.value().and_then(|details| details.email.as_ref());
                match verified.or(provided) {
                    Some(email) if sight == Sight::Revealed => some(Some(email.show(sight).into_owned())),
                    Some(_) => Err(format!(
                        "Masked: reveal the record first ({}).",
                        self.keymap.label(Action::Reveal)
                    )),
                    None => Err("There is none, or the record was not opened yet.".into()),
                }
            }
            CopyItem::Link => {
                self.allows(Action::CopyLink).map(|()| Secret::new(String::new())).map_err(|why| why.0)
            }
        }
    }

    fn copy_item(&mut self, session: &crate::identity::SessionId, item: CopyItem) -> Vec<Effect> {
        match self.copy_text(session, item) {
            Ok(_) if item == CopyItem::Link => self.link(Handover::Copy),
            Ok(text) => {
                let copying = Copying {
                    what: item.title(),
                    session: session.clone(),
                    text: text.clone(),
                    is_link: false,
                };
                self.copying = Some(copying);
                vec![Effect::Copy(text)]
            }
            Err(why) => {
                self.say(Notice::new(Level::Warning, format!("The {} was not copied. {why}", item.title())));
                Vec::new()
            }
        }
    }

    fn confirm_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let Some(Dialog::Confirm(confirm)) = self.dialogs.last_mut() else { return Vec::new() };
        match action {
            Some(Action::NextField | Action::PreviousField | Action::NextChoice | Action::PreviousChoice) => {
                confirm.button = match confirm.button {
                    Button::Keep => Button::Proceed,
                    Button::Proceed => Button::Keep,
                };
                Vec::new()
            }
            Some(Action::Accept) => self.accept_confirm(),
            _ => {
                if let Some(typed) = &mut confirm.typed {
                    typed.failed = false;
                    text_entry::edit(&mut typed.input, key);
                }
                Vec::new()
            }
        }
    }

    /// Enter on a confirmation: the safe button closes it; a typed check that is right needs no button.
    fn accept_confirm(&mut self) -> Vec<Effect> {
        let Some(Dialog::Confirm(confirm)) = self.dialogs.last_mut() else { return Vec::new() };
        let proceed = match &mut confirm.typed {
            Some(typed) if typed.is_right() => true,
            Some(typed) if confirm.button == Button::Proceed || !typed.input.value().is_empty() => {
                typed.failed = true;
                return Vec::new();
            }
            _ => confirm.button == Button::Proceed,
        };
        let (act, session) = (confirm.act, confirm.session.clone());
        self.close();
        if !proceed {
            return Vec::new();
        }
        let due = self.now + i64::from(self.settings.hold_seconds) * 1000;
        let held = Held { session, act, due };
        if due <= self.now {
            return vec![self.send(held)];
        }
        self.held.push(held);
        Vec::new()
    }

    fn form_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last_mut() else { return Vec::new() };
        if form.sending.is_some() {
            return Vec::new();
        }
        match action {
            Some(Action::SendForm) => return self.send_form(),
            Some(Action::Accept) if form.at + 1 == form.fields.len() => return self.send_form(),
            Some(Action::Accept | Action::NextField) => form.step(true),
            Some(Action::PreviousField) => form.step(false),
            Some(choice @ (Action::NextChoice | Action::PreviousChoice)) => {
                if !form.choose(choice == Action::NextChoice)
                    && let Some(input) = form.text()
                {
                    text_entry::edit(input, key);
                }
            }
            _ if key.typed() == Some(' ') && !form.is_typing() => {
                form.toggle();
            }
            _ => {
                if let Some(input) = form.text() {
                    text_entry::edit(input, key);
                    form.grow();
                }
            }
        }
        Vec::new()
    }

    fn send_form(&mut self) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last_mut() else { return Vec::new() };
        let session = match &form.kind {
            FormKind::Update(id) => self.catalog.session(id),
            FormKind::Create => None,
        };
        let Some(request) = form_values::request(form, session) else { return Vec::new() };
        let purpose = match &request {
            Request::Update(id, _) => Purpose::Update(id.clone()),
            _ => Purpose::Create,
        };
        let (task, effect) = self.ask(purpose, request);
        if let Some(Dialog::Form(form)) = self.dialogs.last_mut() {
            form.sending = Some(task);
        }
        vec![effect]
    }
}
