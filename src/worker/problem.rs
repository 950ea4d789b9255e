//! From a client's error to what the screen says.

use crate::app::{Problem, ProblemKind};
use crate::client::Error;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = match error.api() {
            Some(api) => ProblemKind::Refused(Box::new(api.clone())),
            None if matches!(error, Error::Unreachable { .. } | Error::Timeout { .. }) => {
                ProblemKind::Unreachable
            }
            None => ProblemKind::Other,
        };
        Self {
            text: sentence(&error.summary()),
            hint: Some(sentence(error.hint())),
            request_id: error.request_id().map(ToString::to_string),
            kind,
        }
    }
}

/// A clause as a sentence: a capital and a full stop.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let mut out: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    // Ids and hosts keep their case.
    if clause.starts_with(|c: char| c.is_ascii_lowercase())
        && clause.split_whitespace().next().is_some_and(|word| word.contains(['_', '.', ':']))
    {
        out = clause.chars().next().map(String::from).unwrap_or_default();
    }
    out.push_str(chars.as_str());
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_become_sentences_and_names_keep_their_case() {
        assert_eq!(sentence("try again"), "Try again.");
        assert_eq!(sentence("api.example.com refused the API key"), "api.example.com refused the API key.");
        assert_eq!(sentence("session vs_1 does not exist"), "Session vs_1 does not exist.");
    }
}
