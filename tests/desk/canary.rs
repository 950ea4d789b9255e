//! Unique personal values on every screen and in every dialog, copy, export and file: found only where a reveal was
//! asked for.

use std::fs;
use std::path::Path;

use vetty::app::Settings;
use vetty::client::IdempotencyKey;
use vetty::identity::VerificationType;
use vetty::identity::params::{Change, CreateSession, ProvidedDetailsParams};
use vetty::identity::personal::{PersonalField, Reading};
use vetty::privacy::{Email, Phone, Pii, Sight};

use super::harness::{Desk, client, sandbox};

const EMAIL: &str = "canary.9f3a71@example.com";
const PHONE: &str = "+14155550177";

/// What nobody may find, in every form that it is written in.
struct Canaries(Vec<String>);

impl Canaries {
    fn assert_none_in(&self, text: &str, place: &str) {
        for canary in &self.0 {
            // Texts that were wrapped are read without their line ends.
            let flat = text.replace('\n', " ");
            assert!(
                !text.contains(canary.as_str()) && !flat.contains(canary.as_str()),
                "{canary} is in {place}"
            );
        }
    }

    fn assert_none_below(&self, folder: &Path) {
        for entry in fs::read_dir(folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                self.assert_none_below(&path);
            } else {
                let bytes = fs::read(&path).expect("the file");
                self.assert_none_in(&String::from_utf8_lossy(&bytes), &path.display().to_string());
                self.assert_none_in(&path.display().to_string(), "a file's name");
            }
        }
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
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let params = CreateSession {
        kind: Some(VerificationType::Document),
        client_reference_id: Some("ann".into()),
        provided_details: ProvidedDetailsParams {
            email: Some(Change::Set(Pii::new(Email::new(EMAIL)))),
            phone: Some(Change::Set(Pii::new(Phone::new(PHONE)))),
        },
        ..CreateSession::default()
    };
    let id = below.create_session(&params, &IdempotencyKey::fresh()).await.expect("a session").value.id;
    below.submit_session(&id, "verified", 0).await.expect("a submission");
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
    let folder = exports.path().display().to_string();
    let mut desk = Desk::open_with(
        &running.api_base(),
        running.restricted_key(),
        (120, 40),
        Settings::default(),
        tempfile::tempdir().expect("a folder"),
        move |model| model.export_folder = folder,
    );
    desk.wait_for("✓ Verified 1").await;
    for (keys, landmark) in TOUR {
        desk.press(keys);
        desk.wait_for(landmark).await;
        desk.pass(1).await;
    }
    // Every item of the copy menu; an e-mail address is not copied while it is masked.
    for item in 0..6 {
        desk.press("Y");
        desk.wait_for("┌ Copy").await;
        for _ in 0..item {
            desk.press("Down");
        }
        desk.press("Enter");
        desk.wait_gone("┌ Copy").await;
    }
    for format in 0..3 {
        desk.press("E");
        desk.wait_for("1 session in view").await;
        for _ in 0..format {
            desk.press("Right");
        }
        desk.press_ctrl('s');
        desk.wait_for("Exported 1 session, masked").await;
        desk.pass(3).await.press("j");
    }
    canaries.assert_none_in(&desk.seen(), "a frame");
    let copied = desk.world.lock().expect("the world").copied.clone();
    assert_eq!(copied.len(), 4, "id, reference, report and JSON: {copied:?}");
    for text in &copied {
        canaries.assert_none_in(text, "the clipboard");
    }
    canaries.assert_none_below(exports.path());
    canaries.assert_none_below(desk.state());

    // Asked for, they are there; on disk they are not, even then.
    desk.press("Enter v");
    desk.wait_for(EMAIL).await;
    desk.press("Y Down Down Enter");
    desk.wait_for("Copied the e-mail").await;
    assert_eq!(desk.copied().as_deref(), Some(EMAIL));
    desk.press("Esc");
    desk.wait_gone(EMAIL).await;
    canaries.assert_none_below(desk.state());
    desk.press("q");
    desk.ended().await;
}
