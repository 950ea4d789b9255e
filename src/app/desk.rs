//! What actions do on the pages.

use crate::actions::Action;
use crate::catalog::{Outcome, StatusFilter, TypeFilter};
use crate::identity::SessionId;
use crate::journal::JobAct;

use super::dialog::{CopyMenu, Dialog, OutcomePicker, Palette};
use super::msg::Effect;
use super::notice::{Level, Notice};
use super::replies::Handover;
use super::{JobDesk, Model, Page, Pane, Why, bulk_form, form_values};

impl Model {
    /// Does `action`, or says why not.
    pub(super) fn perform(&mut self, action: Action) -> Vec<Effect> {
        if let Err(Why(why)) = self.allows(action) {
            self.say(Notice::new(Level::Warning, why));
            return Vec::new();
        }
        match action {
            Action::Down => self.move_by(1),
            Action::Up => self.move_by(-1),
            Action::PageDown => self.move_by(isize::from(self.page_step())),
            Action::PageUp => self.move_by(-isize::from(self.page_step())),
            Action::Top => self.move_by(isize::MIN),
            Action::Bottom => self.move_by(isize::MAX),
            Action::NextPane => self.toggle_pane(),
            Action::Open => self.open(),
            Action::Back => self.back(),
            Action::Sessions => self.go_to(Page::Sessions),
            Action::Reports => self.go_to(Page::Reports),
            Action::Activity => self.go_to(Page::Activity),
            Action::Audit => self.go_to(Page::Audit),
            Action::Jobs => self.go_to(Page::Jobs),
            Action::NextStatus => self.cycle_status(true),
            Action::PreviousStatus => self.cycle_status(false),
            Action::NextType => self.cycle_type(),
            Action::Search => self.begin_search(),
            Action::Refresh => self.refresh(),
            Action::LoadAll => self.feed_all(),
            Action::Create => self.open_dialog(Dialog::Form(Box::new(form_values::create_form()))),
            Action::Edit => self.edit(),
            Action::Cancel => self.confirm(JobAct::Cancel),
            Action::Redact => self.confirm(JobAct::Redact),
            Action::Mark => self.toggle_mark(),
            Action::MarkRange => self.mark_range(),
            Action::MarkAll => self.mark_all(),
            Action::InvertMarks => self.invert_marks(),
            Action::Unmark => self.unmark(),
            Action::Undo => self.undo(),
            Action::UndoChosen => self.choose_held(),
            Action::PauseJob => self.pause_or_resume(),
            Action::StopJob => self.stop_chosen(),
            Action::RetryJob => self.retry_chosen(),
            Action::CopyResult => self.copy_result(),
            Action::CopyLink => self.link_of_subject(Handover::Copy),
            Action::OpenLink => self.link_of_subject(Handover::Open),
            Action::CopyMenu => self.with_subject(|session| Dialog::Copy(CopyMenu { session, at: 0 })),
            Action::Reveal => self.toggle_reveal(),
            Action::RevealField => self.choose_field(),
            Action::Export => self.begin_export(),
            Action::Profile => self.pick_profile(),
            Action::Submit => self.with_subject(|session| Dialog::Outcome(OutcomePicker { session, at: 0 })),
            Action::Palette => self.open_dialog(Dialog::Palette(Palette::default())),
            Action::Help => self.open_dialog(Dialog::Help),
            Action::Mouse => self.toggle_mouse(),
            Action::Suspend => {
                self.hide_everything();
                vec![Effect::Suspend]
            }
            Action::Quit => self.quit(),
            // These have keys in dialogs only.
            Action::Accept
            | Action::Dismiss
            | Action::NextField
            | Action::PreviousField
            | Action::NextChoice
            | Action::PreviousChoice
            | Action::ScrollDown
            | Action::ScrollUp
            | Action::SendForm => Vec::new(),
        }
    }

    pub(super) fn open_dialog(&mut self, dialog: Dialog) -> Vec<Effect> {
        self.notices.turned_away();
        self.dialogs.push(dialog);
        self.dialog_scroll = 0;
        Vec::new()
    }

