//! Which pages of the lists are asked for, and when: lazily, as one scrolls, and never twice.

use std::hash::Hash;

use crate::clock::Timestamp;
use crate::identity::params::{ListReports, ListSessions, Paging};
use crate::identity::{HasId, ListPage, Progress, ReportId, SessionId};

use super::msg::{Effect, Request, TaskId};
use super::replies::Purpose;
use super::{Link, Model, Notice, Page, Problem, ProblemKind};

/// Objects in a page: the most that the API gives.
pub(super) const PAGE: u8 = 100;

/// How many reports a session has at most, as a rule: more are loaded only where somebody asks.
const REPORTS_OF_ONE: usize = 10;

/// What is being loaded, and what stopped it.
#[derive(Debug, Default)]
pub(super) struct Feed {
    sessions: Option<TaskId>,
    reports: Option<TaskId>,
    /// Load both lists to their ends.
    all: bool,
    /// Somebody moved towards the end of the rows: one more page.
    more: bool,
    /// The newest object up to which nothing is missing in between: refreshing reaches back to it.
    pub(super) session_mark: Option<Timestamp>,
    pub(super) report_mark: Option<Timestamp>,
    problem: Option<Problem>,
    /// Why nothing more is asked of one list, while the other goes on.
    stuck_sessions: Option<Problem>,
    stuck_reports: Option<Problem>,
    /// What the pages of each list brought, from the newest on.
    pub(super) paged: Walk,
    /// The same since the lists were last refreshed.
    pub(super) refreshed: Walk,
}

/// What the pages of both lists brought.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) sessions: Progress,
    pub(super) reports: Progress,
}

/// The list of which something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Sessions,
    Reports,
}

/// Whether a page promises more and brings nothing new: going on would last for ever.
pub(super) fn leads_nowhere<T: HasId<Id: Hash>>(progress: &mut Progress, page: &ListPage<T>) -> bool {
    !progress.note_all(page.data.iter().map(HasId::id)) && page.has_more
}

impl Feed {
    /// Why loading stopped.
    pub(super) const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// Why one list is not whole.
    pub(super) const fn problem_of(&self, which: Which) -> Option<&Problem> {
        match (&self.problem, which) {
            (Some(problem), _) => Some(problem),
            (None, Which::Sessions) => self.stuck_sessions.as_ref(),
            (None, Which::Reports) => self.stuck_reports.as_ref(),
        }
    }

    /// Whether both lists are loaded to their ends.
    pub(super) const fn is_loading_all(&self) -> bool {
        self.all
    }

    /// A page arrived or failed: another may be asked for.
    pub(super) fn ended(&mut self, task: TaskId) {
        self.sessions.take_if(|running| *running == task);
        self.reports.take_if(|running| *running == task);
    }

    /// A page failed. Nothing more is loaded until somebody asks again.
    pub(super) fn failed(&mut self, problem: Problem) {
        // What passes by itself is read to its end afterwards.
        self.all &= problem.trouble().is_some();
        // Several that fail at once are told by the first.
        self.problem.get_or_insert(problem);
    }

    /// Somebody asks again.
    pub(super) fn resume(&mut self) {
        self.problem = None;
        self.stuck_sessions = None;
        self.stuck_reports = None;
    }
}

/// A page of sessions after `after`, or the newest.
pub(super) fn session_page(after: Option<SessionId>) -> Request {
    let paging = Paging { limit: Some(PAGE), starting_after: after, ending_before: None };
    Request::ListSessions(Box::new(ListSessions { paging, ..ListSessions::default() }))
}

/// A page of reports after `after`, or the newest.
pub(super) fn report_page(after: Option<ReportId>) -> Request {
    let paging = Paging { limit: Some(PAGE), starting_after: after, ending_before: None };
    Request::ListReports(Box::new(ListReports { paging, ..ListReports::default() }))
}

/// Every report of one session.
pub(super) fn attempts_of(session: &SessionId) -> Request {
    Request::ListReports(Box::new(ListReports {
        verification_session: Some(session.clone()),
        paging: Paging { limit: Some(PAGE), ..Paging::default() },
        ..ListReports::default()
    }))
}

impl Model {
    /// Asks for the pages that are wanted now.
    pub(super) fn feed(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !matches!(self.link, Link::Up(_)) || self.feed.problem.is_some() {
            return effects;
        }
        if self.feed.sessions.is_none() && self.wants_sessions() {
            let after = self.catalog.sessions().cursor().cloned();
            let effect = self.ask(Purpose::PageSessions, session_page(after));
            self.feed.sessions = Some(effect.0);
            self.feed.more = false;
            effects.push(effect.1);
        }
        if self.feed.reports.is_none() && self.wants_reports() {
            let after = self.catalog.reports().cursor().cloned();
            let effect = self.ask(Purpose::PageReports, report_page(after));
            self.feed.reports = Some(effect.0);
            self.feed.more = false;
            effects.push(effect.1);
        }
        effects
    }

