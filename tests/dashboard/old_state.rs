//! What an earlier version wrote opens, and is gone on with: an outbox with open items, an audit in the middle of a
//! change, settings, and a sandbox's database.
//!
//! `tests/fixtures/v0.1.0` was written by that version: a sandbox of eight sessions; a cancel and a redaction that were
//! done; a redaction, an update and a create whose answers were cut off; and a bulk of four that was killed at its first.

use std::fs;
use std::path::{Path, PathBuf};

use vetty::client::Client;
use vetty::config::Settings;
use vetty::identity::params::{ListSessions, Paging};
use vetty::identity::{Session, Status};
use vetty::journal::{AUDIT, JobAct, Journal, Mode, OUTBOX, Outbox, Outcome, Step};
use vetty::sandbox::Database;
use vetty::worker::{Changer, Recorder};

use crate::support::server::{TestServer, settings};

/// Where the sandbox of the fixture listened.
const HOST: &str = "127.0.0.1:48123";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v0.1.0")
}

/// A copy of the state, to be written to.
fn state() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    fs::create_dir(copy.path().join(OUTBOX)).expect("a folder");
    for folder in ["", OUTBOX] {
        for entry in fs::read_dir(fixture().join("state").join(folder)).expect("the fixture") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let to = copy.path().join(folder).join(path.file_name().expect("a name"));
                fs::copy(&path, to).expect("a copy");
            }
        }
    }
    copy
}

async fn all(client: &Client) -> Vec<Session> {
    let paging = Paging { limit: Some(100), ..Paging::default() };
    client
        .list_sessions(&ListSessions { paging, ..ListSessions::default() })
        .await
        .expect("a page")
        .value
        .data
}

#[tokio::test]
async fn what_an_earlier_version_left_is_finished() {
    let (state, database) = (state(), tempfile::tempdir().expect("a folder"));
    let path = database.path().join("sandbox.db");
    fs::copy(fixture().join("sandbox.db"), &path).expect("a copy");
    let server = TestServer::with(settings(Database::Sqlite(path))).await;
    let client = server.client();
    let before = all(&client).await;
    assert_eq!(before.len(), 9, "the database opens: eight, and the create in doubt was made");

    let audit = state.path().join(AUDIT);
    assert!(Journal::verify(&audit, None).expect("a verdict").is_sound());
    let lines = Journal::read(&audit).expect("the audit").lines.len();
    let recorder = Recorder::new(Journal::open(&audit), "ann", "environment", Mode::Test);
    let changer = Changer::new(client, recorder, Outbox::open(&state.path().join(OUTBOX)), HOST);
    let outbox = changer.outbox().expect("an outbox");
    let left = outbox.left_over(changer.place()).expect("a look");
    assert_eq!((left.jobs.len(), left.singles.len(), left.unreadable.len()), (3, 1, 0));
    let steps: Vec<&Step> = left.jobs.iter().flat_map(|job| &job.items).map(|item| &item.step).collect();
    let (held, asked, failed) = (Step::Held, Step::Asked, Step::Failed);
    assert_eq!(steps, [&failed, &failed, &asked, &held, &held, &held]);
    for job in &left.jobs {
        for item in &job.items {
            let made = changer.make_item(job, item, None).await.expect("a change");
            match &job.act {
                JobAct::Redact => assert!(made.session.redaction.is_some()),
                JobAct::Metadata(_) => {
                    assert_eq!(made.session.metadata.get("batch").map(|text| &**text.expose()), Some("7"));
                }
                JobAct::Cancel => assert_eq!(made.session.status, Status::Canceled),
            }
        }
        assert!(outbox.close(&job.id).expect("an end"), "nothing of it is open");
    }
    outbox.finish(&left.singles[0].id).expect("it was told");
    assert_eq!(outbox.count().expect("a count"), 0);

    let after = Journal::read(&audit).expect("the audit").lines;
    assert!(Journal::verify(&audit, None).expect("a verdict").is_sound(), "the chain goes on");
    let done = after[lines..].iter().filter(|line| line.entry.result == Outcome::Done).count();
    assert_eq!(done, 6);
    let redacted = all(&server.client()).await.iter().filter(|session| session.redaction.is_some()).count();
    assert_eq!(redacted, 6);
    server.running.stop().await;
}

#[test]
fn settings_of_an_earlier_version_are_read() {
    let settings = Settings::read(&fixture().join("settings.toml"), true).expect("settings");
    assert_eq!((settings.hold_seconds, settings.retention_days, settings.mouse), (5, Some(90), false));
    assert_eq!(settings.reasons.len(), 2);
    assert_eq!(settings.profiles.len(), 2);
    assert_eq!(settings.reason_metadata_key, None, "what came later has its default");
}
