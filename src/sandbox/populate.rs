//! Fills the store with invented people. Sandbox only.

use super::attempt::Verdict;
use super::errors::Failure;
use super::people;
use super::redaction;
use super::store::jobs::{self, Job, Task};
use super::store::sessions::SessionRow;
use super::store::{Connection, reports, sessions};
use crate::identity::{RedactionStatus, Status, Timestamp};

/// How many people are in memory at once.
const BATCH: usize = 1000;
/// Sessions that are being processed when they are invented end this many seconds later, at the earliest …
const PROCESSING_ENDS: i64 = 180;
/// … and this many seconds after one another.
const PROCESSING_STEP: i64 = 45;

/// Invents `count` sessions with their reports. The same seed makes the same people, at times relative to `now`.
pub(super) async fn people(
    connection: &mut Connection,
    seed: u64,
    count: usize,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut processing = 0;
    let mut batch_seed = seed;
    let mut left = count;
    while left > 0 {
        let size = left.min(BATCH);
        for mut history in people::histories(batch_seed, size, now) {
            let record = &mut history.session;
            if record.redaction.is_some() {
                redaction::mask_session(record);
                history.reports.iter_mut().for_each(redaction::mask_report);
            }
            if record.redaction == Some(RedactionStatus::Processing) {
                let due = record.redaction_due.unwrap_or(now);
                plan(connection, &record.id, due, Task::FinishRedaction).await?;
            } else if record.status == Status::Processing {
                let due = now + PROCESSING_ENDS + processing * PROCESSING_STEP;
                processing += 1;
                plan(connection, &record.id, due, Task::finish_processing(Verdict::Verified)).await?;
            }
            sessions::insert(connection, &SessionRow { record: history.session, link: None }).await?;
            for report in &history.reports {
                reports::insert(connection, report).await?;
            }
        }
        left -= size;
        batch_seed = batch_seed.wrapping_add(1);
    }
    Ok(())
}

async fn plan(connection: &mut Connection, id: &str, due: Timestamp, task: Task) -> Result<(), Failure> {
    jobs::insert(connection, &Job { session: id.to_owned(), due, task }).await
}
