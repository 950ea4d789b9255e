//! Safe display of text that somebody else wrote. Floor 0: everybody may import it.
//!
//! Names, metadata, references, reasons and URLs come from strangers. [`Clean`] is the only way such text
//! enters the program: characters that a terminal obeys, that turn the reading direction around, or that
//! cannot be seen are replaced by marks that can. Letters are left alone, so Arabic and Hebrew names survive.
//! The rest of the module measures and cuts text by display columns, never by bytes or `char`s.

use std::borrow::{Borrow, Cow};
use std::fmt::{self, Write as _};
use std::ops::Deref;

use serde::{Deserialize, Deserializer};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a hidden or cut part of a text is drawn as.
pub const ELLIPSIS: char = '…';

/// Text in which nothing is invisible and nothing is obeyed by a terminal.
///
/// Made from untrusted text by [`Clean::new`] or by deserializing; cleaning twice changes nothing.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clean(Box<str>);

impl Clean {
    /// Cleans `raw`. See [`clean`] for what becomes a mark.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self(clean(raw).into())
    }

    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Clean {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Clean {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Clean {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for Clean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer).map(|raw| Self::new(&raw))
    }
}

/// Replaces what cannot be seen or must not be obeyed by visible marks.
///
/// C0 controls and DEL become their control pictures (`␛`, `␊`); C1 controls, line and paragraph separators,
/// the twelve bidirectional controls, zero-width and other invisible characters become `<U+202E>`.
#[must_use]
pub fn clean(raw: &str) -> Cow<'_, str> {
    let Some(first) = raw.find(is_marked) else {
        return Cow::Borrowed(raw);
    };
    let mut out = String::with_capacity(raw.len() + 16);
    out.push_str(&raw[..first]);
    for c in raw[first..].chars() {
        match c {
            // The control pictures stand in the order of the controls.
            '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + u32::from(c))),
            '\x7f' => out.push('\u{2421}'),
            c if is_marked(c) => {
                let _ = write!(out, "<U+{:04X}>", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether `text` holds marks that [`clean`] puts in: it is then not what the other side has.
#[must_use]
pub fn has_marks(text: &str) -> bool {
    text.contains("<U+") || text.contains(|c: char| matches!(c, '\u{2400}'..='\u{2421}'))
}

/// `1204` as people read it: `1,204`.
#[must_use]
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Whether [`clean`] puts a mark in the place of `c`: it cannot be seen, or is obeyed.
#[must_use]
pub const fn is_marked(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        // soft hyphen, Arabic letter mark, Mongolian vowel separator, Hangul fillers
        | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        // zero-width and marks, separators and embeddings, invisible operators and isolates
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// How many terminal columns `text` takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` cut to at most `columns`, with an ellipsis where something is missing.
///
/// Never splits a grapheme; a wide character that does not fit is dropped whole.
#[must_use]
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    // A text of so few bytes cannot be wider than that: this skips measuring for almost every cell.
    if text.len() <= columns || text.width() <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let (head, _) = split_at_width(text, columns - 1);
    Cow::Owned(format!("{head}{ELLIPSIS}"))
}

/// `text` cut in its middle, so that both ends stay readable: `vs_1NuN…HvkI`.
#[must_use]
pub fn truncate_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    if columns < 3 {
        return truncate(text, columns);
    }
    let tail_columns = (columns - 1) / 2;
    let (head, _) = split_at_width(text, columns - 1 - tail_columns);
    let mut tail_start = text.len();
    let mut taken = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        taken += grapheme.width();
        if taken > tail_columns {
            break;
        }
        tail_start = at;
    }
    Cow::Owned(format!("{head}{ELLIPSIS}{}", &text[tail_start..]))
}

/// `text` cut or filled with spaces to exactly `columns`.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let cut = truncate(text, columns);
    let missing = columns.saturating_sub(cut.width());
    format!("{cut}{:missing$}", "")
}

/// Breaks `text` into lines of at most `columns`, at spaces where there are any.
///
/// Always returns at least one line. `columns` below 1 counts as 1.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in runs(text) {
        let mut word = word;
        let mut wide = word.width();
        if used + wide > columns && used > 0 {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
            if word.trim().is_empty() {
                continue;
            }
        }
        if wide > columns {
            // What is left is not measured again for each line: a word may have a hundred thousand letters.
            loop {
                let (head, tail) = split_at_width(word, columns);
                if tail.is_empty() {
                    break;
                }
                // One grapheme that is wider than the line still has to go somewhere.
                let (head, tail) =
                    if head.is_empty() { word.split_at(first_grapheme(word)) } else { (head, tail) };
                lines.push(head.to_owned());
                word = tail;
            }
            wide = word.width();
        }
        line.push_str(word);
        used += wide;
    }
    let last = line.trim_end();
    if !last.is_empty() || lines.is_empty() {
        lines.push(last.to_owned());
    }
    lines
}

