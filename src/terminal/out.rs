//! The way to the terminal: every byte that is drawn goes through it, and nobody is stuck in it for good.
//!
//! A terminal whose reader has stopped (a suspended multiplexer, a dead connection) takes no more, and a plain write
//! waits for ever. This one waits for the terminal and for the program's end at once.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::{ending, guard};

/// How much is written at once where a write may wait: less than what a terminal takes once it says that it takes more.
const PIECE: usize = 256;

/// Aborts whatever escape sequence was begun.
const CANCEL: &[u8] = b"\x18";

/// The terminal as something to write to. What is written after the terminal was given back goes nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Out;

impl io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !guard::is_taken() {
            return Ok(bytes.len());
        }
        tty()?.write(bytes, Until::TheEnd).inspect_err(|error| {
            if is_hang_up(error) {
                ending::note_hang_up();
            }
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes as much as the terminal takes at once, then does `meanwhile`, then waits a little for the terminal to take the
/// rest. For giving it back: it may have been given up in the middle of a frame.
pub(super) fn write_last(bytes: &[u8], meanwhile: impl FnOnce(), patience: Duration) {
    let Ok(tty) = tty() else { return meanwhile() };
    let cancel = if CUT.load(Ordering::SeqCst) { CANCEL } else { b"" };
    let bytes = [cancel, bytes].concat();
    let mut rest = bytes.as_slice();
    let mut write_until = |deadline| {
        while !rest.is_empty() {
            match tty.write(rest, Until::At(deadline)) {
                Ok(0) | Err(_) => break,
                Ok(written) => rest = &rest[written..],
            }
        }
    };
    let now = Instant::now();
    write_until(now);
    meanwhile();
    write_until(now + patience);
}

/// Whether a write was given up because the program ends.
static CUT: AtomicBool = AtomicBool::new(false);

/// Until when the terminal is waited for.
#[derive(Clone, Copy)]
enum Until {
    /// Until there is a cause to end the program.
    TheEnd,
    At(Instant),
}

struct Tty {
    file: File,
    /// Whether a write comes back at once. It is a property of the open file, which must not be shared with the shell.
    never_waits: bool,
}

/// The terminal behind standard output.
fn tty() -> io::Result<&'static Tty> {
    static TTY: OnceLock<Tty> = OnceLock::new();
    if let Some(tty) = TTY.get() {
        return Ok(tty);
    }
    let opened = Tty::open()?;
    Ok(TTY.get_or_init(|| opened))
}

impl Tty {
    fn open() -> io::Result<Self> {
        let stdout = io::stdout();
        let anew = rustix::termios::ttyname(&stdout, Vec::new()).and_then(|name| {
            let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
            rustix::fs::open(&name, flags, Mode::empty())
        });
        Ok(match anew {
            Ok(file) => Self { file: file.into(), never_waits: true },
            // The terminal belongs to another user, or has no name in this container.
            Err(_) => Self { file: rustix::io::dup(&stdout)?.into(), never_waits: false },
        })
    }

    fn write(&self, bytes: &[u8], until: Until) -> io::Result<usize> {
        let piece = if self.never_waits { bytes } else { &bytes[..bytes.len().min(PIECE)] };
        let mut is_ready = self.never_waits;
        loop {
            if !is_ready {
                self.wait(until)?;
            }
            match (&self.file).write(piece) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => is_ready = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                written => return written,
            }
        }
    }

    /// Waits until the terminal takes more.
    fn wait(&self, until: Until) -> io::Result<()> {
        loop {
            let mut fds = vec![PollFd::new(&self.file, PollFlags::OUT)];
            let timeout = match until {
                Until::TheEnd => {
                    fds.extend(ending::wake().map(|wake| PollFd::new(wake, PollFlags::IN)));
                    None
                }
                Until::At(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    Timespec::try_from(left).ok()
                }
            };
            match poll(&mut fds, timeout.as_ref()) {
                Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
                Ok(_) if !fds[0].revents().is_empty() => return Ok(()),
                Ok(_) => {
                    CUT.store(true, Ordering::SeqCst);
                    return Err(io::Error::other("the terminal takes no more, and the program ends"));
                }
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Whether nobody is behind the terminal any more.
fn is_hang_up(error: &io::Error) -> bool {
    let gone = [Errno::IO, Errno::NXIO, Errno::PIPE, Errno::BADF];
    Errno::from_io_error(error).is_some_and(|error| gone.contains(&error))
}
