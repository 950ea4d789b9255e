//! What the API says when it refuses.

use serde::Deserialize;

use crate::text::Clean;

/// The `error` object of a refusal, with what the HTTP reply adds to it.
///
/// Source: API reference, "Errors". `http_status` and `request_id` are filled in by whoever read the reply.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ApiError {
    /// `invalid_request_error`, `api_error`, `idempotency_error` or `card_error`.
    #[serde(rename = "type")]
    pub kind: Clean,
    /// A short code such as `resource_missing`, where the API has one.
    #[serde(default)]
    pub code: Option<Clean>,
    /// The API's own sentence.
    #[serde(default)]
    pub message: Clean,
    /// The parameter at fault, in brackets where it is nested: `options[document]`.
    #[serde(default)]
    pub param: Option<Clean>,
    /// Where the code is documented.
    #[serde(default)]
    pub doc_url: Option<Clean>,
    /// The HTTP status of the reply.
    #[serde(skip)]
    pub http_status: u16,
    /// The `Request-Id` of the reply, which support asks for.
    #[serde(skip)]
    pub request_id: Option<Clean>,
}

impl ApiError {
    /// Whether the object that was asked for does not exist (or not in this mode).
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.http_status == 404 || self.code.as_deref() == Some("resource_missing")
    }
}
