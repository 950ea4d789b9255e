//! Why a command did not do what it was asked, and the exit code that says so.

use std::fmt;

use crate::app::{Doubt, Problem, ProblemKind};
use crate::cli::{REFUSED, UNREACHABLE, WRONG_USAGE};
use crate::client;
use crate::worker::ChangeError;

/// What went wrong, as sentences for standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The exit code.
    pub(super) code: u8,
    /// Whether every other request would fail the same way.
    pub(super) is_final: bool,
    text: String,
}

impl Failure {
    /// The command line, the settings or a confirmation is wrong or missing.
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self { code: WRONG_USAGE, is_final: true, text: text.into() }
    }

    /// The status of an object does not allow it.
    pub(super) fn refused(text: impl Into<String>) -> Self {
        Self { code: REFUSED, is_final: false, text: text.into() }
    }

    /// Something on this machine or on the way to the API does not work.
    pub(super) fn unreachable(text: impl Into<String>) -> Self {
        Self { code: UNREACHABLE, is_final: true, text: text.into() }
    }
}

/// Why a command ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nobody reads standard output any more, which is no error: `vetty … | head`.
    Closed,
    /// Something went wrong.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let hint = problem.hint().map(|hint| format!(" {hint}")).unwrap_or_default();
        let request = problem.request_id().map(|id| format!(" (request {id})")).unwrap_or_default();
        let text = format!("{}{hint}{request}", problem.text());
        match problem.kind() {
            // A key that is refused once is refused always.
            ProblemKind::Refused(error) if error.is_unauthorized() => {
                Self { code: REFUSED, is_final: true, text }
            }
            ProblemKind::Refused(_) | ProblemKind::InDoubt(Doubt::Failed(_)) => Self::refused(text),
            ProblemKind::InDoubt(Doubt::Unanswered | Doubt::Unreadable)
            | ProblemKind::Unreachable
            | ProblemKind::Disk
            | ProblemKind::Other => Self::unreachable(text),
        }
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        Problem::from(error).into()
    }
}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Self {
        Problem::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ApiError;

    fn api_error(http_status: u16) -> ApiError {
        let body = serde_json::json!({ "type": "api_error", "message": "No." });
        ApiError::of(http_status, body)
    }

    fn refused(http_status: u16) -> ProblemKind {
        ProblemKind::Refused(Box::new(api_error(http_status)))
    }

    #[test]
    fn the_kind_of_a_problem_decides_the_exit_code_and_whether_others_are_asked() {
        for (kind, code, is_final) in [
            (refused(401), REFUSED, true),
            (refused(400), REFUSED, false),
            (ProblemKind::InDoubt(Doubt::Failed(Box::new(api_error(500)))), REFUSED, false),
            (ProblemKind::InDoubt(Doubt::Unanswered), UNREACHABLE, true),
            (ProblemKind::InDoubt(Doubt::Unreadable), UNREACHABLE, true),
            (ProblemKind::Unreachable, UNREACHABLE, true),
            (ProblemKind::Disk, UNREACHABLE, true),
            (ProblemKind::Other, UNREACHABLE, true),
        ] {
            let problem = Problem::new(kind.clone(), "It failed.").with_hint("Try again.");
            let failure = Failure::from(problem.with_request_id(Some("req_1")));
            assert_eq!((failure.code, failure.is_final), (code, is_final), "{kind:?}");
            assert_eq!(failure.to_string(), "It failed. Try again. (request req_1)");
        }
    }
}
