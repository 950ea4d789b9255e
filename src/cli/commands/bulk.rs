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
        let job = self.open(ids).await?;
        let job_id = job.as_ref().map(|(_, job)| job.id.clone());
        let intent = Intent { via: Word::new(self.via), reason: self.reason.clone(), job: job_id };
        let halt = Halt::on_signals();
        let (intent, job, change, record) = (&intent, &job, &change, &record);
        let ask = |id: SessionId| async move {
            let item = job.as_ref().and_then(|(outbox, job)| Some((job, outbox.item(&job.id, &id)?)));
            let made = match item {
                Some((job, item)) => self.api.make_item(job, &item).await?,
                None => self.api.make(intent, change(id)).await?,
            };
            Ok(record(&made.session))
        };
        let tally = each(ids, self.done, &halt, ask, show).await;
        if let Some((outbox, job)) = job {
            let is_ours = job.items.len() == ids.len();
            close(Arc::clone(outbox), job.id.clone(), is_ours).await?;
        }
        tally.conclude(self.done, &halt, true)
    }

    /// Writes a job into the outbox. One session that an earlier run left in doubt goes on under the job it has there,
    /// which may have other sessions too.
    async fn open(&self, ids: &[SessionId]) -> Result<Option<(Arc<Outbox>, Job)>, ChangeError> {
        let Some(act) = self.act.clone() else { return Ok(None) };
        let changer = self.api.changer();
        let outbox = changer.outbox()?;
        if let [id] = ids {
            let (looking, place, act, id) =
                (Arc::clone(&outbox), changer.place().clone(), act.clone(), id.clone());
            let found = blocking::run(move || looking.in_doubt(&place, &act, &id)).await;
            if let Some(job) = found.map_err(ChangeError::not_sent)? {
                return Ok(Some((outbox, job)));
            }
        }
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
            items: ids.iter().map(item).collect(),
        };
        let (keeper, kept) = (Arc::clone(&outbox), job.clone());
        blocking::run(move || keeper.put(&kept)).await.map_err(ChangeError::not_sent)?;
        Ok(Some((outbox, job)))
    }
}

/// Ends a job. What was not sent is dropped, since the command says so; what is in doubt stays for the next start, and
/// so does what an earlier run holds, where the job `is_ours` not.
async fn close(outbox: Arc<Outbox>, id: JobId, is_ours: bool) -> Result<(), ChangeError> {
    let closed = blocking::run(move || {
        if !is_ours {
            return outbox.close(&id);
        }
        let items = outbox.job(&id).map(|job| job.items).unwrap_or_default();
        let held = items.iter().filter(|item| item.step == Step::Held);
        let dropped: Vec<_> = held.map(|item| (item.session.clone(), Step::Dropped)).collect();
        if !dropped.is_empty() {
            outbox.mark_all(&id, &dropped)?;
        }
        let doubts = items.iter().filter(|item| item.step.is_in_doubt()).count();
        // Of a single one its own message says so.
        if doubts > 0 && items.len() > 1 {
            complain(format_args!(
                "{doubts} of them may have been done all the same: vetty looks at its next start, and asks you first."
            ));
        }
        outbox.close(&id)
    });
    closed.await.map(drop).map_err(|source| ChangeError::NotCleared { source })
}
