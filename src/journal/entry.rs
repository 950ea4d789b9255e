//! One line of the journal.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The longest [`Word`], in bytes: as long as the longest idempotency key.
const LONGEST: usize = 255;

/// An id, a code or a short name: ASCII letters, digits and `-_.:@+/`. Everything else becomes `_`, and there are no
/// spaces, so that no sentence fits in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word(Box<str>);

impl Word {
    /// Takes `raw`, with everything replaced that does not belong in a word, and cut to 255 bytes.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        let belongs = |c: &char| c.is_ascii_alphanumeric() || "-_.:@+/".contains(*c);
        Self(raw.chars().take(LONGEST).map(|c| if belongs(&c) { c } else { '_' }).collect())
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Word {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer).map(|raw| Self::new(&raw))
    }
}

/// Which world the change was made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real people.
    Live,
    /// Nobody real.
    Test,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// About to be sent.
    Asked,
    /// The API did it.
    Done,
    /// The API said no.
    Refused,
    /// Nobody knows: no readable answer came.
    Failed,
}

/// What was asked of the API, and what became of it. No personal data, and no room for any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in UTC: RFC 3339 in the file.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub at: Timestamp,
    /// Who worked at the terminal.
    pub operator: Word,
    /// The profile of the settings that was used.
    pub profile: Word,
    /// Live or test mode.
    pub mode: Mode,
    /// What was asked: `create`, `update`, `cancel`, `redact`, `submit`.
    pub action: Word,
    /// The id of the object. None while it is being created.
    pub object: Option<Word>,
    /// The `Request-Id` of the reply.
    pub request_id: Option<Word>,
    /// The idempotency key, which ties the lines of one change together.
    pub idempotency_key: Option<Word>,
    /// What became of it.
    pub result: Outcome,
    /// The API's code, or else its HTTP status, when it refused.
    pub error_code: Option<Word>,
}

fn write_time<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_no_room_for_a_sentence() {
        assert_eq!(&*Word::new("vs_1NuN-4.z:L@k+d/I"), "vs_1NuN-4.z:L@k+d/I");
        assert_eq!(&*Word::new("Jenny Rosen\n\"王\""), "Jenny_Rosen____");
        assert_eq!(Word::new(&"é".repeat(300)).len(), LONGEST);
        let read: Word = serde_json::from_str(r#""a b\u0000""#).expect("a text");
        assert_eq!(&*read, "a_b_");
    }
}
