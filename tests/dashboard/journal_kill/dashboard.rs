//! The real dashboard, killed while it works on a job: the next one asks, goes on, and nothing happens twice.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use vetty::journal::{Entry, OUTBOX, Outcome};

use super::program::Act;
use super::sandbox::Sandbox;
use super::{entries, is_chained};
use crate::support::screen::Screen;
use crate::support::vetty;

/// How many sessions the job has.
const SESSIONS: usize = 3;

/// Every so many points the dashboard is killed once.
const STEP: usize = 7;

fn open(sandbox: &Sandbox, state: &Path, settings: &Path, point: Option<usize>) -> Screen {
    let args = ["--config", settings.to_str().expect("a path"), "--api-base", &sandbox.process.base];
    let mut options = vetty().size(120, 40).args(args);
    options = options.env("XDG_STATE_HOME", state.to_str().expect("a path"));
    options = options.env("STRIPE_API_KEY", &sandbox.process.key);
    if let Some(point) = point {
        options = options.env(vetty::journal::crash::VARIABLE, &point.to_string());
    }
    Screen::start(&options)
}

/// Cancels all sessions with a reason, in a dashboard that dies at `point`. Whether it died.
fn killed_at(point: usize) -> bool {
    let sandbox = Sandbox::start();
    let ids: Vec<String> = (0..SESSIONS).map(|_| sandbox.create()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = tempfile::NamedTempFile::new().expect("a file");
    settings.write_all(b"hold_seconds = 0\nreason_metadata_key = 'review_reason'\n").expect("settings");

    let screen = open(&sandbox, folder.path(), settings.path(), Some(point));
    let mut done = false;
    // It may die as soon as it opens its files.
    if screen.shows_before_the_end("All 3 ") {
        screen.press("* c").wait_for("Cancel 3 sessions");
        screen.press("3").wait_for("Type how many").type_text("3").press("Enter");
        done = screen.shows_before_the_end("3 done");
    }
    if done {
        screen.press("q");
    }
    screen.exit_status();

    let state = folder.path().join("vetty");
    let is_promised = left(&state) > 0;
    let screen = open(&sandbox, folder.path(), settings.path(), None);
    screen.wait_for("All 3 ");
    if is_promised && !is_settled(&state) {
        screen.wait_until("it asks, or reading settled everything", |shown| {
            shown.contents().contains(ASKED) || is_settled(&state)
        });
        if screen.contents().contains(ASKED) {
            screen.press("Down Down Enter").wait_gone(ASKED);
        }
        screen.wait_until("every session is canceled", |_| is_settled(&state));
    }
    // What is settled leaves the outbox, and may do so without a word.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while left(&state) > 0 && std::time::Instant::now() < deadline {
        std::thread::yield_now();
    }
    screen.press("q");
    screen.exit_status();

    is_chained(&state);
    if is_promised || done {
        sandbox.is_changed_once(Act::Cancel, &ids);
        // One key for each cancel and one for each reason, whatever was repeated.
        assert_eq!(sandbox.keys_used(), 2 * SESSIONS, "at point {point}");
        assert_eq!(left(&state), 0, "the outbox is empty");
    } else {
        assert_eq!(sandbox.keys_used(), 0, "nothing was promised, and nothing was done");
    }
    !done
}

/// What the next start says first.
const ASKED: &str = "Decide later";

/// How many files the outbox has.
fn left(state: &Path) -> usize {
    let Ok(files) = std::fs::read_dir(state.join(OUTBOX)) else { return 0 };
    files
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "jsonl"))
        .count()
}

/// Whether the audit says of every session that it was canceled.
fn is_settled(state: &Path) -> bool {
    let done = |entry: Entry| {
        (&*entry.action == "cancel" && entry.result == Outcome::Done).then_some(entry.object).flatten()
    };
    entries(state).into_iter().filter_map(done).collect::<BTreeSet<_>>().len() == SESSIONS
}

#[test]
fn a_job_of_the_dashboard_survives_its_death() {
    let mut point = 2;
    while killed_at(point) {
        point += STEP;
    }
    assert!(point > 5 * STEP, "the dashboard hardly ever died");
}
