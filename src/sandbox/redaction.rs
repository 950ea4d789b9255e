//! What a redaction erases, and when. Sandbox only.
//!
//! Masking begins when a redaction is asked for: from then on the API shows placeholders only. When it ends, the
//! database is rewritten (`store::scrub`), so that its files hold no byte of the person any more.

use serde_json::Value;

use super::errors::Failure;
use super::events::{self, Cause, Kind};
use super::people;
use super::reply;
use super::store::sessions::{self, SessionRow};
use super::store::{Connection, file_links, hosted, idempotency, meta, reports};
use crate::clock::Timestamp;
use crate::identity::RedactionStatus;

/// How long a redaction takes unless somebody sets it, in seconds: four days, the longest that the API promises.
pub(super) const USUAL_SECONDS: i64 = 4 * 86_400;

/// The object whose redaction masks a stored copy of `answer`.
pub(super) fn subject_of(answer: &Value) -> Option<String> {
    let subject = match answer["object"].as_str()? {
        "identity.verification_session" => &answer["id"],
        "event" => &answer["data"]["object"]["id"],
        "file_link" if answer["file"].is_object() => &answer["file"]["id"],
        "file_link" => &answer["file"],
        _ => return None,
    };
    subject.as_str().map(str::to_owned)
}

/// Masks everything that is kept of the person in `row`, and writes it.
pub(super) async fn erase(connection: &mut Connection, row: &mut SessionRow) -> Result<(), Failure> {
    people::mask_session(&mut row.record);
    row.link = None;
    sessions::update(connection, row).await?;
    mask_replies(connection, &row.record.id).await?;
    events::mask(connection, &row.record.id).await?;
    for mut report in reports::of_session(connection, &row.record.id).await? {
        for (file, _) in report.files() {
            file_links::erase_metadata(connection, file).await?;
            mask_replies(connection, file).await?;
        }
        people::mask_report(&mut report);
        reports::update(connection, &report).await?;
    }
    Ok(())
}

/// Ends the redaction of session `id` at `at`, and says so by an event.
pub(super) async fn finish(connection: &mut Connection, id: &str, at: Timestamp) -> Result<(), Failure> {
    let Some(mut row) = sessions::get(connection, id).await? else { return Ok(()) };
    row.record.redaction = Some(RedactionStatus::Redacted);
    // Masked already, unless the session was invented in the middle of its redaction.
    erase(connection, &mut row).await?;
    // From now on its links are as unknown as any other.
    hosted::forget(connection, id).await?;
    meta::set(connection, meta::SCRUB, meta::DUE).await?;
    events::record(connection, Kind::Redacted, &row.record, at, Cause::default()).await
}

/// What idempotency keys would answer about `subject` once more is masked as well.
async fn mask_replies(connection: &mut Connection, subject: &str) -> Result<(), Failure> {
    for (scope, key, body) in idempotency::about(connection, subject).await? {
        let mut body: Value = serde_json::from_str(&body)?;
        people::mask_rendered(&mut body);
        idempotency::replace(connection, (&scope, &key), &reply::text(&body)).await?;
    }
    Ok(())
}
