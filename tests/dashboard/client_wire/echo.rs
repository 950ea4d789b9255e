//! A server that repeats the key and what was told of a person wherever an answer has room for it: nothing that is
//! shown, logged or written down has them.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};
use vetty::app::Problem;
use vetty::client::{ClientSettings, Error};
use vetty::identity::params::{Change, CreateSession, ProvidedDetailsParams};
use vetty::identity::{ErrorCode, Session, SessionId};
use vetty::privacy::{Email, Phone, Pii};

use super::server::{Play, Server};
use super::{SESSION, key, vs};
use crate::support::echo::{EMAIL, KEY, NAME, PHONE, WRAPS, assert_silent, percent};

fn params() -> CreateSession {
    CreateSession {
        provided_details: ProvidedDetailsParams {
            email: Some(Change::Set(Pii::new(Email::new(EMAIL)))),
            phone: Some(Change::Set(Pii::new(Phone::new(PHONE)))),
        },
        metadata: [("name".to_owned(), NAME.to_owned())].into(),
        return_url: Some(format!("https://shop.example/?who={}", percent(EMAIL))),
        ..CreateSession::default()
    }
}

/// A refusal that says `echo` in each of its places.
fn refusal(status: &str, echo: &str) -> Play {
    let body = json!({ "error": {
        "type": format!("invalid_{echo}"), "code": echo, "decline_code": echo, "param": format!("metadata[{echo}]"),
        "message": format!("No user {echo}; tried '{echo}', see https://x/?q={echo}"),
        "doc_url": format!("https://stripe.com/docs/{echo}"), "request_log_url": echo,
    }});
    Play::json(status, &format!("Request-Id: req_{}\r\n", percent(echo)), &body.to_string())
}

/// All that a program can say of an error.
fn said(error: &Error) -> String {
    let problem = Problem::from(error.clone());
    let told = |value: &dyn Debug| format!("{value:?}");
    [error.to_string(), told(error), problem.text().to_owned(), told(&problem), told(&problem.request_id())]
        .join("\n")
}

#[tokio::test]
async fn no_part_of_an_error_repeats_what_was_sent() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    for wrap in WRAPS {
        // Other tests, which log to nobody, may have settled at the same moment that nobody listens.
        tracing::callsite::rebuild_interest_cache();
        for value in [KEY, EMAIL, PHONE, "(415) 555-0186", NAME] {
            let echo = wrap(value);
            for status in ["400 Bad Request", "403 Forbidden", "404 Not Found", "409 Conflict", "500 Oops"] {
                let server = Server::start([refusal(status, &echo)]).await;
                let client = server.client_with(ClientSettings { tries: 1, ..server.settings() });
                let error = client.create_session(&params(), &key()).await.expect_err("a refusal");
                assert_silent(&said(&error), status);
            }
        }
    }
    let logged = log.text();
    assert!(logged.contains("answered") && logged.contains("req_"), "{logged}");
    assert_silent(&logged, "the log");
}

#[tokio::test]
async fn what_is_no_error_of_the_api_is_told_without_its_words() {
    for wrap in WRAPS {
        for value in [KEY, EMAIL] {
            let echo = wrap(value);
            let headers = format!("Request-Id: {}\r\n", percent(&echo));
            let html = format!("<p>{echo}</p>");
            for play in [
                Play::reply(
                    "502 Bad",
                    &headers,
                    &format!("text/html; x={}", percent(&echo)),
                    html.as_bytes(),
                ),
                Play::json("400 Bad", &headers, &json!({ "oops": echo }).to_string()),
                Play::json("200 OK", &headers, &json!({ "id": "vs_1", "created": echo }).to_string()),
                Play::json("302 Found", &format!("Location: /{}\r\n{headers}", percent(&echo)), ""),
            ] {
                let server = Server::start([play]).await;
                let client = server.client_with(ClientSettings { tries: 1, ..server.settings() });
                let error = client.create_session(&params(), &key()).await.expect_err("no session");
                assert_silent(&said(&error), &echo);
            }
        }
    }
}

#[tokio::test]
async fn an_object_does_not_bring_the_key_back() {
    let reason = format!("{KEY} is not one");
    let odd = SESSION.replace(
        r#""metadata":{}"#,
        &format!(r#""metadata":{{"k":"{KEY}"}},"last_error":{{"code":"{KEY}","reason":"{reason}"}}"#),
    );
    let odd = odd.replace(r#""id":"vs_1""#, &format!(r#""id":"vs_{KEY}""#));
    let server = Server::start([Play::ok(&odd)]).await;
    let reply = server.client().retrieve_session(&vs(), &[]).await.expect("a session");
    assert_silent(&format!("{:?}", reply.value), "the session");
    let error = reply.value.last_error.expect("an error");
    assert_eq!(error.code, Some(ErrorCode::Other("••••".into())));
    assert_eq!(error.reason.as_ref().map(|text| &**text.expose()), Some("•••• is not one"));
}

#[tokio::test]
async fn a_secret_in_the_place_of_an_id_is_not_told() {
    for (id, told) in
        [(KEY, "retrieving session ••••"), ("vs_1_secret_test_x9", "retrieving session vs_1_secret_••••")]
    {
        let server =
            Server::start([Play::json("400 Bad", "", &super::refusal("api_error", None, "No."))]).await;
        let error = server.client().retrieve_session(&SessionId::new(id), &[]).await.expect_err("a refusal");
        assert!(error.to_string().contains(told) && !said(&error).contains(id), "{error}");
    }
}

#[tokio::test]
async fn ten_megabytes_of_a_sentence_are_a_few_lines() {
    let long = "The document is bad. ".repeat(500_000);
    let word = "document_bad".repeat(100_000);
    let body = json!({ "error": { "type": word, "code": word, "param": word, "message": long } });
    let reason = SESSION.replace(r#""metadata":{}"#, &format!(r#""last_error":{{"reason":"{long}"}}"#));
    let headers = "Request-Id: req_1\r\n";
    let server = Server::start([Play::json("400 Bad", headers, &body.to_string()), Play::ok(&reason)]).await;
    let error = server.client().retrieve_session(&vs(), &[]).await.expect_err("a refusal");
    assert!(error.to_string().contains("… cut, 10,500,000 bytes in all"), "{error}");
    assert!(said(&error).len() < 10_000, "{error}");
    let session: Session = server.client().retrieve_session(&vs(), &[]).await.expect("a session").value;
    let reason = session.last_error.and_then(|error| error.reason).expect("a reason").expose().clone();
    assert!(reason.len() < 2_500 && reason.ends_with("bytes in all"), "{reason}");
}

/// Keeps what is logged in this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn text(&self) -> String {
        self.0.lock().expect("the log").clone()
    }
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = self.0.lock().expect("the log");
        write!(text, "{field}={value:?} ").expect("a string");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        // What the layers below say at their lowest levels is theirs.
        if event.metadata().target().starts_with("vetty") {
            event.record(&mut self.clone());
        }
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
