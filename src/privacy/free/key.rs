//! What a key says of the value that stands under it.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::words::{ASKING, FACTS, NAMED_THINGS, PEOPLE, PERSONAL, STEMS, WIDE};

/// What the settings say about keys: which more hide their values, and which hide nothing. Keys are the same however
/// they are spelled: `room_no`, `roomNo`, `Room No`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonalKeys {
    personal: Vec<String>,
    plain: Vec<String>,
}

/// What a key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// It names something of a person.
    Person,
    /// Nothing: the value itself has to tell.
    Open,
    /// The settings say that nothing under it is personal.
    Freed,
}

impl PersonalKeys {
    /// What is personal where the settings say nothing.
    #[must_use]
    pub const fn usual() -> Self {
        Self { personal: Vec::new(), plain: Vec::new() }
    }

    /// The same, with keys of the settings: those whose values are hidden, and those whose values are not. One that is
    /// among both is hidden.
    #[must_use]
    pub fn new(personal: &[String], plain: &[String]) -> Self {
        let squashed = |keys: &[String]| keys.iter().map(|key| words(key).concat()).collect();
        Self { personal: squashed(personal), plain: squashed(plain) }
    }

    pub(super) fn naming(&self, key: &str) -> Naming {
        if key.is_empty() {
            return Naming::Open;
        }
        let words = words(key);
        let squashed = words.concat();
        if self.personal.contains(&squashed) {
            Naming::Person
        } else if self.plain.contains(&squashed) {
            Naming::Freed
        } else if names_person(&words) {
            Naming::Person
        } else {
            Naming::Open
        }
    }
}

/// The words of a key, in small letters without accents: `billingAddress.line_1` is `billing`, `address`, `line`, `1`.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = key.nfkd().filter(|c| !is_combining_mark(*c)).nfc().collect();
    for (at, c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let begins = before.is_some_and(|before| {
            (before.is_lowercase() && c.is_uppercase())
                || (before.is_uppercase()
                    && c.is_uppercase()
                    && after.is_some_and(|after| after.is_lowercase()))
                || before.is_numeric() != c.is_numeric()
        });
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_among(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// One word of a key without the ending of a plural.
fn singular(word: &str) -> &str {
    word.strip_suffix('s').filter(|word| word.len() > 2).unwrap_or(word)
}

fn names_person(words: &[String]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let whole = words.concat();
    if WIDE.split_ascii_whitespace().any(|part| whole.contains(part)) {
        return true;
    }
    let among = |list: &str, word: &str| is_among(list, word) || is_among(list, singular(word));
    let compound = (0..words.len()).any(|from| {
        (2..=3).filter_map(|count| words.get(from..from + count)).any(|part| among(PERSONAL, &part.concat()))
    });
    // `tax_id` and `passport_id` end as `email_id` does, and are numbers of people for all that.
    if compound && !is_fact(last) {
        return true;
    }
    if words.len() > 1 && (is_among(ASKING, first) || is_fact(last) || last == "id") {
        return compound && last == "id";
    }
    let single = words.iter().any(|word| {
        among(PERSONAL, word)
            || STEMS.split_ascii_whitespace().any(|stem| word.contains(stem)) && !is_device(word)
    });
    compound || single || names_by_name(words) || names_by_end(words)
}

/// Whether the word says that only something about the rest is told: `email_verified`.
fn is_fact(word: &str) -> bool {
    is_among(FACTS, word)
}

fn is_device(word: &str) -> bool {
    ["iphone", "smartphone", "headphone", "microphone"].iter().any(|device| word.contains(device))
}

/// `name`, `customer_name`, `nameOnCard`, `cardholdername`; of things, as in `plan_name`, it is no name of a person.
fn names_by_name(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let Some(head) = singular(word).strip_suffix("name") else { return false };
        let of = if head.is_empty() { at.checked_sub(1).map_or("", |at| &*words[at]) } else { head };
        !(is_among(NAMED_THINGS, of) || is_among(NAMED_THINGS, singular(of)))
    })
}

/// `first`, `user_last`: alone, or of somebody; `first_order` and `last_login` are times.
fn names_by_end(words: &[String]) -> bool {
    match words {
        [only] => matches!(&**only, "first" | "last" | "given" | "middle"),
        [.., of, end] => matches!(&**end, "first" | "last" | "middle") && is_among(PEOPLE, of),
        [] => false,
    }
}
