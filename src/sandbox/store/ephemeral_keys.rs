//! Ephemeral keys in the database, without their secrets. Sandbox only.

use super::Connection;
use crate::clock::Timestamp;

/// An ephemeral key as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct KeyRow {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) created: Timestamp,
    pub(in crate::sandbox) expires: Timestamp,
}

/// Adds a key.
pub(in crate::sandbox) async fn insert(connection: &mut Connection, row: &KeyRow) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO ephemeral_keys (id, created, expires) VALUES ($1, $2, $3)")
        .bind(&row.id)
        .bind(row.created)
        .bind(row.expires)
        .execute(connection)
        .await
        .map(drop)
}

/// Takes a key out.
pub(in crate::sandbox) async fn take(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<KeyRow>, sqlx::Error> {
    let found: Option<(Timestamp, Timestamp)> =
        sqlx::query_as("DELETE FROM ephemeral_keys WHERE id = $1 RETURNING created, expires")
            .bind(id)
            .fetch_optional(connection)
            .await?;
    Ok(found.map(|(created, expires)| KeyRow { id: id.to_owned(), created, expires }))
}

/// Deletes the keys that have expired at `now`.
pub(in crate::sandbox) async fn forget(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM ephemeral_keys WHERE expires <= $1")
        .bind(now)
        .execute(connection)
        .await
        .map(drop)
}
