//! Every action on every status, legal and illegal.

use vetty::app::Settings;
use vetty::client::{Client, IdempotencyKey};
use vetty::identity::params::ListSessions;
use vetty::identity::{SessionId, Status};

use crate::support::app::{SIZE, TestApp, at_once};
use crate::support::client::create;
use crate::support::server::TestServer;

/// A session in the state that `name` says.
async fn session_in(client: &Client, name: &str) -> SessionId {
    let id = create(client, name).await;
    let key = IdempotencyKey::fresh();
    match name {
        "waiting" => {}
        "failed" => drop(client.submit_session(&id, "selfie_face_mismatch", 0).await.expect("a submission")),
        "processing" => drop(client.submit_session(&id, "verified", 3600).await.expect("a submission")),
        "verified" => drop(client.submit_session(&id, "verified", 0).await.expect("a submission")),
        "canceled" => drop(client.cancel_session(&id, &key).await.expect("a cancel")),
        "redacting" => drop(client.redact_session(&id, &key).await.expect("a redact")),
        other => panic!("no state {other}"),
    }
    id
}

const STATES: [&str; 6] = ["waiting", "failed", "processing", "verified", "canceled", "redacting"];

/// What each key leads to in each state: the notice, or the dialog, that shows.
fn expected(key: &str, state: &str) -> &'static str {
    match (key, state) {
        ("c", "waiting" | "failed") => "Cancel the session",
        ("c", "processing") => "Cannot cancel this session: it is processing",
        ("c", "verified") => "Cannot cancel this session: it is verified already",
        ("c", "canceled" | "redacting") => "It is canceled already",
        ("X", "waiting" | "failed" | "verified" | "canceled") => "Redact for good",
        ("X", "processing") => "Cannot redact this session: it is processing",
        ("X", "redacting") => "A redaction was asked for already",
        ("y", "waiting" | "failed") => "Copied the hosted URL",
        ("y" | "o" | "t", "processing") => "it is processing",
        ("y" | "o" | "t", "verified") => "it is verified already",
        ("y" | "o" | "t", "canceled") => "it is canceled",
        ("e" | "y" | "o" | "t", "redacting") => "it is redacted, or about to be",
        ("e", _) => "Update session",
        ("o", _) => "Opening the hosted URL",
        ("t", _) => "Submit with this outcome",
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_action_on_every_status_is_done_or_explained() {
    let server = TestServer::open().await;
    let below = server.client();
    for state in STATES {
        session_in(&below, state).await;
    }
    let mut app = TestApp::open(&server, SIZE, at_once());
    for state in STATES {
        for key in ["c", "X", "e", "y", "o", "t"] {
            // Each pair begins from the list with the one session under the cursor and no old notice.
            app.wait_for("synced").await;
            app.press("/").type_text(state).press("Enter");
            app.wait_until("one row is left", |screen| screen.contains(&format!("/ {state}"))).await;
            app.press(key);
            app.wait_for(expected(key, state)).await;
            app.wait_for("synced").await;
            // Out of dialog and search.
            app.read_notice().await.press("Esc Esc Esc");
            app.wait_gone(expected(key, state)).await;
            app.wait_gone(&format!("/ {state}")).await;
        }
    }
    // Nothing was confirmed, so nothing was changed but by the test itself.
    assert!(app.journal().is_empty(), "{:?}", app.journal());
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn cancel_is_confirmed_by_another_key_held_and_can_be_taken_back() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = create(&below, "queue").await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("queue").await;

    app.press("c");
    app.wait_for("Cancel the session").await;
    app.press("c Enter");
    app.wait_gone("Cancel the session").await;
    assert!(app.journal().is_empty(), "the safe button has the focus");

    app.press("c");
    app.wait_for("Cancel the session").await;
    app.press("1 Tab Enter");
    app.wait_for("in 10 s").await;
    app.pass(4).await;
    app.wait_for("in 6 s").await;
    app.press("u");
    app.wait_for("Nothing was sent").await;
    app.pass(60).await;
    let still = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(still.status, Status::RequiresInput);

    app.press("c");
    app.wait_for("Cancel the session").await;
    app.press("1 Right Enter");
    app.wait_for("in 10 s").await;
    app.pass(11).await;
    app.wait_for(&format!("Canceled {id}")).await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(now.status, Status::Canceled);
    let lines: Vec<_> =
        app.journal().into_iter().map(|entry| (entry.action.to_string(), entry.result)).collect();
    assert_eq!(lines.len(), 2, "one line before and one after: {lines:?}");
    assert!(now.metadata.is_empty(), "the audit alone has the reason");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn redact_wants_the_last_four_characters() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = session_in(&below, "verified").await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("verified").await;

    app.press("X");
    app.wait_for("Redact for good").await;
    app.press("1").type_text("nope").press("Enter");
    app.wait_for("That is not").await;
    app.press_ctrl('u').type_text(id.last_four()).press("Enter");
    app.wait_for(&format!("Redaction of {id} was accepted")).await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert!(now.redaction.is_some());
    app.wait_for("redacting").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn the_end_of_a_redaction_is_noticed_dated_and_written_down_once() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = session_in(&below, "verified").await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("verified").await;
    app.press("X");
    app.wait_for("Redact for good").await;
    app.press("1").type_text(id.last_four()).press("Enter");
    app.wait_for(&format!("Redaction of {id} was accepted")).await;
    app.wait_for("redaction asked for").await;
    server.control("clock/advance", "{\"seconds\":400000}").await;
    app.read_notice().await.press("r");
    app.wait_for(&format!("The redaction of {id} is complete.")).await;
    app.wait_for("first seen redacted").await;
    let ends = |app: &TestApp| app.journal().into_iter().filter(|entry| &*entry.action == "redacted").count();
    app.press("4");
    let is_listed = |screen: &str| !screen.contains("TIMELINE") && screen.contains("redacted");
    app.wait_until("the audit tells of it", is_listed).await;
    assert_eq!(ends(&app), 1, "{:?}", app.journal());
    // A later run knows it from the audit, and writes nothing more.
    app.press("q");
    let state = app.ended_with_state().await;
    let mut app = TestApp::open_again(&server, SIZE, at_once(), state);
    app.wait_for("first seen redacted").await;
    app.press("r");
    app.wait_for("synced").await;
    assert_eq!(ends(&app), 1);
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_session_is_created_updated_and_submitted() {
    let server = TestServer::open().await;
    let below = server.client();
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("synced").await;

    app.press("n");
    app.wait_for("New session").await;
    // From the type to the reference: six stops further down.
    app.press("Tab Tab Tab Tab Tab").type_text("user_42").press("Tab").type_text("jenny").press_ctrl('s');
    app.wait_for("Not an e-mail address").await;
    app.type_text("@example.com").press_ctrl('s');
    app.wait_for("Created vs_").await;
    let page = below.list_sessions(&ListSessions::default()).await.expect("a list").value;
    let id = page.data[0].id.clone();
    assert_eq!(page.data[0].client_reference_id.as_ref().map(|text| &**text.expose()), Some("user_42"));

    app.read_notice().await.press("e");
    app.wait_for("Update session").await;
    // The last field is an empty pair of metadata; going back from the first field reaches it.
    app.press("Up").press("Left");
    app.wait_for("Metadata").await;
    app.event(crossterm::event::Event::Paste("17".into()));
    app.press("Up").type_text("ticket").press_ctrl('s');
    app.wait_for("Updated vs_").await;
    let now = below.retrieve_session(&id, &["provided_details"]).await.expect("the session").value;
    assert_eq!(now.metadata.get("ticket").map(|text| &**text.expose()), Some("17"));

    app.read_notice().await.press("t");
    app.wait_for("Submit with this outcome").await;
    app.press("Enter");
    app.wait_for("Submitted vs_").await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(now.status, Status::Verified);
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn the_apis_own_complaint_stands_at_its_field() {
    let server = TestServer::open().await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("synced").await;
    app.press("n");
    app.wait_for("New session").await;
    // Up from the type is the last field, then customer and return URL; this address passes our own check.
    app.press("Up Up Up Up").type_text("https://:80").press_ctrl('s');
    app.wait_for("Not a valid URL").await;
    app.wait_for("https://:80").await;
    app.press("Esc");
    app.wait_for("again throws away what was typed").await;
    app.press("Esc q");
    app.ended().await;
}

#[tokio::test]
async fn links_are_fetched_fresh_and_shown_when_there_is_no_clipboard() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = create(&below, "queue").await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("queue").await;
    app.press("y");
    app.wait_for("Copied the hosted URL").await;
    let fresh = below.retrieve_session(&id, &[]).await.expect("the session").value.url.expect("a url");
    assert_eq!(app.copied().as_deref(), Some(fresh.expose()), "what was copied is the valid one");
    assert!(!app.screen().contains("/start/"));

    app.world.lock().expect("the world").refuse_clipboard = true;
    app.read_notice().await.press("y");
    app.wait_for("no clipboard here").await;
    assert!(!app.screen().contains("/start/"), "shown only when asked for");
    app.press("Enter");
    app.wait_for("/start/").await;
    app.press("Esc");
    app.wait_gone("/start/").await;

    app.world.lock().expect("the world").refuse_clipboard = false;
    app.press("Y");
    app.wait_for("session as JSON").await;
    app.press("Enter");
    app.wait_for("Copied the session id").await;
    assert_eq!(app.copied().as_deref(), Some(id.as_str()));
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn an_open_record_stays_open_when_its_filter_no_longer_shows_it() {
    let server = TestServer::open().await;
    let below = server.client();
    create(&below, "other").await;
    let id = create(&below, "mine").await;
    let mut app = TestApp::open(&server, (80, 24), at_once());
    app.wait_for("mine").await;
    app.press("s Enter");
    app.wait_until("the record is open", |screen| {
        screen.contains(id.as_str()) && screen.contains("TIMELINE")
    })
    .await;
    app.press("c");
    app.wait_for("Cancel the session").await;
    app.press("1 Tab Enter");
    app.wait_for(&format!("Canceled {id}")).await;
    let screen = app.wait_for("× canceled").await;
    assert!(screen.contains(id.as_str()), "another record took its place:\n{screen}");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_confirmation_is_for_the_session_as_it_was() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = create(&below, "queue").await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("queue").await;
    app.press("X");
    app.wait_for("Redact for good").await;
    app.press("1").type_text(id.last_four()).press("Enter");
    app.wait_for("in 10 s").await;
    below.submit_session(&id, "verified", 0).await.expect("a submission");
    app.press("r");
    app.wait_for("✓ Verified 1").await;
    app.pass(11).await;
    app.wait_for("changed meanwhile").await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert!(now.redaction.is_none(), "a verification that nobody agreed to erase");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_create_in_doubt_is_sent_again_under_its_key() {
    let server = TestServer::open().await;
    let below = server.client();
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("synced").await;
    // The session is made, and the answer is cut short.
    server.fault("truncate", 1).await;
    app.press("n");
    app.wait_for("New session").await;
    app.press_ctrl('s');
    app.wait_for("cannot happen twice").await;
    app.press_ctrl('s');
    app.wait_for("Created vs_").await;
    let sessions = below.list_sessions(&ListSessions::default()).await.expect("a list").value.data;
    assert_eq!(sessions.len(), 1, "one session, not two");
    app.press("q");
    app.ended().await;
}
