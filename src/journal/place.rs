//! Where an audit is: the folder, and the names of its files in it. A chain may go on over several files.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;

use super::entry::Line;
use super::folder::{Access, Folder};

/// The longest line that is read, in bytes. The longest that is written has some thousands.
pub(super) const LONGEST_LINE: u64 = 1024 * 1024;

/// What files that were packed end with. They have to be unpacked to be read.
const PACKED: [&str; 5] = [".gz", ".xz", ".zst", ".bz2", ".new"];

/// The names of an audit's files: `audit.jsonl`, `audit.head`, `audit.lock`.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) audit: String,
    pub(super) head: String,
    pub(super) lock: String,
    stem: String,
}

impl Names {
    /// Those of the audit at `path`.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let text = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).map(str::to_owned);
        let named = text(path.file_name()).zip(text(path.file_stem()));
        let (audit, stem) = named.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Self { head: format!("{stem}.head"), lock: format!("{stem}.lock"), audit, stem })
    }

    /// Whether `name` is that of a file which was an audit once and was moved away: `audit.jsonl.1`,
    /// `audit-2026-11.jsonl`.
    fn is_older(&self, name: &str) -> bool {
        name != self.audit
            && name.starts_with(&self.stem)
            && name.contains(".jsonl")
            && !PACKED.iter().any(|packed| name.ends_with(packed))
    }
}

/// The folder of `path`.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The files that the chain goes over, the oldest first; the one that is written to is the last.
pub(super) fn chain(folder: &Folder, names: &Names) -> io::Result<Vec<File>> {
    let mut older = Vec::new();
    for name in folder.names()?.into_iter().filter(|name| names.is_older(name)) {
        let mut file = folder.file(&name, Access::Read)?;
        // One without a line that can be read says nothing of where it belongs, and cannot be missed.
        if let Some(first) = first_number(&mut file)? {
            older.push((first, file));
        }
    }
    older.sort_by_key(|(first, _)| *first);
    let mut files: Vec<File> = older.into_iter().map(|(_, file)| file).collect();
    match folder.file(&names.audit, Access::Read) {
        Ok(file) => files.push(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(files)
}

fn first_number(file: &mut File) -> io::Result<Option<u64>> {
    use std::io::Seek as _;
    let mut found = None;
    let mut at = 0;
    for_each_line(file, |line, _| {
        if found.is_none() {
            found = serde_json::from_slice::<Line>(line).ok().map(|line| line.seq.saturating_sub(at));
            at += 1;
        }
        found.is_none()
    })?;
    file.rewind()?;
    Ok(found)
}

/// Gives every line without its line feed, and whether it had one, until it is told to stop. A line that is too long is
/// given in pieces, none of which can be read.
pub(super) fn for_each_line(file: &File, mut give: impl FnMut(&[u8], bool) -> bool) -> io::Result<()> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    while (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line)? > 0 {
        let ended = line.last() == Some(&b'\n');
        if !give(line.strip_suffix(b"\n").unwrap_or(&line), ended) {
            break;
        }
        line.clear();
    }
    Ok(())
}
