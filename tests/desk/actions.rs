//! Every action on every status, legal and illegal.

use vetty::app::Settings;
use vetty::client::{Client, IdempotencyKey};
use vetty::identity::params::{CreateSession, ListSessions};
use vetty::identity::{SessionId, Status, VerificationType};

use super::harness::{Desk, client, fault, sandbox};

const SIZE: (u16, u16) = (120, 40);

fn at_once() -> Settings {
    Settings { hold_seconds: 0, ..Settings::default() }
}

async fn create(client: &Client, reference: &str) -> SessionId {
    let params = CreateSession {
        kind: Some(VerificationType::Document),
        client_reference_id: Some(reference.into()),
        ..CreateSession::default()
    };
    client.create_session(&params, &IdempotencyKey::fresh()).await.expect("a session").value.id
}

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
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    for state in STATES {
        session_in(&below, state).await;
    }
    let mut desk = Desk::open(&running, SIZE, at_once());
    for state in STATES {
        for key in ["c", "X", "e", "y", "o", "t"] {
            // Each pair begins from the list with the one session under the cursor and no old notice.
            desk.wait_for("synced").await;
            desk.press("/").type_text(state).press("Enter");
            desk.wait_until("one row is left", |screen| screen.contains(&format!("/ {state}"))).await;
            desk.press(key);
            desk.wait_for(expected(key, state)).await;
            // Far enough for the notice to have been read, then out of dialog and search.
            desk.pass(60).await.press("Esc Esc Esc");
            desk.wait_gone(expected(key, state)).await;
            desk.wait_gone(&format!("/ {state}")).await;
        }
    }
    // Nothing was confirmed, so nothing was changed but by the test itself.
    assert!(desk.journal().is_empty(), "{:?}", desk.journal());
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn cancel_is_confirmed_by_another_key_held_and_can_be_taken_back() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let id = create(&below, "queue").await;
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("queue").await;

    desk.press("c");
    desk.wait_for("Cancel the session").await;
    desk.press("c Enter");
    desk.wait_gone("Cancel the session").await;
    assert!(desk.journal().is_empty(), "the safe button has the focus");

    desk.press("c");
    desk.wait_for("Cancel the session").await;
    desk.press("1 Tab Enter");
    desk.wait_for("in 10 s").await;
    desk.pass(4).await;
    desk.wait_for("in 6 s").await;
    desk.press("u");
    desk.wait_for("Nothing was sent").await;
    desk.pass(60).await;
    let still = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(still.status, Status::RequiresInput);

    desk.press("c");
    desk.wait_for("Cancel the session").await;
    desk.press("1 Right Enter");
    desk.wait_for("in 10 s").await;
    desk.pass(11).await;
    desk.wait_for(&format!("Canceled {id}")).await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(now.status, Status::Canceled);
    let lines: Vec<_> =
        desk.journal().into_iter().map(|entry| (entry.action.to_string(), entry.result)).collect();
    assert_eq!(lines.len(), 4, "one line before and one after, for the reason and for the cancel: {lines:?}");
    assert_eq!(now.metadata.get("review_reason").map(AsRef::as_ref), Some("duplicate"));
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn redact_wants_the_last_four_characters() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let id = session_in(&below, "verified").await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("verified").await;

    desk.press("X");
    desk.wait_for("Redact for good").await;
    desk.press("1").type_text("nope").press("Enter");
    desk.wait_for("That is not").await;
    desk.press_ctrl('u').type_text(id.last_four()).press("Enter");
    desk.wait_for(&format!("Redaction of {id} was accepted")).await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert!(now.redaction.is_some());
    desk.wait_for("redacting").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn a_session_is_created_updated_and_submitted() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("synced").await;

    desk.press("n");
    desk.wait_for("New session").await;
    // From the type to the reference: six stops further down.
    desk.press("Tab Tab Tab Tab Tab").type_text("user_42").press("Tab").type_text("jenny").press_ctrl('s');
    desk.wait_for("Not an e-mail address").await;
    desk.type_text("@example.com").press_ctrl('s');
    desk.wait_for("Created vs_").await;
    let page = below.list_sessions(&ListSessions::default()).await.expect("a list").value;
    let id = page.data[0].id.clone();
    assert_eq!(page.data[0].client_reference_id.as_deref(), Some("user_42"));

    desk.pass(60).await.press("e");
    desk.wait_for("Update session").await;
    // The last field is an empty pair of metadata; going back from the first field reaches it.
    desk.press("Up").press("Left");
    desk.wait_for("Metadata").await;
    desk.event(crossterm::event::Event::Paste("17".into()));
    desk.press("Up").type_text("ticket").press_ctrl('s');
    desk.wait_for("Updated vs_").await;
    let now = below.retrieve_session(&id, &["provided_details"]).await.expect("the session").value;
    assert_eq!(now.metadata.get("ticket").map(AsRef::as_ref), Some("17"));

    desk.pass(60).await.press("t");
    desk.wait_for("Submit with this outcome").await;
    desk.press("Enter");
    desk.wait_for("Submitted vs_").await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(now.status, Status::Verified);
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn the_apis_own_complaint_stands_at_its_field() {
    let running = sandbox(0).await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("synced").await;
    desk.press("n");
    desk.wait_for("New session").await;
    // Up from the type is the last field, then customer and return URL; this address passes our own check.
    desk.press("Up Up Up Up").type_text("https://:80").press_ctrl('s');
    desk.wait_for("Not a valid URL").await;
    desk.wait_for("https://:80").await;
    desk.press("Esc");
    desk.wait_for("again throws away what was typed").await;
    desk.press("Esc q");
    desk.ended().await;
}

