//! Links of hosted pages and the visits to them. Sandbox only.
//!
//! A session knows its newest link only. Every link ever issued is kept here, so that an old one is told from one that
//! never was. A visit is what one browser has done on the page; it holds nothing that the person typed or uploaded.

use super::Connection;
use crate::clock::Timestamp;
use crate::sandbox::errors::Failure;
use crate::sandbox::hosted::Progress;

/// The tables of this file.
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS links (
        token TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        made BIGINT NOT NULL
    )",
    "CREATE TABLE IF NOT EXISTS visits (
        id TEXT PRIMARY KEY,
        link_token TEXT NOT NULL,
        made BIGINT NOT NULL,
        csrf TEXT NOT NULL,
        progress TEXT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS visits_made ON visits (made)",
];

/// A link that was issued once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Issued {
    /// The session that it opens, or opened.
    pub(in crate::sandbox) session: String,
    /// When it was issued, on the sandbox clock.
    pub(in crate::sandbox) made: Timestamp,
}

/// What one browser has done on the hosted page of one link.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Visit {
    /// What the browser's cookie says.
    pub(in crate::sandbox) id: String,
    /// The link that was opened.
    pub(in crate::sandbox) link_token: String,
    /// When it was opened first, on the sandbox clock.
    pub(in crate::sandbox) made: Timestamp,
    /// What every form of this visit carries.
    pub(in crate::sandbox) csrf: String,
    /// How far it has come.
    pub(in crate::sandbox) progress: Progress,
}

/// Forgets every link of a session and the visits to them.
pub(in crate::sandbox) async fn forget(connection: &mut Connection, session: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM visits WHERE link_token IN (SELECT token FROM links WHERE session_id = $1)")
        .bind(session)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM links WHERE session_id = $1").bind(session).execute(&mut *connection).await?;
    Ok(())
}

/// Keeps a link. Keeping it twice changes nothing.
pub(super) async fn keep_link(
    connection: &mut Connection,
    token: &str,
    session: &str,
    made: Timestamp,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO links (token, session_id, made) VALUES ($1, $2, $3) ON CONFLICT (token) DO NOTHING",
    )
    .bind(token)
    .bind(session)
    .bind(made)
    .execute(connection)
    .await?;
    Ok(())
}

/// Finds what `token` opens, or opened.
pub(in crate::sandbox) async fn link(
    connection: &mut Connection,
    token: &str,
) -> Result<Option<Issued>, Failure> {
    // Databases made before links were kept know the sessions' own links only.
    let found: Option<(String, Timestamp)> = sqlx::query_as(
        "SELECT session_id, made FROM links WHERE token = $1
         UNION ALL SELECT id, link_made FROM sessions WHERE link_token = $1 LIMIT 1",
    )
    .bind(token)
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|(session, made)| Issued { session, made }))
}

/// Adds a visit, and forgets those made before `forget`.
pub(in crate::sandbox) async fn add_visit(
    connection: &mut Connection,
    visit: &Visit,
    forget: Timestamp,
) -> Result<(), Failure> {
    sqlx::query("DELETE FROM visits WHERE made < $1").bind(forget).execute(&mut *connection).await?;
    sqlx::query("INSERT INTO visits (id, link_token, made, csrf, progress) VALUES ($1, $2, $3, $4, $5)")
        .bind(&visit.id)
        .bind(&visit.link_token)
        .bind(visit.made)
        .bind(&visit.csrf)
        .bind(serde_json::to_string(&visit.progress)?)
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes how far a visit has come.
pub(in crate::sandbox) async fn keep_progress(
    connection: &mut Connection,
    visit: &Visit,
) -> Result<(), Failure> {
    sqlx::query("UPDATE visits SET progress = $1 WHERE id = $2")
        .bind(serde_json::to_string(&visit.progress)?)
        .bind(&visit.id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Finds the visit `id` to the link `token`.
pub(in crate::sandbox) async fn visit(
    connection: &mut Connection,
    id: &str,
    token: &str,
) -> Result<Option<Visit>, Failure> {
    let found: Option<(Timestamp, String, String)> =
        sqlx::query_as("SELECT made, csrf, progress FROM visits WHERE id = $1 AND link_token = $2")
            .bind(id)
            .bind(token)
            .fetch_optional(connection)
            .await?;
    let Some((made, csrf, progress)) = found else { return Ok(None) };
    let progress = serde_json::from_str(&progress)?;
    Ok(Some(Visit { id: id.to_owned(), link_token: token.to_owned(), made, csrf, progress }))
}
