//! Personal data: shown after its line in the audit, for a time, to whoever still looks; exported masked.

use vetty::app::{ProfileEntry, Settings};
use vetty::client::{Client, IdempotencyKey};
use vetty::identity::params::CreateSession;
use vetty::identity::personal::{Kind, Part, PersonalField, Reading};
use vetty::identity::{Report, Session, SessionId, VerificationType};
use vetty::journal::{AUDIT, Entry};
use vetty::privacy::{Secret, Sight};
use vetty::sandbox::Running;

use super::harness::{Desk, client, sandbox};

const WIDE: (u16, u16) = (120, 40);

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
    let params = CreateSession {
        kind: Some(VerificationType::Document),
        client_reference_id: Some(reference.into()),
        ..CreateSession::default()
    };
    let id = below.create_session(&params, &IdempotencyKey::fresh()).await.expect("a session").value.id;
    below.submit_session(&id, "verified", 0).await.expect("a submission");
    let expand = ["verified_outputs.dob", "verified_outputs.address"];
    let session = below.retrieve_session(&id, &expand[..1]).await.expect("the session").value;
    let report = session.last_verification_report.as_ref().expect("a report").id().clone();
    let expand = ["document.number", "document.dob", "document.expiration_date"];
    let report = below.retrieve_report(&report, &expand).await.expect("the report").value;
    Person { id, session, report }
}

fn open(running: &Running, settings: Settings) -> Desk {
    Desk::open(running, WIDE, settings)
}

async fn with_one_person() -> (Running, Person, Desk) {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let person = verified(&below, "ann").await;
    let mut desk = open(&running, Settings::default());
    desk.wait_for("✓ Verified 1").await;
    desk.press("Enter");
    desk.wait_for("TIMELINE").await;
    desk.wait_for("expires, number, birth date: sensitive").await;
    (running, person, desk)
}

fn reveals(desk: &Desk) -> Vec<Entry> {
    desk.journal().into_iter().filter(|entry| &*entry.action == "reveal").collect()
}

#[tokio::test]
async fn a_record_is_shown_after_its_line_and_masked_by_everything_that_turns_away() {
    let (_running, person, mut desk) = with_one_person().await;
    let issued = person.issued();
    assert!(!desk.seen().contains(&issued), "masked until somebody asks");

    let turns: [(&str, &[&str]); 3] = [("leaving", &["Esc"]), ("another page", &["2"]), ("masking", &["v"])];
    for (at, (how, keys)) in turns.into_iter().enumerate() {
        desk.press("v");
        desk.wait_for(&issued).await;
        assert_eq!(reveals(&desk).len(), at + 1, "each reveal has a line");
        for key in keys {
            desk.press(key);
        }
        desk.wait_gone(&issued).await;
        desk.press("1 Enter");
        desk.wait_for("TIMELINE").await;
        assert!(!desk.screen().contains(&issued), "{how} masks for good");
    }
    desk.press("v");
    desk.wait_for(&issued).await;
    desk.event(crossterm::event::Event::FocusLost);
    desk.wait_gone(&issued).await;

    desk.press("v");
    desk.wait_for(&issued).await;
    desk.pass(60).await;
    assert!(!desk.screen().contains(&issued), "after a time");

    desk.press("v");
    desk.wait_for(&issued).await;
    desk.press_ctrl('z');
    desk.wait_gone(&issued).await;
    desk.press("j");
    desk.wait_until("the shell was there", |_| true).await;
    desk.press("q");
    let world = std::sync::Arc::clone(&desk.world);
    let lines = reveals(&desk);
    desk.ended().await;
    let suspended = world.lock().expect("the world").suspended.clone();
    assert_eq!(suspended.len(), 1);
    assert!(!suspended[0].contains(&issued), "masked before the shell gets the screen");
    assert!(lines.iter().all(|line| line.object.as_deref() == Some(person.id.as_str())));
    assert!(lines.iter().all(|line| &*line.params[0] == "record"), "{lines:?}");
}

#[tokio::test]
async fn one_field_is_fetched_for_itself_and_shown_alone() {
    let (_running, person, mut desk) = with_one_person().await;
    let (number, born) =
        (person.value(Part::Document, Kind::Number), person.value(Part::Document, Kind::BirthDate));
    desk.press("V");
    desk.wait_for("Show one field").await;
    // Down to the number of the document.
    while !desk.screen().contains("document.number") {
        let before = desk.screen();
        desk.press("j");
        desk.wait_until("the cursor moved", |screen| screen != before).await;
    }
    desk.press("Enter");
    let screen = desk.wait_for(&number).await;
    assert!(!screen.contains(&born) && !screen.contains(&person.issued()), "{screen}");
    let line = reveals(&desk).pop().expect("a line");
    assert_eq!(&*line.params[0], "document.number");
    assert_eq!(line.params[1].to_string(), person.report.id.as_str());

    // Showing the rest does not fetch what is sensitive.
    desk.press("v");
    let screen = desk.wait_for(&person.issued()).await;
    assert!(screen.contains(&number) && !screen.contains(&born), "{screen}");
    desk.press("v");
    desk.wait_gone(&number).await;
    desk.press("v");
    let screen = desk.wait_for(&person.issued()).await;
    assert!(!screen.contains(&number), "what was masked is forgotten:\n{screen}");
    desk.press("q");
    desk.ended().await;
}

