//! Executes judged operations on the store: the lifecycle of sessions, and lists. Sandbox only.
//!
//! Every refusal comes before the first write, so that a refused request leaves nothing behind.

use axum::http::StatusCode;
use serde_json::Value;

use super::errors::{Failure, Refused, missing};
use super::events::{self, Cause, Kind};
use super::params::{Cursor, Page};
use super::render::{self, View};
use super::requests::{NewSession, Operation, ReportFilter, Request, SessionChange, SessionFilter};
use super::state::Sandbox;
use super::store::Connection;
use super::store::jobs::{self, Job, Task};
use super::store::listing::Span;
use super::store::sessions::{self, Link, SessionRow};
use super::store::{reports, scripts};
use super::{account, change, ephemeral_keys, files, redaction, sensitive, tokens};
use crate::clock::Timestamp;
use crate::identity::Status;
use crate::identity::lifecycle::{Act, Outcome, Refusal, judge};
use crate::sandbox::record::SessionRecord;

/// Answers operations that change nothing. `None` when a link has to be issued first, which [`execute`] does.
pub(super) async fn look_up(
    connection: &mut Connection,
    operation: &Operation,
    view: View<'_>,
) -> Result<Option<Value>, Failure> {
    match operation {
        Operation::Retrieve(id) => {
            let row = session(connection, id).await?;
            if render::needs_link(&row, view.now) {
                return Ok(None);
            }
            shown(connection, &row, view).await.map(Some)
        }
        Operation::List(filter, page) => list(connection, filter, page, view).await.map(Some),
        Operation::RetrieveReport(id) => {
            let report = reports::get(connection, id).await?;
            let report = report.ok_or_else(|| missing_report(StatusCode::NOT_FOUND, id, "report"))?;
            sensitive::judge_report(connection, &report, view).await?;
            Ok(Some(render::report(&report, view.expand)))
        }
        Operation::ListReports(filter, page) => list_reports(connection, filter, page, view).await.map(Some),
        Operation::Files(operation) => files::look_up(connection, operation, view).await,
        Operation::Events(operation) => events::answers::look_up(connection, operation, view).await,
        Operation::Account => Ok(Some(account::render())),
        Operation::Create(_)
        | Operation::Update(..)
        | Operation::Cancel(_)
        | Operation::Redact(_)
        | Operation::EphemeralKeys(_) => Ok(None),
    }
}

/// Answers any operation, and changes what it changes.
pub(super) async fn execute(
    connection: &mut Connection,
    request: Request,
    cause: Cause<'_>,
    sandbox: &Sandbox,
    now: Timestamp,
) -> Result<Value, Failure> {
    let view = sandbox.view(now, &request.expand);
    if let Operation::Update(id, _) | Operation::Cancel(id) | Operation::Redact(id) = &request.operation {
        // Before anything is written.
        let row = session(connection, id).await?;
        sensitive::judge_session(connection, &row, view).await?;
    }
    let row = match request.operation {
        Operation::Create(new) => create(connection, *new, cause, now).await?,
        Operation::Update(id, change) => update(connection, &id, *change, now).await?,
        Operation::Cancel(id) => cancel(connection, &id, cause, now).await?,
        Operation::Redact(id) => redact(connection, &id, cause, now, sandbox.redaction_seconds).await?,
        Operation::Retrieve(id) => {
            let mut row = session(connection, &id).await?;
            if render::needs_link(&row, now) {
                issue_link(&mut row, now);
                sessions::update(connection, &row).await?;
            }
            row
        }
        Operation::Files(operation) => return files::execute(connection, operation, view).await,
        Operation::Events(operation) => return events::answers::execute(connection, operation, view).await,
        Operation::EphemeralKeys(operation) => {
            return ephemeral_keys::execute(connection, operation, now).await;
        }
        looking @ (Operation::List(..)
        | Operation::RetrieveReport(_)
        | Operation::ListReports(..)
        | Operation::Account) => {
            return Ok(look_up(connection, &looking, view).await?.unwrap_or_default());
        }
    };
    shown(connection, &row, view).await
}

