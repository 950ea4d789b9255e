//! A job: one confirmed change to one or many sessions, and how far each of them is.

use std::time::Duration;

use crate::clock::{Monotonic, WallTime};
use crate::identity::SessionId;
use crate::identity::lifecycle::{Act, State};
use crate::journal::{JobAct, JobId, Reason, Step, Word};

use super::sessions;
use crate::text::grouped;

/// A session that a change is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The session.
    pub session: SessionId,
    /// Its state when the change was confirmed: anything else wants another confirmation.
    pub state: State,
}

/// A confirmed change on its way to the outbox. The place of a target is part of its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobOrder {
    /// The job's name.
    pub id: JobId,
    /// When it was confirmed.
    pub created: WallTime,
    /// What is done to each session.
    pub act: JobAct,
    /// Why.
    pub reason: Option<Reason>,
    /// What was pressed.
    pub via: Word,
    /// The sessions.
    pub targets: Vec<Target>,
}

/// How far a job is as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being written down. Nothing counts down yet.
    Saving,
    /// It is written down and waits to be sent.
    Held {
        /// When it is sent.
        due: Monotonic,
    },
    /// It is being sent, session by session.
    Running,
    /// What is on its way is waited for, and nothing more is sent.
    Pausing,
    /// Nothing more is sent until somebody says so.
    Paused,
    /// What is on its way is waited for, and the rest is dropped.
    Stopping,
    /// Nothing more happens by itself.
    Ended,
    /// An earlier run of the program left it; nothing is sent until somebody says so.
    Left,
}

/// One session of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobItem {
    /// The session.
    pub session: SessionId,
    /// Its state when the change was confirmed, if that is known.
    pub state: Option<State>,
    /// How far it is.
    pub step: Step,
    /// What there is to say about it, as a sentence.
    pub note: Option<Box<str>>,
}

/// How many sessions of a job are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Not sent.
    pub waiting: usize,
    /// On their way.
    pub asked: usize,
    /// Done.
    pub done: usize,
    /// Refused by the API.
    pub refused: usize,
    /// Nobody knows.
    pub in_doubt: usize,
    /// Taken back or left out, and never sent.
    pub dropped: usize,
}

impl Tally {
    fn slot(&mut self, step: &Step) -> &mut usize {
        match step {
            Step::Held => &mut self.waiting,
            Step::Asked => &mut self.asked,
            Step::Done { .. } => &mut self.done,
            Step::Refused { .. } => &mut self.refused,
            Step::Failed => &mut self.in_doubt,
            Step::Dropped => &mut self.dropped,
        }
    }

    /// How many need nothing more to happen.
    #[must_use]
    pub const fn settled(&self) -> usize {
        self.done + self.refused + self.dropped
    }
}

/// One confirmed change to one or many sessions.
#[derive(Clone, Debug)]
pub struct Job {
    /// Counts the jobs of this run, from 1.
    pub number: u64,
    /// Its name in outbox and audit.
    pub id: JobId,
    /// What is done to each session.
    pub act: JobAct,
    /// Why.
    pub reason: Option<Reason>,
    /// What was pressed.
    pub via: Word,
    /// Who confirmed it, if it was another run of the program.
    pub operator: Option<Word>,
    /// When it was confirmed.
    pub created: WallTime,
    /// How far it is.
    pub stage: Stage,
    items: Vec<JobItem>,
    tally: Tally,
}

impl Job {
    pub(super) fn new(number: u64, order: &JobOrder) -> Self {
        let items: Vec<JobItem> = order.targets.iter().map(JobItem::new).collect();
        let tally = Tally { waiting: items.len(), ..Tally::default() };
        Self {
            number,
            id: order.id.clone(),
            act: order.act.clone(),
            reason: order.reason.clone(),
            via: order.via.clone(),
            operator: None,
            created: order.created,
            stage: Stage::Saving,
            items,
            tally,
        }
    }

    /// A job that an earlier run left.
    pub(super) fn left(number: u64, job: crate::journal::Job) -> Self {
        let items = job.items.into_iter().map(|item| JobItem {
            session: item.session,
            state: item.state,
            // Asked before the end of that run: nobody waits for the answer.
            step: if item.step == Step::Asked { Step::Failed } else { item.step },
            note: None,
        });
        let items: Vec<JobItem> = items.collect();
        let mut tally = Tally::default();
        for item in &items {
            *tally.slot(&item.step) += 1;
        }
        Self {
            number,
            id: job.id,
            act: job.act,
            reason: job.reason,
            via: job.via,
            operator: Some(job.operator),
            created: job.created,
            stage: Stage::Left,
            items,
            tally,
        }
    }

    /// Its sessions, in the order they are sent in.
    #[must_use]
    pub fn items(&self) -> &[JobItem] {
        &self.items
    }

    /// How many sessions are how far.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// Notes how far the session at `at` is.
    pub(super) fn mark(&mut self, at: usize, step: Step, note: Option<Box<str>>) {
        let Some(item) = self.items.get_mut(at) else { return };
        *self.tally.slot(&item.step) -= 1;
        *self.tally.slot(&step) += 1;
        item.step = step;
        item.note = note.or(item.note.take());
    }

