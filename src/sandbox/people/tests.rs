//! What holds for every invented session, whoever it is about.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::*;
use crate::clock::Timestamp;
use crate::identity::{
    CheckKind, DocumentType, ErrorCode, RedactionStatus, Report, Session, Status, VerificationType,
};
use crate::privacy::REDACTED;
use crate::sandbox::record::{ReportRecord, SessionRecord};

const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

fn many() -> Vec<History> {
    histories(42, 1000, NOW)
}

fn is_redacted(history: &History) -> bool {
    history.session.redaction == Some(RedactionStatus::Redacted)
}

#[test]
fn same_seed_same_people() {
    assert_eq!(histories(7, 200, NOW), histories(7, 200, NOW));
    assert_ne!(histories(7, 200, NOW), histories(8, 200, NOW));
    let person = format!("{:?}", Person::invent(7, "vs_1"));
    assert_eq!(person, format!("{:?}", Person::invent(7, "vs_1")));
    assert_ne!(person, format!("{:?}", Person::invent(7, "vs_2")));
}

#[test]
fn another_day_has_the_same_people() {
    let ids = |now| histories(7, 200, now).into_iter().map(|one| one.session.id).collect::<Vec<_>>();
    assert_eq!(ids(NOW), ids(NOW.plus_secs(86_400 * 3 + 12_345)));
}

#[test]
fn batches_share_people_and_no_ids() {
    let first: Vec<History> = Histories::batch(7, 0, 100, NOW).collect();
    let second: Vec<History> = Histories::batch(7, 1, 100, NOW).collect();
    assert_eq!(first, histories(7, 100, NOW));
    let ids = |past: &[History]| past.iter().map(|one| one.session.id.clone()).collect::<BTreeSet<_>>();
    assert!(ids(&first).is_disjoint(&ids(&second)));
    for one in second.iter().filter(|one| one.session.verified_outputs["first_name"] != json!(REDACTED)) {
        if let Some(name) = one.session.verified_outputs["first_name"].as_str() {
            assert_eq!(name, Person::invent(7, &one.session.id).first_name);
        }
    }
}

#[test]
fn few_sessions_do_too() {
    for count in 0..60 {
        assert_eq!(histories(1, count, NOW).len(), count);
    }
}

#[test]
fn every_outcome_occurs() {
    for (seed, count) in [(1, 60), (2, 61), (3, 97), (42, 120), (5, 333), (6, 1000)] {
        let past = histories(seed, count, NOW);
        let seen = |test: &dyn Fn(&History) -> bool| past.iter().any(test);
        for status in Status::KNOWN {
            assert!(seen(&|one| one.session.status == *status), "{status} of {count}");
        }
        for code in ErrorCode::KNOWN {
            let shows = |one: &History| {
                let error = one.session.last_error.as_ref();
                one.session.status == Status::RequiresInput && error.is_some_and(|error| error.code == *code)
            };
            assert!(seen(&shows), "{code} of {count}");
        }
        for kind in DocumentType::KNOWN {
            let shows = |one: &History| {
                one.reports
                    .iter()
                    .any(|report| report.checks.get("document").is_some_and(|d| d["type"] == json!(kind)))
            };
            assert!(seen(&shows), "{kind} of {count}");
        }
        assert!(seen(&is_redacted));
        assert!(seen(&|one| one.session.redaction == Some(RedactionStatus::Processing)));
        assert!(seen(&|one| one.session.status == Status::RequiresInput
            && one.session.last_error.is_none()
            && one.reports.is_empty()));
        assert!(seen(&|one| one.session.status == Status::Verified && one.reports.len() > 1));
        assert!(seen(&|one| one.session.kind == VerificationType::VerificationFlow));
        assert!(seen(&|one| one.session.kind == VerificationType::IdNumber));
    }
}

