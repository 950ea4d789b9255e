//! A sandbox in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A `vetty sandbox`. Dropping it ends the process.
pub(crate) struct SandboxProcess {
    child: Child,
    pub(crate) base: String,
    pub(crate) key: String,
}

impl SandboxProcess {
    /// Starts one on a free port, and waits until it is ready.
    pub(crate) fn start<'a>(args: impl IntoIterator<Item = &'a str>) -> Self {
        let mut command = Self::command();
        command.args(args);
        Self::spawn(command)
    }

    /// What starts one, for tests that have something to add.
    pub(crate) fn command() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vetty"));
        command.args(ARGS);
        command
    }

    /// Starts `command`, and waits until the sandbox is ready.
    pub(crate) fn spawn(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |name: &str| ready[name].as_str().expect("a text").to_owned();
        Self { child, base: text("api_base"), key: text("secret_key") }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by name: `TERM`, `KILL`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Waits for its end, and gives its exit code.
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

/// How a sandbox is started that gets in nobody's way.
pub(crate) const ARGS: [&str; 3] = ["sandbox", "--listen", "127.0.0.1:0"];

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
