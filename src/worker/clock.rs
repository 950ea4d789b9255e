//! The clocks that tell how long ago a change was asked for, in this run or an earlier one.

use std::sync::Arc;
use std::time::SystemTime;

use crate::clock::{Stamp, WallTime};

/// What stamps are read from. Cheap to clone.
#[derive(Clone)]
pub(super) struct StampClock(Arc<dyn Fn() -> Stamp + Send + Sync>);

impl StampClock {
    pub(super) fn new(read: impl Fn() -> Stamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    pub(super) fn now(&self) -> Stamp {
        (self.0)()
    }
}

impl Default for StampClock {
    /// This machine's clocks.
    fn default() -> Self {
        Self::new(|| Stamp { wall: WallTime::from(SystemTime::now()), up: up() })
    }
}

/// How long this machine has been up, in milliseconds, its sleep included.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn up() -> Option<u64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let (secs, nanos) = (u64::try_from(time.tv_sec).ok()?, u64::try_from(time.tv_nsec).ok()?);
    Some(secs * 1000 + nanos / 1_000_000)
}

/// Other systems have no such clock, or none that counts while the machine sleeps.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const fn up() -> Option<u64> {
    None
}
