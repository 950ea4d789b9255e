//! What keys do in dialogs. The topmost dialog gets them.

use crate::actions::{Action, Key, Scope};

use super::dialog::{CopyItem, Dialog, OutcomePicker};
use super::form::FormKind;
use super::msg::{Effect, Request};
use super::pressed::Pressed;
use super::replies::Purpose;
use super::{LEFT_CHOICES, Model, QUIT_CHOICES, bulk_form, form_values, text_entry};
use crate::journal::JobAct;

impl Model {
    pub(super) fn scroll_dialog(&mut self, rows: isize) {
        let to = isize::try_from(self.dialog_scroll).unwrap_or(0).saturating_add(rows);
        self.dialog_scroll = u16::try_from(to.max(0)).unwrap_or(u16::MAX).min(self.drawn.1);
    }

    /// Closes the topmost dialog.
    pub(super) fn close(&mut self) -> Option<Dialog> {
        let closed = self.dialogs.pop();
        self.dialog_scroll = 0;
        self.select_rows();
        closed
    }

    pub(super) fn dialog_key(&mut self, key: Key) -> Vec<Effect> {
        let action = self.keymap.action(Scope::Dialog, key);
        match action {
            Some(Action::Dismiss) => {
                if !self.keeps_form() {
                    self.close();
                }
                return Vec::new();
            }
            Some(Action::ScrollDown) => self.scroll_dialog(5),
            Some(Action::ScrollUp) => self.scroll_dialog(-5),
            _ => {}
        }
        match self.dialogs.last() {
            Some(Dialog::Help) => self.help_key(key, action),
            Some(Dialog::Palette(_)) => self.palette_key(key, action),
            Some(Dialog::Confirm(_)) => self.confirm_key(key, action),
            Some(Dialog::Form(_)) => self.form_key(key, action),
            Some(Dialog::Copy(_)) => self.choice_key(key, action, CopyItem::ALL.len()),
            Some(Dialog::Export(_)) => self.export_key(key, action),
            Some(Dialog::Profiles(_)) => self.choice_key(key, action, self.profiles.len()),
            Some(Dialog::Fields(menu)) => {
                let count = menu.fields.len();
                self.choice_key(key, action, count)
            }
            Some(Dialog::Outcome(_)) => self.choice_key(key, action, OutcomePicker::outcomes().len()),
            Some(Dialog::QuitWithHeld { .. }) => self.choice_key(key, action, QUIT_CHOICES.len()),
            Some(Dialog::LeftOver { .. }) => self.choice_key(key, action, LEFT_CHOICES.len()),
            Some(Dialog::Held { .. }) => self.held_key(key, action),
            Some(Dialog::Link(_)) => {
                if let (Some(Action::Accept), Some(Dialog::Link(link))) = (action, self.dialogs.last_mut()) {
                    link.shown = !link.shown;
                }
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Asks once more before what was typed into a form is thrown away.
    fn keeps_form(&mut self) -> bool {
        let again = self.keymap.label(Action::Dismiss);
        match self.dialogs.last_mut() {
            Some(Dialog::Form(form)) if form.is_dirty() && !form.discarding && form.sending.is_none() => {
                form.discarding = true;
                form.error = Some(format!("{again} again throws away what was typed."));
                true
            }
            _ => false,
        }
    }

    fn help_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        match (action, self.keymap.action(Scope::Desk, key)) {
            (_, Some(Action::Help | Action::Quit)) => drop(self.close()),
            (Some(Action::NextField), _) | (_, Some(Action::Down)) => self.scroll_dialog(1),
            (Some(Action::PreviousField), _) | (_, Some(Action::Up)) => self.scroll_dialog(-1),
            (_, Some(Action::Top)) => self.dialog_scroll = 0,
            (_, Some(Action::Bottom)) => self.dialog_scroll = self.drawn.1,
            _ => {}
        }
        Vec::new()
    }

    fn palette_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let Some(Dialog::Palette(palette)) = self.dialogs.last() else { return Vec::new() };
        let matches = palette.matches(self);
        let last = matches.len().saturating_sub(1);
        let chosen = matches.get(palette.at).map(|(spec, _)| spec.action);
        let Some(Dialog::Palette(palette)) = self.dialogs.last_mut() else { return Vec::new() };
        match action {
            Some(Action::Accept) => {
                if let Some(action) = chosen {
                    self.close();
                    self.pressed = Pressed::Palette(action);
                    return self.perform(action);
                }
            }
            Some(Action::NextField) => palette.at = (palette.at + 1).min(last),
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
            Some(Dialog::Fields(menu)) => &mut menu.at,
            Some(Dialog::Profiles(picker)) => &mut picker.at,
            Some(Dialog::Outcome(picker)) => &mut picker.at,
            Some(Dialog::QuitWithHeld { at } | Dialog::LeftOver { at }) => at,
            _ => return Vec::new(),
        };
        match (action, desk) {
            (Some(Action::NextField), _) | (_, Some(Action::Down)) => {
                *at = (*at + 1).min(count.saturating_sub(1));
            }
            (Some(Action::PreviousField), _) | (_, Some(Action::Up)) => *at = at.saturating_sub(1),
            (_, Some(Action::Top)) => *at = 0,
            (_, Some(Action::Bottom)) => *at = count.saturating_sub(1),
            (Some(Action::Accept), _) => return self.choose(),
            _ => {}
        }
        Vec::new()
    }

    fn choose(&mut self) -> Vec<Effect> {
        match self.close() {
            Some(Dialog::Copy(menu)) => self.copy_item(menu.session, CopyItem::ALL[menu.at]),
            Some(Dialog::Fields(menu)) => self.toggle_field(menu),
            Some(Dialog::Profiles(picker)) => self.switch(picker.at),
            Some(Dialog::Outcome(picker)) => {
                let outcome = OutcomePicker::outcomes().nth(picker.at).unwrap_or("verified").to_owned();
                let request = Request::Submit(picker.session.clone(), outcome.clone());
                vec![self.ask(Purpose::Submit(picker.session, outcome), request).1]
            }
            Some(Dialog::QuitWithHeld { at }) => self.quit_with_held(at),
            Some(Dialog::LeftOver { at }) => self.decide_left_over(at),
            _ => Vec::new(),
        }
    }

    fn form_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last_mut() else { return Vec::new() };
        if form.sending.is_some() {
            return Vec::new();
        }
        if std::mem::take(&mut form.discarding) {
            form.error = None;
        }
        match action {
            Some(Action::SendForm) => return self.send_form(),
            Some(Action::Accept) if form.at + 1 == form.fields.len() => return self.send_form(),
            Some(Action::Accept | Action::NextField) => form.step(true),
            Some(Action::PreviousField) => form.step(false),
            Some(choice @ (Action::NextChoice | Action::PreviousChoice)) => {
                if !form.choose(choice == Action::NextChoice) {
                    form.edit_text(|input| text_entry::edit(input, key));
                }
            }
            _ if key.typed() == Some(' ') && !form.is_typing() => drop(form.toggle()),
            _ => form.edit_text(|input| text_entry::edit(input, key)),
        }
        Vec::new()
    }

    fn send_form(&mut self) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last_mut() else { return Vec::new() };
        let session = match &form.kind {
            FormKind::Update(id) => self.catalog.session(id),
            FormKind::Create => None,
            FormKind::Marked(_) => {
                let Some(values) = bulk_form::bulk_metadata(form) else { return Vec::new() };
                return self.confirm_all(JobAct::Metadata(values), self.marked_sessions());
            }
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
