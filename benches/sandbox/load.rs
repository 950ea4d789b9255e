//! Puts a load on the sandbox and keeps what it shows: throughput and how long replies take.

use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::http::{Request, Wire};

/// Requests of one kind.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// How many clients ask at once, each with one connection and no pause.
    pub(crate) connections: usize,
    pub(crate) requests: Vec<Request>,
    /// Whether a request can be sent once only.
    pub(crate) once: bool,
}

/// When a load ends.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) time: Duration,
    pub(crate) requests: usize,
}

/// What a load showed.
pub(crate) struct Figures {
    pub(crate) name: &'static str,
    pub(crate) connections: usize,
    /// Replies per second.
    pub(crate) rate: f64,
    /// How long each reply took, the shortest first.
    times: Vec<Duration>,
}

impl Figures {
    pub(crate) fn count(&self) -> usize {
        self.times.len()
    }

    /// The time that `percent` of the replies did not exceed, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let at = (self.times.len() * percent).div_ceil(100).saturating_sub(1);
        self.times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

/// Sends the requests of `case`, one after the other and over again, until a bound is met.
pub(crate) fn run(address: &str, case: &Case, bounds: Bounds) -> Result<Figures, Box<dyn Error>> {
    let most = if case.once { bounds.requests.min(case.requests.len()) } else { bounds.requests };
    let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let started = Instant::now();
    let ask = || -> Result<Vec<Duration>, String> {
        let mut wire = Wire::open(address).map_err(|error| error.to_string())?;
        let mut times = Vec::with_capacity(1 << 14);
        while !over.load(Ordering::Relaxed) && started.elapsed() < bounds.time {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= most {
                break;
            }
            let request = &case.requests[turn % case.requests.len()];
            let asked = Instant::now();
            if let Err(error) = wire.succeed(request) {
                over.store(true, Ordering::Relaxed);
                return Err(format!("{}: {error}", case.name));
            }
            times.push(asked.elapsed());
        }
        Ok(times)
    };
    let all = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..case.connections).map(|_| scope.spawn(ask)).collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap_or_else(|_| Err("a client died".to_owned())))
            .collect::<Vec<_>>()
    });
    let took = started.elapsed();
    let mut times = Vec::new();
    for part in all {
        times.extend(part?);
    }
    times.sort_unstable();
    let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
    let rate = f64::from(count) / took.as_secs_f64();
    Ok(Figures { name: case.name, connections: case.connections, rate, times })
}
