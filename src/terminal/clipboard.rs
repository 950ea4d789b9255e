//! Copies text to the clipboard of the person who sits in front, and says which way it took.
//!
//! Over SSH the system clipboard is on the wrong machine, so the terminal is asked instead, by the escape sequence
//! OSC 52. Multiplexers stand in between: tmux is asked to copy by its own command, which works with its default
//! settings; where that fails, the sequence is sent both plain (tmux takes it with `set-clipboard on`) and wrapped
//! (tmux passes it on with `allow-passthrough on`). GNU screen passes on what is wrapped in short pieces.
//! OSC 52 has no reply: nobody can know whether the terminal obeyed, so the route is always told.

use std::fmt;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::{ClipboardChoice, Env};
use crate::privacy::Secret;

/// The most bytes that are sent by OSC 52. Common terminals drop sequences above 100,000 bytes: 8 for the frame,
/// and 99,992 for base64 text, which is 74,994 bytes before encoding.
pub const LARGEST_OSC52: usize = 74_994;

/// GNU screen limits the length of a string that it passes on; 76 is what its users settled on.
const SCREEN_PIECE: usize = 76;

/// Which way a text went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The clipboard of the system that vetty runs on.
    Native,
    /// OSC 52 to the terminal.
    Osc52,
    /// Through tmux.
    Tmux,
    /// Through GNU screen.
    Screen,
}

impl Route {
    /// What to know about the way, where there is something to know.
    #[must_use]
    pub const fn hint(self) -> Option<&'static str> {
        match self {
            Self::Native if cfg!(target_os = "linux") => Some("It stays there while vetty runs."),
            Self::Native => None,
            Self::Osc52 | Self::Screen => Some("Your terminal has to allow it."),
            Self::Tmux => Some("If nothing arrives, run: tmux set -s set-clipboard on"),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Native => "the system clipboard",
            Self::Osc52 => "OSC 52",
            Self::Tmux => "OSC 52 through tmux",
            Self::Screen => "OSC 52 through screen",
        })
    }
}

/// Why nothing was copied. Never contains the text.
#[derive(Debug, thiserror::Error)]
pub enum ClipboardError {
    /// Terminals drop long sequences without a word; half a text would be worse.
    #[error("{bytes} bytes are too many to copy through the terminal (at most {LARGEST_OSC52})")]
    TooLong {
        /// How long the text is.
        bytes: usize,
    },
    /// The system clipboard was asked for by name and is not there.
    #[error(
        "the system clipboard cannot be reached — set clipboard = \"osc52\" to copy through the terminal"
    )]
    Native,
    /// The terminal cannot be written to.
    #[error("cannot write to the terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// What stands between vetty and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    Nothing,
    /// tmux runs on this machine and can be asked by its command.
    Tmux,
    /// tmux runs on the machine that we are connected from.
    TmuxAfar,
    Screen,
}

/// Copies text. Keep it for as long as the program runs: under X11 and Wayland the program that copied has to be
/// there when somebody pastes.
pub struct Clipboard {
    choice: ClipboardChoice,
    between: Between,
    /// Whether the system clipboard is that of the person in front.
    native_is_near: bool,
    native: Option<arboard::Clipboard>,
    /// The commands that tmux is asked by.
    tmux: TmuxCommands,
    /// What they must not be given.
    env: Env,
    /// What was copied last, where it can be taken back.
    ours: Option<(Place, Secret)>,
}

/// Where a text can be found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The clipboard of the system.
    Native,
    /// The newest buffer of tmux.
    Tmux,
}

/// The commands that tmux is asked by.
#[derive(Clone, Copy)]
struct TmuxCommands {
    /// Takes a text on its standard input.
    load: fn() -> Command,
    /// Prints the newest buffer.
    show: fn() -> Command,
    /// Deletes the newest buffer.
    delete: fn() -> Command,
}

