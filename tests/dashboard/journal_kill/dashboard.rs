//! The real dashboard, killed while it works on a job: the next one asks, goes on, and nothing happens twice.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use vetty::journal::{Entry, OUTBOX, Outcome};

use super::program::Act;
use super::sandbox::Sandbox;
use super::{entries, is_chained};
use crate::support::screen::Screen;
use crate::support::vetty;

/// How many sessions the job has.
pub(super) const SESSIONS: usize = 3;

/// Every so many points the dashboard is killed once.
const STEP: usize = 7;

/// A sandbox with sessions, and the desk of somebody who works on them.
pub(super) struct Desk {
    pub(super) sandbox: Sandbox,
    ids: Vec<String>,
    folder: tempfile::TempDir,
    settings: tempfile::NamedTempFile,
}

impl Desk {
    pub(super) fn start() -> Self {
        let sandbox = Sandbox::start();
        let ids = (0..SESSIONS).map(|_| sandbox.create()).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = tempfile::NamedTempFile::new().expect("a file");
        settings.write_all(b"hold_seconds = 0\nreason_metadata_key = 'review_reason'\n").expect("settings");
        Self { sandbox, ids, folder, settings }
    }

    pub(super) fn state(&self) -> PathBuf {
        self.folder.path().join("vetty")
    }

    /// Opens the dashboard. With a point, it dies there.
    pub(super) fn open(&self, point: Option<usize>) -> Screen {
        let process = &self.sandbox.process;
        let settings = self.settings.path().to_str().expect("a path");
        let mut options = vetty().size(120, 40).args(["--config", settings, "--api-base", &process.base]);
        options = options.env("XDG_STATE_HOME", self.folder.path().to_str().expect("a path"));
        options = options.env("STRIPE_API_KEY", &process.key);
        if let Some(point) = point {
            options = options.env(vetty::journal::crash::VARIABLE, &point.to_string());
        }
        Screen::start(&options)
    }

    /// Opens it once more, and goes on with what is left. With a promise, until all of it is kept.
    pub(super) fn finish(&self, is_promised: bool) {
        let state = self.state();
        let screen = self.open(None);
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
    }

    /// What is promised is done, once; what is not promised is not done at all.
    pub(super) fn is_as_promised(&self, is_promised: bool, place: &str) {
        is_chained(&self.state());
        if is_promised {
            self.sandbox.is_changed_once(Act::Cancel, &self.ids);
            // One key for each cancel and one for each reason, whatever was repeated.
            assert_eq!(self.sandbox.keys_used(), 2 * SESSIONS, "{place}");
            assert_eq!(left(&self.state()), 0, "{place}: the outbox is empty");
        } else {
            assert_eq!(self.sandbox.keys_used(), 0, "{place}: nothing was promised, and nothing was done");
        }
    }
}

/// Cancels all sessions with a reason, up to the last key, which confirms it.
pub(super) fn nearly_confirm(screen: &Screen) {
    screen.press("* c").wait_for("Cancel 3 sessions");
    screen.press("3").wait_for("Type how many").type_text("3");
}

/// Cancels all sessions with a reason, in a dashboard that dies at `point`. Whether it died.
fn killed_at(point: usize) -> bool {
    let desk = Desk::start();
    let screen = desk.open(Some(point));
    let mut done = false;
    // It may die as soon as it opens its files.
    if screen.shows_before_the_end("All 3 ") {
        nearly_confirm(&screen);
        screen.press("Enter");
        done = screen.shows_before_the_end("3 done");
    }
    if done {
        screen.press("q");
    }
    screen.exit_status();
    let is_promised = left(&desk.state()) > 0;
    desk.finish(is_promised);
    desk.is_as_promised(is_promised || done, &format!("point {point}"));
    !done
}

/// What the next start says first.
pub(super) const ASKED: &str = "Decide later";

/// How many files the outbox has.
pub(super) fn left(state: &Path) -> usize {
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
