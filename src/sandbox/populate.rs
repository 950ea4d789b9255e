//! Fills the store with invented people. Sandbox only.

use std::iter::Enumerate;

use super::attempt::Verdict;
use super::errors::Failure;
use super::events::render;
use super::people::{Histories, History, Step, timeline};
use super::record::{ReportRecord, SessionRecord};
use super::store::events::{self, NewEvent};
use super::store::jobs::{self, Job, Task};
use super::store::snapshot::Snapshot;
use super::store::{Connection, bulk, meta, reports, sessions};
use crate::clock::Timestamp;
use crate::identity::{RedactionStatus, Status};

/// Sessions that are being processed when they are invented end this many seconds later, at the earliest …
const PROCESSING_ENDS: i64 = 180;
/// … and this many seconds after one another.
const PROCESSING_STEP: i64 = 45;
/// So many of the newest sessions of a batch have events of their past. More are a matter of load tests, where the
/// events would cost more than everything else.
const WITH_EVENTS: usize = 10_000;
/// So many sessions are held before they are written. Few: what is held once counts for the memory of the process.
const AT_ONCE: usize = 32;
/// From so many sessions on they are invented in a thread of their own, while those before them are written.
const MANY: usize = 5_000;
/// So many parts are invented ahead of those that are written.
const AHEAD: usize = 4;

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
    let mut inventor = Inventor::new(seed, batch, count, now);
    if count < MANY {
        for part in inventor {
            write(connection, part).await?;
        }
        return Ok(());
    }
    let empty = sessions::count(connection).await? == 0;
    if empty {
        bulk::begin(connection).await?;
    }
    let (sender, mut parts) = tokio::sync::mpsc::channel(AHEAD);
    // Ends by itself when nobody takes its parts any more.
    let inventing =
        tokio::task::spawn_blocking(move || inventor.try_for_each(|part| sender.blocking_send(part)));
    while let Some(part) = parts.recv().await {
        write(connection, part).await?;
    }
    if let Err(error) = inventing.await
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
    if empty {
        bulk::end(connection).await?;
    }
    Ok(())
}

/// Some sessions, and all that belongs to them.
#[derive(Default)]
struct Part {
    sessions: Vec<SessionRecord>,
    reports: Vec<ReportRecord>,
    events: Vec<NewEvent>,
    jobs: Vec<Job>,
}

async fn write(connection: &mut Connection, part: Part) -> Result<(), Failure> {
    for job in &part.jobs {
        jobs::insert(connection, job).await?;
    }
    sessions::insert_all(connection, &part.sessions).await?;
    reports::insert_all(connection, &part.reports).await?;
    events::insert(connection, &part.events).await
}

/// Invents part after part.
struct Inventor {
    seed: u64,
    count: usize,
    now: Timestamp,
    histories: Enumerate<Histories>,
    end_of_processing: Timestamp,
}

impl Inventor {
    fn new(seed: u64, batch: u64, count: usize, now: Timestamp) -> Self {
        let histories = Histories::batch(seed, batch, count, now).enumerate();
        Self { seed, count, now, histories, end_of_processing: now.plus_secs(PROCESSING_ENDS) }
    }

    /// What is still to happen to a session.
    fn job(&mut self, record: &SessionRecord) -> Option<Job> {
        let (due, task) = if record.redaction == Some(RedactionStatus::Processing) {
            (record.redaction_due.unwrap_or(self.now), Task::FinishRedaction)
        } else if record.status == Status::Processing {
            let due = self.end_of_processing;
            self.end_of_processing = due.plus_secs(PROCESSING_STEP);
            (due, Task::finish_processing(Verdict::Verified, None))
        } else {
            return None;
        };
        Some(Job { session: record.id.clone(), due, task })
    }
}

impl Iterator for Inventor {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let mut part = Part::default();
        while part.sessions.len() < AT_ONCE
            && let Some((at, history)) = self.histories.next()
        {
            if at + WITH_EVENTS >= self.count {
                part.events.extend(timeline(self.seed, &history, self.now).into_iter().map(event));
            }
            part.jobs.extend(self.job(&history.session));
            let History { session, reports } = history;
            part.sessions.push(session);
            part.reports.extend(reports);
        }
        (!part.sessions.is_empty()).then_some(part)
    }
}

fn event(step: Step) -> NewEvent {
    NewEvent {
        id: step.id,
        created: step.at,
        kind: step.kind,
        snapshot: Snapshot::of(&render::snapshot(&step.session)),
        session: step.session.id,
        request: step.request,
        idempotency_key: None,
        invented: true,
    }
}
