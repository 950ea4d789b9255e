//! `GET /_vetty/deliveries`: what was delivered, what is tried again, and what was given up. Sandbox only.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, Uri};
use serde_json::{Value, json};

use super::super::errors::{Failure, Refused};
use super::super::form;
use super::super::params::Reader;
use super::super::reply;
use super::super::state::Sandbox;
use super::super::store::webhooks::{self, Logged};

const MOST: i64 = 1000;

/// The newest deliveries, newest first; `limit` says how many, 100 unless it is given.
pub(in crate::sandbox) async fn deliveries(State(sandbox): State<Arc<Sandbox>>, uri: Uri) -> Response<Body> {
    let answer = async {
        let fields = form::decode(uri.query().unwrap_or_default(), b"")?;
        let limit = Reader::new(fields, &["limit"])?.integer("limit")?.unwrap_or(100);
        if !(1..=MOST).contains(&limit) {
            return Err(Refused::new(format!("limit must be from 1 to {MOST}.")).param("limit").into());
        }
        sandbox.settle().await?;
        let found = webhooks::log(&mut *sandbox.store.read().await?, limit).await?;
        Ok::<Value, Failure>(json!({ "deliveries": found.iter().map(delivery).collect::<Vec<_>>() }))
    };
    reply::control(answer.await, &sandbox)
}

fn delivery(logged: &Logged) -> Value {
    json!({
        "event": logged.event,
        "type": logged.kind,
        "endpoint": logged.endpoint,
        "url": logged.url,
        "state": logged.state,
        "next_try": (logged.state == "pending").then_some(logged.due),
        "tries": logged.tries,
        "log": logged.log,
    })
}
