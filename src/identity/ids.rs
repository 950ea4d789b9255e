//! Object ids as types, so that a report's id cannot be sent where a session's belongs.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::text::Clean;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Clean);

        impl $name {
            /// How such ids begin.
            pub const PREFIX: &'static str = $prefix;

            /// Takes `raw` as an id. Ids are opaque: nothing but the server judges them.
            #[must_use]
            pub fn new(raw: &str) -> Self {
                Self(Clean::new(raw))
            }

            /// The whole id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The last four characters, which a person types to confirm.
            #[must_use]
            pub fn last_four(&self) -> &str {
                let text = self.0.as_str();
                text.char_indices().rev().nth(3).map_or(text, |(at, _)| &text[at..])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.0.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

id_type!(
    /// The id of a VerificationSession.
    SessionId, "vs_"
);
id_type!(
    /// The id of a VerificationReport.
    ReportId, "vr_"
);
id_type!(
    /// The id of a File: a picture of a document or of a face.
    FileId, "file_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_four_are_characters() {
        assert_eq!(SessionId::new("vs_1NuN4zLkdIwHu7ixleE6HvkI").last_four(), "HvkI");
        assert_eq!(SessionId::new("vsé").last_four(), "vsé");
    }
}
