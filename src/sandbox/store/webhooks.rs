//! Webhook endpoints, `--forward-to` targets, and what is to be delivered to them, in the database. Sandbox only.
//!
//! A delivery is one event for one listener. It is `pending` with a time until it `succeeded` or has `failed` for
//! good, so that what was planned survives a restart.

use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Connection;
use super::listing::{Place, Query, Rows, Span};
use crate::clock::Timestamp;
use crate::sandbox::errors::Failure;
use crate::sandbox::events::endpoint::Endpoint;

/// Listeners and deliveries. `forwards` tells a `--forward-to` target, which the API does not show.
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS webhook_endpoints (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        created BIGINT NOT NULL,
        forwards SMALLINT NOT NULL,
        record TEXT NOT NULL
    )",
    "CREATE TABLE IF NOT EXISTS deliveries (
        seq INTEGER PRIMARY KEY,
        event_id TEXT NOT NULL,
        endpoint_id TEXT NOT NULL,
        state TEXT NOT NULL,
        due BIGINT NOT NULL,
        tries INTEGER NOT NULL,
        log TEXT NOT NULL,
        UNIQUE (event_id, endpoint_id)
    )",
    "CREATE INDEX IF NOT EXISTS deliveries_pending ON deliveries (endpoint_id, due, seq) WHERE state = 'pending'",
    "CREATE INDEX IF NOT EXISTS deliveries_open ON deliveries (event_id) WHERE state <> 'succeeded'",
    "CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due) WHERE state = 'pending'",
];

/// So many tries are kept in the log of a delivery; the oldest give way.
const LONGEST_LOG: usize = 20;

/// A listener as stored.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct EndpointRow {
    /// `we_…`, or `fwd_…` for a `--forward-to` target.
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) created: Timestamp,
    pub(in crate::sandbox) endpoint: Endpoint,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Try {
    /// When, on the sandbox clock.
    pub(in crate::sandbox) at: Timestamp,
    /// The HTTP status of the answer, if there was one.
    pub(in crate::sandbox) status: Option<u16>,
    /// What went wrong.
    pub(in crate::sandbox) error: Option<String>,
}

/// What a try leaves of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum State {
    /// To be tried at this time.
    Pending(Timestamp),
    Succeeded,
    Failed,
}

/// A delivery that is next in its listener's line.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Planned {
    pub(in crate::sandbox) seq: i64,
    pub(in crate::sandbox) event: String,
    pub(in crate::sandbox) due: Timestamp,
    /// How many tries there have been.
    pub(in crate::sandbox) tries: i64,
    pub(in crate::sandbox) listener: EndpointRow,
}

/// A delivery as the log shows it.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Logged {
    pub(in crate::sandbox) event: String,
    pub(in crate::sandbox) kind: Option<String>,
    pub(in crate::sandbox) endpoint: String,
    pub(in crate::sandbox) url: Option<String>,
    pub(in crate::sandbox) state: String,
    pub(in crate::sandbox) due: Timestamp,
    pub(in crate::sandbox) tries: i64,
    pub(in crate::sandbox) log: Vec<Try>,
}

fn decode(row: &SqliteRow) -> Result<EndpointRow, Failure> {
    Ok(EndpointRow {
        id: row.try_get("id")?,
        created: row.try_get("created")?,
        endpoint: serde_json::from_str(row.try_get("record")?)?,
    })
}

