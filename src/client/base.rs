//! Where the API is: the one host that may be given the key.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;

use crate::text::Clean;

/// The root of an Identity API: `https` anywhere, plain `http` on this machine only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiBase {
    /// Without a slash at the end.
    root: Arc<str>,
    host: Arc<str>,
    loopback: bool,
}

/// Why an address cannot be the root of an API. The address is not repeated: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiBaseError {
    /// It cannot be read as an address.
    #[error("the API base is not an address; write it like https://api.stripe.com")]
    NotAnAddress,
    /// A scheme that no API is asked with.
    #[error("the API base begins with {0}://; only https:// is possible, and http:// on this machine")]
    Scheme(Clean),
    /// Plain text over the network.
    #[error(
        "plain http to {0} would show the key and personal data to the network; use https, \
             or http with localhost, 127.0.0.1 or [::1]"
    )]
    PlainHttp(Clean),
    /// A user name or password.
    #[error("the API base holds a user name or password; leave it out, the key is sent in a header")]
    Credentials,
    /// A query or a fragment.
    #[error("the API base has a ? or # part; leave it out")]
    Query,
}

impl ApiBase {
    /// The address of the real service.
    pub const STRIPE: &'static str = "https://api.stripe.com";

    /// Reads `raw` as the root of an API. Slashes at its end do not matter.
    ///
    /// # Errors
    /// When `raw` is no address, or not one that a key may be sent to.
    pub fn parse(raw: &str) -> Result<Self, ApiBaseError> {
        let url = Url::parse(raw.trim()).map_err(|_| ApiBaseError::NotAnAddress)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ApiBaseError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(ApiBaseError::Query);
        }
        let loopback = match url.scheme() {
            "http" | "https" => is_loopback(&url),
            other => return Err(ApiBaseError::Scheme(Clean::new(other))),
        };
        let name = url.host_str().ok_or(ApiBaseError::NotAnAddress)?;
        if url.scheme() == "http" && !loopback {
            return Err(ApiBaseError::PlainHttp(Clean::new(name)));
        }
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        Ok(Self { root: url.as_str().trim_end_matches('/').into(), host: host.into(), loopback })
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.root
    }

    /// Host and port, for people.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is on this machine.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    pub(super) fn shared_host(&self) -> Arc<str> {
        Arc::clone(&self.host)
    }
}

/// Only names that mean this machine by definition: a name that happens to resolve to it may move.
fn is_loopback(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Default for ApiBase {
    /// The real service.
    fn default() -> Self {
        Self { root: Self::STRIPE.into(), host: "api.stripe.com".into(), loopback: false }
    }
}

impl fmt::Display for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.root)
    }
}

impl fmt::Debug for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.root, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_taken_anywhere_and_http_on_this_machine() {
        for (raw, root, host, loopback) in [
            ("https://api.stripe.com/", "https://api.stripe.com", "api.stripe.com", false),
            (
                " https://gate.example:8443/stripe// ",
                "https://gate.example:8443/stripe",
                "gate.example:8443",
                false,
            ),
            ("http://127.0.0.1:12120", "http://127.0.0.1:12120", "127.0.0.1:12120", true),
            ("http://127.8.9.1", "http://127.8.9.1", "127.8.9.1", true),
            ("http://localhost:1/", "http://localhost:1", "localhost:1", true),
            ("HTTP://[::1]:5", "http://[::1]:5", "[::1]:5", true),
            ("https://localhost", "https://localhost", "localhost", true),
        ] {
            let base = ApiBase::parse(raw).expect(raw);
            assert_eq!((base.as_str(), base.host(), base.is_loopback()), (root, host, loopback));
        }
        assert_eq!(ApiBase::parse(ApiBase::STRIPE), Ok(ApiBase::default()));
    }

    #[test]
    fn what_would_leak_is_refused() {
        let refused = |raw: &str| ApiBase::parse(raw).expect_err(raw);
        assert_eq!(refused("http://api.stripe.com"), ApiBaseError::PlainHttp("api.stripe.com".into()));
        assert_eq!(
            refused("http://localhost.example.com"),
            ApiBaseError::PlainHttp("localhost.example.com".into())
        );
        assert_eq!(refused("http://192.168.0.4:1"), ApiBaseError::PlainHttp("192.168.0.4".into()));
        assert_eq!(refused("https://sk_test_1@api.stripe.com"), ApiBaseError::Credentials);
        assert_eq!(refused("https://:pass@api.stripe.com"), ApiBaseError::Credentials);
        assert_eq!(refused("https://api.stripe.com?x=1"), ApiBaseError::Query);
        assert_eq!(refused("https://api.stripe.com/#x"), ApiBaseError::Query);
        assert_eq!(refused("file:///etc"), ApiBaseError::Scheme("file".into()));
        assert_eq!(refused("api.stripe.com"), ApiBaseError::NotAnAddress);
        assert_eq!(refused(""), ApiBaseError::NotAnAddress);
        assert_eq!(
            refused("http://10.0.0.1/").to_string(),
            "plain http to 10.0.0.1 would show the key and personal data to the network; use https, \
             or http with localhost, 127.0.0.1 or [::1]"
        );
    }
}
