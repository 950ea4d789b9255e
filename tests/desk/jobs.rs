//! Jobs: marks, bulk work, what is held, what is kept, what was left.

use vetty::app::Settings;
use vetty::client::{Client, IdempotencyKey};
use vetty::identity::params::{CreateSession, ListSessions, Paging};
use vetty::identity::{Session, SessionId, Status, VerificationType};
use vetty::journal::{Outbox, Outcome};

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

async fn many(client: &Client, count: usize) -> Vec<SessionId> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(create(client, &format!("many_{n}")).await);
    }
    ids
}

async fn all(client: &Client) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    loop {
        let starting_after = sessions.last().map(|session| session.id.clone());
        let paging = Paging { limit: Some(100), starting_after, ending_before: None };
        let page = client.list_sessions(&ListSessions { paging, ..ListSessions::default() }).await;
        let page = page.expect("a page").value;
        sessions.extend(page.data);
        if !page.has_more {
            return sessions;
        }
    }
}

async fn read(client: &Client, id: &SessionId) -> Session {
    client.retrieve_session(id, &[]).await.expect("the session").value
}

/// How many lines the audit has with this action and this result.
fn lines(desk: &Desk, action: &str, result: Outcome) -> usize {
    desk.journal().iter().filter(|entry| &*entry.action == action && entry.result == result).count()
}

#[tokio::test]
async fn marked_sessions_are_canceled_by_their_count_and_the_rest_is_told() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let ids = many(&below, 5).await;
    below.submit_session(&ids[0], "verified", 0).await.expect("a submission");
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("✓ Verified 1").await;
    desk.press("*");
    desk.wait_for("◆ 5 marked").await;
    // Marks are on their sessions, whatever is listed.
    desk.press("/").type_text("many_3").press("Enter");
    desk.wait_for("◆ 5 marked").await;
    desk.press("c");
    let screen = desk.wait_for("4 of 5 sessions can be canceled").await;
    assert!(
        screen.contains("3 of them are not in view") && screen.contains("it is verified already"),
        "{screen}"
    );
    desk.press("2 5 Enter");
    desk.wait_for("That is not 4").await;
    desk.press_ctrl('u').press("4 Enter");
    desk.wait_for("cancel 4 in 10 s").await;
    assert!(desk.journal().is_empty(), "nothing was sent");
    desk.pass(11).await;
    desk.wait_for("cancel of 4 sessions: 4 done").await;
    for id in &ids[1..] {
        let session = read(&below, id).await;
        assert_eq!(session.status, Status::Canceled);
        assert_eq!(session.metadata.get("review_reason").map(AsRef::as_ref), Some("user_request"));
    }
    assert_eq!(lines(&desk, "cancel", Outcome::Done), 4);
    assert_eq!(lines(&desk, "update", Outcome::Done), 4);
    assert!(desk.journal().iter().all(|entry| &*entry.via == "key:c" && entry.job.is_some()));
    desk.press("Esc 5");
    let screen = desk.wait_for("DONE").await;
    assert!(screen.contains("cancel 4 sessions") && screen.contains("✓ done"), "{screen}");
    desk.press("C");
    desk.wait_for("Copied the result of the job").await;
    let copied = desk.copied().expect("a text");
    assert_eq!(copied.lines().filter(|line| line.contains("\tdone\treq_")).count(), 4, "{copied}");
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn a_job_survives_the_end_of_the_program_and_asks_before_anything_is_sent() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let ids = many(&below, 3).await;
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("All 3 ").await;
    desk.press("* X 3 3 Enter");
    desk.wait_for("redact 3 in 10 s").await;
    desk.press("q");
    desk.wait_for("Keep them for the next start").await;
    desk.press("Down Down Enter");
    let state = desk.ended_with_state().await;

    // Meanwhile one of them is not what was confirmed any more.
    below.submit_session(&ids[0], "verified", 0).await.expect("a submission");
    let mut desk = Desk::open_again(&running, SIZE, Settings::default(), state);
    let screen = desk.wait_for("An earlier run ended before this was done").await;
    assert!(screen.contains("3 sessions") && screen.contains("confirmed by tester"), "{screen}");
    desk.pass(60).await;
    for id in &ids {
        assert!(read(&below, id).await.redaction.is_none(), "nothing is sent before somebody has decided");
    }
    desk.press("Down Down Enter");
    desk.wait_for("redact 3 in 10 s").await;
    desk.pass(11).await;
    desk.wait_for("2 done, 1 dropped").await;
    assert!(read(&below, &ids[0]).await.redaction.is_none(), "nobody agreed to erase a verification");
    for id in &ids[1..] {
        assert!(read(&below, id).await.redaction.is_some());
    }
    assert_eq!(lines(&desk, "redact", Outcome::Asked), 2, "each once");
    desk.press("q");
    let state = desk.ended_with_state().await;
    let outbox = Outbox::open(&state.path().join("outbox")).expect("an outbox");
    assert_eq!(outbox.count().expect("a count"), 0, "nothing is left");
}

