//! How the API says no: status, `type`, `code`, `param`, message. Sandbox only.
//!
//! The texts are the API's own where they are known; where they are not, the sentence is plain and says what to do.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::specimen::DrawError;
use crate::blocking::Ending;
use crate::clock::Timestamp;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The API refuses.
    #[error("{}", .0.message)]
    Api(Box<Refused>),
    /// The database does not do its work.
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    /// A stored record cannot be read or written as JSON.
    #[error("a stored record is damaged: {0}")]
    Record(#[from] serde_json::Error),
    /// A picture cannot be made.
    #[error("a picture cannot be drawn: {0}")]
    Picture(#[from] DrawError),
    /// The sandbox stopped in the middle of it.
    #[error("the sandbox is stopping")]
    Stopped(#[from] Ending),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Api(Box::new(refused))
    }
}

/// One refusal, as it is written into the `error` object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    message: String,
    logged: bool,
}

impl Refused {
    /// An `invalid_request_error` with status 400.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "invalid_request_error",
            code: None,
            param: None,
            message: message.into(),
            logged: true,
        }
    }

    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(super) fn code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    pub(super) fn param(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }

    fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// Requests that no account stands behind are in no account's log.
    pub(super) fn unlogged(self) -> Self {
        Self { logged: false, ..self }
    }

    /// The body of the reply to request `request_id`, at `now`.
    pub(super) fn body(&self, request_id: &str, now: Timestamp) -> Value {
        let mut error = Map::new();
        if let Some(code) = self.code {
            error.insert("code".into(), code.into());
            let page = code.replace('_', "-");
            error.insert("doc_url".into(), format!("https://stripe.com/docs/error-codes/{page}").into());
        }
        error.insert("message".into(), self.message.as_str().into());
        if let Some(param) = &self.param {
            error.insert("param".into(), param.as_str().into());
        }
        if self.logged {
            let url = format!("https://dashboard.stripe.com/test/logs/{request_id}?t={}", now.as_secs());
            error.insert("request_log_url".into(), url.into());
        }
        error.insert("type".into(), self.kind.into());
        Value::Object(Map::from_iter([("error".to_owned(), Value::Object(error))]))
    }
}

/// No such object of class `class`; `status` is 404 for the object of the path and 400 for one in a parameter.
pub(super) fn missing(status: StatusCode, class: &str, id: &str, param: &str) -> Refused {
    Refused::new(format!("No such {class}: '{id}'")).status(status).code("resource_missing").param(param)
}

/// No route for this method and path.
pub(super) fn unrecognized(method: &str, path: &str) -> Refused {
    Refused::new(format!(
        "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at \
         https://support.stripe.com/."
    ))
    .status(StatusCode::NOT_FOUND)
    .unlogged()
}

/// Too many requests.
pub(super) fn rate_limited() -> Refused {
    Refused::new(
        "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
    )
    .status(StatusCode::TOO_MANY_REQUESTS)
    .code("rate_limit")
}

/// Somebody else has the object. The API says so without a `Stripe-Rate-Limited-Reason`.
pub(super) fn lock_timeout() -> Refused {
    Refused::new(
        "This object cannot be accessed right now because another API request or Stripe process is currently \
         accessing it. If you see this error intermittently, retry the request. If you see this error frequently and \
         are making multiple concurrent requests to a single object, make your requests serially or at a lower rate. \
         For more details, see https://stripe.com/docs/rate-limits#object-lock-timeouts.",
    )
    .status(StatusCode::TOO_MANY_REQUESTS)
    .code("lock_timeout")
}

/// The sandbox's database does not do its work: whoever runs it can help.
pub(super) fn store_failed(error: &sqlx::Error) -> Refused {
    let reason = match error {
        sqlx::Error::Database(said) => said.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    };
    let message = format!("The sandbox's database failed, and nothing was changed: {reason}.");
    Refused { message, ..server_error() }
}

/// Something broke on the server's side. The caller learns no more than that.
pub(super) fn server_error() -> Refused {
    Refused::new("An unknown error occurred.").status(StatusCode::INTERNAL_SERVER_ERROR).kind("api_error")
}

/// An idempotency key came back with other parameters.
pub(super) fn key_reused(key: &str) -> Refused {
    Refused::new(format!(
        "Keys for idempotent requests can only be used with the same parameters they were first used with. Try \
         using a key other than '{key}' if you meant to execute a different request."
    ))
    .kind("idempotency_error")
}

/// The first request with this idempotency key has not been answered yet.
pub(super) fn key_in_use(key: &str) -> Refused {
    Refused::new(format!(
        "There is currently another in-progress request using this Idempotent Key (that probably means you \
         submitted twice, and the other request is still going through): {key}. Please try again later."
    ))
    .kind("idempotency_error")
    .status(StatusCode::CONFLICT)
    .code("idempotency_key_in_use")
}

/// The body is larger than the sandbox reads.
pub(super) fn too_large(limit: usize) -> Refused {
    Refused::new(format!("The request body is larger than {limit} bytes."))
        .status(StatusCode::PAYLOAD_TOO_LARGE)
}
