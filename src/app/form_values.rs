//! From a session to a form, and from a form to a request: what is checked before anything is sent.

use std::collections::BTreeSet;

use tui_input::Input;

use crate::identity::lifecycle::{self, Act, State};
use crate::identity::params::{
    Change, CreateSession, DocumentOptionsParams, ProvidedDetailsParams, UpdateSession,
};
use crate::identity::{DocumentOptions, DocumentType, Session, VerificationType};
use crate::privacy::{Email, Lens, Personal, Phone, Pii, is_mask};

use super::form::{
    CREATE_TYPES, FieldId, Form, FormField, FormKind, MetadataRow, UPDATE_TYPES, Value, YES_NO, chosen_types,
    metadata_field,
};
use super::form_metadata::{METADATA_KEYS, NO_VALUE, known_pair, metadata_change, pair, pair_problem, pairs};
use super::msg::Request;

fn field(id: FieldId, label: &'static str, help: &'static str, value: Value) -> FormField {
    FormField { id, label, help, value, error: None, locked: None }
}

fn text(placeholder: impl Into<String>) -> Value {
    Value::Text { input: Input::default(), placeholder: placeholder.into(), touched: false }
}

fn choice(options: &'static [&'static str], at: usize) -> Value {
    Value::Choice { options, at, was: at }
}

fn option_fields(document: &DocumentOptions) -> [FormField; 4] {
    let yes_no = |value: Option<bool>| choice(YES_NO, value.map_or(0, |yes| if yes { 1 } else { 2 }));
    let allowed = document.allowed_types.as_deref().unwrap_or_default();
    let chosen = [0, 1, 2].map(|at| allowed.contains(&DocumentType::KNOWN[at]));
    [
        field(
            FieldId::AllowedTypes,
            "Accepted documents",
            "Space chooses. None chosen means all are accepted.",
            Value::Types { chosen, at: 0, was: chosen },
        ),
        field(
            FieldId::RequireMatchingSelfie,
            "Matching selfie",
            "Also compare a selfie with the picture on the document.",
            yes_no(document.require_matching_selfie),
        ),
        field(
            FieldId::RequireIdNumber,
            "ID number",
            "Also check an ID number against name and birth date of the document.",
            yes_no(document.require_id_number),
        ),
        field(
            FieldId::RequireLiveCapture,
            "Live capture",
            "Refuse uploads: pictures have to come from the camera.",
            yes_no(document.require_live_capture),
        ),
    ]
}

/// An empty form for a new session.
pub(super) fn create_form() -> Form {
    let mut fields = vec![
        field(
            FieldId::Type,
            "Type",
            "What is verified. A flow brings its own options.",
            choice(CREATE_TYPES, 0),
        ),
        field(FieldId::Flow, "Flow", "The id of a verification flow made in the Dashboard.", text("vf_…")),
    ];
    fields.extend(option_fields(&DocumentOptions::default()));
    fields.extend([
        field(
            FieldId::Reference,
            "Reference",
            "Your own name for the person: a customer or user id.",
            text("user_…"),
        ),
        field(FieldId::Email, "E-mail", "Provided to the checks; may be shown to the person.", text("")),
        field(FieldId::Phone, "Phone", "With country code, such as +14155550132.", text("+…")),
        field(
            FieldId::ReturnUrl,
            "Return URL",
            "Where the person goes afterwards. Cannot be read back.",
            text("https://…"),
        ),
        field(FieldId::Customer, "Customer", "The id of a Customer of this account.", text("cus_…")),
        metadata_field(MetadataRow::default()),
    ]);
    Form { kind: FormKind::Create, fields, at: 0, error: None, discarding: false, sending: None }
}

