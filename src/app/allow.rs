//! Whether an action makes sense now, and why not. Footer, palette and keys ask the same question.

use crate::actions::{Action, Need};
use crate::identity::Session;
use crate::identity::lifecycle::{self, Act, Outcome, State};

use super::{Link, Model, Page};

/// Why an action cannot be used now, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why(pub String);

fn refuse<T>(why: impl Into<String>) -> Result<T, Why> {
    Err(Why(why.into()))
}

impl Model {
    /// Whether `action` can be used now.
    ///
    /// # Errors
    /// The reason why not, for people.
    pub fn allows(&self, action: Action) -> Result<(), Why> {
        let spec = action.spec();
        if spec.changes() && self.settings.read_only {
            return refuse(
                "Read-only: nothing can be changed (--read-only, the profile, or a live key without --write).",
            );
        }
        if spec.changes() && !matches!(self.link, Link::Up(_)) {
            return refuse("Not connected: nothing can be changed now.");
        }
        match spec.need {
            Need::List if self.page == Page::Audit && !matches!(action, Action::Refresh | Action::Search) => {
                refuse("This page has no filters but the search.")
            }
            Need::List if self.page == Page::Activity && action != Action::Refresh => {
                refuse("This page has no filters.")
            }
            Need::Row if self.page == Page::Audit => match self.audit.line() {
                None => refuse("There is nothing under the cursor."),
                Some(_) => Ok(()),
            },
            Need::Row => match (self.subject(), self.subject_report(), self.subject_notice()) {
                (None, None, None) => refuse("There is nothing under the cursor."),
                _ => Ok(()),
            },
            Need::Session => self.need_session().map(|_| ()),
            Need::Personal => self.allows_reveal(),
            Need::Exportable => self.allows_export(),
            Need::Profiles => self.allows_switch(),
            Need::Act(act) => self.allows_act(act),
            Need::Updatable => self.allows_act(Act::UpdateMetadata),
            Need::Sandbox => self.allows_submit(),
            Need::Held if self.held.is_empty() => {
                refuse("Nothing is held: what was sent cannot be taken back.")
            }
            Need::Rows => self.allows_marking(),
            Need::Marked if self.marked.is_empty() => refuse("Nothing is marked."),
            Need::Nothing | Need::List | Need::Held | Need::Marked => Ok(()),
        }
    }

    fn need_session(&self) -> Result<&Session, Why> {
        self.subject().map_or_else(|| refuse("There is no session under the cursor."), Ok)
    }

    fn allows_reveal(&self) -> Result<(), Why> {
        let session = self.need_session()?;
        if !matches!(self.link, Link::Up(_)) {
            return refuse("Not connected: a reveal cannot be written down now.");
        }
        if session.redaction.is_some() {
            return refuse("There is nothing to reveal: the data of this session is erased, or about to be.");
        }
        Ok(())
    }

    fn allows_act(&self, act: Act) -> Result<(), Why> {
        self.allows_act_on(self.need_session()?, act)
    }

    /// Whether `act` is possible on `session` now.
    pub(super) fn allows_act_on(&self, session: &Session, act: Act) -> Result<(), Why> {
        if !matches!(self.link, Link::Up(_)) {
            return refuse("Not connected: the API cannot be asked now.");
        }
        if let Some(held) = self.held.iter().find(|held| held.session == session.id) {
            return refuse(format!("A {} of this session is held; undo takes it back.", held.act.verb()));
        }
        if let Some((_, doing)) = self.in_flight().find(|(id, _)| **id == session.id) {
            return refuse(format!("Wait: {doing} this session."));
        }
        match lifecycle::judge(&State::from(session), act) {
            Ok(Outcome::To(_)) => Ok(()),
            Ok(Outcome::Nothing) if act == Act::Redact => refuse("A redaction was asked for already."),
            Ok(Outcome::Nothing) => refuse("It is canceled already."),
            Err(refusal) => refuse(format!("Cannot {} this session: {}.", act.verb(), refusal.because())),
        }
    }

    fn allows_marking(&self) -> Result<(), Why> {
        let rows = match self.page {
            Page::Sessions => self.sessions.view.rows().len(),
            Page::Reports => self.reports.view.rows().len(),
            Page::Activity | Page::Audit => 0,
        };
        if rows == 0 { refuse("There are no rows to mark here.") } else { Ok(()) }
    }

    fn allows_submit(&self) -> Result<(), Why> {
        match self.connection() {
            Some(connection) if connection.sandbox => self.allows_act(Act::Submit),
            _ => refuse("Only the sandbox lets you choose an outcome; elsewhere the person submits."),
        }
    }
}
