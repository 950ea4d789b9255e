//! Makes changes so that each is written down first, happens once, and can be settled after a crash.
//!
//! The order is fixed: the audit's line, the outbox, the request under the key that the outbox holds; then the
//! audit's second line, and the outbox again. Whatever a crash leaves open, the key is known and the question can be
//! asked: see [`Changer::look`].

use std::sync::Arc;
use std::time::Duration;

use super::clock::StampClock;
use super::doubt::{Doubts, Sent};
use super::error::{ChangeError, Unwritten};
use super::judge::{Judged, Read};
use super::nearby::last_moment;
use super::record::{Doing, FOUND_BY_READING, Intent, Recorder, code_of};
use super::what::Change;
use crate::blocking;
use crate::changes::{Evidence, Fate, KEY_LIFE, Verdict, verdict};
use crate::client::{Client, IdempotencyKey};
use crate::clock::Stamp;
use crate::identity::{Session, SessionId};
use crate::journal::{Item, Job, JobAct, JobId, JournalError, Outbox, Place, Single, Step, Word, crash};

/// Makes changes, for the dashboard and the command line alike. Cheap to clone.
#[derive(Clone)]
pub struct Changer {
    client: Client,
    recorder: Recorder,
    outbox: Result<Arc<Outbox>, JournalError>,
    place: Place,
    doubts: Arc<Doubts>,
    /// The key of the metadata that is to hold the reason of a cancel.
    reason_key: Option<Arc<str>>,
    clock: StampClock,
}

/// A change that was made.
#[derive(Debug)]
pub struct Made {
    /// The session as it is now.
    pub session: Box<Session>,
    /// The `Request-Id` of the reply.
    pub request_id: Option<String>,
    /// Why its end could not be written down. It is written at the next start.
    pub unwritten: Option<Unwritten>,
}

/// What reading a session tells of a change in doubt.
#[derive(Debug)]
pub enum Found {
    /// It is as wanted. Written down as done.
    Done(Box<Session>),
    /// It is not as wanted, and no request lives that long: it did not begin. Written down so.
    NotBegun(Box<Session>),
    /// It is not as wanted, and may still become so. Asking again, under the same key, tells.
    Open(Box<Session>),
}

/// What a change goes out as.
struct Slip {
    sent: Sent,
    standing: Standing,
    /// Whether it was asked for before, and nobody knows what became of it.
    was_asked: bool,
}

/// Where a change stands in the outbox.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nowhere yet.
    New,
    /// In a job of its own, which goes with it.
    Alone,
    /// In a larger job, which somebody here works on.
    Item,
    /// In a larger job that an earlier run left behind, and nobody else here works on.
    Borrowed,
}

impl Slip {
    const fn is_item(&self) -> bool {
        matches!(self.standing, Standing::Item | Standing::Borrowed)
    }
}

impl Changer {
    /// Makes changes through `client`. `host` is host and port of the API, or `sandbox` for the embedded one. Where
    /// the outbox could not be opened nothing is changed.
    #[must_use]
    pub fn new(client: Client, recorder: Recorder, outbox: Result<Outbox, JournalError>, host: &str) -> Self {
        let place =
            Place { profile: recorder.profile().clone(), host: Word::new(host), mode: recorder.mode() };
        Self {
            client,
            recorder,
            outbox: outbox.map(Arc::new),
            place,
            doubts: Arc::default(),
            reason_key: None,
            clock: StampClock::default(),
        }
    }

    /// The same, which writes the reason of a cancel into the session's metadata too, under `key`.
    #[must_use]
    pub fn with_reason_key(self, key: Option<&str>) -> Self {
        Self { reason_key: key.map(Arc::from), ..self }
    }

    /// The same with other clocks than this machine's.
    #[must_use]
    pub fn with_clock(self, read: impl Fn() -> Stamp + Send + Sync + 'static) -> Self {
        Self { clock: StampClock::new(read), ..self }
    }

    pub(super) fn now(&self) -> Stamp {
        self.clock.now()
    }

    pub(super) fn reason_key(&self) -> Option<&str> {
        self.reason_key.as_deref()
    }

