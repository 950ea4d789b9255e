//! Folders and files that are not as they should be.

use std::fs;
use std::path::Path;

use super::super::{Journal, JournalError, Outbox};
use super::{Folder, entry};

#[cfg(unix)]
#[test]
fn nobody_else_may_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    let folder = Folder::new();
    let state = folder.path().join("vetty");
    let audit = state.join("audit.jsonl");
    Journal::open(&audit).expect("an audit").record(&entry("vs_1")).expect("a line");
    let modes = [&state, &audit, &state.join("audit.head")].map(|path| mode(path));
    assert_eq!(modes, [0o700, 0o600, 0o600]);
    fs::set_permissions(&audit, fs::Permissions::from_mode(0o644)).expect("permissions");
    Journal::open(&audit).expect("an audit");
    assert_eq!(mode(&audit), 0o600);
    let outbox = state.join("outbox");
    Outbox::open(&outbox).expect("an outbox");
    assert_eq!(mode(&outbox), 0o700);
}

#[test]
fn what_is_no_audit_is_an_error() {
    let folder = Folder::new();
    assert!(matches!(Journal::open(folder.path()), Err(JournalError::Open(_))));
    assert!(matches!(Journal::read(folder.path()), Err(JournalError::Read(_))));
    assert!(matches!(Journal::verify(folder.path(), None), Err(JournalError::Read(_))));
    let file = folder.path().join("file");
    fs::write(&file, "").expect("a file");
    assert!(matches!(Journal::open(&file.join("audit")), Err(JournalError::Folder(_))));
    assert!(matches!(Outbox::open(&file), Err(JournalError::Folder(_))));
}
