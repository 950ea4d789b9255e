//! Errors in sentences for people.
//!
//! A sentence says what happened, to which host and object, and what to do next, with the request's id where there
//! is one. It never holds a key, a query or a body.

use std::fmt;
use std::time::Duration;

use super::{Error, Fault, Obstacle};
use crate::changes::Mismatch;
use crate::client::operation::{Asked, Operation};
use crate::identity::ApiError;

/// What to do about a change that may have been made.
const LOOK_FIRST: &str = "look at the object before asking again: the change may have been made";

impl Error {
    /// What happened and after how many tries, without what to do next.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            // Its parts tell what was spent on each.
            Self::Unsettled { .. } => self.clause(),
            _ => format!("{}{}", self.clause(), self.asked().effort),
        }
    }

    fn clause(&self) -> String {
        let asked = self.asked();
        let host = &asked.host;
        match self {
            Self::Api { error, .. } => refusal(asked, error),
            Self::Unreachable { obstacle, .. } => {
                format!("could not reach {host} while {asked}: {}", obstacle.reason())
            }
            Self::Timeout { connecting: true, after, .. } => {
                format!("{host} took no connection within {} while {asked}", seconds(*after))
            }
            Self::Timeout { after, .. } => {
                format!("{host} did not answer within {} while {asked}", seconds(*after))
            }
            Self::NotAnApi { status, detail, .. } => {
                format!(
                    "{host} does not look like an Identity API: it answered {status} with {detail} while {asked}"
                )
            }
            Self::BadReply { fault: fault @ (Fault::NothingNew | Fault::NothingAsked(_)), .. } => {
                format!("the list of {host} cannot be right, {asked}: {fault}")
            }
            Self::BadReply { fault, .. } => {
                format!("the answer of {host} could not be read while {asked}: {fault}")
            }
            Self::Unsettled { earlier, last } => {
                format!("{}; asked again, {}", earlier.clause(), last.summary())
            }
            Self::InvalidId { .. } => format!("an empty id, or one of dots only, names no object ({asked})"),
            Self::NotASandbox { .. } => format!("{host} is not a sandbox on this machine ({asked})"),
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Api { error, .. } => advice(error, self.asked()),
            Self::Unreachable { obstacle, .. } => obstacle.hint(),
            Self::Timeout { connecting: true, .. } => "check the network and the API base",
            Self::Timeout { asked, .. } | Self::BadReply { fault: Fault::CutShort, asked, .. } => {
                if asked.operation.is_change() { LOOK_FIRST } else { "try again" }
            }
            Self::Unsettled { .. } | Self::BadReply { fault: Fault::NotAsAsked(_), .. } => LOOK_FIRST,
            Self::NotAnApi { retryable: true, .. } => {
                "try again; something in front of the API may be down for a moment"
            }
            Self::NotAnApi { .. } => "check the API base",
            Self::BadReply { fault: Fault::TooLarge(_), asked, .. } => {
                if asked.operation.is_list() {
                    "no smaller page can be asked for; ask from behind that object, by starting_after"
                } else {
                    "nothing smaller can be asked for"
                }
            }
            Self::BadReply { fault: Fault::NothingNew | Fault::NothingAsked(_), .. } => {
                "what came before that is good; ask again later, and tell whoever runs that API"
            }
            Self::BadReply { .. } => "check the API base, and whether a newer vetty is out",
            Self::InvalidId { .. } => "give the whole id, such as vs_1NuN4zLkdIwHu7ixleE6HvkI",
            Self::NotASandbox { .. } => {
                "outcomes can only be chosen in a sandbox; start one with `vetty sandbox`"
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.summary(), self.hint())?;
        self.request_id().map_or(Ok(()), |id| write!(f, " (request {id})"))
    }
}

/// A refusal as a clause.
fn refusal(asked: &Asked, error: &ApiError) -> String {
    let host = &asked.host;
    let said = error.message.trim_end_matches('.');
    let said = if said.is_empty() { "it gave no reason" } else { said };
    match (error.http_status, asked.subject()) {
        (401, _) => format!("{host} refused the API key while {asked}"),
        (403, _) => format!("{host} does not allow this key to go on {asked}: {said}"),
        // A reply that is about the object itself; an address that is not known has no code.
        (404, Some(subject)) if error.is_missing() && error.code.is_some() => {
            format!("{subject} does not exist at {host}, or not in the mode of this key")
        }
        (409, _) => format!("{host} is still busy with the same request while {asked}"),
        (429, Some(subject)) if error.is_locked() => {
            format!("another request is using {subject} at {host}")
        }
        (429, _) => format!("{host} got too many requests while {asked}"),
        (status @ 500.., _) => format!("{host} failed with {status} while {asked}: {said}"),
        _ => format!("{host} refused {asked}: {said}"),
    }
}

