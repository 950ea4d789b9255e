//! What redaction leaves of a session and its reports. For the rest of the sandbox.
//!
//! Text becomes `[redacted]`, dates 1/1/1; what was null stays null. Kept are the country of an address, kinds,
//! results of checks and the ids of files, whose contents are gone. The integrator's reference stays: the API is
//! silent about it, and without it nobody could tell that the right session was redacted.

use serde_json::{Map, Value, json};

use super::super::record::{ReportRecord, SessionRecord};
use crate::identity::CheckKind;
use crate::privacy::REDACTED;

/// Erases what tells something of a person from `session`, metadata and `last_error` included.
pub fn mask_session(session: &mut SessionRecord) {
    session.metadata.clear();
    session.return_url = None;
    session.last_error = None;
    for object in [&mut session.verified_outputs, &mut session.provided_details] {
        if let Value::Object(fields) = object {
            mask(fields);
        }
    }
}

/// Erases what tells something of a person from `report`.
pub fn mask_report(report: &mut ReportRecord) {
    for check in report.checks.values_mut() {
        if let Value::Object(fields) = check {
            mask(fields);
        }
    }
}

/// Erases the same from an object as the API has shown it: a session, a report, an event or a file link. For
/// stored copies.
pub fn mask_rendered(object: &mut Value) {
    let Value::Object(fields) = object else { return };
    match fields.get("object").and_then(Value::as_str) {
        Some("identity.verification_session") => {
            for name in ["client_secret", "last_error", "url"] {
                set(fields, name, Value::Null);
            }
            set(fields, "metadata", json!({}));
            for name in ["provided_details", "verified_outputs"] {
                if let Some(Value::Object(inner)) = fields.get_mut(name) {
                    mask(inner);
                }
            }
            if let Some(report) = fields.get_mut("last_verification_report") {
                mask_rendered(report);
            }
        }
        Some("identity.verification_report") => {
            for kind in CheckKind::ALL {
                if let Some(Value::Object(check)) = fields.get_mut(kind.as_str()) {
                    mask(check);
                }
            }
        }
        Some("event") => {
            if let Some(object) = fields.get_mut("data").and_then(|data| data.get_mut("object")) {
                mask_rendered(object);
            }
        }
        Some("file_link") => {
            set(fields, "metadata", json!({}));
            set(fields, "url", Value::Null);
        }
        _ => {}
    }
}

/// Writes what is there already; adds nothing.
fn set(fields: &mut Map<String, Value>, name: &str, to: Value) {
    if let Some(value) = fields.get_mut(name) {
        *value = to;
    }
}

fn mask(fields: &mut Map<String, Value>) {
    for (name, value) in fields {
        match name.as_str() {
            "first_name"
            | "last_name"
            | "email"
            | "phone"
            | "id_number"
            | "number"
            | "sex"
            | "unparsed_sex"
            | "unparsed_place_of_birth"
            | "line1"
            | "line2"
            | "city"
            | "state"
            | "postal_code"
                if !value.is_null() =>
            {
                *value = json!(REDACTED);
            }
            "dob" | "issued_date" | "expiration_date" if !value.is_null() => {
                *value = json!({ "day": 1, "month": 1, "year": 1 });
            }
            "address" => {
                if let Value::Object(address) = value {
                    mask(address);
                }
            }
            _ => {}
        }
    }
}
