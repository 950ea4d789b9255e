//! The file of the database: whose it is, that it has one name, and what happens when it is taken away; and the
//! connections and signals that a process meets.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use vetty::sandbox::{Database, Settings, start};

use crate::support::process::SandboxProcess;
use crate::support::server::{SESSIONS, TestServer, settings};

const CREATE: &str = "type=document";

fn file(path: &Path) -> Settings {
    settings(Database::Sqlite(path.to_owned()))
}

#[tokio::test]
async fn a_database_that_is_taken_away_takes_no_more_changes() {
    for replace in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let server = TestServer::with(file(&path)).await;
        server.create_path(CREATE).await;
        for name in ["a.db", "a.db-wal", "a.db-shm"] {
            std::fs::rename(folder.path().join(name), folder.path().join(format!("gone-{name}")))
                .expect("there");
        }
        if replace {
            std::fs::write(&path, "").expect("a file");
        }
        for _ in 0..3 {
            let refused = server.post(SESSIONS, CREATE).await;
            assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
            let message = refused.text;
            assert!(message.contains("a.db was removed, or replaced, while the sandbox ran"), "{message}");
        }
        assert_eq!(path.exists(), replace, "no new database is made under its name");
        // The name leads to it again.
        for name in ["a.db", "a.db-wal", "a.db-shm"] {
            std::fs::rename(folder.path().join(format!("gone-{name}")), folder.path().join(name))
                .expect("there");
        }
        server.create_path(CREATE).await;
        assert_eq!(server.get(SESSIONS).await.ok()["data"].as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn nobody_else_may_read_a_database_and_it_has_one_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    std::fs::write(&path, "").expect("a file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("its mode");
    let server = TestServer::with(file(&path)).await;
    server.create_path(CREATE).await;
    for name in ["a.db", "a.db-wal", "a.db-shm", "a.db.lock"] {
        let mode = std::fs::metadata(folder.path().join(name)).expect(name).mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    server.running.stop().await;
    let other = folder.path().join("b.db");
    std::fs::hard_link(&path, &other).expect("a link");
    for linked in [&path, &other] {
        let refused = start(file(linked)).await.expect_err("two names").to_string();
        assert!(refused.contains("has several names"), "{refused}");
    }
    std::fs::remove_file(&other).expect("a link");
    assert!(start(file(&path)).await.is_ok());
}

#[tokio::test]
async fn a_connection_that_asks_nothing_is_closed() {
    let keep_alive = Duration::from_millis(50);
    let server = TestServer::with(Settings { keep_alive, ..settings(Database::Memory) }).await;
    let mut stream = tokio::net::TcpStream::connect(server.running.address()).await.expect("a connection");
    let ask = format!("GET /_vetty/ping HTTP/1.1\r\nHost: {}\r\n\r\n", server.running.address());
    stream.write_all(ask.as_bytes()).await.expect("a request");
    let mut said = String::new();
    // Up to the end, which comes by itself.
    stream.read_to_string(&mut said).await.expect("an answer");
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
}

/// A signal that comes with the ready line, or right behind it, is not missed.
#[test]
fn a_signal_at_the_ready_line_ends_it_in_order() {
    for signal in ["TERM", "INT"].into_iter().cycle().take(20) {
        let mut process = SandboxProcess::start(["--people", "0", "--database", "memory:"]);
        process.signal(signal);
        assert_eq!(process.exit_code(), Some(0), "{signal}");
    }
}
