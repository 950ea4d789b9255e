//! Jobs: written down, sent a bounded number at a time, paused, dropped, and found again at the next start.
//!
//! For `worker` only. The outbox has the last word on how far a session is; what is told to the model is read from it.
//! News are gathered for a moment, so that ten thousand sessions do not draw ten thousand frames.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::Connected;
use super::change::{Changer, Found, Made};
use super::error::{ChangeError, OutboxError, Undone};
use super::nearby::last_moment;
use super::pace::{AGAIN, Pace};
use crate::app::{Answer, ItemNews, JobOrder, JobRequest, LeftOver, Msg, Problem, ProblemKind, Unanswered};
use crate::blocking;
use crate::identity::lifecycle::State;
use crate::identity::{Session, SessionId};
use crate::journal::{Item, Job, JobId, JournalError, Outbox, Single, Step, Word};

/// How many sessions of a job are on their way at once. The rate limits decide how fast they go.
const LANES: usize = 4;

/// How long news are gathered.
const GATHERED: Duration = Duration::from_millis(100);

/// Carries out what is asked about jobs.
pub(super) struct Runner {
    connected: Arc<Connected>,
    replies: mpsc::UnboundedSender<Msg>,
    /// The jobs that are being sent, each with the wish to pause.
    running: Mutex<HashMap<JobId, Arc<AtomicBool>>>,
}

type News = mpsc::UnboundedSender<ItemNews>;

impl Runner {
    pub(super) fn new(connected: Arc<Connected>, replies: mpsc::UnboundedSender<Msg>) -> Self {
        Self { connected, replies, running: Mutex::default() }
    }

    fn changer(&self) -> &Changer {
        &self.connected.changer
    }

    /// Does what is asked about a job.
    pub(super) async fn answer(self: &Arc<Self>, request: JobRequest) -> Result<Answer, ChangeError> {
        match request {
            JobRequest::Hold(order) => self.hold(*order).await?,
            JobRequest::Run { job, skip, look } => self.run(&job, skip, look).await?,
            JobRequest::Pause(job) => self.pause(&job),
            JobRequest::Drop(job) => self.drop_rest(&job).await?,
        }
        Ok(Answer::Job)
    }

    /// Sends nothing more of a job. Takes effect at once.
    pub(super) fn pause(&self, job: &JobId) {
        if let Some(paused) = self.running.lock().unwrap_or_else(PoisonError::into_inner).get(job) {
            paused.store(true, Ordering::Relaxed);
        }
    }

    async fn hold(&self, order: JobOrder) -> Result<(), ChangeError> {
        let JobOrder { id, created, act, reason, via, targets } = order;
        let items = targets.into_iter().enumerate().map(|(at, target)| Item {
            session: target.session,
            state: Some(target.state),
            key: Word::new(&format!("{id}-{at}")),
            step: Step::Held,
            asked: None,
        });
        let job = Job {
            items: items.collect(),
            created,
            operator: self.changer().recorder().operator().clone(),
            place: self.changer().place().clone(),
            id,
            via,
            act,
            reason,
        };
        self.on_disk(Undone::Holding, move |outbox| outbox.put(&job)).await
    }

