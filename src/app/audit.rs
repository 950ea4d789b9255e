//! The audit as a page: its lines, newest first, a search in them, and whether the chain holds.

use crate::identity::SessionId;
use crate::journal::{Line, Verdict};
use crate::text::fold;

use super::msg::{Effect, Request};
use super::notice::{Level, Notice};
use super::problem::Problem;
use super::replies::Purpose;
use super::{Link, Model, Page, SearchBox};

/// What the audit held when it was read.
#[derive(Debug)]
pub struct AuditLog {
    /// The newest lines, newest first.
    pub lines: Vec<Line>,
    /// What checking the chain found.
    pub verdict: Verdict,
    /// Where the file is.
    pub path: String,
}

/// The audit page.
#[derive(Default)]
pub struct AuditDesk {
    /// What was read last.
    pub log: Option<AuditLog>,
    /// Why it could not be read.
    pub problem: Option<Problem>,
    /// The search.
    pub search: SearchBox,
    /// The lines that the search leaves, as places in the log.
    rows: Vec<usize>,
    /// The number of the line under the cursor; the newest when there is none.
    chosen: Option<u64>,
    /// Which row is on top.
    pub top: usize,
}

impl AuditDesk {
    /// The lines to be shown, newest first.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Line> {
        let lines = self.log.as_ref().map_or(&[][..], |log| &log.lines);
        self.rows.iter().map(move |at| &lines[*at])
    }

    /// Which row is under the cursor.
    #[must_use]
    pub fn at(&self) -> usize {
        self.chosen.and_then(|seq| self.rows().position(|line| line.seq == seq)).unwrap_or(0)
    }

    /// The line under the cursor.
    #[must_use]
    pub fn line(&self) -> Option<&Line> {
        self.rows().nth(self.at())
    }

    /// What is wrong with the chain, as clauses; nothing where it holds, or was not read yet.
    pub fn breaks(&self) -> impl Iterator<Item = String> {
        self.log.iter().flat_map(|log| log.verdict.breaks.iter().map(ToString::to_string))
    }

    /// How many rows at the top of the list say that the chain is broken.
    #[must_use]
    pub fn banner(&self) -> u16 {
        if self.breaks().next().is_some() { 2 } else { 0 }
    }

    fn choose_rows(&mut self) {
        let words = fold(self.search.input.value());
        let lines = self.log.as_ref().map_or(&[][..], |log| &log.lines);
        self.rows = (0..lines.len()).filter(|at| matches(&lines[*at], &words)).collect();
    }

    fn move_by(&mut self, rows: isize, height: u16) -> bool {
        let before = self.at();
        let at = before.saturating_add_signed(rows).min(self.rows.len().saturating_sub(1));
        let chosen = self.rows().nth(at).map(|line| line.seq);
        self.chosen = chosen;
        self.show(at, height);
        at != before
    }

    fn show(&mut self, at: usize, height: u16) {
        let height = usize::from(height.saturating_sub(self.banner())).max(1);
        self.top = self.top.clamp(at.saturating_sub(height - 1), at);
    }
}

/// Whether every word stands somewhere in the line.
fn matches(line: &Line, words: &str) -> bool {
    let entry = &line.entry;
    let mut text = format!(
        "{} {} {} {} {} {} {} {}",
        line.seq,
        entry.at,
        entry.operator,
        entry.profile,
        entry.mode.as_str(),
        entry.via,
        entry.action,
        entry.result.as_str()
    );
    let some = [&entry.object, &entry.job, &entry.request_id, &entry.idempotency_key, &entry.error_code];
    for word in some.into_iter().flatten().chain(&entry.params) {
        text.push(' ');
        text.push_str(word);
    }
    if let Some(reason) = &entry.reason {
        text.push(' ');
        text.push_str(&reason.code);
        text.push(' ');
        text.push_str(reason.note.as_ref().map_or("", |note| note.as_str()));
    }
    let text = fold(&text);
    words.split_whitespace().all(|word| text.contains(word))
}

impl Model {
    /// Reads the audit and checks its chain.
    pub(super) fn read_audit(&mut self) -> Vec<Effect> {
        if !matches!(self.link, Link::Up(_)) {
            return Vec::new();
        }
        self.ask_once(Purpose::Audit, Request::Audit).into_iter().collect()
    }

    /// Something was written down: a page that shows the audit shows that too.
    pub(super) fn audit_grew(&mut self) -> Vec<Effect> {
        if self.page == Page::Audit { self.read_audit() } else { Vec::new() }
    }

    /// Whether the audit is being read.
    #[must_use]
    pub fn is_reading_audit(&self) -> bool {
        self.tasks.values().any(|purpose| *purpose == Purpose::Audit)
    }

    pub(super) fn take_audit(&mut self, mut log: AuditLog) {
        let first = self.audit.log.is_none();
        let broken = log.verdict.breaks.first().map(ToString::to_string);
        if let Some(broken) = broken.filter(|_| first && self.page != Page::Audit) {
            let text = format!("The audit's chain is broken: {broken}.");
            self.say(Notice::new(Level::Failed, text).hint(WHAT_TO_DO));
        }
        self.redactions_in_audit(&log.lines);
        if self.page != Page::Audit {
            // It was read to be checked. Whoever turns to the page gets it as it is then.
            log.lines = Vec::new();
        }
        self.audit.problem = None;
        self.audit.log = Some(log);
        self.choose_audit_rows();
    }

    pub(super) fn audit_not_read(&mut self, problem: Problem) {
        self.say(Notice::problem(problem.clone()));
        self.audit.problem = Some(problem);
    }

    pub(super) fn choose_audit_rows(&mut self) {
        let height = self.list_height();
        self.audit.choose_rows();
        let at = self.audit.at();
        self.audit.show(at, height);
    }

    pub(super) fn move_audit(&mut self, rows: isize) -> bool {
        let height = self.list_height();
        self.audit.move_by(rows, height)
    }

    /// The session that the line under the cursor is about.
    pub(super) fn audit_session(&self) -> Option<SessionId> {
        let object = self.audit.line()?.entry.object.as_ref()?;
        object.starts_with(SessionId::PREFIX).then(|| SessionId::new(object))
    }
}

/// What is to be done about a broken chain.
pub const WHAT_TO_DO: &str = "Look with `vetty audit verify`, keep copies of audit.jsonl and audit.head, and find out who \
                              could write there. New lines go on being written.";
