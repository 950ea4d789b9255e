//! Every error at the edge: its kind, its text and its hint.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::blocking::Ending;
use crate::client::{Asked, Effort, Fault, Obstacle, Operation};
use crate::identity::{ApiError, SessionId};
use crate::journal::{JobId, LockHeld};
use crate::text::Clean;
use crate::worker::Undone;

fn asked(operation: Operation) -> Asked {
    Asked {
        operation,
        host: "api.example.com".into(),
        object: Some(Clean::new("vs_1")),
        effort: Effort::default(),
    }
}

fn api_error(status: u16) -> ApiError {
    let body = serde_json::json!({ "type": "api_error", "message": "No." });
    ApiError { request_id: Some("req_1".into()), ..ApiError::of(status, body) }
}

/// One of each kind of answer that a change may have.
fn answers() -> Vec<Error> {
    let cancel = || asked(Operation::CancelSession);
    vec![
        Error::Api { asked: cancel(), error: Box::new(api_error(400)), retryable: false },
        Error::Api { asked: cancel(), error: Box::new(api_error(500)), retryable: true },
        Error::Unreachable { asked: cancel(), obstacle: Obstacle::Refused },
        Error::Unreachable { asked: cancel(), obstacle: Obstacle::Cut },
        Error::Timeout { asked: cancel(), connecting: false, after: Duration::from_secs(30) },
        Error::BadReply { asked: cancel(), fault: Fault::CutShort, request_id: Some("req_1".into()) },
        Error::InvalidId { asked: cancel() },
    ]
}

/// What a change comes to that has `source` for an answer.
fn changing(source: Error, unwritten: Option<Unwritten>) -> ChangeError {
    let in_doubt = source.may_have_happened();
    let (source, now) = (Box::new(source), None);
    if in_doubt {
        ChangeError::InDoubt { source, unwritten, now }
    } else {
        ChangeError::Api { source, unwritten, now }
    }
}

fn full() -> JournalError {
    JournalError::Write(Arc::new(io::ErrorKind::StorageFull.into()))
}

const FULL: &str = "the journal cannot be written: the disk is full; make room, or check who may write there";

/// What a problem says, in one line.
fn told(problem: impl Into<Problem>) -> String {
    let problem = problem.into();
    let kind = match problem.kind() {
        ProblemKind::Refused(error) => format!("refused {}", error.http_status),
        ProblemKind::Unreachable => "unreachable".to_owned(),
        ProblemKind::InDoubt(Doubt::Failed(error)) => format!("in doubt, failed {}", error.http_status),
        ProblemKind::InDoubt(Doubt::Unanswered) => "in doubt, unanswered".to_owned(),
        ProblemKind::InDoubt(Doubt::Unreadable) => "in doubt, unreadable".to_owned(),
        ProblemKind::Disk => "disk".to_owned(),
        ProblemKind::Other => "other".to_owned(),
    };
    format!("{kind} | {} | {}", problem.text(), problem.hint().unwrap_or("-"))
}

#[test]
fn what_cannot_be_written_down_is_of_the_disk_and_says_what_was_not_done() {
    for (undone, says) in [
        (Undone::Sending, "Nothing was sent"),
        (Undone::Revealing, "Nothing was revealed"),
        (Undone::Exporting, "Nothing was exported"),
        (Undone::Holding, "Nothing was held"),
        (Undone::Clearing, "It was not taken out of the outbox"),
        (Undone::Finishing, "The job is done, but not taken out of the outbox"),
        (Undone::Noting, "The end of the redaction was not written down"),
    ] {
        assert_eq!(
            told(ChangeError::NotWritten { undone, source: full() }),
            format!("disk | {says}, because it could not be written down first: {FULL}. | {MAKE_ROOM}")
        );
    }
    assert_eq!(
        told(ChangeError::Unsettled { source: full() }),
        format!("disk | What became of it could not be written down: {FULL}. | {MAKE_ROOM}")
    );
    assert_eq!(
        told(ChangeError::NotCleared { source: full() }),
        format!("disk | The outbox could not be cleared: {FULL}. | The next start asks about it.")
    );
    assert_eq!(
        told(Unwritten::Outcome(full())),
        format!(
            "disk | What became of it could not be written down: {FULL}. It is looked at again at the next \
             start. | -"
        )
    );
    assert_eq!(
        told(AuditError(full())),
        format!(
            "disk | The audit cannot be shown: {FULL}. | Nothing is changed, revealed or exported while it \
             cannot be written."
        )
    );
}

