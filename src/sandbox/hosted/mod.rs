//! The hosted page: what a session's `url` opens. The tester goes through the steps that the session asks for and then
//! chooses how the verification ends. Sandbox only.
//!
//! A request comes in through [`get`](steps::get) or [`post`](steps::post). `visit` finds what stands behind the link,
//! `csrf` and `uploads` judge what was sent, `progress` knows the steps and `take` takes them, `pages` draws with what
//! `frame` puts around, and `drawn` has the pictures. Sessions change through `submission` alone, as they do by the
//! control. Templates, style and script are in `assets/hosted/`.

mod csrf;
mod drawn;
mod frame;
mod outcomes;
mod pages;
mod progress;
mod reply;
mod return_link;
mod steps;
mod take;
mod uploads;
mod visit;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

pub(super) use progress::Progress;

use super::state::Sandbox;

/// The routes of the page.
pub(super) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/start/assets/{name}", get(reply::asset))
        .route("/start/{token}", get(steps::entry))
        .route("/start/{token}/{step}", get(steps::get).post(steps::post))
        .layer(DefaultBodyLimit::max(uploads::LARGEST_REQUEST))
}
