//! One change to one or many sessions, under a job of the outbox: what a crash leaves open is found at the next start.

use std::sync::Arc;
use std::time::SystemTime;

use super::api::Api;
use super::each::{Halt, each};
use super::failure::Stop;
use crate::blocking;
use crate::cli::complain;
use crate::client::IdempotencyKey;
use crate::clock::WallTime;
use crate::export::Record;
use crate::identity::{Session, SessionId};
use crate::journal::{Item, Job, JobAct, JobId, Outbox, Reason, Step, Word};
use crate::worker::{Change, ChangeError, Intent};

/// A change that was confirmed.
pub(super) struct Bulk<'a> {
    pub(super) api: &'a Api,
    pub(super) via: &'static str,
    /// What has been done then: `canceled`.
    pub(super) done: &'static str,
    /// What a job says of it. None where it says more than may be kept on disk: then each session has its own.
    pub(super) act: Option<JobAct>,
    pub(super) reason: Option<Reason>,
}

impl Bulk<'_> {
    /// Makes the change to each of `ids`, and shows what it led to.
    pub(super) async fn run(
        &self,
        ids: &[SessionId],
        change: impl Fn(SessionId) -> Change,
        record: impl Fn(&Session) -> Record,
        show: impl AsyncFnMut(Record) -> Result<(), Stop>,
    ) -> Result<u8, Stop> {
        let jobs = self.open(ids).await?;
        let intent = Intent { via: Word::new(self.via), reason: self.reason.clone(), job: None };
        let halt = Halt::on_signals();
        let (intent, held, change, record) = (&intent, &jobs, &change, &record);
        let ask = |id: SessionId| async move {
            let made = match held.as_ref().and_then(|held| held.item(&id)) {
                Some((job, item)) => self.api.make_item(job, &item).await?,
                None => self.api.make(intent, change(id)).await?,
            };
            Ok(record(&made.session))
        };
        let tally = each(ids, self.done, &halt, ask, show).await;
        if let Some(held) = jobs {
            held.close().await?;
        }
        tally.conclude(self.done, &halt, true)
    }

    /// Writes a job into the outbox. Sessions that an earlier run left in doubt go on under the jobs and keys that they
    /// have there.
    async fn open(&self, ids: &[SessionId]) -> Result<Option<Held>, ChangeError> {
        let Some(act) = self.act.clone() else { return Ok(None) };
        let changer = self.api.changer();
        let outbox = changer.outbox()?;
        let (looking, place, doing, all) =
            (Arc::clone(&outbox), changer.place().clone(), act.clone(), ids.to_vec());
        let left = blocking::run(move || looking.in_doubt(&place, &doing, &all)).await;
        let left = left.map_err(ChangeError::not_sent)?;
        let is_left = |id: &SessionId| {
            left.iter().any(|job| job.items.iter().any(|item| item.session == *id && item.step.is_in_doubt()))
        };
        let item = |session: &SessionId| Item {
            session: session.clone(),
            state: None,
            key: Word::new(IdempotencyKey::fresh().as_str()),
            step: Step::Held,
            asked: None,
        };
        let job = Job {
            id: JobId::fresh(),
            created: WallTime::from(SystemTime::now()),
            operator: changer.recorder().operator().clone(),
            place: changer.place().clone(),
            via: Word::new(self.via),
            act,
            reason: self.reason.clone(),
            items: ids.iter().filter(|id| !is_left(id)).map(item).collect(),
        };
        let own = if job.items.is_empty() {
            None
        } else {
            let (keeper, kept) = (Arc::clone(&outbox), job.clone());
            blocking::run(move || keeper.put(&kept)).await.map_err(ChangeError::not_sent)?;
            Some(job)
        };
        Ok(Some(Held { outbox, own, left }))
    }
}

/// The jobs that a command works on.
struct Held {
    outbox: Arc<Outbox>,
    /// What this command has written down.
    own: Option<Job>,
    /// What earlier runs left in doubt. They may have other sessions too.
    left: Vec<Job>,
}

impl Held {
    /// The part of `id`, as it stands on disk: where it is in doubt, that.
    fn item<'a>(&'a self, id: &SessionId) -> Option<(&'a Job, Item)> {
        let of = |job: &'a Job| Some((job, self.outbox.item(&job.id, id)?));
        let left = self.left.iter().filter_map(of).find(|(_, item)| item.step.is_in_doubt());
        left.or_else(|| self.own.as_ref().and_then(of))
    }

    /// Ends the jobs. What was not sent is dropped, since the command says so; what is in doubt stays for the next start,
    /// and so does what earlier runs hold.
    async fn close(self) -> Result<(), ChangeError> {
        let Self { outbox, own, left } = self;
        let closed = blocking::run(move || {
            for job in left {
                if !outbox.close(&job.id)? {
                    outbox.release(&job.id)?;
                }
            }
            let Some(own) = own else { return Ok(()) };
            let items = outbox.job(&own.id).map(|job| job.items).unwrap_or_default();
            let held = items.iter().filter(|item| item.step == Step::Held);
            let dropped: Vec<_> = held.map(|item| (item.session.clone(), Step::Dropped)).collect();
            if !dropped.is_empty() {
                outbox.mark_all(&own.id, &dropped)?;
            }
            let doubts = items.iter().filter(|item| item.step.is_in_doubt()).count();
            // Of a single one its own message says so.
            if doubts > 0 && items.len() > 1 {
                complain(format_args!(
                    "{doubts} of them may have been done all the same: vetty looks at its next start, and asks you \
                     first."
                ));
            }
            outbox.close(&own.id).map(drop)
        });
        closed.await.map_err(|source| ChangeError::NotCleared { source })
    }
}
