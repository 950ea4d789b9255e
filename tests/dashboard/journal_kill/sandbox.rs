//! A sandbox in a process of its own, with a database that the tests look into.

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::program::Act;
use crate::support::http::BlockingClient;
use crate::support::process::SandboxProcess;
use crate::support::server::SESSIONS;

pub(crate) struct Sandbox {
    pub(crate) process: SandboxProcess,
    folder: tempfile::TempDir,
    http: BlockingClient,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
        let process =
            SandboxProcess::start(["--people", "0", "--redaction-seconds", "0", "--database", &database]);
        Self { process, folder, http: BlockingClient::new() }
    }

    fn ask(&self, request: impl FnOnce(&Client) -> RequestBuilder) -> Value {
        self.http.send(|http| request(http).bearer_auth(&self.process.key)).ok()
    }

    fn get(&self, path: &str) -> Value {
        self.ask(|http| http.get(format!("{}{path}", self.process.base)))
    }

    /// Creates a session under no idempotency key.
    pub(crate) fn create(&self) -> String {
        let created =
            self.ask(|http| http.post(format!("{}{SESSIONS}", self.process.base)).body("type=document"));
        created["id"].as_str().expect("an id").to_owned()
    }

    /// How many changes were executed under an idempotency key: replays do not count.
    pub(crate) fn keys_used(&self) -> usize {
        self.keys().len()
    }

    /// The idempotency keys that changes were executed under.
    pub(crate) fn keys(&self) -> Vec<String> {
        let options =
            SqliteConnectOptions::new().filename(self.folder.path().join("sandbox.db")).read_only(true);
        self.http.wait(async {
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the database");
            let query = sqlx::query_scalar("SELECT idempotency_key FROM idempotency");
            query.fetch_all(&mut connection).await.expect("keys")
        })
    }

    /// Each session is as `act` wants it, and one event tells so.
    pub(crate) fn is_changed_once(&self, act: Act, sessions: &[String]) {
        let kind = match act {
            Act::Cancel => Some("canceled"),
            Act::Redact => Some("redacted"),
            Act::Metadata => None,
        };
        let told = kind.map(|kind| self.told(kind));
        for id in sessions {
            let session = self.get(&format!("{SESSIONS}/{id}"));
            let is_changed = match act {
                Act::Cancel => session["status"] == "canceled",
                Act::Redact => session["redaction"]["status"] == "redacted",
                Act::Metadata => session["metadata"]["queue"] == "done",
            };
            assert!(is_changed, "{session:#}");
            if let Some(told) = &told {
                assert_eq!(told.iter().filter(|told| *told == id).count(), 1, "{id}");
            }
        }
    }

    /// The sessions that the newest events of a kind tell of. Sessions are looked at right after they were changed, so
    /// that a hundred are enough.
    fn told(&self, kind: &str) -> Vec<String> {
        let kind = format!("identity.verification_session.{kind}");
        let events = self.get(&format!("/v1/events?limit=100&type={kind}"));
        let events = events["data"].as_array().expect("a list");
        events.iter().map(|event| event["data"]["object"]["id"].as_str().expect("an id").to_owned()).collect()
    }
}
