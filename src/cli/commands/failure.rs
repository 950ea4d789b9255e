//! Why a command did not do what it was asked, and the exit code that says so.

use std::fmt;

use crate::app::{Problem, ProblemKind};
use crate::cli::{REFUSED, UNREACHABLE, WRONG_USAGE};
use crate::client;

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
        let hint = problem.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
        let request = problem.request_id.map(|id| format!(" (request {id})")).unwrap_or_default();
        let text = format!("{}{hint}{request}", problem.text);
        match problem.kind {
            // A key that is refused once is refused always.
            ProblemKind::Refused(error) if error.http_status == 401 => {
                Self { code: REFUSED, is_final: true, text }
            }
            ProblemKind::Refused(_) => Self::refused(text),
            ProblemKind::Unreachable | ProblemKind::Other => Self::unreachable(text),
        }
    }
}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Self {
        Problem::from(error).into()
    }
}