    fn with_subject(&mut self, dialog: impl FnOnce(SessionId) -> Dialog) -> Vec<Effect> {
        match self.subject().map(|session| session.id.clone()) {
            Some(id) => self.open_dialog(dialog(id)),
            None => Vec::new(),
        }
    }

    fn page_step(&self) -> i16 {
        let height = match (self.pane, self.layout().detail) {
            (Pane::Detail, Some(detail)) => detail.h,
            _ => self.list_height(),
        };
        i16::try_from(height.saturating_sub(1).max(1)).unwrap_or(i16::MAX)
    }

    /// Moves the cursor, or scrolls the detail when it has the keys.
    pub(super) fn move_by(&mut self, rows: isize) -> Vec<Effect> {
        if self.pane == Pane::Detail {
            let to = isize::try_from(self.detail_scroll).unwrap_or(0).saturating_add(rows);
            self.detail_scroll = u16::try_from(to.max(0)).unwrap_or(u16::MAX).min(self.drawn.0);
            return Vec::new();
        }
        let height = self.list_height();
        let moved = match self.page {
            Page::Sessions => {
                let unpinned = self.sessions.pinned.take().is_some();
                self.sessions.view.move_by(rows, height) || unpinned
            }
            Page::Reports => self.reports.view.move_by(rows, height),
            Page::Activity => self.move_activity(rows),
            Page::Audit => self.move_audit(rows),
            Page::Jobs => self.move_jobs(rows),
        };
        if moved {
            self.cursor_moved();
        }
        self.feed_more()
    }

    fn move_activity(&mut self, rows: isize) -> bool {
        let height = usize::from(self.list_height()).max(1);
        let before = self.activity_at();
        let at = before.saturating_add_signed(rows).min(self.notices.log().len().saturating_sub(1));
        self.activity.chosen = self.notices.log().get(at).map(|notice| notice.number);
        self.activity.top = self.activity.top.clamp(at.saturating_sub(height - 1), at);
        at != before
    }

    /// Another record is under the cursor: what was revealed masks itself, and the detail begins at its top.
    pub(super) fn cursor_moved(&mut self) {
        self.detail_scroll = 0;
        self.return_to = None;
        self.mask_if_turned();
        self.notices.turned_away();
    }

    fn toggle_pane(&mut self) -> Vec<Effect> {
        match self.pane {
            Pane::Detail => {
                self.pane = Pane::List;
                // With the list in front, keys are for its row.
                if self.sessions.pinned.take().is_some() {
                    self.cursor_moved();
                }
                Vec::new()
            }
            Pane::List if self.page == Page::Sessions => self.open(),
            Pane::List => {
                self.pane = Pane::Detail;
                Vec::new()
            }
        }
    }

    /// Opens the row: its details are fetched, and the detail gets the keys.
    pub(super) fn open(&mut self) -> Vec<Effect> {
        let session = match self.page {
            Page::Sessions => self.subject().map(|session| session.id.clone()),
            Page::Reports => self.subject_report().and_then(|report| report.verification_session.clone()),
            Page::Activity => self.subject_notice().and_then(|notice| notice.session.clone()),
            Page::Audit => self.audit_session(),
            Page::Jobs => None,
        };
        let Some(id) = session else {
            self.pane = Pane::Detail;
            return Vec::new();
        };
        if self.page != Page::Sessions {
            let from = self.page;
            self.leave_record();
            self.page = Page::Sessions;
            self.show_session(&id);
            self.return_to = Some(from);
        }
        self.pane = Pane::Detail;
        self.detail_scroll = 0;
        let mut effects: Vec<Effect> = self.retrieve(&id).into_iter().collect();
        if !self.catalog.reports().is_complete() {
            effects.extend(self.attempts(&id));
        }
        effects
    }

    /// Puts the cursor on a session, or pins it where the filters hide it.
    pub(super) fn show_session(&mut self, id: &SessionId) {
        self.select_rows();
        let list = self.catalog.sessions();
        let slot = self.sessions.view.rows().iter().copied().find(|slot| list.at(*slot).id == *id);
        let height = self.list_height();
        match slot {
            Some(slot) => {
                self.sessions.view.move_to_slot(slot, height);
                self.sessions.pinned = None;
            }
            None => self.sessions.pinned = Some(id.clone()),
        }
        self.cursor_moved();
    }