/// A form with what `session` has. Personal values stay in the session, and are kept unless typed over; those of its
/// metadata can be changed in part where `lens` shows them.
pub(super) fn update_form(session: &Session, lens: Lens<'_>) -> Form {
    let at = UPDATE_TYPES.iter().position(|kind| *kind == session.kind.as_str()).unwrap_or(0);
    let document = session.options.as_ref().and_then(|options| options.document.clone()).unwrap_or_default();
    let mut fields = vec![field(FieldId::Type, "Type", "What is verified.", choice(UPDATE_TYPES, at))];
    fields.extend(option_fields(&document));
    fields.extend([
        field(FieldId::Email, "E-mail", "Type to replace it; type and empty it to remove it.", text("")),
        field(FieldId::Phone, "Phone", "Type to replace it; type and empty it to remove it.", text("")),
    ]);
    if let Err(refusal) = lifecycle::judge(&State::from(session), Act::Update) {
        for field in &mut fields {
            field.locked = Some(refusal.because());
        }
    } else if session.kind == VerificationType::VerificationFlow {
        for field in fields.iter_mut().filter(|field| !matches!(field.id, FieldId::Email | FieldId::Phone)) {
            field.locked = Some("the flow decides it");
        }
    }
    for (key, value) in &session.metadata {
        fields.push(known_pair(key, value, lens));
    }
    let at = fields.iter().position(|field| field.locked.is_none()).unwrap_or(0);
    let mut form = Form {
        kind: FormKind::Update(session.id.clone()),
        fields,
        at,
        error: None,
        discarding: false,
        sending: None,
    };
    form.grow();
    if form.fields.get(form.at).is_some_and(|field| field.locked.is_some()) {
        form.at = form.fields.len() - 1;
    }
    form
}

/// Checks the form and says what to ask. `None` when something is wrong: it then stands at its field.
///
/// `session` is the one that is updated, as it is known now.
pub(super) fn request(form: &mut Form, session: Option<&Session>) -> Option<Request> {
    form.error = None;
    form.fields.iter_mut().for_each(|field| field.error = None);
    let problems = problems(form);
    let first = problems.first().map(|(at, _)| *at);
    for (at, problem) in problems {
        form.fields[at].error = Some(problem);
    }
    if let Some(at) = first {
        form.at = at;
        return None;
    }
    match form.kind.clone() {
        FormKind::Create => Some(Request::Create(Box::new(create_params(form)))),
        FormKind::Update(id) => {
            let params = update_params(form, session);
            if params.is_empty() {
                form.error = Some("Nothing was changed.".into());
                return None;
            }
            Some(Request::Update(id, Box::new(params)))
        }
        // Its values become a job, and no request.
        FormKind::Marked(_) => None,
    }
}

/// What is wrong with which field.
fn problems(form: &Form) -> Vec<(usize, String)> {
    let mut problems = Vec::new();
    let mut keys = BTreeSet::new();
    for (at, field) in form.fields.iter().enumerate().filter(|(at, _)| form.is_shown(*at)) {
        let problem = match &field.value {
            Value::Text { input, .. } => text_problem(field.id, input.value().trim()),
            Value::Pair(row) if row.is_blank() || row.removes() => None,
            Value::Pair(row) => pair_problem(row, &mut keys),
            Value::Choice { .. } | Value::Types { .. } => None,
        };
        problems.extend(problem.map(|problem| (at, problem)));
    }
    if keys.len() > METADATA_KEYS {
        problems.push((form.fields.len() - 1, format!("At most {METADATA_KEYS} keys are allowed.")));
    }
    problems
}

fn text_problem(id: FieldId, value: &str) -> Option<String> {
    let problem = match id {
        FieldId::Flow if value.is_empty() => "Needed: the id of a flow, or choose another type.",
        FieldId::Flow if !value.starts_with("vf_") => "Flow ids begin with vf_.",
        _ if value.is_empty() => return None,
        _ if is_mask(value) => NO_VALUE,
        FieldId::Email if !is_email(value) => "Not an e-mail address: name@host is missing.",
        FieldId::Phone if !is_phone(value) => "Begin with + and the country code, then digits only.",
        FieldId::ReturnUrl if !is_url(value) => "A full URL is needed, beginning with https:// or http://.",
        FieldId::Customer if !value.starts_with("cus_") => "Customer ids begin with cus_.",
        FieldId::Reference if value.chars().count() > 200 => "At most 200 characters.",
        _ => return None,
    };
    Some(problem.to_owned())
}

fn is_email(value: &str) -> bool {
    matches!(value.split_once('@'), Some((user, host)) if !user.is_empty() && host.contains('.') && !host.ends_with('.'))
        && !value.contains(char::is_whitespace)
}

fn is_phone(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.chars().filter(char::is_ascii_digit).count())
            && digits.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '-')
    })
}

