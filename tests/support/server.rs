//! [`TestServer`]: a sandbox in this process, asked over real HTTP.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use vetty::sandbox::{ApiVersion, Database, Running, Scenario, Settings, Webhooks, start};

use super::http::{Reply, plain_client, send};

pub(crate) const SESSIONS: &str = "/v1/identity/verification_sessions";
pub(crate) const REPORTS: &str = "/v1/identity/verification_reports";

/// A sandbox and somebody who asks it.
pub(crate) struct TestServer {
    pub(crate) running: Running,
    http: Client,
}

/// Settings of a sandbox without people.
pub(crate) fn settings(database: Database) -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        expose_as: Vec::new(),
        database,
        people: 0,
        seed: 7,
        api_version: ApiVersion::default(),
        scenario: Scenario::default(),
        webhooks: Webhooks::default(),
        redaction_seconds: Settings::REDACTION_SECONDS,
        keep_alive: Settings::KEEP_ALIVE,
    }
}

impl TestServer {
    /// An empty sandbox in memory.
    pub(crate) async fn open() -> Self {
        Self::with(settings(Database::Memory)).await
    }

    /// One with so many invented people.
    pub(crate) async fn with_people(people: usize) -> Self {
        Self::with(Settings { people, ..settings(Database::Memory) }).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let running = start(settings).await.expect("the sandbox starts");
        Self { running, http: plain_client() }
    }

    /// A request without a key.
    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.running.api_base()))
    }

    /// A GET with the full key.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        send(self.ask(Method::GET, path).bearer_auth(self.running.secret_key().expose())).await
    }

    /// A GET with the restricted key.
    pub(crate) async fn get_restricted(&self, path: &str) -> Reply {
        send(self.ask(Method::GET, path).bearer_auth(self.running.restricted_key().expose())).await
    }

    /// A POST of a form, to be sent with the full key.
    pub(crate) fn form(&self, path: &str, body: &str) -> RequestBuilder {
        self.ask(Method::POST, path)
            .bearer_auth(self.running.secret_key().expose())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned())
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Reply {
        send(self.form(path, body)).await
    }

    /// A control of the sandbox.
    pub(crate) async fn control(&self, path: &str, body: &str) -> Reply {
        send(self.ask(Method::POST, &format!("/_vetty/{path}")).body(body.to_owned())).await
    }

    /// Creates a session and returns it.
    pub(crate) async fn create(&self, body: &str) -> Value {
        self.post(SESSIONS, body).await.ok()
    }

    /// Creates a session and returns the path to it.
    pub(crate) async fn create_path(&self, body: &str) -> String {
        path_of(&self.create(body).await)
    }

    /// Lets a submission end with `outcome` at once.
    pub(crate) async fn submit(&self, path: &str, outcome: &str) -> Reply {
        let id = path.rsplit('/').next().expect("an id");
        let body = format!("{{\"outcome\":\"{outcome}\"}}");
        self.control(&format!("verification_sessions/{id}/submit"), &body).await
    }

    /// Moves the clock of the sandbox.
    pub(crate) async fn advance(&self, seconds: i64) -> Value {
        self.control("clock/advance", &format!("{{\"seconds\":{seconds}}}")).await.ok()
    }

    /// Lets the next `count` requests fail in this way.
    pub(crate) async fn fault(&self, kind: &str, count: u32) {
        self.control("faults", &json!({ "kind": kind, "count": count }).to_string()).await.ok();
    }

    /// The ids of a list.
    pub(crate) async fn ids(&self, path: &str) -> Vec<String> {
        ids(&self.get(path).await.ok())
    }
}

/// The path to a session.
pub(crate) fn path_of(session: &Value) -> String {
    format!("{SESSIONS}/{}", session["id"].as_str().expect("an id"))
}

/// The ids of a list.
pub(crate) fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().expect("a list");
    data.iter().map(|object| object["id"].as_str().expect("an id").to_owned()).collect()
}
