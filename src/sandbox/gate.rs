//! What a call meets before it is answered: a wait, limits of calls per second, bursts of faults. Sandbox only.
//!
//! Limits run on the wall clock: they protect a server from real requests, and turning the sandbox clock makes no
//! request slower.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;
use rand::Rng as _;

use super::faults::Fault;

/// More endpoints than the API has; beyond that, buckets of made-up paths are forgotten.
const MOST_BUCKETS: usize = 256;

/// A number of calls per second: as many at once, and then as many in each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub u32);

/// How many calls are answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Of the account, whatever they call.
    pub account: Option<Limit>,
    /// Of each endpoint that has no limit of its own.
    pub endpoint: Option<Limit>,
    /// Of single endpoints, by [`route`].
    pub endpoints: BTreeMap<String, Limit>,
}

impl Limits {
    /// The published limits of a test account: 25 calls per second, and as many of each endpoint; 20 reads and 20
    /// writes of files.
    #[must_use]
    pub fn published() -> Self {
        let files = ["GET /v1/files", "POST /v1/files"].map(|name| (name.to_owned(), Limit(20)));
        Self { account: Some(Limit(25)), endpoint: Some(Limit(25)), endpoints: files.into() }
    }
}

/// How long each answer takes, beyond what the work takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Latency {
    /// In any case.
    pub(super) base: Duration,
    /// At most this much more, by chance.
    pub(super) spread: Duration,
}

/// Faults that come back: of every so many calls, the last ones go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Burst {
    pub(super) kind: Fault,
    /// So many calls go wrong, one after the other …
    pub(super) count: u64,
    /// … of every so many.
    pub(super) every: u64,
    /// Only calls of this endpoint count, by [`route`].
    pub(super) endpoint: Option<String>,
}

/// Which limit a call has met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limited {
    Account,
    Endpoint,
}

impl Limited {
    /// The word in the header `Stripe-Rate-Limited-Reason`.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Account => "global-rate",
            Self::Endpoint => "endpoint-rate",
        }
    }
}

/// The endpoint of a call, by method and path with `:id` for the object: `GET /v1/identity/verification_sessions/:id`.
///
/// Everything about files is one of two endpoints, reading and writing, because they share their limits.
pub(super) fn route(method: &Method, path: &str) -> String {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    if path == "/v1/files" || path.starts_with("/v1/files/") {
        return format!("{method} /v1/files");
    }
    let id_at = if path.starts_with("/v1/identity/") { 4 } else { 3 };
    let parts = path.split('/').enumerate();
    let parts: Vec<&str> = parts.map(|(at, part)| if at == id_at { ":id" } else { part }).collect();
    format!("{method} {}", parts.join("/"))
}

/// What stands between callers and answers.
#[derive(Debug, Default)]
pub(super) struct Gate {
    latency: Latency,
    limits: Limits,
    buckets: Mutex<Buckets>,
    bursts: Vec<(Burst, AtomicU64)>,
}

#[derive(Debug, Default)]
struct Buckets {
    account: Option<Bucket>,
    endpoints: HashMap<String, Bucket>,
}

/// Calls that may still be made; it fills up with time.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    calls: f64,
    at: Instant,
}

impl Bucket {
    fn full(limit: Limit, now: Instant) -> Self {
        Self { calls: f64::from(limit.0), at: now }
    }

    fn fill(&mut self, limit: Limit, now: Instant) {
        let most = f64::from(limit.0);
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.calls = most.min(self.calls + most * passed);
        self.at = now;
    }
}

impl Gate {
    pub(super) fn new(latency: Latency, limits: Limits, bursts: Vec<Burst>) -> Self {
        let bursts = bursts.into_iter().map(|burst| (burst, AtomicU64::new(0))).collect();
        Self { latency, limits, buckets: Mutex::default(), bursts }
    }

    /// How long this call waits.
    pub(super) fn delay(&self) -> Duration {
        if self.latency.spread.is_zero() {
            return self.latency.base;
        }
        self.latency.base + self.latency.spread.mul_f64(rand::rng().random_range(0.0..=1.0))
    }

    /// The fault that a scenario has for this call.
    pub(super) fn fault(&self, route: &str) -> Option<Fault> {
        let mut found = None;
        for (burst, calls) in &self.bursts {
            if burst.endpoint.as_deref().is_some_and(|endpoint| endpoint != route) {
                continue;
            }
            let place = calls.fetch_add(1, Ordering::Relaxed) % burst.every;
            if place >= burst.every - burst.count {
                found = found.or(Some(burst.kind));
            }
        }
        found
    }

