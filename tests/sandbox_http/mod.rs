//! A raw HTTP client for tests of the sandbox. It knows nothing of the product's own vocabulary, so that a mistake
//! there cannot agree with itself.

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;
use vetty::sandbox::{Database, Running, Scenario, Settings, Webhooks, start};

pub(crate) const SESSIONS: &str = "/v1/identity/verification_sessions";
pub(crate) const REPORTS: &str = "/v1/identity/verification_reports";

/// A sandbox and somebody who asks it.
pub(crate) struct Desk {
    pub(crate) running: Running,
    http: Client,
}

/// A reply, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body of a reply that went well.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    /// The `error` object, without the field that changes with every request.
    pub(crate) fn error(&self) -> Value {
        let mut body = self.json();
        if let Some(error) = body["error"].as_object_mut() {
            error.shift_remove("request_log_url");
        }
        body["error"].take()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a readable header"))
    }
}

pub(crate) fn settings(database: Database) -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        expose_as: Vec::new(),
        database,
        people: 0,
        seed: 7,
        scenario: Scenario::default(),
        webhooks: Webhooks::default(),
        redaction_seconds: Settings::REDACTION_SECONDS,
    }
}

impl Desk {
    /// An empty sandbox in memory.
    pub(crate) async fn open() -> Self {
        Self::with(settings(Database::Memory)).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let running = start(settings).await.expect("the sandbox starts");
        let http = Client::builder().no_proxy().build().expect("a client");
        Self { running, http }
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

    pub(crate) async fn advance(&self, seconds: i64) -> Value {
        self.control("clock/advance", &format!("{{\"seconds\":{seconds}}}")).await.ok()
    }

    /// The ids of a list.
    pub(crate) async fn ids(&self, path: &str) -> Vec<String> {
        ids(&self.get(path).await.ok())
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Reply {
    let response = request.send().await.expect("a reply");
    let (status, headers) = (response.status(), response.headers().clone());
    Reply { status, headers, text: response.text().await.expect("a body") }
}

pub(crate) fn path_of(session: &Value) -> String {
    format!("{SESSIONS}/{}", session["id"].as_str().expect("an id"))
}

pub(crate) fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().expect("a list");
    data.iter().map(|object| object["id"].as_str().expect("an id").to_owned()).collect()
}
