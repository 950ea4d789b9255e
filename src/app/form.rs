//! The forms that create and update a session: their fields, and how keys move among them.
//!
//! What a form says to the API is worked out in `form_values`.

use tui_input::Input;

use crate::identity::{DocumentType, SessionId};

use super::TaskId;

/// What the form is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// A new session.
    Create,
    /// Changes to this session.
    Update(SessionId),
    /// Metadata of so many marked sessions.
    Marked(usize),
}

/// Which field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldId {
    /// `type`, with `verification_flow` as a third choice when creating.
    Type,
    /// `verification_flow`.
    Flow,
    /// `options[document][allowed_types]`.
    AllowedTypes,
    /// `options[document][require_id_number]`.
    RequireIdNumber,
    /// `options[document][require_live_capture]`.
    RequireLiveCapture,
    /// `options[document][require_matching_selfie]`.
    RequireMatchingSelfie,
    /// `provided_details[email]`.
    Email,
    /// `provided_details[phone]`.
    Phone,
    /// `client_reference_id`.
    Reference,
    /// `return_url`.
    ReturnUrl,
    /// `related_customer`.
    Customer,
    /// One pair of `metadata`.
    Metadata,
}

impl FieldId {
    /// Whether it is an option whose first choice is to leave it alone.
    #[must_use]
    pub const fn can_be_unset(self) -> bool {
        matches!(self, Self::RequireIdNumber | Self::RequireLiveCapture | Self::RequireMatchingSelfie)
    }
}

/// What a field holds. Not `Debug`: people type personal data into fields.
#[derive(Clone)]
pub enum Value {
    /// A line of text.
    Text {
        /// The text.
        input: Input,
        /// What is drawn while it is empty.
        placeholder: String,
        /// Whether somebody typed here: an empty text then removes the value.
        touched: bool,
    },
    /// One of some values.
    Choice {
        /// The values as they are shown.
        options: &'static [&'static str],
        /// The one chosen.
        at: usize,
        /// The one it began with.
        was: usize,
    },
    /// Any of the document types; none of them means all.
    Types {
        /// Which are chosen, in the order of [`DocumentType::KNOWN`].
        chosen: [bool; 3],
        /// The one under the cursor.
        at: usize,
        /// Which were chosen at first.
        was: [bool; 3],
    },
    /// A pair of metadata.
    Pair(MetadataRow),
}

/// A pair of metadata in a form.
#[derive(Clone, Default)]
pub struct MetadataRow {
    /// The key.
    pub key: Input,
    /// The value.
    pub value: Input,
    /// Whether the value is being typed, not the key.
    pub on_value: bool,
    /// The pair as the session has it; an emptied row removes it.
    pub was: Option<(String, String)>,
    /// What stands in the place of a value that is masked: it is kept, and in no text that could be sent, until
    /// somebody types over it.
    pub mask: Option<String>,
}

impl MetadataRow {
    /// Whether nothing stands in the row.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.key.value().trim().is_empty() && self.value.value().is_empty()
    }

    /// The value that the row stands for.
    #[must_use]
    pub fn value_now(&self) -> &str {
        match (&self.mask, &self.was) {
            (Some(_), Some((_, was))) => was,
            _ => self.value.value(),
        }
    }

    /// Whether the row removes the pair that the session has.
    #[must_use]
    pub fn removes(&self) -> bool {
        self.was.is_some() && (self.value_now().is_empty() || self.key.value().trim().is_empty())
    }
}

/// One field.
#[derive(Clone)]
pub struct FormField {
    /// Which one.
    pub id: FieldId,
    /// What it is called.
    pub label: &'static str,
    /// One line that helps to fill it in.
    pub help: &'static str,
    /// What it holds.
    pub value: Value,
    /// What is wrong with it: ours before sending, the API's after.
    pub error: Option<String>,
    /// Why it cannot be changed, if it cannot.
    pub locked: Option<&'static str>,
}

/// The choices of an option that may also be left alone.
pub(super) const YES_NO: &[&str] = &["not set", "yes", "no"];

