//! [`TestApp`]: the real event loop and the real worker on a screen in memory, against an API over real HTTP.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use vetty::actions::Keymap;
use vetty::app::{self, Connection, Model, Msg, Settings};
use vetty::clock::{Monotonic, Now, WallTime};
use vetty::config::ThemeChoice;
use vetty::config::themes::{ColourDepth, Theme};
use vetty::journal::{AUDIT, Entry, Journal, Mode, OUTBOX, Outbox};
use vetty::privacy::Secret;
use vetty::terminal::event_loop::{self, Line, Wires};
use vetty::ui::Look;
use vetty::worker::{self, Changer, Connected, Recorder};

use super::client::client;
use super::memory::{FakeHands, Shown, World};
use super::server::TestServer;

/// How long a condition may take before the test gives up. Nothing is asserted about speed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The size of most dashboards here.
pub(crate) const SIZE: (u16, u16) = (120, 40);

/// Settings under which nothing is held.
pub(crate) fn at_once() -> Settings {
    Settings { hold_seconds: 0, ..Settings::default() }
}

/// A dashboard that a test sits in front of.
pub(crate) struct TestApp {
    pub(crate) world: Arc<Mutex<World>>,
    events: mpsc::UnboundedSender<io::Result<Event>>,
    inbox: mpsc::UnboundedSender<Msg>,
    frames: watch::Receiver<String>,
    ended: tokio::task::JoinHandle<io::Result<()>>,
    worker: tokio::task::JoinHandle<()>,
    state: TempDir,
}

impl TestApp {
    /// Opens a dashboard of this size on a sandbox.
    pub(crate) fn open(server: &TestServer, size: (u16, u16), settings: Settings) -> Self {
        Self::open_with(server, size, settings, folder(), |_| {})
    }

    /// Opens a dashboard with this state folder, which an earlier one may have left.
    pub(crate) fn open_again(
        server: &TestServer,
        size: (u16, u16),
        settings: Settings,
        state: TempDir,
    ) -> Self {
        Self::open_with(server, size, settings, state, |_| {})
    }

    /// Opens a dashboard with this state folder, on a model that `prepare` has touched first.
    pub(crate) fn open_with(
        server: &TestServer,
        size: (u16, u16),
        settings: Settings,
        state: TempDir,
        prepare: impl FnOnce(&mut Model) + Send + 'static,
    ) -> Self {
        let (base, key) = (server.running.api_base(), server.running.restricted_key());
        Self::launch(&base, key, size, settings, state, prepare)
    }

    /// Opens a dashboard that exports to `folder`.
    pub(crate) fn open_exporting(server: &TestServer, to: &Path) -> Self {
        let to = to.display().to_string();
        Self::open_with(server, SIZE, Settings::default(), folder(), move |model| model.export_folder = to)
    }

    /// Opens a dashboard on any address, with any key.
    pub(crate) fn open_at(api_base: &str, key: Secret, size: (u16, u16), settings: Settings) -> Self {
        Self::launch(api_base, key, size, settings, folder(), |_| {})
    }

    /// Opens a dashboard on any address, with the state folder that an earlier one left.
    pub(crate) fn open_at_again(api_base: &str, key: Secret, settings: Settings, state: TempDir) -> Self {
        Self::launch(api_base, key, SIZE, settings, state, |_| {})
    }

    fn launch(
        api_base: &str,
        key: Secret,
        (cols, rows): (u16, u16),
        settings: Settings,
        state: TempDir,
        prepare: impl FnOnce(&mut Model) + Send + 'static,
    ) -> Self {
        let now = Now { wall: WallTime::from(SystemTime::now()), monotonic: Monotonic::START };
        let world = Arc::new(Mutex::new(World::new(now)));
        let run = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), now.wall);
        let connected = connected(&state, api_base, key, ["test", "sandbox"]);
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
            "test".clone_into(&mut model.profile);
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
    pub(crate) async fn pass(&mut self, seconds: u64) -> &Self {
        let second = Duration::from_secs(1);
        for _ in 0..seconds {
            let now = {
                let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
                let Now { wall, monotonic } = world.now;
                world.now = Now { wall: wall.plus(second), monotonic: monotonic.plus(second) };
                world.now
            };
            self.frames.borrow_and_update();
            self.inbox.send(Msg::Clock(now)).expect("the loop runs");
            let drawn = tokio::time::timeout(PATIENCE, self.frames.changed()).await;
            drawn.expect("a frame in time").expect("the loop runs");
        }
        self
    }

    /// Sets the wall clock of this machine forward; nothing else passes.
    pub(crate) fn set_wall_clock_forward(&self, by: Duration) -> &Self {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.now.wall = world.now.wall.plus(by);
        self
    }

    /// Lets so much time pass that what was said could be read: the next key takes it away.
    pub(crate) async fn read_notice(&mut self) -> &Self {
        self.pass(3).await
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
    pub(crate) async fn ended_with_state(self) -> TempDir {
        let ended = tokio::time::timeout(PATIENCE, self.ended).await.expect("the loop ends");
        ended.expect("no panic").expect("no error");
        let worked = tokio::time::timeout(PATIENCE, self.worker).await.expect("the worker ends");
        worked.expect("no panic");
        self.state
    }

    /// The audit as it stands on disk.
    pub(crate) fn journal(&self) -> Vec<Entry> {
        let contents = Journal::read(&self.state.path().join(AUDIT)).expect("an audit");
        contents.lines.into_iter().map(|line| line.entry).collect()
    }

    /// The state folder.
    pub(crate) fn state(&self) -> &Path {
        self.state.path()
    }

    /// Every frame since the last time somebody asked.
    pub(crate) fn seen(&self) -> String {
        std::mem::take(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner).seen).concat()
    }

    /// Lets another profile lead to this sandbox, once.
    pub(crate) fn offer_profile(&self, server: &TestServer, settings: Settings) -> &Self {
        let (base, key) = (server.running.api_base(), server.running.restricted_key());
        let connected = connected(&self.state, &base, key, ["other", "other"]);
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

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// What a profile leads to, by its name and the host that its jobs belong to.
fn connected(state: &TempDir, api_base: &str, key: Secret, [name, host]: [&str; 2]) -> Connected {
    let recorder = Recorder::new(Journal::open(&state.path().join(AUDIT)), "tester", name, Mode::Test);
    let outbox = Outbox::open(&state.path().join(OUTBOX));
    Connected {
        changer: Changer::new(client(api_base, key), recorder, outbox, host),
        connection: Connection { label: name.into(), live: false, sandbox: true },
        keep: Box::new(()),
    }
}
