//! The event loop: wait for one thing, take everything that is there, draw once if something changed.
//!
//! It sleeps until a reply, a key, a signal or the model's own next moment; there is no tick. [`Hands`] is what it
//! does to the world outside the screen, so that a test can run the very same loop on a screen in memory.

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;

use crossterm::event::Event;
use ratatui::Terminal;
use ratatui::backend::Backend;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::app::{self, ClipboardRoute, Effect, Model, Msg, Opening, Problem};
use crate::clock::{Monotonic, Now};
use crate::privacy::Secret;
use crate::ui::{self, Look};
use crate::worker::Tasks;

use super::clipboard::ClipboardError;
use super::keys;

/// How many messages are taken before a frame is drawn at the latest.
const BATCH: usize = 256;

/// Everything that the loop does outside of its screen.
pub trait Hands {
    /// The time now, by both clocks.
    fn now(&self) -> Now;
    /// Puts a text on the clipboard, and says by which route.
    fn copy(&mut self, text: &Secret) -> Result<ClipboardRoute, ClipboardError>;
    /// Takes back what was copied last, where it still is on the clipboard.
    fn clear_clipboard(&mut self);
    /// Makes the way to another profile. Nothing is asked of it yet.
    fn switch(&mut self, profile: &str) -> Result<Line, Problem>;
    /// Opens a URL in the browser, without waiting for it. A failure comes as [`Msg::NotOpened`].
    fn browse(&mut self, opening: Opening);
    /// Takes or releases the mouse.
    fn capture_mouse(&mut self, on: bool) -> io::Result<()>;
    /// Goes back to the shell until it continues the program.
    fn suspend(&mut self) -> io::Result<()>;
    /// Says that a frame begins, or has ended, so that the terminal shows it whole.
    fn frame(&mut self, begins: bool) -> io::Result<()>;
}

/// The way to a profile, and what the settings say for it.
pub struct Line {
    /// Requests for its worker.
    pub tasks: Tasks,
    /// What its worker answers.
    pub replies: UnboundedReceiver<Msg>,
    /// What the settings decide.
    pub settings: app::Settings,
    /// How it is drawn.
    pub look: Look,
}

/// Where terminal events come from. Its end is the end of the program: the terminal is gone.
pub type Events = UnboundedReceiver<io::Result<Event>>;

/// What the loop reads from and writes to, besides the screen.
pub struct Wires {
    /// Requests for the worker.
    pub tasks: Tasks,
    /// The worker's replies.
    pub replies: UnboundedReceiver<Msg>,
    /// Signals, and what became of a browser.
    pub inbox: UnboundedReceiver<Msg>,
    /// What comes from the terminal.
    pub events: Events,
}

/// Runs until the model wants to quit.
///
/// # Errors
/// When the terminal cannot be drawn on or read any more.
pub async fn run<B>(
    terminal: &mut Terminal<B>,
    hands: &mut impl Hands,
    model: &mut Model,
    look: &Look,
    wires: Wires,
) -> io::Result<()>
where
    B: Backend<Error: Into<io::Error>>,
{
    let Wires { mut tasks, mut replies, mut inbox, mut events } = wires;
    let mut look = *look;
    let mut dirty = true;
    loop {
        if dirty {
            draw(terminal, hands, model, &look)?;
        }
        let mut woken_by_clock = false;
        let first = tokio::select! {
            biased;
            Some(msg) = inbox.recv() => Some(msg),
            Some(msg) = replies.recv() => Some(msg),
            event = events.recv() => terminal_message(event)?,
            () = sleep_until(model.wake_at(), hands.now().monotonic) => {
                woken_by_clock = true;
                None
            }
        };
        let (mut effects, shows) = tell_time(model, hands.now());
        // A countdown or the end of a reveal shows; an event that means nothing does not.
        dirty = woken_by_clock || shows;
        if let Some(msg) = first {
            dirty |= changes_screen(&msg, model);
            effects.extend(app::update(model, msg));
        }
        for _ in 0..BATCH {
            // What is typed behind a suspension is for the shell.
            if effects.iter().any(|effect| matches!(effect, Effect::Suspend)) {
                while events.try_recv().is_ok() {}
                break;
            }
            let Some(msg) = waiting([&mut inbox, &mut replies], &mut events) else { break };
            if let Some(msg) = msg? {
                dirty |= changes_screen(&msg, model);
                effects.extend(app::update(model, msg));
            }
        }
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            dirty = true;
            match carry_out(effect, terminal, hands, model, (&mut tasks, &mut replies, &mut look))? {
                ControlFlow::Continue(more) => effects.extend(more),
                ControlFlow::Break(()) => return Ok(()),
            }
        }
    }
}

/// Tells the model the time. Says whether the screen shows it: a person may have come back to a machine that slept,
/// with nothing but the focus to tell of it.
fn tell_time(model: &mut Model, now: Now) -> (Vec<Effect>, bool) {
    let before = model.wake_at();
    let effects = app::update(model, Msg::Clock(now));
    (effects, model.wake_at() != before)
}

