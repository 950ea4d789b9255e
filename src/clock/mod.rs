//! The clocks: the API's seconds, this machine's wall clock, and the time since the program began.
//!
//! Floor 0: pure, reads no clock. Each has a type of its own, so that a time of one is never taken for a time of
//! another. Every conversion between them, to text and to dates is here and nowhere else.

mod monotonic;
mod stamp;
mod timestamp;
mod wall;

use std::time::Duration;

pub use monotonic::Monotonic;
pub use stamp::Stamp;
pub use timestamp::Timestamp;
pub use wall::WallTime;

/// Both clocks of this machine, read at one moment.
///
/// What is shown, written down or compared with the API goes by the wall clock. What lasts for a while goes by the
/// monotonic one, which nobody can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// What the wall clock showed.
    pub wall: WallTime,
    /// How long the program had been running.
    pub monotonic: Monotonic,
}

impl Now {
    /// How much further than the monotonic clock the wall clock has gone forwards since `earlier`.
    ///
    /// The monotonic clock may stand still while the machine sleeps. A wall clock that was set ahead looks the same;
    /// one that was set back gives zero.
    #[must_use]
    pub fn unaccounted_since(self, earlier: Self) -> Duration {
        self.wall.since(earlier.wall).saturating_sub(self.monotonic.since(earlier.monotonic))
    }
}

#[cfg(test)]
pub(crate) mod fixtures {
    //! Times for tests.

    use super::*;

    /// A reading at this second, a while after the program began.
    pub(crate) fn at(secs: i64) -> Now {
        let wall = Timestamp::from_secs(secs).wall_time().expect("a date");
        Now { wall, monotonic: Monotonic::from_start(Duration::from_secs(100)) }
    }

    /// A reading at noon.
    pub(crate) fn noon() -> Now {
        at(1_772_366_400)
    }

    /// A reading so many seconds later, when nobody has touched a clock.
    pub(crate) fn later(now: Now, secs: u64) -> Now {
        let passed = Duration::from_secs(secs);
        Now { wall: now.wall.plus(passed), monotonic: now.monotonic.plus(passed) }
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::noon;
    use super::*;

    #[test]
    fn only_a_wall_clock_that_ran_ahead_leaves_time_unaccounted_for() {
        let [seven, hour] = [7, 3600].map(Duration::from_secs);
        let Now { wall, monotonic } = noon();
        for (wall, passed, lost) in [
            (wall.plus(seven), seven, Duration::ZERO),
            (wall.plus(hour), seven, hour.saturating_sub(seven)),
            (wall.minus(hour), seven, Duration::ZERO),
            (wall.plus(seven), hour, Duration::ZERO),
        ] {
            let after = Now { wall, monotonic: monotonic.plus(passed) };
            assert_eq!(after.unaccounted_since(noon()), lost, "{wall} after {passed:?}");
        }
    }
}
