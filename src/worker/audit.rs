//! Reading the audit for the dashboard, and checking its chain.

use crate::app::{Answer, AuditLog, Problem, ProblemKind};
use crate::journal::Journal;
use crate::text::Clean;

use super::Connected;

/// How many lines the dashboard shows, the newest ones: the command line has them all.
const SHOWN: usize = 5_000;

/// Reads and checks the audit. It is another file than any API's, so nothing is asked of one.
pub(super) async fn audit(connected: &Connected) -> Result<Answer, Problem> {
    let journal = connected.changer.recorder().journal().map_err(unread)?.clone();
    let read = tokio::task::spawn_blocking(move || {
        let path = journal.path();
        let verdict = Journal::verify(path, None)?;
        let mut lines = Journal::read(path)?.lines;
        lines.reverse();
        lines.truncate(SHOWN);
        let path = Clean::new(&path.display().to_string()).to_string();
        Ok(AuditLog { lines, verdict, path })
    });
    match read.await {
        Ok(Ok(log)) => Ok(Answer::Audit(Box::new(log))),
        Ok(Err(error)) => {
            let error: crate::journal::JournalError = error;
            Err(unread(&error.to_string()))
        }
        Err(_) => Err(unread("the program is ending")),
    }
}

fn unread(why: &str) -> Problem {
    Problem {
        text: format!("The audit cannot be shown: {why}."),
        hint: Some("Nothing is changed, revealed or exported while it cannot be written.".into()),
        request_id: None,
        kind: ProblemKind::Other,
    }
}
