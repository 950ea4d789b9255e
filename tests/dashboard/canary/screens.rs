//! Unique personal values on every screen and in every dialog, copy, export and file: found only where a reveal was
//! asked for.

use std::fs;
use std::path::Path;

use vetty::identity::personal::{PersonalField, Reading};
use vetty::privacy::Sight;

use super::verified;
use crate::support::app::TestApp;
use crate::support::files_below;
use crate::support::server::TestServer;

const EMAIL: &str = "canary.9f3a71@example.com";
const PHONE: &str = "+14155550177";

/// What nobody may find, in every form that it is written in.
pub(super) struct Canaries(pub(super) Vec<String>);

impl Canaries {
    pub(super) fn assert_none_in(&self, text: &str, place: &str) {
        for canary in &self.0 {
            // Texts that were wrapped are read without their line ends.
            let flat = text.replace('\n', " ");
            assert!(
                !text.contains(canary.as_str()) && !flat.contains(canary.as_str()),
                "{canary} is in {place}"
            );
        }
    }

    pub(super) fn assert_none_below(&self, folder: &Path) {
        for path in files_below(folder) {
            let bytes = fs::read(&path).expect("the file");
            self.assert_none_in(&String::from_utf8_lossy(&bytes), &path.display().to_string());
            self.assert_none_in(&path.display().to_string(), "a file's name");
        }
    }

    /// Neither in what was drawn, nor in what was copied, exported or kept.
    pub(super) fn assert_none_anywhere(&self, app: &TestApp, exports: &Path) {
        self.assert_none_in(&app.seen(), "a frame");
        for text in &app.world.lock().expect("the world").copied {
            self.assert_none_in(text, "the clipboard");
        }
        self.assert_none_below(exports);
        self.assert_none_below(app.state());
    }
}

/// Follows `tour`, then copies every item of the copy menu, and exports in every format.
pub(super) async fn walk(app: &mut TestApp, tour: &[(&str, &str)]) {
    for (keys, landmark) in tour {
        app.press(keys);
        app.wait_for(landmark).await;
        app.pass(1).await;
    }
    for item in 0..6 {
        app.press("Y");
        app.wait_for("┌ Copy").await;
        for _ in 0..item {
            app.press("Down");
        }
        app.press("Enter");
        app.wait_gone("┌ Copy").await;
    }
    for format in 0..3 {
        app.press("E");
        app.wait_for("1 session in view").await;
        for _ in 0..format {
            app.press("Right");
        }
        app.press_ctrl('s');
        app.wait_for("Exported 1 session, masked").await;
        app.read_notice().await.press("j");
    }
}

/// Keys that lead to every page and dialog, and out again. A screen is waited for where data has to arrive.
const TOUR: &[(&str, &str)] = &[
    ("Enter", "TIMELINE"),
    ("Esc ?", "Move one row down"),
    ("Esc : ", "type a part"),
    ("Esc X", "Redact"),
    ("Esc e", "Update session"),
    ("Esc Y", "session as JSON"),
    ("Esc V", "Show one field"),
    ("Esc E", "in view"),
    ("Esc P", "There is no other profile"),
    ("2", "OUTCOME"),
    ("Tab", "SESSION"),
    ("Esc 3", "since the start"),
    ("4", "the chain holds"),
    ("1", "STATUS"),
];

#[tokio::test]
async fn personal_values_are_nowhere_unless_a_reveal_was_asked_for() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = verified(&below, EMAIL, PHONE).await;
    let expand = ["provided_details", "verified_outputs.dob", "last_verification_report"];
    let session = below.retrieve_session(&id, &expand).await.expect("the session").value;
    let report = session.last_verification_report.as_ref().expect("a report").id().clone();
    let expand = ["document.number", "document.dob", "document.expiration_date"];
    let report = below.retrieve_report(&report, &expand).await.expect("the report").value;
    // Words of one or two letters, as some names and countries are, stand everywhere.
    let canaries: Vec<String> = PersonalField::all()
        .filter_map(|field| match field.read(Some(&session), Some(&report), Sight::Revealed) {
            Reading::Value(value) => Some(value.into_owned()),
            Reading::Nothing | Reading::Unfetched => None,
        })
        .flat_map(|value| {
            value.split(", ").map(str::to_owned).filter(|part| part.chars().count() > 4).collect::<Vec<_>>()
        })
        .collect();
    assert!(canaries.iter().any(|value| value == EMAIL) && canaries.len() > 6, "{} values", canaries.len());
    let canaries = Canaries(canaries);

    let exports = tempfile::tempdir().expect("a folder");
    let mut app = TestApp::open_exporting(&server, exports.path());
    app.wait_for("✓ Verified 1").await;
    walk(&mut app, TOUR).await;
    let copied = app.world.lock().expect("the world").copied.clone();
    // An e-mail address is not copied while it is masked.
    assert_eq!(copied.len(), 4, "id, reference, report and JSON: {copied:?}");
    canaries.assert_none_anywhere(&app, exports.path());

    // Asked for, they are there; on disk they are not, even then.
    app.press("Enter v");
    app.wait_for(EMAIL).await;
    app.press("Y Down Down Enter");
    app.wait_for("Copied the e-mail").await;
    assert_eq!(app.copied().as_deref(), Some(EMAIL));
    app.press("Esc");
    app.wait_gone(EMAIL).await;
    canaries.assert_none_below(app.state());
    app.press("q");
    app.ended().await;
}
