//! What only a real terminal has: raw mode, the event loop, the clipboard, a browser beside it.
//!
//! Floor 6: imports everything below; `cli` starts it.

pub mod browser;
pub mod clipboard;
pub mod event_loop;
pub mod guard;
mod hands;
mod input;
mod keys;
pub mod panic;
mod signals;

pub use hands::Switch;

use std::io;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

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
    guard: TerminalGuard,
    model: &mut Model,
    look: &Look,
    (clipboard, env): (ClipboardChoice, Env),
    (tasks, inbox): (Tasks, UnboundedReceiver<Msg>),
    signals: UnboundedSender<Msg>,
    switch: Switch,
) -> io::Result<()> {
    signals::watch(&signals)?;
    let clipboard = clipboard::Clipboard::new(clipboard, &env);
    let mut hands = RealHands::new(guard, clipboard, env, signals, switch);
    // One write for a frame: the terminal is asked once, not once for each cell.
    let out = io::BufWriter::with_capacity(1 << 16, io::stdout());
    let mut terminal = Terminal::new(CrosstermBackend::new(out))?;
    let wires = Wires { tasks, inbox, events: input::start()? };
    event_loop::run(&mut terminal, &mut hands, model, look, wires).await
}