/// Does what the model asks for; `Break` ends the loop.
fn carry_out<B>(
    effect: Effect,
    terminal: &mut Terminal<B>,
    hands: &mut impl Hands,
    model: &mut Model,
    (tasks, replies, look): (&mut Tasks, &mut UnboundedReceiver<Msg>, &mut Look),
) -> io::Result<ControlFlow<(), Vec<Effect>>>
where
    B: Backend<Error: Into<io::Error>>,
{
    let mut more = Vec::new();
    match effect {
        Effect::Quit => return Ok(ControlFlow::Break(())),
        Effect::Ask(task) => {
            // A closed channel means that connecting failed, which the screen says already.
            let _ = tasks.send(task);
        }
        Effect::Copy(copying) => {
            let result = hands.copy(&copying.text).map_err(|error| error.to_string());
            more = app::update(model, Msg::Copied(copying, result));
        }
        Effect::ClearClipboard => hands.clear_clipboard(),
        Effect::Switch(profile) => {
            let msg = match hands.switch(&profile) {
                Ok(line) => {
                    // The worker of the profile before ends once nobody can ask it any more, and whatever it still
                    // answers reaches nobody.
                    *tasks = line.tasks;
                    *replies = line.replies;
                    *look = line.look;
                    Msg::Switched(profile, line.settings)
                }
                Err(problem) => Msg::NotSwitched(problem),
            };
            more = app::update(model, msg);
        }
        Effect::Browse(opening) => hands.browse(opening),
        Effect::CaptureMouse(on) => hands.capture_mouse(on)?,
        Effect::Suspend => {
            // What is masked now is masked on the screen before anybody else gets to it.
            draw(terminal, hands, model, look)?;
            hands.suspend()?;
            terminal.clear().map_err(Into::into)?;
            let size = terminal.size().map_err(Into::into)?;
            let size = app::geometry::Size { cols: size.width, rows: size.height };
            more = app::update(model, Msg::Resize(size));
        }
    }
    Ok(ControlFlow::Continue(more))
}

/// The next message that is there already; an event may mean nothing.
fn waiting(
    inboxes: [&mut UnboundedReceiver<Msg>; 2],
    events: &mut Events,
) -> Option<io::Result<Option<Msg>>> {
    for inbox in inboxes {
        if let Ok(msg) = inbox.try_recv() {
            return Some(Ok(Some(msg)));
        }
    }
    events.try_recv().ok().map(|event| terminal_message(Some(event)))
}

/// Whether the message can change what is drawn. Losing the focus does, since it masks; getting it back shows no more
/// than what is being typed.
fn changes_screen(msg: &Msg, model: &Model) -> bool {
    !matches!(msg, Msg::Focus(true)) || !model.dialogs.is_empty()
}

/// What a terminal event means. The end of the stream means that the terminal is gone.
fn terminal_message(event: Option<io::Result<Event>>) -> io::Result<Option<Msg>> {
    match event {
        Some(event) => Ok(keys::message(event?)),
        None => Ok(Some(Msg::Terminate)),
    }
}

fn draw<B>(
    terminal: &mut Terminal<B>,
    hands: &mut impl Hands,
    model: &mut Model,
    look: &Look,
) -> io::Result<()>
where
    B: Backend<Error: Into<io::Error>>,
{
    let mut drawn = ui::Drawn::default();
    hands.frame(true)?;
    let result = terminal.draw(|frame| drawn = ui::draw(frame, model, look)).map(|_| ()).map_err(Into::into);
    hands.frame(false)?;
    // A screen that is too small shows nothing that could be scrolled.
    if !model.size.is_too_small() {
        let _none = app::update(model, Msg::Drawn { detail: drawn.detail, dialog: drawn.dialog });
    }
    result
}

/// Sleeps until the model's next moment; for ever when it has none.
async fn sleep_until(wake_at: Option<Monotonic>, now: Monotonic) {
    match wake_at {
        Some(at) => tokio::time::sleep(at.since(now)).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::actions::Keymap;
    use crate::app::geometry::Size;
    use crate::app::{Answer, Connection, Request, Settings};
    use crate::catalog::fixtures::{page, session};
    use crate::clock::fixtures::{later, noon};

    /// Tells the model something, and answers what it asks for to reveal a record.
    fn tell(model: &mut Model, msg: Msg) {
        for effect in app::update(model, msg) {
            let Effect::Ask(task) = effect else { continue };
            let answer = match task.request {
                Request::ListSessions(_) => {
                    Answer::Sessions(page(vec![session("vs_1", 1000, json!({}))], false))
                }
                Request::ListReports(_) => Answer::Reports(page(Vec::new(), false)),
                Request::Unveil(_) => Answer::Unveiled(None),
                _ => continue,
            };
            tell(model, Msg::Reply { task: task.id, reads: 0, result: Ok(answer) });
        }
    }

    #[test]
    fn a_reveal_that_ends_by_a_look_at_the_clock_is_drawn() {
        let size = Size { cols: 120, rows: 40 };
        let mut model = Model::new(Settings::default(), Keymap::default(), size, noon());
        tell(&mut model, Msg::Connected(Connection { label: "test".into(), live: false, sandbox: true }));
        let mut now = later(noon(), 1);
        assert!(!tell_time(&mut model, now).1, "nothing is shown, and nothing is drawn");
        tell(&mut model, Msg::Key("v".parse().expect("a key")));
        assert!(model.wake_at().is_some(), "nothing was revealed");
        now.wall = now.wall.plus(Duration::from_hours(1));
        assert!(tell_time(&mut model, now).1);
        assert_eq!(model.wake_at(), None);
        assert!(!tell_time(&mut model, later(now, 1)).1, "once");
    }
}
