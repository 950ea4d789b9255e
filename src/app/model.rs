//! Everything the program knows while it runs.

use std::collections::HashMap;

use tui_input::Input;

use crate::actions::Keymap;
use crate::app::geometry::{Body, Layout, Size};
use crate::catalog::{Catalog, Outcome, ReportQuery, SessionQuery, StatusFilter, TypeFilter};
use crate::clock::{Monotonic, Now, WallTime};
use crate::config::ReasonChoice;
use crate::identity::{Report, Session, SessionId};
use crate::privacy::PersonalKeys;

use super::erasures::Erasures;
use super::feed::{Feed, Which};
use super::patience::Patience;
use super::pressed::Pressed;
use super::replies::Purpose;
use super::update::NAP;
use super::{
    AuditDesk, Dialog, JobDesk, Jobs, ListView, Marked, Notice, Notices, ProfileEntry, Reveal, TaskId,
};

/// What the settings decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// For how long cancel and redact wait before they are sent, in seconds. 0 sends at once.
    pub hold_seconds: u32,
    /// For how long a record stays revealed, in seconds.
    pub reveal_seconds: u32,
    /// How many pages of each list are loaded without being asked for.
    pub prefetch_pages: usize,
    /// Whether changes are forbidden.
    pub read_only: bool,
    /// The reasons to choose from before a cancel or a redaction, by the keys 1 to 9; none asks for none.
    pub reasons: Vec<ReasonChoice>,
    /// Which keys of metadata are personal.
    pub masking: PersonalKeys,
    /// Whether the mouse is captured at the start.
    pub mouse: bool,
    /// Seconds after which what was copied is taken back, where that can be done; 0 leaves it.
    pub clipboard_clear_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hold_seconds: 10,
            reveal_seconds: 60,
            prefetch_pages: 10,
            read_only: false,
            reasons: ReasonChoice::defaults(),
            masking: PersonalKeys::usual(),
            mouse: true,
            clipboard_clear_seconds: 60,
        }
    }
}

/// What is on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Host and port, or the profile's name.
    pub label: String,
    /// Whether it answers for real people.
    pub live: bool,
    /// Whether it is vetty's own sandbox, where outcomes can be chosen.
    pub sandbox: bool,
}

/// Whether the API can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not yet.
    Connecting,
    /// Yes.
    Up(Connection),
    /// No, and why.
    Down(super::Problem),
}

/// The pages, by their number keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The sessions.
    #[default]
    Sessions,
    /// The reports.
    Reports,
    /// What was done and what went wrong.
    Activity,
    /// What is written down for good.
    Audit,
    /// The jobs.
    Jobs,
}

impl Page {
    /// Every page, in the order of the number keys.
    pub const ALL: [Self; 5] = [Self::Sessions, Self::Reports, Self::Activity, Self::Audit, Self::Jobs];

    /// The number in the header, which is its key unless the settings say otherwise.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Sessions => 1,
            Self::Reports => 2,
            Self::Activity => 3,
            Self::Audit => 4,
            Self::Jobs => 5,
        }
    }

    /// What the header calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sessions => "Sessions",
            Self::Reports => "Reports",
            Self::Activity => "Activity",
            Self::Audit => "Audit",
            Self::Jobs => "Jobs",
        }
    }
}

/// Which half of a page has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The list.
    #[default]
    List,
    /// The detail.
    Detail,
}

/// What a page searches for.
#[derive(Clone, Default)]
pub struct SearchBox {
    /// The words.
    pub input: Input,
    /// Whether they are being typed.
    pub editing: bool,
}

/// The session page.
#[derive(Default)]
pub struct SessionDesk {
    /// The status filter.
    pub status: StatusFilter,
    /// The type filter.
    pub kind: TypeFilter,
    /// The search.
    pub search: SearchBox,
    /// The rows.
    pub view: ListView,
    /// A session that is shown although the cursor is elsewhere: opened from a report, say.
    pub pinned: Option<SessionId>,
}

impl SessionDesk {
    pub(super) fn query(&self) -> SessionQuery {
        SessionQuery::new(self.status, self.kind, self.search.input.value())
    }
}

/// The report page.
#[derive(Default)]
pub struct ReportDesk {
    /// The outcome filter.
    pub outcome: Outcome,
    /// The type filter.
    pub kind: TypeFilter,
    /// The search.
    pub search: SearchBox,
    /// The rows.
    pub view: ListView,
}

impl ReportDesk {
    pub(super) fn query(&self) -> ReportQuery {
        ReportQuery::new(self.outcome, self.kind, self.search.input.value())
    }
}

