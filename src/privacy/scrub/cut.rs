//! How much of a text is looked at, and how much of it is shown.

use std::borrow::Cow;

use crate::text::{Clean, ELLIPSIS, grouped, truncate, width};

/// The most that is shown of a sentence, in columns and in bytes.
pub(super) const TEXT_COLUMNS: usize = 500;
pub(super) const TEXT_BYTES: usize = 2_000;

/// The longest beginning of a word that is dropped at a cut, in bytes.
const LONGEST_HALF: usize = 64;

/// What is looked at of a long text, and how much of that is shown.
pub(super) struct Window<'a> {
    pub(super) seen: &'a str,
    /// How many bytes of it are shown.
    pub(super) shown: usize,
    whole: usize,
}

impl<'a> Window<'a> {
    pub(super) fn of(raw: &'a str, most: usize, slack: usize) -> Self {
        let seen = head(raw, most);
        let is_cut = seen.len() < raw.len();
        let shown = if is_cut { head(seen, most - slack).len() } else { seen.len() };
        Self { seen, shown, whole: raw.len() }
    }

    pub(super) const fn is_cut(&self) -> bool {
        self.seen.len() < self.whole
    }
}

/// `text` as it is shown; `whole` is how many bytes it had before it was cut.
pub(super) fn bounded(text: Clean, whole: usize, is_whole: bool) -> Clean {
    if is_whole && text.len() <= TEXT_BYTES && width(&text) <= TEXT_COLUMNS {
        return text;
    }
    let end = format!("{ELLIPSIS} cut, {} bytes in all", grouped(whole));
    let head = truncate(head(&text, TEXT_BYTES - end.len()), TEXT_COLUMNS - width(&end));
    let head = without_half_a_word(head.trim_end_matches(ELLIPSIS));
    Clean::from(format!("{}{end}", head.trim_end_matches([ELLIPSIS, ' '])))
}

/// `word` in at most so many columns.
pub(super) fn shortened(word: &str, columns: usize) -> Clean {
    match truncate(word, columns) {
        Cow::Borrowed(whole) => Clean::new(whole),
        Cow::Owned(cut) => {
            Clean::from(format!("{}{ELLIPSIS}", without_half_a_word(cut.trim_end_matches(ELLIPSIS))))
        }
    }
}

/// `head` without the beginning of a word at its end, which may look like another word.
fn without_half_a_word(head: &str) -> &str {
    let kept = head.trim_end_matches(|c: char| c.is_alphanumeric());
    if head.len() - kept.len() > LONGEST_HALF { head } else { kept }
}

/// The longest head of `text` of at most so many bytes.
pub(super) fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
