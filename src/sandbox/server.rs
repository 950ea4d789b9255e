//! The HTTP side of the API: routes, what every request goes through, headers of every reply. Sandbox only.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use futures::{StreamExt, stream};
use serde_json::Value;

use super::delivery::{self, request_logs::Line};
use super::errors::{
    Failure, Refused, key_reused, lock_timeout, rate_limited, server_error, too_large, unrecognized,
};
use super::events::Cause;
use super::faults::Fault;
use super::gate::{self, Limited};
use super::guard;
use super::idempotency;
use super::requests::{self, Endpoint};
use super::state::Sandbox;
use super::store::idempotency::{self as remembered, Remembered};
use super::wire::Cutter;
use super::{auth, controls, files, form, hosted, redaction, reply, rules, tokens, version};

const LARGEST_BODY: usize = 1024 * 1024;

/// Everything the sandbox answers.
pub(super) fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/v1/{*path}", any(api))
        .route("/_vetty/health", get(controls::health))
        .route("/_vetty/ping", get(controls::ping))
        .route("/_vetty/verification_sessions/{id}/submit", post(controls::submit))
        .route("/_vetty/clock/advance", post(controls::advance))
        .route("/_vetty/people", post(controls::people))
        .route("/_vetty/faults", post(controls::faults))
        .route("/_vetty/deliveries", get(delivery::log::deliveries))
        .route("/_vetty/listen/{id}", get(delivery::listen::listen))
        .route("/_vetty/request_logs/{filter}", get(delivery::request_logs::tail))
        .route("/_vetty/{*path}", any(controls::unknown))
        .merge(hosted::routes())
        .route("/links/{token}", get(files::open_link))
        .fallback(api)
        .layer(from_fn_with_state(Arc::clone(&sandbox), guard::known_hosts_only))
        .with_state(sandbox)
}

/// An answer before it becomes a reply.
struct Answer {
    status: StatusCode,
    body: String,
    /// The first request with the same idempotency key, when this is its answer again.
    replayed: Option<String>,
    /// The contents of a file, which then are the body.
    picture: Option<Vec<u8>>,
}

/// One call of the API.
async fn api(
    State(sandbox): State<Arc<Sandbox>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request,
) -> Response<Body> {
    let request_id = tokens::request_id();
    let (parts, body) = request.into_parts();
    let (fault, limited) = gate(&sandbox, &parts).await;
    let answer = match fault {
        None | Some(Fault::Truncate) => answer(&sandbox, &request_id, &parts, body).await,
        Some(Fault::RateLimit) => Err(rate_limited().into()),
        Some(Fault::LockTimeout) => Err(lock_timeout().into()),
        Some(Fault::ServerError) => Err(server_error().into()),
        Some(Fault::Hang) => {
            sandbox.closing.cancelled().await;
            cutter.cut();
            return Response::default();
        }
        Some(Fault::Reset) => {
            cutter.cut();
            return Response::default();
        }
        Some(Fault::Garble) => return garbled(),
    };
    let answer = answer.unwrap_or_else(|failure| refuse(&sandbox, &request_id, failure));
    sandbox.request_logs.tell(|| line(&sandbox, &parts, &request_id, &answer));
    let cut_short = fault == Some(Fault::Truncate);
    let mut response = match answer.picture {
        Some(picture) if !cut_short => files::response(picture),
        Some(picture) => truncated(answer.status, &picture),
        None if cut_short => truncated(answer.status, answer.body.as_bytes()),
        None => reply::json(answer.status, answer.body),
    };
    let headers = response.headers_mut();
    if let Some(limited) = limited {
        reply::set(headers, "stripe-rate-limited-reason", limited.reason());
    }
    if answer.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Stripe\""));
    }
    // A version that does not exist was refused by the account's own.
    let version = version::asked(&parts.headers).ok().flatten();
    let version = version.as_ref().unwrap_or(&sandbox.api_version).as_str();
    every_reply(headers, &parts, version, &request_id, answer.status, answer.replayed.as_deref());
    response
}

