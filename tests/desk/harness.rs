//! The real loop on a screen in memory, against the real sandbox over real HTTP.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, TestBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use tokio::sync::{mpsc, watch};
use vetty::actions::Keymap;
use vetty::app::{self, ClipboardRoute, Connection, Model, Moment, Msg, Opening, Problem};
use vetty::client::{Client, ClientSettings};
use vetty::config::themes::{ColourDepth, Theme};
use vetty::config::{ApiBase, ThemeChoice};
use vetty::journal::{AUDIT, Journal, Mode, OUTBOX, Outbox};
use vetty::privacy::Secret;
use vetty::sandbox::{self, Database, Running};
use vetty::terminal::event_loop::{self, Hands, Line, Wires};
use vetty::ui::Look;
use vetty::worker::{self, Changer, Connected, Recorder};

/// How long a condition may take before the test gives up. Nothing is asserted about speed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A screen in memory that tells what it shows whenever a frame is done.
struct Shown {
    inner: TestBackend,
    frames: watch::Sender<String>,
    world: Arc<Mutex<World>>,
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
#[derive(Default)]
pub(crate) struct World {
    pub(crate) now: Moment,
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

struct FakeHands(Arc<Mutex<World>>, watch::Receiver<String>);

impl FakeHands {
    fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hands for FakeHands {
    fn now(&self) -> Moment {
        self.world().now
    }

    fn copy(&mut self, text: &Secret) -> Result<ClipboardRoute, String> {
        let mut world = self.world();
        if world.refuse_clipboard {
            return Err("no clipboard here".into());
        }
        world.copied.push(text.expose().to_owned());
        Ok(ClipboardRoute { name: "a test".into(), hint: None, clears: Some("the clipboard") })
    }

    fn clear_clipboard(&mut self) {
        self.world().cleared += 1;
    }

    fn switch(&mut self, profile: &str) -> Result<Line, Problem> {
        let made = self.world().other_profile.take();
        made.map(|make| make()).ok_or_else(|| Problem {
            text: format!("Profile {profile} cannot be used: it has no key."),
            hint: None,
            request_id: None,
            kind: app::ProblemKind::Other,
        })
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

/// A dashboard that a test sits in front of.
pub(crate) struct Desk {
    pub(crate) world: Arc<Mutex<World>>,
    events: mpsc::UnboundedSender<io::Result<Event>>,
    inbox: mpsc::UnboundedSender<Msg>,
    frames: watch::Receiver<String>,
    ended: tokio::task::JoinHandle<io::Result<()>>,
    worker: tokio::task::JoinHandle<()>,
    state: tempfile::TempDir,
}

/// A sandbox of its own with this many invented sessions.
pub(crate) async fn sandbox(people: usize) -> Running {
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = sandbox::Settings {
        listen,
        expose_as: Vec::new(),
        database: Database::Memory,
        people,
        seed: 7,
        scenario: sandbox::Scenario::default(),
        redaction_seconds: sandbox::Settings::REDACTION_SECONDS,
        webhooks: sandbox::Webhooks::default(),
    };
    sandbox::start(settings).await.expect("a sandbox")
}

/// A client of that sandbox, for what happens underneath.
pub(crate) fn client(api_base: &str, key: Secret) -> Client {
    let base = ApiBase::parse(api_base, "a test").expect("an address");
    Client::new(base, key, ClientSettings { tries: 1, ..ClientSettings::default() }).expect("a client")
}

impl Desk {
    /// Opens a dashboard of this size on a sandbox.
    pub(crate) fn open(running: &Running, (cols, rows): (u16, u16), settings: app::Settings) -> Self {
        Self::open_at(&running.api_base(), running.restricted_key(), (cols, rows), settings)
    }

    /// Opens a dashboard on any address, with any key.
    pub(crate) fn open_at(api_base: &str, key: Secret, size: (u16, u16), settings: app::Settings) -> Self {
        let state = tempfile::tempdir().expect("a folder");
        Self::open_with(api_base, key, size, settings, state, |_| {})
    }

    /// Opens a dashboard where an earlier one has ended.
    pub(crate) fn open_again(
        running: &Running,
        size: (u16, u16),
        settings: app::Settings,
        state: tempfile::TempDir,
    ) -> Self {
        Self::open_with(&running.api_base(), running.restricted_key(), size, settings, state, |_| {})
    }

    /// Opens a dashboard with this state folder, on a model that `prepare` has touched first.
    pub(crate) fn open_with(
        api_base: &str,
        key: Secret,
        (cols, rows): (u16, u16),
        settings: app::Settings,
        state: tempfile::TempDir,
        prepare: impl FnOnce(&mut Model) + Send + 'static,
    ) -> Self {
        let now = jiff::Timestamp::now().as_millisecond();
        let world = Arc::new(Mutex::new(World { now, ..World::default() }));
        let run = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), now);
        let recorder = Recorder::new(Journal::open(&state.path().join(AUDIT)), "tester", "test", Mode::Test);
        let outbox = Outbox::open(&state.path().join(OUTBOX));
        let connected = Connected {
            changer: Changer::new(client(api_base, key), recorder, outbox, "sandbox"),
            connection: Connection { label: "test".into(), live: false, sandbox: true },
            keep: Box::new(()),
        };
        let (inbox, messages) = mpsc::unbounded_channel();
        let (answers, replies) = mpsc::unbounded_channel();
        let (tasks, worker) = worker::spawn(async { Ok(connected) }, answers);
        let (events, keys) = mpsc::unbounded_channel();
        let (frame, frames) = watch::channel(String::new());
        let hands = FakeHands(Arc::clone(&world), frames.clone());
        let seen = Arc::clone(&world);
        let ended = tokio::spawn(async move {
            let mut hands = hands;
            let backend = Shown { inner: TestBackend::new(cols, rows), frames: frame, world: seen };
            let mut terminal = Terminal::new(backend)?;
            let size = app::geometry::Size { cols, rows };
            let mut model = Model::new(settings, Keymap::default(), size, now);
            prepare(&mut model);
            model.run = run;
            let look = Look::new(&Theme::choose(ThemeChoice::Dark, None, ColourDepth::True));
            let wires = Wires { tasks, replies, inbox: messages, events: keys };
            event_loop::run(&mut terminal, &mut hands, &mut model, &look, wires).await
        });
        Self { world, events, inbox, frames, ended, worker, state }
    }

    /// Presses keys, separated by spaces: characters, or Enter, Esc, Tab, Space, Down …
    pub(crate) fn press(&self, keys: &str) -> &Self {
        for name in keys.split_whitespace() {
            let code = match name {
                "Enter" => KeyCode::Enter,
                "Esc" => KeyCode::Esc,
                "Tab" => KeyCode::Tab,
                "Up" => KeyCode::Up,
                "Down" => KeyCode::Down,
                "Left" => KeyCode::Left,
                "Right" => KeyCode::Right,
                "Space" => KeyCode::Char(' '),
                name => KeyCode::Char(name.chars().next().expect("a key")),
            };
            self.send(KeyEvent::new(code, KeyModifiers::NONE));
        }
        self
    }

    /// Presses control and a letter.
    pub(crate) fn press_ctrl(&self, c: char) -> &Self {
        self.send(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL));
        self
    }