/// The activity page: the log of notices, newest first.
#[derive(Debug, Default)]
pub struct ActivityDesk {
    /// The number of the notice under the cursor; the newest when there is none.
    pub(super) chosen: Option<u64>,
    /// Which notice is on top.
    pub top: usize,
}

/// Everything the program knows. `ui` draws it; only [`super::update`] changes it.
pub struct Model {
    /// The time now by both clocks, as the last [`super::Msg::Clock`] said.
    pub now: Now,
    /// The terminal's size.
    pub size: Size,
    /// What the settings decide.
    pub settings: Settings,
    /// The keys in force.
    pub keymap: Keymap,
    /// What is on the other side.
    pub link: Link,
    /// Requests sent since the start.
    pub reads: u64,
    /// When a list page last arrived.
    pub synced_at: Option<WallTime>,
    /// What has been loaded.
    pub catalog: Catalog,
    /// Which page is shown.
    pub page: Page,
    /// Which half of it has the keys.
    pub pane: Pane,
    /// Where Esc goes from a session that another page opened.
    pub return_to: Option<Page>,
    /// How far the detail is scrolled, in rows.
    pub detail_scroll: u16,
    /// The session page.
    pub sessions: SessionDesk,
    /// The report page.
    pub reports: ReportDesk,
    /// The activity page.
    pub activity: ActivityDesk,
    /// The sessions picked out for bulk work.
    pub marked: Marked,
    /// The audit page.
    pub audit: AuditDesk,
    /// The dialogs, the topmost last.
    pub dialogs: Vec<Dialog>,
    /// How far the top dialog is scrolled, in rows.
    pub dialog_scroll: u16,
    /// What was confirmed, and how far it is.
    pub jobs: Jobs,
    /// The jobs page.
    pub job_desk: JobDesk,
    /// Makes the names of this run's jobs its own: random.
    pub run: u64,
    /// What was said.
    pub notices: Notices,
    /// What is shown of a person.
    pub reveal: Option<Reveal>,
    /// Whether the terminal has lost the focus: somebody else may be looking.
    pub away: bool,
    /// The profile in use.
    pub profile: String,
    /// The profiles that can be chosen.
    pub profiles: Vec<ProfileEntry>,
    /// The folder that files are exported to unless another one is named.
    pub export_folder: String,
    /// When what was copied is taken back.
    pub(super) clipboard_until: Option<Monotonic>,
    /// Whether the mouse is captured.
    pub mouse: bool,
    pub(super) feed: Feed,
    pub(super) patience: Patience,
    pub(super) erasures: Erasures,
    pub(super) tasks: HashMap<TaskId, Purpose>,
    pub(super) next_task: u64,
    /// What was pressed last.
    pub(super) pressed: Pressed,
    /// The notice that said that a letter of another keyboard layout is not bound.
    pub(super) layout_notice: Option<u64>,
    /// How far detail and dialog can be scrolled, as last drawn.
    pub(super) drawn: (u16, u16),
    /// Set once the program is to end as soon as the last change has been answered.
    pub(super) leaving: bool,
    /// The newest request that any read has to be as young as, for each session that was changed here.
    pub(super) changed: HashMap<SessionId, TaskId>,
    /// The session whose details could not be fetched last.
    pub(super) fetch_failed: Option<SessionId>,
}

impl Model {
    /// A model before anything has happened.
    #[must_use]
    pub fn new(settings: Settings, keymap: Keymap, size: Size, now: Now) -> Self {
        let mouse = settings.mouse;
        Self {
            now,
            size,
            settings,
            keymap,
            link: Link::Connecting,
            reads: 0,
            synced_at: None,
            catalog: Catalog::default(),
            page: Page::default(),
            pane: Pane::default(),
            return_to: None,
            detail_scroll: 0,
            sessions: SessionDesk::default(),
            reports: ReportDesk::default(),
            activity: ActivityDesk::default(),
            marked: Marked::default(),
            audit: AuditDesk::default(),
            dialogs: Vec::new(),
            dialog_scroll: 0,
            jobs: Jobs::default(),
            job_desk: JobDesk::default(),
            run: 0,
            pressed: Pressed::default(),
            layout_notice: None,
            notices: Notices::default(),
            reveal: None,
            away: false,
            profile: String::new(),
            profiles: Vec::new(),
            export_folder: String::new(),
            clipboard_until: None,
            mouse,
            feed: Feed::default(),
            patience: Patience::default(),
            erasures: Erasures::default(),
            tasks: HashMap::new(),
            next_task: 1,
            drawn: (0, 0),
            leaving: false,
            changed: HashMap::new(),
            fetch_failed: None,
        }
    }