    /// Asks the API.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Writes the audit.
    #[must_use]
    pub const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Where changes are made: what jobs have to say, and what [`Outbox::left_over`] wants to know.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The outbox. Its functions block until the disk has it: call them off the async threads.
    ///
    /// # Errors
    /// When it could not be opened: then nothing may be sent.
    pub fn outbox(&self) -> Result<Arc<Outbox>, ChangeError> {
        self.outbox.clone().map_err(ChangeError::not_sent)
    }

    /// Makes one change. One that is part of a job goes out under the key of its item, and the job stays for the
    /// caller to finish; any other gets a job of its own, which goes when nothing is in doubt.
    ///
    /// # Errors
    /// When it cannot be written down first, when the API refuses, or when no readable answer came.
    pub async fn make(&self, intent: &Intent, change: Change) -> Result<Made, ChangeError> {
        self.send(intent, change, None).await
    }

    /// Makes one change. `was_asked` says whether an earlier try of it is in doubt, where the outbox does not tell.
    pub(super) async fn send(
        &self,
        intent: &Intent,
        change: Change,
        was_asked: Option<bool>,
    ) -> Result<Made, ChangeError> {
        let mut slip = self.slip(intent, &change).await?;
        slip.was_asked = was_asked.unwrap_or(slip.was_asked);
        let intent = &Intent { job: Some(slip.sent.job.clone()), ..intent.clone() };
        let doing = Doing {
            action: change.action(),
            object: change.session().map(SessionId::as_str),
            params: change.params(),
            key: Some(&slip.sent.key),
        };
        let record = self.recorder.begin(intent, doing).await?;
        if let Err(source) = self.enter(intent, &slip, &change).await {
            // Without its place in the outbox a crash could repeat it.
            let _ = record.not_sent().await;
            return Err(ChangeError::not_sent(source));
        }
        self.doubts.supersede(&change);
        crash::point();
        let result = change.ask(&self.client, &slip.sent.key).await;
        crash::point();
        let judged = self.judge(&change, slip.was_asked, result).await;
        let settled = match record.judged(&judged).await {
            Ok(()) => self.settle(&slip, &change, &judged).await,
            // Left in doubt on disk, so that the next start finds out and writes the audit's missing line.
            Err(source) => Err(source),
        };
        answer(judged, settled.err().map(Unwritten::Outcome))
    }

    /// Finds out by reading alone what became of an item in doubt. One that is done or did not begin, or whose session is
    /// gone, is settled in audit and outbox.
    ///
    /// # Errors
    /// When the session cannot be read, or the outcome not be written down.
    pub async fn look(&self, job: &Job, item: &Item) -> Result<Found, ChangeError> {
        let intent = Intent { via: Word::new("outbox"), ..Intent::of(job) };
        let key = IdempotencyKey::parse(&item.key).ok();
        let doing = Doing {
            action: job.act.action(),
            object: Some(item.session.as_str()),
            params: vec![Word::new(FOUND_BY_READING)],
            key: key.as_ref(),
        };
        let record = self.recorder.prepare(&intent, doing)?;
        let unsettled = |source| ChangeError::Unsettled { source };
        let change = Change::of(&job.act, &item.session);
        let want = change.want();
        let begun = self.now();
        let read = self.read(want, &item.session).await.map_err(ChangeError::reading)?;
        // Where it is not known when it was asked, one that is not as wanted may still become so.
        let age = item.asked.map_or(Duration::ZERO, |asked| begun.since(asked));
        let evidence = Evidence {
            tries: &[Fate::Open],
            reading: Some(read.reading()),
            is_lasting: want.is_lasting(),
            age,
        };
        match (read, verdict(evidence)) {
            (Read::There(session, _), Verdict::Done) => {
                record.done(None, None).await.map_err(unsettled)?;
                let done = Step::Done { request_id: None };
                self.mark(&job.id, &item.session, done).await.map_err(unsettled)?;
                Ok(Found::Done(session))
            }
            (Read::There(session, _), Verdict::NotBegun | Verdict::Refused { .. }) => {
                record.not_begun().await.map_err(unsettled)?;
                self.mark(&job.id, &item.session, Step::Held).await.map_err(unsettled)?;
                Ok(Found::NotBegun(session))
            }
            (Read::There(session, _), Verdict::InDoubt) => Ok(Found::Open(session)),
            (Read::Gone(gone), _) => {
                record.failed(&gone).await.map_err(unsettled)?;
                let refused = Step::Refused { code: code_of(&gone) };
                self.mark(&job.id, &item.session, refused).await.map_err(unsettled)?;
                Err(ChangeError::reading(gone))
            }
        }
    }

