//! One connection that is kept open, and one request after the other on it. As little as a load needs: the less the
//! client costs, the truer the figures of the server.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Nothing measured here takes longer.
const PATIENCE: Duration = Duration::from_mins(2);

/// A request, ready to be sent.
pub(crate) type Request = Vec<u8>;

/// A `GET` of `path`.
pub(crate) fn get(path: &str, key: &str) -> Request {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n\r\n").into_bytes()
}

/// A `POST` of a form, or of JSON for the sandbox's controls.
pub(crate) fn post(path: &str, key: &str, idempotency_key: Option<&str>, body: &str) -> Request {
    let kind =
        if path.starts_with("/v1/") { "application/x-www-form-urlencoded" } else { "application/json" };
    let mut text = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\ncontent-type: {kind}\r\n\
         content-length: {}\r\n",
        body.len()
    );
    if let Some(key) = idempotency_key {
        // Writing into a text never fails.
        let _ = write!(text, "idempotency-key: {key}\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// A connection to the sandbox.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Reply<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a str,
}

impl Wire {
    pub(crate) fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::with_capacity(1 << 18) })
    }

    /// Sends a request and reads its whole reply.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Reply<'_>, Box<dyn Error>> {
        self.stream.write_all(request)?;
        self.buffer.clear();
        let head = loop {
            self.more()?;
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head])?;
        let status = text.split(' ').nth(1).ok_or("no status")?.parse()?;
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let end = head + length.ok_or("a reply without a length")?.parse::<usize>()?;
        while self.buffer.len() < end {
            self.more()?;
        }
        Ok(Reply { status, body: std::str::from_utf8(&self.buffer[head..end])? })
    }

    /// As [`Wire::ask`], and takes nothing but success.
    pub(crate) fn succeed(&mut self, request: &[u8]) -> Result<&str, Box<dyn Error>> {
        let reply = self.ask(request)?;
        if reply.status == 200 {
            Ok(reply.body)
        } else {
            let asked = String::from_utf8_lossy(request);
            let line = asked.lines().next().unwrap_or_default();
            Err(format!("{line} was answered with {}: {}", reply.status, reply.body).into())
        }
    }

    fn more(&mut self) -> io::Result<()> {
        let there = self.buffer.len();
        self.buffer.resize(there + (1 << 16), 0);
        let came = self.stream.read(&mut self.buffer[there..])?;
        self.buffer.truncate(there + came);
        if came == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// Where `wanted` begins in `bytes`.
pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == wanted[0]) {
        let at = from + at;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// The values of `"name": "…"` in a reply that is laid out line by line.
pub(crate) fn values<'a>(body: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let begins = format!("\"{name}\": ");
    body.lines().filter_map(move |line| {
        let value = line.trim_start().strip_prefix(&begins)?.trim_end_matches(',');
        (value != "null").then(|| value.trim_matches('"'))
    })
}
