//! What was done, on disk. Floor 3: imports floors 0 to 2.
//!
//! One JSON line for each thing that became of a change: asked, done, refused or failed. Lines are only ever added,
//! and each is on the disk before [`Journal::record`] returns. Entries hold ids and codes and no free text, so that
//! nothing personal can get into the file.

mod entry;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub use entry::{Entry, Mode, Outcome, Word};

/// An open journal. Writing blocks until the disk has the line: call it off the async threads.
#[derive(Debug)]
pub struct Journal(Mutex<File>);

/// Why the journal could not be used. Paths are left to the caller, who knows them.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder cannot be made or entered.
    #[error("the journal's folder cannot be made: {0}; check who may write there")]
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
}

/// What a journal holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The entries, oldest first.
    pub entries: Vec<Entry>,
    /// The numbers, from 1, of the lines that cannot be read: a line is cut when the machine stops while writing.
    pub damaged: Vec<usize>,
}

impl Journal {
    /// Opens the journal at `path`, or begins one. On Unix nobody else may read it: a folder made for it has mode
    /// 0700, the file 0600.
    ///
    /// A last line that was cut is closed, so that it spoils no other.
    ///
    /// # Errors
    /// When folder or file cannot be made, opened or written.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_private_folder(folder).map_err(JournalError::Folder)?;
        }
        let mut file = open_private_file(path).map_err(JournalError::Open)?;
        locked(&mut file, close_cut_line).map_err(JournalError::Write)?;
        Ok(Self(Mutex::new(file)))
    }

    /// Adds one line and waits until the disk has it.
    ///
    /// # Errors
    /// When the line cannot be written whole.
    pub fn record(&self, entry: &Entry) -> Result<(), JournalError> {
        let mut line = serde_json::to_vec(entry).map_err(JournalError::Encode)?;
        line.push(b'\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        locked(&mut file, |file| {
            // A write that failed half-way, of this or another process, left a cut line.
            close_cut_line(file)?;
            file.write_all(&line)?;
            file.sync_data()
        })
        .map_err(JournalError::Write)
    }

    /// Reads the journal at `path`. One that was never begun is empty.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> Result<Contents, JournalError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::default()),
            Err(error) => return Err(JournalError::Read(error)),
        };
        let mut contents = Contents::default();
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(entry) => contents.entries.push(entry),
                Err(_) => contents.damaged.push(index + 1),
            }
        }
        Ok(contents)
    }
}

/// Does `work` while no other process writes.
fn locked(file: &mut File, work: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let held = match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => {
            file.lock()?;
            true
        }
        // Some network file systems have no locks; appending is all that is left there.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => false,
        Err(TryLockError::Error(error)) => return Err(error),
    };
    let done = work(file);
    if held {
        file.unlock()?;
    }
    done
}

fn close_cut_line(file: &mut File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn open_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A file that was there before may be open to others.
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(object: &str) -> Entry {
        Entry {
            at: "2026-03-01T12:00:00Z".parse().expect("a time"),
            operator: "ann".into(),
            profile: "default".into(),
            mode: Mode::Test,
            action: "cancel".into(),
            object: Some(object.into()),
            request_id: Some("req_1".into()),
            idempotency_key: Some("k1".into()),
            result: Outcome::Done,
            error_code: None,
        }
    }

    fn objects(contents: &Contents) -> Vec<&str> {
        contents.entries.iter().filter_map(|entry| entry.object.as_deref()).collect()
    }

    #[test]
    fn lines_are_added_across_openings() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state/vetty/journal.jsonl");
        assert_eq!(Journal::read(&path).expect("no journal yet"), Contents::default());
        for object in ["vs_1", "vs_2"] {
            let journal = Journal::open(&path).expect("a journal");
            journal.record(&entry(object)).expect("a line");
        }
        let contents = Journal::read(&path).expect("the journal");
        assert_eq!(contents.entries, [entry("vs_1"), entry("vs_2")]);
        assert_eq!(
            fs::read_to_string(&path).expect("text").lines().next(),
            Some(
                r#"{"at":"2026-03-01T12:00:00Z","operator":"ann","profile":"default","mode":"test","action":"cancel","object":"vs_1","request_id":"req_1","idempotency_key":"k1","result":"done","error_code":null}"#
            )
        );
    }

    #[test]
    fn a_cut_line_spoils_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.jsonl");
        Journal::open(&path).and_then(|journal| journal.record(&entry("vs_1"))).expect("a line");
        let whole = fs::read(&path).expect("bytes");
        fs::write(&path, [&whole[..], &whole[..20]].concat()).expect("a cut line");
        let contents = Journal::read(&path).expect("the journal");
        assert_eq!((objects(&contents), &contents.damaged[..]), (vec!["vs_1"], &[2][..]));

        Journal::open(&path).and_then(|journal| journal.record(&entry("vs_2"))).expect("a line");
        let contents = Journal::read(&path).expect("the journal");
        assert_eq!((objects(&contents), &contents.damaged[..]), (vec!["vs_1", "vs_2"], &[2][..]));
    }

    #[test]
    fn writers_do_not_mix_their_lines() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.jsonl");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    let journal = Journal::open(path).expect("a journal");
                    for line in 0..8 {
                        journal.record(&entry(&format!("vs_{writer}_{line}"))).expect("a line");
                    }
                });
            }
        });
        let contents = Journal::read(&path).expect("the journal");
        assert_eq!((contents.entries.len(), contents.damaged.len()), (32, 0));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("vetty/journal.jsonl");
        Journal::open(&path).expect("a journal");
        assert_eq!((mode(path.parent().expect("a folder")), mode(&path)), (0o700, 0o600));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("permissions");
        Journal::open(&path).expect("a journal");
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn what_is_no_journal_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(Journal::open(folder.path()), Err(JournalError::Open(_))));
        assert!(matches!(Journal::read(folder.path()), Err(JournalError::Read(_))));
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        assert!(matches!(Journal::open(&file.join("journal")), Err(JournalError::Folder(_))));
    }
}