impl Clipboard {
    /// Decides which ways there are. Connects to nothing yet.
    #[must_use]
    pub fn new(choice: ClipboardChoice, env: &Env) -> Self {
        let term = env.get("TERM").unwrap_or_default();
        let between = if env.has("TMUX") {
            Between::Tmux
        } else if env.has("STY") {
            Between::Screen
        } else if term.starts_with("tmux") {
            Between::TmuxAfar
        } else {
            Between::Nothing
        };
        let native_is_near = env.has_display() && !env.is_remote();
        let tmux = TmuxCommands {
            load: || tmux(&["load-buffer", "-w", "-"]),
            show: || tmux(&["show-buffer"]),
            delete: || tmux(&["delete-buffer"]),
        };
        Self { choice, between, native_is_near, native: None, tmux, env: env.clone(), ours: None }
    }

    /// Copies `text`; `out` is the terminal that vetty draws on, for the ways that go through it.
    pub fn copy(&mut self, secret: &Secret, out: &mut impl Write) -> Result<Route, ClipboardError> {
        let text = secret.expose();
        self.ours = None;
        let native = match self.choice {
            ClipboardChoice::Native => true,
            ClipboardChoice::Auto => self.native_is_near,
            ClipboardChoice::Osc52 => false,
        };
        if native && self.copy_natively(text) {
            self.ours = Some((Place::Native, secret.clone()));
            return Ok(Route::Native);
        }
        if self.choice == ClipboardChoice::Native {
            return Err(ClipboardError::Native);
        }
        if text.len() > LARGEST_OSC52 {
            return Err(ClipboardError::TooLong { bytes: text.len() });
        }
        if self.between == Between::Tmux && feed(self.asked(self.tmux.load), text) {
            self.ours = Some((Place::Tmux, secret.clone()));
            return Ok(Route::Tmux);
        }
        let route = write_osc52(out, text, self.between)?;
        out.flush()?;
        Ok(route)
    }

    /// What [`Self::clear`] would take the last text away from; `None` where nobody can tell what the clipboard holds.
    #[must_use]
    pub fn clears(&self) -> Option<&'static str> {
        self.ours.as_ref().map(|(place, _)| match place {
            Place::Native => "the clipboard",
            Place::Tmux => "tmux’s buffers, not from the terminal’s clipboard,",
        })
    }

    /// Takes back what was copied last, if it still is where it was put. Says whether it was.
    pub fn clear(&mut self) -> bool {
        let Some((place, text)) = self.ours.take() else { return false };
        match place {
            Place::Native => self.native.as_mut().is_some_and(|native| {
                native.get_text().is_ok_and(|found| found == text.expose()) && native.clear().is_ok()
            }),
            Place::Tmux => {
                let found = self.asked(self.tmux.show).stdin(Stdio::null()).stderr(Stdio::null()).output();
                found.is_ok_and(|found| found.status.success() && found.stdout == text.expose().as_bytes())
                    && feed(self.asked(self.tmux.delete), "")
            }
        }
    }

    /// A command that is not given any key.
    fn asked(&self, command: fn() -> Command) -> Command {
        let mut command = command();
        self.env.withhold_keys(&mut command);
        command
    }

    /// The way that is tried first, and whether it is there: a system clipboard that cannot be reached is not. Whether a
    /// terminal obeys, nobody can know.
    pub fn first_route(&mut self) -> (Route, bool) {
        let native = self.choice == ClipboardChoice::Native
            || (self.choice == ClipboardChoice::Auto && self.native_is_near);
        if native {
            self.native = arboard::Clipboard::new().ok();
            return (Route::Native, self.native.is_some());
        }
        let route = match self.between {
            Between::Nothing => Route::Osc52,
            Between::Tmux | Between::TmuxAfar => Route::Tmux,
            Between::Screen => Route::Screen,
        };
        (route, true)
    }

    fn copy_natively(&mut self, text: &str) -> bool {
        if self.native.is_none() {
            self.native = arboard::Clipboard::new().ok();
        }
        let copied =
            self.native.as_mut().is_some_and(|native| keep_out_of_history(native.set()).text(text).is_ok());
        if !copied {
            // The display may have gone away; the next copy connects anew.
            self.native = None;
        }
        copied
    }
}

