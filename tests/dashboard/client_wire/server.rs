//! A server that knows no HTTP: it keeps the bytes of each request and plays the next line of a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vetty::client::{ApiBase, Client, ClientSettings, Sleeper};
use vetty::privacy::Secret;

/// A key as the tests send it.
pub(crate) use crate::support::echo::KEY;

/// One line of the script.
pub(crate) enum Play {
    /// These bytes, and the end of the connection.
    Bytes(Vec<u8>),
    /// Nothing, and the connection stays open.
    Hang,
}

impl Play {
    /// A whole reply with a body of the given type.
    pub(crate) fn reply(status: &str, headers: &str, content_type: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n{headers}\r\n"
        );
        Self::Bytes([head.as_bytes(), body].concat())
    }

    /// A whole JSON reply.
    pub(crate) fn json(status: &str, headers: &str, body: &str) -> Self {
        Self::reply(status, headers, "application/json", body.as_bytes())
    }

    /// 200 and `body`.
    pub(crate) fn ok(body: &str) -> Self {
        Self::json("200 OK", "Request-Id: req_ok\r\n", body)
    }
}

/// What the client sent.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// `GET /v1/… HTTP/1.1`
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: String,
}

impl Seen {
    fn new(raw: &str) -> Self {
        let (head, body) = raw.split_once("\r\n\r\n").expect("an end of the headers");
        let mut lines = head.split("\r\n");
        let line = lines.next().expect("a request line").to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Self { line, headers, body: body.to_owned() }
    }

    /// The value of a header, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The server.
pub(crate) struct Server {
    /// Its port on loopback.
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    slept: Arc<Mutex<Vec<Duration>>>,
}

impl Server {
    /// Listens on a free port and plays `script`, one line for each connection, then cuts every further one.
    pub(crate) async fn start(script: impl IntoIterator<Item = Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let mut script: VecDeque<Play> = script.into_iter().collect();
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(request) = read_request(&mut stream).await else { continue };
                log.lock().expect("the log").push(request);
                match script.pop_front() {
                    Some(Play::Bytes(bytes)) => {
                        // A client that has read enough may be gone.
                        let _ = stream.write_all(&bytes).await;
                        let _ = stream.shutdown().await;
                    }
                    Some(Play::Hang) => open.push(stream),
                    None => {}
                }
            }
        });
        Self { port, seen, slept: Arc::default() }
    }

    /// `127.0.0.1:PORT`
    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What arrived so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("the log").clone()
    }

    /// What clients of this server would have slept so far.
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().expect("the list").clone()
    }

    /// Settings under which nobody really sleeps.
    pub(crate) fn settings(&self) -> ClientSettings {
        let slept = Arc::clone(&self.slept);
        let sleeper = Sleeper::new(move |time| {
            slept.lock().expect("the list").push(time);
            std::future::ready(())
        });
        ClientSettings { sleeper, ..ClientSettings::default() }
    }

    /// A client of this server.
    pub(crate) fn client(&self) -> Client {
        self.client_with(self.settings())
    }

    /// A client of this server with other settings.
    pub(crate) fn client_with(&self, settings: ClientSettings) -> Client {
        let base = ApiBase::parse(&format!("http://{}/", self.host()), "a test").expect("a base");
        Client::new(base, Secret::new(KEY.into()), settings).expect("a client")
    }
}

/// Reads one request up to the end of its body; `None` when the client leaves before.
async fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut raw = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&raw);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .to_ascii_lowercase()
                .split("\r\n")
                .find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned))
                .map_or(0, |length| length.parse().expect("a length"));
            if body.len() >= length {
                return Some(Seen::new(&text));
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(count @ 1..) => raw.extend_from_slice(&part[..count]),
            _ => return None,
        }
    }
}
