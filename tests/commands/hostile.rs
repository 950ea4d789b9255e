//! Answers that mean harm, and what they look like in the end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use serde_json::{Value, json};

use crate::desk::{Desk, Home};

/// The request lines that came.
type Seen = Arc<(Mutex<Vec<String>>, Condvar)>;

/// A server that answers whatever a test wants.
pub(crate) struct Server {
    pub(crate) base: String,
    seen: Seen,
}

impl Server {
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
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nRequest-Id: req_x\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
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

/// A session in which every text is hostile, as JSON that no serializer would write.
fn hostile_session() -> String {
    let text = r"\u001b]52;c;aGk=\u0007\u001b[2J\u202eexe\n\r\t\u200b\ud800|=cmd()";
    let long = "x".repeat(100 * 1024);
    format!(
        r#"{{"id":"vs_1evil","object":"identity.verification_session","created":1772366400,"livemode":false,
        "status":"requires_input{text}","type":"document{text}","client_reference_id":"={text}",
        "last_error":{{"code":"abandoned{text}","reason":"{text}"}},"related_customer":"cus_{text}",
        "metadata":{{"{text}":"{text}","long":"{long}"}},"url":"https://example.com/{text}",
        "client_secret":"vs_1evil_secret_x",
        "verified_outputs":{{"first_name":"+{text}","last_name":"{text}","phone":"+1415555{text}0132"}}}}"#
    )
}

fn hostile_server() -> Server {
    Server::start(|line, _| {
        if line.contains("verification_sessions?") || line.contains("verification_sessions HTTP") {
            let body = format!(r#"{{"object":"list","has_more":false,"data":[{}]}}"#, hostile_session());
            return Server::reply("200 OK", &body);
        }
        if line.contains("/_vetty/") {
            return Server::reply("404 Not Found", "{}");
        }
        if line.contains("refused") {
            let message = r"no\u001b]0;owned\u0007\u202e\n way";
            let body = format!(r#"{{"error":{{"type":"invalid_request_error","message":"{message}"}}}}"#);
            return Server::reply("400 Bad Request", &body);
        }
        Server::reply("200 OK", &hostile_session())
    })
}

/// Nothing that a terminal obeys, that turns the reading direction, or that cannot be seen.
#[track_caller]
fn assert_harmless(text: &str) {
    let found = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(found, None, "{:?}", &text[..text.len().min(2000)]);
}

#[test]
fn hostile_text_is_marks_in_every_format() {
    let server = hostile_server();
    let home = Home::new(&server.base);
    for format in ["table", "json", "jsonl", "csv"] {
        for sight in [&[][..], &["--reveal"]] {
            for command in [&["sessions", "list"][..], &["sessions", "get", "vs_1evil"]] {
                let run = home.run(&[command, &["--format", format], sight].concat());
                let text = run.done();
                assert_harmless(&text);
                assert!(text.contains("␛]52;c;aGk=␇") && text.contains("<U+202E>"), "{format}");
                assert!(!text.contains("secret"), "{format}");
            }
        }
    }
}

#[test]
fn hostile_lines_stay_one_line_and_cells_no_formula() {
    let server = hostile_server();
    let home = Home::new(&server.base);
    let table = home.run(&["sessions", "list"]).done();
    assert_eq!(table.lines().count(), 2, "{table}");
    let jsonl = home.run(&["sessions", "get", "vs_1evil", "--format", "jsonl"]).objects();
    assert_eq!(jsonl[0]["metadata"]["long"].as_str().map(str::len), Some(100 * 1024), "nothing is cut");
    let csv = home.run(&["sessions", "get", "vs_1evil", "--format", "csv", "--reveal"]).done();
    assert_eq!(csv.lines().count(), 2);
    let line = csv.lines().nth(1).expect("a line");
    for guarded in ["'=␛", "'+␛", "'+1415555␛"] {
        assert!(line.contains(guarded), "{guarded}: {}", &line[..500]);
    }
    assert!(!line.contains(",=") && !line.contains(",+") && !line.contains("\"="), "{}", &line[..500]);
}

#[test]
fn hostile_errors_links_and_ids_are_harmless() {
    let server = hostile_server();
    let home = Home::new(&server.base);
    let error = home.run(&["sessions", "get", "vs_refused"]).fails(1);
    assert_harmless(&error);
    assert!(error.contains("no␛]0;owned␇<U+202E>␊ way") && error.contains("(request req_x)"), "{error}");
    let error = home.run(&["sessions", "url", "vs_1evil"]).fails(3);
    assert_harmless(&error);
    assert!(error.contains("holds characters that no link has"), "{error}");
    let run = home.run_with(&["sessions", "get", "-"], "vs_\u{1b}]52;c;aGk=\u{7}\n");
    let error = run.fails(2);
    assert_harmless(&error);
    let args = ["sessions", "cancel", "vs_1", "--yes", "--reason", "a\u{1b}[2J\u{202e}"];
    assert_harmless(&home.run(&args).fails(2));
    assert_harmless(&home.run(&["sessions", "list", "--columns", "\u{1b}[2J"]).fails(2));
}

#[test]
fn what_the_sandbox_keeps_is_harmless_too() {
    let desk = Desk::empty();
    let hostile = "=1\u{1b}]52;c;aGk=\u{7}\u{202e}\n2";
    let id = desk.create(&["--metadata", &format!("k={hostile}"), "--client-reference-id", "@SUM(1)"]);
    let shown = desk.session(&id);
    assert_eq!(shown["metadata"], json!({ "k": "=1␛]52;c;aGk=␇<U+202E>␊2" }));
    let csv = ["sessions", "get", &id, "--format", "csv", "--columns", "client_reference_id,metadata.k"];
    let csv = desk.run(&csv).done();
    assert!(csv.ends_with("\n'@SUM(1),'=1␛]52;c;aGk=␇<U+202E>␊2\n"), "{csv}");
    let table = desk.run(&["sessions", "list"]).done();
    assert_harmless(&table);
    let _: Value =
        serde_json::from_str(&desk.run(&["sessions", "list", "--format", "json"]).done()).expect("JSON");
}
