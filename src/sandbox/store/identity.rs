//! Which file a database is: a name may come to mean another one. For `store` only.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A database file, by its name and by what the system knows it as.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    path: PathBuf,
    #[cfg(unix)]
    known: (u64, u64),
}

/// Why a file is not the database any more, as a sentence's end.
#[derive(Debug, thiserror::Error)]
#[error("the database {} was removed, or replaced, while the sandbox ran; stop the sandbox and start it again", .0.display())]
pub(super) struct Replaced(PathBuf);

impl Identity {
    /// That of the open `file`, which `path` leads to.
    pub(super) fn of(path: &Path, file: &File) -> io::Result<Self> {
        #[cfg(unix)]
        {
            let known = known(&file.metadata()?);
            Ok(Self { path: path.to_owned(), known })
        }
        #[cfg(not(unix))]
        {
            let _ = file;
            Ok(Self { path: path.to_owned() })
        }
    }

    /// Checks that the name still leads to the file. What would be written to one that has no name is lost.
    pub(super) fn check(&self) -> Result<(), sqlx::Error> {
        #[cfg(unix)]
        let is_there = fs::metadata(&self.path).is_ok_and(|found| known(&found) == self.known);
        // An open file cannot be removed there.
        #[cfg(not(unix))]
        let is_there = true;
        if is_there { Ok(()) } else { Err(sqlx::Error::Io(io::Error::other(Replaced(self.path.clone())))) }
    }
}

#[cfg(unix)]
fn known(found: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

/// Opens `path` for reading and writing, or makes it. Nobody else may read it, and it may have one name only: another
/// one would lead around the lock.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let found = file.metadata()?;
        if found.nlink() > 1 {
            return Err(io::Error::other("the file has several names (hard links); remove the others"));
        }
        if found.mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(file)
}
