//! The head of the chain: a small file beside the audit that names its last line.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files;
use super::hash::Hash;

/// The last line of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number; 0 before the first line.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// The head of a chain that has no lines.
    pub const START: Self = Self { seq: 0, hash: Hash::ZERO };
}

/// What stands in the head file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Head(Head),
    /// Something else.
    Garbage,
    /// There is no head file.
    Nothing,
}

/// Where the head of the audit at `audit` is: `audit.head` beside `audit.jsonl`.
pub(super) fn path_of(audit: &Path) -> PathBuf {
    audit.with_extension("head")
}

pub(super) fn read(audit: &Path) -> io::Result<Found> {
    match fs::read(path_of(audit)) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).map_or(Found::Garbage, Found::Head)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

pub(super) fn write(audit: &Path, head: Head) -> io::Result<()> {
    let line = format!("{{\"seq\":{},\"hash\":\"{}\"}}\n", head.seq, head.hash);
    files::replace(&path_of(audit), line.as_bytes())
}
