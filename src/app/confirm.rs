//! The confirmation of a change: what it is about, why it is wanted, and the proof that somebody meant it.
//!
//! Three steps: a reason, chosen by one key; its text, where the reason asks for one; then the buttons, with something
//! to type where the change cannot be undone or is about many. What it is about is fixed when it opens.

use std::collections::BTreeMap;

use tui_input::Input;

use crate::actions::{Action, Code, Key};
use crate::identity::SessionId;
use crate::identity::lifecycle::{Act, State};
use crate::journal::{JobAct, Note, Reason, Word};

use super::dialog::{Button, Dialog, TypedCheck};
use super::form::FormKind;
use super::job::{Target, act_of};
use super::jobs::Plan;
use super::msg::Effect;
use super::notice::{Level, Notice};
use super::{Model, text_entry};

/// A confirmation.
#[derive(Debug)]
pub struct Confirm {
    /// What is to be done.
    pub act: JobAct,
    /// To which sessions, as they are now. Nothing is added or left out while it is open.
    pub targets: Vec<Target>,
    /// Of how many marked sessions it is about; none where it is about one session by itself.
    pub marked: Option<usize>,
    /// The marked sessions that are left out: why, and how many, the most first.
    pub cannot: Vec<(String, usize)>,
    /// How many of the targets are not in view.
    pub unseen: usize,
    /// What was pressed.
    pub via: Word,
    /// Which reason, and how far choosing it is.
    pub reason: Reasoned,
    /// The button with the focus.
    pub button: Button,
    /// What has to be typed, where something has.
    pub typed: Option<TypedCheck>,
}

/// How far the choice of a reason is.
#[derive(Debug, Default)]
pub struct Reasoned {
    /// The chosen one, counted from 0 in the order of the settings.
    pub chosen: Option<usize>,
    /// Its text, where it asks for one.
    pub note: Input,
    /// Whether the text is done.
    pub noted: bool,
    /// Whether something else was pressed than what is asked for.
    pub failed: bool,
}

/// What a confirmation asks for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmStep {
    /// A reason.
    Reason,
    /// The reason's text.
    Note,
    /// The buttons, and what has to be typed.
    Check,
    /// Nothing: none of the sessions can be changed so.
    Nothing,
}

impl Confirm {
    /// What is to be done, as the lifecycle calls it.
    #[must_use]
    pub const fn lifecycle(&self) -> Act {
        act_of(&self.act)
    }

    /// The session, where it is about one by itself.
    #[must_use]
    pub fn session(&self) -> Option<&SessionId> {
        match (&self.targets[..], self.marked) {
            ([one], None) => Some(&one.session),
            _ => None,
        }
    }
}

impl Model {
    /// What `confirm` asks for now.
    #[must_use]
    pub fn confirm_step(&self, confirm: &Confirm) -> ConfirmStep {
        let reasons = &self.settings.reasons;
        if confirm.targets.is_empty() {
            return ConfirmStep::Nothing;
        }
        if reasons.is_empty() || matches!(confirm.act, JobAct::Metadata(_)) {
            return ConfirmStep::Check;
        }
        match confirm.reason.chosen.and_then(|at| reasons.get(at)) {
            None => ConfirmStep::Reason,
            Some(reason) if reason.note && !confirm.reason.noted => ConfirmStep::Note,
            Some(_) => ConfirmStep::Check,
        }
    }

    /// Asks whether `act` is really meant: for the marked sessions where the list has the keys and there are some,
    /// else for the one under the cursor.
    pub(super) fn confirm(&mut self, act: JobAct) -> Vec<Effect> {
        if self.is_bulk() {
            return self.confirm_all(act, self.marked_sessions());
        }
        let Some(session) = self.subject() else { return Vec::new() };
        let target = Target { session: session.id.clone(), state: State::from(session) };
        self.confirm_one(act, target)
    }