#[test]
fn every_country_occurs() {
    for (seed, count) in [(1, 120), (42, 300), (3, 1000)] {
        let past = histories(seed, count, NOW);
        let verified: BTreeSet<&str> = past
            .iter()
            .filter_map(|one| one.session.verified_outputs["address"]["country"].as_str())
            .collect();
        assert_eq!(verified.len(), countries::all().len(), "{count}: {verified:?}");
    }
}

#[test]
fn about_three_in_five_are_verified() {
    for (seed, count) in [(1, 250), (42, 300), (3, 500), (4, 1000)] {
        let verified = |one: &&History| one.session.status == Status::Verified;
        let share = histories(seed, count, NOW).iter().filter(verified).count() * 100 / count;
        assert!((54..=70).contains(&share), "{share} % of {count}");
    }
}

#[test]
fn ids_are_unique_and_refer_to_each_other() {
    let mut ids = BTreeSet::new();
    for History { session, reports } in many() {
        assert!(session.id.starts_with("vs_1") && session.id.len() == 27, "{}", session.id);
        assert_eq!(session.last_report, reports.last().map(|report| report.id.clone()));
        assert!(ids.insert(session.id.clone()));
        for report in reports {
            assert!(report.id.starts_with("vr_1") && report.id.len() == 27, "{}", report.id);
            assert_eq!(report.session, session.id);
            assert!(ids.insert(report.id));
            let files =
                report.checks.get("document").and_then(|document| document["files"].as_array().cloned());
            for file in files.into_iter().flatten() {
                let file = file.as_str().expect("an id").to_owned();
                assert!(file.starts_with("file_1") && file.len() == 29, "{file}");
                assert!(ids.insert(file));
            }
        }
    }
}

#[test]
fn things_happen_in_order() {
    let past = many();
    assert!(past.is_sorted_by_key(|one| one.session.created));
    for History { session, reports } in &past {
        let mut before = session.created;
        for report in reports {
            assert!(report.created > before && report.created < NOW, "{}", session.id);
            before = report.created;
        }
        match (&session.redaction, session.redaction_due) {
            (None, None) => {}
            (Some(RedactionStatus::Redacted), Some(due)) => assert!(due > before && due < NOW),
            (Some(RedactionStatus::Processing), Some(due)) => {
                assert!(due > NOW && due <= NOW.plus_secs(4 * 86_400));
            }
            other => panic!("{other:?}"),
        }
        if session.status == Status::Processing {
            assert!(
                session.created > NOW.minus_secs(300) && reports.is_empty() && session.last_error.is_none()
            );
        }
        assert_eq!(session.status == Status::Verified, !session.verified_outputs.is_null());
        assert!(session.last_error.is_none() || session.status == Status::RequiresInput);
    }
}

/// The data of every check under the names that `verified_outputs` uses.
fn reported(report: &ReportRecord) -> BTreeMap<String, BTreeSet<String>> {
    let mut data: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for check in report.checks.values() {
        for (name, value) in
            check.as_object().expect("an object").iter().filter(|(_, value)| !value.is_null())
        {
            data.entry(name.clone()).or_default().insert(value.to_string());
        }
    }
    data
}

#[test]
fn reports_and_outputs_agree() {
    let mut compared = 0;
    for History { session, reports } in many() {
        let Some(outputs) = session.verified_outputs.as_object() else { continue };
        let data = reported(reports.last().expect("a verified session has a report"));
        for (name, value) in outputs.iter().filter(|(_, value)| !value.is_null()) {
            assert_eq!(data[name], BTreeSet::from([value.to_string()]), "{name} of {}", session.id);
            compared += 1;
        }
        // Nothing that was verified is missing from the outputs.
        for name in data.keys().filter(|name| outputs.contains_key(*name)) {
            assert!(!outputs[name].is_null(), "{name} of {}", session.id);
        }
    }
    assert!(compared > 3000, "{compared}");
}

