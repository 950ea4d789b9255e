//! What happened to sessions, told as the API's events, and who is to be told. For the rest of the sandbox.
//!
//! [`record`] writes an event in the transaction of the change that it tells of, together with a planned delivery
//! for everybody who listens: neither can be there without the other. `delivery` sends what is planned here.

pub(super) mod answers;
pub(super) mod endpoint;
pub(super) mod render;
pub(super) mod requests;

use super::errors::Failure;
use super::record::SessionRecord;
use super::store::events::{self, NewEvent};
use super::store::snapshot::Snapshot;
use super::store::{Connection, webhooks};
use super::{people, tokens};
use crate::clock::Timestamp;

/// How long an event can be read: 30 days.
pub(super) const KEPT: i64 = 30 * 86_400;

/// The kinds of event that sessions make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Created,
    Processing,
    Verified,
    RequiresInput,
    Canceled,
    Redacted,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 6] = [
        Self::Created,
        Self::Processing,
        Self::Verified,
        Self::RequiresInput,
        Self::Canceled,
        Self::Redacted,
    ];

    /// The `type` on the wire.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Created => "identity.verification_session.created",
            Self::Processing => "identity.verification_session.processing",
            Self::Verified => "identity.verification_session.verified",
            Self::RequiresInput => "identity.verification_session.requires_input",
            Self::Canceled => "identity.verification_session.canceled",
            Self::Redacted => "identity.verification_session.redacted",
        }
    }
}

/// The request that caused an event. Neither field is set when time or a person on the hosted page did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cause<'a> {
    pub(super) request: Option<&'a str>,
    pub(super) idempotency_key: Option<&'a str>,
}

/// Tells that `kind` happened to `session`, which is as it is afterwards.
///
/// An event is never older than the one before it: who reads on from the newest event misses none.
pub(super) async fn record(
    connection: &mut Connection,
    kind: Kind,
    session: &SessionRecord,
    at: Timestamp,
    cause: Cause<'_>,
) -> Result<(), Failure> {
    let range = events::range(connection).await?;
    if range.oldest.is_some_and(|oldest| oldest <= at.minus_secs(KEPT)) {
        events::forget(connection, at.minus_secs(KEPT)).await?;
    }
    let event = NewEvent {
        id: tokens::event_id(),
        created: range.newest.map_or(at, |newest| newest.max(at)),
        kind,
        session: session.id.clone(),
        request: cause.request.map(str::to_owned),
        idempotency_key: cause.idempotency_key.map(str::to_owned),
        snapshot: Snapshot::of(&render::snapshot(session)),
        invented: false,
    };
    for listener in webhooks::listeners(connection).await? {
        if listener.endpoint.wants(kind.name()) {
            webhooks::plan(connection, &event.id, &listener.id, at).await?;
        }
    }
    events::insert(connection, &[event]).await
}

/// Erases what tells something of a person from the events of a session: what redaction leaves of them.
pub(super) async fn mask(connection: &mut Connection, session: &str) -> Result<(), Failure> {
    for (seq, mut snapshot) in events::snapshots(connection, session).await? {
        people::mask_rendered(&mut snapshot);
        events::replace(connection, seq, &snapshot).await?;
    }
    Ok(())
}
