//! How answers and missing answers are told.

use std::time::Duration;

use base64::Engine as _;
use vetty::client::{ApiBase, Client, ClientSettings, Error, Obstacle};
use vetty::identity::params::{ListSessions, Paging};
use vetty::privacy::{Scrubbed, Secret};

use super::server::{KEY, Play, Server};
use super::{SESSION, key, refusal, vs};

/// The error of canceling `vs_1` when the server plays `play`, with one try only; and the server's host.
async fn canceling(play: Play) -> (Error, String) {
    let server = Server::start([play]).await;
    let client = server.client_with(ClientSettings { tries: 1, ..server.settings() });
    let error = client.cancel_session(&vs(), &key()).await.expect_err("no cancellation");
    (error, server.host())
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start([Play::ok(SESSION)]).await;
    let location = format!("Location: http://{}/v1\r\n", other.host());
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let (error, host) = canceling(Play::json(status, &location, "")).await;
        assert_eq!(
            error.to_string(),
            format!(
                "{host} does not look like an Identity API: it answered {} with a redirect (never followed with \
                 a key) while canceling session vs_1; check the API base",
                &status[..3]
            )
        );
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn refusals_are_sentences() {
    let request = "Request-Id: req_9\r\n";
    let kind = "invalid_request_error";
    let plain = |code, message: &str| refusal(kind, code, message);
    let permission = "The provided key 'rk_test_***ijkl' does not have the required permissions for this \
                      endpoint on account 'acct_1'. Having the 'rak_identity_product_write' permission would \
                      allow this request to continue.";
    let stated = "You cannot cancel this VerificationSession because it has a status of 'verified'.";
    let cases = [
        (
            "401 Unauthorized",
            plain(None, "Invalid API Key provided: rk_test_****ijkl"),
            "HOST refused the API key while canceling session vs_1; check STRIPE_API_KEY, the profile or the \
             key file; keys are made and rolled in the Dashboard, under Developers, API keys (request req_9)",
        ),
        (
            "403 Forbidden",
            plain(None, permission),
            "HOST does not allow this key to go on canceling session vs_1: The provided key 'rk_test_***ijkl' \
             does not have the required permissions for this endpoint on account 'acct_1'. Having the \
             'rak_identity_product_write' permission would allow this request to continue; give the restricted \
             key that permission in the Dashboard, or use another key (request req_9)",
        ),
        (
            "404 Not Found",
            plain(Some("resource_missing"), "No such VerificationSession: 'vs_1'"),
            "session vs_1 does not exist at HOST, or not in the mode of this key; check the id, and that the \
             key is of the same mode and account (request req_9)",
        ),
        (
            "400 Bad Request",
            plain(None, stated),
            "HOST refused canceling session vs_1: You cannot cancel this VerificationSession because it has a \
             status of 'verified'; refresh the session: it may have moved on (request req_9)",
        ),
        (
            "429 Too Many Requests",
            plain(Some("rate_limit"), "Request rate limit exceeded."),
            "HOST got too many requests while canceling session vs_1; wait some seconds and try again \
             (request req_9)",
        ),
        (
            "429 Too Many Requests",
            plain(Some("lock_timeout"), "This object cannot be accessed right now."),
            "another request is using session vs_1 at HOST; wait some seconds and try again (request req_9)",
        ),
        (
            "500 Internal Server Error",
            refusal("api_error", None, ""),
            "HOST failed with 500 while canceling session vs_1: it gave no reason; try again; if it stays, look \
             at the service's status page (request req_9)",
        ),
    ];
    for (status, body, expected) in cases {
        let (error, host) = canceling(Play::json(status, request, &body)).await;
        assert_eq!(error.to_string(), expected.replace("HOST", &host));
        assert!(error.to_string().contains(error.hint()));
        assert_eq!(error.request_id().map(Scrubbed::as_str), Some("req_9"));
    }
}

#[tokio::test]
async fn a_key_that_the_server_repeats_is_masked() {
    let body = refusal("invalid_request_error", None, &format!("Bad key {KEY} given"));
    let (error, _) = canceling(Play::json("403 Forbidden", "", &body)).await;
    assert!(error.to_string().contains("Bad key •••• given"), "{error}");
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn foreign_and_broken_answers_are_sentences() {
    let html = b"<!doctype html><title>Welcome, Jenny</title>";
    let (error, host) = canceling(Play::reply("200 OK", "", "text/html", html)).await;
    assert_eq!(
        error.to_string(),
        format!(
            "{host} does not look like an Identity API: it answered 200 with an HTML page while canceling \
             session vs_1; check the API base"
        )
    );
    let (error, host) = canceling(Play::reply("502 Bad Gateway", "", "text/html", html)).await;
    assert_eq!(
        error.to_string(),
        format!(
            "{host} does not look like an Identity API: it answered 502 with an HTML page while canceling \
             session vs_1; try again; something in front of the API may be down for a moment"
        )
    );
    let cut = b"HTTP/1.1 200 OK\r\nRequest-Id: req_3\r\nContent-Length: 900\r\n\r\n{\"id\":\"vs_1\"".to_vec();
    let (error, host) = canceling(Play::Bytes(cut)).await;
    assert_eq!(
        error.to_string(),
        format!(
            "the answer of {host} could not be read while canceling session vs_1: it ended early; look at the \
             object before asking again: the change may have been made (request req_3)"
        )
    );
    assert!(error.may_have_happened() && error.is_retryable());
    let (error, _) = canceling(Play::ok(r#"{"id":"vs_1","hello":"Jenny"}"#)).await;
    assert!(error.to_string().contains("it lacks `created`"), "{error}");
}

#[tokio::test]
async fn a_reply_is_read_up_to_the_limit_only() {
    let server = Server::start([Play::ok(SESSION), Play::ok(SESSION)]).await;
    let limited = |reply_limit| server.client_with(ClientSettings { reply_limit, ..server.settings() });
    let error = limited(SESSION.len() - 1).retrieve_session(&vs(), &[]).await.expect_err("too large");
    assert!(error.to_string().contains(&format!("it is larger than {} bytes", SESSION.len() - 1)), "{error}");
    assert!(limited(SESSION.len()).retrieve_session(&vs(), &[]).await.is_ok());
}

#[tokio::test]
async fn gzip_is_understood_and_counts_unpacked() {
    // An empty list, packed.
    let packed = base64::engine::general_purpose::STANDARD
        .decode(
            "H4sIAAAAAAACAw3KQQqAIBBG4bv8a0HaepUImXSiCVNwpiCiu+fq8cF70daDkyGgiBocrl4G/D15yVxN7PE3d9kkkUmrUVl1\
             VMe6k8azdUbYqCg7ZDJCmJfvB0RWK3xXAAAA",
        )
        .expect("base64");
    let play = || Play::reply("200 OK", "Content-Encoding: gzip\r\n", "application/json", &packed);
    let server = Server::start([play(), play()]).await;
    let page = server.client().list_sessions(&ListSessions::default()).await.expect("a page");
    assert!(page.value.data.is_empty() && !page.value.has_more);
    let small = server.client_with(ClientSettings { reply_limit: 86, ..server.settings() });
    let one = Paging { limit: Some(1), ..Paging::default() };
    let error = small.list_sessions(&ListSessions { paging: one, ..ListSessions::default() }).await;
    let error = error.expect_err("87 bytes unpacked");
    assert!(error.to_string().contains("larger than 86 bytes"), "{error}");
}

#[tokio::test]
async fn lists_drop_secrets_and_survive_half_characters() {
    let odd = SESSION.replace(r#""metadata":{}"#, r#""metadata":{"name":"J\ud800nny"}"#);
    let body = format!(r#"{{"object":"list","has_more":false,"data":[{SESSION},{odd}]}}"#);
    let server = Server::start([Play::ok(&body)]).await;
    let page = server.client().list_sessions(&ListSessions::default()).await.expect("a page");
    assert_eq!(page.value.data.len(), 2);
    assert!(page.value.data.iter().all(|session| session.client_secret.is_none() && session.url.is_none()));
    assert_eq!(
        page.value.data[1].metadata.get("name").map(|text| text.expose().as_str()),
        Some("J\u{fffd}nny")
    );
}

#[tokio::test]
async fn failures_of_the_network_are_told_apart() {
    let server = Server::start([]).await;
    let client = server.client_with(ClientSettings { tries: 2, ..server.settings() });
    let error = client.cancel_session(&vs(), &key()).await.expect_err("cut");
    assert!(matches!(error, Error::Unreachable { obstacle: Obstacle::Cut, .. }), "{error:?}");
    assert_eq!(server.seen().len(), 2);
    assert!(error.may_have_happened());

    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = free.local_addr().expect("an address").to_string();
    drop(free);
    let base = ApiBase::parse(&format!("http://{host}"), "a test").expect("a base");
    let client = Client::new(base, Secret::new(KEY.into()), server.settings()).expect("a client");
    let error = client.cancel_session(&vs(), &key()).await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        format!(
            "could not reach {host} while canceling session vs_1: nobody takes connections there (3 tries); \
             check that the API base is right and that something runs there"
        )
    );
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn plain_text_where_encryption_belongs_is_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ =
                tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let base = ApiBase::parse(&format!("https://127.0.0.1:{port}"), "a test").expect("a base");
    let client = Client::new(base, Secret::new(KEY.into()), ClientSettings::default()).expect("a client");
    let error = client.retrieve_session(&vs(), &[]).await.expect_err("no encryption");
    assert!(matches!(error, Error::Unreachable { obstacle: Obstacle::Tls, .. }), "{error:?}");
    assert_eq!(client.requests_sent(), 1, "it would fail again");
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let server = Server::start([Play::Hang, Play::Hang]).await;
    let timeout = Duration::from_millis(200);
    let client = server.client_with(ClientSettings { tries: 2, timeout, ..server.settings() });
    let error = client.cancel_session(&vs(), &key()).await.expect_err("silence");
    assert_eq!(
        error.to_string(),
        format!(
            "{} did not answer within 200 ms while canceling session vs_1 (2 tries); look at the object before asking \
             again: the change may have been made",
            server.host()
        )
    );
    assert_eq!(client.requests_sent(), 2);
}
