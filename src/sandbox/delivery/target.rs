//! Where a webhook goes, and whether it may. Sandbox only.
//!
//! Events speak of people, if only of invented ones, and a sandbox is started in a moment: unless it was told
//! otherwise, nothing leaves this machine. The rule is kept on addresses and not on names, so that no name server has
//! a say in it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use rustls::pki_types::ServerName;
use url::{Host, Url};

/// Why a URL is no target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It cannot be read as a URL with a host.
    #[error("it is not a URL such as http://127.0.0.1:4242/webhook")]
    NotAUrl,
    /// It is on another machine.
    #[error("it is not on this machine; --allow-remote-webhooks allows that")]
    Remote,
}

/// A URL that events are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Target {
    host: Host<String>,
    port: u16,
    /// Whether it is spoken to over TLS.
    pub(super) tls: bool,
    allow_remote: bool,
    /// The value of the `Host` header.
    pub(super) authority: String,
    /// Path and query.
    pub(super) path: String,
}

impl Target {
    /// Reads a URL. Hosts that are named are judged again when they have become addresses.
    pub(in crate::sandbox) fn parse(url: &str, allow_remote: bool) -> Result<Self, TargetError> {
        let url = Url::parse(url).map_err(|_| TargetError::NotAUrl)?;
        let host = url.host().ok_or(TargetError::NotAUrl)?.to_owned();
        let tls = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return Err(TargetError::NotAUrl),
        };
        let local = match &host {
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
            Host::Domain(name) => is_local_name(name),
        };
        if !local && !allow_remote {
            return Err(TargetError::Remote);
        }
        let port = url.port_or_known_default().unwrap_or(80);
        let authority = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        Ok(Self { host, port, tls, allow_remote, authority, path })
    }

    /// The name that its certificate has to be for.
    pub(super) fn server_name(&self) -> Option<ServerName<'static>> {
        match &self.host {
            Host::Ipv4(address) => Some(IpAddr::from(*address).into()),
            Host::Ipv6(address) => Some(IpAddr::from(*address).into()),
            Host::Domain(name) => ServerName::try_from(name.clone()).ok(),
        }
    }

    /// The addresses to try, in this order.
    pub(super) async fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        let ips: Vec<IpAddr> = match &self.host {
            Host::Ipv4(address) => vec![(*address).into()],
            Host::Ipv6(address) => vec![(*address).into()],
            Host::Domain(name) if is_local_name(name) => {
                vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
            }
            Host::Domain(name) => {
                tokio::net::lookup_host((name.as_str(), self.port)).await?.map(|found| found.ip()).collect()
            }
        };
        let allowed = ips.into_iter().filter(|ip| self.allow_remote || ip.is_loopback());
        Ok(allowed.map(|ip| SocketAddr::new(ip, self.port)).collect())
    }
}

/// A name that is this machine whatever a name server says.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_unless_told_otherwise() {
        for url in
            ["http://127.0.0.1:4242/a?b=1", "http://localhost", "http://[::1]:1/", "http://A.LOCALHOST./"]
        {
            assert!(Target::parse(url, false).is_ok(), "{url}");
        }
        let remote =
            ["http://example.com/", "http://10.0.0.1/", "http://0.0.0.0/", "http://localhost.example.com/"];
        for url in remote {
            assert_eq!(Target::parse(url, false), Err(TargetError::Remote), "{url}");
            assert!(Target::parse(url, true).is_ok(), "{url}");
        }
        for url in ["", "localhost:4242", "/webhook", "ftp://127.0.0.1/", "http://"] {
            assert_eq!(Target::parse(url, true), Err(TargetError::NotAUrl), "{url}");
        }
    }

    #[test]
    fn a_target_keeps_port_path_and_query() {
        let target = Target::parse("http://localhost:4242/a/b?c=d#e", false).expect("a target");
        assert_eq!((target.authority.as_str(), target.path.as_str()), ("localhost:4242", "/a/b?c=d"));
        assert!(!target.tls);
        let secure = Target::parse("https://localhost", false).expect("a target");
        assert_eq!((secure.tls, secure.port, secure.authority.as_str()), (true, 443, "localhost"));
        let plain = Target::parse("http://[::1]", false).expect("a target");
        assert_eq!((plain.authority.as_str(), plain.path.as_str(), plain.port), ("[::1]", "/", 80));
    }
}
