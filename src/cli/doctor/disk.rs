//! Whether changes can be written down: the state folder, who may read it, and how much room there is.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::report::Check;
use crate::cli::{UNREACHABLE, WRONG_USAGE};
use crate::config::{ConfigError, Env, Folders, plain_reason};

/// Less room than this, in bytes, is soon too little.
#[cfg(unix)]
const LITTLE_ROOM: u64 = 100 * 1024 * 1024;

/// What to do where nothing can be written.
const MAKE_ROOM: &str = "make it writable: vetty changes nothing that it cannot write down first";

/// The state folder and what is in it.
pub(super) fn checks(env: &Env) -> Vec<Check> {
    let Some(folders) = Folders::find(env) else {
        return vec![Check::problem("disk", WRONG_USAGE, &ConfigError::NoHome.to_string(), None)];
    };
    let state = &folders.state;
    vec![writable(state), private(state), room(state)]
}

/// Whether a line could be written and synced. Leaves nothing behind, and makes no folder.
fn writable(state: &Path) -> Check {
    let shown = state.display();
    if !state.exists() {
        let above = nearest(state);
        let may = if above.is_dir() { may_write(&above) } else { Err(io::ErrorKind::NotADirectory.into()) };
        return match may {
            Ok(()) => Check::good("disk", &format!("{shown} will be made when it is needed")),
            Err(error) => {
                let why = plain_reason(&error);
                let says = format!("{shown} cannot be made in {}: {why}", above.display());
                Check::problem("disk", UNREACHABLE, &says, Some(MAKE_ROOM))
            }
        };
    }
    match try_to_write(state) {
        Ok(()) => Check::good("disk", &format!("{shown} can be written")),
        Err(error) => {
            let says = format!("{shown} cannot be written: {}", plain_reason(&error));
            Check::problem("disk", UNREACHABLE, &says, Some(MAKE_ROOM))
        }
    }
}

/// The folder itself, or the closest one above it that is there.
fn nearest(folder: &Path) -> PathBuf {
    folder.ancestors().find(|path| path.exists()).unwrap_or_else(|| Path::new("/")).to_owned()
}

#[cfg(unix)]
fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};
    Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(not(unix))]
fn may_write(folder: &Path) -> io::Result<()> {
    try_to_write(folder)
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&path).and_then(|mut file| {
        file.write_all(b"vetty doctor was here\n")?;
        file.sync_all()
    });
    match (written, fs::remove_file(&path)) {
        (Ok(()), removed) => removed,
        (failed, _) => failed,
    }
}

/// Whether anybody else may read what is there.
#[cfg(unix)]
fn private(state: &Path) -> Check {
    use std::os::unix::fs::PermissionsExt as _;

    let open = |path: &Path| {
        let mode = fs::symlink_metadata(path).ok()?.permissions().mode();
        (mode & 0o077 != 0).then(|| format!("{} (mode {:03o})", path.display(), mode & 0o777))
    };
    let inside = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let mut all = vec![state.to_owned()];
    for path in inside(state) {
        if path.is_dir() {
            all.extend(inside(&path));
        }
        all.push(path);
    }
    let mut readable: Vec<String> = all.iter().filter_map(|path| open(path)).collect();
    readable.sort();
    match readable.first() {
        None => Check::good("privacy", "nobody else may read what vetty keeps there"),
        Some(first) => {
            let more = readable.len() - 1;
            let others = if more == 0 { String::new() } else { format!(" and {more} more") };
            let says = format!("others may read {first}{others}");
            let to_do = format!("run: chmod -R go= '{}'", state.display().to_string().replace('\'', r"'\''"));
            Check::warning("privacy", &says, &to_do)
        }
    }
}

#[cfg(not(unix))]
fn private(_: &Path) -> Check {
    Check::skipped("privacy", "this system has access lists; the profile folder is private by default")
}

/// How much room there is for more.
#[cfg(unix)]
fn room(state: &Path) -> Check {
    let Ok(found) = rustix::fs::statvfs(nearest(state)) else {
        return Check::skipped("room", "the system does not tell how much room there is");
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let mib = free / (1024 * 1024);
    if free < LITTLE_ROOM {
        let to_do = "make room: vetty changes nothing that it cannot write down first";
        return Check::warning("room", &format!("{mib} MiB are free"), to_do);
    }
    let told = if mib < 10 * 1024 { format!("{mib} MiB") } else { format!("{} GiB", mib / 1024) };
    Check::good("room", &format!("{told} are free"))
}

#[cfg(not(unix))]
fn room(_: &Path) -> Check {
    Check::skipped("room", "this system does not tell how much room there is")
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn told(check: &Check) -> String {
        serde_json::to_string(check).expect("JSON")
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_made() {
        let home = tempfile::tempdir().expect("a folder");
        let state = home.path().join("state/vetty");
        assert!(told(&writable(&state)).contains("will be made"));
        assert!(told(&private(&state)).contains("nobody else"));
        assert!(!home.path().join("state").exists());
        let file = home.path().join("file");
        fs::write(&file, "").expect("a file");
        let found = told(&writable(&file.join("vetty")));
        assert!(found.contains("a file stands where a folder belongs"), "{found}");
    }

    #[test]
    fn writing_leaves_nothing_behind() {
        let state = tempfile::tempdir().expect("a folder");
        assert!(told(&writable(state.path())).contains("can be written"));
        assert_eq!(fs::read_dir(state.path()).expect("a folder").count(), 0);
        assert!(told(&writable(Path::new("/proc"))).contains("cannot be written"));
    }

    #[test]
    fn files_that_others_may_read_are_named() {
        let state = tempfile::tempdir().expect("a folder");
        let outbox = state.path().join("outbox");
        fs::create_dir(&outbox).expect("a folder");
        let job = outbox.join("job.jsonl");
        fs::write(&job, "{}").expect("a file");
        let open_to = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        open_to(state.path(), 0o700);
        open_to(&outbox, 0o700);
        open_to(&job, 0o600);
        assert!(told(&private(state.path())).contains("nobody else"));
        open_to(&job, 0o640);
        let found = told(&private(state.path()));
        assert!(found.contains("job.jsonl (mode 640)") && found.contains("chmod -R go="), "{found}");
    }
}
