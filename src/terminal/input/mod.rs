//! Reads the terminal on a thread of its own.
//!
//! [`frames`] cuts what comes into whole keys, replies and pastes, and [`decode`] says what they mean. The library that
//! draws can read keys too, but it keeps a key back that comes together with a resize, and takes for keys what a
//! terminal answers late.

#[cfg(unix)]
mod decode;
#[cfg(unix)]
mod frames;

use std::io;

use crossterm::event::Event;
use tokio::sync::mpsc;

use super::event_loop::Events;

/// Starts reading. The channel closes when the terminal is gone.
pub(super) fn start() -> io::Result<Events> {
    let (events, received) = mpsc::unbounded_channel();
    // The thread ends with the process: nothing can wake it from waiting for a key.
    std::thread::Builder::new().name("terminal-input".into()).spawn(move || forward(&events))?;
    Ok(received)
}

type Sink = mpsc::UnboundedSender<io::Result<Event>>;

#[cfg(unix)]
fn forward(events: &Sink) {
    use std::time::Instant;

    use super::{ending, guard};
    use frames::Frames;

    let stdin = io::stdin();
    let (mut frames, mut found, mut buffer) = (Frames::default(), Vec::new(), [0; 4096]);
    loop {
        match wait(&stdin, frames.patience(Instant::now())) {
            Waited::Gone => return ending::note_hang_up(),
            Waited::InVain => frames.give_up(&mut found),
            Waited::Ready => match rustix::io::read(&stdin, &mut buffer) {
                Ok(0) => return ending::note_hang_up(),
                Ok(count) => {
                    let now = Instant::now();
                    for byte in &buffer[..count] {
                        frames.push(*byte, now, &mut found);
                    }
                }
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                Err(_) => return ending::note_hang_up(),
            },
        }
        let heard = found.drain(..).filter_map(decode::event);
        // What is typed while the terminal is given back, for a shell to come, is not for this program.
        for event in heard.filter(|_| guard::is_taken()) {
            if events.send(Ok(event)).is_err() {
                return;
            }
        }
        if !guard::is_taken() {
            frames = Frames::default();
        }
    }
}

/// What became of waiting for input.
#[cfg(unix)]
enum Waited {
    Ready,
    InVain,
    /// The terminal has hung up.
    Gone,
}

/// Waits until there is something to read. The wait ends in vain only after a last look: a program that was stopped
/// meanwhile finds what came.
#[cfg(unix)]
fn wait(stdin: &io::Stdin, patience: Option<std::time::Duration>) -> Waited {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let deadline = patience.map(|patience| std::time::Instant::now() + patience);
    loop {
        let left = deadline.map(|at| at.saturating_duration_since(std::time::Instant::now()));
        let timeout = left.and_then(|left| Timespec::try_from(left).ok());
        let mut fds = [PollFd::new(stdin, PollFlags::IN)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Waited::InVain,
            Ok(_) => {
                let found = fds[0].revents();
                let is_gone = found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
                return if found.contains(PollFlags::IN) && !is_gone { Waited::Ready } else { Waited::Gone };
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return Waited::Gone,
        }
    }
}

/// Consoles without signals tell a resize as an event; the library reads them without fault.
#[cfg(not(unix))]
fn forward(events: &Sink) {
    loop {
        let event = crossterm::event::read();
        let failed = event.is_err();
        if events.send(event).is_err() || failed {
            return super::ending::note_hang_up();
        }
    }
}