#[test]
fn every_error_of_the_journal_is_of_the_disk_or_not() {
    let io = || Arc::new(io::Error::from(io::ErrorKind::PermissionDenied));
    let json = serde_json::from_str::<()>("").expect_err("nothing");
    for error in [
        JournalError::Folder(io()),
        JournalError::Open(io()),
        JournalError::Write(io()),
        JournalError::Read(io()),
        JournalError::Encode(Arc::new(json)),
        JournalError::Held(Box::new(LockHeld { holder: None, waited: Duration::from_secs(5) })),
        JournalError::JobMoved,
        JournalError::NoSuchJob,
        JournalError::JobExists,
        JournalError::Ending(Ending),
    ] {
        // A new variant does not compile until it has a place here.
        let of_the_disk = match &error {
            JournalError::Folder(_)
            | JournalError::Open(_)
            | JournalError::Write(_)
            | JournalError::Read(_)
            | JournalError::Encode(_) => true,
            JournalError::Held(_)
            | JournalError::JobMoved
            | JournalError::NoSuchJob
            | JournalError::JobExists
            | JournalError::Ending(_) => false,
        };
        let problem = Problem::from(ChangeError::not_sent(error.clone()));
        assert_eq!(*problem.kind() == ProblemKind::Disk, of_the_disk, "{error}");
        assert_eq!(problem.hint().is_some(), of_the_disk, "room does not help: {error}");
        assert!(problem.text().contains(&error.to_string()), "{}", problem.text());
    }
}

#[test]
fn a_job_that_somebody_else_has_is_not_sent() {
    assert_eq!(
        told(ChangeError::NotInOutbox { session: SessionId::new("vs_1") }),
        "other | Nothing was sent, because the outbox no longer holds the change to vs_1. | It was finished, or \
         another program works on it. Refresh the session."
    );
    assert_eq!(
        told(ChangeError::NoSuchJob { job: JobId::new(1, 2) }),
        "other | The outbox no longer holds job 0000000000000001-2: it was finished, or another program works on \
         it. | -"
    );
    assert_eq!(
        told(ChangeError::not_sent(Ending.into())),
        "other | Nothing was sent, because it could not be written down first: the program is ending. | -"
    );
}

#[test]
fn only_a_change_that_may_have_happened_is_in_doubt() {
    let kinds = |of: fn(Error) -> Problem| -> Vec<String> {
        let told = answers().into_iter().map(|error| told(of(error)));
        told.map(|told| told.split(" | ").next().unwrap_or_default().to_owned()).collect()
    };
    let read = ["refused 400", "refused 500", "unreachable", "unreachable", "unreachable", "other", "other"];
    assert_eq!(kinds(|error| ChangeError::reading(error).into()), read);
    assert_eq!(kinds(Problem::from), read);
    assert_eq!(
        kinds(|error| changing(error, None).into()),
        [
            "refused 400",
            "in doubt, failed 500",
            "unreachable",
            "in doubt, unanswered",
            "in doubt, unanswered",
            "in doubt, unreadable",
            "other",
        ]
    );
}

#[test]
fn doubt_changes_the_hint_and_nothing_else() {
    for error in answers() {
        let plain = Problem::from(error.clone());
        let problem = Problem::from(changing(error.clone(), None));
        assert_eq!((problem.text(), problem.request_id()), (plain.text(), plain.request_id()));
        let in_doubt = matches!(problem.kind(), ProblemKind::InDoubt(_));
        assert_eq!(in_doubt, error.may_have_happened());
        assert_eq!(problem.hint(), if in_doubt { Some(IN_DOUBT) } else { plain.hint() });
        let open = Problem::from(changing(error, Some(Unwritten::Outcome(full()))));
        assert_eq!(open.text(), format!("{} {}", plain.text(), Unwritten::Outcome(full())));
        assert_eq!((open.kind(), open.hint()), (problem.kind(), problem.hint()));
    }
}

#[test]
fn an_export_says_what_is_in_its_way() {
    let says = |kind: io::ErrorKind| told(ExportError { path: "out.csv".to_owned(), source: kind.into() });
    assert_eq!(
        says(io::ErrorKind::AlreadyExists),
        "disk | out.csv is there already and was left alone. | Choose another name."
    );
    assert_eq!(
        says(io::ErrorKind::NotFound),
        "disk | There is no folder for out.csv. | Choose a folder that is there."
    );
    assert_eq!(
        says(io::ErrorKind::StorageFull),
        "disk | The disk is full: out.csv was not written. | Make room, or choose another disk."
    );
    assert_eq!(
        told(ExportError { path: "out.csv".to_owned(), source: Ending.into() }),
        "disk | out.csv was not written: the program is ending. | Choose a folder that you may write to."
    );
}
