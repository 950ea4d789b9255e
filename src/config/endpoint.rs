//! The address of an Identity API.

use std::fmt;
use std::net::IpAddr;

use url::Url;

use super::ConfigError;
use crate::text::Clean;

/// The real service.
pub const STRIPE_API: &str = "https://api.stripe.com";

/// The address that request paths are appended to: no slash at its end, no user, no query.
///
/// Either `https`, or `http` to this very machine: a key never travels in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiBase {
    address: String,
    host: String,
    loopback: bool,
}

impl ApiBase {
    /// Reads an address. `origin` says where it was found, for the error.
    pub fn parse(raw: &str, origin: &str) -> Result<Self, ConfigError> {
        let refuse = |reason: &'static str| ConfigError::ApiBase { origin: Clean::new(origin), reason };
        let url =
            Url::parse(raw.trim()).map_err(|_| refuse("is not an address such as https://api.stripe.com"))?;
        let loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(refuse(
                    "must begin with https://; plain http:// is for this machine only (127.0.0.1, localhost)",
                ));
            }
            _ => return Err(refuse("must begin with https://, or http:// for this machine")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("must not contain a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("must not contain ? or #"));
        }
        let Some(host) = url.host_str() else {
            return Err(refuse("names no host"));
        };
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        // A base that already names the version would give /v1/v1/… and a puzzling 404.
        let address = url.as_str().trim_end_matches('/');
        if address.ends_with("/v1") {
            return Err(refuse("must stop before /v1"));
        }
        Ok(Self { address: address.to_owned(), host, loopback })
    }

    /// The real service.
    #[must_use]
    pub fn stripe() -> Self {
        Self { address: STRIPE_API.to_owned(), host: "api.stripe.com".to_owned(), loopback: false }
    }

    /// The address, such as `http://127.0.0.1:12120`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// Host and, where it is not the usual one, port: what the header shows.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether what is sent there is encrypted on the way.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.address.starts_with("https://")
    }

    /// Whether the address is this very machine.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(raw: &str) -> String {
        ApiBase::parse(raw, "--api-base").unwrap_err().to_string()
    }

    #[test]
    fn addresses_are_brought_into_one_form() {
        let local = ApiBase::parse(" http://127.0.0.1:12120/ ", "--api-base").unwrap();
        assert_eq!((local.as_str(), local.host()), ("http://127.0.0.1:12120", "127.0.0.1:12120"));
        assert!(local.is_loopback());
        assert!(ApiBase::parse("http://[::1]:80", "").unwrap().is_loopback());
        assert!(ApiBase::parse("http://localhost:9", "").unwrap().is_loopback());
        let path = ApiBase::parse("https://proxy.example/stripe/", "").unwrap();
        assert_eq!((path.as_str(), path.host()), ("https://proxy.example/stripe", "proxy.example"));
        assert!(!path.is_loopback());
        assert_eq!(ApiBase::parse(STRIPE_API, "").unwrap(), ApiBase::stripe());
    }

    #[test]
    fn a_key_never_travels_in_the_clear() {
        assert!(reason("http://api.stripe.com").contains("must begin with https://"));
        assert!(reason("http://127.0.0.1.example.com").contains("must begin with https://"));
        assert!(reason("http://localhost.example.com").contains("must begin with https://"));
    }

    #[test]
    fn what_cannot_be_a_base_is_named() {
        assert!(reason("api.stripe.com").contains("is not an address"));
        assert!(reason("ftp://api.stripe.com").contains("must begin with https://, or"));
        assert!(reason("https://sk_test_abcdefghijkl@api.stripe.com").contains("user name"));
        assert!(!reason("https://sk_test_abcdefghijkl@api.stripe.com").contains("sk_test"));
        assert!(reason("https://api.stripe.com/?a=b").contains("? or #"));
        assert!(reason("https://api.stripe.com/v1/").contains("before /v1"));
    }
}
