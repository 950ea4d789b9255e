//! Sends what is due, one delivery at a time for each listener, and tries again what failed. Sandbox only.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, broadcast, watch};
use tokio::task::JoinSet;

use super::super::clock::Clock;
use super::super::errors::Failure;
use super::super::events::render;
use super::super::state::Sandbox;
use super::super::store::outlook::Outlook;
use super::super::store::webhooks::{self, Planned, State, Try};
use super::super::store::{Connection, events};
use super::super::version::ApiVersion;
use super::send::{self, SendError};
use super::sign;
use super::target::Target;
use crate::clock::Timestamp;

/// Seconds on the sandbox clock from each try that failed to the next. After as many tries and one it is given up.
const PAUSES: [i64; 4] = [5, 30, 300, 3600];
/// What is further away is not waited for: a turn of the clock, or another commit, comes first.
const SOON: Duration = Duration::from_hours(1);
/// How long the courier rests after the store has failed.
const REST: Duration = Duration::from_mins(1);
/// Events that the official CLI may lag behind while it is slow.
const BACKLOG: usize = 256;
const NOTHING: Timestamp = Timestamp::MAX;

/// What the courier knows between two looks into the store.
#[derive(Debug)]
pub(in crate::sandbox) struct Courier {
    next: AtomicI64,
    changed: Notify,
    /// The number of the newest event.
    newest: watch::Sender<i64>,
    /// Events that the official CLI is to get once more.
    repeated: broadcast::Sender<String>,
    allow_remote: bool,
}

impl Courier {
    /// A courier who has not looked yet. `allow_remote` lets events leave this machine.
    pub(in crate::sandbox) fn new(allow_remote: bool) -> Self {
        Self {
            next: AtomicI64::new(NOTHING.as_secs()),
            changed: Notify::new(),
            newest: watch::Sender::new(0),
            repeated: broadcast::Sender::new(BACKLOG),
            allow_remote,
        }
    }

    /// Takes note of what a commit has planned.
    pub(in crate::sandbox) fn set(&self, outlook: Outlook) {
        let next = outlook.delivery.unwrap_or(NOTHING);
        let before = Timestamp::from_secs(self.next.swap(next.as_secs(), Ordering::AcqRel));
        if (before, next) != (NOTHING, NOTHING) {
            self.changed.notify_one();
        }
        self.newest.send_if_modified(|newest| std::mem::replace(newest, outlook.event) != outlook.event);
    }

    /// Sends an event to the official CLI once more.
    pub(in crate::sandbox) fn repeat(&self, event: String) {
        // Nobody listens: nobody is told.
        let _ = self.repeated.send(event);
    }

    pub(super) fn newest(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    pub(super) fn repeated(&self) -> broadcast::Receiver<String> {
        self.repeated.subscribe()
    }
}

/// Deliveries under way: never two for one listener, so that each gets its events in order while all goes well.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<String>,
    busy: HashSet<String>,
}

/// Delivers until the sandbox closes.
pub(in crate::sandbox) async fn run(sandbox: Arc<Sandbox>) {
    let mut under_way = UnderWay::default();
    loop {
        let wait = match set_off(&sandbox, &mut under_way).await {
            Ok(next) => next.map(|next| sandbox.clock.until(next)).filter(|wait| *wait <= SOON),
            Err(failure) => {
                tracing::error!(%failure, "what is to be delivered cannot be read");
                Some(REST)
            }
        };
        let due = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = sandbox.closing.cancelled() => return,
            () = sandbox.courier.changed.notified() => {}
            () = due => {}
            Some(ended) = under_way.tasks.join_next() => match ended {
                Ok(listener) => {
                    under_way.busy.remove(&listener);
                }
                Err(error) => {
                    tracing::error!(%error, "a delivery broke off");
                    // Whose it was is not said: begin anew, with everything still in the store.
                    under_way = UnderWay::default();
                }
            },
        }
    }
}

/// Starts what is due for listeners that nothing is under way to. Returns when the next delivery of these is due.
async fn set_off(sandbox: &Arc<Sandbox>, under_way: &mut UnderWay) -> Result<Option<Timestamp>, Failure> {
    if sandbox.courier.next.load(Ordering::Acquire) == NOTHING.as_secs() {
        return Ok(None);
    }
    let heads = webhooks::heads(&mut *sandbox.store.read().await?).await?;
    let now = sandbox.clock.now();
    let mut next: Option<Timestamp> = None;
    for planned in
        heads.into_iter().filter(|it| !under_way.busy.contains(&it.listener.id)).collect::<Vec<_>>()
    {
        if planned.due > now {
            next = Some(next.map_or(planned.due, |next| next.min(planned.due)));
            continue;
        }
        under_way.busy.insert(planned.listener.id.clone());
        let sandbox = Arc::clone(sandbox);
        under_way.tasks.spawn(async move {
            if let Err(failure) = deliver(&sandbox, &planned).await {
                tracing::error!(%failure, "a delivery could not be written down");
                tokio::time::sleep(REST).await;
            }
            planned.listener.id
        });
    }
    Ok(next)
}

