//! E-mail addresses inside of a text.

use std::ops::Range;

use super::cells::Cell;

/// What ends an address on its left, besides blanks.
const ENDS_USER: &str = "<>()[]{},;:\"\\/?&=|@•";

/// The fewest letters of a host without a dot: `x@y` is something else.
const SHORTEST_HOST: usize = 3;

/// Where addresses stand, with the name of `Ann Example <ann@example.com>`.
pub(super) fn find(cells: &[Cell]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in (0..cells.len()).filter(|at| cells[*at].c == '@') {
        let Some(one) = around(cells, at) else { continue };
        // Two that touch are each found; what stands between them belongs to the second.
        let begin = found.last().map_or(0, |last| last.end);
        if at >= begin {
            found.push(one.start.max(begin)..one.end);
        }
    }
    found
}

/// The address alone, of what was found.
pub(super) fn address(found: &str) -> &str {
    let address = found.rsplit_once('<').map_or(found, |(_, address)| address);
    address.trim_matches(['"', '>', ' '])
}

fn around(cells: &[Cell], at: usize) -> Option<Range<usize>> {
    let user = cells[..at].iter().rev().take_while(|cell| !is_end(cell.c)).count();
    let mut from = at - user;
    while cells[from..at].first().is_some_and(|cell| "'`.".contains(cell.c)) {
        from += 1;
    }
    if from == at {
        from = quoted(cells, at)?;
    }
    let belongs = |cell: &&Cell| {
        cell.c.is_alphanumeric() || "-._".contains(cell.c) || !(cell.c.is_ascii() || cell.c == '•')
    };
    let host = cells[at + 1..].iter().take_while(belongs).count();
    let mut to = at + 1 + host;
    while to > at + 1 && "-._".contains(cells[to - 1].c) {
        to -= 1;
    }
    let host: String = cells[at + 1..to].iter().map(|cell| cell.c).collect();
    // The last part of a host has letters; `pkg@1.2.3` is the version of something.
    let is_host = host.rsplit('.').next().is_some_and(|last| last.contains(char::is_alphabetic))
        && (host.contains('.') || host.chars().count() >= SHORTEST_HOST);
    is_host.then(|| match named(cells, from) {
        named if named < from && cells.get(to).is_some_and(|cell| cell.c == '>') => named..to + 1,
        named => named..to,
    })
}

fn is_end(c: char) -> bool {
    c.is_whitespace() || ENDS_USER.contains(c)
}

/// Where `"ann example"@…` begins.
fn quoted(cells: &[Cell], at: usize) -> Option<usize> {
    cells[..at].last().filter(|cell| cell.c == '"')?;
    cells[..at - 1].iter().rposition(|cell| cell.c == '"')
}

/// Where the name before `<` begins, if the address stands in such brackets.
fn named(cells: &[Cell], from: usize) -> usize {
    if from == 0 || cells[from - 1].c != '<' {
        return from;
    }
    let before = &cells[..from - 1];
    let name = before.iter().rev().take_while(|cell| !",;:=&?<>␊".contains(cell.c)).count();
    let start = before.len() - name;
    start + before[start..].iter().take_while(|cell| cell.is_blank()).count()
}