fn is_url(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// The text of a field that is shown, if there is any.
fn text_of(form: &Form, id: FieldId) -> Option<String> {
    let (_, field) =
        form.fields.iter().enumerate().find(|(at, field)| field.id == id && form.is_shown(*at))?;
    match &field.value {
        Value::Text { input, .. } => Some(input.value().trim().to_owned()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn create_params(form: &Form) -> CreateSession {
    let flow = form.chosen_type() == Some("verification_flow");
    let details = ProvidedDetailsParams {
        email: text_of(form, FieldId::Email).map(|text| Change::Set(Pii::new(Email::new(&text)))),
        phone: text_of(form, FieldId::Phone).map(|text| Change::Set(Pii::new(Phone::new(&text)))),
    };
    CreateSession {
        kind: if flow { None } else { form.chosen_type().map(VerificationType::from) },
        verification_flow: text_of(form, FieldId::Flow),
        document: if form.chosen_type() == Some("document") {
            document_params(form)
        } else {
            DocumentOptionsParams::default()
        },
        provided_details: details,
        client_reference_id: text_of(form, FieldId::Reference),
        metadata: pairs(form).filter(|row| !row.is_blank()).map(pair).collect(),
        related_customer: text_of(form, FieldId::Customer),
        return_url: text_of(form, FieldId::ReturnUrl),
        ..CreateSession::default()
    }
}

/// The document options as the form has them; what was never set is left out, what is not set any more is unset.
fn document_params(form: &Form) -> DocumentOptionsParams {
    let mut params = DocumentOptionsParams::default();
    for field in &form.fields {
        match (&field.id, &field.value) {
            (FieldId::AllowedTypes, Value::Types { chosen, was, .. })
                if chosen.contains(&true) || chosen != was =>
            {
                params.allowed_types = Some(chosen_types(*chosen));
            }
            (id, Value::Choice { at, was, .. }) => {
                let yes_no = match (at, was) {
                    (1, _) => Some(true),
                    // Leaving it out would keep it, and not required is what an unset option means.
                    (2, _) | (_, 1) => Some(false),
                    _ => None,
                };
                match id {
                    FieldId::RequireIdNumber => params.require_id_number = yes_no,
                    FieldId::RequireLiveCapture => params.require_live_capture = yes_no,
                    FieldId::RequireMatchingSelfie => params.require_matching_selfie = yes_no,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    params
}

/// Whether nothing of the document options is set in the form.
fn no_document_options(form: &Form) -> bool {
    form.fields.iter().all(|field| match (&field.id, &field.value) {
        (FieldId::AllowedTypes, Value::Types { chosen, .. }) => !chosen.contains(&true),
        (
            FieldId::RequireIdNumber | FieldId::RequireLiveCapture | FieldId::RequireMatchingSelfie,
            Value::Choice { at, .. },
        ) => *at == 0,
        _ => true,
    })
}

fn update_params(form: &Form, session: Option<&Session>) -> UpdateSession {
    let details = session.and_then(|session| session.provided_details.value());
    let has_email = details.is_some_and(|details| details.email.is_some());
    let has_phone = details.is_some_and(|details| details.phone.is_some());
    let mut params = UpdateSession::default();
    let mut options_changed = false;
    for (at, field) in form.fields.iter().enumerate() {
        if field.locked.is_some() {
            continue;
        }
        match (&field.id, &field.value) {
            (FieldId::Type, Value::Choice { options, at, was }) if at != was => {
                params.kind = options.get(*at).map(|kind| VerificationType::from(*kind));
            }
            (FieldId::Email, value) => params.provided_details.email = detail(value, has_email, Email::new),
            (FieldId::Phone, value) => params.provided_details.phone = detail(value, has_phone, Phone::new),
            (_, Value::Choice { at: now, was, .. }) => options_changed |= form.is_shown(at) && now != was,
            (_, Value::Types { chosen, was, .. }) => options_changed |= form.is_shown(at) && chosen != was,
            _ => {}
        }
    }
    if options_changed {
        // Options that are all left alone again are options that are not set any more.
        let cleared = no_document_options(form);
        params.document = Some(if cleared { Change::Remove } else { Change::Set(document_params(form)) });
    }
    params.metadata = metadata_change(form);
    params
}

/// A personal text that was typed over, or emptied on purpose.
fn detail<T: Personal>(
    value: &Value,
    there_is_one: bool,
    make: impl Fn(&str) -> T,
) -> Option<Change<Pii<T>>> {
    match value {
        Value::Text { input, touched: true, .. } => match input.value().trim() {
            "" => there_is_one.then_some(Change::Remove),
            typed => Some(Change::Set(Pii::new(make(typed)))),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests;
