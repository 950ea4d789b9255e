//! Invented people. Same seed, same people.

use super::record::{ReportRecord, SessionRecord};
use crate::identity::Timestamp;

/// Somebody who does not exist.
#[derive(Clone, Debug)]
pub struct Person {}

impl Person {
    /// The person that `seed` and `key` (a session's id, say) always lead to.
    #[must_use]
    pub fn invent(_seed: u64, _key: &str) -> Self {
        unimplemented!()
    }
}

/// A session of the past with its reports, oldest first.
pub struct History {
    /// The session.
    pub session: SessionRecord,
    /// Its reports.
    pub reports: Vec<ReportRecord>,
}

/// Invents `count` sessions created within the 30 days before `now`, newest last.
#[must_use]
pub fn histories(_seed: u64, _count: usize, _now: Timestamp) -> Vec<History> {
    unimplemented!()
}
