//! How fast a job goes: as fast as the client's limits let it, until the API says that it is too fast.
//!
//! The client keeps to the published limits of the real service by itself. Elsewhere, and beside other programs that use
//! the same account, only the API's 429 tells.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How often an item is asked for again because the API was asked too fast.
pub(super) const AGAIN: usize = 8;

/// The first distance between two items once the API has said so, and the longest one.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// How long nothing is sent after the API has said so: its limits are counted by the second.
const REST: Duration = Duration::from_secs(1);

/// Gives every item of a job its turn.
pub(super) struct Pace(Mutex<Turns>);

struct Turns {
    next: Instant,
    distance: Duration,
    /// When the distance was last made longer: several 429 of one moment count once.
    slowed: Option<Instant>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Turns { next: Instant::now(), distance: Duration::ZERO, slowed: None }))
    }

    /// Waits for the next turn.
    pub(super) async fn turn(&self) {
        let at = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let at = turns.next.max(Instant::now());
            turns.next = at + turns.distance;
            at
        };
        sleep_until(at).await;
    }

    /// The API was asked too fast.
    pub(super) fn slow_down(&self) {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if turns.slowed.is_some_and(|slowed| now < slowed + REST) {
            return;
        }
        turns.slowed = Some(now);
        turns.distance = (turns.distance * 3 / 2).clamp(FIRST, LONGEST);
        turns.next = turns.next.max(now + REST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_refusals_slows_down_once() {
        let pace = Pace::new();
        for _ in 0..5 {
            pace.slow_down();
        }
        let turns = pace.0.lock().expect("no panic");
        assert_eq!(turns.distance, FIRST);
        assert!(turns.next > Instant::now());
    }
}
