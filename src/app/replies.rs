//! What a reply changes: each request was asked for a purpose, and the purpose decides.

use crate::identity::lifecycle::Act;
use crate::identity::{HasId as _, ListPage, Report, Session, SessionId, Timestamp};
use crate::privacy::Secret;

use super::feed::{attempts_of, report_page, session_page};
use super::msg::{Answer, Effect, Problem, ProblemKind, Request, Task, TaskId};
use super::notice::{Level, Notice};
use super::{Dialog, Model, Page, Pane, ShownLink};

/// What a request was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The next older page of sessions.
    PageSessions,
    /// The next older page of reports.
    PageReports,
    /// Pages of sessions from the newest, down to this age.
    RefreshSessions { until: Timestamp },
    /// Pages of reports from the newest, down to this age.
    RefreshReports { until: Timestamp },
    /// The details of a session.
    Retrieve(SessionId),
    /// The reports of a session.
    Attempts,
    /// The hosted URL of a session, to be handed over.
    Link(SessionId, Handover),
    /// A new session.
    Create,
    /// Changes to a session.
    Update(SessionId),
    /// Cancel or redact.
    Act(SessionId, Act),
    /// A submission in the sandbox.
    Submit(SessionId, String),
}

/// What to do with a hosted URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handover {
    Copy,
    Open,
}

/// A text on its way to the clipboard.
#[derive(Debug)]
pub(super) struct Copying {
    pub(super) what: &'static str,
    pub(super) session: SessionId,
    pub(super) text: Secret,
    pub(super) is_link: bool,
}

impl Purpose {
    /// The session it changes and how that is said while it goes on.
    pub(super) fn changing(&self) -> Option<(&SessionId, &'static str)> {
        match self {
            Self::Update(id) => Some((id, "updating")),
            Self::Act(id, Act::Cancel) => Some((id, "canceling")),
            Self::Act(id, _) => Some((id, "redacting")),
            Self::Submit(id, _) => Some((id, "submitting")),
            _ => None,
        }
    }

    /// Whether the program may not end before it was answered.
    pub(super) fn is_change(&self) -> bool {
        *self == Self::Create || self.changing().is_some()
    }

    pub(super) const fn is_refresh(&self) -> bool {
        matches!(self, Self::RefreshSessions { .. } | Self::RefreshReports { .. })
    }

    pub(super) const fn is_list(&self) -> bool {
        matches!(self, Self::PageSessions | Self::PageReports) || self.is_refresh()
    }
}

impl Model {
    /// Names a request and remembers its purpose.
    pub(super) fn ask(&mut self, purpose: Purpose, request: Request) -> (TaskId, Effect) {
        let id = TaskId(self.next_task);
        self.next_task += 1;
        self.tasks.insert(id, purpose);
        (id, Effect::Ask(Task { id, request }))
    }

    /// Asks for the details of a session.
    pub(super) fn retrieve(&mut self, id: &SessionId) -> Effect {
        self.ask(Purpose::Retrieve(id.clone()), Request::Retrieve(id.clone())).1
    }

    fn attempts(&mut self, id: &SessionId) -> Effect {
        self.ask(Purpose::Attempts, attempts_of(id)).1
    }

    pub(super) fn say(&mut self, notice: Notice) {
        self.notices.post(self.now, notice);
    }

    /// Takes the reply to a request; one that nobody waits for changes nothing.
    pub(super) fn take_reply(&mut self, task: TaskId, result: Result<Answer, Problem>) -> Vec<Effect> {
        let Some(purpose) = self.tasks.remove(&task) else { return Vec::new() };
        self.feed.ended(task);
        let mut effects = match result {
            Ok(answer) => self.take_answer(purpose, answer),
            Err(problem) => {
                self.take_problem(purpose, problem);
                Vec::new()
            }
        };
        self.select_rows();
        effects.extend(self.feed());
        if self.leaving && !self.tasks.values().any(Purpose::is_change) {
            effects.push(Effect::Quit);
        }
        effects
    }