    /// What it does, as the lifecycle calls it.
    #[must_use]
    pub const fn lifecycle(&self) -> Act {
        act_of(&self.act)
    }

    /// `cancel`, `redact`, `update`.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        verb_of(&self.act)
    }

    /// What it does to what: `redact vs_1NuN…`, `cancel of 37 sessions`.
    #[must_use]
    pub fn what(&self) -> String {
        match &self.items[..] {
            [one] => format!("{} of {}", self.verb(), one.session),
            many => format!("{} of {}", self.verb(), sessions(many.len())),
        }
    }

    /// When it is sent, while it is held.
    #[must_use]
    pub const fn due(&self) -> Option<Monotonic> {
        match self.stage {
            Stage::Held { due } => Some(due),
            _ => None,
        }
    }

    /// Whole seconds until it is sent, rounded up; 0 when it is not held.
    #[must_use]
    pub fn seconds_left(&self, now: Monotonic) -> u64 {
        let left = self.due().map_or(Duration::ZERO, |due| due.since(now));
        left.as_secs() + u64::from(left.subsec_nanos() > 0)
    }

    /// When the countdown next shows another number, or the job is due.
    pub(super) fn next_change(&self, now: Monotonic) -> Option<Monotonic> {
        self.due().map(|due| due.minus(Duration::from_secs(self.seconds_left(now).saturating_sub(1))))
    }

    /// Whether requests are on their way, or its place on disk is being changed.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Saving | Stage::Running | Stage::Pausing | Stage::Stopping)
    }

    /// Whether something of it is still to be sent or to be found out.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.tally.waiting + self.tally.asked + self.tally.in_doubt > 0
    }

    /// How it ended, in a few words: `497 done, 2 refused, 1 dropped`.
    #[must_use]
    pub fn summary(&self) -> String {
        let Tally { waiting, asked, done, refused, in_doubt, dropped } = self.tally;
        let parts = [
            (done, "done"),
            (refused, "refused"),
            (in_doubt, "in doubt"),
            (asked, "on their way"),
            (waiting, "not sent"),
            (dropped, "dropped"),
        ];
        let said = parts.iter().filter(|(count, _)| *count > 0);
        said.map(|(count, word)| format!("{} {word}", grouped(*count))).collect::<Vec<_>>().join(", ")
    }
}

impl JobItem {
    fn new(target: &Target) -> Self {
        Self {
            session: target.session.clone(),
            state: Some(target.state.clone()),
            step: Step::Held,
            note: None,
        }
    }
}

/// What a job does, as the lifecycle calls it.
#[must_use]
pub const fn act_of(act: &JobAct) -> Act {
    match act {
        JobAct::Cancel => Act::Cancel,
        JobAct::Redact => Act::Redact,
        JobAct::Metadata(_) => Act::UpdateMetadata,
    }
}

/// `cancel`, `redact`, `update`.
#[must_use]
pub const fn verb_of(act: &JobAct) -> &'static str {
    match act {
        JobAct::Cancel => "cancel",
        JobAct::Redact => "redact",
        JobAct::Metadata(_) => "update",
    }
}

/// `canceling`, `redacting`, `updating`.
#[must_use]
pub const fn doing_of(act: &JobAct) -> &'static str {
    match act {
        JobAct::Cancel => "canceling",
        JobAct::Redact => "redacting",
        JobAct::Metadata(_) => "updating",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Status;

    fn job(count: usize) -> Job {
        let targets = (0..count).map(|n| Target {
            session: SessionId::new(&format!("vs_{n}")),
            state: State::new(Status::RequiresInput),
        });
        let order = JobOrder {
            id: JobId::new(1, 1),
            created: WallTime::EPOCH,
            act: JobAct::Cancel,
            reason: None,
            via: "key:c".into(),
            targets: targets.collect(),
        };
        Job::new(1, &order)
    }

    #[test]
    fn the_countdown_wakes_once_a_second() {
        let at = |millis| Monotonic::from_start(Duration::from_millis(millis));
        let held = Job { stage: Stage::Held { due: at(10_000) }, ..job(1) };
        assert_eq!(held.seconds_left(at(0)), 10);
        assert_eq!(held.next_change(at(0)), Some(at(1_000)));
        assert_eq!(held.seconds_left(at(1_000)), 9);
        assert_eq!(held.next_change(at(9_500)), Some(at(10_000)));
        assert_eq!(held.seconds_left(at(12_000)), 0);
        assert_eq!(job(1).next_change(at(0)), None, "nothing counts down before it is written down");
    }

    #[test]
    fn every_session_is_counted_once() {
        let mut job = job(3);
        job.mark(0, Step::Asked, None);
        job.mark(0, Step::Done { request_id: None }, None);
        job.mark(2, Step::Failed, Some("nobody answered".into()));
        assert_eq!(job.summary(), "1 done, 1 in doubt, 1 not sent");
        assert_eq!(job.tally().settled(), 1);
        assert!(job.is_open());
        assert_eq!(job.what(), "cancel of 3 sessions");
    }
}
