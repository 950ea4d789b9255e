//! What every page has around its content: title, progress, and what testers want to know about the session.

use super::progress::{Progress, Step};
use super::steps::address;
use super::visit::Opened;
use super::words;
use crate::clock::{Timestamp, WallTime};
use crate::sandbox::render::URL_LIVES;
use crate::text;

/// What every page has around its content.
pub(super) struct Frame {
    pub(super) title: String,
    /// The step's number and how many there are.
    pub(super) position: Option<(usize, usize)>,
    /// The step before this one.
    pub(super) back: Option<String>,
    pub(super) base: String,
    pub(super) csrf: String,
    /// What was wrong with what was sent.
    pub(super) problem: Option<String>,
    /// Whether leaving is offered.
    pub(super) leave: bool,
    pub(super) about: Option<About>,
}

/// What testers want to know about the session.
pub(super) struct About {
    pub(super) session: String,
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) flow: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) metadata: Vec<(String, String)>,
    pub(super) options: String,
    pub(super) link_ends: String,
}

impl About {
    /// Of the session behind a link.
    fn new(opened: &Opened) -> Self {
        let record = &opened.row.record;
        let clean = |text: &str| text::clean(text).into_owned();
        Self {
            session: record.id.clone(),
            kind: record.kind.as_str().to_owned(),
            status: record.status.as_str().to_owned(),
            flow: record.verification_flow.as_deref().map(clean),
            reference: record.client_reference_id.as_deref().map(clean),
            metadata: record.metadata.iter().map(|(name, value)| (clean(name), clean(value))).collect(),
            options: clean(&record.options.to_string()),
            link_ends: moment(opened.made.plus_secs(URL_LIVES)),
        }
    }
}

/// A time as people write it, to the minute.
fn moment(at: Timestamp) -> String {
    at.wall_time().unwrap_or(WallTime::EPOCH).format("%-d %B %Y, %H:%M UTC on the sandbox clock")
}

impl Frame {
    /// The frame of a page that is no step.
    pub(super) fn plain(title: impl Into<String>, opened: Option<&Opened>) -> Self {
        Self {
            title: title.into(),
            position: None,
            back: None,
            base: opened.map(Opened::base).unwrap_or_default(),
            csrf: opened.and_then(|it| it.visit.as_ref()).map(|visit| visit.csrf.clone()).unwrap_or_default(),
            problem: None,
            leave: false,
            about: opened.map(About::new),
        }
    }

    /// The frame of a step.
    pub(super) fn step(opened: &Opened, step: Step, progress: &Progress, problem: Option<String>) -> Self {
        let record = &opened.row.record;
        let document = progress.document(record);
        let before = progress.steps(record).into_iter().take_while(|it| *it != step).last();
        Self {
            position: progress.position(step, record),
            back: before.map(|step| address(&opened.base(), step)),
            problem,
            leave: step != Step::Consent,
            ..Self::plain(words::title(step, document.as_ref()), Some(opened))
        }
    }
}
