//! Whether an action makes sense now, and why not. Footer, palette and keys ask the same question.

use crate::actions::{Action, Need};
use crate::identity::Session;
use crate::identity::lifecycle::{self, Act, Outcome, Refusal, State};
use crate::journal::Step;

use super::{Link, Model, Page, Stage, doing_of, sessions};

/// How many marked sessions are looked at to tell whether bulk work makes sense.
const LOOKED_AT: usize = 2_000;

/// Why an action cannot be used now, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why(pub String);

pub(super) fn refuse<T>(why: impl Into<String>) -> Result<T, Why> {
    Err(Why(why.into()))
}

/// What stands in the way of an act on a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hindrance {
    /// It is held already.
    Held(&'static str),
    /// An earlier run left it, and nobody has decided.
    Left(&'static str),
    /// It is being changed.
    Busy(&'static str),
    /// Nobody knows what became of a change.
    InDoubt(&'static str),
    /// It was done before.
    Already(Act),
    /// Its state does not allow it.
    Refused(Act, Refusal),
}

impl Hindrance {
    /// A sentence about one session.
    fn sentence(self) -> String {
        match self {
            Self::Held(verb) => format!("A {verb} of this session is held; undo takes it back."),
            Self::Left(verb) => {
                format!("A {verb} of this session was left by an earlier run; decide on the jobs page.")
            }
            Self::Busy(doing) => format!("Wait: {doing} this session."),
            Self::InDoubt(verb) => {
                format!("Nobody knows what became of a {verb} of this session; the jobs page asks again.")
            }
            Self::Already(Act::Redact) => "A redaction was asked for already.".into(),
            Self::Already(_) => "It is canceled already.".into(),
            Self::Refused(act, refusal) => {
                format!("Cannot {} this session: {}.", act.verb(), refusal.because())
            }
        }
    }

    /// The same as a clause, where the act is known.
    pub(super) fn clause(self) -> String {
        match self {
            Self::Held(verb) => format!("a {verb} is held already"),
            Self::Left(verb) => format!("a {verb} was left by an earlier run"),
            Self::Busy(doing) => format!("this program is {doing} it"),
            Self::InDoubt(verb) => format!("a {verb} is in doubt"),
            Self::Already(Act::Redact) => "a redaction was asked for already".into(),
            Self::Already(_) => "it is canceled already".into(),
            Self::Refused(_, refusal) => refusal.because().into(),
        }
    }
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
            Need::List if matches!(self.page, Page::Activity | Page::Jobs) && action != Action::Refresh => {
                refuse("This page has no filters.")
            }
            Need::Row if self.page == Page::Audit => match self.audit.line() {
                None => refuse("There is nothing under the cursor."),
                Some(_) => Ok(()),
            },
            Need::Row if self.page == Page::Jobs => self.allows_job(Action::CopyResult),
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
            Need::Job => self.allows_job(action),
            Need::Held if !self.jobs.is_holding() => {
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
        if self.is_bulk() && matches!(act, Act::Cancel | Act::Redact | Act::UpdateMetadata) {
            return self.allows_bulk(act);
        }
        self.allows_act_on(self.need_session()?, act)
    }

    /// Whether `act` is possible on one of the marked sessions at least.
    fn allows_bulk(&self, act: Act) -> Result<(), Why> {
        // The footer asks with every frame; the confirmation counts them all.
        let mut looked = self.marked.iter().take(LOOKED_AT).filter_map(|id| self.catalog.session(id));
        if self.marked.len() > LOOKED_AT || looked.any(|session| self.judge_act(session, act).is_ok()) {
            return Ok(());
        }
        // One reason is enough; sessions may have others.
        let first = self.marked.iter().find_map(|id| self.catalog.session(id));
        let why = first.and_then(|session| self.judge_act(session, act).err());
        let why = why.map(|hindrance| format!(": {}", hindrance.clause())).unwrap_or_default();
        refuse(format!("Cannot {} any of the {} marked{why}.", act.verb(), sessions(self.marked.len())))
    }

    /// Whether `act` is possible on `session` now.
    pub(super) fn allows_act_on(&self, session: &Session, act: Act) -> Result<(), Why> {
        if !matches!(self.link, Link::Up(_)) {
            return refuse("Not connected: the API cannot be asked now.");
        }
        self.judge_act(session, act).map_err(|hindrance| Why(hindrance.sentence()))
    }

    /// What stands in the way of `act` on `session` now.
    pub(super) fn judge_act(&self, session: &Session, act: Act) -> Result<(), Hindrance> {
        if let Some((job, step)) = self.jobs.on(&session.id) {
            let verb = job.verb();
            match (step, job.stage) {
                (Step::Failed, _) if act == Act::Link => {}
                (Step::Failed, _) => return Err(Hindrance::InDoubt(verb)),
                (_, Stage::Left) => return Err(Hindrance::Left(verb)),
                (Step::Held, Stage::Held { .. }) => return Err(Hindrance::Held(verb)),
                _ => return Err(Hindrance::Busy(doing_of(&job.act))),
            }
        }
        if let Some((_, doing)) = self.in_flight().find(|(id, _)| **id == session.id) {
            return Err(Hindrance::Busy(doing));
        }
        match lifecycle::judge(&State::from(session), act) {
            Ok(Outcome::To(_)) => Ok(()),
            Ok(Outcome::Nothing) => Err(Hindrance::Already(act)),
            Err(refusal) => Err(Hindrance::Refused(act, refusal)),
        }
    }

    fn allows_marking(&self) -> Result<(), Why> {
        let rows = match self.page {
            Page::Sessions => self.sessions.view.rows().len(),
            Page::Reports => self.reports.view.rows().len(),
            Page::Activity | Page::Audit | Page::Jobs => 0,
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