/// A session as the API shows it, its newest report included when that is expanded.
pub(super) async fn shown(
    connection: &mut Connection,
    row: &SessionRow,
    view: View<'_>,
) -> Result<Value, Failure> {
    sensitive::judge_session(connection, row, view).await?;
    let report = match &row.record.last_report {
        Some(id) if view.expand.has("last_verification_report") => reports::get(connection, id).await?,
        _ => None,
    };
    Ok(render::session(row, report.as_ref(), view))
}

/// The session that the path names.
pub(super) async fn session(connection: &mut Connection, id: &str) -> Result<SessionRow, Failure> {
    let found = sessions::get(connection, id).await?;
    Ok(found.ok_or_else(|| missing_session(StatusCode::NOT_FOUND, id, "session"))?)
}

pub(super) fn missing_session(status: StatusCode, id: &str, param: &str) -> Refused {
    missing(status, "VerificationSession", id, param)
}

fn missing_report(status: StatusCode, id: &str, param: &str) -> Refused {
    missing(status, "VerificationReport", id, param)
}

/// Gives the session a new link; the one before it opens nothing any more.
pub(super) fn issue_link(row: &mut SessionRow, now: Timestamp) {
    row.link = Some(Link { token: tokens::link_token(), made: now });
}

async fn create(
    connection: &mut Connection,
    new: NewSession,
    cause: Cause<'_>,
    now: Timestamp,
) -> Result<SessionRow, Failure> {
    let mut row = SessionRow {
        record: SessionRecord {
            id: tokens::session_id(),
            created: now,
            status: Status::RequiresInput,
            kind: new.kind,
            client_reference_id: new.client_reference_id,
            metadata: change::metadata(&std::collections::BTreeMap::new(), new.metadata)?,
            options: change::options(&new.flow_options, new.options),
            provided_details: change::details(&Value::Null, new.details),
            redaction: None,
            redaction_due: None,
            related_customer: new.related_customer,
            related_customer_account: new.related_customer_account,
            related_person: new.related_person,
            verification_flow: new.verification_flow,
            return_url: new.return_url,
            last_error: None,
            last_report: None,
            verified_outputs: Value::Null,
        },
        link: None,
    };
    issue_link(&mut row, now);
    sessions::insert(connection, &row).await?;
    events::record(connection, Kind::Created, &row.record, now, cause).await?;
    if let Some(script) = &new.script {
        scripts::insert(connection, &row.record.id, now.plus_secs(script.after), script).await?;
    }
    Ok(row)
}

async fn update(
    connection: &mut Connection,
    id: &str,
    wanted: SessionChange,
    now: Timestamp,
) -> Result<SessionRow, Failure> {
    let mut row = session(connection, id).await?;
    let act = if wanted.is_metadata_only() { Act::UpdateMetadata } else { Act::Update };
    judge(&render::state(&row.record), act).map_err(|refusal| refused(&row.record, act, refusal))?;
    let record = &mut row.record;
    record.metadata = change::metadata(&record.metadata, wanted.metadata)?;
    record.options = change::options(&record.options, wanted.options);
    record.provided_details = change::details(&record.provided_details, wanted.details);
    if let Some(kind) = wanted.kind {
        record.kind = kind;
    }
    if render::needs_link(&row, now) {
        issue_link(&mut row, now);
    }
    sessions::update(connection, &row).await?;
    Ok(row)
}

async fn cancel(
    connection: &mut Connection,
    id: &str,
    cause: Cause<'_>,
    now: Timestamp,
) -> Result<SessionRow, Failure> {
    let mut row = session(connection, id).await?;
    let outcome = judge(&render::state(&row.record), Act::Cancel)
        .map_err(|refusal| refused(&row.record, Act::Cancel, refusal))?;
    if let Outcome::To(state) = outcome {
        row.record.status = state.status;
        row.record.last_error = None;
        row.link = None;
        sessions::update(connection, &row).await?;
        events::record(connection, Kind::Canceled, &row.record, now, cause).await?;
    }
    Ok(row)
}

