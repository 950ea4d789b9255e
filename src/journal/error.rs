//! What can go wrong with files.

use std::io;

use crate::config::plain_reason;

/// Why the journal could not be used. Paths are left to the caller, who knows them.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder cannot be made or entered.
    #[error("the state folder cannot be made: {}; check who may write there", plain_reason(.0))]
    Folder(#[source] io::Error),
    /// The file cannot be opened.
    #[error("the journal cannot be opened: {}; check who may read and write it", plain_reason(.0))]
    Open(#[source] io::Error),
    /// A line could not be written. Nothing is known to be on the disk.
    #[error("the journal cannot be written: {}; make room, or check who may write there", plain_reason(.0))]
    Write(#[source] io::Error),
    /// The file cannot be read.
    #[error("the journal cannot be read: {}; check who may read it", plain_reason(.0))]
    Read(#[source] io::Error),
    /// An entry has no JSON form.
    #[error("a journal entry cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// The outbox knows nothing of this job, or of this session in it.
    #[error("the outbox holds no such job; it was finished, or another program works on it")]
    NoSuchJob,
    /// The outbox holds a job of this name already.
    #[error("the outbox holds a job of this name already")]
    JobExists,
}
