//! Personal data: shown after its line in the audit, for a time, to whoever still looks; exported masked.

use std::time::Duration;

use vetty::app::{ProfileEntry, Settings};
use vetty::client::Client;
use vetty::identity::personal::{Kind, Part, PersonalField, Reading};
use vetty::identity::{Report, Session, SessionId};
use vetty::journal::{AUDIT, Entry};
use vetty::privacy::{Secret, Sight};

use crate::support::app::{SIZE, TestApp};
use crate::support::client::create;
use crate::support::server::TestServer;

/// A verified person, with everything that a restricted key may read of her.
struct Person {
    id: SessionId,
    session: Session,
    report: Report,
}

impl Person {
    fn value(&self, part: Part, kind: Kind) -> String {
        match (PersonalField { part, kind }).read(Some(&self.session), Some(&self.report), Sight::Revealed) {
            Reading::Value(value) => value.into_owned(),
            other => panic!("{part:?} {kind:?}: {other:?}"),
        }
    }

    /// A value that stands on one line in any language, and nowhere else on the screen.
    fn issued(&self) -> String {
        self.value(Part::Document, Kind::Issued)
    }
}

async fn verified(below: &Client, reference: &str) -> Person {
    let id = create(below, reference).await;
    below.submit_session(&id, "verified", 0).await.expect("a submission");
    let expand = ["verified_outputs.dob", "verified_outputs.address"];
    let session = below.retrieve_session(&id, &expand[..1]).await.expect("the session").value;
    let report = session.last_verification_report.as_ref().expect("a report").id().clone();
    let expand = ["document.number", "document.dob", "document.expiration_date"];
    let report = below.retrieve_report(&report, &expand).await.expect("the report").value;
    Person { id, session, report }
}

async fn with_one_person() -> (TestServer, Person, TestApp) {
    let server = TestServer::open().await;
    let below = server.client();
    let person = verified(&below, "ann").await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("✓ Verified 1").await;
    app.press("Enter");
    app.wait_for("TIMELINE").await;
    app.wait_for("expires, number, birth date: sensitive").await;
    (server, person, app)
}

fn reveals(app: &TestApp) -> Vec<Entry> {
    app.journal().into_iter().filter(|entry| &*entry.action == "reveal").collect()
}

#[tokio::test]
async fn a_record_is_shown_after_its_line_and_masked_by_everything_that_turns_away() {
    let (_server, person, mut app) = with_one_person().await;
    let issued = person.issued();
    assert!(!app.seen().contains(&issued), "masked until somebody asks");

    let turns: [(&str, &[&str]); 3] = [("leaving", &["Esc"]), ("another page", &["2"]), ("masking", &["v"])];
    for (at, (how, keys)) in turns.into_iter().enumerate() {
        app.press("v");
        app.wait_for(&issued).await;
        assert_eq!(reveals(&app).len(), at + 1, "each reveal has a line");
        for key in keys {
            app.press(key);
        }
        app.wait_gone(&issued).await;
        app.press("1 Enter");
        app.wait_for("TIMELINE").await;
        assert!(!app.screen().contains(&issued), "{how} masks for good");
    }
    app.press("v");
    app.wait_for(&issued).await;
    app.event(crossterm::event::Event::FocusLost);
    app.wait_gone(&issued).await;

    app.press("v");
    app.wait_for(&issued).await;
    app.pass(60).await;
    assert!(!app.screen().contains(&issued), "after a time");

    app.press("v");
    app.wait_for(&issued).await;
    app.press_ctrl('z');
    app.wait_gone(&issued).await;
    app.press("j");
    app.wait_until("the shell was there", |_| true).await;
    app.press("q");
    let world = std::sync::Arc::clone(&app.world);
    let lines = reveals(&app);
    app.ended().await;
    let suspended = world.lock().expect("the world").suspended.clone();
    assert_eq!(suspended.len(), 1);
    assert!(!suspended[0].contains(&issued), "masked before the shell gets the screen");
    assert!(lines.iter().all(|line| line.object.as_deref() == Some(person.id.as_str())));
    assert!(lines.iter().all(|line| &*line.params[0] == "record"), "{lines:?}");
}

#[tokio::test]
async fn one_field_is_fetched_for_itself_and_shown_alone() {
    let (_server, person, mut app) = with_one_person().await;
    let (number, born) =
        (person.value(Part::Document, Kind::Number), person.value(Part::Document, Kind::BirthDate));
    app.press("V");
    app.wait_for("Show one field").await;
    // Down to the number of the document.
    while !app.screen().contains("document.number") {
        let before = app.screen();
        app.press("j");
        app.wait_until("the cursor moved", |screen| screen != before).await;
    }
    app.press("Enter");
    let screen = app.wait_for(&number).await;
    assert!(!screen.contains(&born) && !screen.contains(&person.issued()), "{screen}");
    let line = reveals(&app).pop().expect("a line");
    assert_eq!(&*line.params[0], "document.number");
    assert_eq!(line.params[1].to_string(), person.report.id.as_str());

    // Showing the rest does not fetch what is sensitive.
    app.press("v");
    let screen = app.wait_for(&person.issued()).await;
    assert!(screen.contains(&number) && !screen.contains(&born), "{screen}");
    app.press("v");
    app.wait_gone(&number).await;
    app.press("v");
    let screen = app.wait_for(&person.issued()).await;
    assert!(!screen.contains(&number), "what was masked is forgotten:\n{screen}");
    app.press("q");
    app.ended().await;
}

