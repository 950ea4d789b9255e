//! What there is to do next, read once before every commit. Sandbox only.

use super::Connection;
use crate::clock::Timestamp;

/// What lies ahead of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Outlook {
    /// When the next job or script is due.
    pub(in crate::sandbox) due: Option<Timestamp>,
    /// When the next delivery is due.
    pub(in crate::sandbox) delivery: Option<Timestamp>,
    /// The number of the newest event; 0 when there is none.
    pub(in crate::sandbox) event: i64,
}

/// Looks ahead.
pub(in crate::sandbox) async fn read(connection: &mut Connection) -> Result<Outlook, sqlx::Error> {
    let (due, delivery, event) = sqlx::query_as(
        "SELECT
            (SELECT MIN(due) FROM (SELECT MIN(due) AS due FROM jobs UNION ALL SELECT MIN(due) FROM scripts) AS both),
            (SELECT MIN(due) FROM deliveries WHERE state = 'pending'),
            (SELECT COALESCE(MAX(seq), 0) FROM events)",
    )
    .fetch_one(connection)
    .await?;
    Ok(Outlook { due, delivery, event })
}
