//! The real [`Hands`]: this process's terminal, clipboard and browser.

use std::io;

use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use tokio::sync::mpsc::UnboundedSender;

use crate::app::{ClipboardRoute, Msg, Opening, Problem};
use crate::clock::Now;
use crate::config::Env;
use crate::privacy::Secret;

use super::browser;
use super::clipboard::{Clipboard, ClipboardError};
use super::clocks::Clocks;
use super::event_loop::{Hands, Line};
use super::guard::TerminalGuard;
use super::out::Out;

/// Makes the way to a profile, by its name.
pub type Switch = Box<dyn FnMut(&str) -> Result<Line, Problem>>;

/// This process's terminal, clipboard and browser.
pub(super) struct RealHands {
    guard: TerminalGuard,
    clocks: Clocks,
    clipboard: Clipboard,
    env: Env,
    inbox: UnboundedSender<Msg>,
    switch: Switch,
}

impl RealHands {
    /// Takes the terminal that `guard` holds.
    #[must_use]
    pub(super) fn new(
        guard: TerminalGuard,
        clocks: Clocks,
        clipboard: Clipboard,
        env: Env,
        inbox: UnboundedSender<Msg>,
        switch: Switch,
    ) -> Self {
        Self { guard, clocks, clipboard, env, inbox, switch }
    }
}

impl Hands for RealHands {
    fn now(&self) -> Now {
        self.clocks.now()
    }

    fn copy(&mut self, text: &Secret) -> Result<ClipboardRoute, ClipboardError> {
        let route = self.clipboard.copy(text, &mut io::BufWriter::new(Out))?;
        Ok(ClipboardRoute { name: route.to_string(), hint: route.hint(), clears: self.clipboard.clears() })
    }

    fn clear_clipboard(&mut self) {
        self.clipboard.clear();
    }

    fn switch(&mut self, profile: &str) -> Result<Line, Problem> {
        (self.switch)(profile)
    }

    fn browse(&mut self, opening: Opening) {
        let (env, inbox) = (self.env.clone(), self.inbox.clone());
        // Launchers may take their time to fail.
        tokio::task::spawn_blocking(move || {
            if let Err(error) = browser::open(&opening.url, &env) {
                let _ = inbox.send(Msg::NotOpened(opening, error.to_string()));
            }
        });
    }

    fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        if on { self.guard.capture_mouse() } else { self.guard.release_mouse() }
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.guard.suspend()
    }

    fn frame(&mut self, begins: bool) -> io::Result<()> {
        if begins { execute!(Out, BeginSynchronizedUpdate) } else { execute!(Out, EndSynchronizedUpdate) }
    }
}
