//! Fills the store with invented people. Sandbox only.

use super::attempt::Verdict;
use super::errors::Failure;
use super::events::render;
use super::people::{Histories, Step, timeline};
use super::store::events::{self, NewEvent};
use super::store::jobs::{self, Job, Task};
use super::store::sessions::SessionRow;
use super::store::{Connection, meta, reports, sessions};
use crate::identity::{RedactionStatus, Status, Timestamp};

/// Sessions that are being processed when they are invented end this many seconds later, at the earliest …
const PROCESSING_ENDS: i64 = 180;
/// … and this many seconds after one another.
const PROCESSING_STEP: i64 = 45;
/// So many of the newest sessions of a batch have events of their past. More are a matter of load tests, where the
/// events would cost more than everything else.
const WITH_EVENTS: usize = 10_000;
/// So many sessions' events are held before they are written.
const EVENTS_AT_ONCE: usize = 50;

/// Invents `count` sessions with their reports. The same seed makes the same people, at times relative to `now`;
/// who is invented later is somebody else.
pub(super) async fn people(
    connection: &mut Connection,
    seed: u64,
    count: usize,
    now: Timestamp,
) -> Result<(), Failure> {
    let batch = meta::get(connection, meta::BATCHES).await?.and_then(|it| it.parse().ok()).unwrap_or(0);
    meta::set(connection, meta::BATCHES, &(batch + 1).to_string()).await?;
    let mut end_of_processing = now + PROCESSING_ENDS;
    let mut past = Vec::new();
    for (at, history) in Histories::batch(seed, batch, count, now).enumerate() {
        if at + WITH_EVENTS >= count {
            past.extend(timeline(seed, &history, now).into_iter().map(event));
        }
        let record = &history.session;
        if record.redaction == Some(RedactionStatus::Processing) {
            let due = record.redaction_due.unwrap_or(now);
            plan(connection, &record.id, due, Task::FinishRedaction).await?;
        } else if record.status == Status::Processing {
            let task = Task::finish_processing(Verdict::Verified, None);
            plan(connection, &record.id, end_of_processing, task).await?;
            end_of_processing += PROCESSING_STEP;
        }
        sessions::insert(connection, &SessionRow { record: history.session, link: None }).await?;
        for report in &history.reports {
            reports::insert(connection, report).await?;
        }
        if at % EVENTS_AT_ONCE == 0 {
            events::insert(connection, &std::mem::take(&mut past)).await?;
        }
    }
    events::insert(connection, &past).await
}

fn event(step: Step) -> NewEvent {
    NewEvent {
        id: step.id,
        created: step.at,
        kind: step.kind,
        snapshot: render::snapshot(&step.session),
        session: step.session.id,
        request: step.request,
        idempotency_key: None,
        invented: true,
    }
}

async fn plan(connection: &mut Connection, id: &str, due: Timestamp, task: Task) -> Result<(), Failure> {
    jobs::insert(connection, &Job { session: id.to_owned(), due, task }).await
}
