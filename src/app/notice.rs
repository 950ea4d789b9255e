//! What the program has to say, and the log of all it has said.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::{Monotonic, Now, WallTime};
use crate::identity::SessionId;

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Good to know.
    Info,
    /// Something was done.
    Done,
    /// Something is not as it should be, and nothing is lost.
    Warning,
    /// Something failed.
    Failed,
}

/// One thing that the program had to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Counts the notices, so that a cursor can stay on one while the log grows.
    pub number: u64,
    /// When.
    pub at: WallTime,
    /// How much it matters.
    pub level: Level,
    /// What happened, as a sentence.
    pub text: String,
    /// What to do next, as a sentence.
    pub hint: Option<String>,
    /// The request id of the reply it speaks of.
    pub request_id: Option<String>,
    /// The session it is about.
    pub session: Option<SessionId>,
}

impl Notice {
    /// A notice of `level` at a moment that [`Notices::post`] fills in.
    #[must_use]
    pub fn new(level: Level, text: impl Into<String>) -> Self {
        Self {
            number: 0,
            at: WallTime::EPOCH,
            level,
            text: text.into(),
            hint: None,
            request_id: None,
            session: None,
        }
    }

    /// The same about a session.
    #[must_use]
    pub fn about(self, session: &SessionId) -> Self {
        Self { session: Some(session.clone()), ..self }
    }

    /// The same with what to do next.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same with the request id of the reply it speaks of.
    #[must_use]
    pub fn request(self, request_id: Option<String>) -> Self {
        Self { request_id, ..self }
    }
}

/// How many notices the log keeps.
const KEPT: usize = 1000;

/// For how long a key press leaves a notice standing, so that it can be read.
const READING_TIME: Duration = Duration::from_millis(2_500);

/// The log, newest first, and whether the newest is still shown.
#[derive(Debug)]
pub struct Notices {
    log: VecDeque<Notice>,
    posted: u64,
    /// When the newest was said.
    since: Monotonic,
    shown: bool,
}

impl Default for Notices {
    fn default() -> Self {
        Self { log: VecDeque::new(), posted: 0, since: Monotonic::START, shown: false }
    }
}

impl Notices {
    /// Says something, and gives the notice's number.
    pub(super) fn post(&mut self, now: Now, notice: Notice) -> u64 {
        self.posted += 1;
        self.log.push_front(Notice { at: now.wall, number: self.posted, ..notice });
        self.log.truncate(KEPT);
        self.since = now.monotonic;
        self.shown = true;
        self.posted
    }

    /// A key was pressed: what could be read by now goes.
    pub(super) fn seen(&mut self, now: Monotonic) {
        if now.since(self.since) >= READING_TIME {
            self.shown = false;
        }
    }

    /// The person has turned to something else: what was said of the old thing only would mislead.
    pub(super) fn turned_away(&mut self) {
        if self.log.front().is_some_and(|notice| matches!(notice.level, Level::Info | Level::Warning)) {
            self.shown = false;
        }
    }

    /// Takes one notice off the screen, if it is the one that is shown. It stays in the log.
    pub(super) fn retract(&mut self, number: u64) {
        self.shown &= self.log.front().is_none_or(|notice| notice.number != number);
    }

    /// The notice to show over the rule above the footer.
    #[must_use]
    pub fn current(&self) -> Option<&Notice> {
        self.log.front().filter(|_| self.shown)
    }

    /// The sessions that were spoken of are not known any more.
    pub(super) fn let_go(&mut self) {
        self.log.iter_mut().for_each(|notice| notice.session = None);
    }

    /// Where in the log the notice with this number stands.
    #[must_use]
    pub fn position(&self, number: u64) -> Option<usize> {
        usize::try_from(self.posted.checked_sub(number)?).ok().filter(|at| *at < self.log.len())
    }

    /// Everything said, newest first.
    #[must_use]
    pub const fn log(&self) -> &VecDeque<Notice> {
        &self.log
    }
}
