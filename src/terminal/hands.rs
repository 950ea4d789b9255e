//! The real [`Hands`]: this process's terminal, clipboard and browser.

use std::io::{self, Write as _};

use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{execute, queue};

use crate::app::{ClipboardRoute, Moment};
use crate::config::Env;
use crate::privacy::Secret;

use super::browser;
use super::clipboard::{Clipboard, Route};
use super::event_loop::Hands;
use super::guard::TerminalGuard;

/// This process's terminal, clipboard and browser.
pub(super) struct RealHands {
    guard: TerminalGuard,
    clipboard: Clipboard,
    env: Env,
}

impl RealHands {
    /// Takes the terminal that `guard` holds.
    #[must_use]
    pub(super) const fn new(guard: TerminalGuard, clipboard: Clipboard, env: Env) -> Self {
        Self { guard, clipboard, env }
    }
}

impl Hands for RealHands {
    fn now(&self) -> Moment {
        jiff::Timestamp::now().as_millisecond()
    }

    fn copy(&mut self, text: &Secret) -> Result<ClipboardRoute, String> {
        let route = self.clipboard.copy(text, &mut io::stdout()).map_err(|error| error.to_string())?;
        Ok(ClipboardRoute(match route {
            Route::Native => "the system clipboard",
            Route::Osc52 => "OSC 52; your terminal has to allow it",
            Route::Tmux => "OSC 52 through tmux",
            Route::Screen => "OSC 52 through screen; your terminal has to allow it",
        }))
    }

    fn browse(&mut self, url: &Secret) -> Result<(), String> {
        browser::open(url, &self.env).map_err(|error| error.to_string())
    }

    fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        if on { self.guard.capture_mouse() } else { self.guard.release_mouse() }
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.guard.suspend()
    }

    fn frame(&mut self, begins: bool) -> io::Result<()> {
        let mut out = io::stdout();
        if begins {
            queue!(out, BeginSynchronizedUpdate)
        } else {
            execute!(out, EndSynchronizedUpdate)?;
            out.flush()
        }
    }
}
