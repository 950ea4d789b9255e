//! Which verifications a key may read sensitive data of. Sandbox only.
//!
//! Whether a key may name sensitive paths at all is judged by `expand`. What is judged here depends on the object: how
//! long ago it was processed. Objects that were redacted hold placeholders, which everybody may read.

use super::errors::Failure;
use super::record::ReportRecord;
use super::render::View;
use super::store::sessions::SessionRow;
use super::store::{Connection, reports, sessions};

/// Refuses sensitive data of a session that was processed too long ago.
pub(super) async fn judge_session(
    connection: &mut Connection,
    row: &SessionRow,
    view: View<'_>,
) -> Result<(), Failure> {
    let Some(caller) = view.expand.sensitive_for() else { return Ok(()) };
    let Some(id) = row.record.last_report.as_ref().filter(|_| row.record.redaction.is_none()) else {
        return Ok(());
    };
    if let Some(report) = reports::get(connection, id).await? {
        caller.may_read_processed(report.created, view.now)?;
    }
    Ok(())
}

/// Refuses sensitive data of a report that was made too long ago.
pub(super) async fn judge_report(
    connection: &mut Connection,
    report: &ReportRecord,
    view: View<'_>,
) -> Result<(), Failure> {
    let Some(caller) = view.expand.sensitive_for() else { return Ok(()) };
    let session = sessions::get(connection, &report.session).await?;
    if session.is_none_or(|session| session.record.redaction.is_none()) {
        caller.may_read_processed(report.created, view.now)?;
    }
    Ok(())
}
