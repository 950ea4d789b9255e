//! What lasts for a while, when somebody sets the wall clock, the program is stopped, or the machine sleeps.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use crate::actions::{Key, Keymap};
use crate::app::geometry::Size;
use crate::app::{
    Answer, ClipboardRoute, Connection, Copying, Dialog, Effect, JobRequest, Model, Msg, Request, Settings,
    ShownLink, update,
};
use crate::catalog::fixtures::{page, session};
use crate::clock::Now;
use crate::clock::fixtures::noon;
use crate::identity::SessionId;
use crate::privacy::{Secret, Sight};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);

const REVEAL: Duration = Duration::from_secs(5);
const HOLD: Duration = Duration::from_secs(10);
const CLIPBOARD: Duration = Duration::from_secs(20);

/// Something that happens to the clocks, beside the time that passes.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// The wall clock is set back by this much.
    SetBack(Duration),
    /// The wall clock is set ahead by this much.
    SetAhead(Duration),
    /// The machine sleeps for this long, and the monotonic clock with it.
    Asleep(Duration),
    /// The program is stopped for this long: Ctrl-Z.
    Stopped(Duration),
}

impl Event {
    fn happen(self, now: Now) -> Now {
        let Now { wall, monotonic } = now;
        match self {
            Self::SetBack(by) => Now { wall: wall.minus(by), monotonic },
            Self::SetAhead(by) | Self::Asleep(by) => Now { wall: wall.plus(by), monotonic },
            Self::Stopped(long) => Now { wall: wall.plus(long), monotonic: monotonic.plus(long) },
        }
    }
}

/// A dashboard with one session under the cursor.
struct Desk(Model);

impl Desk {
    fn new() -> Self {
        let secs = |duration: Duration| u32::try_from(duration.as_secs()).expect("a setting");
        let settings = Settings {
            hold_seconds: secs(HOLD),
            reveal_seconds: secs(REVEAL),
            clipboard_clear_seconds: secs(CLIPBOARD),
            ..Settings::default()
        };
        let mut model = Model::new(settings, Keymap::default(), Size { cols: 120, rows: 40 }, noon());
        let connection = Connection { label: "test".into(), live: false, sandbox: true };
        for effect in update(&mut model, Msg::Connected(connection)) {
            let Effect::Ask(task) = effect else { continue };
            let answer = match task.request {
                Request::ListSessions(_) => {
                    Answer::Sessions(page(vec![session("vs_0001", 1000, json!({}))], false))
                }
                Request::ListReports(_) => Answer::Reports(page(Vec::new(), false)),
                _ => continue,
            };
            let _more = update(&mut model, Msg::Reply { task: task.id, reads: 0, result: Ok(answer) });
        }
        Self(model)
    }

    /// Presses keys; whatever is asked for first is granted: the audit has its line, the outbox its job.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            let key: Key = key.parse().expect("a key");
            for effect in update(&mut self.0, Msg::Key(key)) {
                let Effect::Ask(task) = effect else { continue };
                let answer = match task.request {
                    Request::Unveil(_) => Answer::Unveiled(None),
                    Request::Job(JobRequest::Hold(_)) => Answer::Job,
                    _ => continue,
                };
                let reply = Msg::Reply { task: task.id, reads: 0, result: Ok(answer) };
                let _more = update(&mut self.0, reply);
            }
        }
    }

    fn revealed() -> Self {
        let mut desk = Self::new();
        desk.press(&["v"]);
        assert!(desk.shows(), "nothing was revealed");
        desk
    }

    fn holding() -> Self {
        let mut desk = Self::new();
        desk.press(&["c", "1", "tab", "enter"]);
        assert!(desk.0.jobs.is_holding(), "nothing is held");
        desk
    }

    fn copied() -> Self {
        let mut desk = Self::new();
        let text = Secret::new("vs_0001".to_owned());
        let copying = Copying { what: "id", session: None, text, is_link: false };
        let route = ClipboardRoute { name: "a test".into(), hint: None, clears: Some("the clipboard") };
        let _none = update(&mut desk.0, Msg::Copied(copying, Ok(route)));
        desk
    }

    /// Something happens to the clocks, some time passes, and the loop tells the time.
    fn tell(&mut self, event: Option<Event>, passed: Duration) -> Vec<Effect> {
        let now = event.map_or(self.0.now, |event| event.happen(self.0.now));
        let now = Now { wall: now.wall.plus(passed), monotonic: now.monotonic.plus(passed) };
        update(&mut self.0, Msg::Clock(now))
    }

    fn shows(&self) -> bool {
        self.0.sight(&SessionId::new("vs_0001")) == Sight::Revealed
    }
}

