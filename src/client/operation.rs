//! What can be asked, as words for errors and as keys for limits.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::text::Clean;

/// One kind of request. The service limits each apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `POST /v1/identity/verification_sessions`
    CreateSession,
    /// `POST /v1/identity/verification_sessions/:id`
    UpdateSession,
    /// `GET /v1/identity/verification_sessions/:id`
    RetrieveSession,
    /// `GET /v1/identity/verification_sessions`
    ListSessions,
    /// `POST /v1/identity/verification_sessions/:id/cancel`
    CancelSession,
    /// `POST /v1/identity/verification_sessions/:id/redact`
    RedactSession,
    /// `GET /v1/identity/verification_reports/:id`
    RetrieveReport,
    /// `GET /v1/identity/verification_reports`
    ListReports,
    /// `POST /_vetty/verification_sessions/:id/submit`, in vetty's sandbox only
    SubmitSession,
    /// `GET /_vetty/health`, in vetty's sandbox only
    ProbeSandbox,
}

impl Operation {
    /// How many there are.
    pub(super) const COUNT: usize = Self::ProbeSandbox as usize + 1;

    /// What is being done, as in "while canceling session".
    #[must_use]
    pub const fn doing(self) -> &'static str {
        match self {
            Self::CreateSession => "creating a session",
            Self::UpdateSession => "updating session",
            Self::RetrieveSession => "retrieving session",
            Self::ListSessions => "listing sessions",
            Self::CancelSession => "canceling session",
            Self::RedactSession => "redacting session",
            Self::RetrieveReport => "retrieving report",
            Self::ListReports => "listing reports",
            Self::SubmitSession => "submitting session",
            Self::ProbeSandbox => "looking for a sandbox",
        }
    }

    /// Whether it changes something.
    #[must_use]
    pub const fn is_change(self) -> bool {
        matches!(
            self,
            Self::CreateSession
                | Self::UpdateSession
                | Self::CancelSession
                | Self::RedactSession
                | Self::SubmitSession
        )
    }

    /// Whether it asks for a page of a list.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::ListSessions | Self::ListReports)
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::RetrieveReport | Self::ListReports => "report",
            _ => "session",
        }
    }
}

/// What was asked, of whom, about which object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What was to be done.
    pub operation: Operation,
    /// Host and port of the API.
    pub host: Arc<str>,
    /// The id of the object, where the request named one.
    pub object: Option<Clean>,
    /// How often it was tried before it was given up.
    pub effort: Effort,
}

/// What was spent on a request that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// How often it was sent. 0 while that is not known.
    pub tries: u8,
    /// For how long, pauses included, in whole seconds.
    pub secs: u32,
}

impl Effort {
    pub(super) fn new(tries: u8, took: Duration) -> Self {
        Self { tries, secs: u32::try_from(took.as_secs()).unwrap_or(u32::MAX) }
    }
}

impl fmt::Display for Effort {
    /// ` (3 tries in 4 s)`, or nothing where there is nothing to tell.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { tries: 0 | 1, .. } => Ok(()),
            Self { tries, secs: 0 } => write!(f, " ({tries} tries)"),
            Self { tries, secs } => write!(f, " ({tries} tries in {secs} s)"),
        }
    }
}

impl Asked {
    /// The object with its kind: `session vs_1`.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        self.object.as_ref().map(|id| format!("{} {id}", self.operation.noun()))
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.doing())?;
        self.object.as_ref().map_or(Ok(()), |id| write!(f, " {id}"))
    }
}
