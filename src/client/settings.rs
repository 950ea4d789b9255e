//! How patient the client is.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::rate::RateLimits;

type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the client waits with, between two tries and for its turn under the rate limits.
#[derive(Clone)]
pub struct Sleeper(Arc<dyn Fn(Duration) -> Sleep + Send + Sync>);

impl Sleeper {
    /// Waits by calling `sleep` and awaiting what it returns.
    pub fn new<F>(sleep: impl Fn(Duration) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self(Arc::new(move |time| Box::pin(sleep(time))))
    }

    pub(super) async fn sleep(&self, time: Duration) {
        (self.0)(time).await;
    }
}

impl Default for Sleeper {
    /// The real clock.
    fn default() -> Self {
        Self::new(tokio::time::sleep)
    }
}

impl fmt::Debug for Sleeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleeper")
    }
}

/// How patient the client is, and how much it takes.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// How long a connection may take. Default: 5 s.
    pub connect_timeout: Duration,
    /// How long one try may take, from its first byte to the last one of the reply. Default: 30 s.
    pub timeout: Duration,
    /// How often a request is tried in all, at least once. Default: 3.
    pub tries: u8,
    /// The limits that the service publishes. Default (`None`): those of the real service for the key's mode,
    /// and none on this machine.
    pub rate_limits: Option<RateLimits>,
    /// The largest reply that is read, in bytes after decompression. Default: 32 MiB.
    pub reply_limit: usize,
    /// What the client waits with.
    pub sleeper: Sleeper,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            tries: 3,
            rate_limits: None,
            reply_limit: 32 * 1024 * 1024,
            sleeper: Sleeper::default(),
        }
    }
}
