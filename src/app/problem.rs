//! What went wrong, for people: what happened, what to do next, and which state it is.

use crate::changes::Trouble;
use crate::identity::{ApiError, Session};

use super::notice::{Level, Notice};

/// What went wrong. The sentences are for people; whoever has to tell one problem from another asks for its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemKind,
    trouble: Option<Trouble>,
    text: String,
    hint: Option<String>,
    request_id: Option<String>,
    session: Option<Box<Session>>,
}

/// Which kind of problem it is: decides where it is shown, what is tried again, and the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The API refused.
    Refused(Box<ApiError>),
    /// The API was not reached, or did not answer in time.
    Unreachable,
    /// Nobody knows whether a change happened.
    InDoubt(Doubt),
    /// This machine's disk did not take, or give, what it should.
    Disk,
    /// Anything else.
    Other,
}

/// Why every request fails, whatever it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Trouble(Trouble),
    /// The key is not taken, with this status.
    Key(u16),
}

/// Why nobody knows whether a change happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The API failed, maybe after the deed.
    Failed(Box<ApiError>),
    /// No answer came, or not in time.
    Unanswered,
    /// What came is no answer of an Identity API, or was cut.
    Unreadable,
}

impl Problem {
    /// A problem: `text` says what happened, to which object, as a sentence.
    #[must_use]
    pub fn new(kind: ProblemKind, text: impl Into<String>) -> Self {
        Self { kind, trouble: None, text: text.into(), hint: None, request_id: None, session: None }
    }

    /// A problem that a clause tells, as errors do. It becomes a sentence.
    #[must_use]
    pub fn told(kind: ProblemKind, clause: &str) -> Self {
        Self::new(kind, sentence(clause))
    }

    /// The same with what to do next, as a sentence.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same with the request id, if there is one.
    #[must_use]
    pub fn with_request_id(self, request_id: Option<impl ToString>) -> Self {
        Self { request_id: request_id.map(|id| id.to_string()), ..self }
    }

    /// The same as one that passes by itself, if it is.
    #[must_use]
    pub fn with_trouble(self, trouble: Option<Trouble>) -> Self {
        Self { trouble, ..self }
    }

    /// What keeps answers from coming, if that passes by itself.
    #[must_use]
    pub const fn trouble(&self) -> Option<Trouble> {
        self.trouble
    }

    /// What several requests of one moment have in common that fail the same way: it is said once.
    #[must_use]
    pub(super) fn cause(&self) -> Option<Cause> {
        match (&self.kind, self.trouble) {
            (_, Some(trouble)) => Some(Cause::Trouble(trouble)),
            (ProblemKind::Refused(error), None) if matches!(error.http_status, 401 | 403) => {
                Some(Cause::Key(error.http_status))
            }
            _ => None,
        }
    }

    /// The same with a sentence before what happened.
    #[must_use]
    pub fn after(self, sentence: &str) -> Self {
        Self { text: format!("{sentence} {}", self.text), ..self }
    }

    /// The same with a sentence behind what happened.
    #[must_use]
    pub fn followed_by(self, sentence: &str) -> Self {
        Self { text: format!("{} {sentence}", self.text), ..self }
    }

    /// The same with the session as it is now, if it was read.
    #[must_use]
    pub fn with_session(self, session: Option<Box<Session>>) -> Self {
        Self { session, ..self }
    }

    /// The session as it is now, if it was read after what went wrong.
    pub fn take_session(&mut self) -> Option<Box<Session>> {
        self.session.take()
    }

    /// Which kind of problem it is.
    #[must_use]
    pub const fn kind(&self) -> &ProblemKind {
        &self.kind
    }

    /// What happened, to which object, as a sentence.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What to do next, as a sentence.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The request id, if there is one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What the API said, if it said something.
    #[must_use]
    pub const fn api(&self) -> Option<&ApiError> {
        match &self.kind {
            ProblemKind::Refused(error) | ProblemKind::InDoubt(Doubt::Failed(error)) => Some(error),
            ProblemKind::InDoubt(Doubt::Unanswered | Doubt::Unreadable)
            | ProblemKind::Unreachable
            | ProblemKind::Disk
            | ProblemKind::Other => None,
        }
    }

    /// Whether no answer came: whatever else is asked may not arrive either.
    #[must_use]
    pub const fn is_unanswered(&self) -> bool {
        match &self.kind {
            ProblemKind::Unreachable | ProblemKind::InDoubt(Doubt::Unanswered) => true,
            ProblemKind::InDoubt(Doubt::Failed(_) | Doubt::Unreadable)
            | ProblemKind::Refused(_)
            | ProblemKind::Disk
            | ProblemKind::Other => false,
        }
    }
}

impl Notice {
    /// A failure.
    #[must_use]
    pub fn problem(problem: Problem) -> Self {
        Self { hint: problem.hint, request_id: problem.request_id, ..Self::new(Level::Failed, problem.text) }
    }
}

/// A clause as a sentence: a capital and a full stop.
#[must_use]
pub fn sentence(clause: &str) -> String {
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

    fn api_error() -> ApiError {
        let body = serde_json::json!({ "type": "api_error", "message": "No." });
        ApiError::of(0, body)
    }

    #[test]
    fn doubt_has_what_the_same_answer_has_without_it() {
        let says = |kind| {
            let problem = Problem::new(kind, "It failed.");
            (problem.api().is_some(), problem.is_unanswered())
        };
        assert_eq!(says(ProblemKind::Refused(Box::new(api_error()))), (true, false));
        assert_eq!(says(ProblemKind::InDoubt(Doubt::Failed(Box::new(api_error())))), (true, false));
        assert_eq!(says(ProblemKind::Unreachable), (false, true));
        assert_eq!(says(ProblemKind::InDoubt(Doubt::Unanswered)), (false, true));
        for silent in [ProblemKind::InDoubt(Doubt::Unreadable), ProblemKind::Disk, ProblemKind::Other] {
            assert_eq!(says(silent), (false, false));
        }
    }

    #[test]
    fn sentences_stand_in_their_order() {
        let problem = Problem::new(ProblemKind::Other, "It failed.").after("Before.").followed_by("Behind.");
        assert_eq!(problem.text(), "Before. It failed. Behind.");
        assert_eq!((problem.hint(), problem.request_id()), (None, None));
        let problem = problem.with_hint("Try again.").with_request_id(Some("req_1"));
        assert_eq!((problem.hint(), problem.request_id()), (Some("Try again."), Some("req_1")));
    }

    #[test]
    fn clauses_become_sentences_and_names_keep_their_case() {
        assert_eq!(sentence("try again"), "Try again.");
        assert_eq!(sentence("api.example.com refused the API key"), "api.example.com refused the API key.");
        assert_eq!(sentence("session vs_1 does not exist"), "Session vs_1 does not exist.");
    }
}
