//! Waiting for what is read: for how long already, how often it was tried, when it is tried again by itself, and that
//! somebody can stop it. Changes are waited for by their jobs.

use std::collections::HashMap;
use std::time::Duration;

use crate::changes::Trouble;
use crate::clock::Monotonic;

use super::Model;
use super::msg::{Effect, Request, Task, TaskId, Trying};
use super::notice::Notice;
use super::problem::{Cause, Problem, ProblemKind};
use super::replies::Purpose;

/// For how long nobody wonders why nothing comes.
const UNNOTICED: Duration = Duration::from_secs(2);

/// How long it is until lists are read again by themselves, at first and at most: it doubles with each failure.
const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(1);

/// How it goes with what is read.
#[derive(Debug, Default)]
pub(super) struct Patience {
    /// Since when nothing has come that was waited for.
    since: Option<Monotonic>,
    trying: Option<Trying>,
    /// When the lists are read again by themselves.
    again_at: Option<Monotonic>,
    /// How often in a row lists could not be read.
    failures: u32,
    /// What was said already, so that three requests that fail the same way are one notice.
    said: Option<Cause>,
    /// The notice that said so of a list.
    said_as: Option<u64>,
}

/// What is waited for, as far as somebody wonders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// For how many seconds.
    pub secs: u64,
    /// How far the tries have come, if one failed already.
    pub trying: Option<&'a Trying>,
}

impl Patience {
    /// Something is asked.
    pub(super) fn begin(&mut self, now: Monotonic) {
        self.since.get_or_insert(now);
    }

    /// Something was answered, or failed for good; `more` tells whether anything else is waited for.
    pub(super) fn ended(&mut self, more: bool, now: Monotonic) {
        self.since = more.then_some(now);
        self.trying = None;
    }

    /// A try failed.
    pub(super) fn trying(&mut self, trying: Trying) {
        if self.since.is_some() {
            self.trying = Some(trying);
        }
    }

    /// Lists cannot be read. Two that fail at once count once.
    pub(super) fn failed(&mut self, trouble: Option<Trouble>, now: Monotonic) {
        if trouble.is_none() {
            self.again_at = None;
        } else if self.again_at.is_none() {
            let pause = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
            self.failures += 1;
            self.again_at = Some(now.plus(pause));
        }
    }

    /// Everything that was asked has come. Says whether that is news.
    pub(super) fn all_is_well(&mut self) -> bool {
        self.failures = 0;
        self.again_at = None;
        matches!(self.said.take(), Some(Cause::Trouble(_)))
    }

    /// Somebody asks by hand: whatever fails then is said once more.
    pub(super) fn asked_by_hand(&mut self) {
        self.again_at = None;
        self.said = None;
    }

    /// Whether a problem is one that has not been said yet.
    pub(super) fn is_news(&mut self, problem: &Problem) -> bool {
        let cause = problem.cause();
        if cause.is_some() && cause == self.said {
            return false;
        }
        self.said = cause.or(self.said);
        true
    }

    /// A list's problem was said in this notice.
    pub(super) fn said_in(&mut self, notice: u64) {
        self.said_as = Some(notice);
    }

    fn take_due(&mut self, now: Monotonic) -> bool {
        self.again_at.take_if(|at| *at <= now).is_some()
    }

    /// When what is shown of it changes.
    fn next_change(&self, now: Monotonic) -> Option<Monotonic> {
        let elapsed = self.since.map(|since| {
            let shown = now.since(since).max(Duration::from_secs(1)).as_secs() + 1;
            since.plus(Duration::from_secs(shown))
        });
        let again = self.again_at.map(|at| at.minus(Duration::from_secs(left(at, now).saturating_sub(1))));
        elapsed.into_iter().chain(again).min()
    }
}

/// Whole seconds until `at`, rounded up.
fn left(at: Monotonic, now: Monotonic) -> u64 {
    let left = at.since(now);
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

impl Model {
    /// What is waited for, once it has taken long enough for somebody to wonder.
    #[must_use]
    pub fn waiting(&self) -> Option<Waiting<'_>> {
        let waited = self.now.monotonic.since(self.patience.since?);
        let trying = self.patience.trying.as_ref();
        (waited >= UNNOTICED || trying.is_some()).then_some(Waiting { secs: waited.as_secs(), trying })
    }

    /// Whether a notice says what the list itself says for as long as it lasts.
    #[must_use]
    pub fn is_told_by_list(&self, notice: &Notice) -> bool {
        self.list_problem().is_some() && self.patience.said_as == Some(notice.number)
    }

    /// In how many seconds the lists are read again by themselves.
    #[must_use]
    pub fn again_in(&self) -> Option<u64> {
        self.patience.again_at.map(|at| left(at, self.now.monotonic))
    }

    /// Whether there is something that [`crate::actions::Action::Back`] stops, once there is nothing else to go back
    /// from.
    #[must_use]
    pub fn can_stop(&self) -> bool {
        let is_loading_all = self.feed.is_loading_all() && self.is_loading();
        self.waiting().is_some() || self.patience.again_at.is_some() || is_loading_all
    }

    /// When the model changes because of what is waited for. Nobody watches a terminal without the focus.
    pub(super) fn patience_at(&self) -> Option<Monotonic> {
        self.patience.next_change(self.now.monotonic).filter(|_| !self.away)
    }

    /// Reads again what could not be read, if that is due and somebody is here to see it.
    pub(super) fn read_again(&mut self) -> Vec<Effect> {
        if self.away || !self.patience.take_due(self.now.monotonic) {
            return Vec::new();
        }
        self.feed.resume();
        self.refresh_lists()
    }

    /// Waits no longer for what is read, and does not try again by itself.
    pub(super) fn stop_waiting(&mut self) -> Vec<Effect> {
        let stopped: HashMap<TaskId, Purpose>;
        (stopped, self.tasks) = self.tasks.drain().partition(|(_, purpose)| purpose.is_read());
        if stopped.values().any(Purpose::is_list) && self.feed.problem().is_none() {
            self.feed.failed(Problem::new(ProblemKind::Other, "Loading was stopped."));
        }
        let mut running = Vec::new();
        for (task, purpose) in stopped {
            self.feed.ended(task);
            if let Purpose::Retrieve(id) = purpose {
                self.fetch_failed = Some(id);
            }
            running.push(task);
        }
        self.patience.ended(false, self.now.monotonic);
        self.patience.asked_by_hand();
        if running.is_empty() {
            return Vec::new();
        }
        let id = TaskId(self.next_task);
        self.next_task += 1;
        vec![Effect::Ask(Task { id, via: self.pressed.word(), request: Request::Stop(running) })]
    }
}
