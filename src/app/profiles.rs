//! Choosing another profile while the program runs: what was loaded from one account is forgotten before another is
//! asked, and nothing that is on its way, or held, is lost by it.

use crate::catalog::Catalog;

use super::dialog::Dialog;
use super::msg::Effect;
use super::notice::{Level, Notice};
use super::problem::Problem;
use super::{
    ActivityDesk, AuditDesk, JobDesk, Link, Model, Page, Pane, ReportDesk, SessionDesk, Settings, Why,
};

/// A profile that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileEntry {
    /// Its name.
    pub name: String,
    /// Its host, and what is known of its key without reading it.
    pub about: String,
    /// Whether it is known to be for real people.
    pub live: bool,
}

/// The list of profiles.
#[derive(Debug, Default)]
pub struct ProfilePicker {
    /// The profile under the cursor.
    pub at: usize,
}

impl Model {
    /// Whether another profile can be chosen now.
    pub(super) fn allows_switch(&self) -> Result<(), Why> {
        if self.jobs.is_holding() {
            return Err(Why(
                "Something is held: send it or take it back before you change the profile.".into()
            ));
        }
        if self.is_changing() {
            return Err(Why("Something is on its way: wait until it is answered.".into()));
        }
        if matches!(self.link, Link::Connecting) {
            return Err(Why("Wait: still connecting.".into()));
        }
        if self.profiles.len() < 2 {
            return Err(Why("There is no other profile: add [profiles.NAME] to the settings file.".into()));
        }
        Ok(())
    }

    pub(super) fn pick_profile(&mut self) -> Vec<Effect> {
        let at = self.profiles.iter().position(|entry| entry.name == self.profile).unwrap_or(0);
        self.open_dialog(Dialog::Profiles(ProfilePicker { at }))
    }

    /// Changes to the profile that was chosen.
    pub(super) fn switch(&mut self, at: usize) -> Vec<Effect> {
        let Some(entry) = self.profiles.get(at) else { return Vec::new() };
        if entry.name == self.profile && matches!(self.link, Link::Up(_)) {
            return Vec::new();
        }
        let name = entry.name.clone();
        // Something may have been sent, or held, since the list was opened.
        if let Err(Why(why)) = self.allows_switch() {
            self.say(Notice::new(Level::Warning, why));
            return Vec::new();
        }
        vec![Effect::Switch(name)]
    }

    /// Another profile is being connected: nothing of the one before is known any more.
    pub(super) fn switched(&mut self, profile: String, settings: Settings) {
        self.leave_record();
        self.dialogs.clear();
        self.tasks.clear();
        self.catalog = Catalog::default();
        self.feed = super::feed::Feed::default();
        self.patience = super::patience::Patience::default();
        self.erasures = super::erasures::Erasures::default();
        self.changed.clear();
        self.marked.clear();
        self.fetch_failed = None;
        self.sessions = SessionDesk::default();
        self.reports = ReportDesk::default();
        self.activity = ActivityDesk::default();
        self.audit = AuditDesk::default();
        self.jobs.forget();
        self.job_desk = JobDesk::default();
        self.notices.let_go();
        self.page = Page::default();
        self.pane = Pane::default();
        self.return_to = None;
        self.detail_scroll = 0;
        self.synced_at = None;
        self.reads = 0;
        self.link = Link::Connecting;
        self.settings = Settings { mouse: self.settings.mouse, ..settings };
        self.say(Notice::new(Level::Info, format!("Changed to profile {profile}.")));
        self.profile = profile;
    }

    /// The profile cannot be used; everything stays as it was.
    pub(super) fn not_switched(&mut self, problem: Problem) {
        self.say(Notice::problem(problem));
    }
}
