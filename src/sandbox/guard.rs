//! Keeps everybody out but this machine's own programs, and whoever was invited by name. Sandbox only.
//!
//! Listening on loopback is not enough: a web page can point its own name at 127.0.0.1 (DNS rebinding), and can
//! send simple requests to any address. The first is told by its Host, the second by its Origin.
//!
//! Controls and pages are for the sandbox's own pages alone: another server on this machine may serve anybody's. The API
//! wants a key that such a page has to be given, so that pages of this machine may ask it, and are told so (CORS).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;

use super::errors::Refused;
use super::reply;
use super::state::Sandbox;
use crate::clock::Timestamp;

/// The names by which other machines may name this one, in lower case. None: only this machine is answered.
#[derive(Debug, Default)]
pub(super) struct Guests(Vec<String>);

/// A name to be exposed as is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host name or address; give it without scheme and port, as in --expose-as sandbox.local")]
pub struct NotAHost(pub String);

impl Guests {
    /// Takes host names and addresses, without a port.
    ///
    /// # Errors
    /// The first one that is none.
    pub(super) fn new(names: &[String]) -> Result<Self, NotAHost> {
        let is_host = |name: &str| {
            // With a port at the end it is a host and nothing else only if the name itself has none.
            !name.is_empty() && name == name_of(name) && url::Host::parse(&bracketed(name)).is_ok()
        };
        match names.iter().find(|name| !is_host(name)) {
            Some(wrong) => Err(NotAHost(wrong.clone())),
            None => Ok(Self(names.iter().map(|name| name.to_ascii_lowercase()).collect())),
        }
    }

    /// Whether only this machine is answered.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the sandbox that listens on `address` is found: `http://127.0.0.1:12120`.
    pub(super) fn api_base(&self, address: SocketAddr) -> String {
        match self.0.first() {
            Some(name) => format!("http://{}:{}", bracketed(name), address.port()),
            None => format!("http://{address}"),
        }
    }

    fn knows(&self, host: &str) -> bool {
        let name = name_of(host).trim_end_matches('.').to_ascii_lowercase();
        is_loopback(&name) || self.0.contains(&name)
    }
}

/// Refuses requests that were meant for another host, or come from a web page elsewhere.
pub(super) async fn known_hosts_only(
    State(sandbox): State<Arc<Sandbox>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    if let Err((status, message)) = judge(&request, &sandbox.guests) {
        return refuse(status, message);
    }
    let origin = request.headers().get(header::ORIGIN).filter(|_| is_api(&request)).cloned();
    let is_asking_first = origin.is_some()
        && request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_asking_first {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        reply::set(response.headers_mut(), "access-control-allow-methods", "GET, POST, DELETE");
        reply::set(response.headers_mut(), "access-control-allow-headers", ASKED_WITH);
        response
    } else {
        next.run(request).await
    };
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        reply::set(headers, "access-control-expose-headers", ANSWERED_WITH);
    }
    response
}

/// The headers that a request of a page may have.
const ASKED_WITH: &str = "authorization, content-type, idempotency-key, stripe-version, stripe-account";

/// The headers of an answer that a page may read.
const ANSWERED_WITH: &str =
    "request-id, idempotent-replayed, original-request, stripe-should-retry, stripe-rate-limited-reason";

fn is_api(request: &Request) -> bool {
    request.uri().path().starts_with("/v1/")
}

fn judge(request: &Request, guests: &Guests) -> Result<(), (StatusCode, &'static str)> {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let host =
        request.uri().authority().map(axum::http::uri::Authority::as_str).or_else(|| header(header::HOST));
    if !host.is_some_and(|host| guests.knows(host)) {
        return Err((
            StatusCode::MISDIRECTED_REQUEST,
            "This sandbox does not answer to that host name: name a loopback host, such as 127.0.0.1 or localhost, or \
             start the sandbox with --expose-as and the name.",
        ));
    }
    let origin =
        header(header::ORIGIN).map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
    let is_welcome = match (origin, host) {
        (None, _) => true,
        (Some(origin), _) if is_api(request) => guests.knows(origin),
        (Some(origin), host) => host.is_some_and(|host| host.eq_ignore_ascii_case(origin)),
    };
    if is_welcome {
        return Ok(());
    }
    Err((StatusCode::FORBIDDEN, "This sandbox does not answer web pages from elsewhere."))
}

fn refuse(status: StatusCode, message: &str) -> Response<Body> {
    let refused = Refused::new(message).status(status).unlogged();
    // The time stands in the address of the log only.
    reply::json(status, reply::text(&refused.body("", Timestamp::from_secs(0))))
}

/// A host without its port, and an IPv6 address without its brackets.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if host.matches(':').count() > 1 => host,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

/// A host as it stands before a port.
fn bracketed(name: &str) -> String {
    if name.contains(':') { format!("[{name}]") } else { name.to_owned() }
}

/// Whether `name` is one of this machine that no DNS server decides about.
fn is_loopback(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_cannot_be_rebound_are_loopback() {
        let nobody = Guests::default();
        for host in
            ["127.0.0.1:12120", "127.0.0.1", "localhost:80", "LocalHost", "[::1]:1", "vetty.localhost"]
        {
            assert!(nobody.knows(host), "{host}");
        }
        for host in
            ["example.com", "127.0.0.1.example.com", "10.0.0.1:80", "", "null", "localhost.example.com:80"]
        {
            assert!(!nobody.knows(host), "{host}");
        }
    }

    #[test]
    fn guests_name_the_machine_as_it_was_told() {
        let names = ["Sandbox.local".to_owned(), "fd00::1".to_owned()];
        let guests = Guests::new(&names).unwrap();
        for host in ["sandbox.local:12120", "SANDBOX.local.", "[fd00::1]:12120", "127.0.0.1:12120"] {
            assert!(guests.knows(host), "{host}");
        }
        assert!(!guests.knows("other.local:12120") && !guests.knows("[fd00::2]:12120"));
        let address = SocketAddr::from(([0, 0, 0, 0], 12120));
        assert_eq!(guests.api_base(address), "http://sandbox.local:12120");
        assert_eq!(Guests::new(&names[1..]).unwrap().api_base(address), "http://[fd00::1]:12120");
        for wrong in ["", "http://sandbox.local", "sandbox.local:80", "a b", "[::1]", "a/b"] {
            assert_eq!(Guests::new(&[wrong.to_owned()]).unwrap_err(), NotAHost(wrong.to_owned()));
        }
    }
}
