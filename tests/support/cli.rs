//! [`CliEnv`]: the real binary without a screen, in a home of its own and with nothing of the caller's environment.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::http::BlockingClient;
use super::process::SandboxProcess;

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

/// A home, what the binary finds in its environment, and the sandbox that it asks, if there is one.
pub(crate) struct CliEnv {
    folder: TempDir,
    env: Vec<(String, String)>,
    pub(crate) base: String,
    sandbox: Option<SandboxProcess>,
}

impl CliEnv {
    /// A home where nothing is set up.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, env: Vec::new(), base: String::new(), sandbox: None }
    }

    /// A home of somebody who has no API.
    pub(crate) fn keyless() -> Self {
        let bare = Self::bare();
        let [state, config] =
            [bare.state(), bare.home().join("config")].map(|path| path.display().to_string());
        bare.env("USER", "ann").env("XDG_STATE_HOME", &state).env("XDG_CONFIG_HOME", &config)
    }

    /// A home that knows this address.
    pub(crate) fn at(api_base: &str) -> Self {
        let env = Self::keyless().env("VETTY_API_BASE", api_base);
        Self { base: api_base.to_owned(), ..env }
    }

    /// A home that knows a sandbox with so many invented people.
    pub(crate) fn with_people(people: usize) -> Self {
        let sandbox = SandboxProcess::start(["--people", &people.to_string()]);
        let env = Self::at(&sandbox.base);
        Self { sandbox: Some(sandbox), ..env }
    }

    /// A home that knows an empty sandbox.
    pub(crate) fn empty() -> Self {
        Self::with_people(0)
    }

    /// Sets one variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The home folder, which is the current one too.
    pub(crate) fn home(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below the home.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.home().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    /// The binary, ready to start.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vetty"));
        command.args(args).env_clear().env("HOME", self.home());
        command.envs(self.env.iter().cloned()).current_dir(self.home());
        command
    }

    /// Where the state folder is made.
    pub(crate) fn state(&self) -> PathBuf {
        self.home().join("state")
    }

    /// Runs the binary.
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
    fn post(&self, path: &str, body: &str) {
        let url = format!("{}{path}", self.base);
        BlockingClient::new().send(|http| http.post(url).body(body.to_owned())).ok();
    }

    /// One session as the API has it now.
    pub(crate) fn session(&self, id: &str) -> Value {
        self.run(&["sessions", "get", id, "--format", "jsonl"]).objects().remove(0)
    }
}

/// The last four characters.
pub(crate) fn last_four(id: &str) -> &str {
    &id[id.len() - 4..]
}
