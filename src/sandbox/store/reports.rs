//! Reports in the database. Sandbox only.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::files;
use super::listing::{Place, Query, Rows, Span};
use super::{AT_ONCE, Backend, Connection};
use crate::identity::VerificationType;
use crate::sandbox::errors::Failure;
use crate::sandbox::record::ReportRecord;
use crate::sandbox::requests::ReportFilter;

fn decode(row: &SqliteRow) -> Result<ReportRecord, Failure> {
    Ok(serde_json::from_str(row.try_get("record")?)?)
}

/// Adds a report as the newest of its second, and the files that it names.
pub(in crate::sandbox) async fn insert(
    connection: &mut Connection,
    report: &ReportRecord,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO reports (seq, id, created, session_id, kind, client_reference_id, record)
         VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM reports), $1, $2, $3, $4, $5, $6)",
    )
    .bind(&report.id)
    .bind(report.created)
    .bind(&report.session)
    .bind(report.kind.as_str())
    .bind(&report.client_reference_id)
    .bind(serde_json::to_string(report)?)
    .execute(&mut *connection)
    .await?;
    files::insert_of(connection, report).await
}

/// Adds reports, each as the newest of its second, and the files that they name.
pub(in crate::sandbox) async fn insert_all(
    connection: &mut Connection,
    reports: &[ReportRecord],
) -> Result<(), Failure> {
    let newest = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM reports");
    let mut seq: i64 = newest.fetch_one(&mut *connection).await?;
    for part in reports.chunks(AT_ONCE) {
        let texts = part.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        let mut insert: QueryBuilder<Backend> = QueryBuilder::new(
            "INSERT INTO reports (seq, id, created, session_id, kind, client_reference_id, record) ",
        );
        insert.push_values(part.iter().zip(texts), |mut row, (report, text)| {
            seq += 1;
            row.push_bind(seq)
                .push_bind(&report.id)
                .push_bind(report.created)
                .push_bind(&report.session)
                .push_bind(report.kind.as_str())
                .push_bind(&report.client_reference_id)
                .push_bind(text);
        });
        insert.build().persistent(part.len() == AT_ONCE).execute(&mut *connection).await?;
    }
    files::insert_all(connection, reports).await
}

/// Writes what a report says now. Nothing that lists filter by ever changes.
pub(in crate::sandbox) async fn update(
    connection: &mut Connection,
    report: &ReportRecord,
) -> Result<(), Failure> {
    sqlx::query("UPDATE reports SET record = $1 WHERE id = $2")
        .bind(serde_json::to_string(report)?)
        .bind(&report.id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Finds a report.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<ReportRecord>, Failure> {
    let row =
        sqlx::query("SELECT record FROM reports WHERE id = $1").bind(id).fetch_optional(connection).await?;
    row.as_ref().map(decode).transpose()
}

/// Every report of a session.
pub(in crate::sandbox) async fn of_session(
    connection: &mut Connection,
    session: &str,
) -> Result<Vec<ReportRecord>, Failure> {
    let rows = sqlx::query("SELECT record FROM reports WHERE session_id = $1")
        .bind(session)
        .fetch_all(connection)
        .await?;
    rows.iter().map(decode).collect()
}

/// Where a report stands in the list.
pub(in crate::sandbox) async fn place(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Place>, Failure> {
    Place::find(connection, "SELECT created, seq FROM reports WHERE id = $1", id).await
}

/// The reports that `filter` lets through.
pub(super) fn query(filter: &ReportFilter) -> Query {
    let mut query = Query::new("record", "reports");
    let both = filter.client_reference_id.is_some() && filter.kind.is_some();
    query
        .by(match &filter.verification_session {
            Some(_) => Some("reports_session"),
            None => both.then_some("reports_reference_kind"),
        })
        .equal("session_id", filter.verification_session.as_deref())
        .equal("client_reference_id", filter.client_reference_id.as_deref())
        .equal("kind", filter.kind.as_ref().map(VerificationType::as_str))
        .created(filter.created);
    query
}

/// A page of the reports that `filter` lets through.
pub(in crate::sandbox) async fn list(
    connection: &mut Connection,
    filter: &ReportFilter,
    span: Span,
    limit: i64,
) -> Result<Rows<ReportRecord>, Failure> {
    query(filter).rows(connection, span, limit, decode).await
}
