//! A person submits documents: processing, and how it ends. Sandbox only.

use super::attempt::{self, Verdict};
use super::errors::Failure;
use super::events::{self, Cause, Kind};
use super::people::Person;
use super::scenario::Script;
use super::store::Connection;
use super::store::jobs::{self, Job, Task};
use super::store::reports;
use super::store::sessions::{self, SessionRow};
use super::{render, rules, tokens};
use crate::clock::Timestamp;
use crate::identity::lifecycle::{Act, Outcome, judge};
use crate::identity::{DocumentType, ErrorCode, Status};

/// What somebody hands in, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submitted {
    /// How the checks end.
    pub(super) verdict: Verdict,
    /// Which kind of document it is; `None` for the one that the person likes best.
    pub(super) document: Option<DocumentType>,
    /// Seconds until the checks end.
    pub(super) delay: i64,
}

/// Submits for session `id`. Its checks end some seconds after `now`; with no delay they have ended already.
///
/// Refusals of the whole session (consent, age, country, device, leaving) happen before anything is submitted: they
/// take effect at once, without `processing` and without a report.
pub(super) async fn submit(
    connection: &mut Connection,
    id: &str,
    submitted: Submitted,
    now: Timestamp,
    seed: u64,
) -> Result<SessionRow, Failure> {
    let Submitted { verdict, document, delay } = submitted;
    let mut row = rules::session(connection, id).await?;
    let outcome = judge(&render::state(&row.record), Act::Submit)
        .map_err(|refusal| rules::refused(&row.record, Act::Submit, refusal))?;
    if let Outcome::To(state) = outcome {
        row.record.status = state.status;
    }
    row.record.last_error = None;
    row.link = None;
    let refused_at_the_door = matches!(&verdict, Verdict::Failed(code) if code.check().is_none());
    if !refused_at_the_door {
        events::record(connection, Kind::Processing, &row.record, now, Cause::default()).await?;
    }
    if delay == 0 || refused_at_the_door {
        finish(connection, &mut row, &verdict, document.as_ref(), now, seed).await?;
    } else {
        sessions::update(connection, &row).await?;
        let task = Task::finish_processing(verdict, document);
        jobs::insert(connection, &Job { session: id.to_owned(), due: now.plus_secs(delay), task }).await?;
    }
    Ok(row)
}

/// Plays what a scenario has for session `id` at `at`. Returns whether anything was left to play: a person who has
/// submitted already, or a session that is closed, is not overruled.
pub(super) async fn play(
    connection: &mut Connection,
    id: &str,
    script: Script,
    at: Timestamp,
    seed: u64,
) -> Result<bool, Failure> {
    let Some(row) = sessions::get(connection, id).await? else { return Ok(false) };
    let untouched = row.record.last_error.is_none() && row.record.last_report.is_none();
    if !untouched || judge(&render::state(&row.record), Act::Submit).is_err() {
        return Ok(false);
    }
    let verdict = script.failed.map_or(Verdict::Verified, Verdict::Failed);
    let submitted = Submitted { verdict, document: None, delay: script.processing };
    submit(connection, id, submitted, at, seed).await?;
    Ok(true)
}

/// Ends the processing of session `id`: what [`submit`] planned.
pub(super) async fn finish_processing(
    connection: &mut Connection,
    id: &str,
    failed: Option<ErrorCode>,
    document: Option<&DocumentType>,
    at: Timestamp,
    seed: u64,
) -> Result<(), Failure> {
    let Some(mut row) = sessions::get(connection, id).await? else { return Ok(()) };
    if row.record.status != Status::Processing {
        return Ok(());
    }
    let verdict = failed.map_or(Verdict::Verified, Verdict::Failed);
    finish(connection, &mut row, &verdict, document, at, seed).await
}

async fn finish(
    connection: &mut Connection,
    row: &mut SessionRow,
    verdict: &Verdict,
    document: Option<&DocumentType>,
    at: Timestamp,
    seed: u64,
) -> Result<(), Failure> {
    let person = Person::invent(seed, &row.record.id);
    let attempt = attempt::run(&row.record, &person, verdict, document, tokens::report_id(), at);
    let record = &mut row.record;
    record.status = if *verdict == Verdict::Verified { Status::Verified } else { Status::RequiresInput };
    record.last_error = attempt.last_error;
    record.verified_outputs = attempt.verified_outputs;
    if let Some(report) = &attempt.report {
        record.last_report = Some(report.id.clone());
        reports::insert(connection, report).await?;
    }
    let kind = if *verdict == Verdict::Verified { Kind::Verified } else { Kind::RequiresInput };
    sessions::update(connection, row).await?;
    events::record(connection, kind, &row.record, at, Cause::default()).await
}
