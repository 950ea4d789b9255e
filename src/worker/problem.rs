//! The edge: from typed errors to what people read. Nothing else turns one of them into a [`Problem`].

use std::io;

use super::error::{AuditError, ChangeError, OutboxError, Unwritten};
use super::export::ExportError;
use crate::app::{Doubt, Problem, ProblemKind, sentence};
use crate::client::Error;
use crate::identity::SessionId;
use crate::journal::JournalError;

/// What is added to a change of which nobody knows.
const IN_DOUBT: &str = "Nobody knows whether it happened. Ask for the same again: it cannot happen twice.";

/// What to do where the disk does not take what has to be written down.
const MAKE_ROOM: &str = "Make room on the disk, or make the state folder writable, and try again.";

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        answered(&error, kind_of(&error))
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let clause = error.to_string();
        match error {
            ChangeError::NotWritten { source, .. } | ChangeError::Unsettled { source } => {
                on_disk(&source, &clause)
            }
            ChangeError::NotInOutbox { .. } => Self::told(ProblemKind::Other, &clause)
                .with_hint("It was finished, or another program works on it. Refresh the session."),
            ChangeError::NoSuchJob { .. } => Self::told(ProblemKind::Other, &clause),
            ChangeError::KeyForgotten { until, near, .. } => {
                let names: Vec<&str> = near.iter().take(4).map(SessionId::as_str).collect();
                let hint = if near.is_empty() {
                    format!("Nothing was created from then until {until}. Send it once more to create it.")
                } else {
                    format!(
                        "Created from then until {until}: {}. Look whether that is it; send it once more to create another.",
                        names.join(", ")
                    )
                };
                Self::told(ProblemKind::Other, &clause).with_hint(hint)
            }
            ChangeError::NotCleared { source } => {
                Self::told(kind_of_journal(&source), &clause).with_hint("The next start asks about it.")
            }
            ChangeError::Api { source, unwritten, now } => {
                with_end(Self::from(*source), unwritten.as_ref()).with_session(now)
            }
            ChangeError::InDoubt { source, unwritten, now } => {
                let problem = answered(&source, ProblemKind::InDoubt(doubt_of(&source)));
                with_end(problem.with_hint(IN_DOUBT), unwritten.as_ref()).with_session(now)
            }
        }
    }
}

impl From<Unwritten> for Problem {
    fn from(unwritten: Unwritten) -> Self {
        let kind = match &unwritten {
            Unwritten::Outcome(source) => kind_of_journal(source),
            Unwritten::Reason { .. } => ProblemKind::Other,
        };
        Self::new(kind, unwritten.to_string())
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        Self::told(kind_of_journal(&error.0), &error.to_string())
            .with_hint("Nothing is changed, revealed or exported while it cannot be written.")
    }
}

impl From<OutboxError> for Problem {
    fn from(error: OutboxError) -> Self {
        Self::told(kind_of_journal(&error.0), &error.to_string())
            .with_hint("It stays where it is. Start vetty again when that is mended.")
    }
}

impl From<ExportError> for Problem {
    fn from(ExportError { path, source }: ExportError) -> Self {
        let (text, hint) = match source.kind() {
            io::ErrorKind::AlreadyExists => {
                (format!("{path} is there already and was left alone."), "Choose another name.")
            }
            io::ErrorKind::NotFound => {
                (format!("There is no folder for {path}."), "Choose a folder that is there.")
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                (format!("The disk is full: {path} was not written."), "Make room, or choose another disk.")
            }
            _ => (format!("{path} was not written: {source}."), "Choose a folder that you may write to."),
        };
        Self::new(ProblemKind::Disk, text).with_hint(hint)
    }
}

/// What a client's error says, as a problem of this kind.
fn answered(error: &Error, kind: ProblemKind) -> Problem {
    Problem::told(kind, &error.summary())
        .with_hint(sentence(error.hint()))
        .with_trouble(error.trouble())
        .with_request_id(error.request_id())
}

fn kind_of(error: &Error) -> ProblemKind {
    match error {
        Error::Api { error, .. } => ProblemKind::Refused(error.clone()),
        Error::Unreachable { .. } | Error::Timeout { .. } => ProblemKind::Unreachable,
        Error::NotAnApi { .. }
        | Error::BadReply { .. }
        | Error::Unsettled { .. }
        | Error::InvalidId { .. }
        | Error::NotASandbox { .. } => ProblemKind::Other,
    }
}

fn doubt_of(error: &Error) -> Doubt {
    match error {
        Error::Api { error, .. } => Doubt::Failed(error.clone()),
        Error::Unreachable { .. } | Error::Timeout { .. } => Doubt::Unanswered,
        Error::NotAnApi { .. }
        | Error::BadReply { .. }
        | Error::InvalidId { .. }
        | Error::NotASandbox { .. } => Doubt::Unreadable,
        Error::Unsettled { earlier, .. } => doubt_of(earlier),
    }
}

const fn kind_of_journal(error: &JournalError) -> ProblemKind {
    if error.is_of_the_disk() { ProblemKind::Disk } else { ProblemKind::Other }
}

/// Something that the journal did not take. What makes room helps only where the disk is at fault.
fn on_disk(error: &JournalError, clause: &str) -> Problem {
    let problem = Problem::told(kind_of_journal(error), clause);
    if error.is_of_the_disk() { problem.with_hint(MAKE_ROOM) } else { problem }
}

/// With the end that could not be written down, if there is one.
fn with_end(problem: Problem, unwritten: Option<&Unwritten>) -> Problem {
    match unwritten {
        Some(unwritten) => problem.followed_by(&unwritten.to_string()),
        None => problem,
    }
}

#[cfg(test)]
mod tests;
