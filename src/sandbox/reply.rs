//! Turns answers and refusals into HTTP replies. Sandbox only.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use super::errors::{Failure, Refused, server_error, store_failed};
use super::state::Sandbox;

/// A JSON reply, laid out for people like the API's own.
pub(super) fn json(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    response
}

/// The body of an answer.
pub(super) fn text(body: &Value) -> String {
    // A `Value` has text keys only, and so always becomes text.
    let mut text = serde_json::to_string_pretty(body).unwrap_or_default();
    text.push('\n');
    text
}

/// Adds a header. Values that no header can carry are left out.
pub(super) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// The refusal behind a failure; failures of the sandbox itself are logged and become a plain 500.
pub(super) fn refusal(failure: Failure) -> Refused {
    match failure {
        Failure::Api(refused) => *refused,
        failure => {
            tracing::error!(%failure, "a request failed");
            match failure {
                Failure::Store(error) => store_failed(&error),
                _ => server_error(),
            }
        }
    }
}

/// The reply to a control.
pub(super) fn control(answer: Result<Value, Failure>, sandbox: &Sandbox) -> Response<Body> {
    match answer {
        Ok(body) => json(StatusCode::OK, text(&body)),
        Err(failure) => {
            let refused = refusal(failure).unlogged();
            json(refused.status, text(&refused.body("", sandbox.clock.now())))
        }
    }
}
