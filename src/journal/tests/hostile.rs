//! A folder that others have their hands in: rotation, removal, links, pipes, locks that nobody lets go of.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use super::super::job::{Job, JobAct, JobId, Place, Step};
use super::super::{Hash, Item, Journal, JournalError, Mode, Outbox};
use super::{Folder, entry};
use crate::identity::SessionId;

fn objects(folder: &Folder) -> Vec<String> {
    let lines = Journal::read(&folder.audit()).expect("the audit").lines;
    lines.iter().filter_map(|line| line.entry.object.as_ref().map(ToString::to_string)).collect()
}

fn pipe(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
}

#[test]
fn the_chain_goes_on_over_files_that_were_rotated() {
    let folder = Folder::new();
    let journal = Journal::open(&folder.audit()).expect("an audit");
    journal.record(&entry("vs_1")).expect("a line");
    let noted = journal.record(&entry("vs_2")).expect("a line").hash;
    for (n, name) in [(3, "audit-2026-10.jsonl"), (4, "audit.jsonl.1")] {
        // Under a running program, and before its next line.
        fs::rename(folder.audit(), folder.path().join(name)).expect("it is moved");
        journal.record(&entry(&format!("vs_{n}"))).expect("a line");
    }
    assert_eq!(folder.lines().len(), 1, "the new file has the new line only");
    let verdict = Journal::verify(&folder.audit(), Some(noted)).expect("a verdict");
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!((verdict.lines, verdict.files, verdict.last.seq), (4, 3, 4));
    assert_eq!(objects(&folder), ["vs_1", "vs_2", "vs_3", "vs_4"]);

    // What is taken away, or changed, in an older file is found.
    let older = folder.path().join("audit-2026-10.jsonl");
    let text = fs::read_to_string(&older).expect("text");
    fs::write(&older, text.replace("ann", "eve")).expect("a change");
    assert_eq!(
        folder.breaks(),
        [
            "line 1 or line 2 was changed after it was written",
            "line 2 or line 3 was changed after it was written"
        ]
    );
    fs::remove_file(&older).expect("a file");
    assert_eq!(folder.breaks(), ["lines 1 to 2 are missing"]);
}

#[test]
fn a_crash_before_the_rotation_leaves_a_sound_chain() {
    let folder = Folder::new();
    folder.record(&["vs_1"]);
    let head = fs::read(folder.head()).expect("a head");
    folder.record(&["vs_2"]);
    // The line is there, and the head does not name it yet.
    fs::write(folder.head(), head).expect("the old head");
    fs::rename(folder.audit(), folder.path().join("audit.jsonl.1")).expect("it is moved");
    folder.record(&["vs_3"]);
    assert_eq!(folder.breaks(), [""; 0]);
    assert_eq!(objects(&folder), ["vs_1", "vs_2", "vs_3"]);
}

#[test]
fn no_line_goes_into_a_file_that_is_gone() {
    let folder = Folder::new();
    let journal = Journal::open(&folder.audit()).expect("an audit");
    journal.record(&entry("vs_1")).expect("a line");
    fs::remove_file(folder.audit()).expect("a file");
    journal.record(&entry("vs_2")).expect("a line");
    assert_eq!(objects(&folder), ["vs_2"]);
    assert_eq!(folder.breaks(), ["line 1 is missing"]);
    // Nor into a folder that is.
    fs::rename(folder.path(), folder.path().with_extension("gone")).expect("it is moved");
    journal.record(&entry("vs_3")).expect("a line");
    assert_eq!(objects(&folder), ["vs_3"]);
    fs::remove_dir_all(folder.path().with_extension("gone")).expect("a folder");
}

#[test]
fn links_pipes_and_second_names_are_not_used() {
    let told = |spoil: &dyn Fn(&Folder)| {
        let folder = Folder::new();
        folder.record(&["vs_1"]);
        let journal = Journal::open(&folder.audit()).expect("an audit");
        spoil(&folder);
        let failed = journal.record(&entry("vs_2")).expect_err("it is no plain file");
        let read = Journal::verify(&folder.audit(), None);
        (failed.to_string(), read.err().map(|error| error.to_string()))
    };
    let move_away = |folder: &Folder| {
        let other = folder.path().join("other");
        fs::rename(folder.audit(), &other).expect("it is moved");
        other
    };
    let (failed, read) = told(&|folder| symlink(move_away(folder), folder.audit()).expect("a link"));
    assert!(failed.contains("it is a link"), "{failed}");
    assert!(read.is_some_and(|read| read.contains("it is a link")));
    let (failed, _) = told(&|folder| fs::hard_link(move_away(folder), folder.audit()).expect("a link"));
    assert!(failed.contains("it has several names"), "{failed}");
    for name in ["audit.jsonl", "audit.head", "audit.lock"] {
        let (failed, _) = told(&|folder| {
            fs::remove_file(folder.path().join(name)).expect("a file");
            pipe(&folder.path().join(name));
        });
        assert!(failed.contains("it is no plain file"), "{name}: {failed}");
    }
}

#[test]
fn what_a_link_leads_to_is_not_truncated() {
    let folder = Folder::new();
    let target = folder.path().join("precious");
    fs::write(&target, "precious").expect("a file");
    for name in ["audit.head.new", "0000000000c0ffee-1.jsonl.new"] {
        symlink(&target, folder.path().join(name)).expect("a link");
    }
    folder.record(&["vs_1"]);
    Outbox::open(folder.path()).expect("an outbox").put(&job(1)).expect("a job");
    assert_eq!(fs::read_to_string(&target).expect("text"), "precious");
    assert_eq!(folder.breaks(), [""; 0]);
}

