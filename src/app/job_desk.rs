//! The jobs page: which job is under the cursor, and what can be done with it.

use crate::actions::Action;
use crate::identity::SessionId;
use crate::journal::Step;
use crate::privacy::Secret;

use super::allow::refuse;
use super::job::{Job, Stage};
use super::msg::{Copying, Effect};
use super::{Link, Model, Page, Why};

/// The jobs page: the jobs of this run, newest first.
#[derive(Debug, Default)]
pub struct JobDesk {
    /// The number of the job under the cursor; the newest when there is none.
    pub(super) chosen: Option<u64>,
    /// Which job is on top.
    pub top: usize,
}

impl Model {
    /// The jobs as the page lists them, newest first.
    pub fn listed_jobs(&self) -> impl ExactSizeIterator<Item = &Job> {
        self.jobs.list().iter().rev()
    }

    /// Which of the listed jobs is under the cursor.
    #[must_use]
    pub fn job_at(&self) -> usize {
        let chosen = self.job_desk.chosen;
        self.listed_jobs().position(|job| Some(job.number) == chosen).unwrap_or(0)
    }

    /// The job under the cursor of the jobs page.
    #[must_use]
    pub fn subject_job(&self) -> Option<&Job> {
        self.listed_jobs().nth(self.job_at()).filter(|_| self.page == Page::Jobs)
    }

    pub(super) fn move_jobs(&mut self, rows: isize) -> bool {
        let height = usize::from(self.list_height()).max(1);
        let before = self.job_at();
        let last = self.jobs.list().len().saturating_sub(1);
        let at = before.saturating_add_signed(rows).min(last);
        let chosen = self.listed_jobs().nth(at).map(|job| job.number);
        self.job_desk.chosen = chosen;
        self.job_desk.top = self.job_desk.top.clamp(at.saturating_sub(height - 1), at);
        at != before
    }

    /// Whether `action` can be done with the job under the cursor.
    pub(super) fn allows_job(&self, action: Action) -> Result<(), Why> {
        let Some(job) = self.subject_job() else {
            return refuse("There is no job under the cursor; the jobs page lists them.");
        };
        let tally = job.tally();
        let undo = self.keymap.label(Action::Undo);
        match (action, job.stage) {
            (Action::CopyResult, _) => Ok(()),
            (_, Stage::Saving) => refuse("Wait: it is being written down."),
            (_, Stage::Pausing | Stage::Stopping) => refuse("Wait: what is on its way is being answered."),
            (Action::PauseJob, Stage::Held { .. }) => {
                refuse(format!("It is not sent yet: {undo} takes it back."))
            }
            (Action::PauseJob | Action::StopJob, Stage::Ended) => refuse("The job has ended."),
            (Action::RetryJob, Stage::Ended) if tally.in_doubt + tally.refused == 0 => {
                refuse("Nothing of it failed.")
            }
            (Action::RetryJob, Stage::Ended) | (Action::PauseJob, Stage::Paused | Stage::Left) => {
                self.allows_changes()
            }
            (Action::RetryJob, _) => refuse("The job has not ended yet."),
            _ => Ok(()),
        }
    }

    fn allows_changes(&self) -> Result<(), Why> {
        if self.settings.read_only {
            return refuse("Read-only: nothing can be changed.");
        }
        if !matches!(self.link, Link::Up(_)) {
            return refuse("Not connected: nothing can be changed now.");
        }
        Ok(())
    }

    /// Pauses the job under the cursor, or goes on with it.
    pub(super) fn pause_or_resume(&mut self) -> Vec<Effect> {
        match self.subject_job().map(|job| (job.number, job.stage)) {
            Some((number, Stage::Running)) => self.pause_job(number),
            Some((number, Stage::Paused)) => self.start_job(number),
            Some((number, Stage::Left)) => self.hold_again(number),
            _ => Vec::new(),
        }
    }

    /// Ends the job under the cursor: what was not sent is dropped.
    pub(super) fn stop_chosen(&mut self) -> Vec<Effect> {
        match self.subject_job().map(|job| (job.number, job.stage)) {
            Some((number, Stage::Held { .. })) => self.take_back(number),
            Some((number, Stage::Running)) => self.stop_job(number),
            Some((number, Stage::Paused | Stage::Left)) => self.drop_job(number),
            _ => Vec::new(),
        }
    }

    /// Asks again: for what is in doubt under its old key, else, after a confirmation, for what was refused.
    pub(super) fn retry_chosen(&mut self) -> Vec<Effect> {
        let Some(job) = self.subject_job() else { return Vec::new() };
        if job.tally().in_doubt > 0 {
            let number = job.number;
            return self.start_job(number);
        }
        let refused = job.items().iter().filter(|item| matches!(item.step, Step::Refused { .. }));
        let refused: Vec<SessionId> = refused.map(|item| item.session.clone()).collect();
        let act = job.act.clone();
        self.confirm_all(act, refused)
    }

    /// Copies what became of each session, as lines with tabs. Nothing personal is among it.
    pub(super) fn copy_result(&mut self) -> Vec<Effect> {
        use std::fmt::Write as _;

        let Some(job) = self.subject_job() else { return Vec::new() };
        let mut text = format!("session\t{}\trequest\tnote\n", job.verb());
        for item in job.items() {
            let (word, request) = match &item.step {
                Step::Held => ("not sent", ""),
                Step::Asked => ("on its way", ""),
                Step::Done { request_id } => ("done", request_id.as_deref().unwrap_or_default()),
                Step::Refused { code } => ("refused", &**code),
                Step::Failed => ("in doubt", ""),
                Step::Dropped => ("dropped", ""),
            };
            let note = item.note.as_deref().unwrap_or_default().replace(['\t', '\n'], " ");
            let _ = writeln!(text, "{}\t{word}\t{request}\t{note}", item.session);
        }
        vec![Effect::Copy(Copying {
            what: "result of the job",
            session: None,
            text: Secret::new(text),
            is_link: false,
        })]
    }
}
