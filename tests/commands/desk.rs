//! A sandbox in a process of its own, a home, and the binary that works with both.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a run of the binary left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Standard output of a run that did what it was asked, without a word on standard error.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        self.out
    }

    /// Standard error of a run that ended with `code` and printed nothing.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.err);
        self.err
    }

    /// The objects of `--format jsonl`.
    #[track_caller]
    pub(crate) fn objects(self) -> Vec<Value> {
        self.done().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

/// A home, an address, and nothing of the caller's environment.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    pub(crate) env: Vec<(String, String)>,
}

impl Home {
    pub(crate) fn new(api_base: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, env: vec![("VETTY_API_BASE".into(), api_base.into())] }
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vetty"));
        command.args(args).env_clear().env("HOME", self.folder.path()).env("USER", "ann");
        command.env("XDG_STATE_HOME", self.state()).env("XDG_CONFIG_HOME", self.folder.path().join("config"));
        command.envs(self.env.iter().cloned()).current_dir(self.folder.path());
        command
    }

    /// Where the state folder is made.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    /// Runs the binary with `input` on standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        // Whoever refuses its arguments does not read.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The lines of the audit.
    pub(crate) fn audit(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.state().join("vetty/audit.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("a line of the audit")).collect()
    }

    /// The jobs that are left in the outbox.
    pub(crate) fn outbox(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.state().join("vetty/outbox")) else { return Vec::new() };
        let files = files.map(|file| file.expect("a file").path());
        let jobs = files.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
        jobs.map(|path| fs::read_to_string(path).expect("text")).collect()
    }
}

/// A sandbox, and a home that knows it.
pub(crate) struct Desk {
    sandbox: Child,
    pub(crate) home: Home,
    pub(crate) base: String,
}

impl Desk {
    /// A sandbox with so many invented people.
    pub(crate) fn with_people(people: usize) -> Self {
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_vetty"))
            .args(["sandbox", "--listen", "127.0.0.1:0", "--people", &people.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let stdout = sandbox.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let base = ready["api_base"].as_str().expect("an address").to_owned();
        Self { sandbox, home: Home::new(&base), base }
    }

    pub(crate) fn empty() -> Self {
        Self::with_people(0)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.home.run(args)
    }

    /// Creates a session, and gives its id.
    pub(crate) fn create(&self, args: &[&str]) -> String {
        let fixed = ["sessions", "create", "--type", "document", "--format", "jsonl"];
        let objects = self.run(&[&fixed[..], args].concat()).objects();
        objects[0]["id"].as_str().expect("an id").to_owned()
    }

    /// Creates a session and lets its person submit it.
    pub(crate) fn submitted(&self, outcome: &str) -> String {
        let id = self.create(&[]);
        let body = format!("{{\"outcome\":\"{outcome}\",\"delay_seconds\":0}}");
        self.post(&format!("/_vetty/verification_sessions/{id}/submit"), &body);
        id
    }

    /// Uses a control of the sandbox.
    pub(crate) fn post(&self, path: &str, body: &str) {
        let host = self.base.strip_prefix("http://").expect("plain http");
        let mut stream = std::net::TcpStream::connect(host).expect("a connection");
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut status = String::new();
        BufReader::new(stream).read_line(&mut status).expect("a reply");
        assert!(status.contains(" 200 "), "{path}: {status}");
    }

    /// One session as the API has it now.
    pub(crate) fn session(&self, id: &str) -> Value {
        self.run(&["sessions", "get", id, "--format", "jsonl"]).objects().remove(0)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

/// The last four characters.
pub(crate) fn last_four(id: &str) -> &str {
    &id[id.len() - 4..]
}