#[test]
fn only_what_failed_is_unverified() {
    for History { session, reports } in many() {
        for (at, report) in reports.iter().enumerate() {
            let failed: Vec<&String> = report
                .checks
                .iter()
                .filter(|(_, check)| check["status"] == "unverified")
                .map(|(name, check)| {
                    let code = ErrorCode::from(check["error"]["code"].as_str().expect("a code"));
                    assert_eq!(code.check().map(CheckKind::as_str), Some(name.as_str()));
                    assert!(check["error"]["reason"].as_str().is_some_and(|reason| reason.ends_with('.')));
                    name
                })
                .collect();
            let passed = session.status == Status::Verified && at + 1 == reports.len();
            assert_eq!(failed.len(), usize::from(!passed), "{}", report.id);
            assert!(
                report
                    .checks
                    .values()
                    .all(|check| (check["status"] == "verified") == check["error"].is_null())
            );
        }
    }
}

#[test]
fn one_person_stays_the_same_from_try_to_try() {
    let mut retried = 0;
    for History { session, reports } in many().iter().filter(|one| !is_redacted(one) && one.reports.len() > 1)
    {
        let person = Person::invent(42, &session.id);
        for report in reports {
            for check in ["document", "id_number"].iter().filter_map(|name| report.checks.get(*name)) {
                assert_eq!(check["first_name"], json!(person.first_name));
            }
        }
        retried += 1;
    }
    assert!(retried > 50, "{retried}");
}

/// Every string and every year in `value`, but not the names of fields.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, found)),
        Value::Array(items) => items.iter().for_each(|value| leaves(value, found)),
        Value::Null => {}
        Value::String(text) => found.push(text.clone()),
        other => found.push(other.to_string()),
    }
}

#[test]
fn redacted_records_tell_nothing() {
    let past = many();
    let redacted: Vec<&History> = past.iter().filter(|one| is_redacted(one)).collect();
    assert!(redacted.len() > 5);
    for one in redacted {
        let person = Person::invent(42, &one.session.id);
        let number = person.number_for_check().number;
        let born = person.born.year().to_string();
        let session = serde_json::to_value(&one.session).expect("a record");
        let mut words = Vec::new();
        leaves(&session, &mut words);
        for report in &one.reports {
            leaves(&serde_json::to_value(report).expect("a record"), &mut words);
            for (name, field) in report.checks.values().filter_map(Value::as_object).flatten() {
                if matches!(name.as_str(), "first_name" | "number" | "sex" | "email" | "phone" | "id_number")
                {
                    assert!(field.is_null() || field == REDACTED, "{name}: {field}");
                }
            }
        }
        let private = [
            &person.first_name,
            &person.email,
            &person.phone,
            &person.address.line1,
            &person.address.city,
            &person.address.postal_code,
            &number,
            &born,
            &person.unparsed_sex,
            &person.place_of_birth,
        ];
        for secret in private.into_iter().chain(&person.last_name).chain(&person.address.line2) {
            assert!(!words.contains(secret), "{secret} in {}", one.session.id);
        }
        assert!(one.session.metadata.is_empty() && one.session.last_error.is_none());
        if let Some(address) = one.session.verified_outputs["address"].as_object() {
            assert_eq!(address["country"], json!(person.address.country));
            assert_eq!(one.session.verified_outputs["dob"], json!({"day": 1, "month": 1, "year": 1}));
        }
    }
}

#[test]
fn people_are_plainly_invented() {
    for key in 0..2000 {
        let person = Person::invent(9, &format!("vs_{key}"));
        let (user, domain) = person.email.split_once('@').expect("an address");
        assert!(["example.com", "example.org", "example.net"].contains(&domain));
        assert!(user.is_ascii() && user.starts_with(|c: char| c.is_ascii_lowercase()), "{user}");
        match person.address.country.as_str() {
            "US" => assert!(person.phone.contains(" 555 01"), "{}", person.phone),
            "GB" => assert!(person.phone.starts_with("+44 7700 900"), "{}", person.phone),
            _ => assert!(person.phone.starts_with('+')),
        }
        assert!(person.born.year() >= 1946 && person.born.year() <= 2004, "{}", person.born);
        assert!(!person.first_name.is_empty() && !person.address.line1.contains(['#', '@']));
        for at in [NOW.minus_secs(90_000_000), NOW, NOW.plus_secs(90_000_000)] {
            let today = person::day_of(at);
            let document = person.document(&[], at);
            assert!(document.issued <= today && today <= document.expires, "{document:?} on {today}");
            assert_eq!(document, person.document(std::slice::from_ref(&document.kind), at));
            let expired = person.expired_document(&[DocumentType::Passport], at);
            assert!(document.issued.year() >= person.born.year() + 17, "{document:?} of {}", person.born);
            assert!(expired.expires < today && expired.issued < expired.expires, "{expired:?} on {today}");
            assert_eq!(expired.kind, DocumentType::Passport);
        }
    }
}

