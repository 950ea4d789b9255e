//! Every job of this run, and the way of one: confirmed, written down, held, sent, ended.
//!
//! A job is on disk before its countdown begins. `worker` sends it; what comes of each session arrives as
//! [`ItemNews`], many at a time.

use std::collections::HashMap;
use std::time::Duration;

use crate::identity::lifecycle::{self, Act, Outcome, State};
use crate::identity::{Session, SessionId};
use crate::journal::{JobAct, JobId, Reason, Step, Word};

use super::job::{Job, JobOrder, Stage, Target, act_of};
use super::msg::{Effect, Request};
use super::notice::{Level, Notice};
use super::problem::Problem;
use super::replies::{Purpose, done};
use super::{Model, sessions};

/// How many jobs that ended are kept to be looked at.
const KEPT: usize = 200;

/// What became of one session of a job.
#[derive(Debug)]
pub struct ItemNews {
    /// The session.
    pub session: SessionId,
    /// How far it is.
    pub step: Step,
    /// The session as it is now, if the API said so.
    pub now: Option<Box<Session>>,
    /// What went wrong, or what else there is to say.
    pub problem: Option<Problem>,
}

/// Something to be done with a job outside the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobRequest {
    /// Write it down.
    Hold(Box<JobOrder>),
    /// Send what is left of it. These sessions are left out: they are not what was confirmed any more.
    Run {
        /// The job.
        job: JobId,
        /// What is left out.
        skip: Vec<SessionId>,
        /// Whether an earlier run left it, so that every session is read before anything is sent.
        look: bool,
    },
    /// Send nothing more of it. The request to run it ends when what is on its way was answered.
    Pause(JobId),
    /// Forget what was not sent.
    Drop(JobId),
}

/// A wish that was confirmed.
pub(super) struct Plan {
    pub(super) act: JobAct,
    pub(super) reason: Option<Reason>,
    pub(super) via: Word,
    pub(super) targets: Vec<Target>,
}

/// The jobs, oldest first.
#[derive(Debug, Default)]
pub struct Jobs {
    list: Vec<Job>,
    /// Where each session stands that a job is not done with: the job's number, and its place there.
    open: HashMap<SessionId, (u64, usize)>,
    made: u64,
}

impl Jobs {
    /// Forgets every job. Numbers are not given out again: jobs are named by them, on the disk too.
    pub(super) fn forget(&mut self) {
        *self = Self { made: self.made, ..Self::default() };
    }

    /// Every job, oldest first.
    #[must_use]
    pub fn list(&self) -> &[Job] {
        &self.list
    }

    /// The job with this number.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&Job> {
        self.list.iter().find(|job| job.number == number)
    }

    /// The jobs that wait to be sent, oldest first.
    pub fn held(&self) -> impl DoubleEndedIterator<Item = &Job> {
        self.list.iter().filter(|job| job.due().is_some())
    }

    /// Whether a job waits to be sent.
    #[must_use]
    pub fn is_holding(&self) -> bool {
        self.held().next().is_some()
    }

    /// The job that is not done with `session`, and how far it is there.
    #[must_use]
    pub fn on(&self, session: &SessionId) -> Option<(&Job, &Step)> {
        let (number, at) = self.open.get(session)?;
        let job = self.get(*number)?;
        job.items().get(*at).map(|item| (job, &item.step))
    }

    fn find(&mut self, id: &JobId) -> Option<&mut Job> {
        self.list.iter_mut().find(|job| job.id == *id)
    }

    pub(super) fn number_of(&self, id: &JobId) -> Option<u64> {
        self.list.iter().find(|job| job.id == *id).map(|job| job.number)
    }

    pub(super) fn set_stage(&mut self, number: u64, stage: Stage) {
        if let Some(job) = self.list.iter_mut().find(|job| job.number == number) {
            job.stage = stage;
        }
    }

    fn next_number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    fn add(&mut self, job: Job) {
        for (at, item) in job.items().iter().enumerate().filter(|(_, item)| item.step.is_open()) {
            self.open.insert(item.session.clone(), (job.number, at));
        }
        self.list.push(job);
        while self.list.len() > KEPT
            && let Some(old) = self.list.iter().position(|job| job.stage == Stage::Ended && !job.is_open())
        {
            self.list.remove(old);
        }
    }

    pub(super) fn add_left(&mut self, job: crate::journal::Job) {
        let number = self.next_number();
        self.add(Job::left(number, job));
    }

    /// Notes how far a session is.
    fn mark(&mut self, number: u64, session: &SessionId, step: Step, note: Option<Box<str>>) {
        let Some((_, at)) = self.open.get(session).copied().filter(|(job, _)| *job == number) else { return };
        if !step.is_open() {
            self.open.remove(session);
        }
        if let Some(job) = self.list.iter_mut().find(|job| job.number == number) {
            job.mark(at, step, note);
        }
    }

    /// What was not sent never will be.
    fn drop_waiting(&mut self, number: u64) {
        let waiting: Vec<SessionId> = self.get(number).map_or_else(Vec::new, |job| {
            let held = job.items().iter().filter(|item| item.step == Step::Held);
            held.map(|item| item.session.clone()).collect()
        });
        for session in waiting {
            self.mark(number, &session, Step::Dropped, None);
        }
    }
}

