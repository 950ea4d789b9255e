//! Who is answered, and what one sandbox keeps to itself.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use vetty::sandbox::{Database, Settings, StartError, start};

use super::CREATE_DOCUMENT;
use crate::support::http::{plain_client, send};
use crate::support::server::{SESSIONS, TestServer, settings};

#[tokio::test]
async fn only_this_machine_is_answered() {
    let server = TestServer::open().await;
    let get = |name: &'static str, value: &'static str| {
        send(server.ask(Method::GET, "/_vetty/health").header(name, value))
    };
    assert_eq!(get("host", "evil.example:12120").await.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(get("host", "localhost:12120").await.status, StatusCode::OK);
    assert_eq!(get("origin", "https://evil.example").await.status, StatusCode::FORBIDDEN);
    assert_eq!(get("origin", "null").await.status, StatusCode::FORBIDDEN);
    let neighbour = get("origin", "http://127.0.0.1:3000").await;
    assert_eq!(neighbour.status, StatusCode::FORBIDDEN, "another server of this machine has no say here");
    let own = send(server.ask(Method::GET, "/_vetty/health").header("origin", server.running.api_base()));
    let own = own.await;
    assert_eq!(own.status, StatusCode::OK);
    let asks_first = |origin: &'static str| {
        let ask = server.ask(Method::OPTIONS, SESSIONS).header("origin", origin);
        send(ask.header("access-control-request-method", "POST"))
    };
    let stranger = asks_first("https://evil.example").await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    for reply in [neighbour, own, stranger] {
        let lets_read = |name: &reqwest::header::HeaderName| name.as_str().starts_with("access-control-");
        assert!(!reply.headers.keys().any(lets_read), "no page may read what another server says");
    }
    let refused = start(Settings { listen: ([0, 0, 0, 0], 0).into(), ..settings(Database::Memory) }).await;
    assert!(matches!(refused, Err(StartError::NotLoopback(_))));
    let refused = start(Settings { listen: server.running.address(), ..settings(Database::Memory) }).await;
    assert!(matches!(refused, Err(StartError::PortInUse(_))));
}

#[tokio::test]
async fn pages_of_this_machine_may_ask_the_api() {
    const PAGE: &str = "http://localhost:3000";
    let server = TestServer::open().await;
    let ask = server.ask(Method::OPTIONS, SESSIONS).header("origin", PAGE);
    let first = send(ask.header("access-control-request-method", "POST")).await;
    assert_eq!(first.status, StatusCode::NO_CONTENT);
    assert!(
        first.header("access-control-allow-headers").is_some_and(|names| names.contains("authorization"))
    );
    let key = server.running.secret_key();
    let list = server.ask(Method::GET, SESSIONS).header("origin", PAGE).bearer_auth(key.expose());
    let list = send(list).await;
    assert_eq!(list.status, StatusCode::OK);
    for reply in [first, list] {
        assert_eq!(reply.header("access-control-allow-origin"), Some(PAGE));
        assert_eq!(reply.header("vary"), Some("origin"));
    }
}

#[tokio::test]
async fn other_machines_are_answered_by_the_name_that_was_given() {
    let exposed = Settings {
        listen: ([0, 0, 0, 0], 0).into(),
        expose_as: vec!["sandbox.test".into()],
        ..settings(Database::Memory)
    };
    let running = start(exposed).await.expect("a sandbox");
    let port = running.address().port();
    assert_eq!(running.api_base(), format!("http://sandbox.test:{port}"));
    let client = plain_client();
    let status = async |host: &str| {
        let ask = client.get(format!("http://127.0.0.1:{port}/_vetty/health")).header("host", host);
        ask.send().await.expect("a reply").status()
    };
    assert_eq!(status("sandbox.test").await, StatusCode::OK);
    assert_eq!(status(&format!("127.0.0.1:{port}")).await, StatusCode::OK);
    assert_eq!(status("evil.example").await, StatusCode::MISDIRECTED_REQUEST);
    let named = Settings { expose_as: vec!["http://sandbox.test".into()], ..settings(Database::Memory) };
    assert!(matches!(start(named).await, Err(StartError::NoHost(_))));
}

#[tokio::test]
async fn one_database_file_is_for_one_sandbox() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = || settings(Database::Sqlite(folder.path().join("sandbox.db")));
    let server = TestServer::with(file()).await;
    let session = server.create_path(CREATE_DOCUMENT).await;
    let refused = start(file()).await.expect_err("the file is in use").to_string();
    assert!(refused.contains("sandbox.db is in use by another sandbox"), "{refused}");
    assert_eq!(server.get(&session).await.status, StatusCode::OK, "the first one is not disturbed");
    server.running.stop().await;
    let server = TestServer::with(file()).await;
    assert_eq!(server.get(&session).await.ok()["status"], "requires_input");
}

#[tokio::test]
async fn the_ready_line_is_all_a_script_needs() {
    let server = TestServer::open().await;
    let line: Value = serde_json::from_str(&server.running.ready_line()).expect("JSON");
    assert_eq!(
        line.as_object().map(|it| it.keys().map(String::as_str).collect::<Vec<_>>()),
        Some(vec!["ready", "api_base", "secret_key", "restricted_key", "webhook_secret", "sessions"])
    );
    assert!(line["webhook_secret"].as_str().is_some_and(|it| it.starts_with("whsec_")));
    assert_eq!((&line["ready"], &line["sessions"]), (&json!(true), &json!(0)));
    let key = line["secret_key"].as_str().expect("a key");
    assert_eq!(send(server.ask(Method::GET, SESSIONS).bearer_auth(key)).await.status, StatusCode::OK);
    assert!(!format!("{:?}", server.running).contains(key));
}