#[test]
fn names_come_in_many_shapes() {
    let people: Vec<Person> = (0..3000).map(|key| Person::invent(1, &key.to_string())).collect();
    let full =
        |person: &Person| format!("{} {}", person.first_name, person.last_name.as_deref().unwrap_or(""));
    let some = |test: &dyn Fn(&str) -> bool| people.iter().any(|person| test(&full(person)));
    let within =
        |range: std::ops::RangeInclusive<char>| move |name: &str| name.chars().any(|c| range.contains(&c));
    for script in ['\u{4e00}'..='\u{9fff}', '\u{3040}'..='\u{309f}', '\u{ac00}'..='\u{d7a3}'] {
        assert!(some(&within(script)));
    }
    for script in ['\u{600}'..='\u{6ff}', '\u{900}'..='\u{97f}', '\u{370}'..='\u{3ff}', '\u{400}'..='\u{4ff}']
    {
        assert!(some(&within(script)));
    }
    assert!(
        some(&|name| name.contains('ł'))
            && some(&|name| name.contains('\''))
            && some(&|name| name.contains('-'))
    );
    assert!(some(&|name| name.chars().count() > 45));
    assert!(people.iter().any(|person| person.last_name.is_none()));
}

fn merged(mut base: Value, more: &serde_json::Map<String, Value>) -> Value {
    base.as_object_mut().expect("an object").extend(more.clone());
    base
}

fn session_json(record: &SessionRecord) -> Value {
    json!({
        "id": record.id, "object": "identity.verification_session", "livemode": false,
        "created": record.created, "status": record.status, "type": record.kind,
        "client_reference_id": record.client_reference_id, "metadata": record.metadata,
        "options": record.options, "provided_details": record.provided_details,
        "redaction": record.redaction.as_ref().map(|status| json!({ "status": status })),
        "related_customer": record.related_customer, "related_person": record.related_person,
        "verification_flow": record.verification_flow, "last_error": record.last_error,
        "last_verification_report": record.last_report, "verified_outputs": record.verified_outputs,
    })
}

fn report_json(record: &ReportRecord) -> Value {
    let base = json!({
        "id": record.id, "object": "identity.verification_report", "livemode": false,
        "created": record.created, "type": record.kind, "options": record.options,
        "client_reference_id": record.client_reference_id, "verification_session": record.session,
        "verification_flow": record.verification_flow,
    });
    merged(base, &record.checks)
}

#[test]
fn the_vocabulary_understands_every_record() {
    for History { session, reports } in many() {
        let parsed: Session = serde_json::from_value(session_json(&session)).expect("a session");
        assert_eq!(parsed.status, session.status);
        assert_eq!(parsed.verified_outputs.value().is_some(), session.status == Status::Verified);
        let mut last = None;
        for record in &reports {
            let report: Report = serde_json::from_value(report_json(record)).expect("a report");
            assert!(report.passed().is_some());
            let text = report_json(record).to_string();
            assert!(!text.contains("\"zip\"") && !text.contains("\u{fffd}"));
            last = report.passed();
        }
        if session.status == Status::Verified {
            assert_eq!(last, Some(true));
        }
        let stored = serde_json::to_string(&session).expect("a record");
        assert_eq!(serde_json::from_str::<SessionRecord>(&stored).expect("the record"), session);
    }
}