    fn confirm_one(&mut self, act: JobAct, target: Target) -> Vec<Effect> {
        let wanted = target.session.last_four().to_owned();
        let typed = (act == JobAct::Redact).then(|| TypedCheck::new(wanted));
        let via = self.pressed.word();
        self.open_dialog(Dialog::Confirm(Box::new(Confirm {
            act,
            targets: vec![target],
            marked: None,
            cannot: Vec::new(),
            unseen: 0,
            via,
            reason: Reasoned::default(),
            button: Button::default(),
            typed,
        })))
    }

    /// Asks whether `act` is meant for these sessions, and says which of them cannot be changed so.
    pub(super) fn confirm_all(&mut self, act: JobAct, wanted: Vec<SessionId>) -> Vec<Effect> {
        let marked = wanted.len();
        let mut targets = Vec::new();
        let mut cannot: BTreeMap<String, usize> = BTreeMap::new();
        for id in wanted {
            let Some(session) = self.catalog.session(&id) else { continue };
            match self.judge_act(session, act_of(&act)) {
                Ok(()) => {
                    let state = State::from(session);
                    targets.push(Target { session: id, state });
                }
                Err(hindrance) => *cannot.entry(hindrance.clause()).or_default() += 1,
            }
        }
        if marked == 1
            && let [_] = &targets[..]
            && let Some(target) = targets.pop()
        {
            return self.confirm_one(act, target);
        }
        let mut cannot: Vec<(String, usize)> = cannot.into_iter().collect();
        cannot.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let view: std::collections::HashSet<SessionId> = self.visible_sessions().into_iter().collect();
        let unseen = targets.iter().filter(|target| !view.contains(&target.session)).count();
        let typed = (!targets.is_empty()).then(|| TypedCheck::new(targets.len().to_string()));
        let via = self.pressed.word();
        self.open_dialog(Dialog::Confirm(Box::new(Confirm {
            act,
            targets,
            marked: Some(marked),
            cannot,
            unseen,
            via,
            reason: Reasoned::default(),
            button: Button::default(),
            typed,
        })))
    }

