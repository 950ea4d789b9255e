//! What may stand in the journal: words without room for a sentence, and the operator's own note.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::privacy::{DOTS, hide_secrets, without_personal};
use crate::text::Clean;

/// The longest [`Word`], in bytes: as long as the longest idempotency key.
const LONGEST: usize = 255;

/// An id, a code or a short name: ASCII letters, digits and `-_.:@+/`. Everything else becomes `_`, and there are no
/// spaces, so that no sentence fits in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Box<str>);

impl Word {
    /// Takes `raw`, with everything replaced that does not belong in a word, and cut to 255 bytes. A key or a link that
    /// stands where an id belongs is not written down, nor an address in the key of metadata, and what was masked
    /// before reads `hidden`.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self::kept(&without_personal(&hide_secrets(raw)).replace(DOTS, "hidden"))
    }

    /// Takes `raw` as it stands in a file.
    fn kept(raw: &str) -> Self {
        let belongs = |c: &char| c.is_ascii_alphanumeric() || "-_.:@+/".contains(*c);
        Self(raw.chars().take(LONGEST).map(|c| if belongs(&c) { c } else { '_' }).collect())
    }

    /// The word as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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
        Cow::<'de, str>::deserialize(deserializer).map(|raw| Self::kept(&raw))
    }
}

/// The longest [`Note`], in characters.
const LONGEST_NOTE: usize = 200;

/// A reason in the operator's own words: the one free text of the journal. Cleaned, and at most 200 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(Clean);

impl Note {
    /// Takes `raw` without the space around it and without keys and links, cleaned and cut; None when nothing is left.
    #[must_use]
    pub fn new(raw: &str) -> Option<Self> {
        Self::kept(&hide_secrets(raw))
    }

    /// Takes `raw` as it stands in a file.
    fn kept(raw: &str) -> Option<Self> {
        let cleaned = Clean::new(raw.trim());
        let cut = cleaned.char_indices().nth(LONGEST_NOTE).map(|(at, _)| Clean::new(&cleaned[..at]));
        let kept = cut.unwrap_or(cleaned);
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// The note as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.as_str())
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for Note {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Cow::<'de, str>::deserialize(deserializer)?;
        Self::kept(&raw).ok_or_else(|| serde::de::Error::custom("a note is not empty"))
    }
}

/// Why the operator did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code from the settings: `duplicate`, `fraud`.
    pub code: Word,
    /// In the operator's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

impl Reason {
    /// A reason without a note.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self { code: Word::new(code), note: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_no_room_for_a_sentence() {
        assert_eq!(&*Word::new("vs_1NuN-4.z:L@k+d/I"), "vs_1NuN-4.z:L@k+d/I");
        assert_eq!(&*Word::new("Jenny Rosen\n\"王\""), "Jenny_Rosen____");
        assert_eq!(Word::new(&"é".repeat(300)).len(), LONGEST);
        assert_eq!(&*Word::new("sk_live_51AbCdEfGh"), "hidden");
        assert_eq!(&*Word::new("metadata.ann@example.com"), "hidden");
        assert_eq!(&*Word::new("vs_1_secret_test_x9"), "vs_1_secret_hidden");
        let read: Word = serde_json::from_str(r#""a b\u0000""#).expect("a text");
        assert_eq!(&*read, "a_b_");
    }

    #[test]
    fn a_note_is_cleaned_and_cut() {
        let note = |raw: &str| Note::new(raw).map(|note| note.to_string());
        assert_eq!(note(" asked by phone\u{1b}[2J\n").as_deref(), Some("asked by phone␛[2J"));
        assert_eq!(note(&"é".repeat(300)).map(|note| note.chars().count()), Some(LONGEST_NOTE));
        assert_eq!(note("see https://h/start/test_YWNj").as_deref(), Some("see https://h/start/••••"));
        assert_eq!(note(" \n "), None);
    }
}
