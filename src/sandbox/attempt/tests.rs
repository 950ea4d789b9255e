use std::collections::BTreeMap;

use super::*;
use crate::identity::Status;

const AT: Timestamp = Timestamp::from_secs(1_790_000_000);

fn session(kind: VerificationType, options: Value) -> SessionRecord {
    SessionRecord {
        id: "vs_1Test".to_owned(),
        created: AT.minus_secs(300),
        status: Status::Processing,
        kind,
        client_reference_id: Some("user_1".to_owned()),
        metadata: BTreeMap::new(),
        options,
        provided_details: json!({ "email": "given@example.com", "phone": null }),
        redaction: None,
        redaction_due: None,
        related_customer: None,
        related_customer_account: None,
        related_person: Value::Null,
        verification_flow: None,
        return_url: None,
        last_error: None,
        last_report: None,
        verified_outputs: Value::Null,
    }
}

fn submit(session: &SessionRecord, verdict: &Verdict) -> Attempt {
    run(session, &Person::invent(1, &session.id), verdict, None, "vr_1Test".to_owned(), AT)
}

fn ran(attempt: &Attempt) -> Vec<&str> {
    attempt.report.iter().flat_map(|report| report.checks.keys().map(String::as_str)).collect()
}

#[test]
fn options_decide_which_checks_run() {
    let cases = [
        (VerificationType::Document, json!({}), vec!["document"]),
        (
            VerificationType::Document,
            json!({ "document": { "require_matching_selfie": true, "require_id_number": true } }),
            vec!["document", "id_number", "selfie"],
        ),
        (
            VerificationType::Document,
            json!({ "document": { "require_matching_selfie": false } }),
            vec!["document"],
        ),
        (VerificationType::IdNumber, json!({}), vec!["id_number"]),
        (
            VerificationType::VerificationFlow,
            json!({ "email": { "require_verification": true }, "phone": { "require_verification": true } }),
            vec!["document", "email", "phone"],
        ),
        (
            VerificationType::VerificationFlow,
            json!({ "id_number": {}, "email": { "require_verification": false } }),
            vec!["document", "id_number"],
        ),
    ];
    for (kind, options, checks) in cases {
        let attempt = submit(&session(kind, options), &Verdict::Verified);
        assert_eq!(ran(&attempt), checks);
        assert!(attempt.last_error.is_none() && attempt.verified_outputs.is_object());
    }
}

#[test]
fn every_code_fails_its_check_and_no_other() {
    for code in ErrorCode::KNOWN {
        let attempt = submit(&session(VerificationType::Document, json!({})), &Verdict::Failed(code.clone()));
        assert!(attempt.verified_outputs.is_null());
        assert_eq!(attempt.last_error, Some(error(code)));
        assert_ne!(reason(code), reason(&ErrorCode::from("anything_else")), "{code}");
        let Some(kind) = code.check() else {
            assert!(attempt.report.is_none(), "{code}");
            continue;
        };
        let report = attempt.report.expect("codes of a check leave a report");
        assert!(report.checks.contains_key("document"));
        for (name, check) in &report.checks {
            let expected = if name == kind.as_str() { "unverified" } else { "verified" };
            assert_eq!(check["status"], expected, "{code}: {name}");
            let error_code = &check["error"]["code"];
            assert_eq!(*error_code == code.as_str(), name == kind.as_str(), "{code}: {error_code}");
        }
    }
}

#[test]
fn the_document_fits_what_is_said_of_it() {
    let only_passports =
        session(VerificationType::Document, json!({ "document": { "allowed_types": ["passport"] } }));
    let document = |session: &SessionRecord, verdict: &Verdict| {
        submit(session, verdict).report.expect("a report").checks["document"].clone()
    };
    let refused = Verdict::Failed(ErrorCode::DocumentTypeNotSupported);
    assert_eq!(document(&only_passports, &Verdict::Verified)["type"], "passport");
    assert_ne!(document(&only_passports, &refused)["type"], "passport");
    assert!(document(&only_passports, &refused)["type"].is_string());
    let all = session(VerificationType::Document, json!({}));
    assert!(document(&all, &refused)["type"].is_null());

    let expired = document(&all, &Verdict::Failed(ErrorCode::DocumentExpired));
    let year = |date: &Value| date["year"].as_i64().expect("a year");
    assert!(year(&expired["expiration_date"]) <= 2026);
    assert!(year(&document(&all, &Verdict::Verified)["expiration_date"]) >= 2026);

    let insufficient = Verdict::Failed(ErrorCode::IdNumberInsufficientDocumentData);
    assert!(document(&all, &insufficient)["dob"].is_null());
    assert!(document(&all, &Verdict::Verified)["dob"].is_object());
}

#[test]
fn codes_go_to_the_address_that_was_given() {
    let options =
        json!({ "email": { "require_verification": true }, "phone": { "require_verification": true } });
    let session = session(VerificationType::VerificationFlow, options);
    let attempt = submit(&session, &Verdict::Verified);
    let person = Person::invent(1, &session.id);
    assert_eq!(attempt.verified_outputs["email"], "given@example.com");
    assert_eq!(attempt.verified_outputs["phone"], json!(person.phone));
    let report = attempt.report.expect("a report");
    assert_eq!(report.checks["email"]["email"], "given@example.com");
    assert_eq!(report.session, session.id);
}

#[test]
fn options_name_the_check_of_the_type() {
    let options = |kind| submit(&session(kind, json!({})), &Verdict::Verified).report.map(|r| r.options);
    assert_eq!(options(VerificationType::Document), Some(json!({ "document": {} })));
    assert_eq!(options(VerificationType::IdNumber), Some(json!({ "id_number": {} })));
    let flow = session(
        VerificationType::VerificationFlow,
        json!({ "document": {}, "email": {}, "id_number": {}, "matching": {}, "phone": {} }),
    );
    let report = submit(&flow, &Verdict::Verified).report.expect("a report");
    assert_eq!(report.options, json!({ "document": {}, "id_number": {} }), "what reports have a field for");
}
