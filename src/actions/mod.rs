//! THE action table: everything a person can do, said once.
//!
//! Floor 2: imports floors 0 and 1. Keys, footer, help, palette, confirmation, the read-only gate and the key table
//! of the README all read [`TABLE`]; nothing about an action is written anywhere else.

mod key;
mod keymap;

pub use key::{Code, Key, KeyError};
pub use keymap::{Keymap, KeymapError};

use crate::identity::lifecycle::Act;

/// One thing that a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is documented by its row of the table")]
pub enum Action {
    Down,
    Up,
    PageDown,
    PageUp,
    Top,
    Bottom,
    NextPane,
    Open,
    Back,
    Sessions,
    Reports,
    Activity,
    Audit,
    Jobs,
    NextStatus,
    PreviousStatus,
    NextType,
    Search,
    Refresh,
    LoadAll,
    Mark,
    MarkRange,
    MarkAll,
    InvertMarks,
    Unmark,
    Create,
    Edit,
    Cancel,
    Redact,
    Undo,
    UndoChosen,
    PauseJob,
    StopJob,
    RetryJob,
    CopyResult,
    CopyLink,
    CopyMenu,
    OpenLink,
    Reveal,
    RevealField,
    Export,
    Submit,
    Palette,
    Help,
    Profile,
    Mouse,
    Suspend,
    Quit,
    Accept,
    Dismiss,
    NextField,
    PreviousField,
    NextChoice,
    PreviousChoice,
    ScrollDown,
    ScrollUp,
    SendForm,
}

/// Where a key means an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// On the pages: lists and details.
    Desk,
    /// In dialogs, where letters are typed.
    Dialog,
}

/// How the help groups actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Moving about.
    Move,
    /// Choosing what is listed.
    Find,
    /// Picking sessions out for bulk work.
    Mark,
    /// Doing something with a session.
    Session,
    /// Doing something with a job.
    Job,
    /// The program itself.
    Program,
    /// Inside dialogs.
    Dialog,
}

impl Group {
    /// Every group, in the order of the help.
    pub const ALL: [Self; 7] =
        [Self::Move, Self::Find, Self::Mark, Self::Session, Self::Job, Self::Program, Self::Dialog];

    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Find => "Find",
            Self::Mark => "Mark",
            Self::Session => "Session",
            Self::Job => "Jobs",
            Self::Program => "Program",
            Self::Dialog => "In dialogs",
        }
    }
}

/// What an action can do to the account. Decides the confirmation and the read-only gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Changes nothing.
    None,
    /// Makes or changes an object; a form stands before it.
    Change,
    /// Cannot be undone: asks first, with another key than the one that began it.
    Final,
    /// Destroys data: wants the last four characters of the id typed.
    Erasing,
}

/// What has to be there for an action to make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// A list under the cursor's page that can be filtered or refreshed.
    List,
    /// A row under the cursor.
    Row,
    /// Rows that stand for sessions.
    Rows,
    /// A marked session.
    Marked,
    /// A session under the cursor or open.
    Session,
    /// A session whose personal data is not erased.
    Personal,
    /// Records in view or marked.
    Exportable,
    /// Another profile, and nothing on its way.
    Profiles,
    /// A session in a state that allows the act.
    Act(Act),
    /// A session that may be updated, in whole or in its metadata.
    Updatable,
    /// A sandbox on the other side, and a session that waits for its person.
    Sandbox,
    /// An action that is held and can be taken back.
    Held,
    /// A job under the cursor of the jobs page.
    Job,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The action.
    pub action: Action,
    /// Its name in the settings file and the palette.
    pub id: &'static str,
    /// A few words for footer and palette.
    pub title: &'static str,
    /// One sentence for the help.
    pub doc: &'static str,
    /// Where the help lists it.
    pub group: Group,
    /// Where its keys work.
    pub scope: Scope,
    /// What it can do to the account.
    pub danger: Danger,
    /// What it needs.
    pub need: Need,
    /// Its keys unless the settings say otherwise, as the settings file writes them.
    pub keys: &'static [&'static str],
}

