//! One submission: which checks run, and what they find. For the rest of the sandbox only.
//!
//! Everything here follows from the session, the person and the verdict: the same submission always leaves the
//! same report. What the report holds and what `verified_outputs` holds come from the same values.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::people::dice::Dice;
use super::people::{Document, IdNumber, Person, date_json};
use super::record::{ErrorRecord, ReportRecord, SessionRecord};
use crate::clock::Timestamp;
use crate::identity::{CheckKind, CheckStatus, DocumentType, ErrorCode, VerificationType};

/// How a submission ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check passes.
    Verified,
    /// The check that the code belongs to fails, or the whole session does.
    Failed(ErrorCode),
}

/// What a submission leaves behind.
pub struct Attempt {
    /// The report; `None` for refusals of the whole session (consent, age, country, device, abandoned).
    pub report: Option<ReportRecord>,
    /// `verified_outputs` when verified, else null.
    pub verified_outputs: Value,
    /// The session's `last_error`.
    pub last_error: Option<ErrorRecord>,
}

/// Lets `person` submit documents for `session`, ending at `at` with `verdict` in a report called `report_id`. The
/// document is of the kind `shown`; without one it is the kind that the person likes best.
///
/// A code of a check that the session does not ask for makes that check part of the report all the same: whoever
/// chose the outcome wants to see it, and a report without it would contradict the session's `last_error`.
#[must_use]
pub fn run(
    session: &SessionRecord,
    person: &Person,
    verdict: &Verdict,
    shown: Option<&DocumentType>,
    report_id: String,
    at: Timestamp,
) -> Attempt {
    let failure = match verdict {
        Verdict::Verified => None,
        Verdict::Failed(code) => Some(code),
    };
    let last_error = failure.map(error);
    if failure.is_some_and(|code| code.check().is_none()) {
        return Attempt { report: None, verified_outputs: Value::Null, last_error };
    }
    let mut checks = wanted_checks(session);
    checks.extend(failure.and_then(ErrorCode::check));
    let submission = Submission::new(session, person, failure, shown, &report_id, at);
    let results = checks.iter().map(|kind| (kind.as_str().to_owned(), submission.check(*kind))).collect();
    let verified_outputs = if failure.is_none() { submission.verified_outputs(&checks) } else { Value::Null };
    let report = ReportRecord {
        id: report_id,
        created: at,
        session: session.id.clone(),
        kind: session.kind.clone(),
        client_reference_id: session.client_reference_id.clone(),
        verification_flow: session.verification_flow.clone(),
        options: report_options(session),
        checks: results,
    };
    Attempt { report: Some(report), verified_outputs, last_error }
}

/// The checks that the session's type and options ask for.
#[must_use]
pub fn wanted_checks(session: &SessionRecord) -> BTreeSet<CheckKind> {
    let asked = |check: &str, option: &str| session.options[check][option] == Value::Bool(true);
    let mut checks = BTreeSet::new();
    if session.kind == VerificationType::IdNumber {
        checks.insert(CheckKind::IdNumber);
    } else {
        checks.insert(CheckKind::Document);
        if asked("document", "require_matching_selfie") {
            checks.insert(CheckKind::Selfie);
        }
        // A flow asks for an ID number by an `id_number` object of its own.
        if asked("document", "require_id_number") || session.options["id_number"].is_object() {
            checks.insert(CheckKind::IdNumber);
        }
    }
    for kind in [CheckKind::Email, CheckKind::Phone] {
        if asked(kind.as_str(), "require_verification") {
            checks.insert(kind);
        }
    }
    checks
}

/// The session's options that reports know, with the object of the check that its type is about even when nothing
/// was set.
fn report_options(session: &SessionRecord) -> Value {
    let mut options = session.options.as_object().cloned().unwrap_or_default();
    options.retain(|name, _| name == "document" || name == "id_number");
    match session.kind {
        VerificationType::Document => options.entry("document").or_insert_with(|| json!({})),
        VerificationType::IdNumber => options.entry("id_number").or_insert_with(|| json!({})),
        _ => return Value::Object(options),
    };
    Value::Object(options)
}

