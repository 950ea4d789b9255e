//! What can be wrong with a scenario, for the person who wrote it. Sandbox only.

use std::io;
use std::ops::Range;

use crate::text::clean;

/// Why a scenario cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// It is no built-in one, and no file that can be read.
    #[error("cannot read the scenario {}: {source}; built in are {built_in}", clean(file))]
    Unreadable {
        /// What was asked for.
        file: String,
        /// The built-in scenarios.
        built_in: String,
        /// What the system said.
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("{}:{line}: {field}: {message}", clean(file))]
    Wrong {
        /// The file, or the name of a built-in scenario.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The field that stands there.
        field: String,
        /// What is wrong with it.
        message: String,
    },
}

impl ScenarioError {
    /// Something wrong at the bytes `span` of `text`.
    pub(super) fn at(file: &str, text: &str, span: Option<Range<usize>>, message: &str) -> Self {
        let offset = span.map_or(0, |span| span.start).min(text.len());
        let before = text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let field = field(text, line);
        Self::Wrong { file: file.to_owned(), line, field, message: clean(message.trim()).into_owned() }
    }
}

/// The field of a line, with the table that it is in.
fn field(text: &str, line: usize) -> String {
    let lines: Vec<&str> = text.lines().take(line).map(str::trim).collect();
    let is_table = |line: &&&str| line.starts_with('[');
    let table = lines.iter().rev().find(is_table).map(|line| line.trim_matches(['[', ']', ' ']));
    let name = lines.last().filter(|line| !is_table(line)).and_then(|line| line.split_once('='));
    let name = name.map(|(name, _)| name.trim());
    let parts: Vec<&str> = [table, name].into_iter().flatten().collect();
    if parts.is_empty() { "the scenario".to_owned() } else { clean(&parts.join(".")).into_owned() }
}