/// What to do about a refusal.
fn advice(error: &ApiError, asked: &Asked) -> &'static str {
    match error.http_status {
        401 => {
            "check STRIPE_API_KEY, the profile or the key file; keys are made and rolled in the Dashboard, \
             under Developers, API keys"
        }
        403 => "give the restricted key that permission in the Dashboard, or use another key",
        404 => "check the id, and that the key is of the same mode and account",
        409 => "wait a moment and try again",
        429 => "wait some seconds and try again",
        500.. => "try again; if it stays, look at the service's status page",
        _ if error.is_key_of_another() => {
            "start the change anew: its idempotency key was used for another one"
        }
        _ if matches!(asked.operation, Operation::CancelSession | Operation::RedactSession) => {
            "refresh the session: it may have moved on"
        }
        _ => "correct the request and ask again",
    }
}

fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{} s", time.as_secs())
    } else {
        format!("{} ms", time.as_millis())
    }
}

impl Obstacle {
    const fn reason(self) -> &'static str {
        match self {
            Self::Name => "its name is not known to the network",
            Self::Refused => "nobody takes connections there",
            Self::Tls => "no trusted encrypted connection could be made",
            Self::Cut => "the connection was cut",
            Self::Other => "the connection failed",
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::Name => "check the network and the spelling of the API base",
            Self::Refused => "check that the API base is right and that something runs there",
            Self::Tls => {
                "check this computer's clock and trusted certificates, and whether something on the way \
                 opens encrypted traffic"
            }
            Self::Cut | Self::Other => "check the network and try again",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutShort => f.write_str("it ended early"),
            Self::NothingNew => {
                f.write_str("it promises more and brings only what came before; the list goes in circles")
            }
            Self::NothingAsked(pages) => {
                write!(f, "{pages} pages in a row hold nothing that was asked for; its filters do not work")
            }
            Self::NotAsAsked(Mismatch::Object) => f.write_str("it is about another session"),
            Self::NotAsAsked(Mismatch::Mode) => {
                f.write_str("it is about a session of the other mode, test or live")
            }
            Self::NotAsAsked(Mismatch::State) => {
                f.write_str("it does not show the change that was asked for")
            }
            Self::TooLarge(limit) if limit % (1024 * 1024) == 0 => {
                write!(f, "it is larger than {} MiB", limit / (1024 * 1024))
            }
            Self::TooLarge(limit) => write!(f, "it is larger than {limit} bytes"),
            Self::Unexpected { missing: Some(field), .. } => write!(f, "it lacks `{field}`"),
            Self::Unexpected { line, column, .. } => {
                write!(f, "it is not what was asked for, from line {line}, column {column}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::operation::Effort;
    use crate::text::Clean;

    fn asked(operation: Operation, object: Option<&str>) -> Asked {
        Asked {
            operation,
            host: "api.stripe.com".into(),
            object: object.map(Clean::new),
            effort: Effort::default(),
        }
    }

    fn cancel() -> Asked {
        asked(Operation::CancelSession, Some("vs_1"))
    }

    #[test]
    fn obstacles_are_told_apart() {
        let told = |obstacle| Error::Unreachable { asked: cancel(), obstacle }.to_string();
        assert_eq!(
            told(Obstacle::Name),
            "could not reach api.stripe.com while canceling session vs_1: its name is not known to the network; \
             check the network and the spelling of the API base"
        );
        let all =
            [Obstacle::Name, Obstacle::Refused, Obstacle::Tls, Obstacle::Cut, Obstacle::Other].map(told);
        let mut different = all.to_vec();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn a_change_without_an_answer_is_said_to_be_open() {
        let timeout =
            |asked, connecting| Error::Timeout { asked, connecting, after: Duration::from_secs(30) };
        let open = timeout(cancel(), false);
        assert_eq!(
            open.to_string(),
            "api.stripe.com did not answer within 30 s while canceling session vs_1; \
             look at the object before asking again: the change may have been made"
        );
        assert!(open.may_have_happened() && open.is_retryable());
        assert!(!timeout(cancel(), true).may_have_happened());
        let read = timeout(asked(Operation::ListSessions, None), false);
        assert!(!read.may_have_happened());
        assert_eq!(
            read.to_string(),
            "api.stripe.com did not answer within 30 s while listing sessions; try again"
        );
    }

    #[test]
    fn faults_are_sentences() {
        let told =
            |fault| Error::BadReply { asked: cancel(), fault, request_id: Some("req_1".into()) }.to_string();
        assert_eq!(
            told(Fault::TooLarge(32 << 20)),
            "the answer of api.stripe.com could not be read while canceling session vs_1: \
             it is larger than 32 MiB; nothing smaller can be asked for (request req_1)"
        );
        assert!(
            told(Fault::Unexpected { missing: Some("status".into()), line: 1, column: 2 })
                .contains("lacks `status`")
        );
        assert!(told(Fault::Unexpected { missing: None, line: 1, column: 2 }).contains("line 1, column 2"));
    }

    #[test]
    fn an_error_fits_a_result() {
        assert!(size_of::<Error>() <= 128);
    }
}