/// Somebody was stopped, or hangs, in the middle of a write.
#[test]
fn a_lock_that_nobody_lets_go_of_is_waited_for_a_while_and_not_for_reading() {
    let folder = Folder::new();
    folder.record(&["vs_1"]);
    let held = File::options().write(true).open(folder.path().join("audit.lock")).expect("the lock");
    held.lock().expect("nobody has it");
    fs::write(folder.path().join("audit.lock"), "4711 2026-03-01T12:00:00Z\n").expect("its holder");
    let journal =
        Journal::open(&folder.audit()).expect("opening takes no lock").with_patience(Duration::ZERO);
    let error = journal.record(&entry("vs_2")).expect_err("it is held");
    let JournalError::Held(held_by) = &error else { panic!("{error}") };
    assert_eq!(held_by.holder.as_ref().map(|holder| holder.process), Some(4711));
    assert!(error.to_string().contains("held by process 4711 since 12:00:00"), "{error}");
    assert_eq!((objects(&folder), folder.breaks()), (vec!["vs_1".to_owned()], Vec::new()));
    drop(held);
    journal.record(&entry("vs_2")).expect("it is free");

    let outbox = Outbox::open(folder.path()).expect("an outbox").with_patience(Duration::ZERO);
    let held = File::create(folder.path().join(".lock")).expect("the lock");
    held.lock().expect("nobody has it");
    assert!(matches!(outbox.put(&job(1)), Err(JournalError::Held(_))));
    assert_eq!(Outbox::overview(folder.path()).expect("a look").left, 0);
}

fn place() -> Place {
    Place { profile: "default".into(), host: "sandbox".into(), mode: Mode::Test }
}

fn job(n: u64) -> Job {
    let item = |step| Item {
        session: SessionId::new(&format!("vs_{step:?}")),
        state: None,
        key: "k".into(),
        step,
        asked: None,
    };
    Job {
        id: JobId::new(0xc0_ffee, n),
        created: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: "ann".into(),
        place: place(),
        via: "key:X".into(),
        act: JobAct::Redact,
        reason: None,
        items: vec![item(Step::Held), item(Step::Asked), item(Step::Dropped)],
    }
}

#[test]
fn one_entry_that_cannot_be_read_hides_no_other() {
    let folder = Folder::new();
    let outbox = Outbox::open(folder.path()).expect("an outbox");
    outbox.put(&job(1)).expect("a job");
    outbox.put(&job(2)).expect("a job");
    drop(outbox);
    fs::create_dir(folder.path().join("aaa.jsonl")).expect("a folder");
    pipe(&folder.path().join("mmm.jsonl"));
    symlink("/dev/zero", folder.path().join("nnn.jsonl")).expect("a link");
    symlink("/nowhere", folder.path().join("ooo.jsonl")).expect("a link");
    fs::write(folder.path().join("zzz.jsonl"), "{").expect("a file");
    let reasons = |found: &[super::super::Unreadable]| -> Vec<String> {
        found.iter().map(|found| format!("{}: {}", found.name, found.reason)).collect()
    };
    let expected = [
        "aaa.jsonl: it is a folder",
        "mmm.jsonl: it is no plain file",
        "nnn.jsonl: it is a link, and links are not followed here",
        "ooo.jsonl: it is a link, and links are not followed here",
        "zzz.jsonl: what it holds is no job",
    ];
    let overview = Outbox::overview(folder.path()).expect("a look");
    assert_eq!((overview.left, overview.in_doubt, overview.busy), (4, 2, 0));
    assert_eq!(reasons(&overview.unreadable), expected);
    let outbox = Outbox::open(folder.path()).expect("an outbox");
    let found = outbox.left_over(&place()).expect("a look");
    assert_eq!((found.jobs.len(), reasons(&found.unreadable)), (2, expected.map(str::to_owned).to_vec()));
    assert_eq!(Outbox::overview(folder.path()).expect("a look").busy, 2, "they are worked on");
}

#[test]
fn a_job_that_was_taken_away_is_not_gone_on_with() {
    for replace in [false, true] {
        let folder = Folder::new();
        let outbox = Outbox::open(folder.path()).expect("an outbox");
        outbox.put(&job(1)).expect("a job");
        let name = folder.path().join("0000000000c0ffee-1.jsonl");
        fs::remove_file(&name).expect("a file");
        if replace {
            fs::write(&name, "somebody else's").expect("a file");
        }
        let session = job(1).items[0].session.clone();
        let marked = outbox.mark(&job(1).id, &session, Step::Asked);
        assert!(matches!(marked, Err(JournalError::JobMoved)), "{marked:?}");
        outbox.finish(&job(1).id).expect("it is let go");
        assert_eq!(name.exists(), replace, "what has its name now stays");
    }
}

#[test]
fn a_head_is_small() {
    let folder = Folder::new();
    folder.record(&["vs_1"]);
    let line = folder.lines().remove(0);
    let head = format!("{{\"seq\":1,\"hash\":\"{}\"}}", Hash::of(line.as_bytes()));
    // Whatever follows, the beginning is all that is looked at, and it is no head.
    fs::write(folder.head(), [head.as_bytes(), &vec![b'x'; 1 << 20]].concat()).expect("a head");
    let file = File::options().write(true).open(folder.head()).expect("the head");
    file.set_len(1 << 40).expect("a file with a hole");
    assert_eq!(folder.breaks().len(), 1);
}
