//! A program in a pseudo-terminal: what it draws, what it sends, how it ends.
//!
//! Waiting is for conditions, with one generous deadline (`VETTY_TEST_DEADLINE` seconds, 30 by default). A wait
//! that fails shows the picture. The program sees an empty home and none of the caller's environment but `PATH`.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

use super::keys;

/// What to start, and in what kind of terminal.
pub(crate) struct Options {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(String, String)>,
    cols: u16,
    rows: u16,
}

impl Options {
    /// A program by path, or by name where `PATH` has it. 120×40.
    pub(crate) fn program(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), args: Vec::new(), env: Vec::new(), cols: 120, rows: 40 }
    }

    /// `sh -c SCRIPT`.
    pub(crate) fn shell(script: &str) -> Self {
        Self::program("sh").args(["-c", script])
    }

    /// Adds arguments.
    pub(crate) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets one environment variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the size in cells, as it is reported to the program.
    pub(crate) fn size(mut self, cols: u16, rows: u16) -> Self {
        (self.cols, self.rows) = (cols, rows);
        self
    }

    fn command(&self, home: &Path) -> CommandBuilder {
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.args);
        command.env_clear();
        command.cwd(home);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        for (name, value) in
            [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8"), ("TZ", "UTC")]
        {
            command.env(name, value);
        }
        command.env("HOME", home);
        for name in ["CONFIG", "DATA", "STATE", "CACHE"] {
            command.env(format!("XDG_{name}_HOME"), home.join(name.to_lowercase()));
        }
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command
    }
}

/// What the terminal knows besides its cells.
#[derive(Default)]
struct Heard {
    title: String,
    clipboard: Option<String>,
    replies: Vec<u8>,
}

impl vt100::Callbacks for Heard {
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.title = String::from_utf8_lossy(title).into_owned();
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.clipboard = Some(String::from_utf8_lossy(data).into_owned());
    }

    // Programs ask what kind of terminal this is, and where the cursor stands, and wait for the answer.
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        mark: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        end: char,
    ) {
        match (mark, params, end) {
            (None, _, 'c') => self.replies.extend(b"\x1b[?62;22c"),
            (None, [[5]], 'n') => self.replies.extend(b"\x1b[0n"),
            (None, [[6]], 'n') => {
                let (row, col) = screen.cursor_position();
                self.replies.extend(format!("\x1b[{};{}R", row + 1, col + 1).bytes());
            }
            _ => {}
        }
    }
}

struct State {
    parser: vt100::Parser<Heard>,
    raw: Vec<u8>,
    closed: bool,
    /// Nobody reads what the program draws.
    unread: bool,
    exit: Option<ExitStatus>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// A running program and its terminal. Dropping it ends the program.
pub(crate) struct Screen {
    shared: Arc<Shared>,
    master: Box<dyn MasterPty + Send>,
    writer: Writer,
    pid: u32,
    home: TempDir,
    modes: String,
}

impl Screen {
    /// Starts the program.
    ///
    /// # Panics
    /// When there is no such program, or no pseudo-terminal.
    pub(crate) fn start(options: &Options) -> Self {
        let home = TempDir::new().expect("no temporary folder");
        let pair =
            native_pty_system().openpty(pty_size(options.cols, options.rows)).expect("no pseudo-terminal");
        let modes = modes(&*pair.master);
        let child =
            pair.slave.spawn_command(options.command(home.path())).expect("the program did not start");
        drop(pair.slave);
        let reader = pair.master.try_clone_reader().expect("the terminal cannot be read");
        let writer: Writer =
            Arc::new(Mutex::new(pair.master.take_writer().expect("the terminal cannot be written")));
        let (rows, cols) = shown(options.cols, options.rows);
        let parser = vt100::Parser::new_with_callbacks(rows, cols, 0, Heard::default());
        let shared = Arc::new(Shared {
            state: Mutex::new(State { parser, raw: Vec::new(), closed: false, unread: false, exit: None }),
            changed: Condvar::new(),
        });
        let pid = child.process_id().expect("the program has no process id");
        thread::spawn({
            let (shared, writer) = (Arc::clone(&shared), Arc::clone(&writer));
            move || read(reader, &shared, &writer)
        });
        thread::spawn({
            let shared = Arc::clone(&shared);
            move || reap(child, &shared)
        });
        Self { shared, master: pair.master, writer, pid, home, modes }
    }

    /// Waits until `text` stands on the screen.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) -> &Self {
        self.wait(&format!("“{text}” on the screen"), |state| {
            state.parser.screen().contents().contains(text)
        })
    }

