//! The audit: appending to the chain, and reading it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::entry::{Entry, Line};
use super::error::JournalError;
use super::files::{self, append_line, close_cut_line, locked};
use super::hash::Hash;
use super::head::{self, Found, Head};
use super::verify::{self, Verdict};

/// How much of the end of the file is looked at first, in bytes.
const FIRST_LOOK: u64 = 16 * 1024;

/// An open audit. Writing blocks until the disk has the line: call it off the async threads.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
    path: PathBuf,
}

/// What an audit holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The lines, oldest first.
    pub lines: Vec<Line>,
    /// The places in the file, from 1, of the lines that cannot be read: a line is cut when the machine stops while
    /// writing.
    pub damaged: Vec<u64>,
}

impl Journal {
    /// Opens the audit at `path`, or begins one. On Unix nobody else may read it: a folder made for it has mode 0700,
    /// the files 0600.
    ///
    /// # Errors
    /// When folder or file cannot be made, opened or written.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            files::make_private_folder(folder).map_err(JournalError::folder)?;
        }
        let mut file = files::open_for_appending(path).map_err(JournalError::open)?;
        locked(&mut file, |file| {
            close_cut_line(file)?;
            // A new audit has its head before its first line, so that one with lines and no head is never sound.
            if file.metadata()?.len() == 0 && head::read(path)? == Found::Nothing {
                head::write(path, Head::START)?;
                files::sync_folder_of(path)?;
            }
            Ok(())
        })
        .map_err(JournalError::write)?;
        Ok(Self { file: Mutex::new(file), path: path.to_owned() })
    }

    /// Where the audit is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds one line to the chain and waits until the disk has it. Returns the new head.
    ///
    /// A broken chain is not mended: the new line goes on from what the head names, so that the gap stays to be seen.
    ///
    /// # Errors
    /// When the line cannot be written whole, or the head not after it.
    pub fn record(&self, entry: &Entry) -> Result<Head, JournalError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written = locked(&mut file, |file| {
            // A write that failed half-way, of this or another process, left a cut line.
            close_cut_line(file)?;
            let before = last(file, head::read(&self.path)?)?;
            let line = Line { seq: before.seq + 1, entry: entry.clone(), prev: before.hash };
            let mut bytes = match serde_json::to_vec(&line) {
                Ok(bytes) => bytes,
                Err(error) => return Ok(Err(error)),
            };
            let head = Head { seq: line.seq, hash: Hash::of(&bytes) };
            bytes.push(b'\n');
            append_line(file, &bytes)?;
            head::write(&self.path, head)?;
            Ok(Ok(head))
        });
        written.map_err(JournalError::write)?.map_err(JournalError::encode)
    }

    /// Reads the audit at `path`. One that was never begun is empty.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> Result<Contents, JournalError> {
        let mut contents = Contents::default();
        let mut place = 0;
        reading(path, |file| {
            for_each_line(file, |line, _| {
                place += 1;
                match serde_json::from_slice(line) {
                    Ok(line) => contents.lines.push(line),
                    Err(_) => contents.damaged.push(place),
                }
            })
        })?;
        Ok(contents)
    }

    /// Checks the chain of the audit at `path`: every line, and the head. With `expect`, the hash of a line that was
    /// noted elsewhere, also that this line is there.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn verify(path: &Path, expect: Option<Hash>) -> Result<Verdict, JournalError> {
        let mut checked = None;
        let begin = || head::read(path).map(|head| verify::Check::new(head, expect));
        reading(path, |file| {
            // While nobody writes, so that head and lines belong together.
            let check = checked.insert(begin()?);
            for_each_line(file, |line, ended| check.line(line, ended))
        })?;
        match checked {
            Some(check) => Ok(check.end()),
            None => begin().map(verify::Check::end).map_err(JournalError::read),
        }
    }
}

/// Does `work` on the file at `path` while nobody writes; nothing when there is none.
fn reading(path: &Path, work: impl FnOnce(&File) -> io::Result<()>) -> Result<(), JournalError> {
    let read = || {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        files::is_supported(file.lock_shared())?;
        work(&file)
    };
    read().map_err(JournalError::read)
}

/// Gives every line without its line feed, and whether it had one.
fn for_each_line(file: &File, mut give: impl FnMut(&[u8], bool)) -> io::Result<()> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let ended = line.last() == Some(&b'\n');
        give(line.strip_suffix(b"\n").unwrap_or(&line), ended);
        line.clear();
    }
    Ok(())
}

/// What the next line chains on to. The last line of `file` has to be closed.
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
