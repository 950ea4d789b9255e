//! Answers operations on events and webhook endpoints. Sandbox only.
//!
//! Every refusal comes before the first write, as in `rules`.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::errors::{Failure, Refused, missing};
use super::super::params::{Cursor, Page};
use super::super::render::{self as pages, View};
use super::super::store::listing::{Place, Span};
use super::super::store::webhooks::{self, EndpointRow};
use super::super::store::{Connection, events, meta};
use super::super::{change, tokens};
use super::endpoint::Endpoint;
use super::requests::{EventFilter, Feature, HookChange, NewHook, Operation, Resend};
use super::{KEPT, render};
use crate::clock::Timestamp;
use crate::identity::API_VERSION;
use crate::identity::params::Change;

/// How many webhook endpoints an account in test mode has at most.
const MOST_HOOKS: i64 = 16;

/// Answers operations that change nothing; `None` for the others.
pub(in crate::sandbox) async fn look_up(
    connection: &mut Connection,
    operation: &Operation,
    view: View<'_>,
) -> Result<Option<Value>, Failure> {
    Ok(Some(match operation {
        Operation::List(filter, page) => list(connection, filter, page, view).await?,
        Operation::Retrieve(id) => event(connection, id, view).await?,
        Operation::ListHooks(page) => list_hooks(connection, page).await?,
        Operation::RetrieveHook(id) => render::endpoint(&hook(connection, id).await?, false),
        Operation::Resend(..)
        | Operation::CreateHook(_)
        | Operation::UpdateHook(..)
        | Operation::DeleteHook(_)
        | Operation::Listen(_) => return Ok(None),
    }))
}

/// Answers any operation, and changes what it changes.
pub(in crate::sandbox) async fn execute(
    connection: &mut Connection,
    operation: Operation,
    view: View<'_>,
) -> Result<Value, Failure> {
    match operation {
        Operation::Resend(id, to) => resend(connection, &id, &to, view).await,
        Operation::CreateHook(new) => create(connection, *new, view.now).await,
        Operation::UpdateHook(id, change) => update(connection, &id, *change).await,
        Operation::DeleteHook(id) => {
            hook(connection, &id).await?;
            webhooks::delete(connection, &id).await?;
            Ok(json!({ "id": id, "object": "webhook_endpoint", "deleted": true }))
        }
        Operation::Listen(feature) => listen(connection, &feature, view).await,
        looking => Ok(look_up(connection, &looking, view).await?.unwrap_or_default()),
    }
}

fn missing_event(status: StatusCode, id: &str, param: &str) -> Refused {
    missing(status, "event", id, param)
}

fn missing_hook(status: StatusCode, id: &str, param: &str) -> Refused {
    missing(status, "webhook endpoint", id, param)
}

fn span(cursor: &Cursor, place: Place) -> Span {
    match cursor {
        Cursor::After(_) => Span::OlderThan(place),
        Cursor::Before(_) => Span::NewerThan(place),
    }
}

async fn event(connection: &mut Connection, id: &str, view: View<'_>) -> Result<Value, Failure> {
    let found = events::get(connection, id, view.now.minus_secs(KEPT)).await?;
    let found = found.ok_or_else(|| missing_event(StatusCode::NOT_FOUND, id, "id"))?;
    Ok(render::event(&found, view.api_version))
}

async fn list(
    connection: &mut Connection,
    filter: &EventFilter,
    page: &Page,
    view: View<'_>,
) -> Result<Value, Failure> {
    let span = match &page.cursor {
        None => Span::Newest,
        Some(cursor) => {
            let (id, param) = cursor.parts();
            let place = events::place(connection, id).await?;
            span(cursor, place.ok_or_else(|| missing_event(StatusCode::BAD_REQUEST, id, param))?)
        }
    };
    let found = events::list(connection, filter, view.now.minus_secs(KEPT), span, page.limit).await?;
    let data = found.rows.iter().map(|event| render::event(event, view.api_version)).collect();
    Ok(pages::list("/v1/events", data, found.has_more))
}

async fn list_hooks(connection: &mut Connection, page: &Page) -> Result<Value, Failure> {
    let span = match &page.cursor {
        None => Span::Newest,
        Some(cursor) => {
            let (id, param) = cursor.parts();
            let place = webhooks::place(connection, id).await?;
            span(cursor, place.ok_or_else(|| missing_hook(StatusCode::BAD_REQUEST, id, param))?)
        }
    };
    let found = webhooks::list(connection, span, page.limit).await?;
    let data = found.rows.iter().map(|row| render::endpoint(row, false)).collect();
    Ok(pages::list("/v1/webhook_endpoints", data, found.has_more))
}

