//! Tells others what happened: signed webhooks, and the official CLI where it listens. For the rest of the sandbox.
//!
//! What is to be delivered was planned in the store by `events`, in the transaction of the change itself. Here it is
//! sent, tried again when it fails, and written down. A delivery that was under way when the sandbox stopped is sent
//! again: at least once, as the API promises.

mod courier;
pub(super) mod listen;
pub(super) mod log;
pub(super) mod request_logs;
mod send;
mod sign;
pub(super) mod target;

pub(super) use courier::{Courier, run};

use super::errors::Failure;
use super::events::endpoint::Endpoint;
use super::events::requests::{self, Resend};
use super::requests::Operation;
use super::store::webhooks::{self, EndpointRow};
use super::store::{Connection, meta};
use super::tokens;
use crate::clock::Timestamp;
use crate::privacy::Secret;

/// Who is told of events from the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Webhooks {
    /// URLs that get every event that `events` names, signed with the sandbox's webhook secret.
    pub forward_to: Vec<String>,
    /// Types of event for `forward_to`. Empty is the same as `*`, which is every type but `redacted`.
    pub events: Vec<String>,
    /// Whether events may leave this machine.
    pub allow_remote: bool,
}

/// Why events cannot be forwarded as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhooksError {
    /// The target cannot be used.
    #[error("events cannot be forwarded to {url}: {reason}")]
    Target {
        /// As it was given.
        url: String,
        /// What is wrong with it.
        reason: target::TargetError,
    },
    /// There is no such type of event.
    #[error("{0} is no type of event; use * or, for example, identity.verification_session.verified")]
    Event(String),
}

impl Webhooks {
    /// Refuses what could never be delivered.
    pub(super) fn check(&self) -> Result<(), WebhooksError> {
        for url in &self.forward_to {
            target::Target::parse(url, self.allow_remote)
                .map_err(|reason| WebhooksError::Target { url: url.clone(), reason })?;
        }
        let unknown = self.events.iter().find(|event| !requests::is_type(event));
        unknown.map_or(Ok(()), |event| Err(WebhooksError::Event(event.clone())))
    }
}

/// Reads the webhook secret, or makes one, and writes down who is forwarded to. Targets that are not named any more
/// lose what was planned for them; those that are keep it.
pub(super) async fn prepare(
    connection: &mut Connection,
    wanted: &Webhooks,
    now: Timestamp,
) -> Result<Secret, Failure> {
    let known = meta::get(connection, meta::WEBHOOK_SECRET).await?.map(Secret::new);
    let secret = known.unwrap_or_else(tokens::webhook_secret);
    meta::set(connection, meta::WEBHOOK_SECRET, secret.expose()).await?;
    let every = vec!["*".to_owned()];
    let events = if wanted.events.is_empty() { &every } else { &wanted.events };
    let mut there = Vec::new();
    for mut row in webhooks::forwards(connection).await? {
        if wanted.forward_to.contains(&row.endpoint.url) {
            row.endpoint.enabled_events.clone_from(events);
            webhooks::update(connection, &row).await?;
            there.push(row.endpoint.url);
        } else {
            webhooks::delete(connection, &row.id).await?;
        }
    }
    for url in &wanted.forward_to {
        if there.contains(url) {
            continue;
        }
        there.push(url.clone());
        let endpoint = Endpoint {
            url: url.clone(),
            enabled_events: events.clone(),
            secret: secret.expose().to_owned(),
            enabled: true,
            description: None,
            metadata: std::collections::BTreeMap::new(),
            api_version: None,
        };
        webhooks::insert(connection, &EndpointRow { id: tokens::forward_id(), created: now, endpoint }, true)
            .await?;
    }
    Ok(secret)
}

/// The event that an operation sends to the official CLI once more.
pub(super) fn repeats(operation: &Operation) -> Option<String> {
    match operation {
        Operation::Events(requests::Operation::Resend(id, Resend::Cli | Resend::Everybody)) => {
            Some(id.clone())
        }
        _ => None,
    }
}