    pub(super) fn confirm_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let reasons = self.settings.reasons.len();
        let Some(Dialog::Confirm(confirm)) = self.dialogs.last() else { return Vec::new() };
        let step = self.confirm_step(confirm);
        let Some(Dialog::Confirm(confirm)) = self.dialogs.last_mut() else { return Vec::new() };
        confirm.reason.failed = false;
        match action {
            Some(Action::NextField) if step == ConfirmStep::Note => return self.accept_confirm(step),
            Some(Action::NextChoice | Action::PreviousChoice) if step == ConfirmStep::Note => {
                text_entry::edit(&mut confirm.reason.note, key);
                return Vec::new();
            }
            Some(Action::NextField | Action::PreviousField | Action::NextChoice | Action::PreviousChoice) => {
                confirm.button = match confirm.button {
                    Button::Keep if step != ConfirmStep::Nothing => Button::Proceed,
                    _ => Button::Keep,
                };
                return Vec::new();
            }
            Some(Action::Accept) => return self.accept_confirm(step),
            _ => {}
        }
        let digit = key.typed().and_then(|c| c.to_digit(10)).map(|digit| digit as usize);
        let reason = digit.filter(|digit| (1..=reasons).contains(digit)).map(|digit| digit - 1);
        match step {
            ConfirmStep::Nothing => {}
            ConfirmStep::Reason => {
                confirm.reason.chosen = reason;
                confirm.reason.failed = reason.is_none() && key.typed().is_some();
            }
            ConfirmStep::Note if is_back(key) && confirm.reason.note.value().is_empty() => {
                confirm.reason.chosen = None;
            }
            ConfirmStep::Note => drop(text_entry::edit(&mut confirm.reason.note, key)),
            ConfirmStep::Check => confirm.check_key(key, reason),
        }
        Vec::new()
    }

    pub(super) fn paste_confirm(&mut self, text: &str) {
        let Some(Dialog::Confirm(confirm)) = self.dialogs.last() else { return };
        let step = self.confirm_step(confirm);
        let Some(Dialog::Confirm(confirm)) = self.dialogs.last_mut() else { return };
        match (step, &mut confirm.typed) {
            (ConfirmStep::Note, _) => text_entry::paste(&mut confirm.reason.note, text),
            (ConfirmStep::Check, Some(typed)) => {
                typed.failed = false;
                text_entry::paste(&mut typed.input, text);
            }
            _ => {}
        }
    }

    /// Enter on a confirmation: the safe button closes it; a typed check that is right needs no button.
    fn accept_confirm(&mut self, step: ConfirmStep) -> Vec<Effect> {
        let Some(Dialog::Confirm(confirm)) = self.dialogs.last_mut() else { return Vec::new() };
        let proceeds = confirm.button == Button::Proceed;
        let proceed = match (step, &mut confirm.typed) {
            (ConfirmStep::Reason, _) if proceeds => {
                confirm.reason.failed = true;
                return Vec::new();
            }
            (ConfirmStep::Note, _) if !confirm.reason.note.value().trim().is_empty() => {
                confirm.reason.noted = true;
                return Vec::new();
            }
            (ConfirmStep::Note, _) => {
                confirm.reason.failed = true;
                return Vec::new();
            }
            (ConfirmStep::Check, Some(typed)) if typed.is_right() => true,
            (ConfirmStep::Check, Some(typed)) if proceeds || !typed.input.value().is_empty() => {
                typed.failed = true;
                return Vec::new();
            }
            (ConfirmStep::Check, _) => proceeds,
            _ => false,
        };
        match self.close() {
            Some(Dialog::Confirm(confirm)) if proceed => self.confirmed(*confirm),
            _ => Vec::new(),
        }
    }

    /// Has what was confirmed written down and held. Marks that it was about are gone then.
    fn confirmed(&mut self, confirm: Confirm) -> Vec<Effect> {
        let reason = confirm.reason.chosen.and_then(|at| self.settings.reasons.get(at)).map(|reason| {
            let note = if reason.note { Note::new(confirm.reason.note.value()) } else { None };
            Reason { code: Word::new(&reason.code), note }
        });
        if matches!(confirm.act, JobAct::Metadata(_)) {
            // The form behind the confirmation has done its part.
            let done = |dialog: &Dialog| matches!(dialog, Dialog::Form(form) if matches!(form.kind, FormKind::Marked(_)));
            self.dialogs.retain(|dialog| !done(dialog));
        }
        for target in &confirm.targets {
            self.marked.remove(&target.session);
        }
        if confirm.marked.is_some() && !self.marked.is_empty() {
            let text = format!("{} stay marked.", super::sessions(self.marked.len()));
            self.say(Notice::new(Level::Info, text));
        }
        let Confirm { act, targets, via, .. } = confirm;
        self.begin_job(Plan { act, reason, via, targets })
    }
}

impl Confirm {
    fn check_key(&mut self, key: Key, reason: Option<usize>) {
        let blank = self.typed.as_ref().is_none_or(|typed| typed.input.value().is_empty());
        if is_back(key) && blank {
            self.reason = Reasoned::default();
            return;
        }
        match &mut self.typed {
            Some(typed) => {
                typed.failed = false;
                text_entry::edit(&mut typed.input, key);
            }
            // Nothing is typed here, so the numbers still choose.
            None if reason.is_some() => {
                self.reason = Reasoned { chosen: reason, ..Reasoned::default() };
            }
            None => {}
        }
    }
}

