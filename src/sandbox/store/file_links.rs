//! Links to files in the database. Sandbox only.

use std::collections::{BTreeMap, HashSet};

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::files::FileRow;
use super::listing::{Place, Query, Rows, Span};
use super::{Backend, Connection};
use crate::clock::Timestamp;
use crate::identity::params::Created;
use crate::sandbox::errors::Failure;

/// A public address of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct FileLinkRow {
    /// `link_…`.
    pub(in crate::sandbox) id: String,
    /// On the sandbox clock.
    pub(in crate::sandbox) created: Timestamp,
    /// When it stops to open anything; `None` for never.
    pub(in crate::sandbox) expires_at: Option<Timestamp>,
    /// `file_…`.
    pub(in crate::sandbox) file: String,
    /// The integrator's key-value pairs.
    pub(in crate::sandbox) metadata: BTreeMap<String, String>,
    /// The part of the address that nobody can guess.
    pub(in crate::sandbox) token: String,
}

impl FileLinkRow {
    /// Whether it opens nothing any more.
    pub(in crate::sandbox) fn expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// Which links a list holds.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct FileLinkFilter {
    pub(in crate::sandbox) created: Created,
    pub(in crate::sandbox) file: Option<String>,
    /// Only those that have expired at this time, or only those that have not.
    pub(in crate::sandbox) expired: Option<bool>,
}

fn decode(row: &SqliteRow) -> Result<FileLinkRow, Failure> {
    Ok(FileLinkRow {
        id: row.try_get("id")?,
        created: row.try_get("created")?,
        expires_at: row.try_get("expires_at")?,
        file: row.try_get("file_id")?,
        metadata: serde_json::from_str(row.try_get("metadata")?)?,
        token: row.try_get("token")?,
    })
}

/// Adds a link as the newest of its second.
pub(in crate::sandbox) async fn insert(
    connection: &mut Connection,
    link: &FileLinkRow,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO file_links (seq, id, created, expires_at, file_id, metadata, token)
         VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM file_links), $1, $2, $3, $4, $5, $6)",
    )
    .bind(&link.id)
    .bind(link.created)
    .bind(link.expires_at)
    .bind(&link.file)
    .bind(serde_json::to_string(&link.metadata)?)
    .bind(&link.token)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a changed link.
pub(in crate::sandbox) async fn update(
    connection: &mut Connection,
    link: &FileLinkRow,
) -> Result<(), Failure> {
    sqlx::query("UPDATE file_links SET expires_at = $1, metadata = $2 WHERE id = $3")
        .bind(link.expires_at)
        .bind(serde_json::to_string(&link.metadata)?)
        .bind(&link.id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Empties the metadata of every link to `file`.
pub(in crate::sandbox) async fn erase_metadata(
    connection: &mut Connection,
    file: &str,
) -> Result<(), Failure> {
    sqlx::query("UPDATE file_links SET metadata = '{}' WHERE file_id = $1")
        .bind(file)
        .execute(connection)
        .await?;
    Ok(())
}

/// Finds a link by its id.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<FileLinkRow>, Failure> {
    let row =
        sqlx::query("SELECT id, created, expires_at, file_id, metadata, token FROM file_links WHERE id = $1")
            .bind(id)
            .fetch_optional(connection)
            .await?;
    row.as_ref().map(decode).transpose()
}

/// Those of `files` that have a link.
pub(in crate::sandbox) async fn linked(
    connection: &mut Connection,
    files: &[FileRow],
) -> Result<HashSet<String>, Failure> {
    let mut query: QueryBuilder<Backend> =
        QueryBuilder::new("SELECT DISTINCT file_id FROM file_links WHERE file_id IN ");
    query.push_tuples(files, |mut row, file| {
        row.push_bind(&file.id);
    });
    let ids: Vec<String> = query.build_query_scalar().persistent(false).fetch_all(connection).await?;
    Ok(ids.into_iter().collect())
}

/// Finds a link by what stands in its address.
pub(in crate::sandbox) async fn by_token(
    connection: &mut Connection,
    token: &str,
) -> Result<Option<FileLinkRow>, Failure> {
    let row = sqlx::query(
        "SELECT id, created, expires_at, file_id, metadata, token FROM file_links WHERE token = $1",
    )
    .bind(token)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(decode).transpose()
}

/// Where a link stands in the list.
pub(in crate::sandbox) async fn place(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Place>, Failure> {
    Place::find(connection, "SELECT created, seq FROM file_links WHERE id = $1", id).await
}

/// A page of the links that `filter` lets through at `now`.
pub(in crate::sandbox) async fn list(
    connection: &mut Connection,
    filter: &FileLinkFilter,
    now: Timestamp,
    span: Span,
    limit: i64,
) -> Result<Rows<FileLinkRow>, Failure> {
    let mut query = Query::new("id, created, expires_at, file_id, metadata, token", "file_links");
    query.equal("file_id", filter.file.as_deref()).created(filter.created);
    if let Some(expired) = filter.expired {
        query.expired(expired, now);
    }
    query.rows(connection, span, limit, decode).await
}
