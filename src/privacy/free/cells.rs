//! A text as it is read: one cell for each character that counts, and where in the text it stands.
//!
//! Digits of every script, wide letters and the many dashes and blanks read as those of ASCII; an escape of a URL reads
//! as what it stands for; marks of invisible characters are not there.

use std::ops::Range;

/// A character as it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// The character.
    pub(super) c: char,
    /// Where it begins in the text, in bytes.
    pub(super) from: usize,
    /// Where it ends.
    pub(super) to: usize,
}

impl Cell {
    /// Whether it was written as an escape of a URL: `%40`.
    pub(super) const fn is_escaped(&self) -> bool {
        self.to - self.from == 3 && self.c.is_ascii()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.c.is_whitespace()
    }
}

/// `text` as it is read.
pub(super) fn cells(text: &str) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some(length) = mark(&text[at..]) {
            at += length;
            continue;
        }
        let escape = escaped(&text[at..]);
        let to = at + escape.map_or(c.len_utf8(), |_| 3);
        cells.push(Cell { c: escape.unwrap_or_else(|| read(c)), from: at, to });
        at = to;
    }
    cells
}

/// How long the mark of an invisible character is, where the text begins with one: `<U+200B>`.
fn mark(text: &str) -> Option<usize> {
    let hex = text.strip_prefix("<U+")?.split('>').next()?;
    let is_mark = (4..=6).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_mark && text[3 + hex.len()..].starts_with('>')).then_some(hex.len() + 4)
}

/// The character that an escape of a URL stands for, where the text begins with one.
fn escaped(text: &str) -> Option<char> {
    let hex = text.strip_prefix('%')?.get(..2)?;
    let byte =
        u8::from_str_radix(hex, 16).ok().filter(|_| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    (byte.is_ascii_graphic() || byte == b' ').then_some(char::from(byte))
}

fn read(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        c if c.is_whitespace() => ' ',
        c => digit(c).unwrap_or(c),
    }
}

/// Digits of scripts that people write phone numbers and dates in, by where their zero stands.
fn digit(c: char) -> Option<char> {
    const ZEROS: &[u32] = &[0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xe50, 0x1040, 0x17e0];
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

/// The number that `at` reads as, where it is digits and no more than four of them.
pub(super) fn number(cells: &[Cell], at: Range<usize>) -> Option<u32> {
    if at.is_empty() || at.len() > 4 {
        return None;
    }
    cells[at].iter().try_fold(0, |sum, cell| Some(sum * 10 + cell.c.to_digit(10)?))
}

/// How many cells from `from` on belong.
pub(super) fn run(cells: &[Cell], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    cells.get(from..).map_or(0, |rest| rest.iter().take_while(|cell| belongs(cell.c)).count())
}
