//! A session as an integrator creates it: type, options, reference, metadata.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::flows::{self, Flow};
use super::super::record::SessionRecord;
use super::Person;
use super::dice::Dice;
use super::story::{Fate, Story};
use crate::clock::Timestamp;
use crate::identity::{CheckKind, DocumentType, ErrorCode, Status, VerificationType};

/// Two sources of chance: what the whole sandbox shares, and what one batch of sessions has for itself.
#[derive(Clone, Copy)]
pub(super) struct Seeds {
    /// People and the account.
    pub(super) people: u64,
    /// Ids, options and what happens.
    pub(super) chance: u64,
}

/// What the session has to check for its story to be told.
pub(super) struct Needs {
    check: Option<CheckKind>,
    document: Option<DocumentType>,
    /// Some kind of document has to be one that is not allowed.
    narrow: bool,
    /// The ID number check has to be fed by a document.
    number_from_document: bool,
    country: Option<&'static str>,
}

impl Needs {
    pub(super) fn of(story: &Story) -> Self {
        let code = match &story.fate {
            Fate::Failed { code, .. } => Some(code),
            _ => None,
        };
        // A story of a document or of a country has to show a document.
        let shows_document = story.country.is_some() || story.document.is_some();
        Self {
            check: code.and_then(ErrorCode::check).or(shows_document.then_some(CheckKind::Document)),
            document: story.document.clone(),
            narrow: code == Some(&ErrorCode::DocumentTypeNotSupported),
            number_from_document: code == Some(&ErrorCode::IdNumberInsufficientDocumentData),
            country: story.country,
        }
    }
}

/// The session with index `at` as it was created, and the key that leads to its person: its id.
pub(super) fn session(seeds: Seeds, at: usize, created: Timestamp, needs: &Needs) -> SessionRecord {
    let seed = seeds.people;
    let mut dice = Dice::nth(seeds.chance, "session", at);
    let kind = kind(&mut dice, needs);
    let id = id(seed, &mut dice, &kind, needs.country);
    let flow = if kind == VerificationType::VerificationFlow { flow(&mut dice, needs) } else { None };
    let options = flow.map_or_else(|| options(&mut dice, &kind, needs), |flow| flow.options.clone());
    SessionRecord {
        provided_details: provided_details(seed, &mut dice, &id, &options),
        id,
        created,
        status: Status::RequiresInput,
        client_reference_id: reference(&mut dice, at),
        metadata: metadata(&mut dice, at),
        options,
        redaction: None,
        redaction_due: None,
        related_customer: dice.chance(25).then(|| format!("cus_{}", dice.token(14))),
        related_customer_account: dice.chance(3).then(|| format!("acct_1{}", dice.token(15))),
        related_person: related_person(&mut dice),
        verification_flow: flow.map(|flow| flow.id.clone()),
        return_url: dice.chance(60).then(|| "https://example.com/verification/done".to_owned()),
        last_error: None,
        last_report: None,
        verified_outputs: Value::Null,
        kind,
    }
}

/// `prefix`, a 1, and 23 letters and digits: chance, a part that the account's objects share, and chance again.
///
/// Nothing of the time is in it, so that the same seed means the same people on every day.
pub(super) fn object_id(prefix: &str, seed: u64, dice: &mut Dice) -> String {
    let account = Dice::new(seed, &[b"account"]).token(10);
    format!("{prefix}1{}{account}{}", dice.token(5), dice.token(8))
}

/// An id whose person lives where they have to: people follow from ids, so ids are drawn until one fits.
fn id(seed: u64, dice: &mut Dice, kind: &VerificationType, country: Option<&str>) -> String {
    // Far more draws than the rarest country takes, and an end for a country that is not there at all.
    const DRAWS: usize = 5000;
    let mut id = object_id("vs_", seed, dice);
    for _ in 0..DRAWS {
        let home = Person::country_of(seed, &id);
        let fits = match country {
            Some(country) => home == country,
            // Bare ID number checks are for countries whose numbers the API knows.
            None => *kind != VerificationType::IdNumber || matches!(home, "US" | "BR" | "SG"),
        };
        if fits {
            break;
        }
        id.truncate(id.len() - 8);
        id.push_str(&dice.token(8));
    }
    id
}

fn kind(dice: &mut Dice, needs: &Needs) -> VerificationType {
    match needs.check {
        Some(CheckKind::Email | CheckKind::Phone) => return VerificationType::VerificationFlow,
        Some(CheckKind::Document | CheckKind::Selfie) => return VerificationType::Document,
        Some(CheckKind::IdNumber) if needs.number_from_document => return VerificationType::Document,
        Some(CheckKind::IdNumber) => return VerificationType::IdNumber,
        None => {}
    }
    let kinds = [
        (82, VerificationType::Document),
        (9, VerificationType::IdNumber),
        (9, VerificationType::VerificationFlow),
    ];
    dice.weighted(&kinds).cloned().unwrap_or(VerificationType::Document)
}

