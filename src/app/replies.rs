//! What a reply changes: each request was asked for a purpose, and the purpose decides.

use crate::actions::Action;
use crate::clock::Timestamp;
use crate::identity::{ApiError, ListPage, Report, Session, SessionId};

use super::feed::{Which, attempts_of, leads_nowhere, report_page, session_page};
use super::msg::{Answer, Effect, Request, Task, TaskId};
use super::notice::{Level, Notice};
use super::problem::Problem;
use crate::journal::JobId;

use super::{Dialog, Form, Model, Page, Pane, Unveil};

/// What a request was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The next older page of sessions.
    PageSessions,
    /// The next older page of reports.
    PageReports,
    /// Pages of sessions from the newest, down to this age; `newest` is the first object of the first page.
    RefreshSessions { until: Timestamp, newest: Option<Timestamp> },
    /// Pages of reports from the newest, down to this age.
    RefreshReports { until: Timestamp, newest: Option<Timestamp> },
    /// The details of a session.
    Retrieve(SessionId),
    /// The reports of a session.
    Attempts(SessionId),
    /// The hosted URL of a session, to be handed over.
    Link(SessionId, Handover),
    /// A new session.
    Create,
    /// Changes to a session.
    Update(SessionId),
    /// Writing a job down.
    Hold(JobId),
    /// Sending what is left of a job.
    RunJob(JobId),
    /// Forgetting what was not sent of a job.
    DropJob(JobId),
    /// Stopping a job.
    Halt,
    /// A submission in the sandbox.
    Submit(SessionId, String),
    /// Personal data in plain text.
    Unveil(Unveil),
    /// Whether the redaction of a session that is due has come to its end.
    Due(SessionId),
    /// Writing down when a redaction came to its end.
    NoteErasure(SessionId),
    /// The audit.
    Audit,
    /// A file: what is written to it, as people read it.
    Export(String),
}

/// What to do with a hosted URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handover {
    Copy,
    Open,
}

impl Purpose {
    /// The session it changes and how that is said while it goes on.
    pub(super) fn changing(&self) -> Option<(&SessionId, &'static str)> {
        match self {
            Self::Update(id) => Some((id, "updating")),
            Self::Submit(id, _) => Some((id, "submitting")),
            _ => None,
        }
    }

    /// Whether the program may not end before it was answered.
    pub(super) fn is_change(&self) -> bool {
        matches!(self, Self::Create | Self::Export(_)) || self.changing().is_some()
    }

    /// Whether it is about a job.
    pub(super) const fn is_job(&self) -> bool {
        matches!(self, Self::Hold(_) | Self::RunJob(_) | Self::DropJob(_) | Self::Halt)
    }

    /// Whether it only reads lists and records, for the screen: it may be given up at any time.
    pub(super) const fn is_read(&self) -> bool {
        self.is_list() || matches!(self, Self::Retrieve(_) | Self::Attempts(_))
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
        if purpose.is_read() {
            self.patience.begin(self.now.monotonic);
        }
        self.tasks.insert(id, purpose);
        (id, Effect::Ask(Task { id, via: self.pressed.word(), request }))
    }

    /// Asks, unless the same is on its way already.
    pub(super) fn ask_once(&mut self, purpose: Purpose, request: Request) -> Option<Effect> {
        let asked = self.tasks.values().any(|running| *running == purpose);
        (!asked).then(|| self.ask(purpose, request).1)
    }

    /// Asks for the details of a session.
    pub(super) fn retrieve(&mut self, id: &SessionId) -> Option<Effect> {
        self.fetch_failed.take_if(|failed| failed == id);
        self.ask_once(Purpose::Retrieve(id.clone()), Request::Retrieve(id.clone()))
    }

    /// Asks for every report of a session.
    pub(super) fn attempts(&mut self, id: &SessionId) -> Option<Effect> {
        self.ask_once(Purpose::Attempts(id.clone()), attempts_of(id))
    }

    pub(super) fn say(&mut self, notice: Notice) {
        let _number = self.notices.post(self.now, notice);
    }

    /// Whether something is being changed right now.
    pub(super) fn is_changing(&self) -> bool {
        self.tasks.values().any(Purpose::is_change) || self.is_job_busy()
    }