    /// The key for a change, and where it stands in the outbox.
    async fn slip(&self, intent: &Intent, change: &Change) -> Result<Slip, ChangeError> {
        let outbox = self.outbox()?;
        if let (Some(job), Some(session)) = (&intent.job, change.session()) {
            let gone = || ChangeError::NotInOutbox { session: session.clone() };
            let item = outbox.item(job, session).ok_or_else(gone)?;
            let key = IdempotencyKey::parse(&item.key).map_err(|_| gone())?;
            let sent = Sent { key, job: job.clone(), at: self.now() };
            let was_asked = item.step.is_in_doubt();
            return Ok(Slip { sent, standing: Standing::Item, was_asked });
        }
        if let Some(sent) = self.doubts.find(change) {
            if matches!(change, Change::Create(_)) {
                self.refuse_forgotten(change, &sent).await?;
            }
            return Ok(Slip { sent, standing: Standing::Alone, was_asked: true });
        }
        if let (Some(act), Some(session)) = (change.act(), change.session()) {
            let (place, session, asked) = (self.place.clone(), session.clone(), session);
            let found = blocking::run(move || {
                let mut jobs = outbox.in_doubt(&place, &act, std::slice::from_ref(&session))?.into_iter();
                let first = jobs.next();
                // One is enough to go on with.
                jobs.try_for_each(|job| outbox.release(&job.id))?;
                Ok(first)
            });
            let found = found.await.map_err(ChangeError::not_sent)?;
            let item = found
                .as_ref()
                .and_then(|job| Some((job, job.items.iter().find(|item| item.session == *asked)?)));
            if let Some((job, item)) = item
                && let Ok(key) = IdempotencyKey::parse(&item.key)
            {
                let sent = Sent { key, job: job.id.clone(), at: Stamp { wall: job.created, up: None } };
                let standing = if job.items.len() > 1 { Standing::Borrowed } else { Standing::Alone };
                return Ok(Slip { sent, standing, was_asked: true });
            }
        }
        let at = self.now();
        let sent = Sent { key: IdempotencyKey::fresh(), job: JobId::fresh(), at };
        Ok(Slip { sent, standing: Standing::New, was_asked: false })
    }

    /// A create in doubt whose key the API has forgotten by now would make a second session under that key too. It is
    /// not sent: whoever asks is told what was created then, and decides; asked once more it is a new one.
    async fn refuse_forgotten(&self, change: &Change, sent: &Sent) -> Result<(), ChangeError> {
        if self.now().since_at_most(sent.at) < KEY_LIFE {
            return Ok(());
        }
        let outbox = self.outbox()?;
        let last = outbox.single(&sent.job).map_or(sent.at.wall, |single| single.last());
        let near = self.created_between(sent.at.wall, last).await.map_err(|error| ChangeError::Api {
            source: Box::new(error),
            unwritten: None,
            now: None,
        })?;
        let job = sent.job.clone();
        let finished = blocking::run(move || outbox.finish(&job)).await;
        finished.map_err(|source| ChangeError::NotCleared { source })?;
        self.doubts.forget(change);
        Err(ChangeError::KeyForgotten { at: sent.at.wall, until: last_moment(last), near })
    }

    /// Writes into the outbox that the request goes out now.
    async fn enter(&self, intent: &Intent, slip: &Slip, change: &Change) -> Result<(), JournalError> {
        if slip.standing != Standing::New {
            return match change.session() {
                Some(session) if slip.is_item() || change.act().is_some() => {
                    self.mark_asked(&slip.sent.job, session).await
                }
                _ => {
                    let (outbox, id, now) = (self.outbox.clone()?, slip.sent.job.clone(), self.now().wall);
                    blocking::run(move || outbox.mark_again(&id, now)).await
                }
            };
        }
        let outbox = self.outbox.clone()?;
        if let (Some(act), Some(session)) = (change.act(), change.session()) {
            let job = self.job_of(intent, slip, act, session);
            return blocking::run(move || outbox.put(&job)).await;
        }
        let single = self.single_of(intent, slip, change);
        blocking::run(move || outbox.put_single(&single)).await
    }

