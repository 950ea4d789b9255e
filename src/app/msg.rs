//! What reaches the model, and what the model asks for in return.

use std::fmt;

use crate::actions::Key;
use crate::app::geometry::Size;
use crate::clock::Now;
use crate::identity::params::{CreateSession, ListReports, ListSessions, UpdateSession};
use crate::identity::{ListPage, Report, Session, SessionId};
use crate::privacy::Secret;

use super::{
    AuditLog, Connection, Erasure, ExportOrder, Fetched, ItemNews, JobRequest, LeftOver, Problem, Settings,
    Unveil,
};
use crate::journal::{JobId, Word};

/// Names a request, so that its reply is recognised and a stale one is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub u64);

/// Something happened.
pub enum Msg {
    /// The time now, by both clocks. Comes before every batch of messages, and when [`super::Model::wake_at`] is due.
    Clock(Now),
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(Secret),
    /// The mouse was used.
    Mouse(Mouse),
    /// The terminal has a new size.
    Resize(Size),
    /// The terminal got or lost the focus.
    Focus(bool),
    /// The API can be asked from now on.
    Connected(Connection),
    /// There is no API to ask.
    NotConnected(Problem),
    /// A request ended. `reads` counts every request sent so far.
    Reply {
        /// The request.
        task: TaskId,
        /// Requests sent since the start, retries included.
        reads: u64,
        /// What came of it.
        result: Result<Answer, Problem>,
    },
    /// A request that only reads failed, and is tried again.
    Trying(Trying),
    /// How far what was drawn can be scrolled, in rows.
    Drawn {
        /// The detail pane's last scroll position.
        detail: u16,
        /// The top dialog's last scroll position.
        dialog: u16,
    },
    /// What became of some sessions of a job. `reads` counts as in a reply.
    JobNews {
        /// The job.
        job: JobId,
        /// Requests sent since the start, retries included.
        reads: u64,
        /// One for each step of a session since the last message.
        news: Vec<ItemNews>,
    },
    /// What earlier runs of the program left to be done. Nothing of it is sent before somebody says so.
    LeftOver(LeftOver),
    /// Copying ended: by which route, or why not, as a clause for people.
    Copied(Copying, Result<ClipboardRoute, String>),
    /// Another profile is being connected: its name, and what the settings decide for it.
    Switched(String, Settings),
    /// The profile that was chosen cannot be used.
    NotSwitched(Problem),
    /// Opening the browser failed, for this reason, as a clause for people.
    NotOpened(Opening, String),
    /// The program has to end: a signal, or the terminal is gone.
    Terminate,
}

/// How far the tries of a request have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trying {
    /// The next try, from 2.
    pub number: u8,
    /// How many there are at most.
    pub of: u8,
    /// What came of the last one.
    pub last: Problem,
}

impl fmt::Debug for Msg {
    /// Nothing of what it brings: keys and pasted text may be somebody's data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Msg")
    }
}

/// How a text reached the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipboardRoute {
    /// Its name, as people read it.
    pub name: String,
    /// What to know about it.
    pub hint: Option<&'static str>,
    /// What vetty can take the text away from again, having made sure that it is still there.
    pub clears: Option<&'static str>,
}

/// A text on its way to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copying {
    /// What it is, as people read it.
    pub what: &'static str,
    /// Whose it is, if it is about one session.
    pub session: Option<SessionId>,
    /// The text.
    pub text: Secret,
    /// Whether it is a hosted URL, which can be shown where it cannot be copied.
    pub is_link: bool,
}

/// A hosted URL on its way to the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Whose it is.
    pub session: SessionId,
    /// The URL.
    pub url: Secret,
}

/// Where and how the mouse was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub kind: MouseKind,
    /// Column, from 0.
    pub x: u16,
    /// Row, from 0.
    pub y: u16,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Click,
    /// The wheel turned towards the person.
    ScrollDown,
    /// The wheel turned away.
    ScrollUp,
}

/// Something to be done outside the model.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an effect that nobody carries out leaves the model waiting"]
pub enum Effect {
    /// Ask the API. For `worker`.
    Ask(Task),
    /// Put a text on the clipboard; answered by [`Msg::Copied`].
    Copy(Copying),
    /// Take back what was copied last, where it still is on the clipboard.
    ClearClipboard,
    /// Connect to another profile; answered by [`Msg::Switched`] or [`Msg::NotSwitched`].
    Switch(String),
    /// Open a URL in the browser; a failure is answered by [`Msg::NotOpened`].
    Browse(Opening),
    /// Take or release the mouse.
    CaptureMouse(bool),
    /// Go back to the shell until `fg`.
    Suspend,
    /// End the program.
    Quit,
}

/// A request with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its name.
    pub id: TaskId,
    /// What was pressed for it.
    pub via: Word,
    /// What to ask.
    pub request: Request,
}

/// What the API can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// A page of sessions.
    ListSessions(Box<ListSessions>),
    /// A page of reports.
    ListReports(Box<ListReports>),
    /// One session, with its verified data, provided details and newest report.
    Retrieve(SessionId),
    /// One session's hosted URL, and nothing expanded.
    Link(SessionId),
    /// A new session.
    Create(Box<CreateSession>),
    /// Changes to a session.
    Update(SessionId, Box<UpdateSession>),
    /// Something about a job: cancel, redact, or metadata of one or many sessions.
    Job(JobRequest),
    /// Sandbox only: submit a session with this outcome.
    Submit(SessionId, String),
    /// Write down that personal data is shown, and fetch what is sensitive.
    Unveil(Box<Unveil>),
    /// Write records to a file.
    Export(Box<ExportOrder>),
    /// Read the audit, and check its chain.
    Audit,
    /// Write down when a redaction came to its end.
    NoteErasure(SessionId, Erasure),
    /// Wait no longer for these requests, which only read. It is not answered, nor are they.
    Stop(Vec<TaskId>),
}

/// What the API answered.
#[derive(Debug)]
pub enum Answer {
    /// A page of sessions.
    Sessions(ListPage<Session>),
    /// A page of reports.
    Reports(ListPage<Report>),
    /// One session as it is now, and the request id of the reply.
    Session(Box<Session>, Option<String>),
    /// Personal data may be shown: it is written down. What was fetched for it, where something had to be.
    Unveiled(Option<Fetched>),
    /// The file is written: its path.
    Exported(String),
    /// The audit.
    Audit(Box<AuditLog>),
    /// What was asked about a job was done.
    Job,
    /// It is written down.
    Noted,
}
