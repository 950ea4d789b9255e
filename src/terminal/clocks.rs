//! Where the dashboard reads the time.

use std::time::{Instant, SystemTime};

use crate::clock::{Monotonic, Now, WallTime};

/// The clocks of this machine. The monotonic one counts from when they were made.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    start: Instant,
}

impl Clocks {
    /// Begins to count.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Now {
        Now {
            wall: WallTime::from(SystemTime::now()),
            monotonic: Monotonic::between(self.start, Instant::now()),
        }
    }
}
