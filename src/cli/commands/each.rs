//! Does the same for many objects, several at a time, and counts what came of it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{StreamExt as _, stream};

use super::failure::{Failure, Stop};
use super::printer::Progress;
use crate::cli::{DONE, INTERRUPTED, REFUSED, StopSignals, UNREACHABLE, complain};

/// How many requests are on their way at once. The client keeps to the published limits.
const LANES: usize = 6;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Tally {
    total: usize,
    done: usize,
    failed: usize,
    worst: u8,
    stopped: Option<Stop>,
}

/// Whether nothing more is to be begun. What was begun is finished, and then it is known what became of it.
#[derive(Clone, Default)]
pub(super) struct Halt {
    halted: Arc<AtomicBool>,
    interrupted: Arc<AtomicBool>,
}

impl Halt {
    /// Begins nothing more after Ctrl-C or SIGTERM. A second one ends the program at once.
    pub(super) fn on_signals() -> Self {
        let halt = Self::default();
        let watching = halt.clone();
        // Where they cannot be noticed they end the program, as they do everywhere.
        let Ok(mut signals) = StopSignals::notice() else { return halt };
        tokio::spawn(async move {
            signals.wait().await;
            watching.interrupted.store(true, Ordering::Relaxed);
            watching.halt();
            complain("Stopping: what was begun is finished first. Ctrl-C again ends at once.");
            signals.wait().await;
            std::process::exit(INTERRUPTED.into());
        });
        halt
    }

    fn halt(&self) {
        self.halted.store(true, Ordering::Relaxed);
    }

    fn is_halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed)
    }
}

/// Does `ask` for each of `ids`, and gives what came of it to `take`, in the order of `ids`.
///
/// A refusal is said and the next one goes on. What every other request would fail with (no connection, a refused
/// key) ends it, and so does `take`.
pub(super) async fn each<I, T, F>(
    ids: &[I],
    what: &'static str,
    halt: &Halt,
    ask: impl Fn(I) -> F,
    mut take: impl AsyncFnMut(T) -> Result<(), Stop>,
) -> Tally
where
    I: Clone,
    F: Future<Output = Result<T, Failure>>,
{
    let mut tally = Tally { total: ids.len(), ..Tally::default() };
    let progress = Progress::new(what, Some(ids.len()));
    // The first goes alone, so that one message says what stands in the way of all.
    let (first, rest) = ids.split_at(ids.len().min(1));
    for (part, lanes) in [(first, 1), (rest, LANES)] {
        let open = stream::iter(part.to_vec()).take_while(|_| std::future::ready(!halt.is_halted()));
        let mut answers = std::pin::pin!(open.map(&ask).buffered(lanes));
        while let Some(answer) = answers.next().await {
            progress.add(1);
            match answer {
                Ok(value) => {
                    tally.done += 1;
                    if tally.stopped.is_none()
                        && let Err(stop) = take(value).await
                    {
                        tally.stopped = Some(stop);
                        halt.halt();
                    }
                }
                Err(failure) => {
                    progress.complain(&failure);
                    tally.failed += 1;
                    tally.worst = tally.worst.max(failure.code);
                    if failure.is_final {
                        halt.halt();
                    }
                }
            }
        }
    }
    tally
}

impl Tally {
    /// Says what is missing, as in "3 of 7 sessions were not `canceled`", and gives the exit code.
    pub(super) fn conclude(self, done: &str, halt: &Halt, is_change: bool) -> Result<u8, Stop> {
        let Self { total, done: count, failed, worst, stopped } = self;
        let unasked = total - count - failed;
        if total > 1 && (failed > 0 || unasked > 0 && (is_change || stopped.is_none())) {
            let missing = total - count;
            let asked =
                if unasked > 0 { format!(", {unasked} of them not asked for") } else { String::new() };
            complain(format_args!("{missing} of {total} were not {done}{asked}."));
        }
        match stopped {
            Some(Stop::Closed) if is_change && unasked > 0 => Ok(REFUSED),
            Some(stop) => Err(stop),
            None if worst >= UNREACHABLE => Ok(worst),
            None if unasked > 0 && halt.interrupted.load(Ordering::Relaxed) => Ok(INTERRUPTED),
            None if failed > 0 => Ok(worst.max(REFUSED)),
            None => Ok(DONE),
        }
    }
}
