//! What the program knows and how it changes: `update(&mut Model, Msg) -> Vec<Effect>`.
//!
//! Floor 4: imports floors 0 to 3 (`catalog` and words only). Pure and synchronous: no terminal, no network, no
//! clock and no randomness but what a message brings. `worker` carries out what [`Effect::Ask`] asks; `terminal`
//! carries out the rest; `ui` draws a [`Model`] and changes nothing.

mod allow;
mod audit;
pub mod bars;
mod bulk_form;
mod confirm;
mod desk;
mod dialog;
mod dialog_keys;
mod erasures;
mod export;
mod feed;
mod form;
mod form_metadata;
mod form_values;
pub mod geometry;
mod handover;
mod held_menu;
mod job;
mod job_desk;
mod jobs;
mod layout;
mod left_over;
mod list_view;
mod marks;
mod model;
mod mouse;
mod msg;
mod notice;
mod patience;
mod pending;
mod pressed;
mod problem;
mod profiles;
mod replies;
mod reveal;
mod search;
#[cfg(test)]
mod tests;
mod text_entry;
mod update;

pub use allow::Why;
pub use audit::{AuditDesk, AuditLog, WHAT_TO_DO};
pub use confirm::{Confirm, ConfirmStep, Reasoned};
pub use dialog::{
    Button, CopyItem, CopyMenu, Dialog, FieldMenu, OutcomePicker, Palette, ShownLink, TypedCheck,
};
pub use erasures::{Erasure, REDACTED};
pub use export::{ExportForm, ExportLine, ExportOrder, FileFormat, Records};
pub use form::{FieldId, Form, FormField, FormKind, MetadataRow, Value};
pub use held_menu::QUIT_CHOICES;
pub use job::{Job, JobItem, JobOrder, Stage, Tally, Target, act_of, doing_of, verb_of};
pub use job_desk::JobDesk;
pub use jobs::{ItemNews, JobRequest, Jobs};
pub use left_over::{LEFT_CHOICES, LeftOver, Unanswered};
pub use list_view::ListView;
pub use marks::{Marked, sessions};
pub use model::{
    ActivityDesk, Connection, Link, Model, Page, Pane, ReportDesk, SearchBox, SessionDesk, Settings,
};
pub use msg::{
    Answer, ClipboardRoute, Copying, Effect, Mouse, MouseKind, Msg, Opening, Request, Task, TaskId, Trying,
};
pub use notice::{Level, Notice, Notices};
pub use patience::Waiting;
pub use pending::Pending;
pub use problem::{Doubt, Problem, ProblemKind, sentence};
pub use profiles::{ProfileEntry, ProfilePicker};
pub use reveal::{Fetched, Reveal, Unveil};
pub use update::update;