/// Adds a listener.
pub(in crate::sandbox) async fn insert(
    connection: &mut Connection,
    row: &EndpointRow,
    forwards: bool,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO webhook_endpoints (seq, id, created, forwards, record)
         VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM webhook_endpoints), $1, $2, $3, $4)",
    )
    .bind(&row.id)
    .bind(row.created)
    .bind(i64::from(forwards))
    .bind(serde_json::to_string(&row.endpoint)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a changed listener. Who is not told any more loses what was planned.
pub(in crate::sandbox) async fn update(
    connection: &mut Connection,
    row: &EndpointRow,
) -> Result<(), Failure> {
    sqlx::query("UPDATE webhook_endpoints SET record = $1 WHERE id = $2")
        .bind(serde_json::to_string(&row.endpoint)?)
        .bind(&row.id)
        .execute(&mut *connection)
        .await?;
    if !row.endpoint.enabled {
        drop_planned(connection, &row.id).await?;
    }
    Ok(())
}

/// Deletes a listener and what was planned for it. What was delivered stays in the log.
pub(in crate::sandbox) async fn delete(connection: &mut Connection, id: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM webhook_endpoints WHERE id = $1").bind(id).execute(&mut *connection).await?;
    drop_planned(connection, id).await
}

async fn drop_planned(connection: &mut Connection, id: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM deliveries WHERE endpoint_id = $1 AND state = 'pending'")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Finds a webhook endpoint.
pub(in crate::sandbox) async fn get(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<EndpointRow>, Failure> {
    let row = sqlx::query("SELECT id, created, record FROM webhook_endpoints WHERE id = $1 AND forwards = 0")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Where a webhook endpoint stands in the list.
pub(in crate::sandbox) async fn place(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Place>, Failure> {
    Place::find(connection, "SELECT created, seq FROM webhook_endpoints WHERE id = $1 AND forwards = 0", id)
        .await
}

/// A page of the webhook endpoints.
pub(in crate::sandbox) async fn list(
    connection: &mut Connection,
    span: Span,
    limit: i64,
) -> Result<Rows<EndpointRow>, Failure> {
    let mut query = Query::new("id, created, record", "webhook_endpoints");
    query.only("forwards = 0");
    query.rows(connection, span, limit, decode).await
}

/// How many webhook endpoints there are.
pub(in crate::sandbox) async fn count(connection: &mut Connection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM webhook_endpoints WHERE forwards = 0")
        .fetch_one(connection)
        .await
}

/// Everybody who may be told of events.
pub(in crate::sandbox) async fn listeners(connection: &mut Connection) -> Result<Vec<EndpointRow>, Failure> {
    let rows = sqlx::query("SELECT id, created, record FROM webhook_endpoints ORDER BY seq")
        .fetch_all(connection)
        .await?;
    rows.iter().map(decode).collect()
}

/// The `--forward-to` targets.
pub(in crate::sandbox) async fn forwards(connection: &mut Connection) -> Result<Vec<EndpointRow>, Failure> {
    let rows =
        sqlx::query("SELECT id, created, record FROM webhook_endpoints WHERE forwards = 1 ORDER BY seq")
            .fetch_all(connection)
            .await?;
    rows.iter().map(decode).collect()
}

/// Plans a delivery for `due`; one that was planned or done before begins anew.
pub(in crate::sandbox) async fn plan(
    connection: &mut Connection,
    event: &str,
    endpoint: &str,
    due: Timestamp,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO deliveries (seq, event_id, endpoint_id, state, due, tries, log)
         VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM deliveries), $1, $2, 'pending', $3, 0, '[]')
         ON CONFLICT (event_id, endpoint_id) DO UPDATE SET state = 'pending', due = excluded.due, tries = 0",
    )
    .bind(event)
    .bind(endpoint)
    .bind(due)
    .execute(connection)
    .await?;
    Ok(())
}

/// The next delivery of every listener that has one.
pub(in crate::sandbox) async fn heads(connection: &mut Connection) -> Result<Vec<Planned>, Failure> {
    let rows = sqlx::query(
        "SELECT e.id, e.created, e.record, d.seq, d.event_id, d.due, d.tries
         FROM webhook_endpoints e JOIN deliveries d ON d.seq = (
            SELECT seq FROM deliveries WHERE endpoint_id = e.id AND state = 'pending' ORDER BY due, seq LIMIT 1)
         ORDER BY e.seq",
    )
    .fetch_all(connection)
    .await?;
    let planned = rows.iter().map(|row| {
        Ok(Planned {
            seq: row.try_get("seq")?,
            event: row.try_get("event_id")?,
            due: row.try_get("due")?,
            tries: row.try_get("tries")?,
            listener: decode(row)?,
        })
    });
    planned.collect()
}

/// Writes down how a try ended. Nothing is written when the delivery was dropped meanwhile.
pub(in crate::sandbox) async fn tried(
    connection: &mut Connection,
    seq: i64,
    state: State,
    ended: Try,
) -> Result<(), Failure> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT log FROM deliveries WHERE seq = $1 AND state = 'pending'")
            .bind(seq)
            .fetch_optional(&mut *connection)
            .await?;
    let Some((log,)) = found else { return Ok(()) };
    let mut log: Vec<Try> = serde_json::from_str(&log)?;
    log.push(ended);
    let too_many = log.len().saturating_sub(LONGEST_LOG);
    log.drain(..too_many);
    let (state, due) = match state {
        State::Pending(due) => ("pending", Some(due)),
        State::Succeeded => ("succeeded", None),
        State::Failed => ("failed", None),
    };
    sqlx::query(
        "UPDATE deliveries SET state = $1, due = COALESCE($2, due), tries = tries + 1, log = $3 WHERE seq = $4",
    )
    .bind(state)
    .bind(due)
    .bind(serde_json::to_string(&log)?)
    .bind(seq)
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest deliveries, newest first.
pub(in crate::sandbox) async fn log(connection: &mut Connection, limit: i64) -> Result<Vec<Logged>, Failure> {
    let rows = sqlx::query(
        "SELECT d.event_id, v.kind, d.endpoint_id, e.record, d.state, d.due, d.tries, d.log FROM deliveries d
         LEFT JOIN webhook_endpoints e ON e.id = d.endpoint_id LEFT JOIN events v ON v.id = d.event_id
         ORDER BY d.seq DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let logged = rows.iter().map(|row| {
        let listener: Option<&str> = row.try_get("record")?;
        let url = listener.map(serde_json::from_str::<Endpoint>).transpose()?.map(|endpoint| endpoint.url);
        Ok(Logged {
            event: row.try_get("event_id")?,
            kind: row.try_get("kind")?,
            endpoint: row.try_get("endpoint_id")?,
            url,
            state: row.try_get("state")?,
            due: row.try_get("due")?,
            tries: row.try_get("tries")?,
            log: serde_json::from_str(row.try_get("log")?)?,
        })
    });
    logged.collect()
}
