//! The key that makes a change happen once, however often it is asked for.

use std::fmt;

/// Names one intended change. Make it before the first try, store it, and use it for every repeat.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Box<str>);

/// Why a stored text is no idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to 255 visible ASCII characters")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// A key that nobody has used: a random UUID (version 4).
    #[must_use]
    pub fn fresh() -> Self {
        Self(uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string().into())
    }

    /// Takes a key that was stored before.
    ///
    /// # Errors
    /// When `stored` is empty, longer than 255 bytes, or holds anything but visible ASCII.
    pub fn parse(stored: &str) -> Result<Self, IdempotencyKeyError> {
        let usable = (1..=255).contains(&stored.len()) && stored.bytes().all(|byte| byte.is_ascii_graphic());
        if usable { Ok(Self(stored.into())) } else { Err(IdempotencyKeyError) }
    }

    /// The key as it is sent and stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_keys_differ_and_survive_storage() {
        let key = IdempotencyKey::fresh();
        assert_ne!(key, IdempotencyKey::fresh());
        assert_eq!(IdempotencyKey::parse(&key.to_string()), Ok(key));
    }

    #[test]
    fn what_no_header_can_hold_is_no_key() {
        for stored in ["", "a b", "a\r\nX: 1", "é", &"k".repeat(256)] {
            assert_eq!(IdempotencyKey::parse(stored), Err(IdempotencyKeyError));
        }
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
    }
}
