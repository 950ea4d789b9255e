//! The audit: appending to the chain, and reading it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::entry::{Entry, Line};
use super::error::JournalError;
use super::files::{append_line, close_cut_line};
use super::folder::{Access, Folder};
use super::hash::Hash;
use super::head::{self, Found, Head};
use super::lock::{self, PATIENCE};
use super::place::{self, Names};
use super::verify::{self, Verdict};

/// How much of the end of the file is looked at first, in bytes.
const FIRST_LOOK: u64 = 16 * 1024;

/// How often a chain that looks broken is read again, because it grew, or was rotated, meanwhile.
const LOOKS: usize = 3;

/// An open audit. Writing blocks until the disk has the line: call it off the async threads.
#[derive(Debug)]
pub struct Journal {
    folder: Mutex<Folder>,
    names: Names,
    path: PathBuf,
    patience: Duration,
}

/// What an audit holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The lines, oldest first.
    pub lines: Vec<Line>,
    /// The places in the audit, from 1, of the lines that cannot be read: a line is cut when the machine stops while
    /// writing.
    pub damaged: Vec<u64>,
}

impl Journal {
    /// Opens the audit at `path`, or begins one. On Unix nobody else may read it: a folder made for it has mode 0700,
    /// the files 0600; and what belongs to somebody else, or is a link, is not used.
    ///
    /// # Errors
    /// When folder or file cannot be made, opened or written, or somebody else holds the lock.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let folder = Folder::make(place::folder_of(path)).map_err(JournalError::folder)?;
        let names = Names::of(path).map_err(JournalError::open)?;
        let audit = Self { folder: Mutex::new(folder), names, path: path.to_owned(), patience: PATIENCE };
        audit.begin()?;
        Ok(audit)
    }

    /// The same, which waits for the lock no longer than this.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Where the audit is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the files of a new audit: the head before the first line, so that one with lines and no head is never
    /// sound. One that is there is opened only: whether it can be is not to be found out by the first change.
    fn begin(&self) -> Result<(), JournalError> {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = folder.identity(&self.names.audit).map_err(JournalError::open)?.is_some();
        if is_there {
            return folder.file(&self.names.audit, Access::Append).map(drop).map_err(JournalError::open);
        }
        let _held = lock::take(&folder, &self.names.lock, self.patience)?;
        folder.file(&self.names.audit, Access::AppendOrMake).map_err(JournalError::open)?;
        let made = || {
            if head::read(&folder, &self.names.head)? == Found::Nothing {
                head::write(&folder, &self.names.head, Head::START)?;
            }
            folder.sync()
        };
        made().map_err(JournalError::write)
    }

    /// Adds one line to the chain and waits until the disk has it. Returns the new head.
    ///
    /// The file is opened by its name for each line, so that none goes into one that was moved away: then the chain goes
    /// on in a new file. A broken chain is not mended: the new line goes on from what the head names, so that the gap
    /// stays to be seen.
    ///
    /// # Errors
    /// When the line cannot be written whole, or the head not after it; when somebody else holds the lock.
    pub fn record(&self, entry: &Entry) -> Result<Head, JournalError> {
        let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        folder.refresh().map_err(JournalError::folder)?;
        let _held = lock::take(&folder, &self.names.lock, self.patience)?;
        let mut file = folder.file(&self.names.audit, Access::AppendOrMake).map_err(JournalError::open)?;
        lock::wait_for(&mut file, self.patience)?;
        let before = self.end(&folder, &mut file).map_err(JournalError::write)?;
        let line = Line { seq: before.seq + 1, entry: entry.clone(), prev: before.hash };
        let mut bytes = serde_json::to_vec(&line).map_err(JournalError::encode)?;
        let head = Head { seq: line.seq, hash: Hash::of(&bytes) };
        bytes.push(b'\n');
        let mut written = || {
            let is_new = file.metadata()?.len() == 0;
            append_line(&mut file, &bytes)?;
            if is_new {
                folder.sync()?;
            }
            head::write(&folder, &self.names.head, head)
        };
        written().map_err(JournalError::write)?;
        Ok(head)
    }

    /// What the next line chains on to.
    fn end(&self, folder: &Folder, file: &mut File) -> io::Result<Head> {
        // A write that failed half-way, of this or another process, left a cut line.
        close_cut_line(file)?;
        let found = head::read(folder, &self.names.head)?;
        if file.metadata()?.len() > 0 {
            return last(file, found);
        }
        // It was rotated. A crash may have left a line behind the head there.
        let mut files = place::chain(folder, &self.names)?;
        files.pop();
        if let Some(older) = files.last_mut() {
            return last(older, found);
        }
        if found == Found::Nothing {
            // Whoever made the file died before the head was there, and lines without a head are never sound.
            head::write(folder, &self.names.head, Head::START)?;
        }
        last(file, found)
    }

    /// Reads the audit at `path`, and the files beside it that its chain came over. One that was never begun is empty.
    /// Takes no lock.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(path: &Path) -> Result<Contents, JournalError> {
        let mut contents = Contents::default();
        let mut place = 0;
        let read = reading(path, |folder, names| {
            for file in place::chain(folder, names)? {
                place::for_each_line(&file, |line, _| {
                    place += 1;
                    match serde_json::from_slice(line) {
                        Ok(line) => contents.lines.push(line),
                        Err(_) => contents.damaged.push(place),
                    }
                    true
                })?;
            }
            Ok(())
        });
        read.map(|_| contents)
    }

    /// Checks the chain of the audit at `path`, over all its files: every line, and the head. With `expect`, the hash of
    /// a line that was noted elsewhere, also that this line is there. Takes no lock.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn verify(path: &Path, expect: Option<Hash>) -> Result<Verdict, JournalError> {
        let checked = reading(path, |folder, names| {
            let mut looks = LOOKS;
            loop {
                looks -= 1;
                // First of all: lines that come after it are those of a crash, or of this very moment.
                let head = head::read(folder, &names.head)?;
                let mut check = verify::Check::new(head, expect);
                for file in place::chain(folder, names)? {
                    check.file();
                    place::for_each_line(&file, |line, ended| {
                        check.line(line, ended);
                        true
                    })?;
                }
                let verdict = check.end();
                if verdict.is_sound() || looks == 0 || head::read(folder, &names.head)? == head {
                    return Ok(verdict);
                }
            }
        })?;
        Ok(checked.unwrap_or_else(|| verify::Check::new(Found::Nothing, expect).end()))
    }
}

