//! The tables. Standard SQL, so that another database can follow.
//!
//! An object is kept whole as JSON in `record`. The columns beside it repeat what lists filter and sort by. `seq`
//! counts insertions: objects created in the same second are listed in that order.
//!
//! Indices of a table stand in the order of how few rows a value of theirs finds. Without statistics SQLite takes
//! the last one that fits, and two filters at once are only fast when it takes the sharper one.

use super::{Connection, events, hosted, webhooks};

/// Counts up when the tables change.
pub(super) const VERSION: &str = "2";

/// What the indices of the tables with most of the rows begin with.
const FILLED: [&str; 3] = ["sessions_", "reports_", "files_"];

const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sessions (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        created BIGINT NOT NULL,
        status TEXT NOT NULL,
        client_reference_id TEXT,
        related_customer TEXT,
        related_customer_account TEXT,
        link_token TEXT,
        link_made BIGINT,
        record TEXT NOT NULL
    )",
    "CREATE UNIQUE INDEX IF NOT EXISTS sessions_id ON sessions (id)",
    "CREATE INDEX IF NOT EXISTS sessions_created ON sessions (created, seq)",
    "CREATE INDEX IF NOT EXISTS sessions_status ON sessions (status, created, seq)",
    "CREATE INDEX IF NOT EXISTS sessions_customer ON sessions (related_customer, created, seq)
        WHERE related_customer IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS sessions_account ON sessions (related_customer_account, created, seq)
        WHERE related_customer_account IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS sessions_account_status ON sessions (related_customer_account, status, created, seq)
        WHERE related_customer_account IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS sessions_customer_status ON sessions (related_customer, status, created, seq)
        WHERE related_customer IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS sessions_reference ON sessions (client_reference_id, created, seq)
        WHERE client_reference_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS sessions_reference_status ON sessions (client_reference_id, status, created, seq)
        WHERE client_reference_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS sessions_link ON sessions (link_token) WHERE link_token IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS reports (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        created BIGINT NOT NULL,
        session_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        client_reference_id TEXT,
        record TEXT NOT NULL
    )",
    "CREATE UNIQUE INDEX IF NOT EXISTS reports_id ON reports (id)",
    "CREATE INDEX IF NOT EXISTS reports_created ON reports (created, seq)",
    "CREATE INDEX IF NOT EXISTS reports_kind ON reports (kind, created, seq)",
    "CREATE INDEX IF NOT EXISTS reports_reference ON reports (client_reference_id, created, seq)
        WHERE client_reference_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS reports_reference_kind ON reports (client_reference_id, kind, created, seq)
        WHERE client_reference_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS reports_session ON reports (session_id, created, seq)",
    "CREATE TABLE IF NOT EXISTS files (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        created BIGINT NOT NULL,
        report_id TEXT NOT NULL,
        purpose TEXT NOT NULL,
        picture TEXT NOT NULL
    )",
    "CREATE UNIQUE INDEX IF NOT EXISTS files_id ON files (id)",
    "CREATE INDEX IF NOT EXISTS files_created ON files (created, seq)",
    "CREATE INDEX IF NOT EXISTS files_purpose ON files (purpose, created, seq)",
    "CREATE TABLE IF NOT EXISTS file_links (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        created BIGINT NOT NULL,
        expires_at BIGINT,
        file_id TEXT NOT NULL,
        metadata TEXT NOT NULL,
        token TEXT NOT NULL UNIQUE
    )",
    "CREATE INDEX IF NOT EXISTS file_links_created ON file_links (created, seq)",
    "CREATE INDEX IF NOT EXISTS file_links_file ON file_links (file_id, created, seq)",
    "CREATE TABLE IF NOT EXISTS ephemeral_keys (
        id TEXT PRIMARY KEY,
        created BIGINT NOT NULL,
        expires BIGINT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS ephemeral_keys_expires ON ephemeral_keys (expires)",
    "CREATE TABLE IF NOT EXISTS jobs (
        session_id TEXT PRIMARY KEY,
        due BIGINT NOT NULL,
        task TEXT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due)",
    "CREATE TABLE IF NOT EXISTS scripts (
        session_id TEXT PRIMARY KEY,
        due BIGINT NOT NULL,
        script TEXT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS scripts_due ON scripts (due)",
    "CREATE TABLE IF NOT EXISTS idempotency (
        scope TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        created BIGINT NOT NULL,
        request TEXT NOT NULL,
        request_id TEXT NOT NULL,
        status INTEGER NOT NULL,
        body TEXT NOT NULL,
        subject TEXT,
        PRIMARY KEY (scope, idempotency_key)
    )",
    "CREATE INDEX IF NOT EXISTS idempotency_subject ON idempotency (subject) WHERE subject IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS idempotency_created ON idempotency (created)",
];

/// Makes what is not there yet.
pub(super) async fn create(connection: &mut Connection) -> Result<(), sqlx::Error> {
    let all = [TABLES, hosted::TABLES, events::TABLES, webhooks::TABLES].concat().join(";");
    sqlx::raw_sql(sqlx::AssertSqlSafe(all)).execute(connection).await.map(drop)
}

/// Drops the indices of the tables that people fill. [`create`] makes them again.
pub(super) async fn drop_indices(connection: &mut Connection) -> Result<(), sqlx::Error> {
    for statement in TABLES {
        let rest = ["CREATE INDEX IF NOT EXISTS ", "CREATE UNIQUE INDEX IF NOT EXISTS "]
            .iter()
            .find_map(|begins| statement.strip_prefix(begins));
        let Some(name) = rest.and_then(|rest| rest.split(' ').next()) else { continue };
        if FILLED.iter().any(|table| name.starts_with(table)) {
            let drop = sqlx::AssertSqlSafe(format!("DROP INDEX {name}"));
            sqlx::raw_sql(drop).execute(&mut *connection).await?;
        }
    }
    Ok(())
}