    fn take_answer(&mut self, purpose: Purpose, answer: Answer) -> Vec<Effect> {
        match (purpose, answer) {
            (Purpose::PageSessions, Answer::Sessions(page)) => {
                self.synced_at = Some(self.now);
                self.catalog.take_sessions(page, true);
                Vec::new()
            }
            (Purpose::PageReports, Answer::Reports(page)) => {
                self.catalog.take_reports(page, true);
                Vec::new()
            }
            (Purpose::RefreshSessions { until }, Answer::Sessions(page)) => {
                self.refresh_sessions(until, page)
            }
            (Purpose::RefreshReports { until }, Answer::Reports(page)) => self.refresh_reports(until, page),
            (Purpose::Attempts, Answer::Reports(page)) => {
                self.catalog.take_attempts(page.data);
                Vec::new()
            }
            (Purpose::Retrieve(_), Answer::Session(session, _)) => {
                self.catalog.take_session(*session);
                Vec::new()
            }
            (Purpose::Link(_, handover), Answer::Session(session, _)) => self.hand_over(handover, *session),
            (Purpose::Create, Answer::Session(session, request_id)) => self.created(*session, request_id),
            (Purpose::Update(id), Answer::Session(session, request_id)) => {
                self.close_form();
                self.say(done(format!("Updated {id}."), &id, request_id));
                self.catalog.take_session(*session);
                Vec::new()
            }
            (Purpose::Act(id, act), Answer::Session(session, request_id)) => {
                self.acted(act, &id, *session, request_id)
            }
            (Purpose::Submit(id, outcome), Answer::Session(session, request_id)) => {
                self.say(done(format!("Submitted {id}: {outcome}."), &id, request_id));
                self.catalog.take_session(*session);
                vec![self.retrieve(&id), self.attempts(&id)]
            }
            (purpose, answer) => {
                debug_assert!(false, "{answer:?} does not answer {purpose:?}");
                Vec::new()
            }
        }
    }

    /// Goes on refreshing until the page reaches what is visible and something that was known before.
    fn refresh_sessions(&mut self, until: Timestamp, page: ListPage<Session>) -> Vec<Effect> {
        self.synced_at = Some(self.now);
        let known = page.data.iter().any(|session| self.catalog.session(session.id()).is_some());
        let next = page.data.last().filter(|last| page.has_more && !(known && last.created <= until));
        let next = next.map(|last| last.id.clone());
        self.catalog.take_sessions(page, false);
        let again = |id| self.ask(Purpose::RefreshSessions { until }, session_page(Some(id))).1;
        next.map(again).into_iter().collect()
    }

    fn refresh_reports(&mut self, until: Timestamp, page: ListPage<Report>) -> Vec<Effect> {
        let known = page.data.iter().any(|report| self.catalog.report(report.id()).is_some());
        let next = page.data.last().filter(|last| page.has_more && !(known && last.created <= until));
        let next = next.map(|last| last.id.clone());
        self.catalog.take_reports(page, false);
        let again = |id| self.ask(Purpose::RefreshReports { until }, report_page(Some(id))).1;
        next.map(again).into_iter().collect()
    }

    fn created(&mut self, session: Session, request_id: Option<String>) -> Vec<Effect> {
        let id = session.id.clone();
        self.close_form();
        let key = self.keymap.label(crate::actions::Action::CopyLink);
        self.say(
            done(format!("Created {id}."), &id, request_id).hint(format!("{key} copies its hosted URL.")),
        );
        self.catalog.take_session(session);
        self.page = Page::Sessions;
        self.pane = Pane::List;
        self.show_session(&id);
        Vec::new()
    }

    fn acted(
        &mut self,
        act: Act,
        id: &SessionId,
        session: Session,
        request_id: Option<String>,
    ) -> Vec<Effect> {
        let text = match act {
            Act::Redact => format!("Redaction of {id} was accepted; it may take up to four days."),
            _ => format!("Canceled {id}."),
        };
        self.say(done(text, id, request_id));
        self.catalog.take_session(session);
        if self.reveal.as_ref().is_some_and(|reveal| reveal.session == *id) {
            self.reveal = None;
        }
        // What was read of the person before is out of date now, in the reports too.
        match act {
            Act::Redact => vec![self.retrieve(id), self.attempts(id)],
            _ => Vec::new(),
        }
    }

