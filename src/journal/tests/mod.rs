//! The audit and the outbox on a real disk.

mod chain;
#[cfg(unix)]
mod hostile;
mod outbox;
mod trouble;

use std::fs;
use std::path::{Path, PathBuf};

use super::{AUDIT, Entry, Journal, Mode, Outcome, Reason};

/// A state folder of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn audit(&self) -> PathBuf {
        self.path().join(AUDIT)
    }

    fn head(&self) -> PathBuf {
        self.path().join("audit.head")
    }

    /// Records one line about each object.
    fn record(&self, objects: &[&str]) {
        let journal = Journal::open(&self.audit()).expect("an audit");
        for object in objects {
            journal.record(&entry(object)).expect("a line");
        }
    }

    fn lines(&self) -> Vec<String> {
        fs::read_to_string(self.audit()).expect("text").lines().map(str::to_owned).collect()
    }

    fn write(&self, lines: &[String]) {
        let ended: Vec<&str> = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        fs::write(self.audit(), ended.concat()).expect("lines");
    }

    /// What is wrong with the chain, as people read it.
    fn breaks(&self) -> Vec<String> {
        let verdict = Journal::verify(&self.audit(), None).expect("a verdict");
        verdict.breaks.iter().map(ToString::to_string).collect()
    }
}

fn entry(object: &str) -> Entry {
    Entry {
        at: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: "ann".into(),
        profile: "default".into(),
        mode: Mode::Test,
        via: "key:c".into(),
        action: "cancel".into(),
        object: Some(object.into()),
        params: vec!["type:document".into()],
        reason: Some(Reason::new("duplicate")),
        job: Some("0000000000c0ffee-1".into()),
        request_id: Some("req_1".into()),
        idempotency_key: Some("k1".into()),
        result: Outcome::Done,
        error_code: None,
    }
}
