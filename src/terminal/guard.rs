//! Takes the terminal over, and gives it back whatever happens.
//!
//! [`restore`] is the one way out: a normal end, `Drop`, suspension, signals and the panic hook all call it. It may
//! be called at any time and any number of times, by any thread, and waits for a terminal that takes no more for
//! [`PATIENCE`] only. The modes of the terminal's line come back even then.

use std::fmt;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{Command, queue};

use crate::app::geometry::Size;
use crate::config::Env;

use super::out::{self, Out};
use super::{ending, extent};

/// How long the terminal is waited for to take what undoes everything.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whether this process has taken the terminal over. There is only one terminal.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Why there is nothing to draw on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// `vetty | cat`, `vetty > file`.
    #[error(
        "the dashboard needs a terminal to draw on, and its output goes elsewhere — run it in a terminal"
    )]
    OutputIsNoTerminal,
    /// `echo | vetty`.
    #[error("the dashboard needs a keyboard, and its input comes from elsewhere — run it in a terminal")]
    InputIsNoTerminal,
    /// `TERM=dumb`.
    #[error(
        "this terminal (TERM=dumb) cannot move its cursor — set TERM to what it is, such as xterm-256color"
    )]
    Dumb,
    /// The terminal was there and did not obey.
    #[error("cannot take the terminal over: {0}")]
    Io(#[from] io::Error),
}

/// Holds the terminal in raw mode on its alternate screen until it is dropped.
///
/// Focus changes and pastes are reported as events, and the mouse if it was asked for. The cursor is left to
/// whoever draws.
#[derive(Debug)]
pub struct TerminalGuard {
    mouse: bool,
}

impl TerminalGuard {
    /// Takes the terminal over, or says why it cannot.
    pub fn enter(env: &Env, mouse: bool) -> Result<Self, StartError> {
        check(env, io::stdin().is_terminal(), io::stdout().is_terminal())?;
        let guard = Self { mouse };
        // From before there is anything to give back.
        ending::watch(env)?;
        guard.take()?;
        Ok(guard)
    }

    /// Columns and rows to draw on.
    ///
    /// # Errors
    /// When the terminal does not tell.
    pub fn size(&self) -> io::Result<Size> {
        extent::size()
    }

    /// Takes the mouse.
    pub fn capture_mouse(&mut self) -> io::Result<()> {
        self.mouse = true;
        write_whole(|out| queue!(out, CaptureMouse))
    }

    /// Gives the mouse back, so that the terminal selects text again.
    pub fn release_mouse(&mut self) -> io::Result<()> {
        self.mouse = false;
        write_whole(|out| queue!(out, ReleaseMouse))
    }

    /// Gives the terminal back and stops the process, as Ctrl-Z does; returns after the shell continued it.
    ///
    /// Everything has to be drawn anew afterwards. Nobody may have installed a handler for `SIGTSTP`: the signal
    /// is sent rather than `SIGSTOP`, because the system ignores it where no shell waits to continue the process.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        let stopped = signal_hook::low_level::raise(signal_hook::consts::SIGTSTP);
        self.resume()?;
        stopped
    }

    /// There is no suspending on this system.
    #[cfg(not(unix))]
    pub fn suspend(&mut self) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this system cannot suspend a program"))
    }

    /// Takes the terminal over again after [`restore`], with the mouse as it was. Does nothing if it is taken.
    pub fn resume(&mut self) -> io::Result<()> {
        self.take()
    }

    fn take(&self) -> io::Result<()> {
        if TAKEN.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let taken = enable_raw_mode().and_then(|()| write_whole(|out| write_enter(out, self.mouse)));
        if taken.is_err() {
            restore();
        }
        taken
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, if this process has taken it. Errors are dropped: there is nobody left to tell.
pub fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut leave = Vec::new();
        // Nothing fails to be written into memory.
        let _ = write_leave(&mut leave);
        let cook = || {
            let _ = disable_raw_mode();
        };
        out::write_last(&leave, cook, PATIENCE);
    }
}

/// Whether the terminal is taken.
pub(super) fn is_taken() -> bool {
    TAKEN.load(Ordering::SeqCst)
}

