//! Does what is due: ends of processing and of redactions, on the sandbox clock. Sandbox only.
//!
//! Jobs live in the database. Here is only the time of the next one, so that a request that finds nothing due pays
//! nothing, and a timer that runs only while something is due soon.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::errors::Failure;
use super::state::Sandbox;
use super::store::jobs::{self, Task};
use super::store::{outlook, scripts};
use super::{redaction, submission};
use crate::clock::Timestamp;

/// The timer does not wait for what is further away: a request or a turn of the clock will come first.
const SOON: Duration = Duration::from_hours(1);
/// How long the timer pauses after a failure.
const RETRY: Duration = Duration::from_mins(1);
const NOTHING: Timestamp = Timestamp::MAX;

/// When the next job is due.
#[derive(Debug)]
pub(super) struct Agenda {
    next: AtomicI64,
    changed: Notify,
}

impl Agenda {
    /// An agenda on which something may be due.
    pub(super) const fn new() -> Self {
        Self { next: AtomicI64::new(Timestamp::MIN.as_secs()), changed: Notify::const_new() }
    }

    fn set(&self, next: Option<Timestamp>) {
        self.next.store(next.unwrap_or(NOTHING).as_secs(), Ordering::Release);
        self.changed.notify_one();
    }

    fn next(&self) -> Timestamp {
        Timestamp::from_secs(self.next.load(Ordering::Acquire))
    }

    /// Whether something is due at `now`.
    fn is_due(&self, now: Timestamp) -> bool {
        self.next() <= now
    }
}

impl Sandbox {
    /// Does everything that is due. Returns how many jobs that were.
    pub(super) async fn settle(&self) -> Result<u64, Failure> {
        let (mut done, mut erased) = (0, false);
        if !self.agenda.is_due(self.clock.now()) {
            return Ok(done);
        }
        let mut write = self.store.write().await?;
        let now = self.clock.now();
        while let Some(due) = outlook::read(&mut write).await?.due.filter(|due| *due <= now) {
            // A script at the same time goes first: it may plan the job.
            if let Some((session, at, script)) = scripts::take_due(&mut write, due).await? {
                done += u64::from(submission::play(&mut write, &session, script, at, self.seed).await?);
            } else if let Some(job) = jobs::take_due(&mut write, due).await? {
                done += 1;
                match job.task {
                    Task::FinishRedaction => {
                        redaction::finish(&mut write, &job.session, job.due).await?;
                        erased = true;
                    }
                    Task::FinishProcessing(failed) => {
                        submission::finish_processing(
                            &mut write,
                            &job.session,
                            failed,
                            None,
                            job.due,
                            self.seed,
                        )
                        .await?;
                    }
                    Task::CheckDocument(failed, document) => {
                        let (session, shown) = (&job.session, Some(&document));
                        submission::finish_processing(&mut write, session, failed, shown, job.due, self.seed)
                            .await?;
                    }
                }
            }
        }
        self.commit(write).await?;
        if erased {
            self.erased.notify_one();
        }
        Ok(done)
    }

    /// Commits, and puts on the agenda what is due next.
    pub(super) async fn commit(&self, mut write: super::store::Write<'_>) -> Result<(), Failure> {
        let outlook = outlook::read(&mut write).await?;
        // Nobody else writes before the lock is let go, so the agenda cannot miss a job.
        let _alone = write.commit().await?;
        self.agenda.set(outlook.due);
        self.courier.set(outlook);
        Ok(())
    }

    /// Settles what becomes due while nobody asks. Runs until the sandbox closes.
    pub(super) async fn keep_time(&self) {
        loop {
            let next = self.agenda.next();
            let wait = self.clock.until(next);
            let due = async {
                if next == NOTHING || wait > SOON {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(wait).await;
            };
            tokio::select! {
                () = self.closing.cancelled() => return,
                () = self.agenda.changed.notified() => {}
                () = due => {
                    if let Err(failure) = self.settle().await {
                        tracing::error!(%failure, "what was due could not be done");
                        // Still due: the next request tries again, or else this timer after a pause.
                        tokio::select! {
                            () = self.closing.cancelled() => return,
                            () = self.agenda.changed.notified() => {}
                            () = tokio::time::sleep(RETRY) => {}
                        }
                    }
                }
            }
        }
    }

    /// Scrubs the database's files after redactions, beside the requests. Runs until the sandbox closes.
    pub(super) async fn keep_clean(&self) {
        loop {
            let pause = match self.store.scrub_if_due().await {
                Ok(()) => None,
                Err(error) => {
                    tracing::warn!(%error, "erased data still have to be scrubbed from the database");
                    Some(RETRY)
                }
            };
            let again = async {
                match pause {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.closing.cancelled() => return,
                () = self.erased.notified() => {}
                () = again => {}
            }
        }
    }
}
