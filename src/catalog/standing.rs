//! Where a session stands as a reviewer says it: the API's `requires_input` is four different things.

use crate::identity::{ErrorCode, RedactionStatus, Session, Status};
use crate::text::Clean;

/// A session's status, told apart further by its last error and its redaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was submitted yet.
    Waiting,
    /// Started and never submitted.
    Abandoned,
    /// The last submission failed, or the person was refused.
    Failed,
    /// Checks are running.
    Processing,
    /// Every check was passed.
    Verified,
    /// Canceled.
    Canceled,
    /// A redaction was asked for and is not finished.
    Redacting,
    /// Redacted.
    Redacted,
    /// A status that this version does not know.
    Unknown(Clean),
}

impl Standing {
    /// Where `session` stands.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        match session.redaction_status() {
            Some(RedactionStatus::Redacted | RedactionStatus::Validated) => return Self::Redacted,
            Some(_) => return Self::Redacting,
            None => {}
        }
        match &session.status {
            Status::Processing => Self::Processing,
            Status::Verified => Self::Verified,
            Status::Canceled => Self::Canceled,
            Status::Other(status) => Self::Unknown(status.clone()),
            Status::RequiresInput => match &session.last_error {
                None if session.last_verification_report.is_some() => Self::Failed,
                None => Self::Waiting,
                Some(error) if error.code == Some(ErrorCode::Abandoned) => Self::Abandoned,
                Some(_) => Self::Failed,
            },
        }
    }

    /// One column: told apart without colour.
    #[must_use]
    pub const fn glyph(&self) -> &'static str {
        match self {
            Self::Waiting => "○",
            Self::Abandoned => "◌",
            Self::Failed => "!",
            Self::Processing => "~",
            Self::Verified => "✓",
            Self::Canceled => "×",
            Self::Redacting => "□",
            Self::Redacted => "■",
            Self::Unknown(_) => "?",
        }
    }

    /// One or two words.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Waiting => "not submitted",
            Self::Abandoned => "abandoned",
            Self::Failed => "failed",
            Self::Processing => "processing",
            Self::Verified => "verified",
            Self::Canceled => "canceled",
            Self::Redacting => "redacting",
            Self::Redacted => "redacted",
            Self::Unknown(status) => status.as_str(),
        }
    }

    /// What can happen next, as a sentence.
    #[must_use]
    pub const fn next(&self) -> &'static str {
        match self {
            Self::Waiting => "Waits for the person: send the link, or cancel.",
            Self::Abandoned | Self::Failed => "The person may try again: send a fresh link, or cancel.",
            Self::Processing => "Checks are running; most end within a minute. Refresh to see the result.",
            Self::Verified => "Done. Redact when the data is no longer needed.",
            Self::Canceled => "Nothing more can be submitted. Redact to erase what was collected.",
            Self::Redacting => "Data is being erased; this may take up to four days.",
            Self::Redacted => "Everything collected is erased. Nothing more can be done with it.",
            Self::Unknown(_) => "This version does not know this status; see Stripe's Dashboard.",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixtures::session;
    use super::*;

    #[test]
    fn requires_input_is_told_apart() {
        let standing = |extra| Standing::of(&session("vs_1", 1, extra));
        assert_eq!(standing(json!({})), Standing::Waiting);
        assert_eq!(
            standing(json!({ "last_error": { "code": "abandoned", "reason": "" } })),
            Standing::Abandoned
        );
        assert_eq!(
            standing(json!({ "last_error": { "code": "document_expired", "reason": "" } })),
            Standing::Failed
        );
        assert_eq!(standing(json!({ "status": "canceled" })), Standing::Canceled);
        assert_eq!(
            standing(json!({ "status": "verified", "redaction": { "status": "processing" } })),
            Standing::Redacting
        );
        assert_eq!(standing(json!({ "status": "moot" })).word(), "moot");
    }
}
