//! Which action is legal in which status, and what it leads to. Pure functions over the state of a session.
//!
//! Sources: API reference ("Update", "Cancel" and "Redact a VerificationSession") and the guide "The Verification
//! Sessions API". Where the API is silent the choice is named at the rule.

use serde::{Deserialize, Serialize};

use super::{RedactionStatus, Session, Status};

/// The part of a session that decides what may be done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Where the session stands.
    pub status: Status,
    /// How far its redaction is.
    pub redaction: Option<RedactionStatus>,
}

impl State {
    /// A state without a redaction.
    #[must_use]
    pub const fn new(status: Status) -> Self {
        Self { status, redaction: None }
    }
}

impl From<&Session> for State {
    fn from(session: &Session) -> Self {
        Self { status: session.status.clone(), redaction: session.redaction_status().cloned() }
    }
}

/// What somebody wants to do with a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Change type, options or provided details.
    Update,
    /// Change metadata and nothing else.
    UpdateMetadata,
    /// Invalidate it for further submissions.
    Cancel,
    /// Erase what was collected.
    Redact,
    /// Submit documents: what the person does on the hosted page.
    Submit,
    /// Hand out the hosted page's URL.
    Link,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 6] =
        [Self::Update, Self::UpdateMetadata, Self::Cancel, Self::Redact, Self::Submit, Self::Link];

    /// The verb as people say it.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::UpdateMetadata => "change the metadata of",
            Self::Cancel => "cancel",
            Self::Redact => "redact",
            Self::Submit => "submit",
            Self::Link => "open",
        }
    }
}

/// What a legal act leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The session is in this state afterwards.
    To(State),
    /// The API says yes and changes nothing.
    Nothing,
}

/// Why an act is not legal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Checks are running: wait for the end.
    Processing,
    /// The session was verified.
    Verified,
    /// The session was canceled.
    Canceled,
    /// A redaction was asked for.
    BeingRedacted,
    /// The status is one this program does not know.
    UnknownStatus,
}

impl Refusal {
    /// The reason as a clause: "… because `it is processing; wait for the result`".
    #[must_use]
    pub const fn because(self) -> &'static str {
        match self {
            Self::Processing => "it is processing; wait for the result",
            Self::Verified => "it is verified already",
            Self::Canceled => "it is canceled",
            Self::BeingRedacted => "it is redacted, or about to be",
            Self::UnknownStatus => "its status is not known to this version",
        }
    }
}

/// Judges `act` on a session in `state`.
///
/// # Errors
/// The [`Refusal`] that the API would answer with status 400.
pub fn judge(state: &State, act: Act) -> Result<Outcome, Refusal> {
    match act {
        Act::Cancel => cancel(state),
        Act::Redact => redact(state),
        Act::Submit => while_open(state).map(|()| Outcome::To(State::new(Status::Processing))),
        Act::Update | Act::Link => while_open(state).map(|()| Outcome::To(state.clone())),
        // The reference forbids updates of redacted objects only; for metadata alone we take it at its word.
        Act::UpdateMetadata => match state.redaction {
            Some(_) => Err(Refusal::BeingRedacted),
            None => Ok(Outcome::To(state.clone())),
        },
    }
}

/// Refuses everything that needs a session waiting for its person.
fn while_open(state: &State) -> Result<(), Refusal> {
    match (&state.redaction, &state.status) {
        (Some(_), _) => Err(Refusal::BeingRedacted),
        (None, Status::RequiresInput) => Ok(()),
        (None, Status::Processing) => Err(Refusal::Processing),
        (None, Status::Verified) => Err(Refusal::Verified),
        (None, Status::Canceled) => Err(Refusal::Canceled),
        (None, Status::Other(_)) => Err(Refusal::UnknownStatus),
    }
}

fn cancel(state: &State) -> Result<Outcome, Refusal> {
    match state.status {
        // Canceling twice is answered with 200 and changes nothing, redacted or not.
        Status::Canceled => Ok(Outcome::Nothing),
        _ => while_open(state).map(|()| Outcome::To(State::new(Status::Canceled))),
    }
}

fn redact(state: &State) -> Result<Outcome, Refusal> {
    if state.redaction.is_some() {
        // The reference does not say; a second request is answered with 200 and changes nothing.
        return Ok(Outcome::Nothing);
    }
    let status = match state.status {
        // Redacting a session that waits for input cancels it.
        Status::RequiresInput | Status::Canceled => Status::Canceled,
        Status::Verified => Status::Verified,
        Status::Processing => return Err(Refusal::Processing),
        Status::Other(_) => return Err(Refusal::UnknownStatus),
    };
    Ok(Outcome::To(State { status, redaction: Some(RedactionStatus::Processing) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Clean;

    fn to(status: Status) -> Outcome {
        Outcome::To(State::new(status))
    }

    fn redacting(status: Status) -> State {
        State { status, redaction: Some(RedactionStatus::Processing) }
    }

    #[test]
    fn cancel_is_for_sessions_that_wait() {
        assert_eq!(judge(&State::new(Status::RequiresInput), Act::Cancel), Ok(to(Status::Canceled)));
        assert_eq!(judge(&State::new(Status::Canceled), Act::Cancel), Ok(Outcome::Nothing));
        assert_eq!(judge(&State::new(Status::Verified), Act::Cancel), Err(Refusal::Verified));
        assert_eq!(judge(&State::new(Status::Processing), Act::Cancel), Err(Refusal::Processing));
    }

    #[test]
    fn redact_waits_for_checks_only() {
        assert_eq!(
            judge(&State::new(Status::RequiresInput), Act::Redact),
            Ok(Outcome::To(redacting(Status::Canceled)))
        );
        assert_eq!(
            judge(&State::new(Status::Verified), Act::Redact),
            Ok(Outcome::To(redacting(Status::Verified)))
        );
        assert_eq!(
            judge(&State::new(Status::Canceled), Act::Redact),
            Ok(Outcome::To(redacting(Status::Canceled)))
        );
        assert_eq!(judge(&State::new(Status::Processing), Act::Redact), Err(Refusal::Processing));
        assert_eq!(judge(&redacting(Status::Verified), Act::Redact), Ok(Outcome::Nothing));
    }

    #[test]
    fn a_redacted_session_is_left_alone() {
        for act in [Act::Update, Act::UpdateMetadata, Act::Submit, Act::Link] {
            assert_eq!(judge(&redacting(Status::Canceled), act), Err(Refusal::BeingRedacted), "{act:?}");
        }
    }

    #[test]
    fn an_unknown_status_is_never_acted_on() {
        let state = State::new(Status::Other(Clean::new("under_review")));
        for act in [Act::Update, Act::Cancel, Act::Redact, Act::Submit, Act::Link] {
            assert_eq!(judge(&state, act), Err(Refusal::UnknownStatus), "{act:?}");
        }
    }
}
