//! Plain HTTP for what the SDK has no word for: the sandbox's controls, pictures, and a receiver of webhooks.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Asks a server on this machine once, and returns the status line and the body.
pub fn ask(method: &str, url: &str, key: Option<&str>, body: &str) -> (String, Vec<u8>) {
    let rest = url.strip_prefix("http://").expect("plain http");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let key = key.map(|key| format!("Authorization: Bearer {key}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!("{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{key}");
    let mut stream = TcpStream::connect(host).expect("the sandbox is there");
    write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").expect("it listens");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
    let status = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
    (status, answer.split_off(end))
}

/// A receiver of webhooks that answers 200.
pub struct Webhooks {
    /// Where it listens.
    pub url: String,
    received: Receiver<(String, String)>,
}

impl Webhooks {
    /// Listens on a free port.
    pub fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/webhook", listener.local_addr().expect("an address"));
        let (send, received) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(webhook) = receive(stream) else { continue };
                if send.send(webhook).is_err() {
                    return;
                }
            }
        });
        Self { url, received }
    }

    /// The next body and its signature.
    pub fn next(&self) -> Option<(String, String)> {
        self.received.recv_timeout(Duration::from_secs(60)).ok()
    }
}

fn receive(mut stream: TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut length, mut signature) = (0, String::new());
    for line in reader.by_ref().lines() {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(": ") else {
            if line.is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "stripe-signature" => value.clone_into(&mut signature),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()?;
    Some((String::from_utf8(body).ok()?, signature))
}