    fn back(&mut self) -> Vec<Effect> {
        if let Some(page) = self.return_to.take() {
            self.pane = Pane::List;
            self.sessions.pinned = None;
            return self.go_to(page);
        }
        if self.pane == Pane::Detail {
            self.pane = Pane::List;
            self.sessions.pinned = None;
            self.leave_record();
            self.select_rows();
            return Vec::new();
        }
        self.sessions.pinned = None;
        let is_searching = self.search().is_some_and(|search| !search.input.value().is_empty());
        if self.can_stop() && !is_searching {
            return self.stop_waiting();
        }
        self.clear_search()
    }

    pub(super) fn go_to(&mut self, page: Page) -> Vec<Effect> {
        if self.page != page {
            self.stop_search();
            self.leave_record();
            self.sessions.pinned = None;
            self.page = page;
            self.pane = Pane::List;
            // The cursor stays on the notice that was the newest on entering, however the log grows.
            self.activity.chosen = self.notices.log().front().map(|notice| notice.number);
            self.activity.top = 0;
            self.job_desk = JobDesk::default();
            self.select_rows();
            self.cursor_moved();
        }
        if page == Page::Audit {
            return self.read_audit();
        }
        self.feed()
    }

    fn cycle_status(&mut self, forward: bool) -> Vec<Effect> {
        match self.page {
            Page::Sessions => self.filter_status(cycle(&StatusFilter::ALL, self.sessions.status, forward)),
            Page::Reports => self.filter_outcome(cycle(&Outcome::ALL, self.reports.outcome, forward)),
            Page::Activity | Page::Audit | Page::Jobs => Vec::new(),
        }
    }

    pub(super) fn filter_status(&mut self, status: StatusFilter) -> Vec<Effect> {
        self.sessions.status = status;
        self.filtered()
    }

    pub(super) fn filter_outcome(&mut self, outcome: Outcome) -> Vec<Effect> {
        self.reports.outcome = outcome;
        self.filtered()
    }

    pub(super) fn cycle_type(&mut self) -> Vec<Effect> {
        let kind = match self.page {
            Page::Reports => &mut self.reports.kind,
            _ => &mut self.sessions.kind,
        };
        *kind = cycle(&TypeFilter::ALL, *kind, true);
        self.filtered()
    }

    /// Filters or search changed: other rows, and the list has the keys.
    pub(super) fn filtered(&mut self) -> Vec<Effect> {
        self.sessions.pinned = None;
        self.pane = Pane::List;
        self.choose_rows();
        self.cursor_moved();
        self.feed()
    }

    fn edit(&mut self) -> Vec<Effect> {
        if self.is_bulk() {
            let form = bulk_form::bulk_form(self.marked.len());
            return self.open_dialog(Dialog::Form(Box::new(form)));
        }
        let Some(session) = self.subject() else { return Vec::new() };
        let (form, id) = (form_values::update_form(session, self.lens(&session.id)), session.id.clone());
        let incomplete = session.provided_details.is_absent();
        self.open_dialog(Dialog::Form(Box::new(form)));
        // The form shows what is provided as soon as it is known.
        if incomplete { self.retrieve(&id).into_iter().collect() } else { Vec::new() }
    }

    fn link_of_subject(&mut self, handover: Handover) -> Vec<Effect> {
        match self.subject().map(|session| session.id.clone()) {
            Some(id) => self.link(id, handover),
            None => Vec::new(),
        }
    }

    fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.mouse = !self.mouse;
        let key = self.keymap.label(Action::Mouse);
        let text = if self.mouse {
            "The mouse works here again.".to_owned()
        } else {
            format!("The mouse is released: select text in your terminal; {key} takes it back.")
        };
        self.say(Notice::new(Level::Info, text));
        vec![Effect::CaptureMouse(self.mouse)]
    }
}

fn cycle<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
    let at = all.iter().position(|one| *one == now).unwrap_or(0);
    let step = if forward { 1 } else { all.len() - 1 };
    all[(at + step) % all.len()]
}
