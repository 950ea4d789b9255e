//! What is still to happen to sessions, and when. Sandbox only.
//!
//! A session never has more than one job: it is not redacted while it is processed.

use serde::{Deserialize, Serialize};

use super::Connection;
use crate::clock::Timestamp;
use crate::identity::{DocumentType, ErrorCode};
use crate::sandbox::attempt::Verdict;
use crate::sandbox::errors::Failure;

/// Something that happens to a session later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum Task {
    /// Its submission has been checked; `None` when every check passes.
    FinishProcessing(Option<ErrorCode>),
    /// The same, with a document of this kind.
    CheckDocument(Option<ErrorCode>, DocumentType),
    /// Its redaction is done.
    FinishRedaction,
}

impl Task {
    /// The end of a submission.
    pub(in crate::sandbox) fn finish_processing(verdict: Verdict, document: Option<DocumentType>) -> Self {
        let failed = match verdict {
            Verdict::Verified => None,
            Verdict::Failed(code) => Some(code),
        };
        match document {
            None => Self::FinishProcessing(failed),
            Some(document) => Self::CheckDocument(failed, document),
        }
    }
}

/// A task, its session and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Job {
    pub(in crate::sandbox) session: String,
    pub(in crate::sandbox) due: Timestamp,
    pub(in crate::sandbox) task: Task,
}

/// Plans a job.
pub(in crate::sandbox) async fn insert(connection: &mut Connection, job: &Job) -> Result<(), Failure> {
    sqlx::query("INSERT INTO jobs (session_id, due, task) VALUES ($1, $2, $3)")
        .bind(&job.session)
        .bind(job.due)
        .bind(serde_json::to_string(&job.task)?)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes the next job that is due at `now` off the plan.
pub(in crate::sandbox) async fn take_due(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<Option<Job>, Failure> {
    let found: Option<(String, Timestamp, String)> = sqlx::query_as(
        "SELECT session_id, due, task FROM jobs WHERE due <= $1 ORDER BY due, session_id LIMIT 1",
    )
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((session, due, task)) = found else { return Ok(None) };
    sqlx::query("DELETE FROM jobs WHERE session_id = $1").bind(&session).execute(connection).await?;
    Ok(Some(Job { session, due, task: serde_json::from_str(&task)? }))
}
