//! What an API key looks like, and what it may open.

use crate::privacy::Secret;

/// Keys shorter than this are typing mistakes. The official command line tool draws the same line.
const SHORTEST_KEY: usize = 12;

/// Longer keys than this do not exist; more likely a whole file was pasted.
const LONGEST_KEY: usize = 255;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// `sk_`: everything, but for the sensitive fields of a verification.
    Secret,
    /// `rk_`: what its permissions say. The only kind that reads sensitive fields.
    Restricted,
}

/// Whose data a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Real people.
    Live,
    /// Invented people; checks are not run.
    Test,
}

/// A well-formed API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key itself.
    pub secret: Secret,
    /// Secret or restricted.
    pub kind: KeyKind,
    /// Live or test.
    pub mode: Mode,
}

/// Why a text is no key. The sentences never repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// Nothing there.
    #[error("it is empty")]
    Empty,
    /// `pk_…`.
    #[error(
        "it is a publishable key (pk_…), which cannot read verifications; use a restricted key (rk_…) or a secret key (sk_…)"
    )]
    Publishable,
    /// `whsec_…`.
    #[error("it is a webhook signing secret (whsec_…), not an API key")]
    WebhookSecret,
    /// Stars in the middle: what dashboards and settings files show in place of a key.
    #[error("it is a shortened form with stars or dots in place of the key")]
    Shortened,
    /// Spaces, quotes, line breaks or other foreign characters.
    #[error("it contains characters that no key has; look for quotes, spaces or line breaks")]
    ForeignCharacter,
    /// Neither `sk_test_`, `sk_live_`, `rk_test_` nor `rk_live_`.
    #[error("it does not begin with rk_test_, rk_live_, sk_test_ or sk_live_")]
    UnknownPrefix,
    /// Fewer than 12 characters.
    #[error("it is too short: a key has at least {SHORTEST_KEY} characters")]
    TooShort,
    /// More than 255 characters.
    #[error("it is too long: a key has at most {LONGEST_KEY} characters")]
    TooLong,
}

impl Key {
    /// Reads a key. White space around it is ignored, as files end with a line break.
    pub fn parse(raw: &str) -> Result<Self, KeyProblem> {
        let raw = raw.trim();
        let (kind, mode) = match raw {
            "" => return Err(KeyProblem::Empty),
            _ if raw.starts_with("pk_") => return Err(KeyProblem::Publishable),
            _ if raw.starts_with("whsec_") => return Err(KeyProblem::WebhookSecret),
            _ if raw.starts_with("sk_test_") => (KeyKind::Secret, Mode::Test),
            _ if raw.starts_with("sk_live_") => (KeyKind::Secret, Mode::Live),
            _ if raw.starts_with("rk_test_") => (KeyKind::Restricted, Mode::Test),
            _ if raw.starts_with("rk_live_") => (KeyKind::Restricted, Mode::Live),
            _ => return Err(KeyProblem::UnknownPrefix),
        };
        if raw.contains(['*', '•', '…']) || raw.contains("...") {
            return Err(KeyProblem::Shortened);
        }
        if !raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(KeyProblem::ForeignCharacter);
        }
        match raw.len() {
            ..SHORTEST_KEY => Err(KeyProblem::TooShort),
            SHORTEST_KEY..=LONGEST_KEY => Ok(Self { secret: Secret::new(raw.to_owned()), kind, mode }),
            _ => Err(KeyProblem::TooLong),
        }
    }
}

/// Whether a key or signing secret seems to stand in `text`, with whatever around it.
pub(super) fn holds_key(text: &str) -> bool {
    ["sk_test_", "sk_live_", "rk_test_", "rk_live_", "pk_test_", "pk_live_", "whsec_"]
        .iter()
        .any(|prefix| text.find(prefix).is_some_and(|at| text.len() > at + prefix.len()))
}

/// `message` with everything that looks like a key or signing secret replaced by dots.
///
/// Error texts of other people's parsers quote what they read; a key may stand in the wrong place of a file.
#[must_use]
pub(super) fn without_keys(message: &str) -> String {
    let is_key_char = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find(is_key_char) {
        let (before, word_on) = rest.split_at(start);
        let end = word_on.find(|c| !is_key_char(c)).unwrap_or(word_on.len());
        let (word, after) = word_on.split_at(end);
        out.push_str(before);
        out.push_str(if holds_key(word) { crate::privacy::DOTS } else { word });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(raw: &str) -> KeyProblem {
        Key::parse(raw).unwrap_err()
    }

    #[test]
    fn the_prefix_tells_kind_and_mode() {
        let key = Key::parse(" rk_live_51abcDEF\n").unwrap();
        assert_eq!((key.kind, key.mode), (KeyKind::Restricted, Mode::Live));
        assert_eq!(key.secret.expose(), "rk_live_51abcDEF");
        let key = Key::parse("sk_test_123456789").unwrap();
        assert_eq!((key.kind, key.mode), (KeyKind::Secret, Mode::Test));
    }

    #[test]
    fn what_is_no_key_is_named() {
        assert_eq!(problem(" \n"), KeyProblem::Empty);
        assert_eq!(problem("pk_live_abcdefghijkl"), KeyProblem::Publishable);
        assert_eq!(problem("whsec_abcdefghijkl"), KeyProblem::WebhookSecret);
        assert_eq!(problem("rk_live_*********abcd"), KeyProblem::Shortened);
        assert_eq!(problem("sk_test_abc…hijk"), KeyProblem::Shortened);
        assert_eq!(problem("sk_test_abc def ghi"), KeyProblem::ForeignCharacter);
        assert_eq!(problem("sk_test_abcdefgh\""), KeyProblem::ForeignCharacter);
        assert_eq!(problem("sk_test_abcdefgh\r\nX-Other: 1"), KeyProblem::ForeignCharacter);
        assert_eq!(problem("\"sk_test_abcdefgh\""), KeyProblem::UnknownPrefix);
        assert_eq!(problem("sk_prod_abcdefghijkl"), KeyProblem::UnknownPrefix);
        assert_eq!(problem("sk_test_x"), KeyProblem::TooShort);
        assert_eq!(problem(&format!("sk_test_{}", "x".repeat(300))), KeyProblem::TooLong);
    }

    #[test]
    fn messages_lose_their_keys() {
        assert_eq!(
            without_keys(r#"found "sk_live_51abcDEF", expected xrk_test_9z (a key begins with sk_test_)"#),
            r#"found "••••", expected •••• (a key begins with sk_test_)"#
        );
        assert_eq!(without_keys("nothing to hide: task_force"), "nothing to hide: task_force");
    }
}