/// Chooses a field of the open record by its path.
async fn choose(app: &mut TestApp, path: &str) {
    app.press("V");
    app.wait_for("Show one field").await;
    while !app.screen().contains(path) {
        let before = app.screen();
        app.press("j");
        app.wait_until("the cursor moved", |screen| screen != before).await;
    }
    app.press("Enter");
}

#[tokio::test]
async fn a_refusal_stands_where_the_value_would_be() {
    let server = TestServer::open().await;
    let below = server.client();
    verified(&below, "ann").await;
    let key = Secret::new("sk_test_abcdefghijklmnop".into());
    let mut app = TestApp::open_at(&server.running.api_base(), key, SIZE, Settings::default());
    app.wait_for("✓ Verified 1").await;
    app.press("Enter");
    app.wait_for("birth date: sensitive").await;
    choose(&mut app, "document.dob").await;
    let screen = app
        .wait_until("the API's reason is there", |screen| {
            screen.contains("birth date") && screen.contains("not allowed: To access")
        })
        .await;
    assert!(screen.contains("restricted API key with"), "{screen}");
    app.press("Esc q");
    app.ended().await;

    // A restricted key may, for 48 hours.
    server.advance(49 * 3600).await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.set_wall_clock_forward(Duration::from_hours(49));
    app.wait_for("✓ Verified 1").await;
    app.press("Enter");
    app.wait_for("birth date: sensitive").await;
    choose(&mut app, "document.dob").await;
    app.wait_for("outside the 48 h window").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_shown_and_not_exported() {
    let server = TestServer::open().await;
    let below = server.client();
    let person = verified(&below, "ann").await;
    let state = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(state.path().join(AUDIT)).expect("a folder in the way");
    let exports = tempfile::tempdir().expect("a folder");
    let folder = exports.path().display().to_string();
    let mut app = TestApp::open_with(&server, SIZE, Settings::default(), state, move |model| {
        model.export_folder = folder;
    });
    app.wait_for("✓ Verified 1").await;
    app.press("v");
    app.wait_for("Nothing was revealed").await;
    app.press("V Enter");
    app.wait_for("Nothing was revealed").await;
    app.read_notice().await.press("E").press_ctrl('s');
    app.wait_for("Nothing was exported").await;
    assert!(!app.seen().contains(&person.issued()));
    assert_eq!(std::fs::read_dir(exports.path()).expect("the folder").count(), 0);
    app.press("Esc 4");
    app.wait_for("The audit could not be read").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn exports_are_masked_unless_the_count_is_typed() {
    let server = TestServer::open().await;
    let below = server.client();
    let person = verified(&below, "ann").await;
    verified(&below, "bob").await;
    let exports = tempfile::tempdir().expect("a folder");
    let mut app = TestApp::open_exporting(&server, exports.path());
    app.wait_for("✓ Verified 2").await;
    app.wait_for("J").await;

    // What is in view, masked.
    app.press("E");
    app.wait_for("2 sessions in view").await;
    app.press("Right Tab Tab Enter");
    app.wait_for("Exported 2 sessions, masked").await;
    let masked = only_file(exports.path());
    assert!(masked.contains(person.id.as_str()) && !masked.contains(&person.issued()), "{masked}");
    let json: serde_json::Value = serde_json::from_str(&masked).expect("JSON was chosen");
    assert_eq!(json["data"].as_array().map(Vec::len), Some(2));

    // One marked record in plain text: only with its count typed.
    app.read_notice().await.press("Space E");
    app.wait_for("1 session marked").await;
    app.press("Tab Right").press_ctrl('s');
    app.wait_for("type 1:").await;
    app.press("2").press_ctrl('s');
    app.wait_for("! Not 1.").await;
    app.press_ctrl('u').type_text("1").press("Enter");
    app.wait_for("Exported 1 session, in plain text").await;
    let lines: Vec<String> = app
        .journal()
        .iter()
        .filter(|entry| &*entry.action == "export")
        .map(|entry| entry.params.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(lines, ["sessions format:json count:2 masked", "sessions format:csv count:1 revealed"]);
    app.press("q");
    app.ended().await;
    #[cfg(unix)]
    for file in std::fs::read_dir(exports.path()).expect("the folder") {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.expect("a file").metadata().expect("a mode").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

fn only_file(folder: &std::path::Path) -> String {
    let mut files = std::fs::read_dir(folder).expect("the folder");
    let file = files.next().expect("a file").expect("a file");
    assert!(files.next().is_none(), "one file");
    std::fs::read_to_string(file.path()).expect("the file")
}

#[tokio::test]
async fn the_audit_page_lists_searches_and_finds_a_changed_line() {
    let (server, person, mut app) = with_one_person().await;
    app.press("v");
    app.wait_for(&person.issued()).await;
    app.press("4");
    let screen = app.wait_for("✓ the chain holds · 1 line").await;
    assert!(screen.contains("reveal") && screen.contains("✓ done"), "{screen}");
    app.press("/").type_text("nothing of the kind");
    app.wait_for("No line matches").await;
    app.press("Esc Enter");
    app.wait_for("PERSON").await;
    app.press("v");
    app.wait_for(&person.issued()).await;
    app.press("4");
    app.wait_for("✓ the chain holds · 2 lines").await;

    // Somebody edits the first line.
    let path = app.state().join(AUDIT);
    let text = std::fs::read_to_string(&path).expect("the audit");
    std::fs::write(&path, text.replacen("\"reveal\"", "\"export\"", 1)).expect("an edit");
    app.press("r");
    let screen = app.wait_for("✗ the chain is broken · 2 lines").await;
    assert!(
        screen.contains("was changed after it was written") && screen.contains("vetty audit verify"),
        "{screen}"
    );
    let state = tempfile::tempdir().expect("a folder");
    for file in ["audit.jsonl", "audit.head"] {
        std::fs::copy(app.state().join(file), state.path().join(file)).expect("a copy");
    }
    app.press("q");
    app.ended().await;

    // It is said at the next start, wherever one looks.
    let mut app = TestApp::open_again(&server, SIZE, Settings::default(), state);
    app.wait_for("The audit's chain is broken").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn changing_the_profile_forgets_the_account_before() {
    let (_server, person, app) = with_one_person().await;
    drop(app);
    let other = TestServer::with_people(7).await;
    let first = TestServer::open().await;
    let below = first.client();
    let person = Person {
        ..verified(&below, person.session.client_reference_id.as_ref().map_or("ann", |text| text.expose()))
            .await
    };
    let entry = |name: &str| ProfileEntry { name: name.into(), about: "somewhere".into(), live: false };
    let profiles = vec![entry("desk"), entry("other")];
    let mut app = TestApp::open_with(
        &first,
        SIZE,
        Settings::default(),
        tempfile::tempdir().expect("a folder"),
        move |model| {
            model.profile = "desk".into();
            model.profiles = profiles;
        },
    );
    app.wait_for("✓ Verified 1").await;
    app.press("Space v");
    app.wait_for(&person.issued()).await;

    // A profile that cannot be used changes nothing.
    app.press("P");
    app.wait_for("● desk").await;
    app.press("j Enter");
    app.wait_for("Profile other cannot be used").await;
    assert!(app.screen().contains("✓ Verified 1"), "{}", app.screen());

    app.offer_profile(&other, Settings { read_only: true, ..Settings::default() });
    app.seen();
    app.press("P j Enter");
    let screen = app.wait_for("All 7 ").await;
    assert!(screen.contains("read-only") && !screen.contains(person.id.last_four()), "{screen}");
    app.press("n");
    app.wait_for("Read-only: nothing can be changed").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn nothing_is_left_behind_by_changing_the_profile_while_something_is_held() {
    let server = TestServer::open().await;
    let below = server.client();
    create(&below, "queue").await;
    let entry = |name: &str| ProfileEntry { name: name.into(), about: String::new(), live: false };
    let profiles = vec![entry("desk"), entry("other")];
    let mut app = TestApp::open_with(
        &server,
        SIZE,
        Settings::default(),
        tempfile::tempdir().expect("a folder"),
        move |model| model.profiles = profiles,
    );
    app.wait_for("not submitted").await;
    app.press("c 1");
    app.wait_for("Cancel the session").await;
    app.press("Tab Enter");
    app.wait_for("in 10 s").await;
    app.press("P");
    app.wait_for("Something is held").await;
    app.press("u");
    app.wait_gone("in 10 s").await;
    // Taking it back is written down first, and that is on its way too.
    while !app.screen().contains("What is loaded is forgotten") {
        app.press("P");
        app.wait_until("it opens, or says why not", |screen| {
            screen.contains("What is loaded is forgotten") || screen.contains("on its way")
        })
        .await;
    }
    app.press("Esc q");
    app.ended().await;
}

#[tokio::test]
async fn what_was_copied_is_taken_back_after_a_time() {
    let (_server, person, mut app) = with_one_person().await;
    app.press("Y");
    app.wait_for("session as JSON").await;
    app.press("Enter");
    app.wait_for("Cleared from the clipboard after 60 s").await;
    assert_eq!(app.copied().as_deref(), Some(person.id.as_str()));
    app.pass(59).await;
    assert_eq!(app.world.lock().expect("the world").cleared, 0);
    app.pass(2).await;
    assert_eq!(app.world.lock().expect("the world").cleared, 1);
    app.press("q");
    app.ended().await;
}