impl fmt::Debug for Clipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clipboard")
            .field("choice", &self.choice)
            .field("between", &self.between)
            .finish_non_exhaustive()
    }
}

impl Drop for Clipboard {
    /// What was copied does not outlive the program where that can be helped.
    fn drop(&mut self) {
        self.clear();
    }
}

/// A link that opens somebody's verification has no place in a clipboard manager's list.
fn keep_out_of_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    #[cfg(target_os = "macos")]
    use arboard::SetExtApple as _;
    #[cfg(target_os = "linux")]
    use arboard::SetExtLinux as _;
    #[cfg(windows)]
    let set = {
        use arboard::SetExtWindows as _;
        set.exclude_from_cloud().exclude_from_history()
    };
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    let set = set.exclude_from_history();
    set
}

/// `tmux` with these arguments. `load-buffer -w` also sends the text on to the terminal, since tmux 3.2.
fn tmux(args: &[&str]) -> Command {
    let mut command = Command::new("tmux");
    command.args(args);
    command
}

/// Runs `command` with `text` as its input, and says whether it took it.
fn feed(mut command: Command, text: &str) -> bool {
    let started = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = started else {
        return false;
    };
    let written = child.stdin.take().is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
    let ended = child.wait().is_ok_and(|status| status.success());
    written && ended
}

