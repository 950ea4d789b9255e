//! Asks an Identity API: transport, endpoints, pager. Floor 3: imports floors 0 to 2.
//!
//! [`Client`] is the whole interface: eight calls of the API, two of vetty's own sandbox, and a [`Pager`] over
//! lists. It keeps to the published rate limits, repeats what failed for a moment under the same
//! [`IdempotencyKey`], gives its key to nobody but the configured host, and tells a failure in a sentence.

mod controls;
mod echo;
mod error;
mod form;
mod json;
mod key;
mod lists;
mod newer;
mod operation;
mod pager;
mod rate;
mod reply;
mod reports;
mod retry;
mod sessions;
mod settings;
mod transport;
mod watch;

use std::fmt;
use std::sync::Arc;

pub use crate::config::ApiBase;
pub use error::{Error, Fault, Obstacle};
pub use key::{IdempotencyKey, IdempotencyKeyError};
pub use newer::Newer;
pub use operation::{Asked, Effort, Operation};
pub use pager::{LeftOut, Listing, Pager};
pub use rate::RateLimits;
pub use reply::Reply;
pub use settings::{ClientSettings, Sleeper};
pub use watch::FailedTry;

use crate::identity::SessionId;
use crate::privacy::Secret;
use transport::Transport;

/// A client of one Identity API under one key. Cheap to clone; clones share connections, limits and counters.
#[derive(Clone)]
pub struct Client(Arc<Transport>);

/// Why a client could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientBuildError {
    /// There is no key.
    #[error("the API key is empty; set a secret or restricted key")]
    EmptyKey,
    /// The key has characters that no key has, such as a line break.
    #[error("the API key holds characters that no key has; copy it again, without spaces and line breaks")]
    UnusableKey,
    /// The HTTP stack did not start: no trusted certificates, as a rule.
    #[error("the encrypted transport could not be set up; check the certificates that this system trusts")]
    Transport,
}

impl Client {
    /// Makes a client that asks `base` with `key`. Nothing is sent yet.
    ///
    /// # Errors
    /// When the key cannot be sent, or when the system offers no encrypted transport.
    pub fn new(base: ApiBase, key: Secret, settings: ClientSettings) -> Result<Self, ClientBuildError> {
        Transport::new(base, key, settings).map(|transport| Self(Arc::new(transport)))
    }

    /// Where the client asks.
    #[must_use]
    pub fn base(&self) -> &ApiBase {
        self.0.base()
    }

    /// Whether the key is one of live mode, by its prefix.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.0.is_live()
    }

    /// Names a request, for an error about what it led to.
    #[must_use]
    pub fn asked(&self, operation: Operation, session: Option<&SessionId>) -> Asked {
        self.transport().asked(operation, session.map(SessionId::as_str))
    }

    /// How many requests this client and its clones have sent, repeats included.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.0.requests_sent()
    }

    /// Seconds that the clock of the API is ahead of this machine's, or nothing before its first reply. A second or two
    /// is the way of the reply, and no difference.
    #[must_use]
    pub fn clock_ahead(&self) -> Option<i64> {
        self.0.clock_ahead()
    }

    /// Has `tell` called for each try that failed and is made again, by this client and its clones. The first call
    /// counts.
    pub fn watch(&self, tell: impl Fn(&FailedTry<'_>) + Send + Sync + 'static) {
        self.0.watcher().set(Box::new(tell));
    }

    fn transport(&self) -> &Transport {
        &self.0
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", self.base())
            .field("live", &self.is_live())
            .field("requests_sent", &self.requests_sent())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(key: &str) -> Result<Client, ClientBuildError> {
        let base = ApiBase::parse("http://127.0.0.1:12120", "a test").expect("a loopback base");
        Client::new(base, Secret::new(key.into()), ClientSettings::default())
    }

    #[test]
    fn debug_shows_no_key() {
        let client = client("sk_test_abcdefghijkl").expect("a client");
        let shown = format!("{client:?} {client:#?}");
        assert!(shown.contains("127.0.0.1:12120"));
        assert!(!shown.contains("abcdefghijkl"), "{shown}");
    }

    #[test]
    fn keys_that_cannot_be_sent_are_refused() {
        assert_eq!(client("").err(), Some(ClientBuildError::EmptyKey));
        assert_eq!(client("sk_test_a\r\nX-Evil: 1").err(), Some(ClientBuildError::UnusableKey));
        assert_eq!(client("sk_test_ä").err(), Some(ClientBuildError::UnusableKey));
        let shown = client("sk_test_a b").err().map(|error| error.to_string()).unwrap_or_default();
        assert!(!shown.contains("sk_test"), "{shown}");
    }

    #[test]
    fn the_mode_is_read_off_the_key() {
        assert!(client("rk_live_abcdefghijkl").expect("a client").is_live());
        assert!(!client("sk_test_live_abcdefgh").expect("a client").is_live());
    }
}