    /// Takes the reply to a request; one that nobody waits for changes nothing.
    pub(super) fn take_reply(&mut self, task: TaskId, result: Result<Answer, Problem>) -> Vec<Effect> {
        let Some(purpose) = self.tasks.remove(&task) else { return Vec::new() };
        self.feed.ended(task);
        let written = purpose.is_change() || matches!(purpose, Purpose::Unveil(_) | Purpose::NoteErasure(_));
        if purpose.is_read() {
            let more = self.tasks.values().any(Purpose::is_read);
            self.patience.ended(more, self.now.monotonic);
        }
        let mut effects = match result {
            Ok(answer) => self.take_answer(task, purpose, answer),
            Err(problem) => self.take_problem(task, purpose, problem),
        };
        self.select_rows();
        effects.extend(self.feed());
        if self.feed.problem().is_none() && !self.is_loading() && self.patience.all_is_well() {
            self.say(Notice::new(Level::Done, "The API answers again."));
        }
        effects.extend(self.follow_redactions());
        if written {
            effects.extend(self.audit_grew());
        }
        if self.leaving && !self.is_changing() && !self.jobs.is_holding() {
            effects.push(Effect::Quit);
        }
        effects
    }

    fn take_answer(&mut self, task: TaskId, purpose: Purpose, answer: Answer) -> Vec<Effect> {
        match (purpose, answer) {
            (Purpose::PageSessions, Answer::Sessions(page)) => {
                self.synced_at = Some(self.now.wall);
                let newest = page.data.first().map(|session| session.created);
                self.feed.session_mark = self.feed.session_mark.or(newest);
                let circles = leads_nowhere(&mut self.feed.paged.sessions, &page);
                let page = self.without_stale_sessions(task, page);
                self.see_redactions(&page.data);
                self.catalog.take_sessions(page, true);
                if circles {
                    self.went_in_circles(Which::Sessions);
                }
                Vec::new()
            }
            (Purpose::PageReports, Answer::Reports(page)) => {
                let newest = page.data.first().map(|report| report.created);
                self.feed.report_mark = self.feed.report_mark.or(newest);
                let circles = leads_nowhere(&mut self.feed.paged.reports, &page);
                let page = self.without_stale_reports(task, page);
                self.catalog.take_reports(page, true);
                if circles {
                    self.went_in_circles(Which::Reports);
                }
                Vec::new()
            }
            (Purpose::RefreshSessions { until, newest }, Answer::Sessions(page)) => {
                self.refresh_sessions(task, until, newest, page).into_iter().collect()
            }
            (Purpose::RefreshReports { until, newest }, Answer::Reports(page)) => {
                self.refresh_reports(task, until, newest, page).into_iter().collect()
            }
            (Purpose::Attempts(id), Answer::Reports(mut page)) => {
                // A server that ignores the filter brings those of others.
                page.data.retain(|report| report.verification_session.as_ref() == Some(&id));
                let page = self.without_stale_reports(task, page);
                self.catalog.take_attempts(page.data);
                Vec::new()
            }
            (Purpose::Retrieve(id) | Purpose::Due(id), Answer::Session(session, _)) => {
                if !self.is_stale(task, &id) {
                    self.see_redactions([&*session]);
                    self.catalog.take_session(*session);
                    self.fill_field_menu();
                }
                Vec::new()
            }
            (Purpose::Unveil(unveil), Answer::Unveiled(fetched)) => {
                self.unveiled(unveil, fetched);
                Vec::new()
            }
            (Purpose::Audit, Answer::Audit(log)) => {
                self.take_audit(*log);
                Vec::new()
            }
            (Purpose::Export(what), Answer::Exported(path)) => {
                self.exported(task, &what, &path);
                Vec::new()
            }
            (Purpose::Link(id, handover), Answer::Session(session, _)) => {
                let stale = self.is_stale(task, &id);
                self.hand_over(handover, *session, stale)
            }
            (Purpose::Create, Answer::Session(session, request_id)) => {
                self.created(task, *session, request_id)
            }
            (Purpose::Update(id), Answer::Session(session, request_id)) => {
                self.close_form(task);
                self.say(done(format!("Updated {id}."), &id, request_id));
                self.take_changed(*session);
                Vec::new()
            }
            (Purpose::Hold(id), Answer::Job) => self.job_written(&id),
            (Purpose::RunJob(id), Answer::Job) => self.job_ran(&id, Ok(())),
            (Purpose::DropJob(_) | Purpose::Halt, Answer::Job) | (Purpose::NoteErasure(_), Answer::Noted) => {
                Vec::new()
            }
            (Purpose::Submit(id, outcome), Answer::Session(session, request_id)) => {
                self.say(done(format!("Submitted {id}: {outcome}."), &id, request_id));
                self.take_changed(*session);
                self.attempts(&id).into_iter().collect()
            }
            (purpose, answer) => {
                debug_assert!(false, "{answer:?} does not answer {purpose:?}");
                Vec::new()
            }
        }
    }

