//! One file of the outbox: its lines, and how it comes to be and is read.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _};

use serde::{Deserialize, Serialize};

use super::super::crash;
use super::super::error::JournalError;
use super::super::files;
use super::super::folder::{Access, Folder};
use super::super::job::{Item, Job, JobId, Single, Step};
use crate::clock::{Stamp, WallTime};
use crate::config::plain_reason;
use crate::identity::SessionId;

/// The extension of a job's file.
const EXTENSION: &str = ".jsonl";

/// The largest file of a job that is read, in bytes: a job of 100,000 sessions has some 20 MB.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The first line of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Content {
    Job(Job),
    Single(Single),
}

/// Every other line.
#[derive(Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) session: SessionId,
    #[serde(flatten)]
    pub(super) step: Step,
    /// When it was asked for, if this is what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<Stamp>,
}

/// Every other line of a single change: it was asked for again.
#[derive(Serialize, Deserialize)]
pub(super) struct Again {
    pub(super) again: WallTime,
}

impl Item {
    pub(super) fn take(&mut self, mark: Mark) {
        self.step = mark.step;
        self.asked = mark.asked.or(self.asked);
    }
}

/// Makes a job's file, locked, with its first line: whoever looks finds all of it or none.
pub(super) fn create(folder: &Folder, name: &str, line: &[u8]) -> io::Result<File> {
    let beside = format!("{name}.new");
    // One that is there already is the rest of a crash.
    folder.remove(&beside)?;
    let mut file = folder.file(&beside, Access::New)?;
    let mut made = || {
        files::try_lock(&file)?;
        files::append_line(&mut file, line)?;
        folder.rename(&beside, name)?;
        crash::point();
        folder.sync()
    };
    if let Err(error) = made() {
        // A job that is not sent is not to be found at the next start either.
        let _ = folder.remove(name).and_then(|()| folder.remove(&beside));
        return Err(error);
    }
    Ok(file)
}

pub(super) enum Taken {
    /// Somebody works on it.
    Busy,
    /// It was finished meanwhile.
    Gone,
    /// It cannot be opened, or is no job, for this reason.
    Unreadable(String),
    File(File, Content),
}

/// Locks and reads a file, unless somebody else holds it.
pub(super) fn take(folder: &Folder, name: &str) -> Taken {
    let read = || -> io::Result<Taken> {
        let mut file = match folder.file(name, Access::Append) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Taken::Gone),
            Err(error) => return Err(error),
        };
        if !files::try_lock_soon(&file)? {
            return Ok(Taken::Busy);
        }
        // Whoever held it may have finished it meanwhile.
        if !folder.holds(name, &file)? {
            return Ok(Taken::Gone);
        }
        file.rewind()?;
        let mut bytes = Vec::new();
        (&mut file).take(LARGEST).read_to_end(&mut bytes)?;
        Ok(match content_of(&bytes) {
            Some(content) => Taken::File(file, content),
            None => Taken::Unreadable("what it holds is no job".to_owned()),
        })
    };
    read().unwrap_or_else(|error| Taken::Unreadable(plain_reason(&error)))
}

/// Reads a file's job, and how far it is. Lines that were cut by a crash say nothing.
fn content_of(bytes: &[u8]) -> Option<Content> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut content = serde_json::from_slice(lines.next()?).ok()?;
    match &mut content {
        Content::Job(job) => {
            let places: HashMap<SessionId, usize> =
                job.items.iter().enumerate().map(|(at, item)| (item.session.clone(), at)).collect();
            for mark in lines.filter_map(|line| serde_json::from_slice::<Mark>(line).ok()) {
                if let Some(at) = places.get(&mark.session) {
                    job.items[*at].take(mark);
                }
            }
        }
        Content::Single(single) => {
            let asked = lines.filter_map(|line| serde_json::from_slice::<Again>(line).ok());
            single.again = asked.map(|line| line.again).max();
        }
    }
    Some(content)
}

/// The file of a job, or of a single change.
pub(super) fn name_of(id: &JobId) -> String {
    format!("{id}{EXTENSION}")
}

/// The files of jobs, in the order of their names.
pub(super) fn names(folder: &Folder) -> io::Result<Vec<String>> {
    Ok(folder.names()?.into_iter().filter(|name| name.ends_with(EXTENSION)).collect())
}

pub(super) fn line_of(value: &impl Serialize) -> Result<Vec<u8>, JournalError> {
    let mut line = serde_json::to_vec(value).map_err(JournalError::encode)?;
    line.push(b'\n');
    Ok(line)
}
