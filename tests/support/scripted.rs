//! A server that answers whatever a test wants, as no sandbox would.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

/// The request lines that came.
type Seen = Arc<(Mutex<Vec<String>>, Condvar)>;

/// The server.
pub(crate) struct ScriptedApi {
    pub(crate) base: String,
    seen: Seen,
}

impl ScriptedApi {
    /// Answers each request, by its line and body, with the bytes that `answer` gives.
    pub(crate) fn start(answer: impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (seen, answer) = (Seen::default(), Arc::new(answer));
        let noting = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (Arc::clone(&noting), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &seen, &*answer));
            }
        });
        Self { base, seen }
    }

    /// A whole reply in JSON.
    pub(crate) fn reply(status: &str, body: &str) -> Vec<u8> {
        Self::reply_with(status, "Request-Id: req_x\r\n", body)
    }

    /// A whole reply in JSON, with these headers too.
    pub(crate) fn reply_with(status: &str, headers: &str, body: &str) -> Vec<u8> {
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n{headers}\r\n{body}"
        )
        .into_bytes()
    }

    /// Waits for a request that begins so.
    pub(crate) fn wait_for(&self, start: &str) {
        let (seen, came) = &*self.seen;
        let seen = seen.lock().expect("nobody panicked");
        drop(
            came.wait_while(seen, |seen| !seen.iter().any(|line| line.starts_with(start)))
                .expect("nobody panicked"),
        );
    }

    /// How many requests began so.
    pub(crate) fn count(&self, start: &str) -> usize {
        self.seen.0.lock().expect("nobody panicked").iter().filter(|line| line.starts_with(start)).count()
    }
}

fn serve(stream: TcpStream, seen: &Seen, answer: &dyn Fn(&str, &str) -> Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).expect("a request line");
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).expect("a header");
        match header.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().expect("a length");
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    seen.0.lock().expect("nobody panicked").push(line.clone());
    seen.1.notify_all();
    let reply = answer(&line, &String::from_utf8_lossy(&body));
    // The program may have been killed meanwhile.
    let _ = reader.get_mut().write_all(&reply);
}
