//! Events in the database. Sandbox only.

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::listing::{Place, Query, Rows, Span};
use super::snapshot::{Snapshot, unpack};
use super::{AT_ONCE, Backend, Connection};
use crate::clock::Timestamp;
use crate::sandbox::errors::Failure;
use crate::sandbox::events::Kind;
use crate::sandbox::events::requests::EventFilter;

/// Events, and where they stand in their list.
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS events (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        created BIGINT NOT NULL,
        kind TEXT NOT NULL,
        session_id TEXT NOT NULL,
        request_id TEXT,
        idempotency_key TEXT,
        invented SMALLINT NOT NULL,
        snapshot TEXT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS events_created ON events (created, seq)",
    "CREATE INDEX IF NOT EXISTS events_kind ON events (kind, created, seq)",
    "CREATE INDEX IF NOT EXISTS events_session ON events (session_id)",
];

const COLUMNS: &str = "seq, id, created, kind, request_id, idempotency_key, snapshot, \
    (SELECT COUNT(*) FROM deliveries WHERE deliveries.event_id = events.id AND deliveries.state = 'pending') \
    AS pending";

/// An event to be written.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct NewEvent {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) created: Timestamp,
    pub(in crate::sandbox) kind: Kind,
    pub(in crate::sandbox) session: String,
    pub(in crate::sandbox) request: Option<String>,
    pub(in crate::sandbox) idempotency_key: Option<String>,
    pub(in crate::sandbox) snapshot: Snapshot,
    /// Whether it belongs to an invented past, which nobody is told of.
    pub(in crate::sandbox) invented: bool,
}

/// An event as stored.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct EventRow {
    pub(in crate::sandbox) seq: i64,
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) created: Timestamp,
    /// The `type` on the wire.
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) request: Option<String>,
    pub(in crate::sandbox) idempotency_key: Option<String>,
    /// The session as it was.
    pub(in crate::sandbox) snapshot: Value,
    /// How many endpoints have not taken it yet.
    pub(in crate::sandbox) pending: i64,
}

/// When the oldest and the newest event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Range {
    pub(in crate::sandbox) oldest: Option<Timestamp>,
    pub(in crate::sandbox) newest: Option<Timestamp>,
}

fn decode(row: &SqliteRow) -> Result<EventRow, Failure> {
    Ok(EventRow {
        seq: row.try_get("seq")?,
        id: row.try_get("id")?,
        created: row.try_get("created")?,
        kind: row.try_get("kind")?,
        request: row.try_get("request_id")?,
        idempotency_key: row.try_get("idempotency_key")?,
        snapshot: unpack(row.try_get("snapshot")?)?,
        pending: row.try_get("pending")?,
    })
}

/// Adds events, each as the newest of its second.
pub(in crate::sandbox) async fn insert(
    connection: &mut Connection,
    events: &[NewEvent],
) -> Result<(), Failure> {
    let mut seq = newest_seq(connection).await?;
    for part in events.chunks(AT_ONCE) {
        let mut insert: QueryBuilder<Backend> = QueryBuilder::new(
            "INSERT INTO events (seq, id, created, kind, session_id, request_id, idempotency_key, invented, snapshot) ",
        );
        insert.push_values(part, |mut row, event| {
            seq += 1;
            row.push_bind(seq)
                .push_bind(&event.id)
                .push_bind(event.created)
                .push_bind(event.kind.name())
                .push_bind(&event.session)
                .push_bind(&event.request)
                .push_bind(&event.idempotency_key)
                .push_bind(i64::from(event.invented))
                .push_bind(event.snapshot.as_str());
        });
        // One at a time as requests do it, or many: other numbers are rare, and not worth to be kept.
        let usual = part.len() == 1 || part.len() == AT_ONCE;
        insert.build().persistent(usual).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The number of the newest event; 0 when there is none.
pub(in crate::sandbox) async fn newest_seq(connection: &mut Connection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM events").fetch_one(connection).await
}

/// When events happened.
pub(in crate::sandbox) async fn range(connection: &mut Connection) -> Result<Range, sqlx::Error> {
    let (oldest, newest) =
        sqlx::query_as("SELECT (SELECT MIN(created) FROM events), (SELECT MAX(created) FROM events)")
            .fetch_one(connection)
            .await?;
    Ok(Range { oldest, newest })
}

/// Deletes the events up to `then`, with the log of their deliveries.
pub(in crate::sandbox) async fn forget(
    connection: &mut Connection,
    then: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM deliveries WHERE event_id IN (SELECT id FROM events WHERE created <= $1)")
        .bind(then)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM events WHERE created <= $1").bind(then).execute(connection).await.map(drop)
}

/// Finds an event that happened after `since`.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    id: &str,
    since: Timestamp,
) -> Result<Option<EventRow>, Failure> {
    let mut query = Query::new(COLUMNS, "events");
    query.equal("id", Some(id)).later_than(since);
    let row = query.page(Span::Newest, 1).build().fetch_optional(connection).await?;
    row.as_ref().map(decode).transpose()
}

/// Where an event stands in the list.
pub(in crate::sandbox) async fn place(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Place>, Failure> {
    Place::find(connection, "SELECT created, seq FROM events WHERE id = $1", id).await
}

/// The events after `since` that `filter` lets through.
pub(super) fn query(filter: &EventFilter, since: Timestamp) -> Query {
    let mut query = Query::new(COLUMNS, "events");
    if let Some(kinds) = &filter.kinds {
        let wanted: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)).collect();
        if wanted.len() < Kind::ALL.len() {
            query.one_of("kind", wanted.into_iter().map(Kind::name).collect());
        }
    }
    match filter.delivery_success {
        None => {}
        Some(true) => {
            query.only(
                "NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id AND state <> 'succeeded')",
            );
        }
        // From the few that are not delivered, not through all events.
        Some(false) => {
            query.only("id IN (SELECT event_id FROM deliveries WHERE state <> 'succeeded')");
        }
    }
    query.created(filter.created).later_than(since);
    query
}

/// A page of the events after `since` that `filter` lets through.
pub(in crate::sandbox) async fn list(
    connection: &mut Connection,
    filter: &EventFilter,
    since: Timestamp,
    span: Span,
    limit: i64,
) -> Result<Rows<EventRow>, Failure> {
    query(filter, since).rows(connection, span, limit, decode).await
}

/// The oldest events after number `seq` that are not invented, at most `limit`.
pub(in crate::sandbox) async fn after(
    connection: &mut Connection,
    seq: i64,
    limit: i64,
) -> Result<Vec<EventRow>, Failure> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM events WHERE seq > $1 AND invented = 0 ORDER BY seq LIMIT $2"
    )))
    .bind(seq)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(decode).collect()
}

/// The snapshots of a session's events, with the events' numbers.
pub(in crate::sandbox) async fn snapshots(
    connection: &mut Connection,
    session: &str,
) -> Result<Vec<(i64, Value)>, Failure> {
    let rows: Vec<(i64, String)> = sqlx::query_as("SELECT seq, snapshot FROM events WHERE session_id = $1")
        .bind(session)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|(seq, kept)| Ok((seq, unpack(&kept)?))).collect()
}

/// Replaces the snapshot of an event. Only redaction does that.
pub(in crate::sandbox) async fn replace(
    connection: &mut Connection,
    seq: i64,
    session: &Value,
) -> Result<(), Failure> {
    sqlx::query("UPDATE events SET snapshot = $1 WHERE seq = $2")
        .bind(Snapshot::of(session).as_str())
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}
