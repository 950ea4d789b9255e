//! Reads the terminal on a thread of its own.
//!
//! The library that understands keys would read the end of a vanished terminal for ever. So this thread waits for
//! input itself, notices when the terminal hangs up, and lets the library read only what is there.

use std::io;

use crossterm::event;
use tokio::sync::mpsc;

use super::ending;
use super::event_loop::Events;

/// Starts reading. The channel closes when the terminal is gone.
pub(super) fn start() -> io::Result<Events> {
    let (events, received) = mpsc::unbounded_channel();
    let forward = move || {
        while wait_for_input() {
            loop {
                let event = match event::poll(std::time::Duration::ZERO) {
                    Ok(true) => event::read(),
                    Ok(false) => break,
                    Err(error) => Err(error),
                };
                let failed = event.is_err();
                if events.send(event).is_err() || failed {
                    return;
                }
            }
        }
        ending::note_hang_up();
    };
    // The thread ends with the process: nothing can wake it from waiting for a key.
    std::thread::Builder::new().name("terminal-input".into()).spawn(forward)?;
    Ok(received)
}

/// Waits until there is something to read. False when the terminal has hung up.
#[cfg(unix)]
fn wait_for_input() -> bool {
    use rustix::event::{PollFd, PollFlags, poll};

    let stdin = io::stdin();
    loop {
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) => {
                let found = fds[0].revents();
                return found.contains(PollFlags::IN)
                    && !found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Waits until there is something to read; a console that is closed ends its programs itself.
#[cfg(not(unix))]
fn wait_for_input() -> bool {
    event::poll(std::time::Duration::MAX).is_ok()
}
