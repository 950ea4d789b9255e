//! The sandbox's own controls under `/_vetty/`: outcomes, the clock, people, faults, health. Sandbox only.
//!
//! They stand outside `/v1` and want no key: nothing like them exists in the API.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::attempt::Verdict;
use super::clock::FURTHEST;
use super::errors::{Failure, Refused, too_large};
use super::expand::Expand;
use super::faults::Fault;
use super::populate;
use super::render;
use super::reply;
use super::state::Sandbox;
use super::store::{meta, sessions};
use super::submission::{self, Submitted};
use crate::identity::ErrorCode;

const LARGEST_BODY: usize = 64 * 1024;
const MOST_PEOPLE: usize = 1_000_000;
const MOST_FAULTS: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Submit {
    outcome: String,
    #[serde(default)]
    delay_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    count: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFaults {
    count: usize,
    kind: String,
}

/// `POST /_vetty/verification_sessions/{id}/submit`
pub(super) async fn submit(
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    let answer = async {
        let wanted: Submit = read(body).await?;
        let verdict = verdict(&wanted.outcome)?;
        within("delay_seconds", wanted.delay_seconds, 0, FURTHEST)?;
        sandbox.settle().await?;
        let mut write = sandbox.store.write().await?;
        let now = sandbox.clock.now();
        let submitted = Submitted { verdict, document: None, delay: wanted.delay_seconds };
        let row = submission::submit(&mut write, &id, submitted, now, sandbox.seed).await?;
        sandbox.commit(write).await?;
        Ok(render::session(&row, None, sandbox.view(now, &Expand::default())))
    };
    reply::control(answer.await, &sandbox)
}

/// `POST /_vetty/clock/advance`
pub(super) async fn advance(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Response {
    let answer = async {
        let wanted: Advance = read(body).await?;
        within("seconds", wanted.seconds, 0, FURTHEST)?;
        let mut write = sandbox.store.write().await?;
        let ahead = sandbox.clock.ahead() + wanted.seconds;
        within("the clock's distance to the present", ahead, 0, FURTHEST)?;
        meta::set(&mut write, meta::CLOCK_AHEAD, &ahead.to_string()).await?;
        // Under the writer's lock, so that two turns of the clock add up.
        sandbox.clock.set_ahead(ahead);
        sandbox.commit(write).await?;
        let settled = sandbox.settle().await?;
        Ok(json!({ "clock": sandbox.clock.now(), "settled": settled }))
    };
    reply::control(answer.await, &sandbox)
}

/// `POST /_vetty/people`
pub(super) async fn people(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Response {
    let answer = async {
        let wanted: People = read(body).await?;
        if wanted.count == 0 || wanted.count > MOST_PEOPLE {
            return Err(Refused::new(format!("count must be from 1 to {MOST_PEOPLE}."))
                .param("count")
                .into());
        }
        let mut write = sandbox.store.write().await?;
        populate::people(&mut write, sandbox.seed, wanted.count, sandbox.clock.now()).await?;
        let sessions = sessions::count(&mut write).await?;
        sandbox.commit(write).await?;
        Ok(json!({ "sessions": sessions }))
    };
    reply::control(answer.await, &sandbox)
}

/// `POST /_vetty/faults`
pub(super) async fn faults(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Response {
    let answer = async {
        let wanted: PlanFaults = read(body).await?;
        let kind = serde_json::from_value::<Fault>(Value::from(wanted.kind)).map_err(|_| {
            Refused::new(format!("kind must be one of {}.", Fault::NAMES.join(", "))).param("kind")
        })?;
        if wanted.count == 0 || wanted.count > MOST_FAULTS {
            return Err(Refused::new(format!("count must be from 1 to {MOST_FAULTS}."))
                .param("count")
                .into());
        }
        sandbox.faults.plan(kind, wanted.count);
        Ok(json!({ "planned": wanted.count }))
    };
    reply::control(answer.await, &sandbox)
}

/// `GET /_vetty/health`
pub(super) async fn health(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let answer = async {
        sandbox.settle().await?;
        let sessions = sessions::count(&mut *sandbox.store.read().await?).await?;
        let faults = sandbox.faults.waiting();
        Ok(json!({ "status": "ok", "sessions": sessions, "clock": sandbox.clock.now(), "faults": faults }))
    };
    reply::control(answer.await, &sandbox)
}

/// `GET /_vetty/ping`: the server answers. Nothing is asked of the store, so that this is what a request costs at the
/// least.
pub(super) async fn ping() -> &'static str {
    "pong\n"
}

/// No such control.
pub(super) async fn unknown(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let refused = Refused::new(
        "There is no such control. Controls are: GET /_vetty/health, /_vetty/ping and /_vetty/deliveries, POST \
         /_vetty/verification_sessions/ID/submit, /_vetty/clock/advance, /_vetty/people and /_vetty/faults.",
    );
    reply::control(Err(refused.status(StatusCode::NOT_FOUND).into()), &sandbox)
}

async fn read<T: DeserializeOwned>(body: Body) -> Result<T, Failure> {
    let bytes = to_bytes(body, LARGEST_BODY).await.map_err(|_| too_large(LARGEST_BODY))?;
    let parsed = serde_json::from_slice(&bytes);
    Ok(parsed.map_err(|error| Refused::new(format!("The body is not the JSON that is wanted: {error}")))?)
}

fn within(name: &str, value: i64, least: i64, most: i64) -> Result<(), Refused> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Refused::new(format!("{name} must be from {least} to {most}.")).param(name))
}

fn verdict(outcome: &str) -> Result<Verdict, Refused> {
    if outcome == "verified" {
        return Ok(Verdict::Verified);
    }
    ErrorCode::known(outcome).map(Verdict::Failed).ok_or_else(|| {
        let codes: Vec<&str> = ErrorCode::KNOWN.iter().map(ErrorCode::as_str).collect();
        Refused::new(format!("outcome must be verified or one of {}.", codes.join(", "))).param("outcome")
    })
}
