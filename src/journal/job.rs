//! What is still to be done: jobs, their items, and single changes that no job can repeat.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::entry::Mode;
use super::word::{Reason, Word};
use crate::clock::{Stamp, WallTime};
use crate::identity::SessionId;
use crate::identity::lifecycle::State;

/// Names a job, on every machine and in every run: `00c0ffee00c0ffee-1`. Safe as a file name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(Word);

impl JobId {
    /// The `n`th job of a run of the program; `run` is random.
    #[must_use]
    pub fn new(run: u64, n: u64) -> Self {
        Self(Word::new(&format!("{run:016x}-{n}")))
    }

    /// A job of its own, in no run.
    #[must_use]
    pub fn fresh() -> Self {
        Self::new(rand::random(), 0)
    }

    /// The id as it stands in the audit.
    #[must_use]
    pub const fn word(&self) -> &Word {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where changes are made: what was left over is finished only there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The profile of the settings.
    pub profile: Word,
    /// Host and port of the API; `sandbox` for the embedded one, whose port differs from run to run.
    pub host: Word,
    /// Live or test mode.
    pub mode: Mode,
}

/// What a job does to each of its sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobAct {
    /// Cancels it.
    Cancel,
    /// Redacts it.
    Redact,
    /// Sets these keys of its metadata, or removes those without a value. On disk only while the job is unfinished.
    Metadata(BTreeMap<String, Option<String>>),
}

impl JobAct {
    /// The action as it stands in the audit.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Redact => "redact",
            Self::Metadata(_) => "update",
        }
    }
}

/// One change to one or many sessions, each at most once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its name.
    pub id: JobId,
    /// When it was confirmed.
    pub created: WallTime,
    /// Who confirmed it.
    pub operator: Word,
    /// Where it is done.
    #[serde(flatten)]
    pub place: Place,
    /// What was pressed or typed.
    pub via: Word,
    /// What it does.
    pub act: JobAct,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// To which sessions. Each is there once.
    pub items: Vec<Item>,
}

impl Job {
    /// Whether something is held or in doubt.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.items.iter().any(|item| item.step.is_open())
    }
}

/// A job's part in one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The session.
    pub session: SessionId,
    /// Its state when the change was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The idempotency key of the change, for every time it is asked for.
    pub key: Word,
    /// How far it is.
    pub step: Step,
    /// When it was asked for last. None where it was not, or by a version that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Stamp>,
}

/// How far an item is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "lowercase")]
pub enum Step {
    /// Not sent.
    Held,
    /// Sent, or about to be. After a crash nobody knows.
    Asked,
    /// The API did it.
    Done {
        /// The `Request-Id` of the reply.
        request_id: Option<Word>,
    },
    /// The API said no.
    Refused {
        /// Its code, or else its HTTP status.
        code: Word,
    },
    /// No readable answer came. It may have been done.
    Failed,
    /// Taken back before it was sent.
    Dropped,
}

impl Step {
    /// Whether something is left to do.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Held) || self.is_in_doubt()
    }

    /// Whether nobody knows if it was done.
    #[must_use]
    pub const fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Asked | Self::Failed)
    }
}

/// A create or an update that was sent and not answered. What it said is not on disk, so that no other run can repeat
/// it; it can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Single {
    /// Its name.
    pub id: JobId,
    /// When it was asked for.
    pub created: WallTime,
    /// When it was last asked for again under the same key, if it was. Stands in a line of its own.
    #[serde(skip)]
    pub again: Option<WallTime>,
    /// Who asked.
    pub operator: Word,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What was pressed or typed.
    pub via: Word,
    /// `create` or `update`.
    pub action: Word,
    /// The session, if it had an id.
    pub object: Option<Word>,
    /// The parameters by name, as in the audit.
    pub params: Vec<Word>,
    /// The idempotency key it went out under.
    pub key: Word,
}

impl Single {
    /// When it last went out.
    #[must_use]
    pub fn last(&self) -> WallTime {
        self.again.unwrap_or(self.created)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_file_names() {
        assert_eq!(JobId::new(0xc0_ffee, 12).to_string(), "0000000000c0ffee-12");
        assert_ne!(JobId::fresh(), JobId::fresh());
    }
}
