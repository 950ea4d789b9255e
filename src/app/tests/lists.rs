//! What is asked of lists that are not what they should be, while nobody presses a key.

use serde_json::json;

use crate::actions::Keymap;
use crate::app::geometry::Size;
use crate::app::{Answer, Connection, Effect, Model, Msg, Request, Settings, TaskId, update};
use crate::catalog::fixtures::{page, report, session};
use crate::clock::fixtures::noon;
use crate::identity::{ListPage, Report, Session, SessionId};

/// A dashboard on a server that answers every list by these.
struct Desk<S, R> {
    model: Model,
    sessions: S,
    reports: R,
    /// How often each list was asked for.
    asked: (usize, usize),
}

impl<S: FnMut(usize) -> ListPage<Session>, R: FnMut(usize) -> ListPage<Report>> Desk<S, R> {
    fn open(sessions: S, reports: R) -> Self {
        let model = Model::new(Settings::default(), Keymap::default(), Size { cols: 120, rows: 40 }, noon());
        let mut desk = Self { model, sessions, reports, asked: (0, 0) };
        desk.tell(Msg::Connected(Connection { label: "test".into(), live: false, sandbox: true }));
        desk
    }

    /// Tells the model something, and goes on until it asks for no more lists.
    fn tell(&mut self, msg: Msg) {
        let mut waiting = vec![msg];
        while let Some(msg) = waiting.pop() {
            for effect in update(&mut self.model, msg) {
                let Effect::Ask(task) = effect else { continue };
                waiting.extend(self.answer(task.id, &task.request));
            }
            assert!(self.asked.0 + self.asked.1 < 1000, "it never ends");
        }
    }

    fn answer(&mut self, task: TaskId, request: &Request) -> Option<Msg> {
        let answer = match request {
            Request::ListSessions(_) => {
                self.asked.0 += 1;
                Answer::Sessions((self.sessions)(self.asked.0))
            }
            Request::ListReports(_) => {
                self.asked.1 += 1;
                Answer::Reports((self.reports)(self.asked.1))
            }
            _ => return None,
        };
        Some(Msg::Reply { task, reads: 0, result: Ok(answer) })
    }

    fn press(&mut self, key: &str) {
        self.tell(Msg::Key(key.parse().expect("a key")));
    }
}

fn one_session(has_more: bool) -> ListPage<Session> {
    page(vec![session("vs_1", 1000, json!({}))], has_more)
}

/// Reports that nobody has seen before, all younger than any session.
fn new_reports(turn: usize) -> ListPage<Report> {
    let id = |number| format!("vr_{turn}_{number}");
    page((0..100).map(|number| report(&id(number), "vs_1", 2000, json!({}))).collect(), true)
}

#[test]
fn one_list_in_circles_does_not_stop_the_other() {
    let reports = |turn| page(vec![report(&format!("vr_{turn}"), "vs_1", 2000, json!({}))], turn < 5);
    let mut desk = Desk::open(|_| one_session(true), reports);
    assert_eq!(desk.asked, (2, 5), "the reports are read to their end");
    assert!(desk.model.list_problem().is_some_and(|problem| problem.text().contains("circles")));
    desk.press("2");
    assert_eq!(desk.model.list_problem(), None, "nothing is wrong with the reports");
    desk.press("1");
    desk.press("j");
    assert_eq!(desk.asked.0, 2, "nothing more is asked by itself");
    desk.press("r");
    assert!(desk.asked.0 > 2, "somebody asks");
}

#[test]
fn reports_that_never_end_are_left_unless_somebody_asks_for_all() {
    let mut desk = Desk::open(|_| one_session(false), new_reports);
    assert_eq!(desk.asked.1, 10, "ten for each session of a page");
    desk.press("j");
    assert_eq!(desk.asked.1, 10);
}

#[test]
fn the_attempts_of_a_session_are_its_own() {
    let of = |id: &str, other: &str| {
        page(vec![report("vr_1", id, 2000, json!({})), report("vr_2", other, 2000, json!({}))], false)
    };
    let mut desk = Desk::open(|_| one_session(false), |_| page(Vec::new(), false));
    let id = SessionId::new("vs_1");
    let (task, _) = desk
        .model
        .ask(crate::app::replies::Purpose::Attempts(id.clone()), crate::app::feed::attempts_of(&id));
    desk.tell(Msg::Reply { task, reads: 0, result: Ok(Answer::Reports(of("vs_1", "vs_2"))) });
    assert_eq!(desk.model.catalog.reports().len(), 1);
}
