//! Keeps everybody but this machine's own programs out. Sandbox only.
//!
//! Listening on loopback is not enough: a web page can point its own name at 127.0.0.1 (DNS rebinding), and can
//! send simple requests to any address. The first is told by its Host, the second by its Origin.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Response, StatusCode, header};
use axum::middleware::Next;

use super::errors::Refused;
use super::reply;

/// Refuses requests that were not meant for a loopback host, or come from a web page elsewhere.
pub(super) async fn local_only(request: Request, next: Next) -> Response<Body> {
    match judge(&request) {
        Ok(()) => next.run(request).await,
        Err((status, message)) => refuse(status, message),
    }
}

fn judge(request: &Request) -> Result<(), (StatusCode, &'static str)> {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let host =
        request.uri().authority().map(axum::http::uri::Authority::as_str).or_else(|| header(header::HOST));
    if !host.is_some_and(is_loopback) {
        return Err((
            StatusCode::MISDIRECTED_REQUEST,
            "This sandbox answers on this machine only: the request must name a loopback host, such as 127.0.0.1 or \
             localhost.",
        ));
    }
    let origin =
        header(header::ORIGIN).map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
    if origin.is_some_and(|origin| !is_loopback(origin)) {
        return Err((StatusCode::FORBIDDEN, "This sandbox does not answer web pages from elsewhere."));
    }
    Ok(())
}

fn refuse(status: StatusCode, message: &str) -> Response<Body> {
    let refused = Refused::new(message).status(status).unlogged();
    reply::json(status, reply::text(&refused.body("", 0)))
}

/// Whether `host`, with or without a port, is a name of this machine that no DNS server decides about.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_cannot_be_rebound_are_loopback() {
        for host in
            ["127.0.0.1:12120", "127.0.0.1", "localhost:80", "LocalHost", "[::1]:1", "vetty.localhost"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["example.com", "127.0.0.1.example.com", "10.0.0.1:80", "", "null", "localhost.example.com:80"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
