//! What only a real terminal has: raw mode, the event loop, the clipboard, a browser beside it.
//!
//! Floor 6: imports everything below; `cli` starts it.

pub mod browser;
pub mod clipboard;
mod clocks;
#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
pub mod ending;
pub mod event_loop;
mod extent;
pub mod guard;
mod hands;
mod input;
mod keys;
#[cfg(unix)]
mod out;
pub mod panic;
mod signals;

pub use clocks::Clocks;
#[cfg(not(unix))]
pub use elsewhere::ending;
#[cfg(not(unix))]
use elsewhere::out;
pub use extent::columns;
pub use hands::Switch;

use std::io;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::app::{Model, Msg};
use crate::config::{ClipboardChoice, Env};
use crate::ui::Look;
use crate::worker::Tasks;

use event_loop::Wires;
use guard::TerminalGuard;
use hands::RealHands;

/// Runs the dashboard on this process's terminal until somebody quits.
///
/// # Errors
/// When the terminal cannot be drawn on or read any more.
pub async fn run(
    (guard, clocks): (TerminalGuard, Clocks),
    model: &mut Model,
    look: &Look,
    (clipboard, env): (ClipboardChoice, Env),
    (tasks, replies): (Tasks, UnboundedReceiver<Msg>),
    switch: Switch,
) -> io::Result<()> {
    let (signals, inbox) = mpsc::unbounded_channel();
    signals::watch(&signals)?;
    let clipboard = clipboard::Clipboard::new(clipboard, &env);
    let mut hands = RealHands::new(guard, clocks, clipboard, env, signals, switch);
    // One write for a frame: the terminal is asked once, not once for each cell.
    let out = io::BufWriter::with_capacity(1 << 16, out::Out);
    let mut terminal = Terminal::new(extent::Bounded(CrosstermBackend::new(out)))?;
    let wires = Wires { tasks, replies, inbox, events: input::start()? };
    event_loop::run(&mut terminal, &mut hands, model, look, wires).await
}
