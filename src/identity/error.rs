//! What the API says when it refuses.

use serde::Deserialize;

use crate::privacy::{Scrubbed, Scrubber};

/// What is decided by, and tells of nobody. A value of the request that happens to be part of one leaves it whole.
const KNOWN: &[&str] = &[
    "api_error",
    "card_error",
    "idempotency_error",
    "idempotency_key_in_use",
    "invalid_request_error",
    "lock_timeout",
    "rate_limit",
    "resource_missing",
];

/// The `error` object of a refusal, with what the HTTP reply adds to it.
///
/// Source: API reference, "Errors". A server may repeat in any of its texts what the request carried, so that all of
/// them have passed a [`Scrubber`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// `invalid_request_error`, `api_error`, `idempotency_error` or `card_error`.
    pub kind: Scrubbed,
    /// A short code such as `resource_missing`, where the API has one.
    pub code: Option<Scrubbed>,
    /// The API's own sentence.
    pub message: Scrubbed,
    /// The parameter at fault, in brackets where it is nested: `options[document]`.
    pub param: Option<Scrubbed>,
    /// Where the code is documented.
    pub doc_url: Option<Scrubbed>,
    /// The HTTP status of the reply.
    pub http_status: u16,
    /// The `Request-Id` of the reply, which support asks for.
    pub request_id: Option<Scrubbed>,
}

/// The `error` object as it came. Only [`RawApiError::scrubbed`] makes something of it that can be looked at.
#[derive(Deserialize)]
pub struct RawApiError {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    param: Option<String>,
    #[serde(default)]
    doc_url: Option<String>,
}

impl RawApiError {
    /// The error without what `scrubber` takes out of it, as it came with this status and `Request-Id`.
    #[must_use]
    pub fn scrubbed(self, scrubber: &Scrubber, http_status: u16, request_id: Option<Scrubbed>) -> ApiError {
        let word = |raw: &str| {
            if KNOWN.contains(&raw) { Scrubber::default().word(raw) } else { scrubber.word(raw) }
        };
        ApiError {
            kind: word(&self.kind).unwrap_or_default(),
            code: self.code.as_deref().and_then(word),
            message: scrubber.text(self.message.as_deref().unwrap_or_default()),
            param: self.param.as_deref().and_then(word),
            doc_url: self.doc_url.as_deref().and_then(|url| scrubber.link(url)),
            http_status,
            request_id,
        }
    }
}

impl ApiError {
    /// Whether the object that was asked for does not exist (or not in this mode).
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.http_status == 404 || self.names_missing_object()
    }

    /// Whether the API says by its code that an object does not exist. An address that it does not know has no code.
    #[must_use]
    pub fn names_missing_object(&self) -> bool {
        self.has_code("resource_missing")
    }

    /// Whether another request is using the object.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.has_code("lock_timeout")
    }

    /// Whether the idempotency key came with another request before.
    #[must_use]
    pub fn is_key_of_another(&self) -> bool {
        &*self.kind == "idempotency_error"
    }

    /// Whether a request with the same idempotency key is still being worked on.
    #[must_use]
    pub fn is_key_in_use(&self) -> bool {
        self.has_code("idempotency_key_in_use")
    }

    /// Whether the API does not take the key.
    #[must_use]
    pub const fn is_unauthorized(&self) -> bool {
        self.http_status == 401
    }

    /// Whether the key lacks a permission.
    #[must_use]
    pub const fn is_forbidden(&self) -> bool {
        self.http_status == 403
    }

    /// Whether the API was asked too fast.
    #[must_use]
    pub const fn is_too_fast(&self) -> bool {
        self.http_status == 429
    }

    /// The permission that the key lacks, such as `rak_identity_product_read`. Only the message names it.
    #[must_use]
    pub fn missing_permission(&self) -> Option<&str> {
        self.message.split('\'').find(|word| word.starts_with("rak_"))
    }

    /// An error for a test, from its JSON.
    #[cfg(test)]
    pub(crate) fn of(http_status: u16, error: serde_json::Value) -> Self {
        let raw: RawApiError = serde_json::from_value(error).expect("an error");
        raw.scrubbed(&Scrubber::default(), http_status, None)
    }

    fn has_code(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(http_status: u16, code: Option<&str>, message: &str) -> ApiError {
        let body = serde_json::json!({ "type": "invalid_request_error", "code": code, "message": message });
        ApiError::of(http_status, body)
    }

    #[test]
    fn an_address_that_is_not_known_is_no_missing_object() {
        let (object, address) = (error(404, Some("resource_missing"), ""), error(404, None, ""));
        assert!(object.is_missing() && object.names_missing_object());
        assert!(address.is_missing() && !address.names_missing_object());
        // In a parameter the object is missing with status 400.
        assert!(error(400, Some("resource_missing"), "").is_missing());
        assert!(!error(400, Some("parameter_invalid_empty"), "").is_missing());
    }

    #[test]
    fn a_code_that_something_is_decided_by_stays_whatever_was_sent() {
        let raw =
            || serde_json::json!({ "type": "idempotency_error", "code": "lock_timeout", "message": "lock" });
        let raw: RawApiError = serde_json::from_value(raw()).expect("an error");
        let error = raw.scrubbed(&Scrubber::default().with_personal("lock"), 429, None);
        assert!(error.is_locked() && error.is_key_of_another());
        assert_eq!(&*error.message, "••••");
    }

    #[test]
    fn a_permission_is_read_out_of_the_message() {
        let needs = error(403, None, "Having the 'rak_identity_product_read' permission would allow this.");
        assert_eq!(needs.missing_permission(), Some("rak_identity_product_read"));
        assert_eq!(error(403, None, "It's the sandbox's no.").missing_permission(), None);
    }
}
