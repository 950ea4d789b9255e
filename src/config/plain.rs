//! Opening a file that is to be read whole, whatever stands under its name: a pipe is not waited for, and what has no
//! end is not read.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens a plain file for reading. A link is followed: settings often are one.
///
/// # Errors
/// When it cannot be opened, or is no plain file.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    // Opening a pipe that nobody writes to would wait for ever.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default());
    }
    let file = options.open(path)?;
    let found = file.metadata()?;
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(file)
}
