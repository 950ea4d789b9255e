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

/// Nobody can make files there, not even root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_an_error() {
    let state = Path::new("/proc/vetty");
    let told = Journal::open(&state.join("audit.jsonl")).expect_err("no folder").to_string();
    assert!(told.starts_with("the state folder cannot be made"), "{told}");
    assert!(matches!(Outbox::open(&state.join("outbox")), Err(JournalError::Folder(_))));
}

#[test]
fn a_line_without_its_head_is_an_error_and_leaves_a_sound_chain() {
    let folder = Folder::new();
    folder.record(&["vs_1"]);
    let in_the_way = folder.path().join("audit.head.new");
    fs::create_dir(&in_the_way).expect("a folder");
    let journal = Journal::open(&folder.audit()).expect("an audit");
    for _ in 0..2 {
        let failed = journal.record(&entry("vs_2"));
        assert!(matches!(failed, Err(JournalError::Write(_))), "{failed:?}");
    }
    assert_eq!(folder.breaks(), [""; 0]);
    fs::remove_dir(&in_the_way).expect("a folder");
    assert_eq!(journal.record(&entry("vs_3")).expect("a line").seq, 4);
    assert_eq!(folder.breaks(), [""; 0]);
}
