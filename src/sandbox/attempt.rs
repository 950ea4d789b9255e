//! One submission: which checks run, and what they find.

use serde_json::Value;

use super::people::Person;
use super::record::{ErrorRecord, ReportRecord, SessionRecord};
use crate::identity::{ErrorCode, Timestamp};

/// How a submission ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check passes.
    Verified,
    /// The check that the code belongs to fails, or the whole session does.
    Failed(ErrorCode),
}

/// What a submission leaves behind.
pub struct Attempt {
    /// The report; `None` for refusals of the whole session (consent, age, country, device, abandoned).
    pub report: Option<ReportRecord>,
    /// `verified_outputs` when verified, else null.
    pub verified_outputs: Value,
    /// The session's `last_error`.
    pub last_error: Option<ErrorRecord>,
}

/// Lets `person` submit documents for `session`, ending at `at` with `verdict` in a report called `report_id`.
#[must_use]
pub fn run(
    _session: &SessionRecord,
    _person: &Person,
    _verdict: &Verdict,
    _report_id: String,
    _at: Timestamp,
) -> Attempt {
    unimplemented!()
}
