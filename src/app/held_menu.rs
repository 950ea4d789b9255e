//! Taking back what is held: the last job, or one chosen from a list; and leaving the program while jobs are not done.

use crate::actions::{Action, Key, Scope};

use super::Model;
use super::dialog::Dialog;
use super::job::{Job, Stage};
use super::jobs::JobRequest;
use super::msg::{Effect, Request};
use super::notice::{Level, Notice};
use super::replies::Purpose;

/// What can be done with unsent changes when the program is left. Staying comes first and has the cursor.
pub const QUIT_CHOICES: [&str; 4] = [
    "Stay",
    "Send them now, then quit",
    "Keep them for the next start, and quit",
    "Drop what is not sent, and quit",
];

impl Model {
    /// The jobs that can still be taken back, the last one first.
    #[must_use]
    pub fn held_menu(&self) -> Vec<&Job> {
        self.jobs.held().rev().collect()
    }

    /// The jobs that leaving the program is about: what was confirmed and not sent in full, oldest first.
    #[must_use]
    pub fn unsent_jobs(&self) -> Vec<&Job> {
        let unsent = |job: &&Job| match job.stage {
            Stage::Saving | Stage::Held { .. } | Stage::Paused => true,
            Stage::Running | Stage::Pausing | Stage::Stopping => job.tally().waiting > 0,
            // Asked about at every start until somebody decides.
            Stage::Left | Stage::Ended => false,
        };
        self.jobs.list().iter().filter(unsent).collect()
    }

    /// Takes back the job that was held last.
    pub(super) fn undo(&mut self) -> Vec<Effect> {
        let last = self.jobs.held().next_back().map(|job| job.number);
        match last {
            Some(number) => self.take_back(number),
            None => Vec::new(),
        }
    }

    /// Opens the list of what is held; with one held, there is nothing to choose.
    pub(super) fn choose_held(&mut self) -> Vec<Effect> {
        let held: Vec<u64> = self.held_menu().iter().map(|job| job.number).collect();
        match held[..] {
            [] => Vec::new(),
            [one] => self.take_back(one),
            _ => self.open_dialog(Dialog::Held { chosen: held[0] }),
        }
    }

    /// The job under the cursor of the list of what is held. One that is gone leaves the cursor on the first.
    #[must_use]
    pub fn held_at(&self, chosen: u64) -> usize {
        self.held_menu().iter().position(|job| job.number == chosen).unwrap_or(0)
    }

    /// Keys of the list of what is held.
    pub(super) fn held_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let held: Vec<u64> = self.held_menu().iter().map(|job| job.number).collect();
        let Some(Dialog::Held { chosen }) = self.dialogs.last() else { return Vec::new() };
        let at = self.held_at(*chosen);
        let to = match (action, self.keymap.action(Scope::Desk, key)) {
            (Some(Action::NextField), _) | (_, Some(Action::Down)) => at + 1,
            (Some(Action::PreviousField), _) | (_, Some(Action::Up)) => at.saturating_sub(1),
            (Some(Action::Accept), _) => {
                self.close();
                return held.get(at).map_or_else(Vec::new, |number| self.take_back(*number));
            }
            _ => at,
        };
        let number = held.get(to.min(held.len().saturating_sub(1))).copied();
        if let (Some(Dialog::Held { chosen }), Some(number)) = (self.dialogs.last_mut(), number) {
            *chosen = number;
        }
        Vec::new()
    }

    /// Quits, unless something is not sent yet or still on its way.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        if !self.leaving && !self.unsent_jobs().is_empty() {
            return self.open_dialog(Dialog::QuitWithHeld { at: 0 });
        }
        if self.is_changing() && !self.leaving {
            self.leaving = true;
            let key = self.keymap.label(Action::Quit);
            self.say(Notice::new(
                Level::Info,
                format!("Quitting once the API has answered; {key} again quits at once."),
            ));
            return Vec::new();
        }
        vec![Effect::Quit]
    }

    /// Stays, or sends, keeps or drops what is not sent; then the program ends once all is answered.
    pub(super) fn quit_with_held(&mut self, choice: usize) -> Vec<Effect> {
        if choice == 0 {
            return Vec::new();
        }
        let unsent: Vec<(u64, Stage)> =
            self.unsent_jobs().iter().map(|job| (job.number, job.stage)).collect();
        let mut effects = Vec::new();
        for (number, stage) in unsent {
            effects.extend(match (choice, stage) {
                (1, Stage::Held { .. } | Stage::Paused) => self.start_job(number),
                (2, Stage::Held { .. } | Stage::Paused) => {
                    self.jobs.set_stage(number, Stage::Left);
                    Vec::new()
                }
                (2, _) => self.pause_job(number),
                (3, Stage::Held { .. } | Stage::Paused) => self.drop_job(number),
                (3, _) => self.stop_job(number),
                _ => Vec::new(),
            });
        }
        self.leaving = true;
        if !self.is_changing() {
            return vec![Effect::Quit];
        }
        self.say(Notice::new(Level::Info, "Quitting once the API has answered."));
        effects
    }

    /// Sends nothing more of a job for now.
    pub(super) fn pause_job(&mut self, number: u64) -> Vec<Effect> {
        self.halt_job(number, Stage::Pausing)
    }

    /// Sends nothing more of a job, and forgets the rest.
    pub(super) fn stop_job(&mut self, number: u64) -> Vec<Effect> {
        self.halt_job(number, Stage::Stopping)
    }

    fn halt_job(&mut self, number: u64, stage: Stage) -> Vec<Effect> {
        let Some(job) = self.jobs.get(number).filter(|job| job.is_busy()) else { return Vec::new() };
        let (id, saving) = (job.id.clone(), job.stage == Stage::Saving);
        if saving {
            return Vec::new();
        }
        self.jobs.set_stage(number, stage);
        vec![self.ask(Purpose::Halt, Request::Job(JobRequest::Pause(id))).1]
    }
}
