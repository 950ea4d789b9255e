//! Files in the database: which pictures there are, never what is on them. Sandbox only.

use std::collections::HashSet;

use serde::Deserialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::listing::{Place, Query, Rows, Span};
use super::{AT_ONCE, Backend, Connection};
use crate::clock::Timestamp;
use crate::identity::RedactionStatus;
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

/// Adds the files that new `reports` name, none of which is there yet.
pub(super) async fn insert_all(connection: &mut Connection, reports: &[ReportRecord]) -> Result<(), Failure> {
    let newest = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM files");
    let mut seq: i64 = newest.fetch_one(&mut *connection).await?;
    let of = |report| ReportRecord::files(report).into_iter().map(move |file| (report, file));
    let files: Vec<_> = reports.iter().flat_map(of).collect();
    for part in files.chunks(AT_ONCE) {
        let mut insert: QueryBuilder<Backend> =
            QueryBuilder::new("INSERT INTO files (seq, id, created, report_id, purpose, picture) ");
        insert.push_values(part, |mut row, (report, (id, picture))| {
            seq += 1;
            row.push_bind(seq)
                .push_bind(*id)
                .push_bind(report.created)
                .push_bind(&report.id)
                .push_bind(picture.purpose())
                .push_bind(picture.name());
        });
        insert.build().persistent(part.len() == AT_ONCE).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Of the reports behind `files`, those whose session no redaction has touched.
pub(in crate::sandbox) async fn kept_reports(
    connection: &mut Connection,
    files: &[FileRow],
) -> Result<HashSet<String>, Failure> {
    #[derive(Deserialize)]
    struct Session {
        redaction: Option<RedactionStatus>,
    }
    let reports: HashSet<&str> = files.iter().map(|file| file.report.as_str()).collect();
    let mut query: QueryBuilder<Backend> = QueryBuilder::new(
        "SELECT reports.id, sessions.record FROM reports JOIN sessions ON sessions.id = reports.session_id
         WHERE reports.id IN ",
    );
    query.push_tuples(reports, |mut row, report| {
        row.push_bind(report);
    });
    let rows: Vec<(String, String)> = query.build_query_as().persistent(false).fetch_all(connection).await?;
    let mut kept = HashSet::new();
    for (report, session) in rows {
        if serde_json::from_str::<Session>(&session)?.redaction.is_none() {
            kept.insert(report);
        }
    }
    Ok(kept)
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

/// The files with this purpose, created within these bounds.
pub(super) fn query(purpose: Option<&str>, created: Created) -> Query {
    let mut query = Query::new("id, created, report_id, picture", "files");
    query.equal("purpose", purpose).created(created);
    query
}

/// A page of the files with this purpose, created within these bounds.
pub(in crate::sandbox) async fn list(
    connection: &mut Connection,
    purpose: Option<&str>,
    created: Created,
    span: Span,
    limit: i64,
) -> Result<Rows<FileRow>, Failure> {
    query(purpose, created).rows(connection, span, limit, decode).await
}
