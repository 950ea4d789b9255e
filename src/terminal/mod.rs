//! What only a real terminal has: raw mode, the event loop, the clipboard, a browser beside it.
//!
//! Floor 6: imports everything below; `cli` starts it.

pub mod browser;
pub mod clipboard;
mod clocks;
pub mod event_loop;
pub mod guard;
mod hands;
mod input;
mod keys;
pub mod panic;
mod signals;

pub use clocks::Clocks;
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

/// How many columns the terminal has; `None` where there is none, or it does not say.
#[must_use]
pub fn columns() -> Option<usize> {
    crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}

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
    let out = io::BufWriter::with_capacity(1 << 16, io::stdout());
    let mut terminal = Terminal::new(CrosstermBackend::new(out))?;
    let wires = Wires { tasks, replies, inbox, events: input::start()? };
    event_loop::run(&mut terminal, &mut hands, model, look, wires).await
}
