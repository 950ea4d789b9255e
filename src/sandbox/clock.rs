//! The sandbox clock: the wall clock and an offset that only grows. Sandbox only.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use crate::clock::{Timestamp, WallTime};

/// The furthest the clock may be ahead: one hundred years. Keeps every sum of times far from overflow.
pub(super) const FURTHEST: i64 = 100 * 365 * 86_400;

/// Tells the time inside the sandbox.
#[derive(Debug)]
pub(super) struct Clock {
    /// Seconds that the sandbox is ahead of the wall clock.
    ahead: AtomicI64,
}

impl Clock {
    /// A clock that is `ahead` seconds ahead of the wall clock.
    pub(super) const fn new(ahead: i64) -> Self {
        Self { ahead: AtomicI64::new(ahead) }
    }

    /// The time now.
    pub(super) fn now(&self) -> Timestamp {
        wall().timestamp().plus_secs(self.ahead())
    }

    /// What the wall clock shows.
    pub(super) fn wall_now() -> Timestamp {
        wall().timestamp()
    }

    /// How many seconds the clock is ahead.
    pub(super) fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::Acquire)
    }

    /// Sets how many seconds the clock is ahead.
    pub(super) fn set_ahead(&self, seconds: i64) {
        self.ahead.store(seconds, Ordering::Release);
    }

    /// How long the wall clock takes until this clock shows `then`.
    pub(super) fn until(&self, then: Timestamp) -> Duration {
        wall().until(then.minus_secs(self.ahead()))
    }
}

fn wall() -> WallTime {
    WallTime::from(SystemTime::now())
}