fn is_sent(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Ask(task) => matches!(task.request, Request::Job(JobRequest::Run { .. })),
        _ => false,
    })
}

#[test]
fn a_reveal_ends_on_time_when_the_wall_clock_was_set_back() {
    let mut desk = Desk::revealed();
    desk.tell(Some(Event::SetBack(HOUR)), SECOND);
    assert!(desk.shows());
    desk.tell(None, REVEAL.saturating_sub(SECOND).saturating_sub(Duration::from_millis(1)));
    assert!(desk.shows(), "it ended early");
    desk.tell(None, Duration::from_millis(1));
    assert!(!desk.shows(), "it lasts");
}

#[test]
fn a_reveal_ends_at_once_when_nobody_was_there() {
    for event in [Event::SetAhead(HOUR), Event::Asleep(HOUR), Event::Stopped(HOUR)] {
        let mut desk = Desk::revealed();
        desk.tell(Some(event), Duration::from_millis(1));
        assert!(!desk.shows(), "{event:?}");
    }
}

#[test]
fn a_reveal_is_looked_after_while_it_lasts() {
    let mut desk = Desk::new();
    desk.0.settings.reveal_seconds = 3600;
    assert_eq!(desk.0.wake_at(), None);
    desk.press(&["v"]);
    // Asleep: the clock of the timer stands still as well, and is only short.
    let wait = desk.0.wake_at().map(|at| at.since(desk.0.now.monotonic));
    assert!(wait.is_some_and(|wait| wait <= Duration::from_secs(5)), "{wait:?}");
}

#[test]
fn who_asked_for_a_reveal_and_left_sees_nothing_of_it() {
    let mut desk = Desk::new();
    let effects = update(&mut desk.0, Msg::Key("v".parse().expect("a key")));
    let [Effect::Ask(task)] = &effects[..] else { panic!("{effects:?}") };
    desk.tell(Some(Event::Asleep(HOUR)), SECOND);
    let _none =
        update(&mut desk.0, Msg::Reply { task: task.id, reads: 0, result: Ok(Answer::Unveiled(None)) });
    assert!(!desk.shows());
}

#[test]
fn a_link_that_is_shown_is_hidden_when_nobody_was_there() {
    let mut desk = Desk::new();
    let link = ShownLink {
        session: SessionId::new("vs_0001"),
        url: Secret::new("https://example.com/start".to_owned()),
        shown: true,
        reason: String::new(),
    };
    desk.0.dialogs.push(Dialog::Link(link));
    let shown = |desk: &Desk| matches!(desk.0.dialogs.last(), Some(Dialog::Link(link)) if link.shown);
    desk.tell(Some(Event::SetBack(HOUR)), SECOND);
    assert!(shown(&desk));
    desk.tell(Some(Event::Asleep(HOUR)), SECOND);
    assert!(!shown(&desk));
}

#[test]
fn a_hold_is_as_long_as_it_says_when_the_wall_clock_was_set_back() {
    let mut desk = Desk::holding();
    assert!(!is_sent(&desk.tell(Some(Event::SetBack(HOUR)), SECOND)));
    assert_eq!(desk.0.jobs.held().map(|job| job.seconds_left(desk.0.now.monotonic)).max(), Some(9));
    for second in 2..10 {
        assert!(!is_sent(&desk.tell(None, SECOND)), "after {second} s");
    }
    assert!(is_sent(&desk.tell(None, SECOND)), "it is held still");
}

