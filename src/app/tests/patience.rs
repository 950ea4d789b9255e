//! What is read and does not come: said once, tried again by itself, and stopped by a key.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use crate::actions::{Key, Keymap};
use crate::app::geometry::Size;
use crate::app::{
    Answer, Connection, Effect, Model, Msg, Problem, ProblemKind, Request, Settings, TaskId, update,
};
use crate::catalog::fixtures::{page, session};
use crate::changes::Trouble;
use crate::clock::Now;
use crate::clock::fixtures::noon;
use crate::identity::ApiError;

const SECOND: Duration = Duration::from_secs(1);

/// How requests end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Api {
    Answers,
    Fails(Trouble),
    RefusesTheKey,
}

/// A dashboard, and the requests that it waits for.
struct Desk {
    model: Model,
    open: Vec<(TaskId, Request)>,
    /// How many lists were asked for.
    asked: usize,
}

impl Desk {
    fn new() -> Self {
        let model = Model::new(Settings::default(), Keymap::default(), Size { cols: 120, rows: 40 }, noon());
        let mut desk = Self { model, open: Vec::new(), asked: 0 };
        desk.tell(Msg::Connected(Connection { label: "test".into(), live: false, sandbox: true }));
        desk
    }

    fn tell(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg) {
            let Effect::Ask(task) = effect else { continue };
            match task.request {
                Request::Stop(stopped) => self.open.retain(|(id, _)| !stopped.contains(id)),
                Request::ListSessions(_) | Request::ListReports(_) => {
                    self.asked += 1;
                    self.open.push((task.id, task.request));
                }
                _ => {}
            }
        }
    }

    /// Ends what is waited for now, and what is asked for because of that.
    fn end(&mut self, api: Api) {
        while let Some((task, request)) = self.open.pop() {
            let answer = match request {
                Request::ListSessions(_) => {
                    Answer::Sessions(page(vec![session("vs_1", 1000, json!({}))], false))
                }
                _ => Answer::Reports(page(Vec::new(), false)),
            };
            let result = match api {
                Api::Answers => Ok(answer),
                Api::Fails(trouble) => {
                    Err(Problem::new(ProblemKind::Other, "It failed.").with_trouble(Some(trouble)))
                }
                Api::RefusesTheKey => Err(refused()),
            };
            self.tell(Msg::Reply { task, reads: 0, result });
        }
    }

    fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds {
            let Now { wall, monotonic } = self.model.now;
            self.tell(Msg::Clock(Now { wall: wall.plus(SECOND), monotonic: monotonic.plus(SECOND) }));
        }
    }

    fn press(&mut self, key: &str) {
        let key: Key = key.parse().expect("a key");
        self.tell(Msg::Key(key));
    }

    fn said(&self) -> Vec<&str> {
        self.model.notices.log().iter().rev().map(|notice| notice.text.as_str()).collect()
    }
}

fn refused() -> Problem {
    let body = json!({ "type": "invalid_request_error", "message": "No." });
    let error = ApiError::of(401, body);
    Problem::new(ProblemKind::Refused(Box::new(error)), "The key is refused.")
}

const TROUBLES: [Trouble; 4] =
    [Trouble::RateLimited, Trouble::Failing, Trouble::Silent, Trouble::Unreachable];

#[test]
fn what_passes_is_said_once_and_read_again_later_and_later_until_it_has_passed() {
    for trouble in TROUBLES {
        let mut desk = Desk::new();
        desk.end(Api::Fails(trouble));
        assert_eq!(desk.said(), ["It failed."], "{trouble:?}");
        for wait in [5, 10, 20, 40, 60, 60, 60] {
            assert_eq!(desk.model.again_in(), Some(wait), "{trouble:?}");
            desk.pass(wait - 1);
            assert!(desk.open.is_empty(), "asked too early");
            desk.pass(1);
            assert!(!desk.open.is_empty(), "not asked again");
            desk.end(Api::Fails(trouble));
        }
        assert_eq!(desk.said(), ["It failed."], "{trouble:?}");
        desk.pass(60);
        desk.end(Api::Answers);
        assert_eq!(desk.said(), ["It failed.", "The API answers again."]);
        assert_eq!((desk.model.again_in(), desk.model.list_problem()), (None, None));
        assert_eq!(desk.model.wake_at(), None, "quiet when all is well");
        assert_eq!(desk.model.catalog.sessions().len(), 1);
    }
}

#[test]
fn a_refusal_is_said_once_and_asked_again_by_hand_only() {
    let mut desk = Desk::new();
    desk.end(Api::RefusesTheKey);
    desk.pass(600);
    assert_eq!(desk.said(), ["The key is refused."]);
    assert_eq!((desk.model.again_in(), desk.model.wake_at()), (None, None));
    desk.press("r");
    desk.end(Api::RefusesTheKey);
    assert_eq!(desk.said().len(), 2, "whoever asks gets an answer");
}

#[test]
fn nobody_is_asked_while_nobody_looks() {
    let mut desk = Desk::new();
    desk.end(Api::Fails(Trouble::Silent));
    desk.tell(Msg::Focus(false));
    assert_eq!(desk.model.wake_at(), None);
    desk.pass(600);
    assert!(desk.open.is_empty());
    desk.tell(Msg::Focus(true));
    assert!(!desk.open.is_empty(), "somebody is back");
}

#[test]
fn a_key_stops_what_is_waited_for_and_what_would_be_tried_again() {
    for waits in [true, false] {
        let mut desk = Desk::new();
        if !waits {
            desk.end(Api::Fails(Trouble::RateLimited));
        }
        desk.pass(3);
        assert!(desk.model.can_stop());
        desk.press("esc");
        assert!(desk.open.is_empty() && !desk.model.is_loading() && !desk.model.can_stop());
        let asked = desk.asked;
        desk.pass(600);
        assert_eq!((desk.asked, desk.model.wake_at()), (asked, None));
        desk.press("r");
        assert!(!desk.open.is_empty(), "by hand it goes on");
        desk.end(Api::Answers);
        assert_eq!(desk.model.catalog.sessions().len(), 1);
        assert_eq!(desk.model.list_problem(), None);
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Pass(u64),
    End(Api),
    Press(&'static str),
    Focus(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..70u64).prop_map(Step::Pass),
        Just(Step::End(Api::Answers)),
        proptest::sample::select(&TROUBLES[..]).prop_map(|trouble| Step::End(Api::Fails(trouble))),
        Just(Step::End(Api::RefusesTheKey)),
        proptest::sample::select(&["r", "esc", "L", "2", "1", "j"][..]).prop_map(Step::Press),
        any::<bool>().prop_map(Step::Focus),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_it_ends_well_once_the_api_answers(steps in proptest::collection::vec(step(), 0..40)) {
        let mut desk = Desk::new();
        for step in steps {
            match step {
                Step::Pass(seconds) => {
                    let before = desk.asked;
                    desk.pass(seconds);
                    // Two lists, a page and a refresh each, every five seconds at most.
                    prop_assert!(desk.asked - before <= 4 * (1 + usize::try_from(seconds).unwrap() / 5));
                }
                Step::End(api) => desk.end(api),
                Step::Press(key) => desk.press(key),
                Step::Focus(here) => desk.tell(Msg::Focus(here)),
            }
        }
        desk.tell(Msg::Focus(true));
        desk.press("1");
        desk.press("r");
        desk.end(Api::Answers);
        prop_assert!(desk.open.is_empty() && !desk.model.can_stop());
        prop_assert_eq!(desk.model.list_problem(), None);
        prop_assert_eq!(desk.model.catalog.sessions().len(), 1);
    }
}