    /// Types a text.
    pub(crate) fn type_text(&self, text: &str) -> &Self {
        for c in text.chars() {
            self.send(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
        self
    }

    fn send(&self, key: KeyEvent) {
        self.events.send(Ok(Event::Key(key))).expect("the loop runs");
    }

    /// Sends any other event of the terminal.
    pub(crate) fn event(&self, event: Event) -> &Self {
        self.events.send(Ok(event)).expect("the loop runs");
        self
    }

    /// Lets time pass second by second, as the loop does while something counts down.
    pub(crate) async fn pass(&mut self, seconds: i64) -> &Self {
        for _ in 0..seconds {
            let now = {
                let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
                world.now += 1000;
                world.now
            };
            self.frames.borrow_and_update();
            self.inbox.send(Msg::Clock(now)).expect("the loop runs");
            let drawn = tokio::time::timeout(PATIENCE, self.frames.changed()).await;
            drawn.expect("a frame in time").expect("the loop runs");
        }
        self
    }

    /// What the screen shows now.
    pub(crate) fn screen(&self) -> String {
        self.frames.borrow().clone()
    }

    /// Waits until the screen shows `text`.
    pub(crate) async fn wait_for(&mut self, text: &str) -> String {
        self.wait_until(&format!("the screen shows {text:?}"), |screen| screen.contains(text)).await
    }

    /// Waits until the screen does not show `text` any more.
    pub(crate) async fn wait_gone(&mut self, text: &str) -> String {
        self.wait_until(&format!("the screen no longer shows {text:?}"), |screen| !screen.contains(text))
            .await
    }

    /// Waits until a screen satisfies `wanted`.
    pub(crate) async fn wait_until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let waiting = self.frames.wait_for(|screen| wanted(screen));
        let found = tokio::time::timeout(PATIENCE, waiting)
            .await
            .ok()
            .and_then(Result::ok)
            .map(|screen| screen.clone());
        found.unwrap_or_else(|| panic!("waited in vain until {what}; the screen is:\n{}", self.screen()))
    }

    /// Waits until the loop has ended.
    pub(crate) async fn ended(self) {
        drop(self.ended_with_state().await);
    }

    /// Waits until the loop has ended and nothing holds its files any more.
    pub(crate) async fn ended_with_state(self) -> tempfile::TempDir {
        let ended = tokio::time::timeout(PATIENCE, self.ended).await.expect("the loop ends");
        ended.expect("no panic").expect("no error");
        let worked = tokio::time::timeout(PATIENCE, self.worker).await.expect("the worker ends");
        worked.expect("no panic");
        self.state
    }

    /// The audit as it stands on disk.
    pub(crate) fn journal(&self) -> Vec<vetty::journal::Entry> {
        let contents = Journal::read(&self.state.path().join(AUDIT)).expect("an audit");
        contents.lines.into_iter().map(|line| line.entry).collect()
    }

    /// The state folder.
    pub(crate) fn state(&self) -> &std::path::Path {
        self.state.path()
    }

    /// Every frame since the last time somebody asked.
    pub(crate) fn seen(&self) -> String {
        std::mem::take(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner).seen).concat()
    }

