//! A great many rows at once, into tables that are empty. Sandbox only.
//!
//! Indices are made when all rows are there: sorted once, instead of a search for every row. All of it is one
//! transaction, so that a sandbox that is killed meanwhile finds nothing, and not half of it.

use super::{Connection, schema};

/// Memory for pages meanwhile, in KiB, and afterwards.
const CACHE: (u32, u32) = (128 * 1024, super::CACHE);

/// Makes ready for rows. Until [`end`] the tables have no indices.
pub(in crate::sandbox) async fn begin(connection: &mut Connection) -> Result<(), sqlx::Error> {
    cache(connection, CACHE.0).await?;
    schema::drop_indices(connection).await
}

/// Makes the indices.
pub(in crate::sandbox) async fn end(connection: &mut Connection) -> Result<(), sqlx::Error> {
    schema::create(connection).await?;
    cache(connection, CACHE.1).await
}

async fn cache(connection: &mut Connection, size: u32) -> Result<(), sqlx::Error> {
    let pragma = sqlx::AssertSqlSafe(format!("PRAGMA cache_size = -{size}"));
    sqlx::raw_sql(pragma).execute(connection).await.map(drop)
}