const fn row(action: Action, id: &'static str, title: &'static str, keys: &'static [&'static str]) -> Spec {
    Spec {
        action,
        id,
        title,
        doc: "",
        group: Group::Program,
        scope: Scope::Desk,
        danger: Danger::None,
        need: Need::Nothing,
        keys,
    }
}

impl Spec {
    const fn group(self, group: Group) -> Self {
        let scope = if matches!(group, Group::Dialog) { Scope::Dialog } else { self.scope };
        Self { group, scope, ..self }
    }

    const fn doc(self, doc: &'static str) -> Self {
        Self { doc, ..self }
    }

    const fn need(self, need: Need) -> Self {
        Self { need, ..self }
    }

    const fn danger(self, danger: Danger) -> Self {
        Self { danger, ..self }
    }

    /// Whether the action asks the API to change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        !matches!(self.danger, Danger::None)
    }
}

/// Every action, in the order of the help.
pub const TABLE: &[Spec] = &[
    row(Action::Down, "down", "down", &["j", "down"]).group(Group::Move).doc("Move one row down."),
    row(Action::Up, "up", "up", &["k", "up"]).group(Group::Move).doc("Move one row up."),
    row(Action::PageDown, "page-down", "page down", &["pgdn", "ctrl-f"])
        .group(Group::Move)
        .doc("Move one screen down."),
    row(Action::PageUp, "page-up", "page up", &["pgup", "ctrl-b"])
        .group(Group::Move)
        .doc("Move one screen up."),
    row(Action::Top, "top", "first row", &["g", "home"]).group(Group::Move).doc("Go to the first row."),
    row(Action::Bottom, "bottom", "last row", &["G", "end"])
        .group(Group::Move)
        .doc("Go to the last row that is loaded; loads more."),
    row(Action::NextPane, "next-pane", "next pane", &["tab", "shift-tab"])
        .group(Group::Move)
        .doc("Move between the list and the detail."),
    row(Action::Open, "open", "open", &["enter"])
        .group(Group::Move)
        .need(Need::Row)
        .doc("Open the row; on a report, go to its session."),
    row(Action::Back, "back", "back", &["esc"])
        .group(Group::Move)
        .doc("Go back one step, or clear the search."),
    row(Action::Sessions, "sessions", "sessions", &["1"]).group(Group::Move).doc("Show the sessions."),
    row(Action::Reports, "reports", "reports", &["2"]).group(Group::Move).doc("Show the reports."),
    row(Action::Activity, "activity", "activity", &["3"])
        .group(Group::Move)
        .doc("Show what was done and what went wrong."),
    row(Action::Audit, "audit", "audit", &["4"])
        .group(Group::Move)
        .doc("Show what is written down for good, and whether it was changed."),
    row(Action::Jobs, "jobs", "jobs", &["5"])
        .group(Group::Move)
        .doc("Show the jobs: what was confirmed, and how far each session is."),
    row(Action::NextStatus, "next-status", "status", &["s"])
        .group(Group::Find)
        .need(Need::List)
        .doc("Show the next status (on reports: the next outcome)."),
    row(Action::PreviousStatus, "previous-status", "previous status", &["S"])
        .group(Group::Find)
        .need(Need::List)
        .doc("Show the previous status."),
    row(Action::NextType, "next-type", "type", &["f"])
        .group(Group::Find)
        .need(Need::List)
        .doc("Show the next type of verification."),
    row(Action::Search, "search", "search", &["/"])
        .group(Group::Find)
        .need(Need::List)
        .doc("Search in what is loaded: ids, references, names, countries, errors, metadata."),
    row(Action::Refresh, "refresh", "refresh", &["r"])
        .group(Group::Find)
        .need(Need::List)
        .doc("Read what is on screen again."),
    row(Action::LoadAll, "load-all", "load all", &["L"])
        .group(Group::Find)
        .need(Need::List)
        .doc("Load the whole list, in pages of 100."),
    row(Action::Mark, "mark", "mark", &["space"])
        .group(Group::Mark)
        .need(Need::Session)
        .doc("Mark the session, or unmark it, and go one row down."),
    row(Action::MarkRange, "mark-range", "mark range", &["ctrl-space"])
        .group(Group::Mark)
        .need(Need::Rows)
        .doc("Mark every row from the one marked last to the cursor."),
    row(Action::MarkAll, "mark-all", "mark all", &["*"])
        .group(Group::Mark)
        .need(Need::Rows)
        .doc("Mark every row in view; the second time unmark them."),
    row(Action::InvertMarks, "invert-marks", "invert marks", &["i"])
        .group(Group::Mark)
        .need(Need::Rows)
        .doc("Mark what is unmarked in view, and unmark what is marked."),
    row(Action::Unmark, "unmark", "unmark all", &["M"])
        .group(Group::Mark)
        .need(Need::Marked)
        .doc("Take every mark away, in view or not."),
    row(Action::Export, "export", "export…", &["E"])
        .group(Group::Find)
        .need(Need::Exportable)
        .doc("Write what is marked, or else in view, to a file: CSV or JSON, masked unless asked."),
    row(Action::Create, "create", "new", &["n"])
        .group(Group::Session)
        .danger(Danger::Change)
        .doc("Create a session."),
    row(Action::Edit, "edit", "edit", &["e"])
        .group(Group::Session)
        .danger(Danger::Change)
        .need(Need::Updatable)
        .doc("Update type, options, provided details or metadata; the metadata of all that are marked."),
    row(Action::Cancel, "cancel", "cancel", &["c"])
        .group(Group::Session)
        .danger(Danger::Final)
        .need(Need::Act(Act::Cancel))
        .doc("Cancel the session, or all that are marked, so that nothing more can be submitted."),
    row(Action::Redact, "redact", "redact", &["X"])
        .group(Group::Session)
        .danger(Danger::Erasing)
        .need(Need::Act(Act::Redact))
        .doc("Erase everything that was collected, for good; of all that are marked, if any are."),
    row(Action::Undo, "undo", "undo", &["u"])
        .group(Group::Session)
        .need(Need::Held)
        .doc("Take back what was held last, before it is sent."),
    row(Action::UndoChosen, "undo-chosen", "undo…", &["U"])
        .group(Group::Session)
        .need(Need::Held)
        .doc("Choose which of the held changes to take back."),
    row(Action::CopyLink, "copy-link", "copy link", &["y"])
        .group(Group::Session)
        .need(Need::Act(Act::Link))
        .doc("Fetch a fresh hosted URL and copy it."),
    row(Action::CopyMenu, "copy", "copy…", &["Y"])
        .group(Group::Session)
        .need(Need::Session)
        .doc("Choose what to copy: id, reference, e-mail, report id, JSON."),
    row(Action::OpenLink, "open-link", "open link", &["o"])
        .group(Group::Session)
        .need(Need::Act(Act::Link))
        .doc("Fetch a fresh hosted URL and open it in the browser."),
    row(Action::Reveal, "reveal", "reveal", &["v"])
        .group(Group::Session)
        .need(Need::Personal)
        .doc("Show or mask the personal data of this record; masks itself again."),
    row(Action::RevealField, "reveal-field", "one field…", &["V"])
        .group(Group::Session)
        .need(Need::Personal)
        .doc("Choose one field to show; a sensitive one is fetched only then."),
    row(Action::Submit, "submit", "submit", &["t"])
        .group(Group::Session)
        .need(Need::Sandbox)
        .danger(Danger::Change)
        .doc("Sandbox only: submit the session with an outcome of your choice."),
    row(Action::PauseJob, "pause-job", "pause", &["p"])
        .group(Group::Job)
        .need(Need::Job)
        .doc("Pause the job, or go on with it."),
    row(Action::StopJob, "stop-job", "stop", &["x"])
        .group(Group::Job)
        .need(Need::Job)
        .doc("Stop the job: what was not sent is dropped."),
    row(Action::RetryJob, "retry-job", "retry failed", &["R"])
        .group(Group::Job)
        .need(Need::Job)
        .doc("Ask again for what is in doubt, else for what was refused."),
    row(Action::CopyResult, "copy-result", "copy result", &["C"])
        .group(Group::Job)
        .need(Need::Job)
        .doc("Copy what became of each session of the job."),
    row(Action::Palette, "palette", "commands", &[":"]).doc("Find a command by its name."),
    row(Action::Help, "help", "help", &["?"]).doc("Show every key."),
    row(Action::Profile, "profile", "profile…", &["P"])
        .need(Need::Profiles)
        .doc("Change to another profile of the settings, without starting again."),
    row(Action::Mouse, "mouse", "mouse", &["m"]).doc("Release the mouse to select text, or take it back."),
    row(Action::Suspend, "suspend", "suspend", &["ctrl-z"]).doc("Go back to the shell; `fg` returns."),
    row(Action::Quit, "quit", "quit", &["q", "ctrl-c"]).doc("Quit."),
    row(Action::Accept, "dialog-accept", "accept", &["enter"])
        .group(Group::Dialog)
        .doc("Accept what is marked."),
    row(Action::Dismiss, "dialog-dismiss", "close", &["esc", "ctrl-c"])
        .group(Group::Dialog)
        .doc("Close and change nothing."),
    row(Action::NextField, "dialog-next", "next", &["tab", "down", "ctrl-n"])
        .group(Group::Dialog)
        .doc("Go to the next field or line."),
    row(Action::PreviousField, "dialog-previous", "previous", &["shift-tab", "up", "ctrl-p"])
        .group(Group::Dialog)
        .doc("Go to the previous field or line."),
    row(Action::NextChoice, "dialog-next-choice", "choose", &["right"])
        .group(Group::Dialog)
        .doc("Choose the next value; in text, move right."),
    row(Action::PreviousChoice, "dialog-previous-choice", "choose back", &["left"])
        .group(Group::Dialog)
        .doc("Choose the previous value; in text, move left."),
    row(Action::ScrollDown, "dialog-scroll-down", "scroll down", &["pgdn"])
        .group(Group::Dialog)
        .doc("Scroll what does not fit."),
    row(Action::ScrollUp, "dialog-scroll-up", "scroll up", &["pgup"])
        .group(Group::Dialog)
        .doc("Scroll back."),
    row(Action::SendForm, "dialog-send", "send", &["ctrl-s"]).group(Group::Dialog).doc("Send the form."),
];

