//! What the client puts on the wire, byte for byte, and how it takes what comes back.

mod controls;
mod echo;
mod liars;
mod pages;
mod replies;
mod requests;
mod server;

use vetty::client::IdempotencyKey;
use vetty::identity::SessionId;

const SESSION: &str = r#"{"id":"vs_1","object":"identity.verification_session","created":1700000000,
    "livemode":false,"status":"requires_input","type":"document","client_secret":"vs_1_secret_test_x",
    "url":"https://verify.stripe.com/start/test_x","metadata":{}}"#;
const REPORT: &str = r#"{"id":"vr_1","object":"identity.verification_report","created":1700000001,
    "livemode":false,"type":"document","verification_session":"vs_1"}"#;
const EMPTY: &str = r#"{"object":"list","url":"/v1","has_more":false,"data":[]}"#;

fn key() -> IdempotencyKey {
    IdempotencyKey::parse("k-1").expect("a key")
}

fn vs() -> SessionId {
    SessionId::new("vs_1")
}

fn refusal(kind: &str, code: Option<&str>, message: &str) -> String {
    let code = code.map(|code| format!(r#","code":"{code}""#)).unwrap_or_default();
    format!(r#"{{"error":{{"type":"{kind}","message":"{message}"{code}}}}}"#)
}
