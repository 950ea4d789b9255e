//! A program that changes things is killed at every write and at every request; after the next start each object was
//! changed exactly once, and the audit's chain holds.
//!
//! The program is this test binary, started again as [`program::main`]: it uses the library as `vetty` does, in a
//! process of its own, against a sandbox in another one. `VETTY_CRASH_AT` says where it dies.

mod dashboard;
mod program;
mod random;
mod sandbox;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use program::{Act, Order, Role};
use sandbox::Sandbox;
use vetty::journal::{AUDIT, Entry, Journal, OUTBOX, Outcome, crash};

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// It died at the point where it was told to.
    Killed,
    /// It was done before it came to that point.
    Done,
}

/// Runs the program on `order`, and kills it at its `point`th point.
fn run(order: &Order, point: Option<u64>) -> End {
    use std::os::unix::process::ExitStatusExt as _;
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "journal_kill::program::main", "--ignored", "--nocapture"])
        .stdout(Stdio::null());
    order.pass_to(&mut command);
    if let Some(point) = point {
        command.env(crash::VARIABLE, point.to_string());
    }
    let output = command.stderr(Stdio::piped()).output().expect("it runs");
    match (output.status.signal(), output.status.success()) {
        (Some(9), _) => End::Killed,
        (None, true) => End::Done,
        _ => panic!("{order:?} at {point:?}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

fn entries(state: &Path) -> Vec<Entry> {
    let contents = Journal::read(&state.join(AUDIT)).expect("an audit");
    contents.lines.into_iter().map(|line| line.entry).collect()
}

fn is_chained(state: &Path) {
    let verdict = Journal::verify(&state.join(AUDIT), None).expect("a verdict");
    assert!(verdict.is_sound(), "{:?}", verdict.breaks);
}

/// Kills the program at every point while it makes `act` to `count` sessions in the way of `role`. With `twice`, the
/// program that clears up afterwards is killed as well.
fn killed_everywhere(role: Role, act: Act, count: usize, twice: bool) {
    let sandbox = Sandbox::start();
    let mut done_before = 0;
    for point in 1.. {
        let folder = tempfile::tempdir().expect("a folder");
        let order = Order {
            role,
            act,
            state: folder.path().to_owned(),
            base: sandbox.process.base.clone(),
            key: sandbox.process.key.clone(),
            sessions: (0..count).map(|_| sandbox.create()).collect(),
        };
        let end = run(&order, Some(point));
        let place = format!("{role:?} {act:?}, point {point}");
        if order.state.join(AUDIT).exists() {
            is_chained(&order.state);
        }
        let clear_up = Order { role: Role::Recover, ..order.clone() };
        if twice {
            run(&clear_up, Some(point));
        }
        assert_eq!(run(&clear_up, None), End::Done, "{place}");
        if sandbox.keys_used() == done_before {
            // It died before anything was promised, so that nothing was left over. The person asks again.
            assert!(end == End::Killed, "{place}: nothing was done");
            assert_eq!(run(&order, None), End::Done, "{place}");
        }

        is_chained(&order.state);
        sandbox.is_changed_once(act, &order.sessions);
        assert_eq!(sandbox.keys_used(), done_before + count, "{place}: each change was executed once");
        done_before += count;
        let left = std::fs::read_dir(order.state.join(OUTBOX)).expect("an outbox").filter(|entry| {
            entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|e| e == "jsonl"))
        });
        assert_eq!(left.count(), 0, "{place}: the outbox is empty");
        each_has_one_key_and_an_end(&order, &place);
        if end == End::Done {
            assert!(point > 20, "{place}: hardly any point was met");
            return;
        }
    }
}