impl Action {
    /// The action's row in the table.
    #[must_use]
    pub fn spec(self) -> &'static Spec {
        // A test proves that every action has a row; the first one keeps this total.
        TABLE.iter().find(|spec| spec.action == self).unwrap_or(&TABLE[0])
    }
}

/// The key table of the README, from the defaults.
#[must_use]
pub fn markdown() -> String {
    use std::fmt::Write as _;

    let mut out = String::from("| key | action | |\n|---|---|---|\n");
    for group in Group::ALL {
        for spec in TABLE.iter().filter(|spec| spec.group == group) {
            let keys: Vec<String> = spec.keys.iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(out, "| {} | {} | {} |", keys.join(" "), spec.id, spec.doc);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_action_has_one_row_with_words() {
        let mut ids = HashSet::new();
        for spec in TABLE {
            assert_eq!(spec.action.spec().id, spec.id, "two rows for one action");
            assert!(ids.insert(spec.id), "{} stands twice", spec.id);
            assert!(spec.doc.ends_with('.'), "{} has no sentence", spec.id);
            assert!(!spec.title.is_empty() && !spec.keys.is_empty(), "{} is bare", spec.id);
        }
        // `SendForm` is the last variant, so its number counts them all.
        assert_eq!(TABLE.len(), Action::SendForm as usize + 1, "an action is missing from the table");
    }

    #[test]
    fn the_readme_has_the_current_keys() {
        let readme = include_str!("../../README.md");
        let table = readme
            .split("<!-- keys:begin -->")
            .nth(1)
            .and_then(|rest| rest.split("<!-- keys:end -->").next());
        assert_eq!(
            table.map(str::trim),
            Some(markdown().trim()),
            "paste the table printed here into README.md"
        );
    }
}
