//! The sandbox as a process: killed in the middle of writing, and stopped in order.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::Client;
use serde_json::Value;

use crate::support::http::plain_client;
use crate::support::process::{ARGS, SandboxProcess};
use crate::support::server::SESSIONS;

/// Starts a sandbox on this file.
fn start(database: &Path) -> SandboxProcess {
    SandboxProcess::start(["--people", "0", "--database", &format!("sqlite:{}", database.display())])
}

/// What was acknowledged: sessions, and those of them that were submitted. `doubtful` are the keys of requests that
/// were never answered.
#[derive(Default)]
struct Acknowledged {
    created: Mutex<Vec<String>>,
    submitted: Mutex<Vec<String>>,
    doubtful: Mutex<Vec<String>>,
    count: AtomicUsize,
}

/// Asks for a session whose reference and idempotency key are `once`.
async fn create(http: &Client, base: &str, key: &str, once: &str) -> Option<String> {
    let create = http
        .post(format!("{base}{SESSIONS}"))
        .bearer_auth(key)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("idempotency-key", once)
        .body(format!("type=document&client_reference_id={once}"));
    let reply = create.send().await.ok()?;
    assert!(reply.status().is_success());
    reply.text().await.ok()
}

/// Creates sessions and submits every other one, until the sandbox is gone.
async fn write(http: Client, base: String, key: String, name: String, done: Arc<Acknowledged>) {
    for turn in 0.. {
        let once = format!("{name}-{turn}");
        let Some(text) = create(&http, &base, &key, &once).await else {
            done.doubtful.lock().expect("nobody panicked").push(once);
            return;
        };
        let session: Value = serde_json::from_str(&text).expect("JSON");
        let id = session["id"].as_str().expect("an id").to_owned();
        done.created.lock().expect("nobody panicked").push(id.clone());
        done.count.fetch_add(1, Ordering::Relaxed);
        if turn % 2 == 0 {
            let submit = http.post(format!("{base}/_vetty/verification_sessions/{id}/submit"));
            let body = "{\"outcome\":\"verified\",\"delay_seconds\":600}";
            let Ok(reply) = submit.body(body).send().await else { return };
            assert!(reply.status().is_success());
            done.submitted.lock().expect("nobody panicked").push(id);
        }
    }
}

async fn get(http: &Client, process: &SandboxProcess, path: &str) -> Value {
    let reply =
        http.get(format!("{}{path}", process.base)).bearer_auth(&process.key).send().await.expect("a reply");
    let (status, text) = (reply.status(), reply.text().await.expect("a body"));
    assert!(status.is_success(), "{path}: {text}");
    serde_json::from_str(&text).expect("JSON")
}

/// How often each session had an event of each kind.
async fn events(http: &Client, process: &SandboxProcess) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    let mut after = String::new();
    loop {
        let page = get(http, process, &format!("/v1/events?limit=100{after}")).await;
        for event in page["data"].as_array().expect("a list") {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let kind = text(&event["type"]).rsplit('.').next().expect("a name").to_owned();
            *counts.entry((text(&event["data"]["object"]["id"]), kind)).or_default() += 1;
            after = format!("&starting_after={}", text(&event["id"]));
        }
        if page["has_more"] != true {
            return counts;
        }
    }
}

/// What was asked and not answered is asked again, with the same key: it is there once, whether it had been done or not.
async fn ask_again(http: &Client, process: &SandboxProcess, done: &Acknowledged) {
    let doubtful = done.doubtful.lock().expect("nobody panicked").clone();
    for once in doubtful {
        create(http, &process.base, &process.key, &once).await.expect("an answer");
        let list = get(http, process, &format!("{SESSIONS}?client_reference_id={once}")).await;
        assert_eq!(list["data"].as_array().map(Vec::len), Some(1), "{once}");
    }
}

/// Every acknowledged write is there, and what was planned happens once.
async fn check(http: &Client, process: &SandboxProcess, done: &Acknowledged) {
    let advance = http.post(format!("{}/_vetty/clock/advance", process.base)).body("{\"seconds\":600}");
    assert!(advance.send().await.expect("a reply").status().is_success());
    ask_again(http, process, done).await;
    let events = events(http, process).await;
    assert!(events.values().all(|count| *count == 1), "nothing is told twice: {events:?}");
    let told = |id: &str, kind: &str| events.contains_key(&(id.to_owned(), kind.to_owned()));
    let submitted = done.submitted.lock().expect("nobody panicked").clone();
    let created = done.created.lock().expect("nobody panicked").clone();
    for id in created {
        let session = get(http, process, &format!("{SESSIONS}/{id}")).await;
        assert!(told(&id, "created"), "{id}");
        if !submitted.contains(&id) {
            continue;
        }
        assert_eq!(session["status"], "verified", "{id}");
        assert!(told(&id, "processing") && told(&id, "verified"), "{id}");
        let reports = format!("/v1/identity/verification_reports?verification_session={id}");
        let reports = get(http, process, &reports).await;
        assert_eq!(reports["data"].as_array().map(Vec::len), Some(1), "{id}");
        assert_eq!(reports["data"][0]["id"], session["last_verification_report"], "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_loses_no_acknowledged_write() {
    const ROUNDS: usize = 3;
    const WRITERS: usize = 4;
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("sandbox.db");
    let http = plain_client();
    let done = Arc::new(Acknowledged::default());
    for round in 1..=ROUNDS {
        let process = start(&database);
        check(&http, &process, &done).await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                tokio::spawn(write(
                    http.clone(),
                    process.base.clone(),
                    process.key.clone(),
                    format!("{round}-{writer}"),
                    Arc::clone(&done),
                ))
            })
            .collect();
        while done.count.load(Ordering::Relaxed) < round * 60 {
            assert!(writers.iter().all(|writer| !writer.is_finished()), "a writer stopped early");
            tokio::task::yield_now().await;
        }
        process.signal("KILL");
        for writer in writers {
            writer.await.expect("a writer ends with the sandbox");
        }
    }
    let process = start(&database);
    check(&http, &process, &done).await;
    assert!(done.created.lock().expect("nobody panicked").len() >= ROUNDS * 60);
}

#[tokio::test]
async fn a_stop_in_order_leaves_a_whole_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("sandbox.db");
    let http = plain_client();
    let mut process = start(&database);
    let create = http.post(format!("{}{SESSIONS}?type=document", process.base)).bearer_auth(&process.key);
    assert!(create.send().await.expect("a reply").status().is_success());
    process.signal("TERM");
    assert_eq!(process.exit_code(), Some(0));
    assert!(!folder.path().join("sandbox.db-wal").exists(), "everything is in the file itself");
    let process = start(&database);
    let list = get(&http, &process, SESSIONS).await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_second_process_is_told_who_has_the_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("sandbox.db");
    let first = start(&database);
    let second = Command::new(env!("CARGO_BIN_EXE_vetty"))
        .args(ARGS)
        .arg("--database")
        .arg(format!("sqlite:{}", database.display()))
        .output()
        .expect("it runs");
    let said = String::from_utf8(second.stderr).expect("text");
    assert_eq!(second.status.code(), Some(3), "{said}");
    let holder = format!("is in use by another sandbox (process {})", first.id());
    assert!(said.contains(&holder), "{said}");
}
