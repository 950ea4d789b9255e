//! Time since the program began.

use std::time::{Duration, Instant};

/// How long the program has been running, by a clock that nobody can set. It only goes forwards, and it is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monotonic(Duration);

impl Monotonic {
    /// The beginning.
    pub const START: Self = Self(Duration::ZERO);

    /// The moment that comes `passed` after the beginning.
    #[must_use]
    pub const fn from_start(passed: Duration) -> Self {
        Self(passed)
    }

    /// `now`, counted from `start`.
    #[must_use]
    pub fn between(start: Instant, now: Instant) -> Self {
        Self(now.saturating_duration_since(start))
    }

    /// This much later; the end of time at the latest.
    #[must_use]
    pub const fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }

    /// This much earlier; the beginning at the earliest.
    #[must_use]
    pub const fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration))
    }

    /// How long after `earlier` it is; zero when it is not.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_from_the_start_and_leaves_no_bound() {
        let minute = Duration::from_mins(1);
        let start = Instant::now();
        assert_eq!(Monotonic::between(start, start + minute), Monotonic::from_start(minute));
        assert_eq!(Monotonic::between(start + minute, start), Monotonic::START);
        let later = Monotonic::START.plus(minute);
        assert_eq!((later.since(Monotonic::START), Monotonic::START.since(later)), (minute, Duration::ZERO));
        assert_eq!(later.minus(minute * 2), Monotonic::START);
        assert_eq!(later.plus(Duration::MAX), Monotonic::from_start(Duration::MAX));
    }
}