/// Writes sequences in one piece.
fn write_whole(sequences: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<()> {
    let mut bytes = Vec::new();
    sequences(&mut bytes)?;
    Out.write_all(&bytes)
}

fn check(env: &Env, input: bool, output: bool) -> Result<(), StartError> {
    match (input, output) {
        (_, false) => Err(StartError::OutputIsNoTerminal),
        (false, true) => Err(StartError::InputIsNoTerminal),
        (true, true) if env.get("TERM") == Some("dumb") => Err(StartError::Dumb),
        (true, true) => Ok(()),
    }
}

fn write_enter(out: &mut impl Write, mouse: bool) -> io::Result<()> {
    queue!(out, EnterAlternateScreen, EnableFocusChange, EnableBracketedPaste)?;
    if mouse {
        queue!(out, CaptureMouse)?;
    }
    out.flush()
}

/// Undoes everything that may have been switched on, whether or not it was.
fn write_leave(out: &mut impl Write) -> io::Result<()> {
    queue!(
        out,
        // A panic in the middle of a frame would leave the terminal waiting for the end of it.
        EndSynchronizedUpdate,
        ReleaseMouse,
        DisableBracketedPaste,
        DisableFocusChange,
        SetAttribute(Attribute::Reset),
        LeaveAlternateScreen,
        Show
    )?;
    out.flush()
}

/// Reports presses, releases, the wheel and dragging. Not bare movement, as crossterm's own command does: every
/// touch of the mouse would wake an idle program.
struct CaptureMouse;

impl Command for CaptureMouse {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
    }

    #[cfg(windows)]
    fn execute_winapi(&self) -> io::Result<()> {
        crossterm::event::EnableMouseCapture.execute_winapi()
    }

    #[cfg(windows)]
    fn is_ansi_code_supported(&self) -> bool {
        false
    }
}

/// Undoes [`CaptureMouse`].
struct ReleaseMouse;

impl Command for ReleaseMouse {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[?1006l\x1b[?1002l\x1b[?1000l")
    }

    #[cfg(windows)]
    fn execute_winapi(&self) -> io::Result<()> {
        crossterm::event::DisableMouseCapture.execute_winapi()
    }

    #[cfg(windows)]
    fn is_ansi_code_supported(&self) -> bool {
        false
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use vt100::{MouseProtocolEncoding, MouseProtocolMode, Parser};

    use super::*;

    fn entered(mouse: bool) -> (Parser, Vec<u8>) {
        let mut bytes = Vec::new();
        write_enter(&mut bytes, mouse).unwrap();
        let mut parser = Parser::default();
        parser.process(b"$ vetty");
        parser.process(&bytes);
        (parser, bytes)
    }

    /// The private modes that `bytes` sets (`h`) or resets (`l`).
    fn modes(bytes: &[u8], end: char) -> Vec<String> {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut modes: Vec<String> = text
            .split("\x1b[?")
            .skip(1)
            .filter_map(|rest| rest.split_once(end))
            .map(|(mode, _)| mode.to_owned())
            .filter(|mode| mode.chars().all(|c| c.is_ascii_digit()))
            .collect();
        modes.sort();
        modes
    }

    #[test]
    fn entering_switches_on_what_it_says() {
        let (parser, _) = entered(true);
        let screen = parser.screen();
        assert!(screen.alternate_screen() && screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::ButtonMotion);
        assert_eq!(screen.mouse_protocol_encoding(), MouseProtocolEncoding::Sgr);
        let (parser, _) = entered(false);
        assert_eq!(parser.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    }

    #[test]
    fn leaving_brings_the_old_screen_back() {
        let (mut parser, _) = entered(true);
        parser.process(b"\x1b[?25l\x1b[1;31mgarbage");
        let mut bytes = Vec::new();
        write_leave(&mut bytes).unwrap();
        parser.process(&bytes);
        let screen = parser.screen();
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None);
        assert_eq!(screen.contents().trim(), "$ vetty");
        assert!(!screen.bold());
    }

    #[test]
    fn every_mode_that_is_set_is_reset() {
        let (_, enter) = entered(true);
        let mut leave = Vec::new();
        write_leave(&mut leave).unwrap();
        let reset = modes(&leave, 'l');
        let set = modes(&enter, 'h');
        assert_eq!(set, ["1000", "1002", "1004", "1006", "1049", "2004"]);
        assert!(set.iter().all(|mode| reset.contains(mode)), "{reset:?}");
        assert!(reset.contains(&"2026".to_owned()), "{reset:?}");
    }

    #[test]
    fn what_is_no_terminal_is_refused() {
        let env = Env::from_iter([("TERM", "xterm")]);
        let dumb = Env::from_iter([("TERM", "dumb")]);
        assert!(matches!(check(&env, true, false), Err(StartError::OutputIsNoTerminal)));
        assert!(matches!(check(&env, false, true), Err(StartError::InputIsNoTerminal)));
        assert!(matches!(check(&dumb, true, true), Err(StartError::Dumb)));
        assert!(check(&env, true, true).is_ok());
    }

    #[test]
    fn restoring_what_was_never_taken_does_nothing() {
        restore();
        restore();
        assert!(!TAKEN.load(Ordering::SeqCst));
    }
}
