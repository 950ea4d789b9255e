//! Webhooks over https: the certificate has to be one that this machine trusts. On Linux a test can say which those are.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use reqwest::Client;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::http::{plain_client, send};
use crate::support::process::SandboxProcess;
use crate::support::server::SESSIONS;

const CERTIFICATE: &[u8] = include_bytes!("certificate.pem");
/// Of a certificate that nobody but this test trusts.
const KEY: &[u8] = include_bytes!("key.pem");

/// Starts a sandbox that trusts `trusted` only and forwards to `target`.
fn start(trusted: &Path, target: &str) -> SandboxProcess {
    let mut command = SandboxProcess::command();
    command.args(["--people", "0", "--database", "memory:", "--forward-to", target]);
    command.env("SSL_CERT_FILE", trusted).env_remove("SSL_CERT_DIR");
    SandboxProcess::spawn(command)
}

async fn create_session(http: &Client, sandbox: &SandboxProcess) {
    let url = format!("{}{SESSIONS}", sandbox.base);
    send(http.post(url).bearer_auth(&sandbox.key).body("type=document")).await.ok();
}

/// Waits until the newest delivery was tried, and returns its log.
async fn tried(http: &Client, sandbox: &SandboxProcess) -> Value {
    loop {
        let newest =
            send(http.get(format!("{}/_vetty/deliveries", sandbox.base))).await.ok()["deliveries"][0].take();
        if newest["tries"].as_i64().is_some_and(|tries| tries > 0) {
            return newest;
        }
        tokio::task::yield_now().await;
    }
}

/// Takes webhooks over TLS, answers 200, and hands over the heads of what was sent.
async fn receiver() -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a pair");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (send, received) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Whoever does not trust the certificate hangs up here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut read = Vec::new();
            while !read.windows(4).any(|window| window == b"\r\n\r\n") {
                if stream.read_buf(&mut read).await.is_ok_and(|read| read == 0) {
                    break;
                }
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            if stream.write_all(answer).await.is_err()
                || send.send(String::from_utf8_lossy(&read).into()).is_err()
            {
                return;
            }
        }
    });
    (address, received)
}

#[tokio::test]
async fn webhooks_go_to_https_where_the_certificate_is_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, CERTIFICATE).expect("it is written");
    let (address, mut received) = receiver().await;
    let http = plain_client();
    for host in ["localhost", "127.0.0.1"] {
        let sandbox = start(&trusted, &format!("https://{host}:{}/hook", address.port()));
        create_session(&http, &sandbox).await;
        let head = received.recv().await.expect("a webhook");
        assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
        assert!(head.to_ascii_lowercase().contains("stripe-signature: t="), "{head}");
        let tried = tried(&http, &sandbox).await;
        assert_eq!(
            (&tried["state"], &tried["log"][0]["status"]),
            (&"succeeded".into(), &200.into()),
            "{tried}"
        );
    }
}

#[tokio::test]
async fn nothing_is_sent_where_the_certificate_is_not_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let nobody = folder.path().join("nobody.pem");
    std::fs::write(&nobody, "").expect("it is written");
    let (address, mut received) = receiver().await;
    let http = plain_client();
    let sandbox = start(&nobody, &format!("https://localhost:{}/hook", address.port()));
    create_session(&http, &sandbox).await;
    let tried = tried(&http, &sandbox).await;
    let error = tried["log"][0]["error"].as_str().expect("an error");
    assert!(error.starts_with("no TLS: ") && tried["state"] == "pending", "{tried}");
    assert!(received.try_recv().is_err(), "nothing was said");
}