#[test]
fn a_hold_begins_again_when_nobody_saw_it() {
    for event in [Event::SetAhead(HOUR), Event::Asleep(HOUR), Event::Stopped(HOUR)] {
        let mut desk = Desk::holding();
        assert!(!is_sent(&desk.tell(Some(event), SECOND)), "{event:?}");
        for second in 1..10 {
            assert!(!is_sent(&desk.tell(None, SECOND)), "{event:?}, after {second} s");
        }
        assert!(is_sent(&desk.tell(None, SECOND)), "{event:?}: it is held still");
    }
}

#[test]
fn the_clipboard_is_cleared_on_time_or_when_nobody_was_there() {
    let mut desk = Desk::copied();
    assert_eq!(desk.tell(Some(Event::SetBack(HOUR)), SECOND), []);
    assert_eq!(desk.tell(None, CLIPBOARD.saturating_sub(SECOND * 2)), [], "it was cleared early");
    assert_eq!(desk.tell(None, SECOND), [Effect::ClearClipboard]);
    for event in [Event::SetAhead(HOUR), Event::Asleep(HOUR), Event::Stopped(HOUR)] {
        let mut desk = Desk::copied();
        assert_eq!(desk.tell(Some(event), SECOND), [Effect::ClearClipboard], "{event:?}");
        assert_eq!(desk.tell(None, HOUR), [], "once");
    }
}

#[test]
fn a_notice_stands_long_enough_to_be_read_whatever_the_wall_clock_says() {
    let mut desk = Desk::copied();
    desk.tell(Some(Event::SetAhead(HOUR)), Duration::from_millis(2_400));
    desk.press(&["j"]);
    assert!(desk.0.notices.current().is_some());
    desk.tell(Some(Event::SetBack(HOUR)), Duration::from_millis(100));
    desk.press(&["j"]);
    assert!(desk.0.notices.current().is_none());
}

/// Some time that passes, and a jump of the wall clock in the middle of it.
fn steps() -> impl Strategy<Value = Vec<(Event, Duration)>> {
    let by = || (0_u64..7_200_000).prop_map(Duration::from_millis);
    let little = || (0_u64..8_000).prop_map(Duration::from_millis);
    let event = prop_oneof![
        by().prop_map(Event::SetBack),
        little().prop_map(Event::SetBack),
        by().prop_map(Event::SetAhead),
        little().prop_map(Event::Asleep),
        little().prop_map(Event::Stopped),
    ];
    let passed = (0_u64..3_000).prop_map(Duration::from_millis);
    prop::collection::vec((event, passed), 1..30)
}

/// Whether the machine was asleep, or looks like it.
fn is_away(event: Event) -> bool {
    matches!(event, Event::SetAhead(by) | Event::Asleep(by) if by > Duration::from_secs(5))
}

proptest! {
    #[test]
    fn a_reveal_never_outlasts_its_time(steps in steps()) {
        let mut desk = Desk::revealed();
        let began = desk.0.now.monotonic;
        let mut away = false;
        for (event, passed) in steps {
            desk.tell(Some(event), passed);
            away |= is_away(event);
            let on_time = desk.0.now.monotonic.since(began) < REVEAL;
            prop_assert_eq!(desk.shows(), on_time && !away, "after {:?}", event);
        }
    }

    #[test]
    fn nothing_is_sent_before_its_hold_has_passed(steps in steps()) {
        let mut desk = Desk::holding();
        let mut began = desk.0.now.monotonic;
        for (event, passed) in steps {
            let before = desk.0.now.monotonic;
            let sent = is_sent(&desk.tell(Some(event), passed));
            let now = desk.0.now.monotonic;
            if is_away(event) || now.since(before) > Duration::from_secs(5) {
                began = now;
            }
            prop_assert_eq!(sent, now.since(began) >= HOLD, "after {:?}", event);
            if sent {
                break;
            }
        }
    }
}
