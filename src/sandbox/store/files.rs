//! Files in the database: which pictures there are, never what is on them. Sandbox only.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Connection;
use super::listing::{Place, Query, Rows, Span};
use crate::identity::Timestamp;
use crate::identity::params::Created;
use crate::sandbox::errors::Failure;
use crate::sandbox::record::ReportRecord;
use crate::sandbox::specimen::Picture;

/// A picture that a submission left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct FileRow {
    /// `file_…`.
    pub(in crate::sandbox) id: String,
    /// When it was handed in, on the sandbox clock.
    pub(in crate::sandbox) created: Timestamp,
    /// The report whose submission it belongs to.
    pub(in crate::sandbox) report: String,
    /// What it shows.
    pub(in crate::sandbox) picture: Picture,
}

fn decode(row: &SqliteRow) -> Result<FileRow, Failure> {
    let picture: String = row.try_get("picture")?;
    Ok(FileRow {
        id: row.try_get("id")?,
        created: row.try_get("created")?,
        report: row.try_get("report_id")?,
        picture: Picture::named(&picture).unwrap_or(Picture::Front),
    })
}

/// Adds the files that `report` names.
pub(in crate::sandbox) async fn insert_of(
    connection: &mut Connection,
    report: &ReportRecord,
) -> Result<(), Failure> {
    for (id, picture) in report.files() {
        // A selfie check names the document's front again.
        sqlx::query(
            "INSERT INTO files (seq, id, created, report_id, purpose, picture)
             VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM files), $1, $2, $3, $4, $5)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(report.created)
        .bind(&report.id)
        .bind(picture.purpose())
        .bind(picture.name())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Finds a file.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<FileRow>, Failure> {
    let row = sqlx::query("SELECT id, created, report_id, picture FROM files WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Where a file stands in the list.
pub(in crate::sandbox) async fn place(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Place>, Failure> {
    Place::find(connection, "SELECT created, seq FROM files WHERE id = $1", id).await
}

/// A page of the files with this purpose, created within these bounds.
pub(in crate::sandbox) async fn list(
    connection: &mut Connection,
    purpose: Option<&str>,
    created: Created,
    span: Span,
    limit: i64,
) -> Result<Rows<FileRow>, Failure> {
    let mut query = Query::new("SELECT id, created, report_id, picture FROM files");
    query.equal("purpose", purpose).created(created);
    query.rows(connection, span, limit, decode).await
}