async fn redact(
    connection: &mut Connection,
    id: &str,
    cause: Cause<'_>,
    now: Timestamp,
    seconds: i64,
) -> Result<SessionRow, Failure> {
    let mut row = session(connection, id).await?;
    let outcome = judge(&render::state(&row.record), Act::Redact)
        .map_err(|refusal| refused(&row.record, Act::Redact, refusal))?;
    let Outcome::To(state) = outcome else { return Ok(row) };
    let due = now.plus_secs(seconds);
    let cancels = row.record.status != state.status;
    row.record.status = state.status;
    row.record.redaction = state.redaction;
    row.record.redaction_due = Some(due);
    redaction::erase(connection, &mut row).await?;
    if cancels {
        events::record(connection, Kind::Canceled, &row.record, now, cause).await?;
    }
    jobs::insert(connection, &Job { session: id.to_owned(), due, task: Task::FinishRedaction }).await?;
    Ok(row)
}

/// The API's words for an act that the status forbids.
pub(super) fn refused(record: &SessionRecord, act: Act, refusal: Refusal) -> Refused {
    let status = &record.status;
    let (verb, done) = match act {
        Act::Cancel => ("cancel", "canceled"),
        Act::Redact => ("redact", "redacted"),
        Act::Submit => ("submit", "submitted"),
        Act::Update | Act::UpdateMetadata | Act::Link => ("update", "updated"),
    };
    // Only a cancel is explained by the status even when a redaction forbids it as well.
    if refusal == Refusal::BeingRedacted && act != Act::Cancel {
        return Refused::new(format!(
            "You cannot {verb} this VerificationSession because it has been redacted. Redacted objects cannot be \
             updated or used for any purpose."
        ));
    }
    let allowed = match act {
        Act::Redact => "\"requires_input\", \"verified\" or \"canceled\"",
        _ => "\"requires_input\"",
    };
    Refused::new(format!(
        "You cannot {verb} this VerificationSession because it has a status of \"{status}\". Only a \
         VerificationSession in {allowed} status may be {done}."
    ))
}

async fn list(
    connection: &mut Connection,
    filter: &SessionFilter,
    page: &Page,
    view: View<'_>,
) -> Result<Value, Failure> {
    let span = match &page.cursor {
        None => Span::Newest,
        Some(cursor) => {
            let (id, param) = cursor.parts();
            let place = sessions::place(connection, id).await?;
            let place = place.ok_or_else(|| missing_session(StatusCode::BAD_REQUEST, id, param))?;
            span(cursor, place)
        }
    };
    let found = sessions::list(connection, filter, span, page.limit).await?;
    let mut data = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        data.push(shown(connection, row, view).await?);
    }
    Ok(render::list("/v1/identity/verification_sessions", data, found.has_more))
}

async fn list_reports(
    connection: &mut Connection,
    filter: &ReportFilter,
    page: &Page,
    view: View<'_>,
) -> Result<Value, Failure> {
    let span = match &page.cursor {
        None => Span::Newest,
        Some(cursor) => {
            let (id, param) = cursor.parts();
            let place = reports::place(connection, id).await?;
            let place = place.ok_or_else(|| missing_report(StatusCode::BAD_REQUEST, id, param))?;
            span(cursor, place)
        }
    };
    let found = reports::list(connection, filter, span, page.limit).await?;
    for report in &found.rows {
        sensitive::judge_report(connection, report, view).await?;
    }
    let data = found.rows.iter().map(|report| render::report(report, view.expand)).collect();
    Ok(render::list("/v1/identity/verification_reports", data, found.has_more))
}

fn span(cursor: &Cursor, place: super::store::listing::Place) -> Span {
    match cursor {
        Cursor::After(_) => Span::OlderThan(place),
        Cursor::Before(_) => Span::NewerThan(place),
    }
}
