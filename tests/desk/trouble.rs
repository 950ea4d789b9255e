//! What a person sees when something is wrong, and that nothing is lost.

use vetty::app::Settings;
use vetty::privacy::Secret;

use super::harness::{Desk, sandbox};

const SIZE: (u16, u16) = (120, 40);

#[tokio::test]
async fn a_wrong_key_is_one_clear_sentence() {
    let running = sandbox(0).await;
    let key = Secret::new("sk_live_abcdefghijkl".into());
    let mut desk = Desk::open_at(&running.api_base(), key, SIZE, Settings::default());
    let screen = desk.wait_for("refused the API key").await;
    assert!(!screen.contains("abcdefghijkl"), "{screen}");
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn nobody_at_the_address_is_said_and_tried_again_on_request() {
    // A port that was free a moment ago and is closed again.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let key = Secret::new("sk_test_abcdefghijkl".into());
    let mut desk = Desk::open_at(&format!("http://127.0.0.1:{port}"), key, SIZE, Settings::default());
    desk.wait_for("Could not reach 127.0.0.1").await;
    desk.press("r");
    desk.wait_for("Could not reach 127.0.0.1").await;
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn an_address_that_is_no_api_is_recognised() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let page = axum::Router::new().fallback(|| async { axum::response::Html("<h1>Hello</h1>") });
    let server = tokio::spawn(async move { axum::serve(listener, page).await });
    let key = Secret::new("sk_test_abcdefghijkl".into());
    let mut desk = Desk::open_at(&base, key, SIZE, Settings::default());
    desk.wait_for("does not look like an Identity API").await;
    desk.press("q");
    desk.ended().await;
    server.abort();
}

#[tokio::test]
async fn the_last_good_data_stays_when_the_api_goes_away() {
    let running = sandbox(30).await;
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("All 30 ").await;
    running.stop().await;
    desk.press("r");
    let screen = desk.wait_for("Could not reach").await;
    assert!(screen.contains("All 30 "), "{screen}");
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn read_only_forbids_changes_and_says_so() {
    let running = sandbox(30).await;
    let mut desk = Desk::open(&running, SIZE, Settings { read_only: true, ..Settings::default() });
    desk.wait_for("All 30 ").await;
    for key in ["n", "e", "c", "X", "t"] {
        desk.press(key);
        desk.wait_for("Read-only").await;
        desk.pass(60).await.press("g");
        desk.wait_gone("Read-only").await;
    }
    desk.press("q");
    desk.ended().await;
}

#[tokio::test]
async fn quitting_with_something_held_asks_first() {
    let running = sandbox(0).await;
    let below = super::harness::client(&running.api_base(), running.restricted_key());
    let params = vetty::identity::params::CreateSession {
        kind: Some(vetty::identity::VerificationType::Document),
        ..Default::default()
    };
    let id = below
        .create_session(&params, &vetty::client::IdempotencyKey::fresh())
        .await
        .expect("a session")
        .value
        .id;
    let mut desk = Desk::open(&running, SIZE, Settings::default());
    desk.wait_for("not submitted").await;
    desk.press("c");
    desk.wait_for("Cancel the session").await;
    desk.press("1 Tab Enter");
    desk.wait_for("in 10 s").await;
    desk.press("q");
    desk.wait_for("Send them now, then quit").await;
    desk.press("Down Enter");
    desk.ended().await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(now.status, vetty::identity::Status::Canceled);
}