    /// Sends what is left of a job, until all is answered or it is paused.
    async fn run(self: &Arc<Self>, id: &JobId, skip: Vec<SessionId>, look: bool) -> Result<(), ChangeError> {
        let job = Arc::new(self.job(id)?);
        self.mark_dropped(id, skip.clone()).await?;
        let paused = Arc::new(AtomicBool::new(false));
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), Arc::clone(&paused));
        let (news, told) = mpsc::unbounded_channel();
        let teller = tokio::spawn(tell(Arc::clone(self), id.clone(), told));
        let skip: std::collections::HashSet<SessionId> = skip.into_iter().collect();
        let pace = Arc::new(Pace::new());
        let mut lanes = JoinSet::new();
        let open = job
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.step.is_open() && !skip.contains(&item.session));
        for (at, _) in open {
            while lanes.len() >= LANES {
                lanes.join_next().await;
            }
            if paused.load(Ordering::Relaxed) {
                break;
            }
            let (runner, job) = (Arc::clone(self), Arc::clone(&job));
            let (news, paused, pace) = (news.clone(), Arc::clone(&paused), Arc::clone(&pace));
            pace.turn().await;
            lanes.spawn(async move { runner.one(&job, &job.items[at], look, &pace, &news, &paused).await });
        }
        while lanes.join_next().await.is_some() {}
        drop(news);
        let _ended = teller.await;
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        self.finish_if_settled(id).await
    }

    /// Sends one item, and tells what came of it. A job that cannot go on pauses itself.
    async fn one(&self, job: &Job, item: &Item, look: bool, pace: &Pace, news: &News, paused: &AtomicBool) {
        let session = item.session.clone();
        let asked = ItemNews { session: session.clone(), step: Step::Asked, now: None, problem: None };
        let _ = news.send(asked);
        let mut result = self.send(job, item, look).await;
        for _ in 0..AGAIN {
            if !result.as_ref().is_err_and(ChangeError::is_too_fast) || paused.load(Ordering::Relaxed) {
                break;
            }
            pace.slow_down();
            pace.turn().await;
            // As the outbox has it now: what was just tried may be in doubt.
            let now = self.changer().outbox().ok().and_then(|outbox| outbox.item(&job.id, &session));
            let Some(item) = now else { break };
            result = self.send(job, &item, look).await;
        }
        let outbox = self.changer().outbox().ok();
        let step = outbox.and_then(|outbox| outbox.item(&job.id, &session)).map(|item| item.step);
        let step = step.unwrap_or(Step::Failed);
        let told = match result {
            Ok(Sent::Made(Made { session: now, unwritten, .. })) => {
                let problem = unwritten.map(Problem::from);
                ItemNews { session, step, now: Some(now), problem }
            }
            Ok(Sent::LeftOut(now)) => {
                let why = format!("{session} changed meanwhile and is {} now: nothing was sent.", now.status);
                let problem = Some(Problem::new(ProblemKind::Other, why));
                ItemNews { session, step, now: Some(now), problem }
            }
            Err(error) => {
                let mut problem = Problem::from(error);
                // What cannot be written down or does not arrive fails for all the others too.
                if step == Step::Held || problem.is_unanswered() {
                    paused.store(true, Ordering::Relaxed);
                }
                ItemNews { session, step, now: problem.take_session(), problem: Some(problem) }
            }
        };
        let _ = news.send(told);
    }

    async fn send(&self, job: &Job, item: &Item, look: bool) -> Result<Sent, ChangeError> {
        let changer = self.changer();
        let mut known = None;
        if look && !item.step.is_in_doubt() {
            let found = changer.client().retrieve_session(&item.session, &[]).await;
            let found = Box::new(found.map_err(ChangeError::reading)?.value);
            if item.state.as_ref().is_some_and(|confirmed| *confirmed != State::from(&*found)) {
                let (id, session) = (job.id.clone(), item.session.clone());
                self.on_disk(Undone::Sending, move |outbox| outbox.mark(&id, &session, Step::Dropped))
                    .await?;
                return Ok(Sent::LeftOut(found));
            }
            known = Some(found);
        }
        changer.make_item(job, item, known).await.map(Sent::Made)
    }

    /// Forgets what was not sent. What is in doubt is read once more, and kept only if that does not tell.
    async fn drop_rest(self: &Arc<Self>, id: &JobId) -> Result<(), ChangeError> {
        let Ok(job) = self.job(id) else { return Ok(()) };
        let mut news = Vec::new();
        for item in job.items.iter().filter(|item| item.step.is_in_doubt()) {
            let (step, now) = match self.changer().look(&job, item).await {
                Ok(Found::Done(now)) => (Step::Done { request_id: None }, Some(now)),
                // What may still happen stays.
                Ok(Found::Open(_)) | Err(_) => continue,
                Ok(Found::NotBegun(now)) => {
                    let now = self.changer().drop_item(&job, item, now).await;
                    self.mark_dropped(id, vec![item.session.clone()]).await?;
                    (Step::Dropped, Some(now))
                }
            };
            news.push(ItemNews { session: item.session.clone(), step, now, problem: None });
        }
        if !news.is_empty() {
            let reads = self.changer().client().requests_sent();
            let _ = self.replies.send(Msg::JobNews { job: id.clone(), reads, news });
        }
        let job = self.job(id)?;
        if !job.items.iter().any(|item| item.step.is_in_doubt()) {
            let id = id.clone();
            return self.on_disk(Undone::Clearing, move |outbox| outbox.finish(&id)).await;
        }
        let held = job.items.iter().filter(|item| item.step == Step::Held);
        self.mark_dropped(id, held.map(|item| item.session.clone()).collect()).await
    }

    async fn finish_if_settled(&self, id: &JobId) -> Result<(), ChangeError> {
        if self.job(id)?.is_open() {
            return Ok(());
        }
        let id = id.clone();
        self.on_disk(Undone::Finishing, move |outbox| outbox.finish(&id)).await
    }

    async fn mark_dropped(&self, id: &JobId, sessions: Vec<SessionId>) -> Result<(), ChangeError> {
        let id = id.clone();
        self.on_disk(Undone::Sending, move |outbox| {
            sessions.iter().try_for_each(|session| outbox.mark(&id, session, Step::Dropped))
        })
        .await
    }

    fn job(&self, id: &JobId) -> Result<Job, ChangeError> {
        self.changer().outbox()?.job(id).ok_or_else(|| ChangeError::NoSuchJob { job: id.clone() })
    }

    /// Writes into the outbox, off the async threads.
    async fn on_disk(
        &self,
        undone: Undone,
        work: impl FnOnce(&Outbox) -> Result<(), JournalError> + Send + 'static,
    ) -> Result<(), ChangeError> {
        let outbox = self.changer().outbox()?;
        let written = blocking::run(move || work(&outbox)).await;
        written.map_err(|source| ChangeError::NotWritten { undone, source })
    }

    /// What is to be told of a create or an update that was never answered. One that can be decided by whoever is told
    /// goes from the outbox; of another the next start tells again.
    async fn unanswered(&self, single: Single) -> Unanswered {
        let is_create = single.object.is_none();
        let is_over = self.changer().now().wall > last_moment(single.last());
        let near = if is_create && is_over {
            self.changer().created_between(single.created, single.last()).await.ok()
        } else {
            None
        };
        if near.is_some() || !is_create {
            let id = single.id.clone();
            let _told = self.on_disk(Undone::Clearing, move |outbox| outbox.finish(&id)).await;
        }
        Unanswered { single, near }
    }

    /// Finds what earlier runs left, settles by reading what is in doubt, and tells. Sends nothing.
    pub(super) async fn find_left_over(self: Arc<Self>) {
        // Where there is no outbox, every change says so.
        let Ok(outbox) = self.changer().outbox() else { return };
        let place = self.changer().place().clone();
        let found = match blocking::run(move || outbox.left_over(&place)).await {
            Ok(found) => found,
            Err(source) => {
                let problem = Some(Problem::from(OutboxError(source)));
                let _ = self.replies.send(Msg::LeftOver(LeftOver { problem, ..LeftOver::default() }));
                return;
            }
        };
        let mut left = LeftOver { unreadable: found.unreadable, ..LeftOver::default() };
        for job in found.jobs {
            for item in job.items.iter().filter(|item| item.step.is_in_doubt()) {
                let found = self.changer().look(&job, item).await;
                left.found_done += usize::from(matches!(found, Ok(Found::Done(_))));
            }
            // As the outbox has it now.
            let Ok(job) = self.job(&job.id) else { continue };
            if job.is_open() {
                left.jobs.push(job);
            } else {
                let _settled = self.finish_if_settled(&job.id).await;
            }
        }
        for single in found.singles {
            left.singles.push(self.unanswered(single).await);
        }
        if !(left.jobs.is_empty()
            && left.singles.is_empty()
            && left.unreadable.is_empty()
            && left.found_done == 0)
        {
            let _ = self.replies.send(Msg::LeftOver(left));
        }
    }
}

/// What came of sending one item.
enum Sent {
    Made(Made),
    /// It is not what was confirmed any more.
    LeftOut(Box<Session>),
}

/// Tells the model what happened, at most ten times a second.
async fn tell(runner: Arc<Runner>, job: JobId, mut told: mpsc::UnboundedReceiver<ItemNews>) {
    let mut next = Instant::now();
    let mut open = true;
    while open {
        let Some(first) = told.recv().await else { return };
        let mut news = vec![first];
        loop {
            match timeout_at(next, told.recv()).await {
                Ok(Some(item)) => news.push(item),
                Ok(None) => {
                    open = false;
                    break;
                }
                Err(_) => break,
            }
        }
        next = Instant::now() + GATHERED;
        let reads = runner.changer().client().requests_sent();
        let _ = runner.replies.send(Msg::JobNews { job: job.clone(), reads, news });
    }
}
