//! What can be wrong with the settings, in sentences for the person who wrote them.

use std::io;
use std::path::{Path, PathBuf};

use super::key::KeyProblem;
use crate::text::{Clean, clean};

/// Why vetty cannot start with these settings. No message ever contains a key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that was named, or that exists, cannot be read.
    #[error("cannot read {what} {}: {reason}", shown(path))]
    Unreadable {
        /// What the file is: "the settings file", "the key file".
        what: &'static str,
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The settings file does not say what it should.
    #[error("{}:{line}:{column}: {message}{}", shown(path), after_dash(hint.as_deref()))]
    Settings {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: usize,
        /// Column in characters, counted from 1.
        column: usize,
        /// What is wrong.
        message: String,
        /// What to write instead.
        hint: Option<String>,
    },
    /// The settings file says that it is of a form that came later.
    #[error(
        "{} is written for a newer vetty (version {version} of the file; this one reads version {known}) — update \
         vetty, or name another file with --config; this file was not touched",
        shown(path)
    )]
    NewerSettings {
        /// The file.
        path: PathBuf,
        /// The version that it claims.
        version: i64,
        /// The newest version that this vetty reads.
        known: u32,
    },
    /// A profile contradicts itself.
    #[error("profile `{name}` in {}: {reason}", shown(path))]
    Profile {
        /// Its name.
        name: Clean,
        /// The settings file.
        path: PathBuf,
        /// What contradicts what.
        reason: &'static str,
    },
    /// A profile that no settings file has.
    #[error("there is no profile `{name}`{}", after_dash(Some(hint)))]
    UnknownProfile {
        /// The name that was asked for.
        name: Clean,
        /// Which profiles there are.
        hint: String,
    },
    /// Two flags that exclude each other.
    #[error("{0} cannot be used together")]
    Conflict(&'static str),
    /// An address that the key must not be sent to, or that is none.
    #[error("the API address of {origin} {reason}")]
    ApiBase {
        /// Where the address was found.
        origin: Clean,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A key was found, and it is none.
    #[error("the key of {origin} cannot be used: {problem}")]
    Key {
        /// Where the key was found.
        origin: String,
        /// Why it is no key.
        problem: KeyProblem,
    },
    /// Nothing gives a key, and the address wants one.
    #[error("no API key for {asked_by} — {hint}")]
    NoKey {
        /// The profile or address that needs one.
        asked_by: String,
        /// Where to put it.
        hint: String,
    },
    /// Built without the sandbox, and there is nothing else to talk to.
    #[error(
        "this vetty was built without the sandbox — set STRIPE_API_KEY, or choose a profile with --profile"
    )]
    NoSandbox,
    /// Others may read the key file.
    #[error(
        "the key file {} can be read by others (mode {mode:03o}) — run: chmod 600 {}",
        shown(path),
        quoted(path)
    )]
    OpenKeyFile {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The settings file of the official command line tool does not help.
    #[error("the Stripe CLI settings file {} {reason}", shown(path))]
    StripeCli {
        /// The file.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// The keyring of the system does not help.
    #[error("the keyring entry `{name}` cannot be used: {reason}")]
    Keyring {
        /// The entry's name.
        name: Clean,
        /// What stands in the way, and what to do.
        reason: String,
    },
    /// There is not even a home folder.
    #[error(
        "cannot tell where settings and records belong — set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME"
    )]
    NoHome,
}

impl ConfigError {
    /// An [`ConfigError::Unreadable`] in plain words.
    pub(super) fn unreadable(what: &'static str, path: &Path, error: &io::Error) -> Self {
        let reason = plain_reason(error);
        Self::Unreadable { what, path: path.to_owned(), reason }
    }
}

/// What the system said about a file, in plain words.
#[must_use]
pub fn plain_reason(error: &io::Error) -> String {
    let words = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::NotADirectory => "a file stands where a folder belongs",
        io::ErrorKind::InvalidData => "it is not UTF-8 text",
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::QuotaExceeded => "your quota on this disk is used up",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        _ => return error.to_string(),
    };
    words.to_owned()
}

/// A path as it may be shown.
fn shown(path: &Path) -> String {
    clean(&path.to_string_lossy()).into_owned()
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = shown(path);
    let plain = |c: char| c.is_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn after_dash(hint: Option<&str>) -> String {
    hint.map(|hint| format!(" — {hint}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_to_run_can_be_pasted() {
        let error = ConfigError::OpenKeyFile { path: "/home/ann/my key".into(), mode: 0o644 };
        assert_eq!(
            error.to_string(),
            "the key file /home/ann/my key can be read by others (mode 644) — run: chmod 600 '/home/ann/my key'"
        );
        assert_eq!(quoted(Path::new("/it's")), r"'/it'\''s'");
    }
}
