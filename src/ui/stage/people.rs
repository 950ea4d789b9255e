//! The usual people on the stage, and what nobody may see of them.

use serde_json::{Value, json};

use super::NOW;
use crate::catalog::fixtures::{report, session};
use crate::identity::{Report, Session};

/// A session that was verified.
pub(in crate::ui) const JENNY: &str = "vs_1NuN4zLkdIwHu7ixleE6HvkI";

/// Plain values of every person on the stage: none may be seen while masked.
pub(in crate::ui) const PRIVATE: [&str; 13] = [
    "Jenny",
    "Rosen",
    "Main St",
    "San Francisco",
    "94111",
    "jenny@",
    "5550132",
    "0132",
    "1990",
    "C01X00T47",
    "000-12-6789",
    "Erika",
    "Mustermann",
];

/// A verified person as a list page has her.
pub(in crate::ui) fn jenny() -> Session {
    session(
        JENNY,
        NOW - 7_500,
        json!({
            "status": "verified",
            "client_reference_id": "user_8123",
            "last_verification_report": "vr_1MwBlH2eZvKYlo2C91hOpFMf",
            "metadata": { "plan": "pro", "order": "A-1042" },
            "options": { "document": {
                "allowed_types": ["passport", "driving_license"],
                "require_matching_selfie": true, "require_live_capture": false,
            } },
            "related_customer": "cus_QY7bUCr3EXAMPLE",
        }),
    )
}

/// The same as a retrieve has her.
pub(in crate::ui) fn jenny_open() -> Session {
    let mut open = jenny();
    open.verified_outputs = serde_json::from_value(json!({
        "first_name": "Jenny", "last_name": "Rosen",
        "address": { "line1": "1234 Main St.", "city": "San Francisco", "state": "CA",
                     "postal_code": "94111", "country": "US" },
        "email": "jenny@example.com", "phone": "+14155550132", "id_number_type": null,
    }))
    .expect("verified data");
    open.provided_details =
        serde_json::from_value(json!({ "email": "jenny@example.com", "phone": "+14155550132" }))
            .expect("details");
    open
}

/// A person whose document has expired.
pub(in crate::ui) fn erika() -> Session {
    session(
        "vs_1NuMzKLkdIwHu7ix8Zq3Wd0a",
        NOW - 90_000,
        json!({
            "client_reference_id": "user_8122",
            "last_verification_report": "vr_1NuNaQLkdIwHu7ixERIKA002",
            "last_error": { "code": "document_expired", "reason": "The document is expired." },
            "options": { "document": { "require_matching_selfie": true, "require_id_number": true } },
        }),
    )
}

/// The reports of both, newest first.
pub(in crate::ui) fn reports() -> Vec<Report> {
    let address = json!({ "line1": "1234 Main St.", "city": "San Francisco", "state": "CA",
                          "postal_code": "94111", "country": "US" });
    let passed = json!({
        "document": { "status": "verified", "error": null, "type": "passport", "first_name": "Jenny",
            "last_name": "Rosen", "issuing_country": "US", "address": address,
            "issued_date": { "day": 1, "month": 12, "year": 2020 },
            "files": ["file_1NuN5sLkdIwHu7ixHgwFIlGz", "file_1NuN5sLkdIwHu7ixPnBack12"] },
        "selfie": { "status": "verified", "error": null, "document": "file_1NuN5sLkdIwHu7ixHgwFIlGz",
            "selfie": "file_1NuN5sLkdIwHu7ixSelfie01" },
        "options": { "document": { "require_matching_selfie": true } },
    });
    let mismatch = json!({
        "document": { "status": "verified", "error": null, "type": "passport", "first_name": "Jenny",
            "last_name": "Rosen", "issuing_country": "US" },
        "selfie": { "status": "unverified",
            "error": { "code": "selfie_face_mismatch", "reason": "The captured face did not match." } },
    });
    let expired = json!({
        "document": { "status": "unverified", "type": "id_card", "first_name": "Erika",
            "last_name": "Mustermann", "issuing_country": "DE",
            "error": { "code": "document_expired", "reason": "The document is expired." } },
        "id_number": { "status": "unverified", "first_name": "Erika", "last_name": "Mustermann",
            "id_number_type": "us_ssn", "id_number": "000-12-6789",
            "error": { "code": "id_number_mismatch", "reason": "The number did not match." } },
    });
    let by = |id: &str, of: &str, at: i64, extra: Value| report(id, of, at, extra);
    vec![
        by("vr_1MwBlH2eZvKYlo2C91hOpFMf", JENNY, NOW - 142, passed),
        by("vr_1MwBkP2eZvKYlo2CFaCe0000", JENNY, NOW - 4_300, mismatch),
        by("vr_1NuNaQLkdIwHu7ixERIKA002", "vs_1NuMzKLkdIwHu7ix8Zq3Wd0a", NOW - 86_500, expired),
    ]
}
