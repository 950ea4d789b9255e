//! Events and webhook endpoints as the API shows them. Sandbox only.

use serde_json::{Value, json};

use super::super::expand::Expand;
use super::super::record::SessionRecord;
use super::super::render::{self, View};
use super::super::store::events::EventRow;
use super::super::store::sessions::SessionRow;
use super::super::store::webhooks::EndpointRow;

/// A session as an event holds it: nothing expanded, and neither `url` nor `client_secret`.
pub(in crate::sandbox) fn snapshot(session: &SessionRecord) -> Value {
    let row = SessionRow { record: session.clone(), link: None };
    // Neither address nor version of the API is shown of it.
    let view = View { now: session.created, api_base: "", api_version: "", expand: &Expand::default() };
    render::session(&row, None, view)
}

/// An event; `version` is that of the endpoint it is sent to, or the account's.
pub(in crate::sandbox) fn event(event: &EventRow, version: &str) -> Value {
    json!({
        "id": event.id,
        "object": "event",
        "api_version": version,
        "created": event.created,
        "data": { "object": event.snapshot },
        "livemode": false,
        "pending_webhooks": event.pending,
        "request": { "id": event.request, "idempotency_key": event.idempotency_key },
        "type": event.kind,
    })
}

/// A webhook endpoint, with its secret only in the answer that made it.
pub(in crate::sandbox) fn endpoint(row: &EndpointRow, with_secret: bool) -> Value {
    let endpoint = &row.endpoint;
    let mut out = json!({
        "id": row.id,
        "object": "webhook_endpoint",
        "api_version": endpoint.api_version,
        "application": null,
        "created": row.created,
        "description": endpoint.description,
        "enabled_events": endpoint.enabled_events,
        "livemode": false,
        "metadata": endpoint.metadata,
        "status": if endpoint.enabled { "enabled" } else { "disabled" },
        "url": endpoint.url,
    });
    if with_secret {
        out["secret"] = endpoint.secret.as_str().into();
    }
    out
}