fn write_osc52(out: &mut impl Write, text: &str, between: Between) -> io::Result<Route> {
    let encoded = STANDARD.encode(text);
    match between {
        Between::Nothing => {
            write!(out, "\x1b]52;c;{encoded}\x07")?;
            Ok(Route::Osc52)
        }
        Between::Tmux | Between::TmuxAfar => {
            write!(out, "\x1b]52;c;{encoded}\x07")?;
            // Inside the wrapping every escape is doubled.
            write!(out, "\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")?;
            Ok(Route::Tmux)
        }
        Between::Screen => {
            let sequence = format!("\x1b]52;c;{encoded}\x07");
            for piece in sequence.as_bytes().chunks(SCREEN_PIECE) {
                out.write_all(b"\x1bP")?;
                out.write_all(piece)?;
                out.write_all(b"\x1b\\")?;
            }
            Ok(Route::Screen)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipboard(choice: ClipboardChoice, vars: &[(&str, &str)]) -> Clipboard {
        // The system clipboard of whoever runs the tests is none of theirs: without a display it is never asked.
        let mut clipboard = Clipboard::new(choice, &vars.iter().copied().collect());
        clipboard.native_is_near = false;
        let nowhere = || Command::new("/nowhere/tmux");
        clipboard.tmux = TmuxCommands { load: nowhere, show: nowhere, delete: nowhere };
        clipboard
    }

    fn copied(clipboard: &mut Clipboard, text: &str) -> (Route, String) {
        let mut out = Vec::new();
        let route = clipboard.copy(&Secret::new(text.to_owned()), &mut out).unwrap();
        (route, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_bare_terminal_gets_the_bare_sequence() {
        let mut far = clipboard(ClipboardChoice::Auto, &[("SSH_CONNECTION", "a b c d")]);
        assert_eq!(copied(&mut far, "hé"), (Route::Osc52, "\x1b]52;c;aMOp\x07".to_owned()));
        assert_eq!(Route::Osc52.to_string(), "OSC 52");
    }

    #[test]
    fn tmux_gets_it_plain_and_wrapped_when_its_command_fails() {
        let expected = "\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\".to_owned();
        let mut here = clipboard(ClipboardChoice::Auto, &[("TMUX", "/tmp/tmux-0/default,1,0")]);
        assert_eq!(copied(&mut here, "hi"), (Route::Tmux, expected.clone()));
        let mut afar = clipboard(ClipboardChoice::Osc52, &[("TERM", "tmux-256color")]);
        assert_eq!(copied(&mut afar, "hi"), (Route::Tmux, expected));
    }

    #[cfg(unix)]
    #[test]
    fn the_terminal_is_left_alone_when_the_command_of_tmux_works() {
        let mut here = clipboard(ClipboardChoice::Auto, &[("TMUX", "/tmp/tmux-0/default,1,0")]);
        here.tmux.load = || Command::new("cat");
        assert_eq!(copied(&mut here, "hi"), (Route::Tmux, String::new()));
        here.tmux.load = || Command::new("false");
        assert!(copied(&mut here, "hi").1.starts_with("\x1b]52"));
    }

    #[cfg(unix)]
    #[test]
    fn only_what_is_still_ours_is_taken_back() {
        fn show(text: &str) -> Command {
            let mut command = Command::new("printf");
            command.args(["%s", text]);
            command
        }
        let mut here = clipboard(ClipboardChoice::Auto, &[("TMUX", "/tmp/tmux-0/default,1,0")]);
        here.tmux.load = || Command::new("cat");
        here.tmux.delete = || Command::new("true");
        here.tmux.show = || show("somebody else's");
        copied(&mut here, "hi");
        assert!(here.clears().is_some_and(|place| place.starts_with("tmux")));
        assert!(!here.clear(), "what another program copied meanwhile stays");
        here.tmux.show = || show("hi");
        assert!(!here.clear(), "once is enough");
        copied(&mut here, "hi");
        assert!(here.clear());
        let mut far = clipboard(ClipboardChoice::Osc52, &[]);
        copied(&mut far, "hi");
        assert_eq!(far.clears(), None, "nobody can tell what a terminal holds");
        assert!(!far.clear());
    }

    #[test]
    fn screen_gets_it_in_short_pieces() {
        let mut screen = clipboard(ClipboardChoice::Auto, &[("STY", "1.pts"), ("TERM", "screen")]);
        let text = "x".repeat(300);
        let (route, bytes) = copied(&mut screen, &text);
        assert_eq!(route, Route::Screen);
        let pieces: Vec<&str> =
            bytes.split("\x1b\\").filter(|piece| !piece.is_empty()).map(|piece| &piece[2..]).collect();
        assert!(pieces.len() > 5 && pieces.iter().all(|piece| piece.len() <= SCREEN_PIECE));
        assert_eq!(pieces.concat(), format!("\x1b]52;c;{}\x07", STANDARD.encode(&text)));
    }

    #[test]
    fn the_first_route_is_the_one_that_is_taken() {
        for (vars, expected) in [
            (&[][..], Route::Osc52),
            (&[("TMUX", "/tmp/tmux-0/default,1,0")], Route::Tmux),
            (&[("STY", "1.pts")], Route::Screen),
        ] {
            let mut clipboard = clipboard(ClipboardChoice::Auto, vars);
            assert_eq!(clipboard.first_route(), (expected, true));
            assert_eq!(copied(&mut clipboard, "hi").0, expected);
        }
    }

    #[test]
    fn too_long_a_text_is_refused_whole() {
        let mut far = clipboard(ClipboardChoice::Osc52, &[]);
        let mut out = Vec::new();
        let most = Secret::new("x".repeat(LARGEST_OSC52));
        assert_eq!(far.copy(&most, &mut out).unwrap(), Route::Osc52);
        assert_eq!(out.len(), 100_000);
        out.clear();
        let more = Secret::new("x".repeat(LARGEST_OSC52 + 1));
        let error = far.copy(&more, &mut out).unwrap_err();
        assert!(matches!(error, ClipboardError::TooLong { bytes: 74_995 }));
        assert!(out.is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_near_clipboard_is_that_of_a_desktop_on_this_machine() {
        let near = |vars: &[(&str, &str)]| {
            Clipboard::new(ClipboardChoice::Auto, &vars.iter().copied().collect()).native_is_near
        };
        assert!(near(&[("DISPLAY", ":0")]));
        assert!(near(&[("WAYLAND_DISPLAY", "wayland-0"), ("TMUX", "x")]));
        assert!(!near(&[]));
        assert!(!near(&[("DISPLAY", "localhost:10.0"), ("SSH_CONNECTION", "a b c d")]));
        assert!(!near(&[("DISPLAY", "localhost:10.0"), ("SSH_TTY", "/dev/pts/1")]));
    }
}
