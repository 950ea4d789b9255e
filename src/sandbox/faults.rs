//! Faults on request: the next calls of the API go wrong in a chosen way. Sandbox only.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

/// A way to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// 429, before anything is done.
    RateLimit,
    /// 429 because somebody else has the object, before anything is done.
    LockTimeout,
    /// 500, before anything is done.
    ServerError,
    /// No answer at all; nothing is done.
    Hang,
    /// The connection is reset; nothing is done.
    Reset,
    /// The work is done, and the answer breaks off in the middle.
    Truncate,
    /// An answer that is no JSON; nothing is done.
    Garble,
}

impl Fault {
    /// The names that the control takes.
    pub(super) const NAMES: [&str; 7] =
        ["rate_limit", "lock_timeout", "server_error", "hang", "reset", "truncate", "garble"];
}

/// The faults that are to come, in order.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    /// Lets the next `count` calls (after those planned already) go wrong.
    pub(super) fn plan(&self, fault: Fault, count: usize) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queue.extend(std::iter::repeat_n(fault, count));
    }

    /// How many calls are still to go wrong.
    pub(super) fn waiting(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The fault for this call.
    pub(super) fn next(&self) -> Option<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}