/// What the request log says of an answer.
fn line(sandbox: &Sandbox, parts: &Parts, request_id: &str, answer: &Answer) -> Line {
    let said = serde_json::from_str::<Value>(&answer.body).ok().filter(|_| !answer.status.is_success());
    Line {
        at: sandbox.clock.now(),
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        request_id: request_id.to_owned(),
        status: answer.status,
        error: said.map(|said| said["error"].clone()).unwrap_or_default(),
    }
}

/// What a call meets before it is answered: it waits, and then perhaps goes wrong or is one too many.
async fn gate(sandbox: &Sandbox, parts: &Parts) -> (Option<Fault>, Option<Limited>) {
    if !parts.uri.path().starts_with("/v1/") {
        return (None, None);
    }
    let delay = sandbox.gate.delay();
    if !delay.is_zero() {
        tokio::select! {
            () = sandbox.closing.cancelled() => {}
            () = tokio::time::sleep(delay) => {}
        }
    }
    let route = gate::route(&parts.method, parts.uri.path());
    let fault = sandbox.faults.next().or_else(|| sandbox.gate.fault(&route));
    match fault {
        Some(Fault::RateLimit) => (fault, Some(Limited::Account)),
        Some(_) => (fault, None),
        None => match sandbox.gate.admit(&route, Instant::now()) {
            Ok(()) => (None, None),
            Err(limited) => (Some(Fault::RateLimit), Some(limited)),
        },
    }
}

/// Headers that every reply has, and those that every POST has.
fn every_reply(
    headers: &mut HeaderMap,
    parts: &Parts,
    version: &str,
    request_id: &str,
    status: StatusCode,
    replayed: Option<&str>,
) {
    reply::set(headers, "request-id", request_id);
    reply::set(headers, version::HEADER, version);
    if parts.method != Method::POST {
        return;
    }
    if let Some(key) = parts.headers.get(idempotency::HEADER) {
        headers.insert(idempotency::HEADER, key.clone());
        reply::set(headers, "original-request", replayed.unwrap_or(request_id));
    }
    if replayed.is_some() {
        reply::set(headers, "idempotent-replayed", "true");
    }
    let retry_may_help =
        status.is_server_error() || status == StatusCode::CONFLICT || status == StatusCode::TOO_MANY_REQUESTS;
    if !retry_may_help {
        reply::set(headers, "stripe-should-retry", "false");
    }
}

fn refuse(sandbox: &Sandbox, request_id: &str, failure: Failure) -> Answer {
    let refused = reply::refusal(failure);
    let body = reply::text(&refused.body(request_id, sandbox.clock.now()));
    Answer { status: refused.status, body, replayed: None, picture: None }
}

async fn answer(sandbox: &Sandbox, request_id: &str, parts: &Parts, body: Body) -> Result<Answer, Failure> {
    let path = parts.uri.path();
    if let Some(id) = files::contents_of(&parts.method, path) {
        let caller = auth::caller(&parts.headers)?;
        version::asked(&parts.headers)?;
        let picture = files::contents(sandbox, &caller, id).await?;
        return Ok(Answer {
            status: StatusCode::OK,
            body: String::new(),
            replayed: None,
            picture: Some(picture),
        });
    }
    let endpoint =
        Endpoint::of(&parts.method, path).ok_or_else(|| unrecognized(parts.method.as_str(), path))?;
    let caller = auth::caller(&parts.headers)?;
    let version = version::asked(&parts.headers)?;
    let posts = parts.method == Method::POST;
    let body = if posts { read(parts, body).await? } else { Bytes::new() };
    let fields = form::decode(parts.uri.query().unwrap_or_default(), &body)?;
    let key = if posts { idempotency::key(&parts.headers)? } else { None };
    let said = key.as_ref().map(|_| idempotency::digest(path, &fields)).unwrap_or_default();
    let mut request = requests::read(endpoint, fields, &caller, version.as_ref())?;
    sandbox.scenario.direct(&mut request.operation)?;
    let claim = key.as_deref().map(|key| sandbox.in_flight.claim(key)).transpose()?;
    sandbox.settle().await?;
    if !posts {
        let view = sandbox.view(sandbox.clock.now(), &request.expand);
        let found = rules::look_up(&mut *sandbox.store.read().await?, &request.operation, view).await?;
        if let Some(found) = found {
            return Ok(Answer {
                status: StatusCode::OK,
                body: reply::text(&found),
                replayed: None,
                picture: None,
            });
        }
    }
    let answer = execute(sandbox, request_id, request, key.as_deref(), said).await;
    drop(claim);
    answer
}

