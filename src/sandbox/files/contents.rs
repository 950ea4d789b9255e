//! The bytes of a picture: by its file with a key, or by a link with none. For this folder and `server`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};

use super::rules;
use crate::blocking;
use crate::sandbox::auth::Caller;
use crate::sandbox::errors::{Failure, Refused};
use crate::sandbox::record::ReportRecord;
use crate::sandbox::reply;
use crate::sandbox::specimen::{self, Picture};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::file_links;

/// The file whose contents `path` asks for.
pub(in crate::sandbox) fn contents_of<'a>(method: &Method, path: &'a str) -> Option<&'a str> {
    let id = path.strip_prefix("/v1/files/")?.strip_suffix("/contents")?;
    let get = *method == Method::GET || *method == Method::HEAD;
    (get && !id.is_empty() && !id.contains('/')).then_some(id)
}

/// `GET /v1/files/{id}/contents`
pub(in crate::sandbox) async fn contents(
    sandbox: &Sandbox,
    caller: &Caller,
    id: &str,
) -> Result<Vec<u8>, Failure> {
    sandbox.settle().await?;
    let mut connection = sandbox.store.read().await?;
    let file = rules::file(&mut connection, id).await?;
    let report = rules::open(&mut connection, caller, &file, sandbox.clock.now()).await?;
    drop(connection);
    drawn(report, file.picture, sandbox.seed).await
}

/// `GET /links/{token}`: for everybody who has the address, as long as the link lives.
pub(in crate::sandbox) async fn open_link(
    State(sandbox): State<Arc<Sandbox>>,
    Path(token): Path<String>,
) -> Response<Body> {
    match linked(&sandbox, &token).await {
        Ok(picture) => response(picture),
        Err(failure) => reply::control(Err(failure), &sandbox),
    }
}

async fn linked(sandbox: &Sandbox, token: &str) -> Result<Vec<u8>, Failure> {
    sandbox.settle().await?;
    let mut connection = sandbox.store.read().await?;
    let not_found = || Refused::new("No such file link.").status(StatusCode::NOT_FOUND);
    let link = file_links::by_token(&mut connection, token).await?.ok_or_else(not_found)?;
    if link.expired(sandbox.clock.now()) {
        return Err(Refused::new("This file link has expired.").status(StatusCode::NOT_FOUND).into());
    }
    let file = rules::file(&mut connection, &link.file).await?;
    let report = rules::source(&mut connection, &file).await?.ok_or_else(|| rules::gone(&file.id))?;
    drop(connection);
    drawn(report, file.picture, sandbox.seed).await
}

/// Draws beside the requests, which would wait otherwise.
pub(in crate::sandbox) async fn drawn(
    report: ReportRecord,
    picture: Picture,
    seed: u64,
) -> Result<Vec<u8>, Failure> {
    blocking::run(move || Ok(specimen::draw(&report, picture, seed)?)).await
}

/// A picture, which no cache may keep.
pub(in crate::sandbox) fn response(picture: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(picture));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