#[tokio::test]
async fn links_are_fetched_fresh_and_shown_when_there_is_no_clipboard() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let id = create(&below, "queue").await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("queue").await;
    desk.press("y");
    desk.wait_for("Copied the hosted URL").await;
    let fresh = below.retrieve_session(&id, &[]).await.expect("the session").value.url.expect("a url");
    assert_eq!(desk.copied().as_deref(), Some(fresh.expose()), "what was copied is the valid one");
    assert!(!desk.screen().contains("/start/"));

    desk.world.lock().expect("the world").refuse_clipboard = true;
    desk.pass(60).await.press("y");
    desk.wait_for("no clipboard here").await;
    assert!(!desk.screen().contains("/start/"), "shown only when asked for");
    desk.press("Enter");
    desk.wait_for("/start/").await;
    desk.press("Esc");
    desk.wait_gone("/start/").await;

    desk.world.lock().expect("the world").refuse_clipboard = false;
    desk.press("Y");
    desk.wait_for("session as JSON").await;
    desk.press("Enter");
    desk.wait_for("Copied the session id").await;
    assert_eq!(desk.copied().as_deref(), Some(id.as_str()));
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn an_open_record_stays_open_when_its_filter_no_longer_shows_it() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    create(&below, "other").await;
    let id = create(&below, "mine").await;
    let mut desk = Desk::open(&running, (80, 24), at_once());
    desk.wait_for("mine").await;
    desk.press("s Enter");
    desk.wait_until("the record is open", |screen| {
        screen.contains(id.as_str()) && screen.contains("TIMELINE")
    })
    .await;
    desk.press("c");
    desk.wait_for("Cancel the session").await;
    desk.press("1 Tab Enter");
    desk.wait_for(&format!("Canceled {id}")).await;
    let screen = desk.wait_for("× canceled").await;
    assert!(screen.contains(id.as_str()), "another record took its place:\n{screen}");
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn a_confirmation_is_for_the_session_as_it_was() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let id = create(&below, "queue").await;
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("queue").await;
    desk.press("X");
    desk.wait_for("Redact for good").await;
    desk.press("1").type_text(id.last_four()).press("Enter");
    desk.wait_for("in 10 s").await;
    below.submit_session(&id, "verified", 0).await.expect("a submission");
    desk.press("r");
    desk.wait_for("✓ Verified 1").await;
    desk.pass(11).await;
    desk.wait_for("changed meanwhile").await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert!(now.redaction.is_none(), "a verification that nobody agreed to erase");
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn a_create_in_doubt_is_sent_again_under_its_key() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("synced").await;
    // The session is made, and the answer is cut short.
    fault(&running.api_base(), "truncate", 1).await;
    desk.press("n");
    desk.wait_for("New session").await;
    desk.press_ctrl('s');
    desk.wait_for("cannot happen twice").await;
    desk.press_ctrl('s');
    desk.wait_for("Created vs_").await;
    let sessions = below.list_sessions(&ListSessions::default()).await.expect("a list").value.data;
    assert_eq!(sessions.len(), 1, "one session, not two");
    desk.press("q");
    desk.ended().await;
}
