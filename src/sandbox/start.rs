//! Starts and stops a sandbox. The room's public face.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::agenda::Agenda;
use super::clock::{Clock, FURTHEST};
use super::delivery::{self, Courier, Webhooks, WebhooksError, request_logs::RequestLogs};
use super::errors::Failure;
use super::faults::Faults;
use super::guard::{Guests, NotAHost};
use super::idempotency::InFlight;
use super::scenario::Scenario;
use super::state::Sandbox;
use super::store::{Database, OpenError, Store, meta, sessions};
use super::version::ApiVersion;
use super::{connections, populate, redaction, server, tokens};
use crate::privacy::Secret;

/// How long open requests may take to end when the sandbox stops.
const LAST_ORDERS: Duration = Duration::from_secs(2);

/// How a sandbox is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where it listens: a loopback address, unless `expose_as` names a host. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// The host names and addresses, without a port, by which other machines may name this one. The first stands in
    /// the links that the sandbox gives out. Empty: only this machine is answered.
    pub expose_as: Vec<String>,
    /// Where it keeps its objects.
    pub database: Database,
    /// How many sessions are invented when the database has none.
    pub people: usize,
    /// The same seed invents the same people. A database keeps the seed that it was made with.
    pub seed: u64,
    /// The account's default version: that of events whose listener names none, and of requests that name none.
    pub api_version: ApiVersion,
    /// How it behaves.
    pub scenario: Scenario,
    /// Who is told of events.
    pub webhooks: Webhooks,
    /// How long a redaction takes, in seconds on the sandbox clock; [`Settings::REDACTION_SECONDS`] usually.
    pub redaction_seconds: i64,
    /// How long a connection may wait for its next request; [`Settings::KEEP_ALIVE`] usually.
    pub keep_alive: Duration,
}

impl Settings {
    /// How long a redaction takes unless somebody sets it: four days.
    pub const REDACTION_SECONDS: i64 = redaction::USUAL_SECONDS;

    /// How long a connection may wait for its next request unless somebody sets it.
    pub const KEEP_ALIVE: Duration = connections::KEEP_ALIVE;
}