    /// A list goes in circles. What came of it stays, and nothing more is asked until somebody asks.
    pub(super) fn went_in_circles(&mut self, which: Which) {
        let (nouns, stuck) = match which {
            Which::Sessions => ("sessions", &mut self.feed.stuck_sessions),
            Which::Reports => ("reports", &mut self.feed.stuck_reports),
        };
        // Fits a line of 80 columns.
        let text = format!("The list of {nouns} goes in circles: all that follows came before.");
        let problem = Problem::new(ProblemKind::Other, text)
            .with_hint("What is shown is good. Ask again later, and tell whoever runs that API.");
        *stuck = Some(problem.clone());
        let number = self.notices.post(self.now, Notice::problem(problem));
        self.patience.said_in(number);
    }

    /// Somebody moved: one more page, if the end of the rows is near.
    pub(super) fn feed_more(&mut self) -> Vec<Effect> {
        let view = match self.page {
            Page::Sessions => &self.sessions.view,
            Page::Reports => &self.reports.view,
            Page::Activity | Page::Audit | Page::Jobs => return self.feed(),
        };
        self.feed.more = self.is_near_end(view.at(), view.rows().len());
        self.feed()
    }

    /// Asks for both lists to their ends.
    pub(super) fn feed_all(&mut self) -> Vec<Effect> {
        self.feed.resume();
        self.patience.asked_by_hand();
        self.feed.all = true;
        if self.catalog.sessions().is_complete() && self.catalog.reports().is_complete() {
            // Everything was loaded once: what has come in between is found by reading all of it again.
            return self.refresh_until(Timestamp::MIN);
        }
        self.feed()
    }

    fn wants_sessions(&self) -> bool {
        let list = self.catalog.sessions();
        !list.is_complete()
            && self.feed.stuck_sessions.is_none()
            && (self.feed.all
                || list.len() < self.settings.prefetch_pages.max(1) * usize::from(PAGE)
                || (self.page == Page::Sessions && self.feed.more))
    }

    fn wants_reports(&self) -> bool {
        let list = self.catalog.reports();
        let sessions = self.catalog.sessions();
        let usual = REPORTS_OF_ONE * sessions.len().max(usize::from(PAGE));
        !list.is_complete()
            && self.feed.stuck_reports.is_none()
            && (self.feed.all
                || !list.is_started()
                || (sessions.is_started() && !self.catalog.reports_cover_sessions() && list.len() < usual)
                || (self.page == Page::Reports && self.feed.more))
    }

    /// Whether fewer than two screens of rows are left below the cursor.
    fn is_near_end(&self, at: usize, rows: usize) -> bool {
        rows.saturating_sub(at) <= 2 * usize::from(self.list_height())
    }

    /// Reads again what is on screen: from the newest object down to the oldest one that is visible.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        self.feed.resume();
        self.patience.asked_by_hand();
        if self.page == Page::Audit {
            return self.read_audit();
        }
        let is_refreshing = self.tasks.values().any(Purpose::is_refresh);
        let mut effects = self.refresh_lists();
        if !matches!(self.link, Link::Up(_)) || is_refreshing {
            return effects;
        }
        if let Some(id) = self.subject().map(|session| session.id.clone()) {
            effects.extend(self.retrieve(&id));
        }
        effects
    }

    /// Reads both lists again as far as they are on screen, and on as far as is wanted.
    pub(super) fn refresh_lists(&mut self) -> Vec<Effect> {
        let mut effects = self.feed();
        if matches!(self.link, Link::Up(_)) {
            let visible = self.oldest_visible();
            effects.extend(self.refresh_until(visible));
        }
        effects
    }

    /// Reads both lists from the newest objects down to those created at `visible`, or where something may be missing.
    fn refresh_until(&mut self, visible: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.tasks.values().any(Purpose::is_refresh) {
            return effects;
        }
        self.feed.refreshed = Walk::default();
        if self.catalog.sessions().is_started() {
            let until = self.feed.session_mark.map_or(visible, |mark| mark.min(visible));
            effects.push(self.ask(Purpose::RefreshSessions { until, newest: None }, session_page(None)).1);
        }
        if self.catalog.reports().is_started() {
            let until = self.feed.report_mark.map_or(visible, |mark| mark.min(visible));
            effects.push(self.ask(Purpose::RefreshReports { until, newest: None }, report_page(None)).1);
        }
        effects
    }

    /// When the oldest object on screen was created.
    fn oldest_visible(&self) -> Timestamp {
        let height = self.list_height();
        let sessions = self.sessions.view.visible(height).last();
        let reports = self.reports.view.visible(height).last();
        let oldest = match self.page {
            Page::Sessions => sessions.map(|slot| self.catalog.sessions().at(*slot).created),
            Page::Reports => reports.map(|slot| self.catalog.reports().at(*slot).created),
            Page::Activity | Page::Audit | Page::Jobs => None,
        };
        oldest.unwrap_or(Timestamp::MAX)
    }
}