/// Plans an event once more. The listener that is named gets it whatever it subscribed to.
async fn resend(
    connection: &mut Connection,
    id: &str,
    to: &Resend,
    view: View<'_>,
) -> Result<Value, Failure> {
    let found = events::get(connection, id, view.now.minus_secs(KEPT)).await?;
    let found = found.ok_or_else(|| missing_event(StatusCode::NOT_FOUND, id, "id"))?;
    let listeners = match to {
        Resend::Everybody => webhooks::listeners(connection).await?,
        Resend::Cli => webhooks::forwards(connection).await?,
        Resend::Hook(hook) => {
            let row = webhooks::get(connection, hook).await?;
            let row = row.ok_or_else(|| missing_hook(StatusCode::BAD_REQUEST, hook, "webhook_endpoint"))?;
            if !row.endpoint.enabled {
                return Err(Refused::new(format!("The webhook endpoint '{hook}' is disabled."))
                    .param("webhook_endpoint")
                    .into());
            }
            vec![row]
        }
    };
    let wants_all = *to != Resend::Everybody;
    for listener in listeners.iter().filter(|it| wants_all || it.endpoint.wants(&found.kind)) {
        webhooks::plan(connection, id, &listener.id, view.now).await?;
    }
    event(connection, id, view).await
}

async fn hook(connection: &mut Connection, id: &str) -> Result<EndpointRow, Failure> {
    let found = webhooks::get(connection, id).await?;
    Ok(found.ok_or_else(|| missing_hook(StatusCode::NOT_FOUND, id, "webhook_endpoint"))?)
}

async fn create(connection: &mut Connection, new: NewHook, now: Timestamp) -> Result<Value, Failure> {
    let metadata = change::metadata(&BTreeMap::new(), new.metadata)?;
    if webhooks::count(connection).await? >= MOST_HOOKS {
        return Err(Refused::new(format!(
            "You have reached the maximum of {MOST_HOOKS} test webhook endpoints."
        ))
        .into());
    }
    let row = EndpointRow {
        id: tokens::endpoint_id(),
        created: now,
        endpoint: Endpoint {
            url: new.url,
            enabled_events: new.enabled_events,
            secret: tokens::webhook_secret().expose().to_owned(),
            enabled: true,
            description: new.description,
            metadata,
            api_version: new.api_version.map(|version| version.as_str().to_owned()),
        },
    };
    webhooks::insert(connection, &row, false).await?;
    Ok(render::endpoint(&row, true))
}

async fn update(connection: &mut Connection, id: &str, wanted: HookChange) -> Result<Value, Failure> {
    let mut row = hook(connection, id).await?;
    let endpoint = &mut row.endpoint;
    endpoint.metadata = change::metadata(&endpoint.metadata, wanted.metadata)?;
    if let Some(url) = wanted.url {
        endpoint.url = url;
    }
    if let Some(events) = wanted.enabled_events {
        endpoint.enabled_events = events;
    }
    if let Some(disabled) = wanted.disabled {
        endpoint.enabled = !disabled;
    }
    match wanted.description {
        None => {}
        Some(Change::Set(text)) => endpoint.description = Some(text),
        Some(Change::Remove) => endpoint.description = None,
    }
    webhooks::update(connection, &row).await?;
    Ok(render::endpoint(&row, false))
}

/// Tells the official CLI where to listen, and what its messages are signed with.
async fn listen(connection: &mut Connection, feature: &Feature, view: View<'_>) -> Result<Value, Failure> {
    let secret = meta::get(connection, meta::WEBHOOK_SECRET).await?;
    let id = tokens::conversation_id("cliws_");
    let host = view.api_base.strip_prefix("http://").unwrap_or(view.api_base);
    let (feature, place) = match feature {
        Feature::Webhooks => ("webhooks", format!("listen/{id}")),
        Feature::RequestLogs(filter) => ("request_logs", format!("request_logs/{}", filter.to_path()?)),
    };
    Ok(json!({
        "websocket_id": id,
        "websocket_url": format!("ws://{host}/_vetty/{place}"),
        "websocket_authorized_feature": feature,
        "default_version": view.api_version,
        "latest_version": API_VERSION,
        "reconnect_delay": 5,
        "secret": secret,
        "display_connect_filter_warning": false,
        "features": {},
    }))
}
