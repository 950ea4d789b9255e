//! The window is closed under the running program: a quiet end, by the convention of a hang-up.

use std::io::Read as _;
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// A window without a reader of its own, so that it can be closed.
struct Window {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    home: tempfile::TempDir,
}

/// Starts `sh -c SCRIPT VETTY` in a window, and waits until the dashboard shows all its sessions.
fn open(script: &str) -> Window {
    let home = tempfile::tempdir().expect("a folder");
    let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
    let child = pair.slave.spawn_command(command(script, home.path())).expect("it starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let mut parser = vt100::Parser::new(cells(40), cells(120), 0);
    let mut buffer = vec![0; 1 << 16];
    while !parser.screen().contents().contains("All 400 ") {
        let count = reader.read(&mut buffer).expect("something to read");
        assert!(count > 0, "it ended:\n{}", parser.screen().contents());
        parser.process(&buffer[..count]);
    }
    Window { master: pair.master, child, home }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("cells")
}

fn command(script: &str, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_vetty")]);
    command.env_clear();
    command.cwd(home);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", home);
    command.env("TERM", "xterm-256color");
    command.env("XDG_STATE_HOME", home.join("state"));
    command
}

impl Window {
    /// Closes the window, and waits for the end of the program.
    fn close(self) -> (ExitStatus, tempfile::TempDir) {
        let Self { master, mut child, home } = self;
        drop(master);
        let (ended, end) = mpsc::channel();
        let mut killer = child.clone_killer();
        std::thread::spawn(move || ended.send(child.wait().expect("it ends")));
        let status = end.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| {
            let _ = killer.kill();
            panic!("it goes on without a window")
        });
        (status, home)
    }
}

#[test]
fn a_closed_window_ends_it_by_the_hang_up() {
    let (status, _home) = open(r#"exec "$1""#).close();
    assert_eq!(status.signal(), Some("Hangup"), "{status:?}");
}

/// Where nobody sends a hang-up signal, the terminal itself tells.
#[test]
fn a_terminal_that_is_gone_ends_it_without_a_signal() {
    for (what, script) in [
        ("standard error is the terminal", r#"trap "" HUP; setsid -w "$1"; echo $? >code"#),
        ("standard error is closed", r#"trap "" HUP; setsid -w "$1" 2>&-; echo $? >code"#),
    ] {
        let (_, home) = open(script).close();
        let code = std::fs::read_to_string(home.path().join("code")).expect("it said how it ended");
        assert_eq!(code.trim(), "129", "{what}");
    }
}
