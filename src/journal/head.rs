//! The head of the chain: a small file beside the audit that names its last line.

use std::io;

use serde::{Deserialize, Serialize};

use super::files;
use super::folder::Folder;
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

/// Reads the head from the file `name`.
pub(super) fn read(folder: &Folder, name: &str) -> io::Result<Found> {
    let Some(bytes) = folder.small(name)? else { return Ok(Found::Nothing) };
    Ok(serde_json::from_slice(&bytes).map_or(Found::Garbage, Found::Head))
}

pub(super) fn write(folder: &Folder, name: &str, head: Head) -> io::Result<()> {
    let line = format!("{{\"seq\":{},\"hash\":\"{}\"}}\n", head.seq, head.hash);
    files::replace(folder, name, line.as_bytes())
}
