//! Lists, filters, searches, refreshing, revealing.

use vetty::app::Settings;
use vetty::client::IdempotencyKey;
use vetty::identity::params::ListSessions;

use crate::support::app::{SIZE, TestApp};
use crate::support::client::create;
use crate::support::server::TestServer;

#[tokio::test]
async fn pages_are_loaded_as_one_scrolls_and_counts_are_partial_until_then() {
    let server = TestServer::with_people(250).await;
    let mut app = TestApp::open(&server, SIZE, Settings { prefetch_pages: 1, ..Settings::default() });
    app.wait_for("All 100+").await;
    app.press("G");
    app.wait_for("All 200+").await;
    app.press("G");
    let screen = app.wait_until("everything is loaded", |screen| screen.contains("All 250 ")).await;
    assert!(!screen.contains("All 250+"), "{screen}");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn load_all_loads_both_lists_to_their_ends() {
    let server = TestServer::with_people(250).await;
    let mut app = TestApp::open(&server, SIZE, Settings { prefetch_pages: 1, ..Settings::default() });
    app.wait_for("All 100+").await;
    app.press("L");
    app.wait_for("All 250 ").await;
    app.press("2");
    let all = |screen: &str| screen.lines().any(|line| line.contains("✗ Unverified") && !line.contains('+'));
    app.wait_until("all reports are there", all).await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_change_made_elsewhere_shows_after_a_refresh() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = create(&below, "queue").await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("not submitted").await;
    below.cancel_session(&id, &IdempotencyKey::fresh()).await.expect("a cancel");
    app.press("r");
    app.wait_for("× canceled").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn names_are_masked_until_revealed_and_again_afterwards() {
    let server = TestServer::with_people(60).await;
    let below = server.client();
    let params = ListSessions { status: Some(vetty::identity::Status::Verified), ..Default::default() };
    let listed = below.list_sessions(&params).await.expect("a list").value.data;
    let session = listed.iter().find(|session| session.redaction.is_none()).expect("a verified session");
    let opened = below.retrieve_session(&session.id, &["verified_outputs"]).await.expect("the session").value;
    let last = opened.verified_outputs.value().and_then(|outputs| outputs.last_name.clone()).expect("a name");
    let last = last.show(vetty::privacy::Sight::Revealed).into_owned();

    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("All 60 ").await;
    app.press("/").type_text(session.id.as_str()).press("Enter Enter");
    app.wait_for("•••").await;
    assert!(!app.screen().contains(&last), "{}", app.screen());
    app.press("v");
    app.wait_for(&last).await;
    app.press("v");
    app.wait_gone(&last).await;
    app.press("v");
    app.wait_for(&last).await;
    app.event(crossterm::event::Event::FocusLost);
    app.wait_gone(&last).await;
    app.press("v");
    app.wait_for(&last).await;
    app.pass(61).await;
    app.wait_gone(&last).await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn reports_lead_to_their_session_and_back() {
    let server = TestServer::with_people(60).await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("All 60 ").await;
    app.press("2");
    app.wait_for("Unverified").await;
    app.press("s s");
    app.wait_for("unverified").await;
    app.press("Enter");
    app.wait_for("ATTEMPTS").await;
    app.wait_for("Requires input").await;
    app.press("Esc");
    app.wait_for("Unverified").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn the_screen_follows_the_size_of_the_terminal() {
    let server = TestServer::with_people(20).await;
    let mut app = TestApp::open(&server, (80, 24), Settings::default());
    let screen = app.wait_for("All 20 ").await;
    assert!(screen.lines().count() == 24 && screen.contains("vetty"));
    app.press("?");
    app.wait_for("Move").await;
    app.press("Esc :").type_text("redact");
    app.wait_for("redact").await;
    app.press("Esc q");
    app.ended().await;
}
