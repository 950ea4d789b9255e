//! Turns a parser's error into a place and a sentence.

use std::path::Path;

use strsim::osa_distance;

use super::ConfigError;
use super::key::without_keys;
use crate::text::clean;

/// Names under which people try to write a key into the settings file.
const KEY_NAMES: [&str; 8] =
    ["key", "api_key", "apikey", "secret_key", "restricted_key", "secret", "token", "stripe_api_key"];

/// The error of reading `source`, which was found at `path`.
pub(super) fn settings_error(path: &Path, source: &str, error: &toml::de::Error) -> ConfigError {
    let (line, column) = place(source, error.span().map_or(0, |span| span.start));
    let (message, hint) = explain(error.message());
    ConfigError::Settings { path: path.to_owned(), line, column, message, hint }
}

/// Line and column of a byte offset, both counted from 1, the column in characters.
pub(super) fn place(source: &str, offset: usize) -> (usize, usize) {
    let offset = (0..=offset.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
    let before = &source[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// What serde says, in words for somebody who never heard of it, and what to do about it.
fn explain(raw: &str) -> (String, Option<String>) {
    let safe = without_keys(&clean(raw.trim()));
    if let Some(rest) = safe.strip_prefix("unknown field ") {
        return unknown_setting(rest);
    }
    if let Some(rest) = safe.strip_prefix("unknown variant ") {
        return unknown_choice(rest);
    }
    if let Some((found, expected)) =
        safe.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    {
        return (format!("expected {}, found {}", plain_type(expected), plain_type(found)), None);
    }
    if safe.starts_with("duplicate key") {
        return (safe, Some("keep one of the two".to_owned()));
    }
    (safe, None)
}

fn unknown_setting(rest: &str) -> (String, Option<String>) {
    let mut names = in_backticks(rest);
    let Some(wrong) = names.next() else {
        return (format!("unknown setting {rest}"), None);
    };
    let known: Vec<&str> = names.collect();
    let hint = if KEY_NAMES.contains(&wrong.to_ascii_lowercase().as_str()) {
        "keys do not belong in this file: name a file of its own in `key_file`, or a variable in `key_env`"
            .to_owned()
    } else {
        suggestion(wrong, &known)
    };
    (format!("there is no setting `{wrong}` here"), Some(hint))
}

fn unknown_choice(rest: &str) -> (String, Option<String>) {
    let mut names = in_backticks(rest);
    let Some(wrong) = names.next() else {
        return (format!("unknown choice {rest}"), None);
    };
    let known: Vec<&str> = names.collect();
    (format!("`{wrong}` is not one of the choices"), Some(suggestion(wrong, &known)))
}

/// "did you mean …?" where something comes close, and always what there is.
pub(super) fn suggestion(wrong: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    match closest(wrong, known) {
        Some(near) => format!("did you mean `{near}`? There are: {list}"),
        None => format!("there are: {list}"),
    }
}

/// The one of `known` that `wrong` was probably meant to be: at most a third of its letters differ.
#[must_use]
pub fn closest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    let wrong = wrong.to_lowercase().replace('-', "_");
    known
        .iter()
        .map(|name| (osa_distance(&wrong, &name.to_lowercase()), *name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn plain_type(word: &str) -> String {
    match word {
        "a boolean" => "true or false".to_owned(),
        "a string" => "a text in quotes".to_owned(),
        "a sequence" | "sequence" => "a list in square brackets".to_owned(),
        "a map" | "map" => "a table".to_owned(),
        other => other
            .strip_prefix("struct ")
            .map_or_else(|| other.replace("string \"", "the text \""), |_| "a table of settings".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let source = "a = 1\nß = é 2";
        assert_eq!(place(source, 0), (1, 1));
        assert_eq!(place(source, source.find('2').unwrap()), (2, 7));
        assert_eq!(place(source, 999), (2, 8));
        assert_eq!(place(source, 7), (2, 1));
    }

    #[test]
    fn near_misses_are_recognised() {
        let known = ["theme", "hold_seconds", "reveal_seconds", "mouse"];
        assert_eq!(closest("thme", &known), Some("theme"));
        assert_eq!(closest("hold-second", &known), Some("hold_seconds"));
        assert_eq!(closest("Mouse", &known), Some("mouse"));
        assert_eq!(closest("colour", &known), None);
        assert_eq!(closest("drak", &["dark", "light"]), Some("dark"), "two letters that changed places");
        assert_eq!(closest("", &known), None);
    }

    #[test]
    fn a_key_in_the_wrong_place_gets_its_own_hint() {
        let (message, hint) = explain("unknown field `api_key`, expected `theme` or `mouse`");
        assert_eq!(message, "there is no setting `api_key` here");
        assert!(hint.unwrap().contains("`key_file`"));
    }
}
