//! Keys in the keyring of the system: Secret Service, Keychain, Credential Manager.
//!
//! Behind the cargo feature `keyring`, since it brings a message bus along. Without the feature a profile that names
//! an entry is refused with a sentence, and no other key takes its place.

use super::ConfigError;
use super::key_source::Found;
use crate::text::Clean;

/// The service that vetty's entries stand under.
#[cfg(feature = "keyring")]
const SERVICE: &str = "vetty";

/// The key under `name`. Blocks, for as long as the system asks somebody to unlock the keyring.
#[cfg(feature = "keyring")]
pub(super) fn from_keyring(name: &str) -> Result<Found, ConfigError> {
    use zeroize::Zeroizing;

    let found = keyring::Entry::new(SERVICE, name).and_then(|entry| entry.get_secret());
    let secret = Zeroizing::new(found.map_err(|error| trouble(name, reason(&error)))?);
    let text = std::str::from_utf8(&secret).map_err(|_| trouble(name, "it is not text"))?;
    Found::parse(text, format!("the keyring entry `{}`", Clean::new(name)))
}

/// Says that this build cannot look.
#[cfg(not(feature = "keyring"))]
pub(super) fn from_keyring(name: &str) -> Result<Found, ConfigError> {
    Err(trouble(
        name,
        "this vetty was built without the feature `keyring` — build it with \
         `cargo build --release --features keyring`, or give the profile `key_file` or `key_env`",
    ))
}

fn trouble(name: &str, reason: &str) -> ConfigError {
    ConfigError::Keyring { name: Clean::new(name), reason: reason.to_owned() }
}

/// What an error means here. Its own text is not used: some of them hold what was read.
#[cfg(feature = "keyring")]
const fn reason(error: &keyring::Error) -> &'static str {
    use keyring::Error;
    match error {
        Error::NoEntry => "there is none with this name under the service `vetty`",
        Error::NoDefaultStore | Error::PlatformFailure(_) => {
            "the keyring of this system cannot be reached — check that its service runs in this login"
        }
        Error::NoStorageAccess(_) => "the keyring is locked — unlock it and start again",
        Error::Ambiguous(_) => "there are several with this name — remove all but one",
        Error::TooLong(..) | Error::Invalid(..) => "the keyring takes no such name",
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it holds cannot be read",
        _ => "the keyring of this system does not answer as it should",
    }
}