/// The audit tells of every session under one key only, asked first and done last.
fn each_has_one_key_and_an_end(order: &Order, place: &str) {
    let entries = entries(&order.state);
    for session in &order.sessions {
        let of_session: Vec<&Entry> =
            entries.iter().filter(|entry| entry.object.as_deref() == Some(session.as_str())).collect();
        let sent: BTreeSet<&str> = of_session
            .iter()
            .skip_while(|entry| entry.result == Outcome::Asked && is_never_sent(entry, &of_session))
            .filter_map(|entry| entry.idempotency_key.as_deref())
            .collect();
        assert_eq!(sent.len(), 1, "{place}: {of_session:#?}");
        assert_eq!(of_session[0].result, Outcome::Asked, "{place}");
        assert_eq!(of_session[of_session.len() - 1].result, Outcome::Done, "{place}");
    }
}

/// Whether a direct change died between its line in the audit and its place in the outbox: the key was never used.
fn is_never_sent(entry: &Entry, all: &[&Entry]) -> bool {
    let is_same = |other: &&&Entry| other.idempotency_key == entry.idempotency_key;
    all.iter().filter(is_same).count() == 1
}

#[test]
fn a_held_redaction_survives_a_kill_anywhere() {
    killed_everywhere(Role::Job, Act::Redact, 1, false);
}

#[test]
fn a_held_redaction_survives_a_second_kill_while_it_is_cleared_up() {
    killed_everywhere(Role::Job, Act::Redact, 1, true);
}

#[test]
fn a_direct_cancel_survives_a_kill_anywhere() {
    killed_everywhere(Role::Direct, Act::Cancel, 1, false);
}

#[test]
fn a_bulk_redaction_survives_a_kill_anywhere() {
    killed_everywhere(Role::Job, Act::Redact, 3, false);
}

#[test]
fn a_bulk_change_of_metadata_survives_two_kills() {
    killed_everywhere(Role::Job, Act::Metadata, 2, true);
}

#[test]
fn programs_that_append_at_once_keep_one_chain_though_one_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let order = |role| Order { role, state: folder.path().to_owned(), ..Order::nowhere() };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert_eq!(run(&order(Role::Append), None), End::Done));
        }
        scope.spawn(|| {
            for point in 1..24 {
                assert_eq!(run(&order(Role::Append), Some(point)), End::Killed);
            }
        });
    });
    let verdict = Journal::verify(&folder.path().join(AUDIT), None).expect("a verdict");
    assert!(verdict.is_sound(), "{:?}", verdict.breaks);
    let by_survivors = entries(folder.path()).iter().filter(|entry| &*entry.operator != "killed").count();
    assert!(by_survivors >= 3 * program::LINES, "{by_survivors} of {}", 3 * program::LINES);
}

#[test]
fn a_full_disk_sends_nothing_that_is_not_written_down() {
    let sandbox = Sandbox::start();
    let folder = tempfile::tempdir().expect("a folder");
    let order = |role, sessions: &[String]| Order {
        role,
        act: Act::Redact,
        state: folder.path().to_owned(),
        base: sandbox.process.base.clone(),
        key: sandbox.process.key.clone(),
        sessions: sessions.to_vec(),
    };
    run(&order(Role::Append, &[]), None);

    // No room for the line before: nothing is sent.
    let refused = [sandbox.create()];
    run(&order(Role::NoRoom, &refused), None);
    assert_eq!(sandbox.keys_used(), 0);
    is_chained(folder.path());

    // Room for the line before only: it is sent, and its end is written at the next start.
    let open = [sandbox.create()];
    run(&order(Role::LittleRoom, &open), None);
    assert_eq!(sandbox.keys_used(), 1);
    let results = || -> Vec<Outcome> {
        let of_it = entries(folder.path()).into_iter().filter(|e| e.object.as_deref() == Some(&open[0]));
        of_it.map(|entry| entry.result).collect()
    };
    assert_eq!(results(), [Outcome::Asked]);
    run(&order(Role::Recover, &[]), None);
    assert_eq!(results(), [Outcome::Asked, Outcome::Done]);
    assert_eq!(sandbox.keys_used(), 1);
    sandbox.is_changed_once(Act::Redact, &open);
    is_chained(folder.path());
}
