//! What `stripe logs tail` shows: every call of the API, while somebody looks. Sandbox only.
//!
//! Nothing is kept: who does not look misses it. A line has the path and what was wrong, and no parameters.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{Method, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::super::state::Sandbox;
use super::listen::PROTOCOL;
use crate::clock::Timestamp;

/// Lines that somebody who looks may lag behind.
const BACKLOG: usize = 256;

/// One call and its answer.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Line {
    pub(in crate::sandbox) at: Timestamp,
    pub(in crate::sandbox) method: Method,
    /// Without the query.
    pub(in crate::sandbox) path: String,
    pub(in crate::sandbox) request_id: String,
    pub(in crate::sandbox) status: StatusCode,
    /// The `error` object of the answer, or null.
    pub(in crate::sandbox) error: Value,
}

/// The calls of the API as they are answered.
#[derive(Debug)]
pub(in crate::sandbox) struct RequestLogs(broadcast::Sender<Line>);

impl RequestLogs {
    /// Nobody looks yet.
    pub(in crate::sandbox) fn new() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }

    /// Tells whoever looks. `line` is only made when somebody does.
    pub(in crate::sandbox) fn tell(&self, line: impl FnOnce() -> Line) {
        if self.0.receiver_count() > 0 {
            // The last one may have gone meanwhile: then nobody is told.
            let _ = self.0.send(line());
        }
    }
}

/// What the official CLI wants to see. An empty list lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Filter {
    #[serde(rename = "filter_account")]
    account: Vec<String>,
    #[serde(rename = "filter_http_method")]
    http_method: Vec<String>,
    #[serde(rename = "filter_ip_address")]
    ip_address: Vec<String>,
    #[serde(rename = "filter_request_path")]
    request_path: Vec<String>,
    #[serde(rename = "filter_request_status")]
    request_status: Vec<String>,
    #[serde(rename = "filter_source")]
    source: Vec<String>,
    #[serde(rename = "filter_status_code")]
    status_code: Vec<String>,
    #[serde(rename = "filter_status_code_type")]
    status_code_type: Vec<String>,
}

impl Filter {
    /// As a part of an address.
    pub(in crate::sandbox) fn to_path(&self) -> Result<String, serde_json::Error> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?))
    }

    fn of_path(path: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(path).ok()?).ok()
    }

    fn lets_through(&self, line: &Line) -> bool {
        let any = |wanted: &[String], found: &str| {
            wanted.is_empty() || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(found))
        };
        let status = if line.status.is_success() { "succeeded" } else { "failed" };
        // The CLI says 400 where its user said 4XX.
        let class = line.status.as_u16() / 100 * 100;
        any(&self.account, "self")
            && any(&self.http_method, line.method.as_str())
            && any(&self.ip_address, "127.0.0.1")
            && any(&self.request_path, &line.path)
            && any(&self.request_status, status)
            && any(&self.source, "api")
            && any(&self.status_code, line.status.as_str())
            && any(&self.status_code_type, &class.to_string())
    }
}

/// `GET /_vetty/request_logs/{filter}`: the address that `POST /v1/stripecli/sessions` gives.
pub(in crate::sandbox) async fn tail(
    State(sandbox): State<Arc<Sandbox>>,
    Path(filter): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response<Body> {
    // From before the upgrade is answered: what happens after the answer is not missed.
    let lines = sandbox.request_logs.0.subscribe();
    let filter = Filter::of_path(&filter).unwrap_or_default();
    upgrade.protocols([PROTOCOL]).on_upgrade(|socket| hold(sandbox, socket, lines, filter))
}

async fn hold(
    sandbox: Arc<Sandbox>,
    mut socket: WebSocket,
    mut lines: broadcast::Receiver<Line>,
    filter: Filter,
) {
    loop {
        tokio::select! {
            () = sandbox.closing.cancelled() => {
                // Said or not, this is the end.
                let _ = socket.send(Message::Close(None)).await;
                return;
            }
            line = lines.recv() => match line {
                Ok(line) if filter.lets_through(&line) => {
                    if socket.send(Message::text(message(&line).to_string())).await.is_err() {
                        return;
                    }
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
}

fn message(line: &Line) -> Value {
    let text = |name: &str| line.error[name].as_str().unwrap_or_default();
    let payload = json!({
        "created_at": line.at,
        "livemode": false,
        "method": line.method.as_str(),
        "request_id": line.request_id,
        "status": line.status.as_u16(),
        "url": line.path,
        "error": {
            "type": text("type"),
            "charge": "",
            "code": text("code"),
            "decline_code": "",
            "message": text("message"),
            "param": text("param"),
        },
    });
    json!({
        "type": "request_log_event",
        "event_payload": payload.to_string(),
        "request_log_id": line.request_id.replacen("req_", "resp_", 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(method: Method, status: u16) -> Line {
        Line {
            at: Timestamp::from_secs(1),
            method,
            path: "/v1/events".to_owned(),
            request_id: "req_1".to_owned(),
            status: StatusCode::from_u16(status).expect("a status"),
            error: Value::Null,
        }
    }

    #[test]
    fn a_filter_travels_in_an_address_and_lets_through_what_fits() {
        let said = json!({ "filter_http_method": ["GET"], "filter_status_code_type": ["400"] });
        let filter: Filter = serde_json::from_value(said).expect("a filter");
        let filter = Filter::of_path(&filter.to_path().expect("an address")).expect("a filter");
        assert!(filter.lets_through(&line(Method::GET, 404)));
        assert!(!filter.lets_through(&line(Method::POST, 404)));
        assert!(!filter.lets_through(&line(Method::GET, 200)));
        assert!(Filter::default().lets_through(&line(Method::DELETE, 500)));
        for (name, fits, does_not) in [
            ("filter_request_status", "FAILED", "succeeded"),
            ("filter_request_path", "/v1/events", "/v1/files"),
            ("filter_status_code", "404", "400"),
            ("filter_source", "API", "dashboard"),
            ("filter_account", "self", "connect_in"),
        ] {
            for (value, wanted) in [(fits, true), (does_not, false)] {
                let filter: Filter = serde_json::from_value(json!({ name: [value] })).expect("a filter");
                assert_eq!(filter.lets_through(&line(Method::GET, 404)), wanted, "{name} {value}");
            }
        }
    }
}