/// Does `work` in the folder of the audit at `path`; nothing when there is none.
fn reading<T>(
    path: &Path,
    work: impl FnOnce(&Folder, &Names) -> io::Result<T>,
) -> Result<Option<T>, JournalError> {
    let read = || {
        let folder = match Folder::open(place::folder_of(path)) {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        work(&folder, &Names::of(path)?).map(Some)
    };
    read().map_err(JournalError::read)
}

/// What the line after those of `file` chains on to. The last line has to be closed.
fn last(file: &mut File, found: Found) -> io::Result<Head> {
    let length = file.metadata()?.len();
    let head = match found {
        Found::Head(head) => head,
        Found::Garbage | Found::Nothing if length == 0 => return Ok(Head::START),
        Found::Garbage | Found::Nothing => {
            // Whether lines are gone cannot be told any more. A chain that begins anew says so for good.
            let seq = last_number(file, length)?;
            return Ok(Head { seq, hash: Hash::ZERO });
        }
    };
    let mut look = FIRST_LOOK;
    loop {
        let bytes = end_of(file, length, look)?;
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').map(without_end).collect();
        let is_whole = length <= look;
        if let Some(at) = lines.iter().rposition(|line| Hash::of(line) == head.hash) {
            return Ok(follow(head, &lines[at + 1..]).unwrap_or(head));
        }
        if is_whole {
            let from_start = (head == Head::START).then(|| follow(head, &lines)).flatten();
            return Ok(from_start.unwrap_or(head));
        }
        look *= 8;
    }
}

/// The head after `lines`, which a crash left behind `head`; None when they do not follow.
fn follow(mut head: Head, lines: &[&[u8]]) -> Option<Head> {
    for bytes in lines {
        let seq = head.seq + 1;
        if let Ok(line) = serde_json::from_slice::<Line>(bytes)
            && (line.seq != seq || line.prev != head.hash)
        {
            return None;
        }
        head = Head { seq, hash: Hash::of(bytes) };
    }
    Some(head)
}

/// The number of the last line, as the last readable one and those after it tell.
fn last_number(file: &mut File, length: u64) -> io::Result<u64> {
    let bytes = end_of(file, length, length)?;
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').map(without_end).collect();
    let readable = lines
        .iter()
        .enumerate()
        .rev()
        .find_map(|(at, line)| serde_json::from_slice::<Line>(line).ok().map(|line| (at, line.seq)));
    let (at, seq) = readable.map_or((0, 0), |(at, seq)| (at + 1, seq));
    Ok(seq + (lines.len() - at) as u64)
}

/// The whole lines in the last `look` bytes.
fn end_of(file: &mut File, length: u64, look: u64) -> io::Result<Vec<u8>> {
    let start = length.saturating_sub(look);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(length - start).read_to_end(&mut bytes)?;
    if start > 0 {
        let first = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        bytes.drain(..first);
    }
    Ok(bytes)
}

fn without_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}