    /// Lets another profile lead to this address, once.
    pub(crate) fn offer_profile(&self, api_base: &str, key: Secret, settings: app::Settings) -> &Self {
        let recorder =
            Recorder::new(Journal::open(&self.state.path().join(AUDIT)), "tester", "other", Mode::Test);
        let outbox = Outbox::open(&self.state.path().join(OUTBOX));
        let connected = Connected {
            changer: Changer::new(client(api_base, key), recorder, outbox, "other"),
            connection: Connection { label: "other".into(), live: false, sandbox: true },
            keep: Box::new(()),
        };
        let look = Look::new(&Theme::choose(ThemeChoice::Light, None, ColourDepth::True));
        self.world.lock().expect("the world").other_profile = Some(Box::new(move || {
            let (answers, replies) = mpsc::unbounded_channel();
            let (tasks, _worker) = worker::spawn(async { Ok(connected) }, answers);
            Line { tasks, replies, settings, look }
        }));
        self
    }

    /// The last text that was copied.
    pub(crate) fn copied(&self) -> Option<String> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).copied.last().cloned()
    }
}

/// Lets the next `count` requests to the sandbox fail.
pub(crate) async fn fault(api_base: &str, kind: &str, count: u32) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let host = api_base.trim_start_matches("http://");
    let body = format!(r#"{{"kind":"{kind}","count":{count}}}"#);
    let head = format!(
        "POST /_vetty/faults HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(host).await.expect("the sandbox");
    stream.write_all(head.as_bytes()).await.expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
