//! A local webhook receiver: answers as it is told, and hands over what it was sent. It knows nothing of the
//! product, and computes HMAC-SHA256 from its definition.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// How long signatures are good for, as the official libraries have it: 300 seconds.
const TOLERANCE: u64 = 300;

pub(crate) struct Receiver {
    port: u16,
    received: tokio::sync::Mutex<mpsc::UnboundedReceiver<Received>>,
    waiting: Arc<Mutex<VecDeque<u16>>>,
}

/// A request as it came over the wire.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Receiver {
    /// One that answers 200.
    pub(crate) async fn open() -> Self {
        Self::answering(&[]).await
    }

    /// One that answers with these statuses first, and then with 200.
    pub(crate) async fn answering(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let waiting = Arc::new(Mutex::new(statuses.iter().copied().collect::<VecDeque<_>>()));
        let (sender, received) = mpsc::unbounded_channel();
        let statuses = Arc::clone(&waiting);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let status = statuses.lock().expect("nobody panicked").pop_front().unwrap_or(200);
                let Some(request) = answer(stream, status).await else { continue };
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { port, received: tokio::sync::Mutex::new(received), waiting }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next request; waits for it.
    pub(crate) async fn next(&self) -> Received {
        self.received.lock().await.recv().await.expect("the receiver runs")
    }

    /// How many of the statuses are still to be answered with.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.lock().expect("nobody panicked").len()
    }
}

async fn answer(mut stream: TcpStream, status: u16) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).expect("a readable head");
    let mut lines = head.lines();
    let mut request_line = lines.next()?.split(' ');
    assert_eq!(request_line.next(), Some("POST"));
    let path = request_line.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").expect("a length").1.parse().ok()?;
    let mut body = bytes.split_off(head_end);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    let place = if (300..400).contains(&status) { "location: /elsewhere\r\n" } else { "" };
    let reply = format!("HTTP/1.1 {status} Said\r\n{place}content-length: 2\r\n\r\nok");
    stream.write_all(reply.as_bytes()).await.ok()?;
    Some(Received { path, headers, body: String::from_utf8(body).expect("a readable body") })
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("an event")
    }

    /// Fails unless `Stripe-Signature` is made with `secret`, and lately.
    pub(crate) fn verify(&self, secret: &str) {
        verify(self.header("stripe-signature").expect("a signature"), &self.body, secret);
    }
}

/// Fails unless `signature` of `body` is made with `secret`, and lately.
pub(crate) fn verify(signature: &str, body: &str, secret: &str) {
    let part = |name: &str| {
        signature.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).expect("a part")
    };
    let time = part("t");
    let expected = hmac(secret.as_bytes(), format!("{time}.{body}").as_bytes());
    assert_eq!(part("v1"), expected, "{signature}");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    let age = now.as_secs().abs_diff(time.parse().expect("a time"));
    assert!(age <= TOLERANCE, "{age}");
}

/// HMAC-SHA256 as RFC 2104 defines it, in hexadecimal digits.
fn hmac(key: &[u8], message: &[u8]) -> String {
    assert!(key.len() <= 64, "longer keys are hashed first");
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    let outer = Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize();
    outer.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
