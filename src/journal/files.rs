//! Writing that is on the disk when it returns, and locks on single files.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::time::Duration;

use super::crash;
use super::folder::{Access, Folder};

/// Takes the lock if nobody has it; whether it is ours now. Some network file systems have none.
pub(super) fn try_lock(file: &File) -> io::Result<bool> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(true),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// The same, where somebody may only be looking who has it for a moment.
pub(super) fn try_lock_soon(file: &File) -> io::Result<bool> {
    for _ in 0..LOOKS {
        if try_lock(file)? {
            return Ok(true);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    try_lock(file)
}

/// How often a lock is looked at that should be free in a moment.
const LOOKS: usize = 3;

/// Appends `line` and waits until the disk has it. A line that was cut before it is closed first.
pub(super) fn append_line(file: &mut File, line: &[u8]) -> io::Result<()> {
    close_cut_line(file)?;
    crash::write_all(file, line)?;
    crash::point();
    file.sync_data()?;
    crash::point();
    Ok(())
}

/// Ends a last line that has no end, so that it spoils no other.
pub(super) fn close_cut_line(file: &mut File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { crash::write_all(file, b"\n") }
}

/// Puts `bytes` in the place of the file `name`: whoever reads it, even after a crash, finds the old or the new.
pub(super) fn replace(folder: &Folder, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = format!("{name}.new");
    // One that is there already is the rest of a crash.
    folder.remove(&beside)?;
    let mut file = folder.file(&beside, Access::New)?;
    crash::write_all(&mut file, bytes)?;
    file.sync_data()?;
    crash::point();
    folder.rename(&beside, name)?;
    crash::point();
    Ok(())
}