/// Sends one event, and writes down how that went.
async fn deliver(sandbox: &Sandbox, planned: &Planned) -> Result<(), Failure> {
    let result = match body(&mut *sandbox.store.read().await?, planned, &sandbox.api_version).await? {
        None => Err(SendError::Nothing("the event is older than events are kept")),
        Some(body) => send(sandbox, planned, body).await,
    };
    let mut write = sandbox.store.write().await?;
    let now = sandbox.clock.now();
    let (state, ended) = judge(result, planned.tries, now);
    if state != State::Succeeded {
        let (event, listener, error) = (&planned.event, &planned.listener.id, ended.error.as_deref());
        tracing::warn!(event, listener, error, "an event was not delivered");
    }
    webhooks::tried(&mut write, planned.seq, state, ended).await?;
    sandbox.commit(write).await
}

/// The event as it is now: one that was redacted meanwhile is sent redacted.
async fn body(
    connection: &mut Connection,
    planned: &Planned,
    of_account: &ApiVersion,
) -> Result<Option<String>, Failure> {
    let event = events::get(connection, &planned.event, Timestamp::MIN).await?;
    let version = planned.listener.endpoint.api_version.as_deref().unwrap_or(of_account.as_str());
    Ok(event.map(|event| serde_json::to_string_pretty(&render::event(&event, version))).transpose()?)
}

async fn send(sandbox: &Sandbox, planned: &Planned, body: String) -> Result<u16, SendError> {
    let endpoint = &planned.listener.endpoint;
    let target = Target::parse(&endpoint.url, sandbox.courier.allow_remote)?;
    let signature = sign::header(&endpoint.secret, Clock::wall_now(), &body)
        .map_err(|_| SendError::Nothing("it cannot be signed"))?;
    send::post(&target, signature, body).await
}

/// What a try leaves of a delivery that has been tried `before` times.
fn judge(result: Result<u16, SendError>, before: i64, now: Timestamp) -> (State, Try) {
    let (passing, status, error) = match result {
        Ok(status @ 200..=299) => {
            return (State::Succeeded, Try { at: now, status: Some(status), error: None });
        }
        Ok(status @ 300..=399) => (true, Some(status), "a redirect, which is not followed".to_owned()),
        Ok(status) => (true, Some(status), format!("the answer was {status}")),
        Err(error) => (error.is_passing(), None, error.to_string()),
    };
    let pause = usize::try_from(before).ok().and_then(|before| PAUSES.get(before)).filter(|_| passing);
    let state = pause.map_or(State::Failed, |pause| State::Pending(now.plus_secs(*pause)));
    (state, Try { at: now, status, error: Some(error) })
}

#[cfg(test)]
mod tests {
    use super::super::target::TargetError;
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(100);

    #[test]
    fn only_2xx_is_success_and_pauses_grow_until_it_is_given_up() {
        assert_eq!(judge(Ok(204), 0, NOW).0, State::Succeeded);
        let states: Vec<State> = (0..5).map(|before| judge(Ok(500), before, NOW).0).collect();
        let pending = PAUSES.map(|pause| State::Pending(NOW.plus_secs(pause)));
        assert_eq!(states, [pending[0], pending[1], pending[2], pending[3], State::Failed]);
        assert!(PAUSES.is_sorted());
        for status in [199, 300, 301, 307, 404, 500] {
            let (state, ended) = judge(Ok(status), 0, NOW);
            assert_eq!((state, ended.status), (pending[0], Some(status)));
            assert!(ended.error.is_some());
        }
        assert_eq!(judge(Err(SendError::Late), 0, NOW).0, pending[0]);
    }

    #[test]
    fn what_can_never_arrive_is_given_up_at_once() {
        let (state, ended) = judge(Err(TargetError::Remote.into()), 0, NOW);
        assert_eq!((state, ended.status), (State::Failed, None));
        assert!(ended.error.is_some_and(|error| error.contains("--allow-remote-webhooks")));
    }
}
