//! The reason of a cancel, written into the session's metadata just before it is canceled.
//!
//! Before and not after, so that whoever hears of the cancel by a webhook finds the reason in it. A redaction erases
//! metadata, so that the audit alone keeps its reason. The request goes out under a key made from the item's own: after
//! a crash it cannot happen twice, and what a look at the session shows to be there is not asked for again.

use std::collections::BTreeMap;

use super::change::Changer;
use super::error::ChangeError;
use super::record::{Doing, Intent};
use super::what::Change;
use crate::client::IdempotencyKey;
use crate::identity::Session;
use crate::journal::{Item, Job, JobAct, Word, crash};

/// The key of the metadata that holds the reason's code.
const REVIEW_REASON: &str = "review_reason";

impl Changer {
    /// Writes the reason of `job` into the metadata of the item's session, where it is kept. `known` is the session as it
    /// was just read, for a job that an earlier run began. What the API refuses is written down and stops nothing.
    ///
    /// # Errors
    /// When it could not be written down first, or no readable answer came: then nothing else may be sent.
    pub async fn give_reason(
        &self,
        job: &Job,
        item: &Item,
        known: Option<&Session>,
    ) -> Result<(), ChangeError> {
        let (Some(reason), JobAct::Cancel) = (&job.reason, &job.act) else { return Ok(()) };
        let values = BTreeMap::from([(REVIEW_REASON.to_owned(), Some(reason.code.to_string()))]);
        let act = JobAct::Metadata(values);
        let change = Change::of(&act, &item.session);
        let Ok(key) = IdempotencyKey::parse(&format!("{}-reason", item.key)) else { return Ok(()) };
        let there = known.is_some_and(|session| Change::of(&act, &item.session).want().is_met_by(session));
        let mut params = change.params();
        if there {
            params.push(Word::new("found_by_reading"));
        }
        let doing =
            Doing { action: change.action(), object: Some(item.session.as_str()), params, key: Some(&key) };
        let intent = Intent::of(job);
        if there {
            // An earlier run sent it, and ended before it could say so.
            let _ = self.recorder().prepare(&intent, doing)?.done(None, None).await;
            return Ok(());
        }
        let record = self.recorder().begin(&intent, doing).await?;
        // An end that cannot be written shows as an open line; the cancel that follows says what is wrong.
        crash::point();
        let result = change.ask(self.client(), &key).await;
        crash::point();
        match result {
            Ok(reply) => drop(record.done(None, reply.request_id.as_deref()).await),
            Err(error) => {
                let refused = !error.may_have_happened() && error.api().is_some();
                let _ = record.failed(&error).await;
                // Nothing of the item is in doubt: its own change was not asked for yet.
                let error = ChangeError::reading(error);
                if !refused || error.is_too_fast() {
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}
