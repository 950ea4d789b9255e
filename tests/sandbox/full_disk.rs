//! A disk that is full: nothing is acknowledged that is not kept, and with room again the sandbox goes on.

use std::path::Path;

use reqwest::{Client, StatusCode};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::Value;

use crate::support::http::plain_client;
use crate::support::process::SandboxProcess;
use crate::support::server::SESSIONS;

/// How many requests are sent while there is no room.
const WHILE_FULL: usize = 300;

fn start(database: &Path) -> SandboxProcess {
    SandboxProcess::start(["--people", "0", "--database", &format!("sqlite:{}", database.display())])
}

/// Lets the files of `process` grow to this many bytes and no further; None lifts the limit.
fn allow(process: &SandboxProcess, bytes: Option<u64>) {
    let pid = Pid::from_raw(i32::try_from(process.id()).expect("a pid"));
    let limit = Rlimit { current: bytes, maximum: None };
    prlimit(pid, Resource::Fsize, limit).expect("a limit");
}

/// Posts, and gives the status with the object or the error.
async fn post(
    http: &Client,
    process: &SandboxProcess,
    path: &str,
    body: &'static str,
) -> (StatusCode, Value) {
    let reply = http
        .post(format!("{}{path}", process.base))
        .bearer_auth(&process.key)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let reply = reply.send().await.expect("a reply");
    (reply.status(), serde_json::from_str(&reply.text().await.expect("a body")).expect("JSON"))
}

async fn create(http: &Client, process: &SandboxProcess) -> Option<String> {
    let (status, body) = post(http, process, SESSIONS, "type=document").await;
    if status.is_success() {
        return Some(body["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!((status, &body["error"]["type"]), (StatusCode::INTERNAL_SERVER_ERROR, &"api_error".into()));
    None
}

async fn read(http: &Client, process: &SandboxProcess, id: &str) -> Value {
    let ask = http.get(format!("{}{SESSIONS}/{id}", process.base)).bearer_auth(&process.key);
    serde_json::from_str(&ask.send().await.expect("a reply").text().await.expect("a body")).expect("JSON")
}

async fn count(http: &Client, process: &SandboxProcess) -> Value {
    let health = http.get(format!("{}/_vetty/health", process.base)).send().await.expect("a reply");
    let health: Value = serde_json::from_str(&health.text().await.expect("a body")).expect("JSON");
    health["sessions"].clone()
}

/// The size of the larger one of the database's files.
fn largest(database: &Path) -> u64 {
    let log = database.with_extension("db-wal");
    [database, &log].map(|path| path.metadata().map_or(0, |found| found.len())).into_iter().max().unwrap_or(0)
}

#[tokio::test]
async fn what_is_acknowledged_on_a_full_disk_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("a.db");
    let http = plain_client();
    let mut process = start(&database);
    let mut kept = Vec::new();
    for _ in 0..20 {
        kept.push(create(&http, &process).await.expect("there is room"));
    }
    for round in 0..3 {
        allow(&process, Some(largest(&database) + 20_000));
        let mut refused = 0;
        let mut redacted = Vec::new();
        for turn in 0..WHILE_FULL {
            match create(&http, &process).await {
                Some(id) => kept.push(id),
                None => refused += 1,
            }
            if turn % 10 == 0 {
                let id = kept[turn / 10].clone();
                let (status, _) = post(&http, &process, &format!("{SESSIONS}/{id}/redact"), "").await;
                if status.is_success() {
                    redacted.push(id);
                }
            }
        }
        assert!(refused > 0, "the disk was never full");
        assert_eq!(count(&http, &process).await, kept.len(), "what is counted is what is kept");
        if round == 1 {
            // Room again, without a new start.
            allow(&process, None);
            kept.push(create(&http, &process).await.expect("there is room again"));
        }
        process.signal("KILL");
        process.exit_code();
        process = start(&database);
        assert_eq!(count(&http, &process).await, kept.len(), "in round {round}");
        for id in &kept {
            assert_eq!(read(&http, &process, id).await["id"], **id);
        }
        for id in &redacted {
            assert!(read(&http, &process, id).await["redaction"].is_object(), "{id}");
        }
    }
}
