//! One line of the audit: what was done, and its place in the chain.

use serde::{Deserialize, Serialize};

use super::hash::Hash;
use super::word::{Reason, Word};
use crate::clock::WallTime;

/// Which world the change was made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real people.
    Live,
    /// Nobody real.
    Test,
}

impl Mode {
    /// The mode as it stands in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// About to be sent.
    Asked,
    /// The API did it; or it was revealed or exported.
    Done,
    /// The API said no.
    Refused,
    /// It did not begin: it was not sent, or the API was too busy for it.
    #[serde(rename = "not_begun")]
    NotBegun,
    /// Nobody knows: no answer came that proves it.
    Failed,
}

impl Outcome {
    /// The outcome as it stands in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::NotBegun => "not_begun",
            Self::Failed => "failed",
        }
    }
}

/// One step of a change, a reveal or an export. No personal data, and no room for any but the operator's own note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in UTC: RFC 3339 in the file.
    pub at: WallTime,
    /// Who worked at the terminal.
    pub operator: Word,
    /// The profile of the settings that was used.
    pub profile: Word,
    /// Live or test mode.
    pub mode: Mode,
    /// What was pressed or typed: `key:X`, `palette:redact`, `cli:sessions-redact`, `outbox`.
    pub via: Word,
    /// What was done: `create`, `update`, `cancel`, `redact`, `submit`, `reveal`, `export`.
    pub action: Word,
    /// The id of the object. None while it is being created, and for an export.
    pub object: Option<Word>,
    /// The parameters by name; with a value only where it cannot be personal: `type:document`.
    pub params: Vec<Word>,
    /// Why the operator did it.
    pub reason: Option<Reason>,
    /// The job it is part of.
    pub job: Option<Word>,
    /// The `Request-Id` of the reply.
    pub request_id: Option<Word>,
    /// The idempotency key, which ties the lines of one change together.
    pub idempotency_key: Option<Word>,
    /// What became of it.
    pub result: Outcome,
    /// The API's code, or else its HTTP status, when it refused.
    pub error_code: Option<Word>,
}

/// An entry in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number, from 1. Cut lines count.
    pub seq: u64,
    /// What it says.
    #[serde(flatten)]
    pub entry: Entry,
    /// SHA-256 of the bytes of the line before, without its line feed; zeros where the chain begins.
    pub prev: Hash,
}
