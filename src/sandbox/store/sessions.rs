//! Sessions in the database. Sandbox only.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::listing::{Place, Query, Rows, Span};
use super::{AT_ONCE, Backend, Connection, hosted};
use crate::clock::Timestamp;
use crate::identity::Status;
use crate::sandbox::errors::Failure;
use crate::sandbox::record::SessionRecord;
use crate::sandbox::requests::SessionFilter;

/// What opens the hosted page of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Link {
    /// The part of `url` and `client_secret` that nobody can guess.
    pub(in crate::sandbox) token: String,
    /// When it was issued, on the sandbox clock.
    pub(in crate::sandbox) made: Timestamp,
}

/// A session and its link.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct SessionRow {
    /// The session.
    pub(in crate::sandbox) record: SessionRecord,
    /// Its link, if one was issued and not used.
    pub(in crate::sandbox) link: Option<Link>,
}

fn decode(row: &SqliteRow) -> Result<SessionRow, Failure> {
    let record = serde_json::from_str(row.try_get("record")?)?;
    let token: Option<String> = row.try_get("link_token")?;
    let made: Option<Timestamp> = row.try_get("link_made")?;
    let link = token.zip(made).map(|(token, made)| Link { token, made });
    Ok(SessionRow { record, link })
}

/// Adds a session as the newest of its second.
pub(in crate::sandbox) async fn insert(
    connection: &mut Connection,
    session: &SessionRow,
) -> Result<(), Failure> {
    let SessionRow { record, link } = session;
    sqlx::query(
        "INSERT INTO sessions (seq, id, created, status, client_reference_id, related_customer,
            related_customer_account, link_token, link_made, record)
         VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM sessions), $1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&record.id)
    .bind(record.created)
    .bind(record.status.as_str())
    .bind(&record.client_reference_id)
    .bind(&record.related_customer)
    .bind(&record.related_customer_account)
    .bind(link.as_ref().map(|link| link.token.as_str()))
    .bind(link.as_ref().map(|link| link.made))
    .bind(serde_json::to_string(record)?)
    .execute(&mut *connection)
    .await?;
    keep_link(connection, session).await
}

/// Adds sessions without links, each as the newest of its second.
pub(in crate::sandbox) async fn insert_all(
    connection: &mut Connection,
    records: &[SessionRecord],
) -> Result<(), Failure> {
    let mut seq = i64::try_from(count(connection).await?).unwrap_or(i64::MAX);
    for part in records.chunks(AT_ONCE) {
        let texts = part.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        let mut insert: QueryBuilder<Backend> = QueryBuilder::new(
            "INSERT INTO sessions (seq, id, created, status, client_reference_id, related_customer,
                related_customer_account, record) ",
        );
        insert.push_values(part.iter().zip(texts), |mut row, (record, text)| {
            seq += 1;
            row.push_bind(seq)
                .push_bind(&record.id)
                .push_bind(record.created)
                .push_bind(record.status.as_str())
                .push_bind(&record.client_reference_id)
                .push_bind(&record.related_customer)
                .push_bind(&record.related_customer_account)
                .push_bind(text);
        });
        insert.build().persistent(part.len() == AT_ONCE).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes a changed session. What lists filter by, other than the status, never changes.
pub(in crate::sandbox) async fn update(
    connection: &mut Connection,
    session: &SessionRow,
) -> Result<(), Failure> {
    let SessionRow { record, link } = session;
    sqlx::query(
        "UPDATE sessions SET status = $1, link_token = $2, link_made = $3, record = $4 WHERE id = $5",
    )
    .bind(record.status.as_str())
    .bind(link.as_ref().map(|link| link.token.as_str()))
    .bind(link.as_ref().map(|link| link.made))
    .bind(serde_json::to_string(record)?)
    .bind(&record.id)
    .execute(&mut *connection)
    .await?;
    keep_link(connection, session).await
}

/// What a link opens is known after the session has another one, or none.
async fn keep_link(connection: &mut Connection, session: &SessionRow) -> Result<(), Failure> {
    match &session.link {
        Some(link) => hosted::keep_link(connection, &link.token, &session.record.id, link.made).await,
        None => Ok(()),
    }
}

/// Finds a session.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<SessionRow>, Failure> {
    let row = sqlx::query("SELECT link_token, link_made, record FROM sessions WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Where a session stands in the list.
pub(in crate::sandbox) async fn place(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Place>, Failure> {
    Place::find(connection, "SELECT created, seq FROM sessions WHERE id = $1", id).await
}

/// The sessions that `filter` lets through.
pub(super) fn query(filter: &SessionFilter) -> Query {
    let mut query = Query::new("link_token, link_made, record", "sessions");
    let indices = [
        (&filter.client_reference_id, "sessions_reference_status"),
        (&filter.related_customer, "sessions_customer_status"),
        (&filter.related_customer_account, "sessions_account_status"),
    ];
    // A load test gives all its sessions one reference: then only the status tells them apart.
    let given = indices.into_iter().find(|(value, _)| value.is_some() && filter.status.is_some());
    query
        .by(given.map(|(_, index)| index))
        .equal("status", filter.status.as_ref().map(Status::as_str))
        .equal("client_reference_id", filter.client_reference_id.as_deref())
        .equal("related_customer", filter.related_customer.as_deref())
        .equal("related_customer_account", filter.related_customer_account.as_deref())
        .created(filter.created);
    query
}

/// A page of the sessions that `filter` lets through.
pub(in crate::sandbox) async fn list(
    connection: &mut Connection,
    filter: &SessionFilter,
    span: Span,
    limit: i64,
) -> Result<Rows<SessionRow>, Failure> {
    query(filter).rows(connection, span, limit, decode).await
}

/// How many sessions there are: none is ever deleted, so that their numbers count them. Counting rows would read a
/// whole index.
pub(in crate::sandbox) async fn count(connection: &mut Connection) -> Result<u64, sqlx::Error> {
    let newest: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM sessions").fetch_one(connection).await?;
    Ok(u64::try_from(newest).unwrap_or_default())
}
