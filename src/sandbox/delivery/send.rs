//! One webhook over the wire: a POST to a target, and how it is answered. Sandbox only.

use std::io;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::target::{Target, TargetError};
use crate::tls;

/// How long a receiver may take for its whole answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// So much of an answer is read before the connection is closed; nothing in it matters but the status.
const LARGEST_ANSWER: usize = 64 * 1024;

pub(super) const CONTENT_TYPE: &str = "application/json; charset=utf-8";
pub(super) const USER_AGENT: &str = "Stripe/1.0 (+https://stripe.com/docs/webhooks)";
pub(super) const ACCEPT: &str = "*/*; q=0.5, application/xml";

/// Why an event did not arrive. The texts stand in the delivery log.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    /// It is not allowed, or not possible, to send there; trying again does not help.
    #[error("not sent: {0}")]
    Target(#[from] TargetError),
    /// Nothing to send: the event is gone, or cannot be signed.
    #[error("not sent: {0}")]
    Nothing(&'static str),
    /// The name leads to no address that is allowed.
    #[error("the host has no address that events may go to")]
    NoAddress,
    /// Nobody answers there.
    #[error("no connection: {0}")]
    Connect(#[from] io::Error),
    /// No TLS, or a certificate that this machine does not trust.
    #[error("no TLS: {0}")]
    Tls(io::Error),
    /// This machine's certificates cannot be read.
    #[error("no TLS: {0}")]
    Certificates(#[source] rustls::Error),
    /// The exchange broke off.
    #[error("the exchange failed: {0}")]
    Http(#[from] hyper::Error),
    /// The request cannot be written.
    #[error("the request cannot be made: {0}")]
    Request(#[from] hyper::http::Error),
    /// It took too long.
    #[error("no answer within {} seconds", PATIENCE.as_secs())]
    Late,
}

impl SendError {
    /// Whether another try may go better.
    pub(super) const fn is_passing(&self) -> bool {
        !matches!(self, Self::Target(_) | Self::Nothing(_))
    }
}

/// Posts `body` and returns the HTTP status of the answer. Redirects are answers like any other: nobody follows them.
pub(super) async fn post(target: &Target, signature: String, body: String) -> Result<u16, SendError> {
    tokio::time::timeout(PATIENCE, exchange(target, signature, body)).await.unwrap_or(Err(SendError::Late))
}

async fn exchange(target: &Target, signature: String, body: String) -> Result<u16, SendError> {
    let addresses = target.addresses().await?;
    if addresses.is_empty() {
        return Err(SendError::NoAddress);
    }
    let stream = TcpStream::connect(addresses.as_slice()).await?;
    if target.tls {
        let name = target.server_name().ok_or(TargetError::NotAUrl)?;
        let stream = connector()?.connect(name, stream).await.map_err(SendError::Tls)?;
        speak(stream, target, signature, body).await
    } else {
        speak(stream, target, signature, body).await
    }
}

/// Speaks TLS with what this machine trusts; made when it is needed first.
fn connector() -> Result<TlsConnector, SendError> {
    static CONFIG: LazyLock<Result<Arc<ClientConfig>, rustls::Error>> =
        LazyLock::new(|| tls::trusting_this_machine().map(Arc::new));
    CONFIG.clone().map(TlsConnector::from).map_err(SendError::Certificates)
}

async fn speak<S>(stream: S, target: &Target, signature: String, body: String) -> Result<u16, SendError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::post(target.path.as_str())
        .header(header::HOST, target.authority.as_str())
        .header(header::CONTENT_TYPE, CONTENT_TYPE)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, ACCEPT)
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::CONNECTION, "close")
        .header("Stripe-Signature", signature)
        .body(Full::new(Bytes::from(body)))?;
    let answer = async move {
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        // The rest is read out of politeness; the status has been said.
        drop(Limited::new(response.into_body(), LARGEST_ANSWER).collect().await);
        Ok(status)
    };
    tokio::pin!(answer, connection);
    tokio::select! {
        answered = &mut answer => answered,
        ended = &mut connection => {
            // What the connection has brought is still to be taken.
            match (answer.await, ended) {
                (Err(_), Err(broken)) => Err(broken.into()),
                (answered, _) => answered,
            }
        }
    }
}
