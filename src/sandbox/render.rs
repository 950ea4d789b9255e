//! Records as the API shows them: which fields are there, which are null, which wait for `expand`. Sandbox only.

use serde_json::{Map, Value, json};

use super::expand::Expand;
use super::record::{ErrorRecord, ReportRecord, SessionRecord};
use super::store::sessions::{Link, SessionRow};
use crate::clock::Timestamp;
use crate::identity::CheckKind;
use crate::identity::lifecycle::{Act, State, judge};

/// How long `client_secret` opens anything, in seconds.
pub(super) const SECRET_LIVES: i64 = 24 * 3600;
/// How long `url` opens anything, in seconds.
pub(super) const URL_LIVES: i64 = 48 * 3600;

/// Fields of `verified_outputs` that need their own path.
const SENSITIVE_OUTPUTS: [&str; 5] = ["dob", "id_number", "sex", "unparsed_place_of_birth", "unparsed_sex"];
/// Fields of a document check that need their own path.
const SENSITIVE_DOCUMENT: [&str; 6] =
    ["dob", "expiration_date", "number", "sex", "unparsed_place_of_birth", "unparsed_sex"];
/// Fields of an ID number check that need their own path.
const SENSITIVE_ID_NUMBER: [&str; 2] = ["dob", "id_number"];

/// What rendering needs to know besides the record.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    /// The sandbox clock.
    pub(super) now: Timestamp,
    /// Where this sandbox answers: hosted pages live there too.
    pub(super) api_base: &'a str,
    /// The account's default version of the API.
    pub(super) api_version: &'a str,
    /// What was expanded.
    pub(super) expand: &'a Expand,
}

/// The lifecycle state of a record.
pub(super) fn state(record: &SessionRecord) -> State {
    State { status: record.status.clone(), redaction: record.redaction.clone() }
}

/// The link, as long as it opens anything for `seconds` after it was issued.
fn open_link(row: &SessionRow, now: Timestamp, seconds: i64) -> Option<&Link> {
    judge(&state(&row.record), Act::Link).ok()?;
    row.link.as_ref().filter(|link| now.secs_since(link.made) < seconds)
}

/// Whether a request that promises a valid link has to issue a new one.
pub(super) fn needs_link(row: &SessionRow, now: Timestamp) -> bool {
    judge(&state(&row.record), Act::Link).is_ok() && open_link(row, now, SECRET_LIVES).is_none()
}

/// A session. `report` is its newest report, needed when that is expanded.
pub(super) fn session(row: &SessionRow, report: Option<&ReportRecord>, view: View<'_>) -> Value {
    let record = &row.record;
    let secret = open_link(row, view.now, SECRET_LIVES)
        .map(|link| format!("{}_secret_test_{}", record.id, link.token));
    let url = open_link(row, view.now, URL_LIVES)
        .map(|link| format!("{}/start/test_{}", view.api_base, link.token));
    let last_report = match report {
        Some(report) if view.expand.has("last_verification_report") => {
            self::report(report, &view.expand.below("last_verification_report"))
        }
        _ => json!(record.last_report),
    };
    let mut out = json!({
        "id": record.id,
        "object": "identity.verification_session",
        "client_reference_id": record.client_reference_id,
        "client_secret": secret,
        "created": record.created,
        "last_error": record.last_error.as_ref().map(error),
        "last_verification_report": last_report,
        "livemode": false,
        "metadata": record.metadata,
        "options": record.options,
        "redaction": record.redaction.as_ref().map(|status| json!({ "status": status })),
        "related_customer": record.related_customer,
        "related_customer_account": record.related_customer_account,
        "status": record.status,
        "type": record.kind,
        "url": url,
    });
    if !record.related_person.is_null() {
        out["related_person"] = record.related_person.clone();
    }
    if let Some(flow) = &record.verification_flow {
        out["verification_flow"] = json!(flow);
    }
    if view.expand.has("provided_details") {
        out["provided_details"] = without_nulls(&record.provided_details);
    }
    if view.expand.has("verified_outputs") {
        let below = view.expand.below("verified_outputs");
        out["verified_outputs"] = without(&record.verified_outputs, &SENSITIVE_OUTPUTS, &below);
    }
    out
}

/// A report.
pub(super) fn report(record: &ReportRecord, expand: &Expand) -> Value {
    let mut out = json!({
        "id": record.id,
        "object": "identity.verification_report",
        "client_reference_id": record.client_reference_id,
        "created": record.created,
        "livemode": false,
        "options": record.options,
        "type": record.kind,
        "verification_session": record.session,
    });
    if let Some(flow) = &record.verification_flow {
        out["verification_flow"] = json!(flow);
    }
    for kind in CheckKind::ALL {
        let name = kind.as_str();
        let Some(check) = record.checks.get(name) else { continue };
        out[name] = match kind {
            CheckKind::Document => without(check, &SENSITIVE_DOCUMENT, &expand.below(name)),
            CheckKind::IdNumber => without(check, &SENSITIVE_ID_NUMBER, &expand.below(name)),
            CheckKind::Selfie | CheckKind::Email | CheckKind::Phone => check.clone(),
        };
    }
    out
}

/// A page of rendered objects.
pub(super) fn list(url: &str, data: Vec<Value>, has_more: bool) -> Value {
    let mut out = Map::new();
    out.insert("object".to_owned(), "list".into());
    out.insert("data".to_owned(), Value::Array(data));
    out.insert("has_more".to_owned(), has_more.into());
    out.insert("url".to_owned(), url.into());
    Value::Object(out)
}

fn error(record: &ErrorRecord) -> Value {
    json!({ "code": record.code, "reason": record.reason })
}

/// The object without the fields that are null: what was not provided is absent.
fn without_nulls(object: &Value) -> Value {
    let Value::Object(fields) = object else { return object.clone() };
    Value::Object(
        fields.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect(),
    )
}

/// The object without the sensitive fields that were not expanded.
fn without(object: &Value, sensitive: &[&str], expand: &Expand) -> Value {
    let Value::Object(fields) = object else { return object.clone() };
    let shown = |name: &String| !sensitive.contains(&name.as_str()) || expand.has(name);
    Value::Object(
        fields
            .iter()
            .filter(|(name, _)| shown(name))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect::<Map<_, _>>(),
    )
}
