//! What can go wrong with files.

use std::io;
use std::sync::Arc;

use super::lock::LockHeld;
use crate::blocking::Ending;
use crate::config::plain_reason;

/// Why the journal could not be used. Paths are left to the caller, who knows them.
///
/// A clone is the same error: a file that could not be opened answers everything that wants to write there.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder cannot be made or entered.
    #[error("the state folder cannot be made: {}; check who may write there", plain_reason(.0))]
    Folder(#[source] Arc<io::Error>),
    /// The file cannot be opened.
    #[error("the journal cannot be opened: {}; check who may read and write it", plain_reason(.0))]
    Open(#[source] Arc<io::Error>),
    /// A line could not be written. Nothing is known to be on the disk.
    #[error("the journal cannot be written: {}; make room, or check who may write there", plain_reason(.0))]
    Write(#[source] Arc<io::Error>),
    /// The file cannot be read.
    #[error("the journal cannot be read: {}; check who may read it", plain_reason(.0))]
    Read(#[source] Arc<io::Error>),
    /// An entry has no JSON form.
    #[error("a journal entry cannot be written as JSON")]
    Encode(#[source] Arc<serde_json::Error>),
    /// Another process holds the lock, and does not let go of it.
    #[error(transparent)]
    Held(Box<LockHeld>),
    /// The file of a job was taken away or replaced while this program worked on it.
    #[error("the file of the job was moved or removed; put it back, or start vetty again")]
    JobMoved,
    /// The outbox knows nothing of this job, or of this session in it.
    #[error("the outbox holds no such job; it was finished, or another program works on it")]
    NoSuchJob,
    /// The outbox holds a job of this name already.
    #[error("the outbox holds a job of this name already")]
    JobExists,
    /// The program ends before the disk has it.
    #[error(transparent)]
    Ending(#[from] Ending),
}

impl JournalError {
    /// Whether room on the disk, or the right to use it, may mend it.
    #[must_use]
    pub const fn is_of_the_disk(&self) -> bool {
        match self {
            Self::Folder(_) | Self::Open(_) | Self::Write(_) | Self::Read(_) | Self::Encode(_) => true,
            Self::Held(_) | Self::JobMoved | Self::NoSuchJob | Self::JobExists | Self::Ending(_) => false,
        }
    }

    pub(super) fn folder(error: io::Error) -> Self {
        Self::Folder(Arc::new(error))
    }

    pub(super) fn open(error: io::Error) -> Self {
        Self::Open(Arc::new(error))
    }

    pub(super) fn write(error: io::Error) -> Self {
        Self::Write(Arc::new(error))
    }

    pub(super) fn read(error: io::Error) -> Self {
        Self::Read(Arc::new(error))
    }

    pub(super) fn encode(error: serde_json::Error) -> Self {
        Self::Encode(Arc::new(error))
    }
}
