//! Takes one layer of escapes off a view: percent-encoding, the escapes of JSON and of program code, and those of HTML.

use std::char::decode_utf16;

use super::view::{Cell, View};

/// The longest name of a character in HTML that is looked for, without `&` and `;`.
const LONGEST_NAME: usize = 8;

/// The names of characters that stand in addresses and numbers. Letters with accents are told apart by their ends.
const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dash", '-'),
    ("equals", '='),
    ("excl", '!'),
    ("gt", '>'),
    ("hyphen", '-'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lt", '<'),
    ("nbsp", ' '),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("rpar", ')'),
    ("sol", '/'),
    ("szlig", 'ß'),
    ("Tab", ' '),
    ("NewLine", ' '),
];

/// Accents make no difference when comparing, so that the letter is enough.
const ACCENTS: &[&str] = &["acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "caron", "slash"];

/// `view` with one layer of escapes less; None when there is none.
pub(super) fn one_layer(view: &View) -> Option<View> {
    let cells = &view.cells;
    let mut out = Vec::with_capacity(cells.len());
    let mut at = 0;
    let mut is_changed = false;
    while at < cells.len() {
        let rest = &cells[at..];
        let taken = match rest[0].c {
            '%' => percent(rest, &mut out),
            '\\' => backslash(rest, &mut out),
            '&' => html(rest, &mut out),
            _ => 0,
        };
        if taken == 0 {
            out.push(cells[at]);
        }
        is_changed |= taken > 0;
        at += taken.max(1);
    }
    is_changed.then_some(View { cells: out })
}

/// One character that stands where these cells do.
fn put(out: &mut Vec<Cell>, c: char, from: &[Cell]) {
    if let (Some(first), Some(last)) = (from.first(), from.last()) {
        out.push(Cell { c, start: first.start, end: last.end });
    }
}

/// A run of `%40`, whose bytes are read together. Returns how many cells were taken; so do the others.
fn percent(cells: &[Cell], out: &mut Vec<Cell>) -> usize {
    let bytes: Vec<u8> = cells
        .chunks_exact(3)
        .map_while(|cells| (cells[0].c == '%').then(|| number(&cells[1..], 16)).flatten())
        .map_while(|byte| u8::try_from(byte).ok())
        .collect();
    let mut rest = bytes.as_slice();
    let mut at = 0;
    while let Some(&first) = rest.first() {
        // What is not UTF-8 is Latin-1, as older software writes it.
        let whole = (1..=rest.len().min(4)).find_map(|length| {
            let mut chars = std::str::from_utf8(&rest[..length]).ok()?.chars();
            chars.next().map(|c| (c, length))
        });
        let (c, length) = whole.unwrap_or((char::from(first), 1));
        put(out, c, &cells[at * 3..(at + length) * 3]);
        at += length;
        rest = &rest[length..];
    }
    at * 3
}

/// `\u0040`, `\u{40}`, `\x40`, `\U00000040` and the short escapes.
fn backslash(cells: &[Cell], out: &mut Vec<Cell>) -> usize {
    let Some(kind) = cells.get(1) else { return 0 };
    let (c, taken) = match kind.c {
        '"' | '\'' | '/' | '\\' => (Some(kind.c), 2),
        'n' | 'r' | 't' | 'f' | 'v' => (Some(' '), 2),
        'u' if cells.get(2).is_some_and(|cell| cell.c == '{') => braced(cells),
        'x' | 'X' => (cells.get(2..4).and_then(|digits| scalar(digits, 16)), 4),
        'U' if cells.get(2..10).is_some_and(|digits| scalar(digits, 16).is_some()) => {
            (scalar(&cells[2..10], 16), 10)
        }
        // Also where somebody has made capitals of everything.
        'u' | 'U' => utf16(cells),
        _ => (None, 0),
    };
    let Some(c) = c else { return 0 };
    put(out, c, &cells[..taken]);
    taken
}

/// `\u{40}`
fn braced(cells: &[Cell]) -> (Option<char>, usize) {
    let close = cells.iter().take(12).position(|cell| cell.c == '}');
    close.map_or((None, 0), |close| (scalar(&cells[3..close], 16), close + 1))
}

/// `\u0040`, or two of them for one character.
fn utf16(cells: &[Cell]) -> (Option<char>, usize) {
    let unit = |at: usize| {
        let escape =
            cells.get(at..at + 6).filter(|cells| cells[0].c == '\\' && matches!(cells[1].c, 'u' | 'U'))?;
        number(&escape[2..], 16).and_then(|unit| u16::try_from(unit).ok())
    };
    let Some(first) = unit(0) else { return (None, 0) };
    let one = |units: &[u16]| decode_utf16(units.iter().copied()).next().and_then(Result::ok);
    match (one(&[first]), unit(6)) {
        (Some(c), _) => (Some(c), 6),
        (None, Some(second)) => (one(&[first, second]), 12),
        (None, None) => (None, 0),
    }
}

/// `&#64;`, `&#x40;`, `&commat;`, `&eacute;`
fn html(cells: &[Cell], out: &mut Vec<Cell>) -> usize {
    let is_number = cells.get(1).is_some_and(|cell| cell.c == '#');
    let is_hex = is_number && cells.get(2).is_some_and(|cell| cell.c.eq_ignore_ascii_case(&'x'));
    let (begin, longest) = match (is_number, is_hex) {
        (_, true) => (3, 8),
        (true, false) => (2, 8),
        (false, false) => (1, LONGEST_NAME),
    };
    let belongs = |c: char| match (is_number, is_hex) {
        (_, true) => c.is_ascii_hexdigit(),
        (true, false) => c.is_ascii_digit(),
        (false, false) => c.is_ascii_alphabetic(),
    };
    let body = cells.get(begin..).unwrap_or_default();
    let length = body.iter().take(longest).take_while(|cell| belongs(cell.c)).count();
    let body = &body[..length];
    let end = begin + length;
    let is_closed = cells.get(end).is_some_and(|cell| cell.c == ';');
    let c = match (is_number, is_hex) {
        (_, true) => scalar(body, 16),
        (true, false) => scalar(body, 10),
        (false, false) if is_closed => named(&body.iter().map(|cell| cell.c).collect::<String>()),
        (false, false) => None,
    };
    let Some(c) = c else { return 0 };
    let taken = end + usize::from(is_closed);
    put(out, c, &cells[..taken]);
    taken
}

fn named(name: &str) -> Option<char> {
    let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    known.or_else(|| {
        let mut rest = name.chars();
        let letter = rest.next()?;
        ACCENTS.contains(&rest.as_str()).then_some(letter)
    })
}

fn scalar(digits: &[Cell], radix: u32) -> Option<char> {
    number(digits, radix).and_then(char::from_u32)
}

fn number(digits: &[Cell], radix: u32) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits
        .iter()
        .try_fold(0u32, |number, digit| number.checked_mul(radix)?.checked_add(digit.c.to_digit(radix)?))
}
