//! Standard streams that are closed, full, or read by nobody: a word and an exit code at most, never a panic.

use std::io::{BufRead as _, BufReader, PipeWriter};
use std::process::{Command, Stdio};

use crate::support::cli::CliEnv;
use crate::support::http::BlockingClient;
use crate::support::process::{ARGS, SandboxProcess};
use crate::support::screen::{Options, Screen};

const COMMANDS: [&[&str]; 12] = [
    &[],
    &["--help"],
    &["--version"],
    &["--nonsense"],
    &["sessions", "list"],
    &["sessions", "list", "--all", "--format", "jsonl"],
    &["sessions", "get", "vs_nothing"],
    &["audit", "show"],
    &["audit", "verify"],
    &["doctor"],
    &["completions", "bash"],
    &["schema"],
];

/// Redirections of a shell, done to the binary.
const REDIRECTIONS: [&str; 8] =
    ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full", ">/dev/full 2>/dev/full"];

/// A pipe that nobody reads any more.
fn unread() -> PipeWriter {
    std::io::pipe().expect("a pipe").1
}

/// The exit codes of the manual are the only ways to end.
#[track_caller]
fn assert_orderly(mut command: Command, what: &str) {
    let status = command.status().expect("it starts");
    assert!(status.code().is_some_and(|code| code <= 3), "{what}: {status}");
}

#[test]
fn no_stream_makes_it_panic() {
    let cli = CliEnv::with_people(40);
    for args in COMMANDS {
        for redirection in REDIRECTIONS {
            let inner = cli.command(args);
            let mut command = Command::new("sh");
            command.args(["-c", &format!("exec \"$0\" \"$@\" {redirection}")]).arg(inner.get_program());
            command.args(args).env_clear().current_dir(cli.home());
            command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            assert_orderly(command, &format!("{args:?} {redirection}"));
        }
        for (out, err) in [(true, false), (false, true), (true, true)] {
            let stream = |is_unread| if is_unread { unread().into() } else { Stdio::null() };
            let mut command = cli.command(args);
            command.stdin(Stdio::null()).stdout(stream(out)).stderr(stream(err));
            assert_orderly(command, &format!("{args:?}, nobody reads {out} {err}"));
        }
    }
}

#[test]
fn a_sandbox_serves_on_though_nobody_reads_its_log() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vetty"));
    command.args(ARGS).args(["--people", "0"]).env("RUST_LOG", "trace");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(unread());
    let mut child = command.spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let ready: serde_json::Value = serde_json::from_str(&line).expect("it is ready");
    let base = ready["api_base"].as_str().expect("an address");
    let url = format!("{base}/v1/identity/verification_sessions");
    let key = ready["secret_key"].as_str().expect("a key").to_owned();
    let list = BlockingClient::new().send(|http| http.get(url).bearer_auth(key)).ok();
    assert_eq!(list["object"], "list");
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(sent.expect("kill is there").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn an_absurd_width_costs_nothing() {
    let sandbox = SandboxProcess::start(["--people", "40"]);
    let cli = CliEnv::at(&sandbox.base).env("COLUMNS", "65535");
    let usual = CliEnv::at(&sandbox.base).run(&["sessions", "list"]).done();
    assert_eq!(cli.run(&["sessions", "list"]).done(), usual);
    for cols in [0, 1, 65535] {
        let options =
            Options::program(env!("CARGO_BIN_EXE_vetty")).args(["sessions", "list", "--limit", "3"]);
        let screen = Screen::start(&options.env("VETTY_API_BASE", &sandbox.base).size(cols, 24));
        assert_eq!(screen.exit_status().exit_code(), 0, "{cols} columns");
        assert!(screen.raw_output().len() < 16 * 1024, "{cols} columns: {} bytes", screen.raw_output().len());
    }
}