impl Model {
    /// Has a confirmed change written down; sessions that are not what was confirmed any more are left out.
    pub(super) fn begin_job(&mut self, plan: Plan) -> Vec<Effect> {
        let Plan { act, reason, via, targets } = plan;
        let all = targets.len();
        let mut changed = Vec::new();
        let targets: Vec<Target> = targets
            .into_iter()
            .filter(|target| match self.changed_since(&target.session, act_of(&act), &target.state) {
                Some(now) => {
                    changed.push((target.session.clone(), now));
                    false
                }
                None => true,
            })
            .collect();
        self.say_changed(act_of(&act), &changed, all);
        if targets.is_empty() {
            return Vec::new();
        }
        let number = self.jobs.next_number();
        let id = JobId::new(self.run, number);
        let order = JobOrder { id: id.clone(), created: self.now.wall, act, reason, via, targets };
        self.jobs.add(Job::new(number, &order));
        vec![self.ask(Purpose::Hold(id), Request::Job(JobRequest::Hold(Box::new(order)))).1]
    }

    /// The job is on disk: its countdown begins now.
    pub(super) fn job_written(&mut self, id: &JobId) -> Vec<Effect> {
        let due = self.now.monotonic.plus(self.hold());
        let Some(job) = self.jobs.find(id) else { return Vec::new() };
        job.stage = Stage::Held { due };
        let number = job.number;
        if due <= self.now.monotonic { self.start_job(number) } else { Vec::new() }
    }

    /// The job could not be written down: there is none.
    pub(super) fn job_not_written(&mut self, id: &JobId, problem: Problem) {
        if let Some(number) = self.jobs.number_of(id) {
            self.jobs.drop_waiting(number);
            self.jobs.set_stage(number, Stage::Ended);
        }
        self.say(Notice::problem(problem));
    }

    /// The state of a session, if it is not one any more in which `act` was confirmed.
    fn changed_since(&self, session: &SessionId, act: Act, confirmed: &State) -> Option<State> {
        let now = self.catalog.session(session).map(State::from)?;
        let same = now == *confirmed && matches!(lifecycle::judge(&now, act), Ok(Outcome::To(_)));
        (!same).then_some(now)
    }

    fn say_changed(&mut self, act: Act, changed: &[(SessionId, State)], all: usize) {
        let hint = "Look at it, and ask again if it is still wanted.";
        match changed {
            [] => {}
            [(id, now)] if all == 1 => {
                let verb = act.verb();
                let text =
                    format!("{id} changed meanwhile and is {} now: the {verb} was not sent.", now.status);
                self.say(Notice::new(Level::Warning, text).about(id).hint(hint));
            }
            many => {
                let text = format!("{} changed meanwhile and were left out.", sessions(many.len()));
                self.say(Notice::new(Level::Warning, text).hint(hint));
            }
        }
    }

    /// Sends a job that was held or paused, as far as its sessions are what was confirmed.
    pub(super) fn start_job(&mut self, number: u64) -> Vec<Effect> {
        let Some(job) = self.jobs.get(number) else { return Vec::new() };
        let (id, act, all) = (job.id.clone(), job.lifecycle(), job.items().len());
        let look = job.operator.is_some();
        let changed: Vec<(SessionId, State)> = job
            .items()
            .iter()
            .filter(|item| item.step == Step::Held)
            .filter_map(|item| {
                let now = self.changed_since(&item.session, act, item.state.as_ref()?)?;
                Some((item.session.clone(), now))
            })
            .collect();
        for (session, now) in &changed {
            let note = format!("It changed meanwhile and is {}.", now.status);
            self.jobs.mark(number, session, Step::Dropped, Some(note.into()));
        }
        self.say_changed(act, &changed, all);
        if self.jobs.get(number).is_some_and(|job| !job.is_open()) {
            self.jobs.set_stage(number, Stage::Ended);
            return vec![self.ask(Purpose::DropJob(id.clone()), Request::Job(JobRequest::Drop(id))).1];
        }
        self.jobs.set_stage(number, Stage::Running);
        let skip = changed.into_iter().map(|(session, _)| session).collect();
        vec![self.ask(Purpose::RunJob(id.clone()), Request::Job(JobRequest::Run { job: id, skip, look })).1]
    }

    /// Takes what became of some sessions of a job.
    pub(super) fn job_news(&mut self, id: &JobId, news: Vec<ItemNews>) -> Vec<Effect> {
        let Some(number) = self.jobs.number_of(id) else { return Vec::new() };
        let mut effects = Vec::new();
        for item in news {
            effects.extend(self.item_news(number, item));
        }
        self.select_rows();
        effects
    }

