//! The requests of the page: what is shown at an address, and what a form does.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, header};
use serde_json::json;

use super::progress::{Capture, Progress, Step, accepted_documents, wants_live_capture};
use super::uploads::{self, FormError, PictureError, Sent};
use super::visit::{Opened, Standing, base};
use super::words::Notice;
use super::{csrf, outcomes, pages, reply};
use crate::identity::lifecycle::{Act, judge};
use crate::identity::{DocumentType, ErrorCode, IdNumberType, Status, Timestamp};
use crate::sandbox::attempt::Verdict;
use crate::sandbox::errors::Failure;
use crate::sandbox::record::SessionRecord;
use crate::sandbox::render;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::{Write, hosted, sessions};
use crate::sandbox::{rules, submission};

/// The code that would have been sent.
pub(super) const CODE: &str = "000000";

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
    answered(show(&sandbox, &name, &step, &headers).await)
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

/// What a form leads to when nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Move {
    /// To the next step.
    On,
    /// To the end: the verdict, and the seconds until it is known.
    Submit(Verdict, i64),
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
            .map_err(|problem| pages::step(&opened, step, &visit.progress, sandbox.seed, Some(problem))),
        _ => Ok(Move::On),
    };
    let next = match done {
        Err(page) => return Ok(page),
        Ok(Move::On) => address(&opened.base(), visit.progress.next(record)),
        Ok(Move::Submit(verdict, delay)) => {
            visit.progress.submitted = true;
            submission::submit(&mut write, &record.id, verdict, delay, now, sandbox.seed).await?;
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

/// Takes one step with what was sent.
fn take(step: Step, progress: &mut Progress, sent: &Sent, session: &SessionRecord) -> Result<Move, String> {
    match step {
        Step::Consent => match sent.field("answer") {
            "accept" => progress.consented = true,
            "decline" => return Ok(Move::Submit(Verdict::Failed(ErrorCode::ConsentDeclined), 0)),
            _ => return Err("Say whether you agree.".to_owned()),
        },
        Step::Document => {
            let kind = DocumentType::known(sent.field("document"));
            let accepted = accepted_documents(session);
            let kind = kind.filter(|kind| accepted.contains(kind)).ok_or("Choose one of these documents.")?;
            progress.choose(&kind);
        }
        Step::Front | Step::Back | Step::Selfie => {
            let capture = picture(sent, wants_live_capture(session))?;
            progress.keep(step, capture);
        }
        Step::IdNumber => {
            id_number(sent)?;
            progress.id_number = true;
        }
        Step::Email | Step::Phone => {
            if sent.field("answer") == "decline" {
                let code = match step {
                    Step::Email => ErrorCode::EmailVerificationDeclined,
                    _ => ErrorCode::PhoneVerificationDeclined,
                };
                return Ok(Move::Submit(Verdict::Failed(code), 0));
            }
            let typed = sent.field("code").chars().filter(|c| !c.is_whitespace());
            if !typed.eq(CODE.chars()) {
                return Err("This is not the code. It stands above.".to_owned());
            }
            if step == Step::Email { progress.email = true } else { progress.phone = true }
        }
        Step::Outcome => {
            let verdict = outcomes::verdict(sent.field("outcome"), session);
            let verdict = verdict.ok_or("Choose how the verification ends.")?;
            let delay = outcomes::delay(sent.field("delay"));
            return Ok(Move::Submit(verdict, delay.ok_or("Choose how long processing takes.")?));
        }
    }
    Ok(Move::On)
}

/// The picture that was taken or uploaded.
fn picture(sent: &Sent, live: bool) -> Result<Capture, String> {
    match sent.field("use") {
        "specimen" => Ok(Capture::Specimen),
        "upload" if live => Err("This session wants a picture taken on the spot.".to_owned()),
        "upload" => sent.picture.unwrap_or(Err(PictureError::Missing)).map_err(|error| error.to_string()),
        _ => Err("Use the specimen or upload a picture.".to_owned()),
    }
}

/// Judges the form of a number that was typed. The number itself is forgotten.
fn id_number(sent: &Sent) -> Result<(), String> {
    if sent.field("use") == "specimen" {
        return Ok(());
    }
    let kind = IdNumberType::known(sent.field("kind")).ok_or("Choose the kind of number.")?;
    let typed = sent.field("number").chars().filter(|c| !matches!(c, ' ' | '.' | '-'));
    let number: Vec<char> = typed.map(|c| c.to_ascii_uppercase()).collect();
    let digits = |of: &[char]| of.iter().all(char::is_ascii_digit);
    let (fits, hint) = match kind {
        IdNumberType::BrCpf => (number.len() == 11 && digits(&number), "A CPF has 11 digits."),
        IdNumberType::SgNric => {
            let fits = number.len() == 9
                && matches!(number[0], 'S' | 'T' | 'F' | 'G' | 'M')
                && digits(&number[1..8])
                && number[8].is_ascii_uppercase();
            (fits, "An NRIC or FIN is a letter, 7 digits and a letter.")
        }
        _ => (number.len() == 4 && digits(&number), "Type the last 4 digits of the SSN."),
    };
    if fits { Ok(()) } else { Err(hint.to_owned()) }
}
