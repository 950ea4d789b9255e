//! A moment from which a later run of the program can reckon.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::WallTime;

/// A moment by the wall clock, and by how long the machine had been up: the one may be set, the other begins anew with the
/// machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// What the wall clock showed.
    #[serde(rename = "at")]
    pub wall: WallTime,
    /// How long the machine had been up, in milliseconds, its sleep included. None where that cannot be told.
    #[serde(rename = "up_ms", default, skip_serializing_if = "Option::is_none")]
    pub up: Option<u64>,
}

impl Stamp {
    /// How long ago `earlier` surely is: by whichever clock says less. After the machine has begun anew the wall clock
    /// alone tells.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let by_wall = self.wall.since(earlier.wall);
        match (earlier.up, self.up) {
            (Some(then), Some(now)) if now >= then => by_wall.min(Duration::from_millis(now - then)),
            _ => by_wall,
        }
    }

    /// How long ago `earlier` may be: by whichever clock says more.
    #[must_use]
    pub fn since_at_most(self, earlier: Self) -> Duration {
        let by_wall = self.wall.since(earlier.wall);
        match (earlier.up, self.up) {
            (Some(then), Some(now)) if now >= then => by_wall.max(Duration::from_millis(now - then)),
            _ => by_wall,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stamp(wall: u64, up: Option<u64>) -> Stamp {
        Stamp { wall: WallTime::EPOCH.plus(Duration::from_millis(wall)), up }
    }

    proptest! {
        /// However the wall clock is set, no time is taken as passed that has not.
        #[test]
        fn a_clock_that_jumps_makes_nothing_older(
            wall in 0..1_000_000_000_u64, jumped in 0..2_000_000_000_u64,
            up in 0..1_000_000_u64, passed in 0..1_000_000_u64,
        ) {
            let (then, now) = (stamp(wall, Some(up)), stamp(jumped, Some(up + passed)));
            prop_assert!(now.since(then) <= Duration::from_millis(passed));
            prop_assert!(now.since_at_most(then) >= Duration::from_millis(passed));
        }

        #[test]
        fn clocks_that_agree_tell_the_time_that_passed(
            wall in 0..1_000_000_000_u64, up in 0..1_000_000_u64, passed in 0..1_000_000_u64,
        ) {
            let then = stamp(wall, Some(up));
            prop_assert_eq!(stamp(wall + passed, Some(up + passed)).since(then), Duration::from_millis(passed));
            // The machine began anew, or does not say.
            prop_assert_eq!(stamp(wall + passed, None).since(then), Duration::from_millis(passed));
            if up > 0 {
                let anew = stamp(wall + passed, Some(up - 1));
                prop_assert_eq!(anew.since(then), Duration::from_millis(passed));
            }
        }
    }
}
