//! Why something was not done, why nobody knows, or why its end is not written down. Every error keeps what it comes
//! from; [`super::problem`] has the sentences that people read.

use std::fmt;

use crate::client;
use crate::clock::WallTime;
use crate::identity::{ApiError, Session, SessionId};
use crate::journal::{JobId, JournalError};

/// Why a change was not made, or a reveal or an export not allowed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ChangeError {
    /// It could not be written down first, so that it was not done.
    #[error("{undone}, because it could not be written down first: {source}")]
    NotWritten {
        /// What was not done.
        undone: Undone,
        /// Why it could not be written down.
        source: JournalError,
    },
    /// The job that it belongs to was finished, or another program works on it. Nothing was sent.
    #[error("nothing was sent, because the outbox no longer holds the change to {session}")]
    NotInOutbox {
        /// The session that was to be changed.
        session: SessionId,
    },
    /// The whole job was finished, or another program works on it.
    #[error("the outbox no longer holds job {job}: it was finished, or another program works on it")]
    NoSuchJob {
        /// The job.
        job: JobId,
    },
    /// What reading tells of an item in doubt could not be written down.
    #[error("what became of it could not be written down: {source}")]
    Unsettled {
        /// Why not.
        source: JournalError,
    },
    /// A job is done, as far as it goes, and its file is still in the outbox.
    #[error("the outbox could not be cleared: {source}")]
    NotCleared {
        /// Why not.
        source: JournalError,
    },
    /// The same create is in doubt, and the API has forgotten its idempotency key by now. Nothing was sent.
    #[error("nothing was sent: the same create went out at {at}, and nobody knows whether it happened")]
    KeyForgotten {
        /// When it first went out.
        at: WallTime,
        /// Until when a request of it may have been on its way.
        until: WallTime,
        /// What was created from a minute before the first to a minute after the last of these.
        near: Vec<SessionId>,
    },
    /// The API did not do it.
    #[error("{source}")]
    Api {
        /// What the API said, or what stood between.
        source: Box<client::Error>,
        /// Why that could not be written down, if it was not.
        unwritten: Option<Unwritten>,
        /// The session as it is now, if it could be read.
        now: Option<Box<Session>>,
    },
    /// Nobody knows whether the API did it. Asked for again it goes out under the same key.
    #[error("nobody knows whether it happened: {source}")]
    InDoubt {
        /// What came instead of an answer.
        source: Box<client::Error>,
        /// Why that could not be written down, if it was not.
        unwritten: Option<Unwritten>,
        /// The session as it is now, if it could be read.
        now: Option<Box<Session>>,
    },
}

/// What is not done where it cannot be written down first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// A request that changes something.
    Sending,
    /// Showing personal data.
    Revealing,
    /// Writing records to a file.
    Exporting,
    /// Keeping a job for a moment in which it can be taken back.
    Holding,
    /// Taking out of the outbox what was dropped or told.
    Clearing,
    /// Taking a job out of the outbox that is done.
    Finishing,
    /// Writing down when a redaction came to its end.
    Noting,
}

/// What could not be written after a change that was asked for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unwritten {
    /// What became of it. The next start looks at it again.
    #[error("What became of it could not be written down: {0}. It is looked at again at the next start.")]
    Outcome(#[source] JournalError),
    /// That the reason of a cancel which was not made is gone from the session's metadata.
    #[error("Its reason may still stand in metadata.{key}: it could not be taken back.")]
    Reason {
        /// The key of the metadata.
        key: String,
    },
}

/// The audit cannot be read for the dashboard.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the audit cannot be shown: {0}")]
pub(super) struct AuditError(#[source] pub(super) JournalError);

/// What earlier runs left cannot be looked for.
#[derive(Clone, Debug, thiserror::Error)]
#[error("what an earlier run left could not be looked for: {0}")]
pub(super) struct OutboxError(#[source] pub(super) JournalError);

impl ChangeError {
    /// Nothing was sent, because of `source`.
    #[must_use]
    pub const fn not_sent(source: JournalError) -> Self {
        Self::NotWritten { undone: Undone::Sending, source }
    }

    /// Why something could not be read, which leaves nothing in doubt.
    #[must_use]
    pub(super) fn reading(source: client::Error) -> Self {
        Self::Api { source: Box::new(source), unwritten: None, now: None }
    }

    /// What the API said, if it said something.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api { source, .. } | Self::InDoubt { source, .. } => source.api(),
            Self::NotWritten { .. }
            | Self::NotInOutbox { .. }
            | Self::NoSuchJob { .. }
            | Self::KeyForgotten { .. }
            | Self::Unsettled { .. }
            | Self::NotCleared { .. } => None,
        }
    }

    /// Whether the API was asked too fast.
    pub(super) fn is_too_fast(&self) -> bool {
        self.api().is_some_and(ApiError::is_too_fast)
    }
}

impl fmt::Display for Undone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sending => "nothing was sent",
            Self::Revealing => "nothing was revealed",
            Self::Exporting => "nothing was exported",
            Self::Holding => "nothing was held",
            Self::Clearing => "it was not taken out of the outbox",
            Self::Finishing => "the job is done, but not taken out of the outbox",
            Self::Noting => "the end of the redaction was not written down",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io;
    use std::sync::Arc;

    use super::*;

    fn full() -> JournalError {
        JournalError::Write(Arc::new(io::ErrorKind::StorageFull.into()))
    }

    #[test]
    fn an_error_of_the_journal_keeps_its_source_up_to_the_edge() {
        for error in [
            ChangeError::not_sent(full()),
            ChangeError::Unsettled { source: full() },
            ChangeError::NotCleared { source: full() },
        ] {
            is_of_a_full_disk(&error);
        }
        is_of_a_full_disk(&Unwritten::Outcome(full()));
        is_of_a_full_disk(&AuditError(full()));
    }

    fn is_of_a_full_disk(error: &dyn std::error::Error) {
        let journal = error.source().and_then(|source| source.downcast_ref::<JournalError>());
        let system = journal.and_then(|journal| journal.source()?.downcast_ref::<Arc<io::Error>>());
        assert_eq!(system.map(|error| error.kind()), Some(io::ErrorKind::StorageFull), "{error:?}");
    }

    #[test]
    fn an_error_fits_a_result() {
        assert!(size_of::<ChangeError>() <= 64);
    }
}
