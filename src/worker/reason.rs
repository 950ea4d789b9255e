//! The reason of a cancel. The audit has it always; where the settings name a key, the session's metadata has it too.
//!
//! It is written just before the cancel, so that whoever hears of that by a webhook finds it there: whether metadata
//! can be written afterwards is not known. So the session is read first, and nothing is written to one that cannot be
//! canceled any more or has a value there. Where the cancel is not made, the reason is taken back. A redaction erases
//! metadata, so that of one the audit alone has the reason.

use std::collections::BTreeMap;

use super::change::{Changer, Found, Made};
use super::error::{ChangeError, Unwritten};
use super::judge::Judged;
use super::record::{Doing, Intent};
use super::what::Change;
use crate::changes::Verdict;
use crate::client::IdempotencyKey;
use crate::identity::{Session, SessionId, Status};
use crate::journal::{Item, Job, JobAct, Step, Word, crash};
use crate::text::Clean;

/// A reason, and the key of the metadata that is to hold it.
struct Reasoned<'a> {
    job: &'a Job,
    session: &'a SessionId,
    key: &'a str,
    code: &'a str,
}

impl Changer {
    /// Makes the change of `job` to the session of `item`, with its reason. What is in doubt is read first, and asked
    /// for again, under the same key, only when it is not done. `known` is the session as it was just read, if it was.
    ///
    /// # Errors
    /// See [`Changer::look`] and [`Changer::make`].
    pub async fn make_item(
        &self,
        job: &Job,
        item: &Item,
        mut known: Option<Box<Session>>,
    ) -> Result<Made, ChangeError> {
        let mut was_asked = item.step.is_in_doubt();
        let mut intent = Intent::of(job);
        if was_asked {
            intent.via = Word::new("outbox");
            match self.look(job, item).await? {
                Found::Done(session) => return Ok(Made { session, request_id: None, unwritten: None }),
                Found::NotBegun(session) => (was_asked, known) = (false, Some(session)),
                Found::Open(session) => known = Some(session),
            }
        }
        let reasoned = self.reasoned(job, item);
        let is_written = match &reasoned {
            Some(reasoned) => self.give_reason(reasoned, known, was_asked).await?,
            None => false,
        };
        let result = self.send(&intent, Change::of(&job.act, &item.session), Some(was_asked)).await;
        match (reasoned, result) {
            (Some(reasoned), Err(ChangeError::Api { source, unwritten, .. })) if is_written => {
                let (now, stays) = self.take_back(&reasoned).await;
                Err(ChangeError::Api { source, unwritten: unwritten.or(stays), now })
            }
            (_, result) => result,
        }
    }

    /// Takes back the reason of an item that is not to be canceled any more. `known` is its session as it was just read;
    /// returns it as it is then.
    pub async fn drop_item(&self, job: &Job, item: &Item, known: Box<Session>) -> Box<Session> {
        match self.reasoned(job, item) {
            Some(reasoned) if reasoned.is_in(&known) => self.take_back(&reasoned).await.0.unwrap_or(known),
            _ => known,
        }
    }

    fn reasoned<'a>(&'a self, job: &'a Job, item: &'a Item) -> Option<Reasoned<'a>> {
        let reason = job.reason.as_ref().filter(|_| job.act == JobAct::Cancel)?;
        let key = self.reason_key()?;
        Some(Reasoned { job, session: &item.session, key, code: &reason.code })
    }

    /// Writes the reason, where it may be written; whether it is there now. What the API refuses stops nothing.
    async fn give_reason(
        &self,
        reasoned: &Reasoned<'_>,
        known: Option<Box<Session>>,
        was_asked: bool,
    ) -> Result<bool, ChangeError> {
        let known = if let Some(known) = known {
            known
        } else {
            let read = self.client().retrieve_session(reasoned.session, &[]).await;
            Box::new(read.map_err(ChangeError::reading)?.value)
        };
        if was_asked && reasoned.is_in(&known) {
            return Ok(true);
        }
        if known.status != Status::RequiresInput || known.metadata.contains_key(&Clean::new(reasoned.key)) {
            return Ok(false);
        }
        // From here on a crash leaves the item in doubt, so that the reason is looked for.
        let asked = self.mark_asked(&reasoned.job.id, reasoned.session).await;
        asked.map_err(ChangeError::not_sent)?;
        match self.set(reasoned, Some(reasoned.code)).await? {
            Judged::Done { .. } => Ok(true),
            Judged::Not { verdict: Verdict::Refused { .. }, .. } => Ok(false),
            // What may have become of the cancel itself is as much in doubt as before.
            Judged::Not { verdict: Verdict::NotBegun, error, now } if was_asked => {
                Err(ChangeError::InDoubt { source: error, unwritten: None, now })
            }
            Judged::Not { verdict: Verdict::NotBegun, error, now } => {
                let held = self.mark(&reasoned.job.id, reasoned.session, Step::Held).await;
                held.map_err(|source| ChangeError::Unsettled { source })?;
                Err(ChangeError::Api { source: error, unwritten: None, now })
            }
            Judged::Not { verdict: Verdict::Done | Verdict::InDoubt, error, now } => {
                Err(ChangeError::InDoubt { source: error, unwritten: None, now })
            }
        }
    }

    /// Removes the reason again: the session as it is then, and why it stays, if it does.
    async fn take_back(&self, reasoned: &Reasoned<'_>) -> (Option<Box<Session>>, Option<Unwritten>) {
        let stays = || Unwritten::Reason { key: reasoned.key.to_owned() };
        match self.set(reasoned, None).await {
            Ok(Judged::Done { session, .. }) => (Some(session), None),
            Ok(Judged::Not { now, .. }) => {
                let is_gone = now.as_ref().is_some_and(|now| !reasoned.is_in(now));
                (now, (!is_gone).then(stays))
            }
            Err(_) => (None, Some(stays())),
        }
    }

    /// Writes the reason into the metadata, or removes it, between two lines of the audit.
    async fn set(&self, reasoned: &Reasoned<'_>, code: Option<&str>) -> Result<Judged, ChangeError> {
        let values = BTreeMap::from([(reasoned.key.to_owned(), code.map(str::to_owned))]);
        let change = Change::of(&JobAct::Metadata(values), reasoned.session);
        // Setting a value twice is the same as setting it once.
        let key = IdempotencyKey::fresh();
        let doing = Doing {
            action: change.action(),
            object: Some(reasoned.session.as_str()),
            params: change.params(),
            key: Some(&key),
        };
        let record = self.recorder().begin(&Intent::of(reasoned.job), doing).await?;
        crash::point();
        let result = change.ask(self.client(), &key).await;
        crash::point();
        let judged = self.judge(&change, false, result).await;
        // An end that cannot be written shows as an open line; the cancel says what is wrong.
        let _ = record.judged(&judged).await;
        Ok(judged)
    }
}

impl Reasoned<'_> {
    /// Whether the session's metadata holds this reason.
    fn is_in(&self, session: &Session) -> bool {
        session.metadata.get(&Clean::new(self.key)).is_some_and(|value| value.expose().as_str() == self.code)
    }
}
