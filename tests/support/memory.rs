//! A screen in memory, and the world around it: a clock, a clipboard, a browser and a shell that only note what is done.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ratatui::backend::{Backend, ClearType, TestBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use tokio::sync::watch;
use vetty::app::{self, ClipboardRoute, Opening, Problem};
use vetty::clock::Now;
use vetty::privacy::Secret;
use vetty::terminal::clipboard::ClipboardError;
use vetty::terminal::event_loop::{Hands, Line};

/// A screen in memory that tells what it shows whenever a frame is done.
pub(super) struct Shown {
    pub(super) inner: TestBackend,
    pub(super) frames: watch::Sender<String>,
    pub(super) world: Arc<Mutex<World>>,
}

impl Backend for Shown {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.inner.draw(content).map_err(|never| match never {})
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor().map_err(|never| match never {})
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor().map_err(|never| match never {})
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position().map_err(|never| match never {})
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position).map_err(|never| match never {})
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear().map_err(|never| match never {})
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type).map_err(|never| match never {})
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size().map_err(|never| match never {})
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size().map_err(|never| match never {})
    }

    fn flush(&mut self) -> io::Result<()> {
        let buffer = self.inner.buffer();
        let width = usize::from(buffer.area.width).max(1);
        let screen: String =
            buffer.content().chunks(width).map(|row| line(row).trim_end().to_owned() + "\n").collect();
        self.world.lock().unwrap_or_else(PoisonError::into_inner).seen.push(screen.clone());
        self.frames.send_replace(screen);
        Ok(())
    }
}

/// A row as people see it: the cell behind a wide character holds what stood there before.
fn line(row: &[Cell]) -> String {
    let mut text = String::new();
    let mut hidden = 0;
    for cell in row {
        if hidden > 0 {
            hidden -= 1;
            continue;
        }
        text.push_str(cell.symbol());
        hidden = vetty::text::width(cell.symbol()).saturating_sub(1);
    }
    text
}

/// What the loop did outside of its screen.
pub(crate) struct World {
    pub(crate) now: Now,
    pub(crate) copied: Vec<String>,
    pub(crate) browsed: Vec<String>,
    pub(crate) refuse_clipboard: bool,
    pub(crate) cleared: usize,
    /// What another profile leads to, once.
    pub(crate) other_profile: Option<Box<dyn FnOnce() -> Line + Send>>,
    /// How often the program was suspended, and what the screen showed when it was.
    pub(crate) suspended: Vec<String>,
    /// Every frame that was drawn.
    pub(crate) seen: Vec<String>,
}

impl World {
    pub(super) fn new(now: Now) -> Self {
        Self {
            now,
            copied: Vec::new(),
            browsed: Vec::new(),
            refuse_clipboard: false,
            cleared: 0,
            other_profile: None,
            suspended: Vec::new(),
            seen: Vec::new(),
        }
    }
}

/// Hands that only note what they are told to do.
pub(super) struct FakeHands(pub(super) Arc<Mutex<World>>, pub(super) watch::Receiver<String>);

impl FakeHands {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hands for FakeHands {
    fn now(&self) -> Now {
        self.world().now
    }

    fn copy(&mut self, text: &Secret) -> Result<ClipboardRoute, ClipboardError> {
        let mut world = self.world();
        if world.refuse_clipboard {
            return Err(io::Error::other("no clipboard here").into());
        }
        world.copied.push(text.expose().to_owned());
        Ok(ClipboardRoute { name: "a test".into(), hint: None, clears: Some("the clipboard") })
    }

    fn clear_clipboard(&mut self) {
        self.world().cleared += 1;
    }

    fn switch(&mut self, profile: &str) -> Result<Line, Problem> {
        let made = self.world().other_profile.take();
        let text = format!("Profile {profile} cannot be used: it has no key.");
        made.map(|make| make()).ok_or_else(|| Problem::new(app::ProblemKind::Other, text))
    }

    fn browse(&mut self, opening: Opening) {
        self.world().browsed.push(opening.url.expose().to_owned());
    }

    fn capture_mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        let screen = self.1.borrow().clone();
        self.world().suspended.push(screen);
        Ok(())
    }

    fn frame(&mut self, _begins: bool) -> io::Result<()> {
        Ok(())
    }
}