    /// The connection, once there is one.
    #[must_use]
    pub const fn connection(&self) -> Option<&Connection> {
        match &self.link {
            Link::Up(connection) => Some(connection),
            Link::Connecting | Link::Down(_) => None,
        }
    }

    /// Where the parts of the page are.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let body = if self.pane == Pane::Detail { Body::Detail } else { Body::List };
        self.size.layout(body)
    }

    /// How many rows the list shows.
    #[must_use]
    pub fn list_height(&self) -> u16 {
        self.size.layout(Body::List).list.h
    }

    /// The session that the detail shows and that actions are about.
    #[must_use]
    pub fn subject(&self) -> Option<&Session> {
        match self.page {
            Page::Sessions => match &self.sessions.pinned {
                Some(id) => self.catalog.session(id),
                None => self.sessions.view.slot().map(|slot| self.catalog.sessions().at(slot)),
            },
            Page::Reports => self
                .subject_report()
                .and_then(|report| self.catalog.session(report.verification_session.as_ref()?)),
            Page::Activity => {
                self.subject_notice().and_then(|notice| self.catalog.session(notice.session.as_ref()?))
            }
            Page::Audit => None,
            Page::Jobs => match self.subject_job()?.items() {
                [one] => self.catalog.session(&one.session),
                _ => None,
            },
        }
    }

    /// The report under the cursor of the report page.
    #[must_use]
    pub fn subject_report(&self) -> Option<&Report> {
        self.reports
            .view
            .slot()
            .filter(|_| self.page == Page::Reports)
            .map(|slot| self.catalog.reports().at(slot))
    }

    /// Which notice of the log is under the cursor of the activity page.
    #[must_use]
    pub fn activity_at(&self) -> usize {
        self.activity.chosen.and_then(|number| self.notices.position(number)).unwrap_or(0)
    }

    /// The notice under the cursor of the activity page.
    #[must_use]
    pub fn subject_notice(&self) -> Option<&Notice> {
        self.notices.log().get(self.activity_at()).filter(|_| self.page == Page::Activity)
    }

    /// The search box of the page, if it has one.
    #[must_use]
    pub const fn search(&self) -> Option<&SearchBox> {
        match self.page {
            Page::Sessions => Some(&self.sessions.search),
            Page::Reports => Some(&self.reports.search),
            Page::Activity | Page::Jobs => None,
            Page::Audit => Some(&self.audit.search),
        }
    }

    /// What is being sent right now that changes something: the session and the verb.
    pub fn in_flight(&self) -> impl Iterator<Item = (&SessionId, &'static str)> {
        self.tasks.values().filter_map(Purpose::changing)
    }

    /// Whether a session's details are being fetched.
    #[must_use]
    pub fn is_fetching(&self, session: &SessionId) -> bool {
        self.tasks.values().any(|purpose| matches!(purpose, Purpose::Retrieve(id) if id == session))
    }

    /// Whether the last attempt to fetch a session's details failed.
    #[must_use]
    pub fn is_fetch_failed(&self, session: &SessionId) -> bool {
        self.fetch_failed.as_ref() == Some(session) && !self.is_fetching(session)
    }

    /// Whether the page is a list that shows no row: it says why in their place.
    #[must_use]
    pub fn is_list_empty(&self) -> bool {
        match self.page {
            Page::Sessions => self.sessions.view.rows().is_empty(),
            Page::Reports => self.reports.view.rows().is_empty(),
            Page::Activity | Page::Audit | Page::Jobs => false,
        }
    }

    /// Whether pages of a list are being loaded.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.tasks.values().any(Purpose::is_list)
    }

    /// Why no page of the list on screen arrives any more: the last one failed, or brought nothing new.
    #[must_use]
    pub const fn list_problem(&self) -> Option<&super::Problem> {
        let which = match self.page {
            Page::Reports => Which::Reports,
            Page::Sessions | Page::Activity | Page::Audit | Page::Jobs => Which::Sessions,
        };
        self.feed.problem_of(which)
    }

    /// When the model next changes by itself: a countdown, a reveal that ends, or seconds of waiting.
    ///
    /// While something is revealed, the clocks are compared now and then: no timer tells of a machine that slept.
    #[must_use]
    pub fn wake_at(&self) -> Option<Monotonic> {
        let now = self.now.monotonic;
        let held = self.jobs.held().filter_map(|job| job.next_change(now)).min();
        let reveal = self.reveal.as_ref().and_then(|reveal| reveal.until);
        let reveal = reveal.map(|until| until.min(now.plus(NAP)));
        held.into_iter().chain(reveal).chain(self.clipboard_until).chain(self.patience_at()).min()
    }
}
