//! Answers that idempotency keys remember. Sandbox only.

use super::Connection;
use crate::clock::Timestamp;

/// How long a key is remembered: 24 hours.
const KEPT: i64 = 86_400;

/// The first answer that was given to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Remembered {
    /// A digest of path and parameters, which have to be the same again.
    pub(in crate::sandbox) request: String,
    /// The first request's id.
    pub(in crate::sandbox) request_id: String,
    /// The HTTP status of the answer.
    pub(in crate::sandbox) status: u16,
    /// The body of the answer.
    pub(in crate::sandbox) body: String,
    /// The object whose redaction masks the body.
    pub(in crate::sandbox) subject: Option<String>,
}

/// What `key` remembers.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    scope: &str,
    key: &str,
    now: Timestamp,
) -> Result<Option<Remembered>, sqlx::Error> {
    let found: Option<(String, String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT request, request_id, status, body, subject FROM idempotency
         WHERE scope = $1 AND idempotency_key = $2 AND created > $3",
    )
    .bind(scope)
    .bind(key)
    .bind(now.minus_secs(KEPT))
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|(request, request_id, status, body, subject)| Remembered {
        request,
        request_id,
        status: u16::try_from(status).unwrap_or(500),
        body,
        subject,
    }))
}

/// Remembers an answer, and forgets those that are too old.
pub(in crate::sandbox) async fn insert(
    connection: &mut Connection,
    scope: &str,
    key: &str,
    now: Timestamp,
    answer: &Remembered,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM idempotency WHERE created <= $1")
        .bind(now.minus_secs(KEPT))
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO idempotency (scope, idempotency_key, created, request, request_id, status, body, subject)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(scope)
    .bind(key)
    .bind(now)
    .bind(&answer.request)
    .bind(&answer.request_id)
    .bind(i64::from(answer.status))
    .bind(&answer.body)
    .bind(&answer.subject)
    .execute(connection)
    .await
    .map(drop)
}

/// The bodies that are remembered about `subject`, with what finds them again.
pub(in crate::sandbox) async fn about(
    connection: &mut Connection,
    subject: &str,
) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT scope, idempotency_key, body FROM idempotency WHERE subject = $1")
        .bind(subject)
        .fetch_all(connection)
        .await
}

/// Replaces a remembered body.
pub(in crate::sandbox) async fn replace(
    connection: &mut Connection,
    (scope, key): (&str, &str),
    body: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE idempotency SET body = $1 WHERE scope = $2 AND idempotency_key = $3")
        .bind(body)
        .bind(scope)
        .bind(key)
        .execute(connection)
        .await
        .map(drop)
}
