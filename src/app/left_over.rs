//! What earlier runs of the program left to be done. Nothing of it is sent before somebody has decided.

use crate::identity::SessionId;
use crate::journal::{Job, Single, Unreadable};
use crate::text::Clean;

use super::dialog::Dialog;
use super::job::Stage;
use super::msg::Effect;
use super::notice::{Level, Notice};
use super::problem::Problem;
use super::{Model, Page};

/// What earlier runs left. Items in doubt have been looked at by reading alone.
#[derive(Debug, Default)]
pub struct LeftOver {
    /// Jobs that are not done, oldest first.
    pub jobs: Vec<Job>,
    /// Creates and updates of which nobody knows whether they happened.
    pub singles: Vec<Unanswered>,
    /// How many items in doubt turned out to be done.
    pub found_done: usize,
    /// Files of the outbox that cannot be read, by name.
    pub unreadable: Vec<Unreadable>,
    /// Why the outbox could not be looked through, if it could not.
    pub problem: Option<Problem>,
}

/// A create or an update that was sent and never answered.
#[derive(Debug)]
pub struct Unanswered {
    /// What is known of it.
    pub single: Single,
    /// Of a create that is old enough to be decided: which sessions were created while it may have been on its way.
    pub near: Option<Vec<SessionId>>,
}

/// What can be done with left-over jobs. Deciding later comes first and has the cursor.
pub const LEFT_CHOICES: [&str; 4] =
    ["Decide later", "Show them", "Send what is left", "Drop what was not sent"];

/// How many sessions a notice names.
const NAMED: usize = 4;

impl Unanswered {
    fn told(self) -> Notice {
        let Self { single, near } = self;
        let at = single.created.format("%Y-%m-%d %H:%M UTC");
        let of = single.object.as_ref().map(|object| format!(" of {object}")).unwrap_or_default();
        let sent = format!("A {}{of} was sent at {at} and never answered", single.action);
        let notice = match near.as_deref() {
            Some([]) => {
                let text = format!("{sent}: nothing was created at that time, so it did not happen.");
                return Notice::new(Level::Info, text).hint("Create it again if it is still wanted.");
            }
            Some([session]) => {
                let text = format!("{sent}: {session} was created at that time.");
                let hint = "Look whether that is it before you create it again.";
                return Notice::new(Level::Warning, text).hint(hint).about(session);
            }
            Some(near) => {
                let names: Vec<&str> = near.iter().take(NAMED).map(SessionId::as_str).collect();
                let more = near.len().saturating_sub(NAMED);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let text = format!("{sent}: {}{more} were created at that time.", names.join(", "));
                Notice::new(Level::Warning, text)
                    .hint("Look whether one of them is it before you create it again.")
            }
            None => Notice::new(Level::Warning, format!("{sent}."))
                .hint("Nobody knows whether it happened: look at the session before you ask again."),
        };
        match &single.object {
            Some(object) => notice.about(&SessionId::new(object)),
            None => notice,
        }
    }
}

impl Model {
    /// The jobs of earlier runs that nobody has decided about, oldest first.
    pub fn left_jobs(&self) -> impl Iterator<Item = &super::Job> {
        self.jobs.list().iter().filter(|job| job.stage == Stage::Left)
    }

    /// Tells what was left, and asks about the jobs. Whatever is being answered right now keeps the keys.
    pub(super) fn left_over(&mut self, left: LeftOver) -> Vec<Effect> {
        let LeftOver { jobs, singles, found_done, unreadable, problem } = left;
        if let Some(problem) = problem {
            self.say(Notice::problem(problem));
        }
        for Unreadable { name, reason } in unreadable {
            let name = Clean::new(&name);
            let text = format!("The outbox has a file that cannot be read: {name}; {reason}.");
            let hint = "It may hold a change that was not sent. Look at it, and move it away.";
            self.say(Notice::new(Level::Warning, text).hint(hint));
        }
        for unanswered in singles {
            self.say(unanswered.told());
        }
        if found_done > 0 {
            let text = format!("{} in doubt turned out to be done.", super::sessions(found_done));
            self.say(Notice::new(Level::Done, text));
        }
        if jobs.is_empty() {
            return Vec::new();
        }
        for job in jobs {
            self.jobs.add_left(job);
        }
        if self.dialogs.is_empty() {
            self.dialog_scroll = 0;
        }
        self.dialogs.insert(0, Dialog::LeftOver { at: 0 });
        Vec::new()
    }

    /// Does with every left-over job what was chosen.
    pub(super) fn decide_left_over(&mut self, choice: usize) -> Vec<Effect> {
        let numbers: Vec<u64> = self.left_jobs().map(|job| job.number).collect();
        match choice {
            1 => self.go_to(Page::Jobs),
            2 => numbers.into_iter().flat_map(|number| self.hold_again(number)).collect(),
            3 => numbers.into_iter().flat_map(|number| self.drop_job(number)).collect(),
            _ => Vec::new(),
        }
    }

    /// Lets the countdown of a job of an earlier run begin again.
    pub(super) fn hold_again(&mut self, number: u64) -> Vec<Effect> {
        if self.settings.read_only {
            self.say(Notice::new(
                Level::Warning,
                "Read-only: nothing was sent. What was left stays as it is.",
            ));
            return Vec::new();
        }
        let due = self.now.monotonic.plus(self.hold());
        self.jobs.set_stage(number, Stage::Held { due });
        if due <= self.now.monotonic { self.start_job(number) } else { Vec::new() }
    }
}
