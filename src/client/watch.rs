//! Being told while a request is still tried: what failed, and when it is tried again.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use super::error::Error;

/// A try that failed and is made again.
#[derive(Debug)]
pub struct FailedTry<'a> {
    /// What came of it.
    pub error: &'a Error,
    /// Which one it was, from 1.
    pub number: u8,
    /// How many there are at most.
    pub of: u8,
    /// How long it is until the next one.
    pub pause: Duration,
}

type Tell = Box<dyn Fn(&FailedTry<'_>) + Send + Sync>;

/// Who is told. One for each client, as it is set up.
#[derive(Default)]
pub(super) struct Watcher(OnceLock<Tell>);

impl Watcher {
    /// The first one stays.
    pub(super) fn set(&self, tell: Tell) {
        let _ = self.0.set(tell);
    }

    pub(super) fn tell(&self, failed: &FailedTry<'_>) {
        if let Some(tell) = self.0.get() {
            tell(failed);
        }
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watcher")
    }
}