/// What was handed in, and what is wrong with it.
struct Submission<'a> {
    session: &'a SessionRecord,
    person: &'a Person,
    failure: Option<&'a ErrorCode>,
    document: Document,
    /// Whether the kind of document could be told.
    kind_known: bool,
    /// Whether number, dates and address could be read.
    legible: bool,
    number: IdNumber,
    files: [String; 3],
}

impl<'a> Submission<'a> {
    fn new(
        session: &'a SessionRecord,
        person: &'a Person,
        failure: Option<&'a ErrorCode>,
        shown: Option<&DocumentType>,
        report_id: &str,
        at: Timestamp,
    ) -> Self {
        let allowed = allowed_types(session);
        let refused: Vec<DocumentType> = if allowed.is_empty() {
            Vec::new()
        } else {
            DocumentType::KNOWN.iter().filter(|kind| !allowed.contains(kind)).cloned().collect()
        };
        let mut dice = person.dice(report_id);
        let allowed = shown.map_or(allowed, |kind| vec![kind.clone()]);
        let wrong_type = failure == Some(&ErrorCode::DocumentTypeNotSupported);
        let document = match failure {
            // Dated by the session, so that a second try with the same document shows the same dates.
            Some(ErrorCode::DocumentExpired) => person.expired_document(&allowed, session.created.min(at)),
            Some(ErrorCode::DocumentTypeNotSupported) => person.document(&refused, at),
            _ => person.document(&allowed, at),
        };
        Self {
            session,
            person,
            failure,
            document,
            // Where every kind is allowed, a kind that is not supported is none that the API has a word for.
            kind_known: !(wrong_type && refused.is_empty()),
            legible: failure != Some(&ErrorCode::DocumentUnverifiedOther) || dice.chance(50),
            number: person.number_for_check(),
            files: std::array::from_fn(|_| file_id(&mut dice)),
        }
    }

    /// One check as it stands in the report: status and error first, then what was read.
    fn check(&self, kind: CheckKind) -> Value {
        let failed = self.failure.filter(|code| code.check() == Some(kind));
        let status = if failed.is_some() { CheckStatus::Unverified } else { CheckStatus::Verified };
        let mut check = Map::new();
        check.insert("status".to_owned(), json!(status));
        check.insert("error".to_owned(), json!(failed.map(error)));
        let found = match kind {
            CheckKind::Document => self.document_data(),
            CheckKind::IdNumber => self.id_number_data(),
            CheckKind::Selfie => json!({ "document": self.files[0], "selfie": self.files[2] }),
            CheckKind::Email => json!({ "email": self.email() }),
            CheckKind::Phone => json!({ "phone": self.phone() }),
        };
        if let Value::Object(found) = found {
            check.extend(found);
        }
        Value::Object(check)
    }

    fn document_data(&self) -> Value {
        let (person, document) = (self.person, &self.document);
        let if_legible = |value: Value| if self.legible { value } else { Value::Null };
        json!({
            "type": self.kind_known.then_some(&document.kind),
            "first_name": person.first_name,
            "last_name": person.last_name,
            "address": if_legible(person.address.to_json()),
            "files": if document.kind == DocumentType::Passport { &self.files[..1] } else { &self.files[..2] },
            "issued_date": if_legible(date_json(document.issued)),
            "expiration_date": if_legible(date_json(document.expires)),
            "issuing_country": person.address.country,
            "dob": self.dob(),
            "number": if_legible(json!(document.number)),
            "sex": person.sex,
            "unparsed_sex": person.unparsed_sex,
            "unparsed_place_of_birth": if_legible(json!(person.place_of_birth)),
        })
    }

    fn id_number_data(&self) -> Value {
        json!({
            "first_name": self.person.first_name,
            "last_name": self.person.last_name,
            "dob": self.dob(),
            "id_number": self.number.number,
            "id_number_type": self.number.kind,
        })
    }

