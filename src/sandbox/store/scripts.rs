//! What a scenario lets happen to sessions, and when. Sandbox only.
//!
//! Not among the jobs: a session that is canceled or redacted meanwhile has its script still waiting, and it then
//! comes to nothing.

use super::Connection;
use crate::clock::Timestamp;
use crate::sandbox::errors::Failure;
use crate::sandbox::scenario::Script;

/// Plans `script` for a session at `due`.
pub(in crate::sandbox) async fn insert(
    connection: &mut Connection,
    session: &str,
    due: Timestamp,
    script: &Script,
) -> Result<(), Failure> {
    sqlx::query("INSERT INTO scripts (session_id, due, script) VALUES ($1, $2, $3)")
        .bind(session)
        .bind(due)
        .bind(serde_json::to_string(script)?)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes the next script that is due at `now` off the plan: the session, when it was due, and what happens.
pub(in crate::sandbox) async fn take_due(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<Option<(String, Timestamp, Script)>, Failure> {
    let found: Option<(String, Timestamp, String)> = sqlx::query_as(
        "SELECT session_id, due, script FROM scripts WHERE due <= $1 ORDER BY due, session_id LIMIT 1",
    )
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((session, due, script)) = found else { return Ok(None) };
    sqlx::query("DELETE FROM scripts WHERE session_id = $1").bind(&session).execute(connection).await?;
    Ok(Some((session, due, serde_json::from_str(&script)?)))
}
