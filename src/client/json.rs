//! Reads JSON that is almost right.
//!
//! People's names and metadata come through many hands. Half a surrogate pair in an escape (`"\ud800"`) or a stray
//! byte is no reason to lose a whole page of a list.

use serde::de::DeserializeOwned;
use serde_json::Error;

/// Parses `body`; where it is refused, once more with lone surrogates and stray bytes replaced by U+FFFD.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).or_else(|first| {
        let text = String::from_utf8_lossy(body);
        let mended = mend_surrogates(text.as_bytes());
        if mended == body {
            return Err(first);
        }
        serde_json::from_slice(&mended)
    })
}

/// `body` with every `\uD800`–`\uDFFF` escape that is not part of a pair replaced by `\ufffd`.
fn mend_surrogates(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(&byte) = rest.first() {
        // Backslashes stand in strings only, and each takes the byte after it along: `\\ud800` is no escape.
        let taken = match (byte, unit(rest), rest.get(6..).and_then(unit)) {
            (_, Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (_, Some(0xD800..=0xDFFF), _) => {
                out.extend_from_slice(br"\ufffd");
                rest = &rest[6..];
                continue;
            }
            (b'\\', _, _) => 2.min(rest.len()),
            _ => 1,
        };
        out.extend_from_slice(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

/// The UTF-16 unit that `text` begins with as a `\uXXXX` escape.
fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(br"\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| {
        let value = char::from(*digit).to_digit(16).and_then(|value| u16::try_from(value).ok())?;
        Some(unit << 4 | value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Option<String> {
        parse::<Vec<String>>(raw.as_bytes()).ok().map(|texts| texts.join("|"))
    }

    #[test]
    fn lone_surrogates_become_replacement_marks() {
        assert_eq!(read(r#"["\ud800","\uDC00b","\ud800\ud800x","a\udbff"]"#).as_deref(), Some("�|�b|��x|a�"));
        assert_eq!(read(r#"["\ud800\ud83d\ude00\ude00"]"#).as_deref(), Some("�😀�"));
    }

    #[test]
    fn pairs_and_escaped_backslashes_stay() {
        assert_eq!(read(r#"["\ud83d\ude00 \\ud800 \\\\"]"#).as_deref(), Some(r"😀 \ud800 \\"));
        assert_eq!(read(r#"["\\ud800 \ud800 \\\ud800"]"#).as_deref(), Some("\\ud800 � \\�"));
    }

    #[test]
    fn stray_bytes_are_replaced() {
        assert_eq!(parse::<Vec<String>>(b"[\"a\xff\"]").ok(), Some(vec!["a\u{fffd}".to_owned()]));
    }

    #[test]
    fn broken_json_stays_broken() {
        for raw in [r#"["\ud8"#, r#"["\"#, r#"["a"#, "", r#"["\ud800"#, r#"["\uzzzz"]"#] {
            assert_eq!(read(raw), None, "{raw}");
        }
    }
}