/// The body of a POST. The API reads forms only.
async fn read(parts: &Parts, body: Body) -> Result<Bytes, Failure> {
    let bytes = to_bytes(body, LARGEST_BODY).await.map_err(|_| too_large(LARGEST_BODY))?;
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let form = kind.is_empty() || kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
    if !form && !bytes.is_empty() {
        return Err(Refused::new(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have \
             any questions, we can help at https://support.stripe.com/.",
        )
        .into());
    }
    Ok(bytes)
}

/// Executes in one transaction, together with what the idempotency key remembers of it.
async fn execute(
    sandbox: &Sandbox,
    request_id: &str,
    request: requests::Request,
    key: Option<&str>,
    said: String,
) -> Result<Answer, Failure> {
    let mut write = sandbox.store.write().await?;
    let now = sandbox.clock.now();
    if let Some(key) = key
        && let Some(first) = remembered::get(&mut write, auth::ACCOUNT, key, now).await?
    {
        return if first.request == said { Ok(replay(first)) } else { Err(key_reused(key).into()) };
    }
    let repeated = delivery::repeats(&request.operation);
    let cause = Cause { request: Some(request_id), idempotency_key: key };
    let done: Result<Value, Failure> = rules::execute(&mut write, request, cause, sandbox, now).await;
    let subject = done.as_ref().ok().and_then(redaction::subject_of);
    let answer = match done {
        Ok(body) => {
            Answer { status: StatusCode::OK, body: reply::text(&body), replayed: None, picture: None }
        }
        Err(failure @ Failure::Api(_)) => refuse(sandbox, request_id, failure),
        // Nothing of it is kept: the transaction rolls back.
        Err(failure) => return Err(failure),
    };
    if let Some(key) = key {
        let first = Remembered {
            request: said,
            request_id: request_id.to_owned(),
            status: answer.status.as_u16(),
            body: answer.body.clone(),
            subject,
        };
        remembered::insert(&mut write, auth::ACCOUNT, key, now, &first).await?;
    }
    sandbox.commit(write).await?;
    if let Some(event) = repeated.filter(|_| answer.status == StatusCode::OK) {
        sandbox.courier.repeat(event);
    }
    Ok(answer)
}

fn replay(first: Remembered) -> Answer {
    Answer {
        status: StatusCode::from_u16(first.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        body: first.body,
        replayed: Some(first.request_id),
        picture: None,
    }
}

/// A reply that promises its whole body and breaks off in the middle.
fn truncated(status: StatusCode, body: &[u8]) -> Response<Body> {
    let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
    let broken = async {
        // Until the next turn, so that the first half is sent before the connection ends.
        tokio::task::yield_now().await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
    };
    let mut response = reply::json(status, String::new());
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from_stream(stream::once(async { Ok(half) }).chain(stream::once(broken)));
    response
}

/// What a confused proxy says.
fn garbled() -> Response<Body> {
    let mut response =
        Response::new(Body::from("<html><body>This is not the answer you wanted.</body></html>\n"));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}
