//! Dates as people write birth dates: `1990-03-02`, `02.03.1990`, `3/2/1990`, `2 March 1990`, `1990年3月2日`.
//!
//! A date inside of an id is none (`order-2024-11-05-0001`), and neither is a moment of a day.

use std::ops::Range;

use super::cells::{Cell, number, run};

/// Months by how their names begin, in the languages that most documents are written in. What goes on is letters.
const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär", "mae", "mai",
    "okt", "dez", "fév", "fev", "avr", "jui", "aoû", "aou", "déc", "ene", "abr", "ago", "dic", "gen", "mag",
    "giu", "lug", "set", "ott", "mei", "maa", "mrt", "out",
];

/// The longest name of a month, in letters.
const LONGEST_MONTH: usize = 10;

/// Where dates stand.
pub(super) fn find(cells: &[Cell]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in 0..cells.len() {
        let begins = start == 0 || !cells[start - 1].c.is_alphanumeric();
        if !begins || found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let end = numeric(cells, start).or_else(|| marked(cells, start)).or_else(|| spelled(cells, start));
        if let Some(end) = end.map(|end| midnight(cells, end))
            && stands_alone(cells, start, end)
        {
            found.push(start..end);
        }
    }
    found
}

fn digits(cells: &[Cell], at: usize) -> usize {
    run(cells, at, |c| c.is_ascii_digit())
}

fn is_at(cells: &[Cell], at: usize, wanted: &str) -> bool {
    cells.get(at).is_some_and(|cell| wanted.contains(cell.c))
}

const fn is_year(number: u32) -> bool {
    number >= 1900 && number < 2100
}

const fn is_day(number: u32) -> bool {
    number >= 1 && number <= 31
}

const fn is_month(number: u32) -> bool {
    number >= 1 && number <= 12
}

/// Three numbers with the same sign between them.
fn numeric(cells: &[Cell], start: usize) -> Option<usize> {
    let first = digits(cells, start);
    let sign = cells.get(start + first).filter(|cell| "-/.".contains(cell.c))?.c;
    let mut at = start + first + 1;
    // `2. 3. 1990`
    at += usize::from(sign == '.') * run(cells, at, |c| c == ' ').min(1);
    let second = digits(cells, at);
    let (a, b) = (number(cells, start..start + first)?, number(cells, at..at + second)?);
    at += second;
    if cells.get(at)?.c != sign {
        return None;
    }
    at += 1;
    at += usize::from(sign == '.') * run(cells, at, |c| c == ' ').min(1);
    let third = digits(cells, at);
    let c = number(cells, at..at + third)?;
    let day_and_month = (is_day(a) && is_month(b)) || (is_month(a) && is_day(b));
    let is_date = match (first, second, third) {
        (4, 1..=2, 1..=2) => is_year(a) && ((is_month(b) && is_day(c)) || (is_day(b) && is_month(c))),
        (1..=2, 1..=2, 4) => is_year(c) && day_and_month,
        (2, 2, 2) => sign == '/' && day_and_month,
        _ => false,
    };
    // In a path, years and months are folders.
    let is_path = sign == '/' && start > 0 && cells[start - 1].c == '/';
    (is_date && !is_path).then_some(at + third)
}

/// A year, a month and a day, each with its sign behind it.
fn marked(cells: &[Cell], start: usize) -> Option<usize> {
    let mut at = start;
    for (most, sign) in [(4, "年년"), (2, "月월"), (2, "日일")] {
        let length = digits(cells, at);
        if !(1..=most).contains(&length) || !is_at(cells, at + length, sign) {
            return None;
        }
        at += length + 1;
        at += run(cells, at, |c| c == ' ').min(usize::from(sign != "日일"));
    }
    Some(at)
}

/// A month by its name, with a day before or behind it, and a year.
fn spelled(cells: &[Cell], start: usize) -> Option<usize> {
    let day_first = digits(cells, start);
    let mut at = start;
    if day_first > 0 {
        at = day(cells, at)?;
        at += run(cells, at, |c| ". -/,".contains(c)).min(2);
        at += if is_word(cells, at, "de ") || is_word(cells, at, "of ") { 3 } else { 0 };
        at = month(cells, at)?;
    } else {
        at = month(cells, at)?;
        at += run(cells, at, |c| ". -".contains(c)).min(2);
        at = day(cells, at)?;
    }
    at += run(cells, at, |c| ". -/,".contains(c)).min(2);
    at += if is_word(cells, at, "de ") { 3 } else { 0 };
    let year = digits(cells, at);
    number(cells, at..at + year).filter(|number| year == 4 && is_year(*number))?;
    Some(at + year)
}

/// Where a day ends that begins here: `2`, `02`, `2nd`.
fn day(cells: &[Cell], at: usize) -> Option<usize> {
    let length = digits(cells, at);
    number(cells, at..at + length).filter(|number| length <= 2 && is_day(*number))?;
    let end = at + length;
    let is_ordinal = ["st", "nd", "rd", "th"].iter().any(|ending| is_word(cells, end, ending));
    Some(if is_ordinal { end + 2 } else { end })
}

/// Where the name of a month ends that begins here.
fn month(cells: &[Cell], at: usize) -> Option<usize> {
    let length = run(cells, at, char::is_alphabetic);
    if !(3..=LONGEST_MONTH).contains(&length) {
        return None;
    }
    let name: String = cells[at..at + length].iter().flat_map(|cell| cell.c.to_lowercase()).collect();
    MONTHS.iter().any(|month| name.starts_with(month)).then_some(at + length)
}

fn is_word(cells: &[Cell], at: usize, word: &str) -> bool {
    let there = cells.get(at..).unwrap_or_default().iter().map(|cell| cell.c.to_ascii_lowercase());
    there.take(word.len()).eq(word.chars())
}

/// Behind a date, the midnight that programs put there.
fn midnight(cells: &[Cell], end: usize) -> usize {
    let rest: String = cells[end..].iter().map(|cell| cell.c).take(32).collect();
    let time = ["T00:00:00", " 00:00:00", "T00:00"].into_iter().find(|time| rest.starts_with(time));
    let Some(time) = time else { return end };
    let mut at = end + time.len();
    if is_at(cells, at, ".") {
        at += 1 + run(cells, at + 1, |c| c == '0');
    }
    for zone in ["Z", "+00:00", "+0000"] {
        if is_word(cells, at, &zone.to_ascii_lowercase()) {
            return at + zone.len();
        }
    }
    at
}

/// Whether it is no part of an id, and no time of a day follows.
fn stands_alone(cells: &[Cell], start: usize, end: usize) -> bool {
    let before = cells[..start].last().map(|cell| cell.c);
    let mut after = cells[end..].iter().map(|cell| cell.c);
    let free_before = before.is_none_or(|c| !(c.is_alphanumeric() || "_-.#".contains(c)));
    let free_after = match after.next() {
        None => true,
        Some('-' | '.' | '/' | ':') => !after.next().is_some_and(char::is_alphanumeric),
        // `2024-11-05 12:33`
        Some(' ') => {
            let time: Vec<char> = after.take(3).collect();
            !matches!(time.as_slice(), [a, b, ':'] if a.is_ascii_digit() && b.is_ascii_digit())
        }
        Some(c) => !(c.is_alphanumeric() || "_@".contains(c)),
    };
    free_before && free_after
}