    fn item_news(&mut self, number: u64, news: ItemNews) -> Vec<Effect> {
        let ItemNews { session: id, step, now, problem } = news;
        let (single, act) = match self.jobs.get(number) {
            Some(job) => (job.items().len() == 1, job.lifecycle()),
            None => return Vec::new(),
        };
        let request_id = match &step {
            Step::Done { request_id } => request_id.as_ref().map(ToString::to_string),
            _ => None,
        };
        let is_done = matches!(step, Step::Done { .. });
        let note = problem.as_ref().map(|problem| problem.text().into());
        self.jobs.mark(number, &id, step, note);
        if let Some(problem) = problem.filter(|_| single) {
            // Whoever wanted to leave has to see this first.
            self.leaving = false;
            self.say(Notice::problem(problem).about(&id));
        }
        if single && is_done {
            let text = match act {
                Act::Redact => format!("Redaction of {id} was accepted; it may take up to four days."),
                Act::Cancel => format!("Canceled {id}."),
                _ => format!("Updated {id}."),
            };
            self.say(done(text, &id, request_id));
        }
        let Some(now) = now else { return Vec::new() };
        self.take_changed(*now);
        if act != Act::Redact || !is_done {
            return Vec::new();
        }
        self.forget_revealed(&id);
        // What was read of the person before is out of date now, in the reports too.
        let shown = self.subject().is_some_and(|session| session.id == id);
        if single || shown {
            self.retrieve(&id).into_iter().chain(self.attempts(&id)).collect()
        } else {
            Vec::new()
        }
    }

    /// A job is not sent any further: all is answered, or it was paused or stopped.
    pub(super) fn job_ran(&mut self, id: &JobId, result: Result<(), Problem>) -> Vec<Effect> {
        let Some(job) = self.jobs.find(id) else { return Vec::new() };
        let (number, waiting) = (job.number, job.tally().waiting);
        match job.stage {
            Stage::Pausing if waiting > 0 && result.is_ok() => job.stage = Stage::Paused,
            Stage::Stopping if waiting > 0 => return self.drop_job(number),
            _ if waiting > 0 => job.stage = Stage::Paused,
            _ => job.stage = Stage::Ended,
        }
        if let Err(problem) = result {
            self.leaving = false;
            self.say(Notice::problem(problem));
        }
        self.say_ended(number);
        Vec::new()
    }

    /// Sums up what became of many sessions.
    fn say_ended(&mut self, number: u64) {
        let Some(job) = self.jobs.get(number).filter(|job| job.items().len() > 1) else { return };
        if job.stage != Stage::Ended {
            return;
        }
        let tally = job.tally();
        let all_well = tally.refused + tally.in_doubt + tally.dropped == 0;
        let (verb, summary) = (job.verb(), job.summary());
        let text = format!("Job {number}, {verb} of {}: {summary}.", sessions(job.items().len()));
        let key = self.keymap.label(crate::actions::Action::Jobs);
        let level = if all_well { Level::Done } else { Level::Warning };
        self.say(Notice::new(level, text).hint(format!("{key} shows each.")));
    }

    /// Forgets what was not sent of a job.
    pub(super) fn drop_job(&mut self, number: u64) -> Vec<Effect> {
        self.jobs.drop_waiting(number);
        self.jobs.set_stage(number, Stage::Ended);
        let Some(job) = self.jobs.get(number) else { return Vec::new() };
        let id = job.id.clone();
        vec![self.ask(Purpose::DropJob(id.clone()), Request::Job(JobRequest::Drop(id))).1]
    }

    /// Takes back a job that is held. Nothing of it was sent.
    pub(super) fn take_back(&mut self, number: u64) -> Vec<Effect> {
        let Some(job) = self.jobs.get(number).filter(|job| job.due().is_some()) else { return Vec::new() };
        let notice = Notice::new(Level::Info, format!("Took back: {}. Nothing was sent.", job.what()));
        let notice = match job.items() {
            [one] => notice.about(&one.session),
            _ => notice,
        };
        self.say(notice);
        self.drop_job(number)
    }

    /// The time moved: what is due is sent.
    pub(super) fn due_jobs(&mut self, unseen: bool, asking: bool) -> Vec<Effect> {
        let now = self.now.monotonic;
        let from_now = now.plus(self.hold());
        for job in &mut self.jobs.list {
            if let Stage::Held { due } = &mut job.stage {
                if unseen {
                    // Nobody saw the countdown, so nobody could take anything back: it begins again.
                    *due = (*due).max(from_now);
                }
                if asking {
                    // What is to become of it is being asked this moment.
                    *due = (*due).max(now.plus(Duration::from_secs(1)));
                }
            }
        }
        let due: Vec<u64> =
            self.jobs.held().filter(|job| job.due() <= Some(now)).map(|job| job.number).collect();
        due.into_iter().flat_map(|number| self.start_job(number)).collect()
    }

    /// For how long changes are held.
    pub(super) fn hold(&self) -> Duration {
        Duration::from_secs(u64::from(self.settings.hold_seconds))
    }

    /// Whether a job is being written down or sent.
    pub(super) fn is_job_busy(&self) -> bool {
        self.jobs.list.iter().any(Job::is_busy) || self.tasks.values().any(Purpose::is_job)
    }
}