    /// Gives a fresh hosted URL to the clipboard or the browser.
    fn hand_over(&mut self, handover: Handover, mut session: Session) -> Vec<Effect> {
        let url = session.url.take();
        let id = session.id.clone();
        self.catalog.take_session(session);
        let Some(url) = url else {
            let text = format!("{id} has no hosted URL now.");
            let hint = "Only a session that requires input has one; refresh to see its status.";
            self.say(Notice::new(Level::Warning, text).about(&id).hint(hint));
            return Vec::new();
        };
        match handover {
            Handover::Copy => {
                self.copying =
                    Some(Copying { what: "hosted URL", session: id, text: url.clone(), is_link: true });
                vec![Effect::Copy(url)]
            }
            Handover::Open => {
                let text = format!("Opening the hosted URL of {id}; it works once.");
                self.say(Notice::new(Level::Info, text).about(&id));
                self.opening = Some((id, url.clone()));
                vec![Effect::Browse(url)]
            }
        }
    }

    /// The clipboard has the text, or not.
    pub(super) fn copied(&mut self, result: Result<super::ClipboardRoute, String>) {
        let Some(copying) = self.copying.take() else { return };
        let Copying { what, session, text, is_link } = copying;
        match result {
            Ok(route) => {
                let notice =
                    Notice::new(Level::Done, format!("Copied the {what} of {session} by {}.", route.0));
                let hint = if is_link {
                    "It works once, for 48 hours. Give it to nobody but the person."
                } else {
                    ""
                };
                let notice = if is_link { notice.hint(hint) } else { notice };
                self.say(notice.about(&session));
            }
            Err(reason) if is_link => self.offer_link(session, text, reason),
            Err(reason) => {
                self.say(Notice::new(Level::Failed, format!("The {what} was not copied: {reason}")));
            }
        }
    }

    /// The browser did not open.
    pub(super) fn not_opened(&mut self, reason: String) {
        if let Some((session, url)) = self.opening.take() {
            self.offer_link(session, url, reason);
        }
    }

    fn offer_link(&mut self, session: SessionId, url: Secret, reason: String) {
        self.dialogs.push(Dialog::Link(ShownLink { session, url, shown: false, reason }));
        self.dialog_scroll = 0;
    }

    fn take_problem(&mut self, purpose: Purpose, problem: Problem) {
        match purpose {
            purpose if purpose.is_list() => {
                self.feed.failed(problem.clone());
                self.say(Notice::problem(problem));
            }
            Purpose::Create => self.form_failed(problem),
            Purpose::Update(id) => {
                let notice = Notice::problem(problem.clone()).about(&id);
                self.form_failed(problem);
                self.say(notice);
            }
            Purpose::Retrieve(id) | Purpose::Link(id, _) | Purpose::Act(id, _) | Purpose::Submit(id, _) => {
                self.say(Notice::problem(problem).about(&id));
            }
            _ => self.say(Notice::problem(problem)),
        }
    }

    /// Shows the API's complaint where it belongs; what was typed stays.
    fn form_failed(&mut self, problem: Problem) {
        let Some(Dialog::Form(form)) = self.dialogs.last_mut() else {
            self.say(Notice::problem(problem));
            return;
        };
        form.sending = None;
        let message = match &problem.kind {
            ProblemKind::Refused(error) => error.message.to_string(),
            _ => problem.text.clone(),
        };
        let param = match &problem.kind {
            ProblemKind::Refused(error) => error.param.clone(),
            _ => None,
        };
        if !param.is_some_and(|param| form.blame(&param, &message)) {
            let id = problem.request_id.map(|id| format!(" ({id})")).unwrap_or_default();
            form.error = Some(format!("{message}{id}"));
        }
    }

    fn close_form(&mut self) {
        if matches!(self.dialogs.last(), Some(Dialog::Form(_))) {
            self.dialogs.pop();
        }
    }
}

fn done(text: String, id: &SessionId, request_id: Option<String>) -> Notice {
    Notice::new(Level::Done, text).about(id).request(request_id)
}
