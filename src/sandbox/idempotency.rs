//! Idempotency keys: the same POST twice is done once. Sandbox only.
//!
//! The answers are in the store. Here is who is being answered right now, and what a key has to be.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::errors::{Refused, key_in_use};
use super::form::Fields;

const LONGEST_KEY: usize = 255;

/// The header that carries a key.
pub(super) const HEADER: &str = "idempotency-key";

/// The key of a request, if it has one.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    match value.to_str() {
        Ok("") => Ok(None),
        Ok(key) if key.len() <= LONGEST_KEY => Ok(Some(key.to_owned())),
        _ => Err(Refused::new(format!("Idempotency keys can have up to {LONGEST_KEY} ASCII characters."))),
    }
}

/// What tells one request from another, and nothing of what it says: parameters hold personal data, and the digest
/// of them is kept.
pub(super) fn digest(path: &str, fields: &Fields) -> String {
    let hash =
        Sha256::new().chain_update(path).chain_update("\n").chain_update(fields.canonical()).finalize();
    STANDARD_NO_PAD.encode(hash)
}

/// The keys whose first request has not been answered yet.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<HashSet<String>>);

impl InFlight {
    /// Takes `key` until the claim is dropped.
    pub(super) fn claim(&self, key: &str) -> Result<Claim<'_>, Refused> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.insert(key.to_owned()) {
            Ok(Claim { keys: self, key: key.to_owned() })
        } else {
            Err(key_in_use(key))
        }
    }
}

/// A key that is being answered.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    keys: &'a InFlight,
    key: String,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.keys.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    #[test]
    fn a_key_is_claimed_once_at_a_time() {
        let keys = InFlight::default();
        let first = keys.claim("k").expect("nobody has it");
        let second = keys.claim("k").expect_err("the first still has it");
        assert_eq!(second.status, StatusCode::CONFLICT);
        assert!(keys.claim("other").is_ok());
        drop(first);
        assert!(keys.claim("k").is_ok());
    }
}
