//! Executes operations on files and links. For this folder only.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::render as files_render;
use super::requests::{Act, Expiry, LinkChange, NewLink, Operation};
use crate::clock::Timestamp;
use crate::identity::params::Created;
use crate::sandbox::auth::Caller;
use crate::sandbox::errors::{Failure, Refused, missing};
use crate::sandbox::params::{Cursor, Page};
use crate::sandbox::record::ReportRecord;
use crate::sandbox::render::{self, View};
use crate::sandbox::store::Connection;
use crate::sandbox::store::file_links::{self, FileLinkFilter, FileLinkRow};
use crate::sandbox::store::files::{self, FileRow};
use crate::sandbox::store::listing::Span;
use crate::sandbox::store::{reports, sessions};
use crate::sandbox::{change, tokens};

/// A link to a picture of Identity lives no longer than this, in seconds.
const LINK_LIVES: i64 = 30;
/// How many links a file shows.
const LINKS_SHOWN: i64 = 10;

/// Answers operations that change nothing. `None` for the others.
pub(in crate::sandbox) async fn look_up(
    connection: &mut Connection,
    operation: &Operation,
    view: View<'_>,
) -> Result<Option<Value>, Failure> {
    let shows_url = operation.caller.is_restricted();
    let found = match &operation.act {
        Act::Retrieve(id) => {
            let row = file(connection, id).await?;
            shown_file(connection, &row, shows_url, view).await?
        }
        Act::List(purpose, created, page) => {
            list(connection, *purpose, *created, page, shows_url, view).await?
        }
        Act::RetrieveLink(id) => {
            let row = link(connection, id).await?;
            shown_link(connection, &row, shows_url, view).await?
        }
        Act::ListLinks(filter, page) => list_links(connection, filter, page, shows_url, view).await?,
        Act::CreateLink(_) | Act::UpdateLink(..) => return Ok(None),
    };
    Ok(Some(found))
}

/// Answers any operation, and changes what it changes.
pub(in crate::sandbox) async fn execute(
    connection: &mut Connection,
    operation: Operation,
    view: View<'_>,
) -> Result<Value, Failure> {
    if operation.only_looks() {
        return Ok(look_up(connection, &operation, view).await?.unwrap_or_default());
    }
    let Operation { caller, act } = operation;
    let row = match act {
        Act::CreateLink(new) => create_link(connection, &caller, new, view.now).await?,
        Act::UpdateLink(id, change) => update_link(connection, &caller, &id, change, view.now).await?,
        _ => return Ok(Value::Null),
    };
    shown_link(connection, &row, true, view).await
}

fn missing_file(status: StatusCode, id: &str, param: &str) -> Refused {
    missing(status, "file upload", id, param)
}

/// The file that the path names.
pub(super) async fn file(connection: &mut Connection, id: &str) -> Result<FileRow, Failure> {
    let found = files::get(connection, id).await?;
    Ok(found.ok_or_else(|| missing_file(StatusCode::NOT_FOUND, id, "id"))?)
}

async fn link(connection: &mut Connection, id: &str) -> Result<FileLinkRow, Failure> {
    let found = file_links::get(connection, id).await?;
    Ok(found.ok_or_else(|| missing(StatusCode::NOT_FOUND, "file link", id, "id"))?)
}

/// The report that `file` belongs to; `None` when a redaction has taken the contents.
pub(super) async fn source(
    connection: &mut Connection,
    file: &FileRow,
) -> Result<Option<ReportRecord>, Failure> {
    let Some(report) = reports::get(connection, &file.report).await? else { return Ok(None) };
    let session = sessions::get(connection, &report.session).await?;
    let kept = session.is_some_and(|session| session.record.redaction.is_none());
    Ok(kept.then_some(report))
}

/// The report behind `file`, if `caller` may see the picture now.
pub(super) async fn open(
    connection: &mut Connection,
    caller: &Caller,
    file: &FileRow,
    now: Timestamp,
) -> Result<ReportRecord, Failure> {
    caller.may_read_sensitive()?;
    let report = source(connection, file).await?.ok_or_else(|| gone(&file.id))?;
    caller.may_read_processed(report.created, now)?;
    Ok(report)
}

/// The contents were taken by a redaction.
pub(super) fn gone(id: &str) -> Refused {
    Refused::new(format!(
        "The contents of file upload '{id}' have been deleted, because the VerificationSession that it belongs to \
         has been redacted."
    ))
    .status(StatusCode::NOT_FOUND)
    .code("resource_missing")
    .param("id")
}

async fn shown_file(
    connection: &mut Connection,
    row: &FileRow,
    shows_url: bool,
    view: View<'_>,
) -> Result<Value, Failure> {
    let gone = source(connection, row).await?.is_none();
    let links = links_of(connection, row, shows_url, view).await?;
    Ok(files_render::file(row, gone, &links, view.api_base))
}

/// The newest links of a file, as the file shows them.
async fn links_of(
    connection: &mut Connection,
    row: &FileRow,
    shows_url: bool,
    view: View<'_>,
) -> Result<Value, Failure> {
    let filter = FileLinkFilter { file: Some(row.id.clone()), ..FileLinkFilter::default() };
    let found = file_links::list(connection, &filter, view.now, Span::Newest, LINKS_SHOWN).await?;
    let as_shown =
        |link: &FileLinkRow| files_render::link(link, &json!(link.file), shows_url, view.now, view.api_base);
    Ok(files_render::links_of(&row.id, found.rows.iter().map(as_shown).collect(), found.has_more))
}

