//! Why nothing comes, in words: a full rate limit, a failing API, silence, a refusal and no network are five things.

use super::Look;
use super::notice::Words;
use crate::actions::Action;
use crate::app::{Model, Problem, ProblemKind, Waiting};
use crate::changes::Trouble;

/// One or two words for the header.
pub(super) fn word(problem: &Problem) -> &'static str {
    match (problem.trouble(), problem.kind()) {
        (Some(Trouble::RateLimited), _) => "rate limited",
        (Some(Trouble::Failing), _) => "API failing",
        (Some(Trouble::Silent), _) => "no answer",
        (Some(Trouble::Unreachable), _) => "offline",
        (None, ProblemKind::Refused(_)) => "refused",
        (None, _) => "incomplete",
    }
}

/// The head of a list that has no rows because of it.
pub(super) fn title(problem: &Problem, nouns: &str) -> String {
    match (problem.trouble(), problem.kind()) {
        (Some(Trouble::RateLimited), _) => "Too many requests".to_owned(),
        (Some(Trouble::Failing), _) => "The API fails".to_owned(),
        (Some(Trouble::Silent), _) => "The API does not answer".to_owned(),
        (Some(Trouble::Unreachable), _) => "The API is not reached".to_owned(),
        (None, ProblemKind::Refused(_)) => format!("The API refuses to list {nouns}"),
        (None, _) => format!("The {nouns} could not be loaded"),
    }
}

/// Over the rule: what is wrong, when it is tried again, and what can be done.
pub(super) fn line(problem: &Problem, model: &Model, look: &Look) -> Words {
    let mut words = vec![("✗ ".to_owned(), look.bad), (headline(problem).to_owned(), look.text)];
    let now = match model.again_in() {
        Some(secs) => {
            words.push((format!(" tried again in {secs} s"), look.text));
            " now"
        }
        None => " tries again",
    };
    words.extend(key(model, look, Action::Refresh, now));
    if model.can_stop() {
        words.extend(key(model, look, Action::Back, " stops"));
    }
    words.push((format!("   {}", problem.text()), look.dim));
    words
}

/// Over the rule: that something is waited for longer than anybody would think.
pub(super) fn waiting_line(waiting: &Waiting<'_>, model: &Model, look: &Look) -> Words {
    let mut words =
        vec![("~ ".to_owned(), look.info), (format!("Waiting for the API: {}", waited(waiting)), look.text)];
    words.extend(key(model, look, Action::Back, " stops"));
    words.extend(waiting.trying.map(|trying| (format!("   {}", trying.last.text()), look.dim)));
    words
}

/// Over the rule: that both lists are read to their ends, however long they are.
pub(super) fn loading_line(model: &Model, look: &Look) -> Words {
    let mut words = vec![("~ ".to_owned(), look.info), ("Loading the whole list".to_owned(), look.text)];
    words.extend(key(model, look, Action::Back, " stops"));
    words
}

/// A key and what it does, where it has one.
fn key(model: &Model, look: &Look, action: Action, does: &str) -> Words {
    let key = model.keymap.label(action);
    if key.is_empty() {
        return Words::new();
    }
    vec![("   ".to_owned(), look.text), (key, look.key), (does.to_owned(), look.text)]
}

const fn headline(problem: &Problem) -> &'static str {
    match problem.trouble() {
        Some(Trouble::RateLimited) => "Too many requests,",
        Some(Trouble::Failing) => "The API fails,",
        Some(Trouble::Silent) => "No answer,",
        Some(Trouble::Unreachable) => "Not reached,",
        None => "The list is not complete",
    }
}

/// How long something is waited for, and what came of its tries: `12 s, try 2 of 3`.
pub(super) fn waited(waiting: &Waiting<'_>) -> String {
    match waiting.trying {
        Some(trying) => format!("{} s, try {} of {}", waiting.secs, trying.number, trying.of),
        None => format!("{} s", waiting.secs),
    }
}
