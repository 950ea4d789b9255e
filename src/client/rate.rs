//! Stays under the published limits: two token buckets, one of the endpoint and one of the account.
//!
//! A bucket refills at four fifths of its limit and holds the last fifth for bursts. So no second, wherever it
//! begins, sees more requests than the limit allows.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::operation::Operation;

/// Limits in requests per second, as a service publishes them. 0 counts as 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// For each endpoint.
    pub per_endpoint: u32,
    /// For the account: all endpoints together.
    pub per_account: u32,
}

impl RateLimits {
    /// What the real service publishes for live mode.
    pub const LIVE: Self = Self { per_endpoint: 25, per_account: 100 };
    /// What the real service publishes for test mode.
    pub const TEST: Self = Self { per_endpoint: 25, per_account: 25 };
}

/// One bucket, kept as the moment at which it is full again.
#[derive(Clone, Copy)]
struct Bucket {
    interval: Duration,
    tolerance: Duration,
    full_at: Option<Instant>,
}

impl Bucket {
    fn new(per_second: u32) -> Self {
        let per_second = per_second.max(1);
        let burst = (per_second / 5).max(1);
        let refill = (per_second - per_second / 5).max(1);
        let interval = Duration::from_secs(1) / refill;
        Self { interval, tolerance: interval * (burst - 1), full_at: None }
    }

    /// When the next request may go.
    fn next(&self, now: Instant) -> Instant {
        self.full_at.and_then(|full| full.checked_sub(self.tolerance)).map_or(now, |at| at.max(now))
    }

    fn take(&mut self, at: Instant) {
        self.full_at = Some(self.full_at.map_or(at, |full| full.max(at)) + self.interval);
    }
}

struct Buckets {
    account: Bucket,
    endpoints: [Bucket; Operation::COUNT],
}

/// Gives every request its turn.
pub(super) struct Limiter(Mutex<Buckets>);

impl Limiter {
    pub(super) fn new(limits: RateLimits) -> Self {
        Self(Mutex::new(Buckets {
            account: Bucket::new(limits.per_account),
            endpoints: [Bucket::new(limits.per_endpoint); Operation::COUNT],
        }))
    }

    /// Books a place for one request at `now` or later and says how long to wait for it.
    pub(super) fn book(&self, operation: Operation, now: Instant) -> Duration {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { account, endpoints } = &mut *buckets;
        let endpoint = &mut endpoints[operation as usize];
        let at = account.next(now).max(endpoint.next(now));
        account.take(at);
        endpoint.take(at);
        at - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most requests that any second sees when `operations` are asked for one after another at once.
    fn busiest_second(limits: RateLimits, operations: &[Operation], count: usize) -> usize {
        let limiter = Limiter::new(limits);
        let now = Instant::now();
        let mut at: Vec<Duration> =
            operations.iter().cycle().take(count).map(|operation| limiter.book(*operation, now)).collect();
        at.sort_unstable();
        let within = |from: &Duration| {
            at.iter().filter(|time| *time >= from && **time < *from + Duration::from_secs(1)).count()
        };
        at.iter().map(within).max().unwrap_or_default()
    }

    #[test]
    fn no_second_sees_more_than_the_limit() {
        let one = [Operation::ListSessions];
        let many = [
            Operation::ListSessions,
            Operation::ListReports,
            Operation::RetrieveSession,
            Operation::CancelSession,
            Operation::RedactSession,
            Operation::RetrieveReport,
        ];
        assert_eq!(busiest_second(RateLimits::LIVE, &one, 300), 24);
        assert_eq!(busiest_second(RateLimits::LIVE, &many, 600), 99);
        assert_eq!(busiest_second(RateLimits::TEST, &many, 300), 24);
        assert_eq!(busiest_second(RateLimits { per_endpoint: 0, per_account: 1 }, &one, 5), 1);
    }

    #[test]
    fn an_idle_bucket_fills_up_again() {
        let limiter = Limiter::new(RateLimits::TEST);
        let now = Instant::now();
        let waits = |from: Instant| -> usize {
            (0..6).filter(|_| !limiter.book(Operation::ListSessions, from).is_zero()).count()
        };
        assert_eq!(waits(now), 1);
        assert_eq!(waits(now + Duration::from_mins(1)), 1);
    }
}