/// Chooses a field of the open record by its path.
async fn choose(desk: &mut Desk, path: &str) {
    desk.press("V");
    desk.wait_for("Show one field").await;
    while !desk.screen().contains(path) {
        let before = desk.screen();
        desk.press("j");
        desk.wait_until("the cursor moved", |screen| screen != before).await;
    }
    desk.press("Enter");
}

#[tokio::test]
async fn a_refusal_stands_where_the_value_would_be() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    verified(&below, "ann").await;
    let key = Secret::new("sk_test_abcdefghijklmnop".into());
    let mut desk = Desk::open_at(&running.api_base(), key, WIDE, Settings::default());
    desk.wait_for("✓ Verified 1").await;
    desk.press("Enter");
    desk.wait_for("birth date: sensitive").await;
    choose(&mut desk, "document.dob").await;
    let screen = desk
        .wait_until("the missing permission is named", |screen| {
            screen.contains("birth date") && screen.contains("not allowed: the key lacks")
        })
        .await;
    assert!(screen.contains("rak_identity_recent"), "{screen}");
    desk.press("Esc q");
    desk.ended().await;

    // A restricted key may, for 48 hours.
    advance(&running.api_base(), 49 * 3600).await;
    let mut desk = open(&running, Settings::default());
    desk.world.lock().expect("the world").now += 49 * 3600 * 1000;
    desk.wait_for("✓ Verified 1").await;
    desk.press("Enter");
    desk.wait_for("birth date: sensitive").await;
    choose(&mut desk, "document.dob").await;
    desk.wait_for("outside the 48 h window").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_shown_and_not_exported() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let person = verified(&below, "ann").await;
    let state = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(state.path().join(AUDIT)).expect("a folder in the way");
    let exports = tempfile::tempdir().expect("a folder");
    let folder = exports.path().display().to_string();
    let mut desk = Desk::open_with(
        &running.api_base(),
        running.restricted_key(),
        WIDE,
        Settings::default(),
        state,
        move |model| model.export_folder = folder,
    );
    desk.wait_for("✓ Verified 1").await;
    desk.press("v");
    desk.wait_for("Nothing was revealed").await;
    desk.press("V Enter");
    desk.wait_for("Nothing was revealed").await;
    desk.pass(5).await.press("E").press_ctrl('s');
    desk.wait_for("Nothing was exported").await;
    assert!(!desk.seen().contains(&person.issued()));
    assert_eq!(std::fs::read_dir(exports.path()).expect("the folder").count(), 0);
    desk.press("Esc 4");
    desk.wait_for("The audit could not be read").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn exports_are_masked_unless_the_count_is_typed() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let person = verified(&below, "ann").await;
    verified(&below, "bob").await;
    let exports = tempfile::tempdir().expect("a folder");
    let folder = exports.path().display().to_string();
    let mut desk = Desk::open_with(
        &running.api_base(),
        running.restricted_key(),
        WIDE,
        Settings::default(),
        tempfile::tempdir().expect("a folder"),
        move |model| model.export_folder = folder,
    );
    desk.wait_for("✓ Verified 2").await;
    desk.wait_for("J").await;

    // What is in view, masked.
    desk.press("E");
    desk.wait_for("2 sessions in view").await;
    desk.press("Right Tab Tab Enter");
    desk.wait_for("Exported 2 sessions, masked").await;
    let masked = only_file(exports.path());
    assert!(masked.contains(person.id.as_str()) && !masked.contains(&person.issued()), "{masked}");
    let json: serde_json::Value = serde_json::from_str(&masked).expect("JSON was chosen");
    assert_eq!(json["data"].as_array().map(Vec::len), Some(2));

    // One marked record in plain text: only with its count typed.
    desk.pass(5).await.press("Space E");
    desk.wait_for("1 session marked").await;
    desk.press("Tab Right").press_ctrl('s');
    desk.wait_for("type 1:").await;
    desk.press("2").press_ctrl('s');
    desk.wait_for("! Not 1.").await;
    desk.press_ctrl('u').type_text("1").press("Enter");
    desk.wait_for("Exported 1 session, in plain text").await;
    let lines: Vec<String> = desk
        .journal()
        .iter()
        .filter(|entry| &*entry.action == "export")
        .map(|entry| entry.params.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(lines, ["sessions format:json count:2 masked", "sessions format:csv count:1 revealed"]);
    desk.press("q");
    desk.ended().await;
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
    let (running, person, mut desk) = with_one_person().await;
    desk.press("v");
    desk.wait_for(&person.issued()).await;
    desk.press("4");
    let screen = desk.wait_for("✓ the chain holds · 1 line").await;
    assert!(screen.contains("reveal") && screen.contains("✓ done"), "{screen}");
    desk.press("/").type_text("nothing of the kind");
    desk.wait_for("No line matches").await;
    desk.press("Esc Enter");
    desk.wait_for("PERSON").await;
    desk.press("v");
    desk.wait_for(&person.issued()).await;
    desk.press("4");
    desk.wait_for("✓ the chain holds · 2 lines").await;

    // Somebody edits the first line.
    let path = desk.state().join(AUDIT);
    let text = std::fs::read_to_string(&path).expect("the audit");
    std::fs::write(&path, text.replacen("\"reveal\"", "\"export\"", 1)).expect("an edit");
    desk.press("r");
    let screen = desk.wait_for("✗ the chain is broken · 2 lines").await;
    assert!(
        screen.contains("was changed after it was written") && screen.contains("vetty audit verify"),
        "{screen}"
    );
    let state = tempfile::tempdir().expect("a folder");
    for file in ["audit.jsonl", "audit.head"] {
        std::fs::copy(desk.state().join(file), state.path().join(file)).expect("a copy");
    }
    desk.press("q");
    desk.ended().await;

    // It is said at the next start, wherever one looks.
    let key = running.restricted_key();
    let mut desk = Desk::open_with(&running.api_base(), key, WIDE, Settings::default(), state, |_| {});
    desk.wait_for("The audit's chain is broken").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn changing_the_profile_forgets_the_account_before() {
    let (_running, person, desk) = with_one_person().await;
    drop(desk);
    let other = sandbox(7).await;
    let first = sandbox(0).await;
    let below = client(&first.api_base(), first.restricted_key());
    let person =
        Person { ..verified(&below, person.session.client_reference_id.as_deref().unwrap_or("ann")).await };
    let entry = |name: &str| ProfileEntry { name: name.into(), about: "somewhere".into(), live: false };
    let profiles = vec![entry("desk"), entry("other")];
    let mut desk = Desk::open_with(
        &first.api_base(),
        first.restricted_key(),
        WIDE,
        Settings::default(),
        tempfile::tempdir().expect("a folder"),
        move |model| {
            model.profile = "desk".into();
            model.profiles = profiles;
        },
    );
    desk.wait_for("✓ Verified 1").await;
    desk.press("Space v");
    desk.wait_for(&person.issued()).await;

    // A profile that cannot be used changes nothing.
    desk.press("P");
    desk.wait_for("● desk").await;
    desk.press("j Enter");
    desk.wait_for("Profile other cannot be used").await;
    assert!(desk.screen().contains("✓ Verified 1"), "{}", desk.screen());

    desk.offer_profile(
        &other.api_base(),
        other.restricted_key(),
        Settings { read_only: true, ..Settings::default() },
    );
    desk.seen();
    desk.press("P j Enter");
    let screen = desk.wait_for("All 7 ").await;
    assert!(screen.contains("read-only") && !screen.contains(person.id.last_four()), "{screen}");
    desk.press("n");
    desk.wait_for("Read-only: nothing can be changed").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn nothing_is_left_behind_by_changing_the_profile_while_something_is_held() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let params = CreateSession { kind: Some(VerificationType::Document), ..CreateSession::default() };
    below.create_session(&params, &IdempotencyKey::fresh()).await.expect("a session");
    let entry = |name: &str| ProfileEntry { name: name.into(), about: String::new(), live: false };
    let profiles = vec![entry("desk"), entry("other")];
    let mut desk = Desk::open_with(
        &running.api_base(),
        running.restricted_key(),
        WIDE,
        Settings::default(),
        tempfile::tempdir().expect("a folder"),
        move |model| model.profiles = profiles,
    );
    desk.wait_for("not submitted").await;
    desk.press("c 1");
    desk.wait_for("Cancel the session").await;
    desk.press("Tab Enter");
    desk.wait_for("in 10 s").await;
    desk.press("P");
    desk.wait_for("Something is held").await;
    desk.press("u");
    desk.wait_gone("in 10 s").await;
    // Taking it back is written down first, and that is on its way too.
    while !desk.screen().contains("What is loaded is forgotten") {
        desk.press("P");
        desk.wait_until("it opens, or says why not", |screen| {
            screen.contains("What is loaded is forgotten") || screen.contains("on its way")
        })
        .await;
    }
    desk.press("Esc q");
    desk.ended().await;
}

#[tokio::test]
async fn what_was_copied_is_taken_back_after_a_time() {
    let (_running, person, mut desk) = with_one_person().await;
    desk.press("Y");
    desk.wait_for("session as JSON").await;
    desk.press("Enter");
    desk.wait_for("Cleared from the clipboard after 60 s").await;
    assert_eq!(desk.copied().as_deref(), Some(person.id.as_str()));
    desk.pass(59).await;
    assert_eq!(desk.world.lock().expect("the world").cleared, 0);
    desk.pass(2).await;
    assert_eq!(desk.world.lock().expect("the world").cleared, 1);
    desk.press("q");
    desk.ended().await;
}

/// Moves the sandbox's clock.
async fn advance(api_base: &str, seconds: i64) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let host = api_base.trim_start_matches("http://");
    let body = format!(r#"{{"seconds":{seconds}}}"#);
    let head = format!(
        "POST /_vetty/clock/advance HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(host).await.expect("the sandbox");
    stream.write_all(head.as_bytes()).await.expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