    /// The birth date: what is missing when a document has too little on it for the ID number check.
    fn dob(&self) -> Value {
        if self.failure == Some(&ErrorCode::IdNumberInsufficientDocumentData) {
            return Value::Null;
        }
        date_json(self.person.born)
    }

    /// The address that the integrator gave, or else the person's own.
    fn email(&self) -> &str {
        self.session.provided_details["email"].as_str().unwrap_or(&self.person.email)
    }

    /// The number that the integrator gave, or else the person's own.
    fn phone(&self) -> &str {
        self.session.provided_details["phone"].as_str().unwrap_or(&self.person.phone)
    }

    /// What `checks` verified. Data of checks that did not run are null.
    fn verified_outputs(&self, checks: &BTreeSet<CheckKind>) -> Value {
        let person = self.person;
        let from = |kind: CheckKind, value: Value| if checks.contains(&kind) { value } else { Value::Null };
        json!({
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": from(CheckKind::Email, json!(self.email())),
            "phone": from(CheckKind::Phone, json!(self.phone())),
            "address": from(CheckKind::Document, person.address.to_json()),
            "id_number_type": from(CheckKind::IdNumber, json!(self.number.kind)),
            "dob": self.dob(),
            "id_number": from(CheckKind::IdNumber, json!(self.number.number)),
            "sex": from(CheckKind::Document, json!(person.sex)),
            "unparsed_sex": from(CheckKind::Document, json!(person.unparsed_sex)),
            "unparsed_place_of_birth": from(CheckKind::Document, json!(person.place_of_birth)),
        })
    }
}

/// The kinds of document that the session accepts; empty for all.
fn allowed_types(session: &SessionRecord) -> Vec<DocumentType> {
    let listed = session.options["document"]["allowed_types"].as_array();
    listed.into_iter().flatten().filter_map(Value::as_str).filter_map(DocumentType::known).collect()
}

fn file_id(dice: &mut Dice) -> String {
    format!("file_1{}", dice.token(23))
}

fn error(code: &ErrorCode) -> ErrorRecord {
    ErrorRecord { code: code.clone(), reason: reason(code).to_owned() }
}

/// The sentence that goes with `code`.
#[must_use]
pub fn reason(code: &ErrorCode) -> &'static str {
    match code {
        ErrorCode::Abandoned => "The verification was started but never submitted.",
        ErrorCode::ConsentDeclined => "The person declined to be verified.",
        ErrorCode::CountryNotSupported => "The country is not supported.",
        ErrorCode::DeviceNotSupported => "The device has no camera, or the camera may not be used.",
        ErrorCode::UnderSupportedAge => "The person is under the supported age.",
        ErrorCode::DocumentExpired => "The document is expired.",
        ErrorCode::DocumentTypeNotSupported => "The type of the document is not supported.",
        ErrorCode::DocumentUnverifiedOther => "The document is invalid.",
        ErrorCode::IdNumberInsufficientDocumentData => {
            "The document does not have enough data to match the ID number."
        }
        ErrorCode::IdNumberMismatch => "The ID number does not match the name and date of birth.",
        ErrorCode::IdNumberUnverifiedOther => "The ID number could not be verified.",
        ErrorCode::SelfieDocumentMissingPhoto => "The document has no picture of a face.",
        ErrorCode::SelfieFaceMismatch => "The selfie does not match the picture on the document.",
        ErrorCode::SelfieManipulated => "The selfie is manipulated.",
        ErrorCode::SelfieUnverifiedOther => "The selfie could not be verified.",
        ErrorCode::EmailUnverifiedOther => "The email address could not be verified.",
        ErrorCode::EmailVerificationDeclined => "The code sent to the email address was not entered.",
        ErrorCode::PhoneUnverifiedOther => "The phone number could not be verified.",
        ErrorCode::PhoneVerificationDeclined => "The code sent to the phone number was not entered.",
        ErrorCode::Other(_) => "The verification failed.",
    }
}

#[cfg(test)]
mod tests;
