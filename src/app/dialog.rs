//! The dialogs: what they ask and where their cursor is. Keys reach the topmost one only.

use tui_input::Input;

use crate::actions::{Action, Group, Spec, TABLE};
use crate::identity::personal::PersonalField;
use crate::identity::{ErrorCode, ReportId, SessionId};
use crate::privacy::Secret;
use crate::text::fold;

use super::{Confirm, ExportForm, Form, Model, ProfilePicker, Why};

/// Something that stands over the page until it is answered.
pub enum Dialog {
    /// Every key.
    Help,
    /// Find a command by its name.
    Palette(Palette),
    /// Are you sure?
    Confirm(Box<Confirm>),
    /// Create or update a session.
    Form(Box<Form>),
    /// Choose what to copy.
    Copy(CopyMenu),
    /// Choose one field to show.
    Fields(FieldMenu),
    /// Write records to a file.
    Export(Box<ExportForm>),
    /// Choose another profile.
    Profiles(ProfilePicker),
    /// Sandbox only: choose how a submission ends.
    Outcome(OutcomePicker),
    /// A hosted URL that could not be copied or opened.
    Link(ShownLink),
    /// Choose which held job to take back.
    Held {
        /// The number of the job under the cursor.
        chosen: u64,
    },
    /// What earlier runs of the program left.
    LeftOver {
        /// The choice under the cursor, in the order of [`super::LEFT_CHOICES`].
        at: usize,
    },
    /// Quit although changes are not sent.
    QuitWithHeld {
        /// The choice under the cursor, in the order of [`super::QUIT_CHOICES`].
        at: usize,
    },
}

/// The buttons of a confirmation. The safe one has the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Button {
    /// Change nothing.
    #[default]
    Keep,
    /// Do it.
    Proceed,
}

/// A text that has to be typed before a confirmation counts.
#[derive(Debug)]
pub struct TypedCheck {
    /// What was typed so far.
    pub input: Input,
    /// What has to be typed.
    pub wanted: String,
    /// Whether something else was given.
    pub failed: bool,
}

impl TypedCheck {
    pub(super) fn new(wanted: String) -> Self {
        Self { input: Input::default(), wanted, failed: false }
    }

    /// Whether the right text stands there.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.input.value().trim() == self.wanted
    }
}

/// The command palette.
#[derive(Debug, Default)]
pub struct Palette {
    /// The words to look for.
    pub input: Input,
    /// The match under the cursor.
    pub at: usize,
}

impl Palette {
    /// The commands in which every word is found, with why some cannot be used now. Usable ones come first.
    #[must_use]
    pub fn matches(&self, model: &Model) -> Vec<(&'static Spec, Result<(), Why>)> {
        let words = fold(self.input.value());
        let found = |spec: &&Spec| {
            let text = fold(&format!("{} {} {}", spec.id, spec.title, spec.doc));
            words.split_whitespace().all(|word| text.contains(word))
        };
        let listed = |spec: &&Spec| {
            spec.scope == crate::actions::Scope::Desk
                && !matches!(spec.action, Action::Palette | Action::Down | Action::Up)
        };
        let mut matches: Vec<_> =
            TABLE.iter().filter(listed).filter(found).map(|spec| (spec, model.allows(spec.action))).collect();
        // What can be done comes first, what the words begin comes before what they are merely found in, and sessions
        // are what people come for.
        matches.sort_by_key(|(spec, allowed)| {
            (allowed.is_err(), !spec.id.starts_with(words.trim()), spec.group != Group::Session)
        });
        matches
    }
}

/// One thing that can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyItem {
    /// The session's id.
    Id,
    /// The integrator's reference.
    Reference,
    /// The e-mail address provided or verified.
    Email,
    /// The newest report's id.
    Report,
    /// The session as JSON, masked like the screen.
    Json,
    /// The hosted URL, freshly fetched.
    Link,
}

impl CopyItem {
    /// Every item, in the order of the menu.
    pub const ALL: [Self; 6] = [Self::Id, Self::Reference, Self::Email, Self::Report, Self::Json, Self::Link];

    /// What the menu calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Id => "session id",
            Self::Reference => "reference",
            Self::Email => "e-mail",
            Self::Report => "report id",
            Self::Json => "session as JSON",
            Self::Link => "hosted URL",
        }
    }
}

/// The copy menu.
#[derive(Debug)]
pub struct CopyMenu {
    /// The session.
    pub session: SessionId,
    /// The item under the cursor, in the order of [`CopyItem::ALL`].
    pub at: usize,
}

/// The menu of single fields.
#[derive(Debug)]
pub struct FieldMenu {
    /// The session.
    pub session: SessionId,
    /// The report that its data stand in.
    pub report: Option<ReportId>,
    /// The fields, as they were known when the menu opened; later ones stand at the end.
    pub fields: Vec<PersonalField>,
    /// The field under the cursor.
    pub at: usize,
}

/// Sandbox only: the choice of how a submission ends.
#[derive(Debug)]
pub struct OutcomePicker {
    /// The session.
    pub session: SessionId,
    /// The outcome under the cursor.
    pub at: usize,
}

impl OutcomePicker {
    /// The outcomes as the sandbox takes them: success first, then every error code.
    pub fn outcomes() -> impl ExactSizeIterator<Item = &'static str> {
        let count = ErrorCode::KNOWN.len() + 1;
        (0..count).map(|at| if at == 0 { "verified" } else { ErrorCode::KNOWN[at - 1].as_str() })
    }
}

/// A hosted URL shown because it could not be handed over.
#[derive(Debug)]
pub struct ShownLink {
    /// The session.
    pub session: SessionId,
    /// The URL.
    pub url: Secret,
    /// Whether it is shown: it is asked for first.
    pub shown: bool,
    /// Why it could not be handed over.
    pub reason: String,
}
