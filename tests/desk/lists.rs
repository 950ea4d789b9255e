//! Lists, filters, searches, refreshing, revealing.

use vetty::app::Settings;
use vetty::client::IdempotencyKey;
use vetty::identity::params::ListSessions;

use super::harness::{Desk, client, sandbox};

const SIZE: (u16, u16) = (120, 40);

#[tokio::test]
async fn pages_are_loaded_as_one_scrolls_and_counts_are_partial_until_then() {
    let running = sandbox(250).await;
    let mut desk = Desk::open(&running, SIZE, Settings { prefetch_pages: 1, ..Settings::default() });
    desk.wait_for("All 100+").await;
    desk.press("G");
    desk.wait_for("All 200+").await;
    desk.press("G");
    let screen = desk.wait_until("everything is loaded", |screen| screen.contains("All 250 ")).await;
    assert!(!screen.contains("All 250+"), "{screen}");
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn load_all_loads_both_lists_to_their_ends() {
    let running = sandbox(250).await;
    let mut desk = Desk::open(&running, SIZE, Settings { prefetch_pages: 1, ..Settings::default() });
    desk.wait_for("All 100+").await;
    desk.press("L");
    desk.wait_for("All 250 ").await;
    desk.press("2");
    let all = |screen: &str| screen.lines().any(|line| line.contains("✗ Unverified") && !line.contains('+'));
    desk.wait_until("all reports are there", all).await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn a_change_made_elsewhere_shows_after_a_refresh() {
    let running = sandbox(0).await;
    let below = client(&running.api_base(), running.restricted_key());
    let created = below
        .create_session(
            &vetty::identity::params::CreateSession {
                kind: Some(vetty::identity::VerificationType::Document),
                ..Default::default()
            },
            &IdempotencyKey::fresh(),
        )
        .await
        .expect("a session");
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("not submitted").await;
    below.cancel_session(&created.value.id, &IdempotencyKey::fresh()).await.expect("a cancel");
    desk.press("r");
    desk.wait_for("× canceled").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn names_are_masked_until_revealed_and_again_afterwards() {
    let running = sandbox(60).await;
    let below = client(&running.api_base(), running.restricted_key());
    let params = ListSessions { status: Some(vetty::identity::Status::Verified), ..Default::default() };
    let listed = below.list_sessions(&params).await.expect("a list").value.data;
    let session = listed.iter().find(|session| session.redaction.is_none()).expect("a verified session");
    let opened = below.retrieve_session(&session.id, &["verified_outputs"]).await.expect("the session").value;
    let last = opened.verified_outputs.value().and_then(|outputs| outputs.last_name.clone()).expect("a name");
    let last = last.show(vetty::privacy::Sight::Revealed).into_owned();

    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("All 60 ").await;
    desk.press("/").type_text(session.id.as_str()).press("Enter Enter");
    desk.wait_for("•••").await;
    assert!(!desk.screen().contains(&last), "{}", desk.screen());
    desk.press("v");
    desk.wait_for(&last).await;
    desk.press("v");
    desk.wait_gone(&last).await;
    desk.press("v");
    desk.wait_for(&last).await;
    desk.event(crossterm::event::Event::FocusLost);
    desk.wait_gone(&last).await;
    desk.press("v");
    desk.wait_for(&last).await;
    desk.pass(61).await;
    desk.wait_gone(&last).await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn reports_lead_to_their_session_and_back() {
    let running = sandbox(60).await;
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("All 60 ").await;
    desk.press("2");
    desk.wait_for("Unverified").await;
    desk.press("s s");
    desk.wait_for("unverified").await;
    desk.press("Enter");
    desk.wait_for("ATTEMPTS").await;
    desk.wait_for("Requires input").await;
    desk.press("Esc");
    desk.wait_for("Unverified").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn the_screen_follows_the_size_of_the_terminal() {
    let running = sandbox(20).await;
    let mut desk = Desk::open(&running, (80, 24), Settings::default());
    let screen = desk.wait_for("All 20 ").await;
    assert!(screen.lines().count() == 24 && screen.contains("vetty"));
    desk.press("?");
    desk.wait_for("Move").await;
    desk.press("Esc :").type_text("redact");
    desk.wait_for("redact").await;
    desk.press("Esc q");
    desk.ended().await;
}
