//! One sandbox for one database file: a lock on a file beside it. Sandbox only.
//!
//! Two sandboxes on one file would each do what is due, and so do it twice. The lock is not on the database itself,
//! where it would meet the database's own locks. The system lets go of it when the process ends, however it ends.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::{OpenError, identity};

/// A lock that is held until it is released or dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock of the database file `path`.
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        // By its true name, so that a link to the file finds the same lock.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let unusable =
            |source| OpenError::Unusable { path: path.to_owned(), source: sqlx::Error::Io(source) };
        let mut file = identity::open_private(&beside(&target)).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Some systems do not let others read a locked file: then the process stays unnamed.
                let read = file.read_to_string(&mut holder);
                let process = read.ok().and_then(|_| holder.trim().parse().ok());
                return Err(OpenError::InUse { path: path.to_owned(), process });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let named = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        named.map_err(unusable)?;
        Ok(Self(file))
    }

    /// Lets others have the database.
    pub(super) fn release(&self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the lock on the database could not be released");
        }
    }
}

/// The file that is locked for `database`.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let first = Lock::take(&path).expect("nobody has it");
        let second = Lock::take(&path).expect_err("the first has it");
        let text = second.to_string();
        assert!(text.contains("a.db is in use by another sandbox"), "{text}");
        assert!(text.contains(&format!("(process {})", std::process::id())), "{text}");
        first.release();
        let third = Lock::take(&path).expect("nobody has it any more");
        drop(third);
        assert!(Lock::take(&path).is_ok());
    }
}
