//! What redaction writes over a record. Sandbox only.
//!
//! Texts become `[redacted]`, dates 1/1/1. Countries, kinds, results and ids stay: they say nothing of a person.

use serde_json::{Value, json};

use super::record::{ReportRecord, SessionRecord};
use crate::privacy::REDACTED;

/// Fields that survive, wherever they stand.
const KEPT: [&str; 9] = [
    "status",
    "error",
    "type",
    "id_number_type",
    "country",
    "issuing_country",
    "files",
    "selfie",
    // The picture of the document in a selfie check; the document check itself is no field of a check.
    "document",
];

/// Masks everything personal in a session.
pub(super) fn mask_session(session: &mut SessionRecord) {
    mask(&mut session.verified_outputs);
    mask(&mut session.provided_details);
    session.metadata.clear();
    session.last_error = None;
}

/// Masks everything personal in a report.
pub(super) fn mask_report(report: &mut ReportRecord) {
    for (_, check) in &mut report.checks {
        mask(check);
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(_) | Value::String(_) => *value = REDACTED.into(),
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(fields) if fields.contains_key("year") => {
            *value = json!({ "day": 1, "month": 1, "year": 1 });
        }
        Value::Object(fields) => {
            fields.iter_mut().filter(|(name, _)| !KEPT.contains(&name.as_str())).for_each(|(_, it)| mask(it));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_check_keeps_its_result() {
        let mut check = json!({
            "status": "verified", "error": null, "type": "passport", "first_name": "Jenny", "sex": "female",
            "address": { "line1": "1234 Main St.", "line2": null, "country": "US" },
            "dob": { "day": 2, "month": 3, "year": 1990 }, "issuing_country": "US", "files": ["file_1"],
        });
        mask(&mut check);
        assert_eq!(
            check,
            json!({
                "status": "verified", "error": null, "type": "passport", "first_name": "[redacted]",
                "sex": "[redacted]", "address": { "line1": "[redacted]", "line2": null, "country": "US" },
                "dob": { "day": 1, "month": 1, "year": 1 }, "issuing_country": "US", "files": ["file_1"],
            })
        );
        let again = check.clone();
        mask(&mut check);
        assert_eq!(check, again, "masking twice is masking once");
    }
}