fn is_back(key: Key) -> bool {
    key.code == Code::Backspace
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::actions::Keymap;
    use crate::app::geometry::Size;
    use crate::app::{Connection, JobRequest, Msg, Request, Settings, update};
    use crate::catalog::fixtures::{page, session};
    use crate::clock::fixtures::noon;

    fn model() -> Model {
        let size = Size { cols: 120, rows: 40 };
        let mut model = Model::new(Settings::default(), Keymap::default(), size, noon());
        let connection = Connection { label: "test".into(), live: false, sandbox: true };
        let _asked = update(&mut model, Msg::Connected(connection));
        let statuses = ["requires_input", "verified", "processing", "requires_input"];
        let sessions = statuses
            .iter()
            .zip(0..)
            .map(|(status, n)| session(&format!("vs_000{n}"), 1000 - n, json!({ "status": status })));
        model.catalog.take_sessions(page(sessions.collect(), false), true);
        model.choose_rows();
        model
    }

    fn press(model: &mut Model, keys: &[&str]) -> Vec<Effect> {
        let keys = keys.iter().map(|key| key.parse::<Key>().expect("a key"));
        keys.flat_map(|key| update(model, Msg::Key(key))).collect()
    }

    fn held(effects: &[Effect]) -> Option<&crate::app::JobOrder> {
        effects.iter().find_map(|effect| match effect {
            Effect::Ask(task) => match &task.request {
                Request::Job(JobRequest::Hold(order)) => Some(order.as_ref()),
                _ => None,
            },
            _ => None,
        })
    }

    #[test]
    fn a_cancel_wants_a_reason_and_the_other_button() {
        let mut model = model();
        assert!(held(&press(&mut model, &["c", "tab", "enter"])).is_none(), "no reason yet");
        assert_eq!(model.dialogs.len(), 1);
        assert!(held(&press(&mut model, &["3", "enter"])).is_some());
        let effects = press(&mut model, &["j", "j", "j", "c", "1", "2", "tab", "enter"]);
        let order = held(&effects).expect("a job");
        assert_eq!(
            order.reason.as_ref().map(|reason| &*reason.code),
            Some("user_request"),
            "the last one counts"
        );
        assert_eq!(&*order.via, "key:c");
        assert!(held(&press(&mut model, &["c", "1", "enter"])).is_none(), "the safe button has the focus");
        assert!(model.dialogs.is_empty());
    }

    #[test]
    fn other_asks_for_words_and_numbers_are_typed_after_the_reason() {
        let mut model = model();
        let effects = press(&mut model, &["X", "5", "enter", "o", "h", "enter", "0", "0", "0", "0", "enter"]);
        let order = held(&effects).expect("a job");
        let reason = order.reason.as_ref().expect("a reason");
        assert_eq!((&*reason.code, reason.note.as_ref().map(Note::as_str)), ("other", Some("oh")));
        assert_eq!(order.act, JobAct::Redact);
    }

    #[test]
    fn many_are_confirmed_by_their_count_and_the_rest_is_told() {
        let mut model = model();
        press(&mut model, &["*", "c"]);
        let Some(Dialog::Confirm(confirm)) = model.dialogs.last() else { panic!("a confirmation") };
        assert_eq!((confirm.marked, confirm.targets.len()), (Some(4), 2));
        assert_eq!(confirm.cannot.len(), 2, "{:?}", confirm.cannot);
        let effects = press(&mut model, &["1", "4", "enter", "backspace", "2", "enter"]);
        let order = held(&effects).expect("a job");
        let ids: Vec<&str> = order.targets.iter().map(|target| target.session.as_str()).collect();
        assert_eq!(ids, ["vs_0000", "vs_0003"]);
        assert_eq!(model.marked.len(), 2, "those that could not be changed stay marked");
    }

    #[test]
    fn nothing_joins_an_open_confirmation() {
        let mut model = model();
        press(&mut model, &["*", "X"]);
        model.catalog.take_sessions(page(vec![session("vs_new", 5000, json!({}))], false), false);
        model.select_rows();
        let effects = press(&mut model, &["1", "3", "enter"]);
        assert_eq!(held(&effects).expect("a job").targets.len(), 3);
    }
}
