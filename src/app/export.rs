//! Writing what is marked, or in view, to a file: which format, masked or not, and where.
//!
//! Masked unless somebody types how many records they want in plain text. `worker` writes the file, after the audit has
//! a line about it. Sensitive fields are in no export: they are in memory only while they are shown.

use tui_input::Input;

use crate::actions::{Action, Key};
use crate::identity::{Report, Session};
use crate::privacy::{PersonalKeys, Sight};

use super::dialog::{Dialog, TypedCheck};
use super::msg::{Effect, Request};
use super::notice::{Level, Notice};
use super::problem::Problem;
use super::replies::Purpose;
use super::{Model, Page, TaskId, Why, text_entry};
use crate::text::grouped;

/// What a file can be written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values; no cell is a formula.
    #[default]
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object on each line.
    Jsonl,
}

impl FileFormat {
    /// Every format, in the order of the dialog.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Jsonl];

    /// How files of this format end.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }
}

/// The records of an export, as they were when it was confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Records {
    /// Sessions, each with its newest report where that is loaded.
    Sessions(Vec<(Session, Option<Report>)>),
    /// Reports.
    Reports(Vec<Report>),
}

impl Records {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Sessions(sessions) => sessions.len(),
            Self::Reports(reports) => reports.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What they are called.
    #[must_use]
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::Sessions(sessions) if sessions.len() == 1 => "session",
            Self::Sessions(_) => "sessions",
            Self::Reports(reports) if reports.len() == 1 => "report",
            Self::Reports(_) => "reports",
        }
    }
}

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportOrder {
    /// What is written.
    pub records: Records,
    /// As what.
    pub format: FileFormat,
    /// Masked, or in plain text.
    pub sight: Sight,
    /// Which keys of metadata are personal.
    pub keys: PersonalKeys,
    /// Where; a relative path begins at the folder that the program was started in.
    pub path: String,
    /// Whether the list goes on behind what is loaded.
    pub has_more: bool,
}

/// The lines of the dialog that can have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportLine {
    /// Which format.
    Format,
    /// Masked or in plain text.
    Data,
    /// Which file.
    File,
    /// How many records, typed, before they are written in plain text.
    Check,
}

/// The dialog of an export.
pub struct ExportForm {
    /// What is exported. Fixed when the dialog opened: what arrives later is not in it.
    pub records: Records,
    /// Whether it is what was marked, and not what was in view.
    pub marked: bool,
    /// Whether the list goes on behind what is loaded.
    pub has_more: bool,
    /// The format.
    pub format: FileFormat,
    /// Whether it is written in plain text.
    pub plain: bool,
    /// The file.
    pub path: Input,
    /// How many records there are, to be typed.
    pub typed: TypedCheck,
    /// The line with the focus.
    pub at: ExportLine,
    /// What is wrong.
    pub error: Option<String>,
    /// Set while it is being written.
    pub writing: Option<TaskId>,
}

impl ExportForm {
    /// The lines that there are now.
    #[must_use]
    pub const fn lines(&self) -> &'static [ExportLine] {
        use ExportLine as L;

        if self.plain { &[L::Format, L::Data, L::File, L::Check] } else { &[L::Format, L::Data, L::File] }
    }

    fn step(&mut self, forward: bool) {
        let lines = self.lines();
        let at = lines.iter().position(|line| *line == self.at).unwrap_or(0);
        let step = if forward { 1 } else { lines.len() - 1 };
        self.at = lines[(at + step) % lines.len()];
    }

    fn choose(&mut self, forward: bool) {
        match self.at {
            ExportLine::Format => {
                let all = FileFormat::ALL;
                let at = all.iter().position(|format| *format == self.format).unwrap_or(0);
                let next = all[(at + if forward { 1 } else { all.len() - 1 }) % all.len()];
                // A name that ends as the format does goes on doing so.
                let ending = format!(".{}", self.format.ending());
                if let Some(stem) = self.path.value().strip_suffix(&ending) {
                    self.path = Input::new(format!("{stem}.{}", next.ending()));
                }
                self.format = next;
            }
            ExportLine::Data => self.plain = !self.plain,
            ExportLine::File | ExportLine::Check => {}
        }
    }

    fn input(&mut self) -> Option<&mut Input> {
        match self.at {
            ExportLine::File => Some(&mut self.path),
            ExportLine::Check => Some(&mut self.typed.input),
            ExportLine::Format | ExportLine::Data => None,
        }
    }

    /// Lets `edit` change the text with the focus.
    pub(super) fn edit_text(&mut self, edit: impl FnOnce(&mut Input)) {
        if self.writing.is_some() {
            return;
        }
        self.error = None;
        self.typed.failed = false;
        if let Some(input) = self.input() {
            edit(input);
        }
    }
}

