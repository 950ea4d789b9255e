//! One value that must not come back, and how surely a text that has it has it from there.
//!
//! A value of six characters or more is looked for anywhere, a shorter one as a word of its own. What the API itself
//! says in its sentences ("session", "true") tells nothing of anybody: where a value is made of such words alone, it is
//! taken for an echo only in quotes or behind `=`.

use std::ops::Range;

use zeroize::Zeroizing;

use super::decode;
use super::view::{Folded, View, fold};

/// Values from this length on are looked for inside of words too, in characters.
const TELLING: usize = 6;

/// The fewest digits of a number that is told by its digits alone, however they are grouped.
const LONG_NUMBER: usize = 7;

/// A phone number without its country code has at most so many digits.
const WITHOUT_COUNTRY: usize = 9;

/// What stands between the digits of a number. In folded text a plus is a blank.
const SEPARATORS: &str = " -.()/+";

/// Words of the API's sentences, and those that hold sentences together.
const PLAIN: &str = include_str!("plain_words.txt");

/// A value, ready to be looked for in folded text.
#[derive(Clone)]
pub(super) struct Needle {
    text: Zeroizing<String>,
    rule: Rule,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rule {
    /// Wherever it stands.
    Anywhere,
    /// With no letter or digit beside it.
    Word,
    /// In quotes, or behind an equals sign.
    Quoted,
    /// Its digits, with whatever separators between them.
    Digits,
}

/// The value, what it says under its own escapes, and the parts of it that tell as much.
pub(super) fn personal(value: &str) -> Vec<Needle> {
    let mut needles = Vec::new();
    let mut view = View::of(value);
    loop {
        let text: Zeroizing<String> = Zeroizing::new(view.cells.iter().map(|cell| cell.c).collect());
        needles.extend(Needle::new(&text));
        needles.extend(number(&text));
        needles.extend(parts(&text));
        // Every layer is shorter than the one before.
        match decode::one_layer(&view) {
            Some(next) => view = next,
            None => return needles,
        }
    }
}

/// The digits of a phone number, a date or the number of a document.
fn number(value: &str) -> Vec<Needle> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let is_number = value.chars().all(|c| c.is_ascii_digit() || SEPARATORS.contains(c));
    if !is_number || digits.len() < LONG_NUMBER {
        return Vec::new();
    }
    let national = digits.len().checked_sub(WITHOUT_COUNTRY).filter(|cut| *cut > 0 && value.starts_with('+'));
    let national = national.map(|cut| digits[cut..].to_owned());
    let needle = |text| Needle { text: Zeroizing::new(text), rule: Rule::Digits };
    [Some(digits), national].into_iter().flatten().map(needle).collect()
}

/// The e-mail addresses in a value and what stands before their `@`, and the names among several words.
fn parts(value: &str) -> Vec<Needle> {
    let is_end = |c: char| c.is_whitespace() || "?&=#/;,<>\"'()[]".contains(c);
    let addresses = value.split(is_end).filter(|part| part.contains('@'));
    let users = addresses.clone().filter_map(|address| address.split('@').next());
    let words = value.split(is_end).filter(|_| value.trim().contains(char::is_whitespace));
    let names = words.filter(|word| word.starts_with(|c: char| c.is_uppercase() || !c.is_ascii()));
    let whole = addresses.filter(|address| *address != value).filter_map(Needle::new);
    let as_words = users.chain(names).filter(|part| part.chars().count() > 2).filter_map(Needle::new);
    let as_words = as_words.map(|needle| match needle.rule {
        Rule::Anywhere => Needle { rule: Rule::Word, ..needle },
        _ => needle,
    });
    whole.chain(as_words).filter(|needle| needle.rule != Rule::Quoted).collect()
}

impl Needle {
    /// A key. It is no word, however short.
    pub(super) fn secret(value: &str) -> Option<Self> {
        let needle = Self::new(value)?;
        let rule = if needle.rule == Rule::Anywhere { Rule::Anywhere } else { Rule::Word };
        Some(Self { rule, ..needle })
    }

    /// None of what has neither letters nor digits.
    fn new(value: &str) -> Option<Self> {
        let text = Zeroizing::new(fold(value));
        text.contains(char::is_alphanumeric).then(|| Self { rule: rule(&text), text })
    }

    /// Where it stands in `folded`, in bytes.
    pub(super) fn find(&self, folded: &Folded) -> Vec<Range<usize>> {
        let text = folded.text();
        if self.rule == Rule::Digits {
            return digits(text, &self.text);
        }
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = text[from..].find(self.text.as_str()) {
            let at = from + at..from + at + self.text.len();
            if self.stands(text, &at) {
                from = at.end;
                found.push(at);
            } else {
                from = at.start + text[at.start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found
    }

    /// Whether it is an echo in this place.
    fn stands(&self, text: &str, at: &Range<usize>) -> bool {
        let before = text[..at.start].chars().next_back();
        let after = text[at.end..].chars().next();
        // Beside something masked nobody can tell where a word ends.
        let parts = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '•');
        let quotes = |c: Option<char>| c.is_some_and(|c| "'\"`‘’“”«»‹›„‚".contains(c));
        match self.rule {
            Rule::Anywhere | Rule::Digits => true,
            Rule::Word => parts(before) && parts(after),
            Rule::Quoted => (quotes(before) && quotes(after)) || (before == Some('=') && parts(after)),
        }
    }
}

fn rule(folded: &str) -> Rule {
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_short_number = folded.len() < 4 && folded.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = folded.len() == 1;
    if is_letter || is_short_number || words.all(is_plain) {
        Rule::Quoted
    } else if folded.chars().count() < TELLING {
        Rule::Word
    } else {
        Rule::Anywhere
    }
}

fn is_plain(word: &str) -> bool {
    PLAIN.split_ascii_whitespace().any(|plain| plain == word)
}

/// Numbers in `text` that have these digits in a row, whole.
fn digits(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let belongs = |c: char| c.is_ascii_digit() || SEPARATORS.contains(c);
    let mut from = 0;
    while let Some(start) = text[from..].find(|c: char| c.is_ascii_digit()) {
        let start = from + start;
        let length = text[start..].find(|c| !belongs(c)).unwrap_or(text.len() - start);
        let run = text[start..start + length].trim_end_matches(|c: char| !c.is_ascii_digit());
        let only: String = run.chars().filter(char::is_ascii_digit).collect();
        if only.contains(wanted) {
            found.push(start..start + run.len());
        }
        from = start + length;
    }
    found
}