    /// Takes a session as a change left it. What was asked before that is older news from now on.
    pub(super) fn take_changed(&mut self, session: Session) {
        self.changed.insert(session.id.clone(), TaskId(self.next_task));
        self.redaction_begun(&session);
        self.catalog.take_session(session);
    }

    /// Whether what `task` read of a session is older than what a change here made of it.
    fn is_stale(&self, task: TaskId, session: &SessionId) -> bool {
        self.changed.get(session).is_some_and(|mark| task < *mark)
    }

    fn without_stale_sessions(&self, task: TaskId, mut page: ListPage<Session>) -> ListPage<Session> {
        for session in &mut page.data {
            if self.is_stale(task, &session.id)
                && let Some(known) = self.catalog.session(&session.id)
            {
                *session = known.clone();
            }
        }
        page
    }

    fn without_stale_reports(&self, task: TaskId, mut page: ListPage<Report>) -> ListPage<Report> {
        for report in &mut page.data {
            let stale = report.verification_session.as_ref().is_some_and(|id| self.is_stale(task, id));
            if stale && let Some(known) = self.catalog.report(&report.id) {
                *report = known.clone();
            }
        }
        page
    }

    /// Goes on refreshing until a page reaches `until`; then nothing is missing up to the newest object seen.
    fn refresh_sessions(
        &mut self,
        task: TaskId,
        until: Timestamp,
        newest: Option<Timestamp>,
        page: ListPage<Session>,
    ) -> Option<Effect> {
        self.synced_at = Some(self.now.wall);
        let newest = newest.or_else(|| page.data.first().map(|session| session.created));
        let circles = leads_nowhere(&mut self.feed.refreshed.sessions, &page);
        let next = page.data.last().filter(|last| page.has_more && last.created > until);
        let next = next.map(|last| last.id.clone());
        let page = self.without_stale_sessions(task, page);
        self.see_redactions(&page.data);
        self.catalog.take_sessions(page, false);
        if circles {
            self.went_in_circles(Which::Sessions);
            return None;
        }
        let Some(after) = next else {
            self.feed.session_mark = newest.or(self.feed.session_mark);
            return None;
        };
        Some(self.ask(Purpose::RefreshSessions { until, newest }, session_page(Some(after))).1)
    }

    /// The same for reports.
    fn refresh_reports(
        &mut self,
        task: TaskId,
        until: Timestamp,
        newest: Option<Timestamp>,
        page: ListPage<Report>,
    ) -> Option<Effect> {
        let newest = newest.or_else(|| page.data.first().map(|report| report.created));
        let circles = leads_nowhere(&mut self.feed.refreshed.reports, &page);
        let next = page.data.last().filter(|last| page.has_more && last.created > until);
        let next = next.map(|last| last.id.clone());
        let page = self.without_stale_reports(task, page);
        self.catalog.take_reports(page, false);
        if circles {
            self.went_in_circles(Which::Reports);
            return None;
        }
        let Some(after) = next else {
            self.feed.report_mark = newest.or(self.feed.report_mark);
            return None;
        };
        Some(self.ask(Purpose::RefreshReports { until, newest }, report_page(Some(after))).1)
    }

    /// The new session is shown, unless the person has turned to something else meanwhile.
    fn created(&mut self, task: TaskId, session: Session, request_id: Option<String>) -> Vec<Effect> {
        let id = session.id.clone();
        let waiting = self.close_form(task);
        let key = self.keymap.label(Action::CopyLink);
        self.say(
            done(format!("Created {id}."), &id, request_id).hint(format!("{key} copies its hosted URL.")),
        );
        self.take_changed(session);
        if waiting {
            self.page = Page::Sessions;
            self.pane = Pane::List;
            self.show_session(&id);
        }
        Vec::new()
    }