/// Runs of white space and of everything else, in turn.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let space = rest.chars().next()?.is_whitespace();
        let end = rest.find(|c: char| c.is_whitespace() != space).unwrap_or(rest.len());
        let (run, tail) = rest.split_at(end);
        rest = tail;
        Some(run)
    })
}

fn first_grapheme(text: &str) -> usize {
    text.graphemes(true).next().map_or(0, str::len)
}

/// The longest head of `text` that fits `columns`, and what is left.
fn split_at_width(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// Whether `c` takes no column of its own (a combining mark).
#[must_use]
pub fn is_combining(c: char) -> bool {
    c.width() == Some(0)
}

/// `text` in lower case, for comparing what people type.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_become_pictures_and_letters_stay() {
        assert_eq!(clean("1\x1b]52;c;aGk=\x07 0\n"), "1␛]52;c;aGk=␇ 0␊");
        assert_eq!(clean("ann\u{202e}exe"), "ann<U+202E>exe");
        assert_eq!(clean("\u{9b}31m\u{200b}\u{feff}"), "<U+009B>31m<U+200B><U+FEFF>");
        assert_eq!(clean("محمد Łukasz 王小明 O’Neil"), "محمد Łukasz 王小明 O’Neil");
    }

    #[test]
    fn cutting_goes_by_columns() {
        assert_eq!(truncate("王小明", 5), "王小…");
        assert_eq!(truncate("王小明", 4), "王…");
        assert_eq!(truncate("Jenny", 5), "Jenny");
        assert_eq!(truncate("Jenny", 0), "");
        assert_eq!(
            truncate_middle("vs_1NuN4zLkdIwHu7ixleE6HvkI", 12),
            "vs_1Nu…eHvkI".replace("eHvkI", "6HvkI")
        );
        assert_eq!(fit("é", 3), "é  ");
    }

    #[test]
    fn wrapping_keeps_words_and_breaks_long_ones() {
        assert_eq!(wrap("the document is expired", 12), ["the document", "is expired"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("since 2020-12-01, it says", 12), ["since", "2020-12-01,", "it says"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("王王", 1), ["王", "王"]);
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_obeys_is_left(raw in "\\PC*|[\\x00-\\x9f\u{200b}-\u{206f}]*") {
            let cleaned = clean(&raw).into_owned();
            prop_assert!(!cleaned.chars().any(is_marked));
            prop_assert_eq!(clean(&cleaned).into_owned(), cleaned.clone());
        }

        #[test]
        fn nothing_is_wider_than_asked(raw in "\\PC*", columns in 0usize..40) {
            let cleaned = clean(&raw);
            prop_assert!(width(&truncate(&cleaned, columns)) <= columns);
            prop_assert!(width(&truncate_middle(&cleaned, columns)) <= columns);
            prop_assert_eq!(width(&fit(&cleaned, columns)), columns);
        }
    }
}