/// The choices of `type` when creating.
pub(super) const CREATE_TYPES: &[&str] = &["document", "id_number", "verification_flow"];

/// The choices of `type` when updating.
pub(super) const UPDATE_TYPES: &[&str] = &["document", "id_number"];

/// A form.
pub struct Form {
    /// What it is for.
    pub kind: FormKind,
    /// Its fields, from top to bottom.
    pub fields: Vec<FormField>,
    /// The field with the focus.
    pub at: usize,
    /// What is wrong with the whole.
    pub error: Option<String>,
    /// Set once Esc was pressed over something typed: the next one throws it away.
    pub discarding: bool,
    /// Set while it is being sent.
    pub sending: Option<TaskId>,
}

impl Form {
    /// The field with the focus.
    #[must_use]
    pub fn focused(&self) -> Option<&FormField> {
        self.fields.get(self.at)
    }

    /// The title.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self.kind {
            FormKind::Create => "New session",
            FormKind::Update(_) => "Update session",
            FormKind::Marked(_) => "Change metadata",
        }
    }

    /// Whether the focus is where left and right move a text cursor.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.focused().is_some_and(|field| matches!(field.value, Value::Text { .. } | Value::Pair(_)))
    }

    /// Whether something was typed or chosen that closing would lose.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.fields.iter().any(|field| match &field.value {
            Value::Text { input, touched, .. } => *touched && !input.value().is_empty(),
            Value::Choice { at, was, .. } => at != was,
            Value::Types { chosen, was, .. } => chosen != was,
            Value::Pair(row) => match &row.was {
                Some((key, value)) => row.key.value() != key || row.value_now() != value,
                None => !row.is_blank(),
            },
        })
    }

    /// Lets `edit` change the text that keys go to, if the focus is on one that can be changed.
    pub(super) fn edit_text<R>(&mut self, edit: impl FnOnce(&mut Input) -> R) {
        let Some(field) = self.fields.get_mut(self.at).filter(|field| field.locked.is_none()) else { return };
        let changed = match &mut field.value {
            Value::Text { input, touched, .. } => {
                let changed = changes(input, edit);
                *touched |= changed;
                changed
            }
            Value::Pair(row) if row.on_value => {
                let changed = changes(&mut row.value, edit);
                if changed {
                    row.mask = None;
                }
                changed
            }
            Value::Pair(row) => changes(&mut row.key, edit),
            Value::Choice { .. } | Value::Types { .. } => false,
        };
        if changed {
            field.error = None;
            self.grow();
        }
    }

    /// Goes to the next field, or the previous one; a pair of metadata has two stops.
    pub(super) fn step(&mut self, forward: bool) {
        if let Some(Value::Pair(row)) = self.fields.get_mut(self.at).map(|field| &mut field.value)
            && row.on_value != forward
        {
            row.on_value = forward;
            return;
        }
        let count = self.fields.len();
        for _ in 0..count {
            self.at = if forward { (self.at + 1) % count } else { (self.at + count - 1) % count };
            if self.is_shown(self.at) {
                break;
            }
        }
        if let Some(Value::Pair(row)) = self.fields.get_mut(self.at).map(|field| &mut field.value) {
            row.on_value = !forward;
        }
    }

    /// Chooses the next value of a choice, or the previous one. Says whether there was a choice.
    pub(super) fn choose(&mut self, forward: bool) -> bool {
        let Some(field) = self.fields.get_mut(self.at) else { return false };
        if field.locked.is_some() {
            return !matches!(field.value, Value::Text { .. } | Value::Pair(_));
        }
        field.error = None;
        let step =
            |at: usize, count: usize| if forward { (at + 1) % count } else { (at + count - 1) % count };
        match &mut field.value {
            Value::Choice { options, at, .. } => *at = step(*at, options.len()),
            Value::Types { at, chosen, .. } => *at = step(*at, chosen.len()),
            Value::Text { .. } | Value::Pair(_) => return false,
        }
        true
    }

    /// Presses the space bar on a choice. Says whether there was one.
    pub(super) fn toggle(&mut self) -> bool {
        match self.fields.get_mut(self.at) {
            Some(FormField { value: Value::Types { at, chosen, .. }, locked: None, error, .. }) => {
                chosen[*at] = !chosen[*at];
                *error = None;
                true
            }
            _ => self.choose(true),
        }
    }

    /// Whether a field is drawn: a flow brings its own type and options.
    #[must_use]
    pub fn is_shown(&self, at: usize) -> bool {
        let Some(field) = self.fields.get(at) else { return false };
        let flow = self.chosen_type() == Some("verification_flow");
        match field.id {
            FieldId::Flow => flow,
            FieldId::AllowedTypes
            | FieldId::RequireIdNumber
            | FieldId::RequireLiveCapture
            | FieldId::RequireMatchingSelfie => self.chosen_type() == Some("document"),
            _ => true,
        }
    }

    /// The type that is chosen.
    #[must_use]
    pub fn chosen_type(&self) -> Option<&'static str> {
        self.fields.iter().find_map(|field| match (&field.id, &field.value) {
            (FieldId::Type, Value::Choice { options, at, .. }) => options.get(*at).copied(),
            _ => None,
        })
    }

    /// Keeps one blank pair of metadata at the end to type in.
    pub(super) fn grow(&mut self) {
        let blank = self.fields.last().is_some_and(
            |field| matches!(&field.value, Value::Pair(row) if row.is_blank() && row.was.is_none()),
        );
        let locked = self.fields.iter().any(|field| field.id == FieldId::Metadata && field.locked.is_some());
        if !blank && !locked {
            self.fields.push(metadata_field(MetadataRow::default()));
        }
    }

    /// Puts the API's own complaint at the field that `param` names. Says whether there is one.
    pub(super) fn blame(&mut self, param: &str, message: &str) -> bool {
        let at = self.fields.iter().position(|field| match field.id {
            FieldId::Type => param == "type",
            FieldId::Flow => param == "verification_flow",
            FieldId::AllowedTypes => param.starts_with("options[document][allowed_types]"),
            FieldId::RequireIdNumber => param == "options[document][require_id_number]",
            FieldId::RequireLiveCapture => param == "options[document][require_live_capture]",
            FieldId::RequireMatchingSelfie => param == "options[document][require_matching_selfie]",
            FieldId::Email => param == "provided_details[email]",
            FieldId::Phone => param == "provided_details[phone]",
            FieldId::Reference => param == "client_reference_id",
            FieldId::ReturnUrl => param == "return_url",
            FieldId::Customer => param == "related_customer",
            FieldId::Metadata => match &field.value {
                Value::Pair(row) => {
                    param == "metadata" || param == format!("metadata[{}]", row.key.value().trim())
                }
                _ => false,
            },
        });
        let Some(at) = at.filter(|at| self.is_shown(*at)) else { return false };
        self.fields[at].error = Some(message.to_owned());
        self.at = at;
        true
    }
}

/// Whether `edit` changes what stands in `input`; moving the cursor does not.
fn changes<R>(input: &mut Input, edit: impl FnOnce(&mut Input) -> R) -> bool {
    let before = input.value().to_owned();
    edit(input);
    input.value() != before
}

/// A field for one pair of metadata.
pub(super) fn metadata_field(row: MetadataRow) -> FormField {
    FormField {
        id: FieldId::Metadata,
        label: "Metadata",
        help: "Key and value. Empty the value to remove the key. Redaction erases all metadata.",
        value: Value::Pair(row),
        error: None,
        locked: None,
    }
}

/// The document types that are chosen.
#[must_use]
pub(super) fn chosen_types(chosen: [bool; 3]) -> Vec<DocumentType> {
    DocumentType::KNOWN
        .iter()
        .zip(chosen)
        .filter(|(_, chosen)| *chosen)
        .map(|(kind, _)| kind.clone())
        .collect()
}