    /// What was read of a person before is not shown any more.
    pub(super) fn forget_revealed(&mut self, id: &SessionId) {
        if self.reveal.as_ref().is_some_and(|reveal| reveal.session == *id) {
            self.leave_record();
        }
    }

    fn take_problem(&mut self, task: TaskId, purpose: Purpose, mut problem: Problem) -> Vec<Effect> {
        if let Some(session) = problem.take_session() {
            self.take_changed(*session);
        }
        if purpose.is_change() || purpose.is_job() {
            // Whoever wanted to leave has to see this first.
            self.leaving = false;
        }
        if let Purpose::Retrieve(id) = &purpose {
            if is_gone(&problem) {
                self.marked.remove(id);
            }
            self.fetch_failed = Some(id.clone());
        }
        match purpose {
            purpose if purpose.is_list() => {
                self.patience.failed(problem.trouble(), self.now.monotonic);
                self.feed.failed(problem.clone());
                self.say_once(problem, None);
            }
            Purpose::Create | Purpose::Update(_) => self.form_failed(task, problem),
            Purpose::Audit => self.audit_not_read(problem),
            Purpose::Export(_) => self.not_exported(task, problem),
            Purpose::Unveil(unveil) => self.not_unveiled(unveil, problem),
            Purpose::Retrieve(id) | Purpose::Attempts(id) => self.say_once(problem, Some(&id)),
            Purpose::Link(id, _) | Purpose::Submit(id, _) => {
                self.say(Notice::problem(problem).about(&id));
            }
            Purpose::NoteErasure(id) => self.say(Notice::problem(problem).about(&id)),
            Purpose::Hold(id) => self.job_not_written(&id, problem),
            Purpose::RunJob(id) => return self.job_ran(&id, Err(problem)),
            Purpose::DropJob(_) | Purpose::Halt => self.say(Notice::problem(problem)),
            // What is due is looked for again at the next start.
            Purpose::Due(_)
            | Purpose::PageSessions
            | Purpose::PageReports
            | Purpose::RefreshSessions { .. }
            | Purpose::RefreshReports { .. } => {}
        }
        Vec::new()
    }

    /// Says a problem, unless it is one of several requests that fail for the same cause.
    fn say_once(&mut self, problem: Problem, about: Option<&SessionId>) {
        if !self.patience.is_news(&problem) {
            return;
        }
        let notice = Notice::problem(problem);
        if let Some(id) = about {
            return self.say(notice.about(id));
        }
        let number = self.notices.post(self.now, notice);
        self.patience.said_in(number);
    }

    /// The form that `task` sent, wherever it lies among the dialogs.
    fn form_of(&mut self, task: TaskId) -> Option<&mut Form> {
        self.dialogs.iter_mut().find_map(|dialog| match dialog {
            Dialog::Form(form) if form.sending == Some(task) => Some(form.as_mut()),
            _ => None,
        })
    }

    /// Shows the API's complaint where it belongs; what was typed stays.
    fn form_failed(&mut self, task: TaskId, problem: Problem) {
        if let Some(form) = self.form_of(task) {
            form.sending = None;
            let (message, param) = match problem.api() {
                Some(error) => (error.message.to_string(), error.param.as_deref()),
                None => (format!("{} {}", problem.text(), problem.hint().unwrap_or_default()), None),
            };
            if !param.is_some_and(|param| form.blame(param, &message)) {
                let id = problem.request_id().map(|id| format!(" ({id})")).unwrap_or_default();
                form.error = Some(format!("{message}{id}"));
            }
        }
        self.say(Notice::problem(problem));
    }

    /// Closes the form that `task` sent. Says whether it was still open.
    fn close_form(&mut self, task: TaskId) -> bool {
        let count = self.dialogs.len();
        self.dialogs.retain(|dialog| !matches!(dialog, Dialog::Form(form) if form.sending == Some(task)));
        self.dialogs.len() < count
    }
}

/// Whether the API says that there is no such object.
fn is_gone(problem: &Problem) -> bool {
    problem.api().is_some_and(ApiError::names_missing_object)
}

pub(super) fn done(text: String, id: &SessionId, request_id: Option<String>) -> Notice {
    Notice::new(Level::Done, text).about(id).request(request_id)
}
