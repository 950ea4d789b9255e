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

    fn has_code(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(http_status: u16, code: Option<&str>, message: &str) -> ApiError {
        let body = serde_json::json!({ "type": "invalid_request_error", "code": code, "message": message });
        ApiError { http_status, ..serde_json::from_value(body).expect("an error") }
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
    fn a_permission_is_read_out_of_the_message() {
        let needs = error(403, None, "Having the 'rak_identity_product_read' permission would allow this.");
        assert_eq!(needs.missing_permission(), Some("rak_identity_product_read"));
        assert_eq!(error(403, None, "It's the sandbox's no.").missing_permission(), None);
    }
}