/// Why a sandbox does not start. Every message is for the person who starts it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can be reached from other machines.
    #[error(
        "the sandbox listens on this machine only: {0} is not a loopback address; use 127.0.0.1 or [::1], or let \
         other machines in with --expose-as HOST"
    )]
    NotLoopback(SocketAddr),
    /// A name to be exposed as is none.
    #[error(transparent)]
    NoHost(#[from] NotAHost),
    /// Somebody else has the port.
    #[error("{0} is in use already; choose another port, or port 0 for any free one")]
    PortInUse(SocketAddr),
    /// The address cannot be listened on for another reason.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Events cannot be forwarded as asked.
    #[error(transparent)]
    Webhooks(#[from] WebhooksError),
    /// The database does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database opens and then fails.
    #[error("the database cannot be prepared: {0}")]
    Prepare(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Failure> for StartError {
    fn from(failure: Failure) -> Self {
        Self::Prepare(failure.into())
    }
}

impl From<sqlx::Error> for StartError {
    fn from(error: sqlx::Error) -> Self {
        Self::Prepare(error.into())
    }
}

/// A sandbox that answers. Dropping it stops it without waiting; [`Running::stop`] stops it in order.
#[derive(Debug)]
pub struct Running {
    sandbox: Arc<Sandbox>,
    address: SocketAddr,
    secret_key: Secret,
    restricted_key: Secret,
    ip_restricted_key: Secret,
    webhook_secret: Secret,
    sessions_at_start: u64,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Where it answers: `http://127.0.0.1:12120`, without a slash at the end.
    #[must_use]
    pub fn api_base(&self) -> String {
        self.sandbox.api_base.clone()
    }

    /// The address it listens on, with the port it really has.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A full key. Any other well-formed test key is as good.
    #[must_use]
    pub fn secret_key(&self) -> Secret {
        self.secret_key.clone()
    }

    /// A restricted key that stands for one with an IP restriction: it may read sensitive fields of any age.
    #[must_use]
    pub fn ip_restricted_key(&self) -> Secret {
        self.ip_restricted_key.clone()
    }

    /// A restricted key, which may read sensitive fields for 48 hours after their processing.
    #[must_use]
    pub fn restricted_key(&self) -> Secret {
        self.restricted_key.clone()
    }

    /// What webhooks are signed with.
    #[must_use]
    pub fn webhook_secret(&self) -> Secret {
        self.webhook_secret.clone()
    }

    /// How many sessions there are now; 0 when the database does not answer.
    pub async fn sessions(&self) -> u64 {
        let counted = async { sessions::count(&mut *self.sandbox.store.read().await?).await };
        counted.await.unwrap_or_default()
    }

    /// The line of JSON that tells scripts everything they need, keys included.
    #[must_use]
    pub fn ready_line(&self) -> String {
        serde_json::json!({
            "ready": true,
            "api_base": self.sandbox.api_base,
            "secret_key": self.secret_key.expose(),
            "restricted_key": self.restricted_key.expose(),
            "webhook_secret": self.webhook_secret.expose(),
            "sessions": self.sessions_at_start,
        })
        .to_string()
    }

    /// Lets open requests end for a moment, then closes everything.
    pub async fn stop(mut self) {
        self.sandbox.closing.cancel();
        for mut task in std::mem::take(&mut self.tasks) {
            if tokio::time::timeout(LAST_ORDERS, &mut task).await.is_err() {
                task.abort();
            }
        }
        if let Err(error) = self.sandbox.store.scrub_if_due().await {
            tracing::warn!(%error, "erased data are scrubbed from the database at the next start");
        }
        self.sandbox.store.close().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.sandbox.closing.cancel();
    }
}

/// Starts a sandbox in this process.
///
/// # Errors
/// [`StartError`], in words for people.
pub async fn start(settings: Settings) -> Result<Running, StartError> {
    settings.webhooks.check()?;
    let guests = Guests::new(&settings.expose_as)?;
    let (listener, address) = listen(settings.listen, &guests).await?;
    let store = Store::open(&settings.database).await?;
    let Prepared { seed, clock, sessions: sessions_at_start, webhook_secret } =
        prepare(&store, &settings).await?;
    let sandbox = Arc::new(Sandbox {
        store,
        clock,
        seed,
        api_base: guests.api_base(address),
        api_version: settings.api_version,
        guests,
        agenda: Agenda::new(),
        redaction_seconds: settings.redaction_seconds.clamp(0, FURTHEST),
        erased: Notify::new(),
        courier: Courier::new(settings.webhooks.allow_remote),
        request_logs: RequestLogs::new(),
        faults: Faults::default(),
        gate: settings.scenario.gate(),
        scenario: settings.scenario,
        in_flight: InFlight::default(),
        closing: CancellationToken::new(),
    });
    // What became due while nothing ran.
    sandbox.settle().await?;
    Ok(Running {
        tasks: vec![
            tokio::spawn(connections::serve(
                listener,
                server::router(Arc::clone(&sandbox)),
                settings.keep_alive,
                sandbox.closing.clone(),
            )),
            tokio::spawn(timer(Arc::clone(&sandbox))),
            tokio::spawn(cleaner(Arc::clone(&sandbox))),
            tokio::spawn(delivery::run(Arc::clone(&sandbox))),
        ],
        sandbox,
        address,
        secret_key: tokens::secret_key(),
        restricted_key: tokens::restricted_key(),
        ip_restricted_key: tokens::ip_restricted_key(),
        webhook_secret,
        sessions_at_start,
    })
}

async fn listen(address: SocketAddr, guests: &Guests) -> Result<(TcpListener, SocketAddr), StartError> {
    if !address.ip().is_loopback() && guests.is_empty() {
        return Err(StartError::NotLoopback(address));
    }
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::PortInUse(address),
        _ => StartError::Listen { address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// What the database says before anything runs.
struct Prepared {
    seed: u64,
    clock: Clock,
    sessions: u64,
    webhook_secret: Secret,
}

/// Reads seed and clock from the database, or writes them into a new one, and invents people for an empty one.
async fn prepare(store: &Store, settings: &Settings) -> Result<Prepared, StartError> {
    let mut write = store.write().await?;
    let known = meta::get(&mut write, meta::SEED).await?.and_then(|seed| seed.parse().ok());
    let seed = known.unwrap_or(settings.seed);
    meta::set(&mut write, meta::SEED, &seed.to_string()).await?;
    let ahead: Option<i64> = meta::get(&mut write, meta::CLOCK_AHEAD).await?.and_then(|it| it.parse().ok());
    let clock = Clock::new(ahead.unwrap_or_default().clamp(0, FURTHEST));
    let mut count = sessions::count(&mut write).await?;
    if count == 0 && settings.people > 0 {
        populate::people(&mut write, seed, settings.people, clock.now()).await?;
        count = sessions::count(&mut write).await?;
    }
    let webhook_secret = delivery::prepare(&mut write, &settings.webhooks, clock.now()).await?;
    drop(write.commit().await?);
    Ok(Prepared { seed, clock, sessions: count, webhook_secret })
}

async fn timer(sandbox: Arc<Sandbox>) {
    sandbox.keep_time().await;
}

async fn cleaner(sandbox: Arc<Sandbox>) {
    sandbox.keep_clean().await;
}
