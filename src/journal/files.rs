//! Private folders and files, locks, and writing that is on the disk when it returns.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::crash;

/// Makes `folder` and those above it; the ones it makes are for nobody else.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Options for a file that nobody else may read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a file for reading and appending, or makes it. One that others could read is closed to them.
pub(super) fn open_for_appending(path: &Path) -> io::Result<File> {
    let file = private().read(true).append(true).create(true).open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(file)
}

/// Does `work` while no other process writes.
pub(super) fn locked<T>(file: &mut File, work: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    let held = is_supported(file.lock())?;
    let done = work(file);
    if held {
        file.unlock()?;
    }
    done
}

/// Takes the lock if nobody has it; whether it is ours now.
pub(super) fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether a lock was taken. Some network file systems have none; appending is all that is left there.
pub(super) fn is_supported(taken: io::Result<()>) -> io::Result<bool> {
    match taken {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(false),
        Err(error) => Err(error),
    }
}

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

/// Puts `bytes` in the place of the file at `path`: whoever reads it, even after a crash, finds the old or the new.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = Path::new(&name);
    let mut file = private().write(true).create(true).truncate(true).open(beside)?;
    crash::write_all(&mut file, bytes)?;
    file.sync_data()?;
    crash::point();
    fs::rename(beside, path)?;
    crash::point();
    Ok(())
}

/// Waits until the disk has the names in the folder of `path`.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    // Other systems cannot open a folder as a file, and do without.
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
