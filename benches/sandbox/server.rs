//! The sandbox under load: a process of its own, started on a database file and stopped at the end.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::http::values;

pub(crate) struct Server {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
    pub(crate) key: String,
    pub(crate) sessions: u64,
    /// How long it took until it was ready.
    pub(crate) started_in: Duration,
    /// What it logs, line by line.
    pub(crate) log: Receiver<String>,
}

impl Server {
    /// Starts `vetty sandbox` and waits until it is ready.
    pub(crate) fn start(binary: &Path, database: &str, people: u64) -> Result<Self, Box<dyn Error>> {
        let started = Instant::now();
        let mut child = Command::new(binary)
            .args(["sandbox", "--listen", "127.0.0.1:0", "--redaction-seconds", "0"])
            .args(["--people", &people.to_string(), "--database", database])
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
        let started_in = started.elapsed();
        let (sender, log) = channel();
        let errors = BufReader::new(child.stderr.take().ok_or("no pipe")?);
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        // One line of JSON becomes many.
        let laid_out = line.replace(':', ": ").replace(": //", "://").replace([',', '{', '}'], "\n");
        let text = |name: &str| values(&laid_out, name).next().map(str::to_owned);
        let Some((key, base)) = text("secret_key").zip(text("api_base")) else {
            child.kill()?;
            let said: Vec<String> = log.iter().collect();
            return Err(format!("the sandbox does not start: {line}{}", said.join("\n")).into());
        };
        let address = base.replace("http://", "").replace(": ", ":");
        let sessions = text("sessions").and_then(|count| count.parse().ok()).unwrap_or_default();
        Ok(Self { child, address, key, sessions, started_in, log })
    }

    /// Megabytes of memory that it takes, where the system tells (Linux).
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
    }

    /// Stops it in order; returns how long that took.
    pub(crate) fn stop(mut self) -> Result<Duration, Box<dyn Error>> {
        let asked = Instant::now();
        let signalled = Command::new("kill").arg(self.child.id().to_string()).status();
        if !signalled.is_ok_and(|status| status.success()) {
            self.child.kill()?;
        }
        self.child.wait()?;
        Ok(asked.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already when it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
