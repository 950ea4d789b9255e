//! Reads one file of `src/` against the floor plan.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use crate::tokens::{Kind, Token, tokens};

/// The rooms and their floors: a room imports only from floors below its own.
const FLOORS: &[(&str, u8)] = &[
    ("clock", 0),
    ("text", 0),
    ("privacy", 0),
    ("tls", 0),
    ("blocking", 0),
    ("identity", 1),
    ("config", 2),
    ("actions", 2),
    ("changes", 2),
    ("client", 3),
    ("sandbox", 3),
    ("catalog", 3),
    ("export", 3),
    ("journal", 3),
    ("app", 4),
    ("worker", 5),
    ("ui", 5),
    ("terminal", 6),
    ("cli", 7),
    ("main", 7),
];

/// Edges on one floor that are meant: masking works on cleaned text, and `main` only starts `cli`.
const SAME_FLOOR: &[(&str, &str)] = &[("privacy", "text"), ("main", "cli")];

/// What stays out of the rooms that have to be pure.
const PURE: &[&str] = &[
    "ratatui",
    "crossterm",
    "reqwest",
    "tokio",
    "rand",
    "uuid",
    "axum",
    "sqlx",
    "std::fs",
    "std::net",
    "::now",
];

/// What only the named rooms or files may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("ratatui", &["ui", "terminal"]),
    ("crossterm", &["ui", "terminal"]),
    ("reqwest", &["client"]),
    ("rustls::crypto", &["tls"]),
    ("axum", &["sandbox"]),
    ("sqlx", &["sandbox"]),
    ("print!", &["cli", "main"]),
    ("println!", &["cli", "main"]),
    ("eprint!", &["cli", "main"]),
    ("eprintln!", &["cli", "main"]),
    // Times are converted by `clock`. The files beside it read what people type, and reckon with birthdays.
    ("jiff", &["clock", "cli/moment.rs", "sandbox/people/person.rs"]),
];

const PURE_ROOMS: &[&str] = &["clock", "app", "catalog", "changes", "export"];

/// A line that the floor plan forbids.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Every breach in one file; `file` is its path below `src/`, with slashes.
pub(crate) fn breaches(file: &str, source: &str) -> Vec<Breach> {
    let tokens = tokens(source);
    let room = room_of(file);
    let mut found: Vec<(usize, String)> = Vec::new();
    if room == "lib" {
        found.extend(tokens.iter().filter(|token| token.word() == Some("use")).map(|token| {
            (token.line, "lib.rs names the rooms and imports or re-exports nothing".to_owned())
        }));
    } else if let Some(floor) = floor(room) {
        found.extend(edges(&tokens, depth_of(file)).into_iter().filter_map(|edge| judge(room, floor, &edge)));
        if !is_test_file(file) {
            found.extend(never(room, file, &tokens));
        }
    } else {
        found.push((1, format!("room {room} has no floor")));
    }
    found.sort();
    found.dedup();
    found.into_iter().map(|(line, what)| Breach { file: file.to_owned(), line, what }).collect()
}

