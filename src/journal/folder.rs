//! A folder that is held open, and the files in it. Whatever a name on the way comes to mean meanwhile, and whatever
//! somebody else puts under a name, only this user's own plain files are read and written.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use rustix::io::retry_on_intr;

/// The largest small file that is read, in bytes.
const SMALL: u64 = 64 * 1024;

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Reading what is there.
    Read,
    /// Reading and appending to what is there.
    Append,
    /// The same, and it is made when it is not there.
    AppendOrMake,
    /// Reading and appending to a file that is made now.
    New,
}

/// A folder that is held open.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    #[cfg(unix)]
    held: File,
}

/// What the system knows a file as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Folder {
    /// Opens the folder, or makes it and those above it. Nobody else may read the ones that are made, nor write into one
    /// that is there.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)?;
        Self::open(path)
    }

    /// Opens a folder that is there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use rustix::fs::{Mode, OFlags};
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let held = File::from(retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()))?);
            let found = held.metadata()?;
            is_ours(&found)?;
            if found.mode() & 0o022 != 0 {
                held.set_permissions(fs::Permissions::from_mode(found.mode() & 0o7755))?;
            }
            Ok(Self { path: path.to_owned(), held })
        }
        #[cfg(not(unix))]
        if path.is_dir() {
            Ok(Self { path: path.to_owned() })
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// Opens it anew when its name leads to another folder by now.
    pub(super) fn refresh(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        {
            let is_same = match fs::metadata(&self.path) {
                Ok(found) => identity_of(&found) == identity_of(&self.held.metadata()?),
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                Err(error) => return Err(error),
            };
            if !is_same {
                *self = Self::make(&self.path)?;
            }
        }
        Ok(())
    }

    /// Opens a file by its name in the folder. It has to be a plain file of this user with one name; a link is not
    /// followed, and a pipe is not waited for. One that others could read is closed to them.
    pub(super) fn file(&self, name: &str, access: Access) -> io::Result<File> {
        let file = self.open_file(name, access)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            let found = file.metadata()?;
            if !found.is_file() {
                let what = if found.is_dir() { io::ErrorKind::IsADirectory.into() } else { not_plain() };
                return Err(what);
            }
            is_ours(&found)?;
            if found.nlink() > 1 {
                return Err(io::Error::other("it has several names (hard links)"));
            }
            if access != Access::Read && found.mode() & 0o077 != 0 {
                file.set_permissions(fs::Permissions::from_mode(0o600))?;
            }
        }
        Ok(file)
    }

    #[cfg(unix)]
    fn open_file(&self, name: &str, access: Access) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags};
        let how = match access {
            Access::Read => OFlags::RDONLY,
            Access::Append => OFlags::RDWR | OFlags::APPEND,
            Access::AppendOrMake => OFlags::RDWR | OFlags::APPEND | OFlags::CREATE,
            Access::New => OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL,
        };
        let flags = how | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        match retry_on_intr(|| rustix::fs::openat(&self.held, name, flags, Mode::RUSR | Mode::WUSR)) {
            Ok(file) => Ok(file.into()),
            Err(rustix::io::Errno::LOOP) => {
                Err(io::Error::other("it is a link, and links are not followed here"))
            }
            Err(rustix::io::Errno::NXIO) => Err(not_plain()),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(unix))]
    fn open_file(&self, name: &str, access: Access) -> io::Result<File> {
        let mut options = fs::OpenOptions::new();
        options.read(true);
        match access {
            Access::Read => {}
            Access::Append => drop(options.append(true)),
            Access::AppendOrMake => drop(options.append(true).create(true)),
            Access::New => drop(options.append(true).create_new(true)),
        }
        options.open(self.path.join(name))
    }

    /// Reads a small file whole; None when it is not there.
    pub(super) fn small(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match self.file(name, Access::Read) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(SMALL).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// What `name` leads to now; None when there is nothing.
    #[cfg(unix)]
    pub(super) fn identity(&self, name: &str) -> io::Result<Option<Identity>> {
        use rustix::fs::AtFlags;
        match retry_on_intr(|| rustix::fs::statat(&self.held, name, AtFlags::SYMLINK_NOFOLLOW)) {
            Ok(found) => Ok(Some(Identity(found.st_dev, found.st_ino))),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether `name` still leads to `file`. Other systems do not let an open file be taken away.
    pub(super) fn holds(&self, name: &str, file: &File) -> io::Result<bool> {
        #[cfg(unix)]
        return Ok(self.identity(name)? == Some(identity_of(&file.metadata()?)));
        #[cfg(not(unix))]
        {
            let _ = file;
            Ok(self.path.join(name).exists())
        }
    }

    /// Gives the file `from` the name `to`, whatever had it.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        #[cfg(unix)]
        return Ok(retry_on_intr(|| rustix::fs::renameat(&self.held, from, &self.held, to))?);
        #[cfg(not(unix))]
        fs::rename(self.path.join(from), self.path.join(to))
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        #[cfg(unix)]
        let removed: io::Result<()> =
            retry_on_intr(|| rustix::fs::unlinkat(&self.held, name, rustix::fs::AtFlags::empty()))
                .map_err(Into::into);
        #[cfg(not(unix))]
        let removed = fs::remove_file(self.path.join(name));
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// The names in it, in order. Names that are no text cannot be ours.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        #[cfg(unix)]
        let mut names: Vec<String> = {
            let found = rustix::fs::Dir::read_from(&self.held)?.collect::<Result<Vec<_>, _>>()?;
            found.iter().filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned)).collect()
        };
        #[cfg(not(unix))]
        let mut names: Vec<String> = {
            let found = fs::read_dir(&self.path)?.collect::<Result<Vec<_>, _>>()?;
            found.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect()
        };
        names.sort();
        Ok(names)
    }

    /// Waits until the disk has the names.
    pub(super) fn sync(&self) -> io::Result<()> {
        // Other systems cannot open a folder as a file, and do without.
        #[cfg(unix)]
        self.held.sync_all()?;
        Ok(())
    }
}

#[cfg(unix)]
fn identity_of(found: &fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    Identity(found.dev(), found.ino())
}

/// Refuses what belongs to somebody else, even where it could be written.
#[cfg(unix)]
fn is_ours(found: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let us = rustix::process::geteuid().as_raw();
    if found.uid() == us {
        return Ok(());
    }
    let them = found.uid();
    Err(io::Error::other(format!("it belongs to another user (uid {them}, and this is uid {us})")))
}

#[cfg(unix)]
fn not_plain() -> io::Error {
    io::Error::other("it is no plain file")
}
