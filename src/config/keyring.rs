//! Keys in the keyring of the system: Secret Service, Keychain, Credential Manager.
//!
//! Behind the cargo feature `keyring`, since it brings a message bus along. Without the feature a profile that names
//! an entry is refused with a sentence, and no other key takes its place.

use super::ConfigError;
use super::key_source::Found;

/// The key under `name`.
pub(super) fn from_keyring(name: &str) -> Result<Found, ConfigError> {
    Err(ConfigError::Keyring {
        name: crate::text::Clean::new(name),
        reason: "this vetty was built without the feature `keyring` — build it with \
                 `cargo build --release --features keyring`, or give the profile `key_file` or `key_env`"
            .to_owned(),
    })
}