fn judge(room: &str, floor: u8, edge: &Edge) -> Option<(usize, String)> {
    let Some(to) = self::floor(&edge.to) else {
        let what = format!("{room} (floor {floor}) reaches {} in the crate root, which is no room", edge.to);
        return Some((edge.line, what));
    };
    let allowed = room == edge.to || to < floor || SAME_FLOOR.contains(&(room, &edge.to));
    (!allowed).then(|| (edge.line, format!("{room} (floor {floor}) imports {} (floor {to})", edge.to)))
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

fn room_of(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn is_test_file(file: &str) -> bool {
    let path = Path::new(file).with_extension("");
    path.components().any(|part| part.as_os_str() == "tests")
}

/// How many modules deep the file's own module is: `text.rs` and `app/mod.rs` are 1, `app/keys.rs` is 2.
fn depth_of(file: &str) -> usize {
    match file {
        "main.rs" | "lib.rs" => 0,
        _ => file.split('/').filter(|part| *part != "mod.rs").count(),
    }
}

/// A path from the crate root.
struct Edge {
    to: String,
    line: usize,
}

/// Every path that begins at the crate root: `crate::…`, `vetty::…`, and `super::` often enough to get there.
fn edges(tokens: &[Token], file_depth: usize) -> Vec<Edge> {
    let mut found = Vec::new();
    // The brace depths at which inline modules were opened: each one is a `super` more.
    let mut modules: Vec<usize> = Vec::new();
    let mut braces = 0;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].kind {
            Kind::Sign('{') => {
                braces += 1;
                let opens = at.checked_sub(2).and_then(|at| tokens[at].word()) == Some("mod");
                if opens {
                    modules.push(braces);
                }
            }
            Kind::Sign('}') => {
                if modules.last() == Some(&braces) {
                    modules.pop();
                }
                braces = braces.saturating_sub(1);
            }
            Kind::Word(word) if begins_path(tokens, at) => {
                let root = match word.as_str() {
                    "crate" | "vetty" => follow(tokens, at),
                    "self" | "super" => climb(tokens, at, file_depth + modules.len()),
                    _ => None,
                };
                if let Some(after) = root {
                    targets(tokens, after, &mut found);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn begins_path(tokens: &[Token], at: usize) -> bool {
    at == 0 || tokens[at - 1].kind != Kind::Path
}

/// The place after `NAME::`, if a path goes on there.
fn follow(tokens: &[Token], at: usize) -> Option<usize> {
    tokens.get(at + 1).filter(|token| token.kind == Kind::Path).map(|_| at + 2)
}

/// The place after `self::super::super::…` if that climbs `depth` modules, up to the crate root.
fn climb(tokens: &[Token], mut at: usize, depth: usize) -> Option<usize> {
    let mut climbed = 0;
    loop {
        match tokens.get(at)?.word() {
            Some("super") => climbed += 1,
            Some("self") => {}
            _ => return None,
        }
        at = follow(tokens, at)?;
        if climbed == depth && climbed > 0 {
            return Some(at);
        }
    }
}

/// The rooms named at `at`: one name, or the names that lead each path of a group in braces.
fn targets(tokens: &[Token], at: usize, found: &mut Vec<Edge>) {
    let Some(first) = tokens.get(at) else { return };
    match &first.kind {
        Kind::Word(word) => found.push(Edge { to: word.clone(), line: first.line }),
        Kind::Sign('*') => found.push(Edge { to: "*".to_owned(), line: first.line }),
        Kind::Sign('{') => {
            let mut depth = 0;
            for (index, token) in tokens.iter().enumerate().skip(at) {
                depth += usize::from(token.is('{'));
                if token.is('}') {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                let leads = depth == 1 && (tokens[index - 1].is('{') || tokens[index - 1].is(','));
                if let Some(word) = token.word().filter(|word| leads && *word != "self") {
                    found.push(Edge { to: word.to_owned(), line: token.line });
                }
            }
        }
        Kind::Path | Kind::Sign(_) => {}
    }
}

/// What a file of the room must never name, outside of tests.
fn never(room: &str, file: &str, tokens: &[Token]) -> Vec<(usize, String)> {
    let pure = PURE.iter().filter(|_| PURE_ROOMS.contains(&room)).map(|name| (*name, "is to be pure"));
    let reserved = RESERVED
        .iter()
        .filter(|(_, places)| !places.contains(&room) && !places.contains(&file))
        .map(|(name, _)| (*name, "is not the room for it"));
    let forbidden: Vec<_> = pure.chain(reserved).collect();
    // Most words are none of these: only where one stands is the whole name looked at.
    let words: BTreeSet<&str> =
        forbidden.iter().flat_map(|(name, _)| name.trim_end_matches('!').split("::")).collect();
    let in_tests = test_tokens(tokens);
    let mut found = Vec::new();
    for at in (0..tokens.len()).filter(|at| !in_tests[*at]) {
        if !tokens[at].word().is_some_and(|word| words.contains(word)) {
            continue;
        }
        for (name, why) in forbidden.iter().filter(|(name, _)| names(tokens, at, name)) {
            found.push((tokens[at].line, format!("{room} names {name}, and {room} {why}")));
        }
    }
    found
}

/// Whether `name` stands at `at`: a crate (`rand`), a macro (`print!`), a path (`std::fs`) or its end (`::now`).
fn names(tokens: &[Token], at: usize, name: &str) -> bool {
    let Some(word) = tokens[at].word() else { return false };
    let next = tokens.get(at + 1).map(|token| &token.kind);
    if let Some(name) = name.strip_suffix('!') {
        return word == name && next == Some(&Kind::Sign('!'));
    }
    if let Some(end) = name.strip_prefix("::") {
        return word == end && !begins_path(tokens, at);
    }
    if let Some((head, tail)) = name.split_once("::") {
        let mut found = Vec::new();
        if word == head && begins_path(tokens, at) && next == Some(&Kind::Path) {
            targets(tokens, at + 2, &mut found);
        }
        return found.iter().any(|edge| edge.to == tail);
    }
    let imported = at > 0 && tokens[at - 1].word() == Some("use");
    word == name && begins_path(tokens, at) && (next == Some(&Kind::Path) || imported)
}

/// For each token, whether it belongs to an item under `#[cfg(test)]`.
fn test_tokens(tokens: &[Token]) -> Vec<bool> {
    let mut marks = vec![false; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        let Some(after) = test_attribute(tokens, at) else {
            at += 1;
            continue;
        };
        let end = item_end(tokens, after);
        marks[at..end].fill(true);
        at = end;
    }
    marks
}

/// The place after `#[cfg(test)]` or `#[cfg(all(test, …))]`, if it stands at `at`.
fn test_attribute(tokens: &[Token], at: usize) -> Option<usize> {
    let begins =
        tokens[at].is('#') && tokens.get(at + 1)?.is('[') && tokens.get(at + 2)?.word() == Some("cfg");
    let length = tokens[at..].iter().position(|token| token.is(']'))?;
    let has = |name| tokens[at..at + length].iter().any(|token| token.word() == Some(name));
    (begins && has("test") && !has("not") && !has("any")).then_some(at + length + 1)
}

/// The place after the item that begins at `at`: after its `;` or its closing brace.
fn item_end(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            Kind::Sign('{') => depth += 1,
            Kind::Sign('}') if depth <= 1 => return index + 1,
            Kind::Sign('}') => depth -= 1,
            Kind::Sign(';') if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}
