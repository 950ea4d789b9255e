//! The lock under which one process writes. It is held for one write, waited for a bounded time, and names its holder.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::time::{Duration, Instant, SystemTime};

use super::error::JournalError;
use super::files;
use super::folder::{Access, Folder};
use crate::clock::WallTime;

/// How long a lock is waited for: a write takes some milliseconds, and a slow disk a second.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait before looking again.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub process: u32,
    /// Since when.
    pub since: WallTime,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} since {}", self.process, self.since.format("%H:%M:%S"))
    }
}

/// A lock was waited for, and its holder did not let go of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockHeld {
    /// Who holds it, if that can be told.
    pub holder: Option<Holder>,
    /// How long it was waited for.
    pub waited: Duration,
}

impl std::error::Error for LockHeld {}

impl fmt::Display for LockHeld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.holder.as_ref().map_or_else(|| "another process".to_owned(), ToString::to_string);
        let seconds = self.waited.as_secs();
        write!(
            f,
            "the journal is held by {who} and was not let go within {seconds} s; if that process is stopped, \
             continue it or end it"
        )
    }
}

/// A lock that is held until it is dropped.
pub(super) struct Held {
    _file: File,
}

/// Takes the lock in the file `name`, once nobody has it; gives up after `patience`.
pub(super) fn take(folder: &Folder, name: &str, patience: Duration) -> Result<Held, JournalError> {
    let begun = Instant::now();
    loop {
        let mut file = folder.file(name, Access::AppendOrMake).map_err(JournalError::open)?;
        wait(&mut file, begun, patience)?;
        // Somebody may have removed it meanwhile, and others may have made a new one.
        if folder.holds(name, &file).map_err(JournalError::open)? {
            // Whoever waits wants to know it; the lock holds without it.
            let _ = sign(&mut file);
            return Ok(Held { _file: file });
        }
    }
}

/// Waits until nobody has `file`, as versions before the lock file did while they wrote to it. The lock goes with the
/// handle.
pub(super) fn wait_for(file: &mut File, patience: Duration) -> Result<(), JournalError> {
    wait(file, Instant::now(), patience)
}

fn wait(file: &mut File, begun: Instant, patience: Duration) -> Result<(), JournalError> {
    while !files::try_lock(file).map_err(JournalError::open)? {
        if begun.elapsed() >= patience {
            return Err(JournalError::Held(Box::new(LockHeld { holder: holder(file), waited: patience })));
        }
        std::thread::sleep(LOOK_AGAIN.min(patience));
    }
    Ok(())
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    let since = WallTime::from(SystemTime::now());
    file.write_all(format!("{} {since}\n", std::process::id()).as_bytes())
}

/// What the holder wrote into the file.
fn holder(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(64).read_to_string(&mut text).ok()?;
    let (process, since) = text.trim().split_once(' ')?;
    Some(Holder { process: process.parse().ok()?, since: since.parse().ok()? })
}
