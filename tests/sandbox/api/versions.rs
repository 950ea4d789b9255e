//! Versions of the API: which are refused, and which one answers and events carry.

use reqwest::{Method, StatusCode};
use serde_json::json;
use vetty::sandbox::{ApiVersion, Database, Settings};

use super::CREATE_DOCUMENT;
use crate::support::http::{plain_client, send};
use crate::support::process::SandboxProcess;
use crate::support::server::{SESSIONS, TestServer, settings};

const NEWEST: &str = "2026-10-28.endive";
const OLDER: &str = "2024-06-20";

fn of_account(version: &str) -> Settings {
    let api_version: ApiVersion = version.parse().expect("a version");
    Settings { api_version, ..settings(Database::Memory) }
}

#[tokio::test]
async fn a_version_that_does_not_exist_is_refused_before_anything_is_done() {
    let server = TestServer::open().await;
    let support = "If you have any questions, we can help at https://support.stripe.com/.";
    let beta = "You do not have permission to pass this beta header: link_beta.";
    for (sent, message) in [
        ("nonsense", "Invalid Stripe API version: nonsense".to_owned()),
        ("2019-2-19", "Invalid Stripe API version: 2019-2-19".to_owned()),
        (
            "2020-08-27;link_beta=v1",
            format!("Invalid Stripe API version: 2020-08-27;link_beta=v1. {beta} {support}"),
        ),
    ] {
        let reply = send(server.form(SESSIONS, CREATE_DOCUMENT).header("stripe-version", sent)).await;
        assert_eq!(
            (reply.status, reply.error()),
            (StatusCode::BAD_REQUEST, json!({ "message": message, "type": "invalid_request_error" }))
        );
        assert_eq!(reply.header("stripe-version"), Some(NEWEST));
        let key = server.running.restricted_key();
        let file = server.ask(Method::GET, "/v1/files/file_1/contents").bearer_auth(key.expose());
        assert_eq!(send(file.header("stripe-version", sent)).await.error()["message"], json!(message));
    }
    let twice = server.form(SESSIONS, CREATE_DOCUMENT).header("stripe-version", OLDER);
    let reply = send(twice.header("stripe-version", NEWEST)).await;
    assert_eq!(reply.error()["message"], json!(format!("Invalid Stripe API version: {OLDER}, {NEWEST}")));
    assert_eq!(server.running.sessions().await, 0);
    let stranger = send(server.ask(Method::GET, SESSIONS).header("stripe-version", "nonsense")).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "the key is judged first");
}

#[tokio::test]
async fn the_accounts_version_answers_who_names_none_and_is_that_of_events() {
    let server = TestServer::with(of_account(OLDER)).await;
    let silent = server.post(SESSIONS, CREATE_DOCUMENT).await;
    assert_eq!(silent.header("stripe-version"), Some(OLDER));
    let named = send(server.form(SESSIONS, CREATE_DOCUMENT).header("stripe-version", NEWEST)).await;
    assert_eq!(named.header("stripe-version"), Some(NEWEST));
    let events = server.get("/v1/events").await.ok();
    let versions: Vec<_> =
        events["data"].as_array().expect("events").iter().map(|event| &event["api_version"]).collect();
    assert_eq!(versions, [&json!(OLDER), &json!(OLDER)], "whatever the request said");
    let first = events["data"][0]["id"].as_str().expect("an id");
    assert_eq!(server.get(&format!("/v1/events/{first}")).await.ok()["api_version"], OLDER);
    let cli = server.post("/v1/stripecli/sessions", "websocket_features[]=webhooks").await.ok();
    assert_eq!((&cli["default_version"], &cli["latest_version"]), (&json!(OLDER), &json!(NEWEST)));
}

#[tokio::test]
async fn a_flag_sets_the_accounts_version_and_takes_no_other_word() {
    let process = SandboxProcess::start(["--people", "0", "--api-version", OLDER]);
    let asked = plain_client().get(format!("{}{SESSIONS}", process.base)).bearer_auth(&process.key);
    assert_eq!(send(asked).await.header("stripe-version"), Some(OLDER));
    let refused = SandboxProcess::command().args(["--api-version", "nonsense"]).output().expect("it runs");
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("Invalid Stripe API version: nonsense"), "{said}");
}
