//! What can go wrong with files.

use std::io;

/// Why the journal could not be used. Paths are left to the caller, who knows them.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder cannot be made or entered.
    #[error("the state folder cannot be made: {0}; check who may write there")]
    Folder(#[source] io::Error),
    /// The file cannot be opened.
    #[error("the journal cannot be opened: {0}; check who may read and write it")]
    Open(#[source] io::Error),
    /// A line could not be written. Nothing is known to be on the disk.
    #[error("the journal cannot be written: {0}; check that the disk is not full")]
    Write(#[source] io::Error),
    /// The file cannot be read.
    #[error("the journal cannot be read: {0}; check who may read it")]
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