async fn shown_link(
    connection: &mut Connection,
    row: &FileLinkRow,
    shows_url: bool,
    view: View<'_>,
) -> Result<Value, Failure> {
    let file = match files::get(connection, &row.file).await? {
        Some(file) if view.expand.has("file") => shown_file(connection, &file, shows_url, view).await?,
        _ => json!(row.file),
    };
    Ok(files_render::link(row, &file, shows_url, view.now, view.api_base))
}

/// Refuses links that would live for too long, and those that would end before they begin.
fn judge_expiry(expires_at: Option<Timestamp>, file: &FileRow, now: Timestamp) -> Result<(), Refused> {
    let purpose = file.picture.purpose();
    match expires_at {
        Some(end) if end <= now => {
            Err(Refused::new("expires_at must be a time in the future.").param("expires_at"))
        }
        Some(end) if end.secs_since(now) <= LINK_LIVES => Ok(()),
        _ => Err(Refused::new(format!(
            "File links for files with purpose `{purpose}` must expire within {LINK_LIVES} seconds. Please set \
             `expires_at` to a time no more than {LINK_LIVES} seconds from now."
        ))
        .param("expires_at")),
    }
}

async fn create_link(
    connection: &mut Connection,
    caller: &Caller,
    new: NewLink,
    now: Timestamp,
) -> Result<FileLinkRow, Failure> {
    caller.may_read_sensitive()?;
    let file = files::get(connection, &new.file).await?;
    let file = file.ok_or_else(|| missing_file(StatusCode::BAD_REQUEST, &new.file, "file"))?;
    open(connection, caller, &file, now).await?;
    judge_expiry(new.expires_at, &file, now)?;
    let row = FileLinkRow {
        id: tokens::file_link_id(),
        created: now,
        expires_at: new.expires_at,
        file: new.file,
        metadata: change::metadata(&BTreeMap::new(), new.metadata)?,
        token: tokens::file_link_token(),
    };
    file_links::insert(connection, &row).await?;
    Ok(row)
}

async fn update_link(
    connection: &mut Connection,
    caller: &Caller,
    id: &str,
    change: LinkChange,
    now: Timestamp,
) -> Result<FileLinkRow, Failure> {
    caller.may_read_sensitive()?;
    let mut row = link(connection, id).await?;
    let file = file(connection, &row.file).await?;
    let expires_at = match change.expires_at {
        None => row.expires_at,
        Some(Expiry::Now) => Some(row.expires_at.map_or(now, |end| end.min(now))),
        Some(Expiry::At(end)) => {
            open(connection, caller, &file, now).await?;
            judge_expiry(Some(end), &file, now)?;
            Some(end)
        }
        Some(Expiry::Never) => {
            judge_expiry(None, &file, now)?;
            None
        }
    };
    let metadata = change::metadata(&row.metadata, change.metadata)?;
    // What a redaction has erased is not written again.
    row.metadata = if source(connection, &file).await?.is_some() { metadata } else { BTreeMap::new() };
    row.expires_at = expires_at;
    file_links::update(connection, &row).await?;
    Ok(row)
}

async fn list(
    connection: &mut Connection,
    purpose: Option<&str>,
    created: Created,
    page: &Page,
    shows_url: bool,
    view: View<'_>,
) -> Result<Value, Failure> {
    let span = match &page.cursor {
        None => Span::Newest,
        Some(cursor) => {
            let (id, param) = cursor.parts();
            let place = files::place(connection, id).await?;
            let place = place.ok_or_else(|| missing_file(StatusCode::BAD_REQUEST, id, param))?;
            match cursor {
                Cursor::After(_) => Span::OlderThan(place),
                Cursor::Before(_) => Span::NewerThan(place),
            }
        }
    };
    let found = files::list(connection, purpose, created, span, page.limit).await?;
    // Asked for all of the page at once: three queries for each file would take longer than all the rest.
    let kept = files::kept_reports(connection, &found.rows).await?;
    let linked = file_links::linked(connection, &found.rows).await?;
    let mut data = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        let links = if linked.contains(&row.id) {
            links_of(connection, row, shows_url, view).await?
        } else {
            files_render::links_of(&row.id, Vec::new(), false)
        };
        data.push(files_render::file(row, !kept.contains(&row.report), &links, view.api_base));
    }
    Ok(render::list("/v1/files", data, found.has_more))
}

async fn list_links(
    connection: &mut Connection,
    filter: &FileLinkFilter,
    page: &Page,
    shows_url: bool,
    view: View<'_>,
) -> Result<Value, Failure> {
    let span = match &page.cursor {
        None => Span::Newest,
        Some(cursor) => {
            let (id, param) = cursor.parts();
            let place = file_links::place(connection, id).await?;
            let place = place.ok_or_else(|| missing(StatusCode::BAD_REQUEST, "file link", id, param))?;
            match cursor {
                Cursor::After(_) => Span::OlderThan(place),
                Cursor::Before(_) => Span::NewerThan(place),
            }
        }
    };
    let found = file_links::list(connection, filter, view.now, span, page.limit).await?;
    let mut data = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        data.push(shown_link(connection, row, shows_url, view).await?);
    }
    Ok(render::list("/v1/file_links", data, found.has_more))
}
