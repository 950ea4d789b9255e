//! Text that the integrator or the service wrote, in which a person may be told of: references, values of metadata,
//! return URLs, reasons. Nothing but the text itself, and the key that it stands under, says whether it is personal.
//!
//! [`masked`] is the one decision. A value under a key that names something of a person is hidden whole. Of any other
//! value those parts are hidden that look like an e-mail address, a phone number or a birth date, and what a key inside
//! of it names. Digits alone are never a phone number: numbers of orders, UUIDs and ULIDs stay as they are.

mod cells;
mod date;
mod email;
mod key;
mod phone;
mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Deserializer};

use self::cells::{Cell, cells};
use self::key::Naming;
pub use self::key::PersonalKeys;
use super::{DOTS, REDACTED, Sight, mask_email, mask_phone};
use crate::text::Clean;

/// What every mask has, and what people do not write.
const MASK: &str = "•••";

/// The longest key inside of a value, in characters: the longest that metadata may have.
const LONGEST_KEY: usize = 40;

/// How a record is looked at: whether it is revealed, and which keys hide what stands under them.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'a> {
    /// Whether personal data is hidden or shown.
    pub sight: Sight,
    /// What the settings say about keys.
    pub keys: &'a PersonalKeys,
}

#[cfg(test)]
impl From<Sight> for Lens<'_> {
    fn from(sight: Sight) -> Self {
        const USUAL: &PersonalKeys = &PersonalKeys::usual();
        Self { sight, keys: USUAL }
    }
}

impl Lens<'_> {
    /// A key as it may be shown: some write an address there.
    #[must_use]
    pub fn key<'k>(&self, key: &'k str) -> Cow<'k, str> {
        match self.sight {
            Sight::Revealed => Cow::Borrowed(key),
            Sight::Masked => masked("", key, self.keys),
        }
    }
}

/// Text that may tell of a person. `Debug` prints dots; there is no `Display` and no `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct FreeText(Clean);

impl FreeText {
    /// Takes the text under cover.
    #[must_use]
    pub const fn new(text: Clean) -> Self {
        Self(text)
    }

    /// The text as `lens` allows it, standing under `key`.
    #[must_use]
    pub fn show(&self, key: &str, lens: Lens<'_>) -> Cow<'_, str> {
        match lens.sight {
            Sight::Revealed => Cow::Borrowed(self.0.as_str()),
            Sight::Masked => masked(key, self.0.as_str(), lens.keys),
        }
    }

    /// The text inside, for code that works on it without printing it.
    #[must_use]
    pub const fn expose(&self) -> &Clean {
        &self.0
    }
}

impl fmt::Debug for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}

impl<'de> Deserialize<'de> for FreeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Clean::deserialize(deserializer).map(Self)
    }
}

/// Whether `text` holds a mask: it is then what this program showed, and not what it stands for.
#[must_use]
pub fn is_mask(text: &str) -> bool {
    text.contains(MASK)
}

/// `value`, which stands under `key`, without what it tells of a person.
#[must_use]
pub fn masked<'a>(key: &str, value: &'a str, keys: &PersonalKeys) -> Cow<'a, str> {
    let naming = keys.naming(key);
    if naming == Naming::Freed || value.trim().is_empty() || value == REDACTED {
        return Cow::Borrowed(value);
    }
    let names = naming == Naming::Person && !matches!(value, "true" | "false");
    if !names && !may_tell(value) {
        return Cow::Borrowed(value);
    }
    let cells = cells(value);
    let found = telling(&cells, keys);
    match found.as_slice() {
        // The whole is one thing, which has a mask of its own.
        [(at, kind)] if cells[..at.start].iter().chain(&cells[at.end..]).all(Cell::is_blank) => {
            Cow::Owned(kind.mask(&cells[at.clone()]))
        }
        _ if names => Cow::Borrowed(DOTS),
        [] if !is_telling_json(value, keys) => Cow::Borrowed(value),
        [] => Cow::Borrowed(DOTS),
        _ if is_telling_json(value, keys) => Cow::Borrowed(DOTS),
        parts => Cow::Owned(without(value, &cells, parts)),
    }
}

/// `text` with dots for each part that looks personal, first letters and all: for what is kept for ever.
#[must_use]
pub fn without_personal(text: &str) -> Cow<'_, str> {
    if !may_tell(text) {
        return Cow::Borrowed(text);
    }
    let cells = cells(text);
    let parts: Vec<_> =
        telling(&cells, &PersonalKeys::usual()).into_iter().map(|(at, _)| (at, Kind::Other)).collect();
    if parts.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(without(text, &cells, &parts)) }
}

/// What a part of a text tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Email,
    Phone,
    /// A birth date, or what stands behind a key that names something.
    Other,
}

