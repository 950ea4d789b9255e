//! Which keys of metadata hide what stands under them, beside those that name something of a person anyway.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::privacy::PersonalKeys;

/// The most keys that a list has.
const MOST_KEYS: usize = 200;

/// `[masking]`. `client_reference_id` is the key of a reference, and `return_url` that of a return URL.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(super) struct Masking {
    /// Keys whose values are hidden whole, besides those that name something of a person: at most 200.
    #[cfg_attr(test, schemars(length(max = 200)))]
    personal_keys: Vec<String>,
    /// Keys whose values are always shown, whatever they look like: at most 200.
    #[cfg_attr(test, schemars(length(max = 200)))]
    plain_keys: Vec<String>,
}

/// Reads the table.
pub(super) fn masking<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PersonalKeys, D::Error> {
    let Masking { personal_keys, plain_keys } = Masking::deserialize(deserializer)?;
    for (name, keys) in [("personal_keys", &personal_keys), ("plain_keys", &plain_keys)] {
        if keys.len() > MOST_KEYS {
            return Err(D::Error::custom(format_args!("`{name}` has more than {MOST_KEYS} keys")));
        }
        if keys.iter().any(|key| !key.contains(char::is_alphanumeric)) {
            return Err(D::Error::custom(format_args!("a key of `{name}` needs a letter or a digit")));
        }
    }
    Ok(PersonalKeys::new(&personal_keys, &plain_keys))
}

#[cfg(test)]
pub(super) fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    generator.subschema_for::<Masking>()
}