#[tokio::test]
async fn what_is_held_is_chosen_and_taken_back_as_a_whole() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let ids = many(&below, 3).await;
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("All 3 ").await;
    desk.press("c 1 Tab Enter");
    desk.wait_for("in 10 s").await;
    desk.press("j Space j Space c 1 2 Enter");
    desk.wait_for("cancel 2 in").await;
    desk.press("U");
    desk.wait_for("Take back").await;
    // The last one is on top; the other one is chosen.
    desk.press("Down Enter");
    desk.wait_for("Took back: cancel of vs_").await;
    desk.pass(12).await;
    desk.wait_for("cancel of 2 sessions: 2 done").await;
    assert_eq!(read(&below, &ids[2]).await.status, Status::RequiresInput, "the newest was taken back");
    assert_eq!(read(&below, &ids[0]).await.status, Status::Canceled);
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn metadata_of_many_is_set_and_removed() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let ids = many(&below, 3).await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("All 3 ").await;
    desk.press("* e");
    desk.wait_for("Change metadata").await;
    desk.type_text("ticket").press("Tab").type_text("17").press_ctrl('s');
    desk.wait_for("Change the metadata of 3 sessions").await;
    desk.press("3 Enter");
    desk.wait_for("update of 3 sessions: 3 done").await;
    for id in &ids {
        assert_eq!(read(&below, id).await.metadata.get("ticket").map(AsRef::as_ref), Some("17"));
    }
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn a_job_pauses_itself_when_nobody_answers_and_goes_on() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    many(&below, 12).await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("All 12 ").await;
    fault(&running.api_base(), "reset", 3).await;
    desk.press("* X 1").type_text("12").press("Enter 5");
    desk.wait_for("! paused").await;
    desk.press("p");
    let screen = desk
        .wait_until("the job ended", |screen| screen.contains("✓ done") || screen.contains("! in doubt"))
        .await;
    if screen.contains("! in doubt") {
        desk.press("R");
        desk.wait_for("✓ done").await;
    }
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn five_hundred_are_redacted() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    many(&below, 500).await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.press("L");
    desk.wait_for("All 500 ").await;
    desk.press("* X 4").type_text("500").press("Enter");
    desk.wait_for("redact of 500 sessions: 500 done").await;
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    assert_eq!(lines(&desk, "redact", Outcome::Done), 500);
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn a_job_that_is_too_fast_for_the_api_slows_down() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    many(&below, 12).await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("All 12 ").await;
    desk.press("* X 4").type_text("12");
    // More than the client asks again by itself.
    fault(&running.api_base(), "rate_limit", 24).await;
    desk.press("Enter");
    desk.wait_for("12 done").await;
    let refused = lines(&desk, "redact", Outcome::Refused);
    assert!(refused > 0, "the limits were never met, so that this proves nothing");
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn quitting_a_running_job_keeps_the_rest() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    many(&below, 60).await;
    let mut desk = Desk::open(&running, SIZE, at_once());
    desk.wait_for("All 60 ").await;
    desk.press("* X 1").type_text("60").press("Enter q");
    desk.wait_for("Keep them for the next start").await;
    desk.press("Down Down Enter");
    let state = desk.ended_with_state().await;
    let done = all(&below).await.iter().filter(|session| session.redaction.is_some()).count();
    let mut desk = Desk::open_again(&running, SIZE, at_once(), state);
    if done < 60 {
        desk.wait_for("An earlier run ended before this was done").await;
        desk.press("Down Down Enter");
        desk.wait_for("redact of 60 sessions: 60 done").await;
    }
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    assert_eq!(lines(&desk, "redact", Outcome::Done), 60, "each once");
    desk.press("q");
    desk.ended().await;
}
