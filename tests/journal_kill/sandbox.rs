//! A sandbox in a process of its own, with a database that the tests look into.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::runtime::Runtime;

use crate::program::Act;

const SESSIONS: &str = "/v1/identity/verification_sessions";

pub(crate) struct Sandbox {
    child: Child,
    pub(crate) base: String,
    pub(crate) key: String,
    folder: tempfile::TempDir,
    runtime: Runtime,
    http: reqwest::Client,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_vetty"))
            .args(["sandbox", "--listen", "127.0.0.1:0", "--people", "0", "--redaction-seconds", "0"])
            .arg("--database")
            .arg(format!("sqlite:{}", folder.path().join("sandbox.db").display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |name: &str| ready[name].as_str().expect("a text").to_owned();
        let runtime = Runtime::new().expect("a runtime");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { child, base: text("api_base"), key: text("secret_key"), folder, runtime, http }
    }

    fn ask(&self, request: reqwest::RequestBuilder) -> Value {
        self.runtime.block_on(async {
            let reply = request.bearer_auth(&self.key).send().await.expect("a reply");
            let (status, text) = (reply.status(), reply.text().await.expect("a body"));
            assert!(status.is_success(), "{text}");
            serde_json::from_str(&text).expect("JSON")
        })
    }

    fn get(&self, path: &str) -> Value {
        self.ask(self.http.get(format!("{}{path}", self.base)))
    }

    /// Creates a session under no idempotency key.
    pub(crate) fn create(&self) -> String {
        let created = self.ask(self.http.post(format!("{}{SESSIONS}", self.base)).body("type=document"));
        created["id"].as_str().expect("an id").to_owned()
    }

    /// How many changes were executed under an idempotency key: replays do not count.
    pub(crate) fn keys_used(&self) -> usize {
        let options =
            SqliteConnectOptions::new().filename(self.folder.path().join("sandbox.db")).read_only(true);
        let count: i64 = self.runtime.block_on(async {
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the database");
            let query = sqlx::query_scalar("SELECT COUNT(*) FROM idempotency");
            query.fetch_one(&mut connection).await.expect("a count")
        });
        usize::try_from(count).expect("a count")
    }

    /// Each session is as `act` wants it, and one event tells so.
    pub(crate) fn is_changed_once(&self, act: Act, sessions: &[String]) {
        for id in sessions {
            let session = self.get(&format!("{SESSIONS}/{id}"));
            let (is_changed, kind) = match act {
                Act::Cancel => (session["status"] == "canceled", "canceled"),
                Act::Redact => (session["redaction"]["status"] == "redacted", "redacted"),
                Act::Metadata => (session["metadata"]["queue"] == "done", ""),
            };
            assert!(is_changed, "{session:#}");
            if !kind.is_empty() {
                assert_eq!(self.events(id, &format!("identity.verification_session.{kind}")), 1, "{id}");
            }
        }
    }

    fn events(&self, session: &str, kind: &str) -> usize {
        // The newest hundred are enough: sessions are looked at right after they were changed.
        let events = self.get(&format!("/v1/events?limit=100&type={kind}"));
        let events = events["data"].as_array().expect("a list");
        events.iter().filter(|event| event["data"]["object"]["id"] == session).count()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