impl Model {
    /// Whether there is something to export.
    pub(super) fn allows_export(&self) -> Result<(), Why> {
        let reports = self.page == Page::Reports && self.marked.is_empty();
        let empty = match self.page {
            Page::Reports if reports => self.reports.view.rows().is_empty(),
            _ => self.marked_or_visible().is_empty(),
        };
        if empty {
            return Err(Why("There is nothing to export: no row is in view, and none is marked.".into()));
        }
        Ok(())
    }

    /// Opens the dialog of an export of what is marked, or else of what is in view.
    pub(super) fn begin_export(&mut self) -> Vec<Effect> {
        let marked = !self.marked.is_empty();
        let (records, has_more) = if self.page == Page::Reports && !marked {
            let list = self.catalog.reports();
            let rows = self.reports.view.rows().iter().map(|slot| list.at(*slot).clone());
            (Records::Reports(rows.collect()), !list.is_complete())
        } else {
            let sessions = self.marked_or_visible();
            let with_report =
                |session: &Session| (session.clone(), self.catalog.last_report(session).cloned());
            let rows = sessions.iter().filter_map(|id| self.catalog.session(id)).map(with_report);
            (Records::Sessions(rows.collect()), !marked && !self.catalog.sessions().is_complete())
        };
        let kind = if matches!(records, Records::Reports(_)) { "reports" } else { "sessions" };
        let format = FileFormat::default();
        let name = format!("vetty-{kind}-{}.{}", self.now.wall.format("%Y%m%d-%H%M%S"), format.ending());
        let folder = self.export_folder.trim_end_matches('/');
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let wanted = records.len().to_string();
        self.open_dialog(Dialog::Export(Box::new(ExportForm {
            records,
            marked,
            has_more,
            format,
            plain: false,
            path: Input::new(path),
            typed: TypedCheck { input: Input::default(), wanted, failed: false },
            at: ExportLine::Format,
            error: None,
            writing: None,
        })))
    }

    pub(super) fn export_key(&mut self, key: Key, action: Option<Action>) -> Vec<Effect> {
        let Some(Dialog::Export(form)) = self.dialogs.last_mut() else { return Vec::new() };
        if form.writing.is_some() {
            return Vec::new();
        }
        match action {
            Some(Action::SendForm) => return self.export(),
            Some(Action::Accept) if form.lines().last() == Some(&form.at) => return self.export(),
            Some(Action::Accept | Action::NextField) => form.step(true),
            Some(Action::PreviousField) => form.step(false),
            Some(choice @ (Action::NextChoice | Action::PreviousChoice)) if form.input().is_none() => {
                form.choose(choice == Action::NextChoice);
            }
            _ if key.typed() == Some(' ') && form.input().is_none() => form.choose(true),
            _ => form.edit_text(|input| {
                text_entry::edit(input, key);
            }),
        }
        Vec::new()
    }

    /// Has the file written, if nothing is missing.
    fn export(&mut self) -> Vec<Effect> {
        let Some(Dialog::Export(form)) = self.dialogs.last_mut() else { return Vec::new() };
        form.error = None;
        let path = form.path.value().trim().to_owned();
        if path.is_empty() {
            form.at = ExportLine::File;
            form.error = Some("Needed: the name of a file.".into());
            return Vec::new();
        }
        if form.plain && !form.typed.is_right() {
            form.typed.failed = form.at == ExportLine::Check;
            form.at = ExportLine::Check;
            return Vec::new();
        }
        let order = ExportOrder {
            records: form.records.clone(),
            format: form.format,
            sight: if form.plain { Sight::Revealed } else { Sight::Masked },
            keys: self.settings.masking.clone(),
            path,
            has_more: form.has_more,
        };
        let what = format!("{} {}", grouped(order.records.len()), order.records.noun());
        let how = if order.sight == Sight::Revealed { "in plain text" } else { "masked" };
        let purpose = Purpose::Export(format!("{what}, {how}"));
        let (task, effect) = self.ask(purpose, Request::Export(Box::new(order)));
        if let Some(Dialog::Export(form)) = self.dialogs.last_mut() {
            form.writing = Some(task);
        }
        vec![effect]
    }

    /// The file is there.
    pub(super) fn exported(&mut self, task: TaskId, what: &str, path: &str) {
        self.dialogs.retain(|dialog| !matches!(dialog, Dialog::Export(form) if form.writing == Some(task)));
        let text = format!("Exported {what}, to {path}.");
        self.say(Notice::new(Level::Done, text).hint("Nobody but you may read the file."));
    }

    /// The file is not there, and why not stands in the dialog too.
    pub(super) fn not_exported(&mut self, task: TaskId, problem: Problem) {
        for dialog in &mut self.dialogs {
            if let Dialog::Export(form) = dialog
                && form.writing == Some(task)
            {
                form.writing = None;
                form.error = Some(problem.text().to_owned());
            }
        }
        self.say(Notice::problem(problem));
    }
}