impl Kind {
    fn mask(self, cells: &[Cell]) -> String {
        let text: String = cells.iter().map(|cell| cell.c).collect();
        match self {
            Self::Email => mask_email(email::address(&text)).into_owned(),
            Self::Phone => mask_phone(&text).into_owned(),
            Self::Other => DOTS.to_owned(),
        }
    }
}

/// Whether looking closer is worth it: most references are plain words and numbers.
fn may_tell(value: &str) -> bool {
    let mut digits = 0;
    let mut parted = false;
    for c in value.chars() {
        match c {
            '@' | '＠' | '=' | '%' | '{' | '[' => return true,
            c if c.is_ascii_digit() => digits += 1,
            c if c.is_alphabetic() && c.is_ascii() || c == '_' => {}
            _ => parted = true,
        }
    }
    parted && (digits > 4 || !value.is_ascii())
}

/// What tells of a person, in the order of the text and apart from each other.
fn telling(cells: &[Cell], keys: &PersonalKeys) -> Vec<(Range<usize>, Kind)> {
    let mut found: Vec<(Range<usize>, Kind)> = named(cells, keys);
    let add = |found: &mut Vec<(Range<usize>, Kind)>, at: Vec<Range<usize>>, kind| {
        for at in at {
            if !found.iter().any(|(known, _)| known.start < at.end && at.start < known.end) {
                found.push((at, kind));
            }
        }
    };
    add(&mut found, email::find(cells), Kind::Email);
    add(&mut found, date::find(cells), Kind::Other);
    add(&mut found, phone::find(cells), Kind::Phone);
    found.sort_by_key(|(at, _)| at.start);
    found
}

/// What stands behind `key=` in a query or a list, where the key names something of a person.
fn named(cells: &[Cell], keys: &PersonalKeys) -> Vec<(Range<usize>, Kind)> {
    let mut found = Vec::new();
    let belongs = |cell: &Cell| cell.c.is_alphanumeric() || "_-.[]".contains(cell.c);
    let ends = |cell: &Cell| "&;#".contains(cell.c) || cell.c.is_whitespace();
    for at in (0..cells.len()).filter(|at| cells[*at].c == '=') {
        let key = cells[..at].iter().rev().take(LONGEST_KEY).take_while(|cell| belongs(cell)).count();
        let from = at + 1;
        // A blank that was written as an escape belongs to the value.
        let length = cells[from..]
            .iter()
            .position(|cell| ends(cell) && !cell.is_escaped())
            .unwrap_or(cells.len() - from);
        let key: String = cells[at - key..at].iter().map(|cell| cell.c).collect();
        let value: String = cells[from..from + length].iter().map(|cell| cell.c).collect();
        if length > 0 && keys.naming(&key) == Naming::Person && !matches!(value.as_str(), "true" | "false") {
            found.push((from..from + length, Kind::Other));
        }
    }
    found
}

/// Whether `value` is an object or a list as JSON, and something in it is personal.
fn is_telling_json(value: &str, keys: &PersonalKeys) -> bool {
    if !value.trim_start().starts_with(['{', '[']) {
        return false;
    }
    // Line ends and tabs have become marks when the text came in.
    let plain: String = value.chars().map(|c| if matches!(c, '␊' | '␉' | '␍') { ' ' } else { c }).collect();
    serde_json::from_str::<serde_json::Value>(&plain).is_ok_and(|json| tells("", &json, keys))
}

fn tells(key: &str, json: &serde_json::Value, keys: &PersonalKeys) -> bool {
    use serde_json::Value as V;

    match json {
        V::Null | V::Bool(_) => false,
        V::Number(number) => tells_text(key, &number.to_string(), keys),
        V::String(text) => tells_text(key, text, keys),
        V::Array(values) => values.iter().any(|value| tells(key, value, keys)),
        V::Object(fields) => fields.iter().any(|(field, value)| {
            // `{"name": {"first": "Ann"}}`: the key above names it too.
            let inner = keys.naming(field);
            let key = if inner == Naming::Open && keys.naming(key) == Naming::Person { key } else { field };
            tells(key, value, keys)
        }),
    }
}

fn tells_text(key: &str, value: &str, keys: &PersonalKeys) -> bool {
    *masked(key, value, keys) != *value
}

/// `value` with a mask in the place of each of the parts.
fn without(value: &str, cells: &[Cell], parts: &[(Range<usize>, Kind)]) -> String {
    let mut out = String::with_capacity(value.len());
    let mut done = 0;
    for (at, kind) in parts {
        let (from, to) = (cells[at.start].from, cells[at.end - 1].to);
        out.push_str(&value[done..from]);
        out.push_str(&kind.mask(&cells[at.clone()]));
        done = to;
    }
    out.push_str(&value[done..]);
    out
}
