//! Phone numbers inside of a text: with a plus, or with separators where people put them.
//!
//! Digits alone are none, and neither is what begins with a year: `2024-11-05-0001` is the number of an order.

use std::ops::Range;

use super::cells::Cell;

/// The digits of a phone number. Source: E.164, and the shortest numbers that people give with their separators.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The fewest digits of a number whose first zeros are dialled before the country.
const WITH_COUNTRY: usize = 11;

/// The fewest digits of a number that no prefix tells.
const UNTOLD: usize = 8;

/// Where phone numbers stand.
pub(super) fn find(cells: &[Cell]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = cells[at..].iter().position(|cell| begins(cell.c)).map(|next| at + next) {
        let length = cells[start..].iter().take_while(|cell| belongs(cell.c)).count();
        find_in(cells, start..start + length, &mut found);
        at = start + length;
    }
    found
}

fn begins(c: char) -> bool {
    c.is_ascii_digit() || c == '+' || c == '('
}

fn belongs(c: char) -> bool {
    c.is_ascii_digit() || " -./()+".contains(c)
}

/// Looks for the longest number that begins at each piece of the run, from left to right.
fn find_in(cells: &[Cell], run: Range<usize>, found: &mut Vec<Range<usize>>) {
    let pieces = pieces(cells, run);
    let mut first = 0;
    while first < pieces.len() {
        let start = pieces[first].start;
        let longest = (first..pieces.len().min(first + DIGITS.end())).rev().find(|last| {
            let at = start..pieces[*last].end;
            stands_alone(cells, &at) && is_number(&cells[at])
        });
        match longest {
            Some(last) => {
                found.push(start..pieces[last].end);
                first = last + 1;
            }
            None => first += 1,
        }
    }
}

/// The parts of a run between blanks, each from its first digit, plus or bracket to its last digit. A plus begins one.
fn pieces(cells: &[Cell], run: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut start = run.start;
    for at in run.start..=run.end {
        let c = cells.get(at).filter(|_| at < run.end).map(|cell| cell.c);
        let ends = c.is_none_or(|c| c == ' ' || (c == '+' && at > start && cells[at - 1].c != '('));
        if !ends {
            continue;
        }
        let from = (start..at).find(|at| begins(cells[*at].c));
        let to = (start..at).rev().find(|at| cells[*at].c.is_ascii_digit() || cells[*at].c == ')');
        if let (Some(from), Some(to)) = (from, to)
            && from <= to
        {
            pieces.push(from..to + 1);
        }
        start = if c == Some('+') { at } else { at + 1 };
    }
    pieces
}

/// Whether nothing beside it makes it a part of something else: of an id, a time, an address.
fn stands_alone(cells: &[Cell], at: &Range<usize>) -> bool {
    let mut before = cells[..at.start].iter().rev().map(|cell| cell.c);
    let mut after = cells[at.end..].iter().map(|cell| cell.c);
    let free_before = match before.next() {
        None => true,
        Some(':') => !before.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !(c.is_alphanumeric() || "_-#.@$€£".contains(c)),
    };
    let free_after = match after.next() {
        None => true,
        Some(':' | '-' | '.' | '/') => !after.next().is_some_and(char::is_alphanumeric),
        Some(c) => !(c.is_alphanumeric() || "_@%$€£".contains(c)),
    };
    free_before && free_after
}

/// Whether the whole is written as phone numbers are.
fn is_number(cells: &[Cell]) -> bool {
    let text: String = cells.iter().map(|cell| cell.c).collect();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if !DIGITS.contains(&digits) || text.matches('(').count() != text.matches(')').count() {
        return false;
    }
    let groups: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let parted: Vec<&str> =
        text.split(|c: char| c.is_ascii_digit()).filter(|between| !between.is_empty()).collect();
    if parted.iter().any(|between| between.chars().count() > 3) {
        return false;
    }
    if text.starts_with('+') || text.starts_with("(+") {
        return true;
    }
    let (Some(first), true) = (groups.first(), groups.len() > 1) else { return false };
    if text.contains('(') {
        return true;
    }
    let only = |c: char| parted.iter().all(|between| between.trim() == c.to_string());
    let is_year = first.len() == 4 && (first.starts_with("19") || first.starts_with("20"));
    if is_year && !text[4..].starts_with(' ') {
        return false;
    }
    if only('.') && groups.len() == 2 {
        // A decimal.
        return false;
    }
    match first.as_bytes() {
        [b'0', b'0', b'0', ..] => false,
        [b'0', b'0', ..] => digits >= WITH_COUNTRY,
        [b'0', ..] => digits >= UNTOLD,
        _ if text.contains('/') => false,
        _ if only('.') => digits >= UNTOLD && is_grouped(&groups) && !is_ip(&groups),
        _ => is_grouped(&groups) && (digits >= UNTOLD || lengths(&groups) == [3, 4]),
    }
}

/// Whether the groups are as long as those of phone numbers: `1-800-555-0199`, `98765 43210`.
fn is_grouped(groups: &[&str]) -> bool {
    let is_trunk = groups[0].len() == 1 && groups.len() > 2 && groups.concat().len() > 9;
    (is_trunk || groups[0].len() > 1)
        && groups[1..].iter().chain(&groups[..1]).all(|group| group.len() < 6)
        && groups[1..].iter().all(|group| group.len() > 1)
}

fn is_ip(groups: &[&str]) -> bool {
    groups.len() == 4 && groups.iter().all(|group| group.parse::<u8>().is_ok())
}

fn lengths(groups: &[&str]) -> Vec<usize> {
    groups.iter().map(|group| group.len()).collect()
}