/// The options of a session without a flow.
fn options(dice: &mut Dice, kind: &VerificationType, needs: &Needs) -> Value {
    let mut options = Map::new();
    if *kind != VerificationType::IdNumber {
        let document = document_options(dice, needs);
        if !document.is_empty() {
            options.insert("document".to_owned(), Value::Object(document));
        }
    }
    Value::Object(options)
}

fn document_options(dice: &mut Dice, needs: &Needs) -> Map<String, Value> {
    let mut document = Map::new();
    let allowed: [&[DocumentType]; 3] = [
        &[DocumentType::Passport],
        &[DocumentType::DrivingLicense, DocumentType::IdCard],
        &[DocumentType::DrivingLicense, DocumentType::IdCard, DocumentType::Passport],
    ];
    if let Some(kind) = &needs.document {
        document.insert("allowed_types".to_owned(), json!([kind]));
    } else if needs.narrow || dice.chance(20) {
        let choice = if needs.narrow { &allowed[..2] } else { &allowed[..] };
        document.insert("allowed_types".to_owned(), json!(dice.pick(choice)));
    }
    if needs.number_from_document || dice.chance(6) {
        document.insert("require_id_number".to_owned(), json!(true));
    }
    if dice.chance(15) {
        document.insert("require_live_capture".to_owned(), json!(true));
    }
    if needs.check == Some(CheckKind::Selfie) || dice.chance(42) {
        document.insert("require_matching_selfie".to_owned(), json!(true));
    }
    document
}

/// Whether `options` allow some kinds of document and not others.
pub(super) fn is_narrow(options: &Value) -> bool {
    let allowed = options["document"]["allowed_types"].as_array();
    allowed.is_some_and(|kinds| !kinds.is_empty() && kinds.len() < DocumentType::KNOWN.len())
}

/// A flow with the check that the story is about.
fn flow(dice: &mut Dice, needs: &Needs) -> Option<&'static Flow> {
    let fits = |flow: &&Flow| needs.check.is_none_or(|check| flow.has(check.as_str()));
    let fitting: Vec<&Flow> = flows::built_in().iter().filter(fits).collect();
    dice.pick(&fitting).copied()
}

fn provided_details(seed: u64, dice: &mut Dice, id: &str, options: &Value) -> Value {
    // A code can only be sent to an address or a number that somebody gave.
    let asked: BTreeSet<&str> =
        ["email", "phone"].into_iter().filter(|check| options[*check].is_object()).collect();
    let share = if asked.is_empty() { 18 } else { 90 };
    if !dice.chance(share) {
        return Value::Null;
    }
    let person = Person::invent(seed, id);
    let phone = (asked.contains("phone") || dice.chance(40)).then_some(person.phone);
    json!({ "email": person.email, "phone": phone })
}

fn reference(dice: &mut Dice, at: usize) -> Option<String> {
    // Now and then somebody comes back: the reference of a user from a little earlier.
    let user = 4000 + at - if dice.chance(5) { dice.index(40) } else { 0 };
    match dice.below(100) {
        0..72 => Some(format!("user_{user}")),
        72..80 => Some(format!("members+{user}@example.com")),
        80..88 => Some(uuid(dice)),
        88..91 => Some(format!("Büro-Zürich/{user}")),
        _ => None,
    }
}

/// In the form of a random UUID.
fn uuid(dice: &mut Dice) -> String {
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        *byte = u8::try_from(dice.below(256)).unwrap_or(0);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

fn metadata(dice: &mut Dice, at: usize) -> BTreeMap<String, String> {
    let mut metadata = BTreeMap::new();
    let mut add = |dice: &mut Dice, percent: u64, key: &str, values: &[&str]| {
        if dice.chance(percent)
            && let Some(value) = dice.pick(values)
        {
            metadata.insert(key.to_owned(), (*value).to_owned());
        }
    };
    add(dice, 30, "source", &["web", "ios", "android", "kiosk café"]);
    add(dice, 15, "campaign", &["été-2026", "Frühlingsaktion", "spring_signup", "お正月"]);
    add(dice, 15, "region", &["São Paulo", "Île-de-France", "Małopolska", "apac", "us-west"]);
    add(
        dice,
        4,
        "note",
        &["Second try after a call: the first picture was blurred, the person was helpful."],
    );
    if dice.chance(35) {
        metadata.insert("order_id".to_owned(), format!("ord_{}", 70_000 + at * 3));
    }
    metadata
}

fn related_person(dice: &mut Dice) -> Value {
    if !dice.chance(2) {
        return Value::Null;
    }
    let account = format!("acct_1{}", dice.token(15));
    json!({ "account": account, "person": format!("person_1{}", dice.token(23)) })
}