    fn job_of(&self, intent: &Intent, slip: &Slip, act: JobAct, session: &SessionId) -> Job {
        let (key, asked) = (Word::new(slip.sent.key.as_str()), Some(self.now()));
        Job {
            id: slip.sent.job.clone(),
            created: self.now().wall,
            operator: self.recorder.operator().clone(),
            place: self.place.clone(),
            via: intent.via.clone(),
            act,
            reason: intent.reason.clone(),
            items: vec![Item { session: session.clone(), state: None, key, step: Step::Asked, asked }],
        }
    }

    fn single_of(&self, intent: &Intent, slip: &Slip, change: &Change) -> Single {
        Single {
            id: slip.sent.job.clone(),
            created: self.now().wall,
            again: None,
            operator: self.recorder.operator().clone(),
            place: self.place.clone(),
            via: intent.via.clone(),
            action: Word::new(change.action()),
            object: change.session().map(|session| Word::new(session.as_str())),
            params: change.params(),
            key: Word::new(slip.sent.key.as_str()),
        }
    }

    /// Writes into the outbox what came of the request.
    async fn settle(&self, slip: &Slip, change: &Change, judged: &Judged) -> Result<(), JournalError> {
        let (step, in_doubt) = match judged {
            Judged::Done { request_id, .. } => {
                (Step::Done { request_id: request_id.as_deref().map(Word::new) }, false)
            }
            Judged::Not { verdict: Verdict::Refused { .. }, error, .. } => {
                (Step::Refused { code: code_of(error) }, false)
            }
            Judged::Not { verdict: Verdict::NotBegun, .. } => (Step::Held, false),
            Judged::Not { verdict: Verdict::Done | Verdict::InDoubt, .. } => (Step::Failed, true),
        };
        match change.session() {
            Some(session) if slip.is_item() => {
                self.mark(&slip.sent.job, session, step).await?;
                if slip.standing != Standing::Borrowed {
                    return Ok(());
                }
                let (outbox, job) = (self.outbox.clone()?, slip.sent.job.clone());
                blocking::run(move || if outbox.close(&job)? { Ok(()) } else { outbox.release(&job) }).await
            }
            _ if in_doubt => {
                self.doubts.remember(change.clone(), slip.sent.clone());
                Ok(())
            }
            _ => {
                self.doubts.forget(change);
                let (outbox, job) = (self.outbox.clone()?, slip.sent.job.clone());
                blocking::run(move || outbox.finish(&job)).await
            }
        }
    }

    pub(super) async fn mark_asked(&self, job: &JobId, session: &SessionId) -> Result<(), JournalError> {
        let (outbox, job, session) = (self.outbox.clone()?, job.clone(), session.clone());
        let now = self.now();
        blocking::run(move || outbox.mark_asked(&job, &session, now)).await
    }

    pub(super) async fn mark(
        &self,
        job: &JobId,
        session: &SessionId,
        step: Step,
    ) -> Result<(), JournalError> {
        let (outbox, job, session) = (self.outbox.clone()?, job.clone(), session.clone());
        blocking::run(move || outbox.mark(&job, &session, step)).await
    }
}

impl Intent {
    /// The intent of one change of `job`.
    #[must_use]
    pub fn of(job: &Job) -> Self {
        Self { via: job.via.clone(), reason: job.reason.clone(), job: Some(job.id.clone()) }
    }
}

fn answer(judged: Judged, unwritten: Option<Unwritten>) -> Result<Made, ChangeError> {
    match judged {
        Judged::Done { session, request_id, .. } => {
            Ok(Made { session, request_id: request_id.map(|id| id.to_string()), unwritten })
        }
        Judged::Not { verdict: Verdict::Done | Verdict::InDoubt, error, now } => {
            Err(ChangeError::InDoubt { source: error, unwritten, now })
        }
        Judged::Not { verdict: Verdict::Refused { .. } | Verdict::NotBegun, error, now } => {
            Err(ChangeError::Api { source: error, unwritten, now })
        }
    }
}
