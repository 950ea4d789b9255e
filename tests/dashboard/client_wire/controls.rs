//! The two calls of vetty's own sandbox.

use vetty::client::{ApiBase, Client, ClientSettings, Error};
use vetty::privacy::Secret;

use super::server::{KEY, Play, Server};
use super::{EMPTY, SESSION, refusal, vs};

#[tokio::test]
async fn sandbox_controls_are_sent_once() {
    let server = Server::start([
        Play::json("200 OK", "", SESSION),
        Play::json("500 Oops", "", &refusal("api_error", None, "Oops.")),
    ])
    .await;
    let client = server.client();
    client.submit_session(&vs(), "document_expired", 3).await.expect("submitted");
    assert!(client.submit_session(&vs(), "verified", 0).await.is_err());
    let [seen, _] = &server.seen()[..] else { panic!("two requests") };
    assert_eq!(seen.line, "POST /_vetty/verification_sessions/vs_1/submit HTTP/1.1");
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.body, r#"{"outcome":"document_expired","delay_seconds":3}"#);
    assert!(server.slept().is_empty());
}

#[tokio::test]
async fn a_sandbox_is_known_by_its_health() {
    let unknown = refusal("invalid_request_error", None, "Unrecognized request URL.");
    let server = Server::start([
        Play::ok(r#"{"status":"ok"}"#),
        Play::json("404 Not Found", "", &unknown),
        Play::ok(EMPTY),
        Play::reply("200 OK", "", "text/html", b"<html>"),
        Play::reply("404 Not Found", "", "text/plain", b"404 page not found"),
    ])
    .await;
    let client = server.client();
    for expected in [true, false, false, false, false] {
        assert_eq!(client.is_sandbox().await, Ok(expected));
    }
    assert_eq!(server.seen()[0].line, "GET /_vetty/health HTTP/1.1");
}

#[tokio::test]
async fn controls_are_never_sent_to_another_machine() {
    let settings = ClientSettings::default();
    let client = Client::new(ApiBase::stripe(), Secret::new(KEY.into()), settings).expect("a client");
    assert_eq!(client.is_sandbox().await, Ok(false));
    let error = client.submit_session(&vs(), "verified", 0).await.expect_err("no sandbox");
    assert!(matches!(error, Error::NotASandbox { .. }));
    assert_eq!(client.requests_sent(), 0);
}