    /// Lets a call pass, or says which limit it has met. Calls that are turned away count for nothing.
    pub(super) fn admit(&self, route: &str, now: Instant) -> Result<(), Limited> {
        let endpoint = self.limits.endpoints.get(route).copied().or(self.limits.endpoint);
        if self.limits.account.is_none() && endpoint.is_none() {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { account, endpoints } = &mut *buckets;
        if endpoints.len() > MOST_BUCKETS {
            endpoints.clear();
        }
        let mut whole = self.limits.account.map(|limit| {
            let bucket = account.get_or_insert_with(|| Bucket::full(limit, now));
            bucket.fill(limit, now);
            bucket
        });
        let mut part = endpoint.map(|limit| {
            let bucket = endpoints.entry(route.to_owned()).or_insert_with(|| Bucket::full(limit, now));
            bucket.fill(limit, now);
            bucket
        });
        let empty = |bucket: &Option<&mut Bucket>| bucket.as_ref().is_some_and(|bucket| bucket.calls < 1.0);
        if empty(&whole) {
            return Err(Limited::Account);
        }
        if empty(&part) {
            return Err(Limited::Endpoint);
        }
        for bucket in [&mut whole, &mut part].into_iter().flatten() {
            bucket.calls -= 1.0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATE: &str = "POST /v1/identity/verification_sessions";
    const LIST: &str = "GET /v1/identity/verification_sessions";

    #[test]
    fn routes_have_no_ids_in_them() {
        for (method, path, expected) in [
            (Method::POST, "/v1/identity/verification_sessions", CREATE),
            (Method::HEAD, "/v1/identity/verification_sessions", LIST),
            (
                Method::GET,
                "/v1/identity/verification_reports/vr_1",
                "GET /v1/identity/verification_reports/:id",
            ),
            (
                Method::POST,
                "/v1/identity/verification_sessions/vs_1/cancel",
                "POST /v1/identity/verification_sessions/:id/cancel",
            ),
            (Method::GET, "/v1/events/evt_1", "GET /v1/events/:id"),
            (Method::GET, "/v1/files/file_1/contents", "GET /v1/files"),
        ] {
            assert_eq!(route(&method, path), expected);
        }
    }

    fn gate(account: u32, endpoint: u32, create: u32) -> Gate {
        let endpoints = [(CREATE.to_owned(), Limit(create))].into();
        let limits = Limits { account: Some(Limit(account)), endpoint: Some(Limit(endpoint)), endpoints };
        Gate::new(Latency::default(), limits, Vec::new())
    }

    #[test]
    fn a_limit_is_met_and_time_lifts_it() {
        let (gate, start) = (gate(10, 4, 2), Instant::now());
        let admitted = |route, calls: usize, now| {
            let answers: Vec<_> = (0..calls).map(|_| gate.admit(route, now)).collect();
            (answers.iter().filter(|it| it.is_ok()).count(), answers.last().copied())
        };
        assert_eq!(admitted(CREATE, 3, start), (2, Some(Err(Limited::Endpoint))));
        assert_eq!(admitted(LIST, 5, start), (4, Some(Err(Limited::Endpoint))));
        let half = start + Duration::from_millis(500);
        assert_eq!(admitted(CREATE, 2, half), (1, Some(Err(Limited::Endpoint))));
        assert_eq!(admitted(LIST, 3, half), (2, Some(Err(Limited::Endpoint))));
        let long = start + Duration::from_hours(1);
        assert_eq!(
            admitted(LIST, 5, long),
            (4, Some(Err(Limited::Endpoint))),
            "no more than a second's worth"
        );
    }

    #[test]
    fn the_account_has_a_limit_of_its_own() {
        let (gate, now) = (gate(3, 100, 100), Instant::now());
        let answers = [CREATE, LIST, CREATE, LIST].map(|route| gate.admit(route, now));
        assert_eq!(answers, [Ok(()), Ok(()), Ok(()), Err(Limited::Account)]);
        let unlimited = Gate::default();
        assert!((0..10_000).all(|_| unlimited.admit(LIST, now).is_ok()));
        assert_eq!(unlimited.delay(), Duration::ZERO);
    }

    #[test]
    fn bursts_come_back() {
        let burst = |kind, count, every, endpoint: Option<&str>| Burst {
            kind,
            count,
            every,
            endpoint: endpoint.map(str::to_owned),
        };
        let bursts = vec![burst(Fault::ServerError, 2, 4, None), burst(Fault::RateLimit, 1, 2, Some(CREATE))];
        let gate = Gate::new(Latency::default(), Limits::default(), bursts);
        let calls = [LIST, CREATE, LIST, CREATE, CREATE, CREATE, LIST, LIST].map(|route| gate.fault(route));
        let (error, limit) = (Some(Fault::ServerError), Some(Fault::RateLimit));
        assert_eq!(calls, [None, None, error, error, None, limit, error, error]);
    }
}
