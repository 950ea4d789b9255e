//! The requests of the page: what is shown at an address, and what a form does.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, header};
use serde_json::json;

use super::pages::Again;
use super::progress::Step;
use super::take::{Move, take};
use super::uploads::{self, FormError, Sent};
use super::visit::{Opened, Standing, base};
use super::words::Notice;
use super::{csrf, drawn, pages, reply};
use crate::clock::Timestamp;
use crate::identity::lifecycle::{Act, judge};
use crate::identity::{ErrorCode, Status};
use crate::sandbox::attempt::Verdict;
use crate::sandbox::errors::Failure;
use crate::sandbox::render;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::{Write, hosted, sessions};
use crate::sandbox::submission::Submitted;
use crate::sandbox::{rules, submission};

/// The address of a step of the page at `base`.
pub(super) fn address(base: &str, step: Step) -> String {
    match step {
        Step::Consent => base.to_owned(),
        step => format!("{base}/{}", step.path()),
    }
}

/// `GET /start/{token}`
pub(super) async fn entry(
    State(sandbox): State<Arc<Sandbox>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    answered(show(&sandbox, &name, "", &headers).await)
}

/// `GET /start/{token}/{step}`
pub(super) async fn get(
    State(sandbox): State<Arc<Sandbox>>,
    Path((name, step)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    answered(match step.strip_suffix(".png") {
        Some(step) => drawn::picture(&sandbox, &name, step, &headers).await,
        None => show(&sandbox, &name, &step, &headers).await,
    })
}

/// `POST /start/{token}/{step}`
pub(super) async fn post(
    State(sandbox): State<Arc<Sandbox>>,
    Path((name, step)): Path<(String, String)>,
    parts: Parts,
    body: Body,
) -> Response<Body> {
    let sent = uploads::read(&parts, body).await;
    answered(act(&sandbox, &name, &step, &parts, sent).await)
}

fn answered(answer: Result<Response<Body>, Failure>) -> Response<Body> {
    answer.unwrap_or_else(|failure| {
        tracing::error!(%failure, "a hosted page could not be shown");
        reply::trouble()
    })
}

async fn show(
    sandbox: &Sandbox,
    name: &str,
    step: &str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Failure> {
    sandbox.settle().await?;
    // The connection goes back before anything is written: a database in memory has only one.
    let found = {
        let mut read = sandbox.store.read().await?;
        Opened::find(&mut read, name, csrf::visit_id(headers)).await?
    };
    let Some(mut opened) = found else { return Ok(pages::notice(Notice::Unknown, None)) };
    if opened.submitted() {
        return Ok(after(&opened, step));
    }
    let now = sandbox.clock.now();
    let standing = opened.standing(now);
    if standing != Standing::Open {
        return Ok(pages::notice(Notice::Closed(standing), Some(&opened)));
    }
    let begins = opened.visit.is_none();
    if begins {
        let mut write = sandbox.store.write().await?;
        opened.begin(&mut write, now).await?;
        sandbox.commit(write).await?;
    }
    let mut response = at(&opened, step, sandbox.seed);
    if let Some(cookie) = opened.visit.as_ref().filter(|_| begins).and_then(csrf::cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The page at `step` of a visit that has not submitted yet.
fn at(opened: &Opened, step: &str, seed: u64) -> Response<Body> {
    let Some(visit) = &opened.visit else { return pages::notice(Notice::NotGenuine, Some(opened)) };
    let record = &opened.row.record;
    let wanted = if step.is_empty() { Some(Step::Consent) } else { Step::of_path(step) };
    match wanted {
        Some(Step::Consent) if !step.is_empty() => reply::redirect(&opened.base()),
        Some(step) if visit.progress.may_take(step, record) => {
            pages::step(opened, step, &visit.progress, seed, None)
        }
        None if step == "leave" => pages::leave(opened, &visit.progress),
        _ => reply::redirect(&address(&opened.base(), visit.progress.next(record))),
    }
}

/// What a visit that has submitted sees: how far the session is.
fn after(opened: &Opened, step: &str) -> Response<Body> {
    let record = &opened.row.record;
    if step == "status" {
        return reply::data(&json!({ "status": record.status }));
    }
    if !step.is_empty() {
        return reply::redirect(&opened.base());
    }
    if record.redaction.is_some() {
        return pages::notice(Notice::Closed(Standing::Redacted), Some(opened));
    }
    match (&record.status, &record.last_error) {
        (Status::Processing, _) => pages::processing(opened),
        (Status::Verified, _) => pages::verified(opened),
        (Status::Canceled, _) => pages::notice(Notice::Closed(Standing::Canceled), Some(opened)),
        (_, Some(error)) => pages::failed(opened, error),
        (_, None) => pages::notice(Notice::Closed(Standing::Used), Some(opened)),
    }
}

async fn act(
    sandbox: &Sandbox,
    name: &str,
    step: &str,
    parts: &Parts,
    sent: Result<Sent, FormError>,
) -> Result<Response<Body>, Failure> {
    sandbox.settle().await?;
    let mut write = sandbox.store.write().await?;
    let now = sandbox.clock.now();
    let found = Opened::find(&mut write, name, csrf::visit_id(&parts.headers)).await?;
    let Some(mut opened) = found else { return Ok(pages::notice(Notice::Unknown, None)) };
    let sent = match sent {
        Ok(sent) => sent,
        Err(FormError::TooLarge) => return Ok(pages::notice(Notice::TooLarge, Some(&opened))),
        Err(FormError::Malformed) => return Ok(pages::notice(Notice::Malformed, Some(&opened))),
    };
    let token = sent.field(csrf::FIELD);
    let genuine =
        opened.visit.take().filter(|visit| csrf::is_genuine(visit, token, &parts.headers, &parts.uri));
    let Some(mut visit) = genuine else { return Ok(pages::notice(Notice::NotGenuine, Some(&opened))) };
    opened.visit = Some(visit.clone());
    if visit.progress.submitted {
        return match step {
            "retry" => retry(sandbox, write, opened, now).await,
            _ => Ok(reply::redirect(&opened.base())),
        };
    }
    let standing = opened.standing(now);
    if standing != Standing::Open {
        return Ok(pages::notice(Notice::Closed(standing), Some(&opened)));
    }
    let record = &opened.row.record;
    let done = match Step::of_path(step) {
        None if step == "leave" => Ok(Move::Submit(Verdict::Failed(ErrorCode::Abandoned), 0)),
        Some(step) if visit.progress.may_take(step, record) => take(step, &mut visit.progress, &sent, record)
            .map_err(|wrong| {
                pages::step(&opened, step, &visit.progress, sandbox.seed, Some(Again::new(wrong, &sent)))
            }),
        _ => Ok(Move::On),
    };
    let next = match done {
        Err(page) => return Ok(page),
        Ok(Move::On) => address(&opened.base(), visit.progress.next(record)),
        Ok(Move::Submit(verdict, delay)) => {
            visit.progress.submitted = true;
            let submitted = Submitted { verdict, document: visit.progress.document(record), delay };
            submission::submit(&mut write, &record.id, submitted, now, sandbox.seed).await?;
            opened.base()
        }
    };
    hosted::keep_progress(&mut write, &visit).await?;
    sandbox.commit(write).await?;
    Ok(reply::redirect(&next))
}

/// Opens the session's page once more, with a link that is good.
async fn retry(
    sandbox: &Sandbox,
    mut write: Write<'_>,
    mut opened: Opened,
    now: Timestamp,
) -> Result<Response<Body>, Failure> {
    let row = &mut opened.row;
    if judge(&render::state(&row.record), Act::Submit).is_err() {
        return Ok(reply::redirect(&base(&opened.token)));
    }
    if render::needs_link(row, now) {
        rules::issue_link(row, now);
        sessions::update(&mut write, row).await?;
        sandbox.commit(write).await?;
    }
    let token = row.link.as_ref().map(|link| link.token.as_str());
    Ok(reply::redirect(&base(token.unwrap_or(&opened.token))))
}
