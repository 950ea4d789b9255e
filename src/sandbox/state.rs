//! Everything a running sandbox shares between its requests. Sandbox only.

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::agenda::Agenda;
use super::clock::Clock;
use super::delivery::{Courier, request_logs::RequestLogs};
use super::expand::Expand;
use super::faults::Faults;
use super::gate::Gate;
use super::guard::Guests;
use super::idempotency::InFlight;
use super::render::View;
use super::scenario::Scenario;
use super::store::Store;
use super::version::ApiVersion;
use crate::clock::Timestamp;

/// A running sandbox.
#[derive(Debug)]
pub(super) struct Sandbox {
    pub(super) store: Store,
    pub(super) clock: Clock,
    /// What people are invented from.
    pub(super) seed: u64,
    /// `http://127.0.0.1:12120`, without a slash at the end.
    pub(super) api_base: String,
    /// The account's default version: that of events, and of requests that name none.
    pub(super) api_version: ApiVersion,
    /// Which other machines are answered.
    pub(super) guests: Guests,
    pub(super) agenda: Agenda,
    /// How long a redaction takes, in seconds.
    pub(super) redaction_seconds: i64,
    /// Something was erased, and has to be scrubbed from the files.
    pub(super) erased: Notify,
    pub(super) courier: Courier,
    /// Who looks at the calls of the API.
    pub(super) request_logs: RequestLogs,
    pub(super) faults: Faults,
    pub(super) gate: Gate,
    pub(super) scenario: Scenario,
    pub(super) in_flight: InFlight,
    /// Ends whatever would wait forever.
    pub(super) closing: CancellationToken,
}

impl Sandbox {
    /// What rendering needs to know, at `now`.
    pub(super) fn view<'a>(&'a self, now: Timestamp, expand: &'a Expand) -> View<'a> {
        View { now, api_base: &self.api_base, api_version: self.api_version.as_str(), expand }
    }
}
