//! Single facts about the sandbox as a whole. Sandbox only.

use super::Connection;

/// The version of the tables.
pub(super) const SCHEMA: &str = "schema";
/// Seconds that the sandbox clock is ahead.
pub(in crate::sandbox) const CLOCK_AHEAD: &str = "clock_ahead";
/// What people are invented from.
pub(in crate::sandbox) const SEED: &str = "seed";
/// How many times people were invented.
pub(in crate::sandbox) const BATCHES: &str = "batches";
/// What deliveries to `--forward-to` targets are signed with.
pub(in crate::sandbox) const WEBHOOK_SECRET: &str = "webhook_secret";

/// Says [`DUE`] while something erased may still stand in the database's files.
pub(in crate::sandbox) const SCRUB: &str = "scrub";
/// The value of what has to be done.
pub(in crate::sandbox) const DUE: &str = "due";

/// Reads a fact.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    name: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(name).fetch_optional(connection).await
}

/// Writes a fact.
pub(in crate::sandbox) async fn set(
    connection: &mut Connection,
    name: &str,
    value: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(connection)
    .await
    .map(drop)
}