    /// Waits until `text` no longer stands on the screen.
    #[track_caller]
    pub(crate) fn wait_gone(&self, text: &str) -> &Self {
        self.wait(&format!("“{text}” gone from the screen"), |state| {
            !state.parser.screen().contents().contains(text)
        })
    }

    /// Waits until the screen is as `condition` wants it. `what` says so in words, for the failure.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, condition: impl Fn(&vt100::Screen) -> bool) -> &Self {
        self.wait(what, |state| condition(state.parser.screen()))
    }

    /// Waits until `bytes` were sent by the program, drawn or not.
    #[track_caller]
    pub(crate) fn wait_for_output(&self, bytes: &[u8]) -> &Self {
        self.wait(&format!("{:?} in the output", String::from_utf8_lossy(bytes)), |state| {
            state.raw.windows(bytes.len()).any(|window| window == bytes)
        })
    }

    /// Waits until nothing was drawn for `quiet`. For pictures; a test waits for what it wants to see.
    pub(crate) fn wait_quiet(&self, quiet: Duration) -> &Self {
        let mut state = self.shared.lock();
        loop {
            let seen = state.raw.len();
            let waited =
                self.shared.changed.wait_timeout(state, quiet).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            if state.closed || (waited.1.timed_out() && state.raw.len() == seen) {
                return self;
            }
        }
    }

    /// Presses keys, by name, with spaces between them: `"j j Enter"`, `"Ctrl-c"`.
    ///
    /// After `Esc`, wait for what it does before the next key: `Esc x` at once is `Alt-x` to every terminal program.
    pub(crate) fn press(&self, names: &str) -> &Self {
        for name in names.split_whitespace() {
            self.send(&keys::bytes(name));
        }
        self
    }

    /// Types `text` as it stands.
    pub(crate) fn type_text(&self, text: &str) -> &Self {
        self.send(text.as_bytes());
        self
    }

    /// Makes the terminal another size, in cells, as it is reported to the program.
    pub(crate) fn resize(&self, cols: u16, rows: u16) -> &Self {
        let (shown_rows, shown_cols) = shown(cols, rows);
        self.shared.lock().parser.set_size(shown_rows, shown_cols);
        self.master.resize(pty_size(cols, rows)).expect("the terminal cannot be resized");
        self
    }

    /// Sends a signal by name: `TERM`, `HUP`, `INT`, `STOP`, `CONT`, `KILL`.
    pub(crate) fn signal(&self, name: &str) -> &Self {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.pid.to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIG{name} could not be sent");
        self
    }

    /// The picture: one line for each row.
    pub(crate) fn contents(&self) -> String {
        self.shared.lock().parser.screen().contents()
    }

    /// The picture with its colours.
    pub(crate) fn picture(&self) -> vt100::Screen {
        self.shared.lock().parser.screen().clone()
    }

    /// Everything the program has sent so far.
    pub(crate) fn raw_output(&self) -> Vec<u8> {
        self.shared.lock().raw.clone()
    }

    /// The window title that was set last.
    pub(crate) fn title(&self) -> String {
        self.shared.lock().parser.callbacks().title.clone()
    }

    /// What OSC 52 put on the clipboard last, in base64 as it was sent.
    pub(crate) fn clipboard(&self) -> Option<String> {
        self.shared.lock().parser.callbacks().clipboard.clone()
    }

    /// The program's home folder, gone with this value.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The program's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether all modes of the terminal's line are as the program found them.
    pub(crate) fn has_its_modes(&self) -> bool {
        modes(&*self.master) == self.modes
    }

    /// Lets the terminal take nothing more, as after Ctrl-S.
    pub(crate) fn stop_output(&self) -> &Self {
        let tty = self.tty().expect("a terminal");
        rustix::termios::tcflow(tty, rustix::termios::Action::OOff).expect("it is a terminal");
        self
    }

    /// Leaves unread what the program draws from now on, but for what is being read already.
    pub(crate) fn stop_reading(&self) -> &Self {
        self.shared.lock().unread = true;
        self
    }

    /// Whether the terminal takes anything more from the program.
    pub(crate) fn takes_more(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let Some(tty) = self.tty() else { return false };
        poll(&mut [PollFd::new(&tty, PollFlags::OUT)], Some(&Timespec::default()))
            .is_ok_and(|ready| ready > 0)
    }

    fn tty(&self) -> Option<std::fs::File> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let no_wait = (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits();
        let name = self.master.tty_name()?;
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).custom_flags(i32::try_from(no_wait).ok()?).open(name).ok()
    }

    /// Whether the terminal is in the mode it started in: echoing, and a line at a time.
    pub(crate) fn is_cooked(&self) -> bool {
        let Some(tty) = self.master.tty_name() else { return false };
        let Ok(tty) = std::fs::File::open(tty) else { return false };
        let modes = Command::new("stty").arg("-a").stdin(tty).output();
        modes.is_ok_and(|modes| {
            let modes = String::from_utf8_lossy(&modes.stdout);
            ["icanon", "echo", "isig"].iter().all(|mode| modes.split_whitespace().any(|word| word == *mode))
        })
    }

    /// Waits until `text` stands on the screen, or the program has ended without it. Says whether it stood there.
    #[track_caller]
    pub(crate) fn shows_before_the_end(&self, text: &str) -> bool {
        let shows = |state: &State| state.parser.screen().contents().contains(text);
        let deadline = Instant::now() + deadline();
        let mut state = self.shared.lock();
        loop {
            if shows(&state) || (state.exit.is_some() && state.closed) {
                return shows(&state);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "neither “{text}” nor the end of the program");
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for the end of the program and of its output.
    #[track_caller]
    pub(crate) fn exit_status(&self) -> ExitStatus {
        self.wait("the end of the program", |state| state.exit.is_some() && state.closed);
        self.shared.lock().exit.clone().expect("waited for")
    }

    #[track_caller]
    fn wait(&self, what: &str, condition: impl Fn(&State) -> bool) -> &Self {
        let deadline = Instant::now() + deadline();
        let mut state = self.shared.lock();
        while !condition(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            let ended = state.exit.is_some() && state.closed;
            if ended || left.is_zero() {
                let why = if ended { "the program ended before" } else { "waited in vain for" };
                let picture = state.parser.screen().contents();
                drop(state);
                panic!("{why} {what}; the screen was:\n{picture}\n");
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        self
    }

    fn send(&self, bytes: &[u8]) {
        send(&self.writer, bytes).expect("the program no longer reads");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The reaper has not waited for it yet, so the number cannot be another program's.
        if self.shared.lock().exit.is_none() {
            let _ = Command::new("kill").args(["-KILL", &self.pid.to_string()]).status();
        }
    }
}

/// Every mode of the terminal's line, as one word.
fn modes(master: &dyn MasterPty) -> String {
    let name = master.tty_name().expect("the terminal has a name");
    let tty = std::fs::File::open(name).expect("the terminal is there");
    let modes = Command::new("stty").arg("-g").stdin(tty).output().expect("stty is there");
    String::from_utf8_lossy(&modes.stdout).into_owned()
}

fn read(mut reader: Box<dyn Read + Send>, shared: &Shared, writer: &Writer) {
    let mut buffer = vec![0; 64 * 1024];
    while let Some(count) = reader.read(&mut buffer).ok().filter(|count| *count > 0) {
        let replies = {
            let mut state = shared.lock();
            state.raw.extend_from_slice(&buffer[..count]);
            state.parser.process(&buffer[..count]);
            std::mem::take(&mut state.parser.callbacks_mut().replies)
        };
        shared.changed.notify_all();
        // A program that has ended meanwhile needs no answer.
        let _ = send(writer, &replies);
        // Nobody can draw on a terminal any more whose program has ended.
        let state = shared.lock();
        let ended = |state: &mut State| state.unread && state.exit.is_none();
        drop(shared.changed.wait_while(state, ended).unwrap_or_else(PoisonError::into_inner));
    }
    shared.lock().closed = true;
    shared.changed.notify_all();
}

fn reap(mut child: Box<dyn Child + Send + Sync>, shared: &Shared) {
    let exit = child.wait().unwrap_or_else(|_| ExitStatus::with_exit_code(u32::MAX));
    shared.lock().exit = Some(exit);
    shared.changed.notify_all();
}

fn send(writer: &Writer, bytes: &[u8]) -> std::io::Result<()> {
    let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
    writer.write_all(bytes)?;
    writer.flush()
}

fn deadline() -> Duration {
    let seconds = std::env::var("VETTY_TEST_DEADLINE").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(30))
}

fn pty_size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: cols.saturating_mul(10), pixel_height: rows.saturating_mul(20) }
}

/// Rows and columns of the picture, whatever size is reported: not more than fit into memory, and the usual ones where
/// the terminal does not say.
fn shown(cols: u16, rows: u16) -> (NonZeroU16, NonZeroU16) {
    let within = |said: u16, usual: u16, most: u16| {
        NonZeroU16::new(if said == 0 { usual } else { said.min(most) }).unwrap_or(NonZeroU16::MIN)
    };
    (within(rows, 24, 500), within(cols, 80, 1000))
}
