//! Reading the audit for the dashboard, and checking its chain.

use crate::app::{Answer, AuditLog};
use crate::blocking;
use crate::journal::{Journal, JournalError};
use crate::text::Clean;

use super::Connected;
use super::error::AuditError;

/// How many lines the dashboard shows, the newest ones: the command line has them all.
const SHOWN: usize = 5_000;

/// Reads and checks the audit. It is another file than any API's, so nothing is asked of one.
pub(super) async fn audit(connected: &Connected) -> Result<Answer, AuditError> {
    let journal = connected.changer.recorder().journal().map_err(|error| AuditError(error.clone()))?;
    let journal = journal.clone();
    let read = move || {
        let path = journal.path();
        let verdict = Journal::verify(path, None)?;
        let mut lines = Journal::read(path)?.lines;
        lines.reverse();
        lines.truncate(SHOWN);
        let path = Clean::new(&path.display().to_string()).to_string();
        Ok::<_, JournalError>(AuditLog { lines, verdict, path })
    };
    let log = blocking::run(read).await.map_err(AuditError)?;
    Ok(Answer::Audit(Box::new(log)))
}
