//! Objects as JSON for the world outside: copying and exporting. Obeys a [`Sight`] and never holds a secret.

use serde_json::{Map, Value, json};

use super::{
    Address, CheckError, CheckStatus, DocumentOptions, Expandable, Field, Options, Report, Session,
    VerifiedOutputs,
};
use crate::privacy::{FreeText, Lens, Personal, Pii, Sight};

/// A session as JSON, in the API's field names, without `client_secret` and `url`.
#[must_use]
pub fn session<'a>(session: &Session, lens: impl Into<Lens<'a>>) -> Value {
    let lens = lens.into();
    let sight = lens.sight;
    let mut out = json!({
        "id": session.id,
        "object": "identity.verification_session",
        "client_reference_id": free("client_reference_id", session.client_reference_id.as_ref(), lens),
        "created": session.created,
        "last_error": session.last_error.as_ref().map(|error| json!({
            "code": error.code,
            "reason": free("reason", error.reason.as_ref(), lens),
        })),
        "last_verification_report": session.last_verification_report.as_ref().map(|expandable| match expandable {
            Expandable::Id(id) => json!(id),
            Expandable::Object(expanded) => report(expanded, lens),
        }),
        "livemode": session.livemode,
        "metadata": metadata(session, lens),
        "options": session.options.as_ref().map(options),
        "redaction": session.redaction.as_ref().map(|redaction| json!({ "status": redaction.status })),
        "related_customer": session.related_customer.as_deref(),
        "status": session.status,
        "type": session.kind,
    });
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out[name] = value;
        }
    };
    put("related_customer_account", session.related_customer_account.as_deref().map(Value::from));
    put(
        "related_person",
        session.related_person.as_ref().map(
            |person| json!({ "account": person.account.as_deref(), "person": person.person.as_deref() }),
        ),
    );
    put("verification_flow", session.verification_flow.as_deref().map(Value::from));
    put(
        "provided_details",
        field(
            &session.provided_details,
            |details| json!({ "email": shown(details.email.as_ref(), sight), "phone": shown(details.phone.as_ref(), sight) }),
        ),
    );
    put("verified_outputs", field(&session.verified_outputs, |outputs| verified_outputs(outputs, sight)));
    out
}

/// A report as JSON, in the API's field names.
#[must_use]
pub fn report<'a>(report: &Report, lens: impl Into<Lens<'a>>) -> Value {
    let lens = lens.into();
    let sight = lens.sight;
    let mut out = json!({
        "id": report.id,
        "object": "identity.verification_report",
        "client_reference_id": free("client_reference_id", report.client_reference_id.as_ref(), lens),
        "created": report.created,
        "livemode": report.livemode,
        "options": report.options.as_ref().map(options),
        "type": report.kind,
        "verification_flow": report.verification_flow.as_deref(),
        "verification_session": report.verification_session,
    });
    if let Some(check) = &report.document {
        let mut document = check_head(&check.status, check.error.as_ref(), lens);
        document["type"] = json!(check.kind);
        document["first_name"] = json!(shown(check.first_name.as_ref(), sight));
        document["last_name"] = json!(shown(check.last_name.as_ref(), sight));
        document["address"] = json!(check.address.as_ref().map(|found| address(found, sight)));
        document["issued_date"] = json!(shown(check.issued_date.as_ref(), sight));
        document["issuing_country"] = json!(check.issuing_country.as_deref());
        document["files"] = json!(check.files);
        put_field(&mut document, "dob", &check.dob, sight);
        put_field(&mut document, "number", &check.number, sight);
        put_field(&mut document, "expiration_date", &check.expiration_date, sight);
        put_field(&mut document, "sex", &check.sex, sight);
        put_field(&mut document, "unparsed_sex", &check.unparsed_sex, sight);
        put_field(&mut document, "unparsed_place_of_birth", &check.unparsed_place_of_birth, sight);
        out["document"] = document;
    }
    if let Some(check) = &report.id_number {
        let mut number = check_head(&check.status, check.error.as_ref(), lens);
        number["first_name"] = json!(shown(check.first_name.as_ref(), sight));
        number["last_name"] = json!(shown(check.last_name.as_ref(), sight));
        number["id_number_type"] = json!(check.id_number_type);
        put_field(&mut number, "dob", &check.dob, sight);
        put_field(&mut number, "id_number", &check.id_number, sight);
        out["id_number"] = number;
    }
    if let Some(check) = &report.selfie {
        let mut selfie = check_head(&check.status, check.error.as_ref(), lens);
        selfie["document"] = json!(check.document);
        selfie["selfie"] = json!(check.selfie);
        out["selfie"] = selfie;
    }
    if let Some(check) = &report.email {
        let mut email = check_head(&check.status, check.error.as_ref(), lens);
        email["email"] = json!(shown(check.email.as_ref(), sight));
        out["email"] = email;
    }
    if let Some(check) = &report.phone {
        let mut phone = check_head(&check.status, check.error.as_ref(), lens);
        phone["phone"] = json!(shown(check.phone.as_ref(), sight));
        out["phone"] = phone;
    }
    out
}

fn check_head(status: &CheckStatus, error: Option<&CheckError>, lens: Lens<'_>) -> Value {
    json!({
        "status": status,
        "error": error.map(|error| json!({ "code": error.code, "reason": free("reason", error.reason.as_ref(), lens) })),
    })
}

fn verified_outputs(outputs: &VerifiedOutputs, sight: Sight) -> Value {
    let mut out = json!({
        "first_name": shown(outputs.first_name.as_ref(), sight),
        "last_name": shown(outputs.last_name.as_ref(), sight),
        "email": shown(outputs.email.as_ref(), sight),
        "phone": shown(outputs.phone.as_ref(), sight),
        "address": outputs.address.as_ref().map(|found| address(found, sight)),
        "id_number_type": outputs.id_number_type,
    });
    put_field(&mut out, "dob", &outputs.dob, sight);
    put_field(&mut out, "id_number", &outputs.id_number, sight);
    put_field(&mut out, "sex", &outputs.sex, sight);
    put_field(&mut out, "unparsed_sex", &outputs.unparsed_sex, sight);
    put_field(&mut out, "unparsed_place_of_birth", &outputs.unparsed_place_of_birth, sight);
    out
}

fn address(address: &Address, sight: Sight) -> Value {
    json!({
        "line1": shown(address.line1.as_ref(), sight),
        "line2": shown(address.line2.as_ref(), sight),
        "city": shown(address.city.as_ref(), sight),
        "state": shown(address.state.as_ref(), sight),
        "postal_code": shown(address.postal_code.as_ref(), sight),
        "country": address.country.as_deref(),
    })
}

fn options(options: &Options) -> Value {
    let mut out = json!({});
    if let Some(document) = &options.document {
        out["document"] = document_options(document);
    }
    if options.id_number.is_some() {
        out["id_number"] = json!({});
    }
    if let Some(email) = &options.email {
        out["email"] = json!({ "require_verification": email.require_verification });
    }
    if let Some(phone) = &options.phone {
        out["phone"] = json!({ "require_verification": phone.require_verification });
    }
    if let Some(matching) = &options.matching {
        out["matching"] = json!({ "dob": matching.dob, "name": matching.name });
    }
    out
}

fn document_options(options: &DocumentOptions) -> Value {
    let mut out = json!({});
    if let Some(types) = &options.allowed_types {
        out["allowed_types"] = json!(types);
    }
    for (name, value) in [
        ("require_id_number", options.require_id_number),
        ("require_live_capture", options.require_live_capture),
        ("require_matching_selfie", options.require_matching_selfie),
    ] {
        if let Some(value) = value {
            out[name] = json!(value);
        }
    }
    out
}

fn free<'a>(key: &str, text: Option<&'a FreeText>, lens: Lens<'_>) -> Option<std::borrow::Cow<'a, str>> {
    text.map(|text| text.show(key, lens))
}

/// The pairs of metadata; keys that read the same once they are masked stay apart.
fn metadata(session: &Session, lens: Lens<'_>) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, value) in &session.metadata {
        let shown = lens.key(key);
        let names = std::iter::once(shown.to_string()).chain((2..).map(|at| format!("{shown} {at}")));
        if let Some(name) = names.into_iter().find(|name| !out.contains_key(name)) {
            out.insert(name, json!(value.show(key, lens)));
        }
    }
    out
}

fn shown<T: Personal>(value: Option<&Pii<T>>, sight: Sight) -> Option<String> {
    value.map(|value| value.show(sight).into_owned())
}

fn field<T>(field: &Field<T>, write: impl Fn(&T) -> Value) -> Option<Value> {
    match field {
        Field::Absent => None,
        Field::Null => Some(Value::Null),
        Field::Value(value) => Some(write(value)),
    }
}

fn put_field<T: Personal>(out: &mut Value, name: &str, value: &Field<Pii<T>>, sight: Sight) {
    if let Some(value) = field(value, |value| json!(value.show(sight))) {
        out[name] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_is_masked_and_has_no_secret() {
        let text = r#"{"id":"vs_1","object":"identity.verification_session","client_secret":"vs_1_secret_test_x",
            "url":"https://verify.stripe.com/start/test_x","created":1,"livemode":false,"metadata":{"a":"b"},
            "options":{"document":{"require_matching_selfie":true}},"status":"verified","type":"document",
            "verified_outputs":{"first_name":"Jenny","dob":{"day":2,"month":3,"year":1990},
            "address":{"line1":"1234 Main St.","country":"US"}},"provided_details":null}"#;
        let parsed: Session = serde_json::from_str(text).expect("a session");
        let masked = session(&parsed, Sight::Masked);
        assert_eq!(masked["verified_outputs"]["first_name"], "J•••");
        assert_eq!(masked["verified_outputs"]["dob"], "••••");
        assert_eq!(masked["verified_outputs"]["address"]["country"], "US");
        assert_eq!(masked["provided_details"], Value::Null);
        assert!(masked["verified_outputs"].get("sex").is_none());
        let text = masked.to_string();
        assert!(!text.contains("secret") && !text.contains("test_x") && !text.contains("Main St."), "{text}");
        assert_eq!(session(&parsed, Sight::Revealed)["verified_outputs"]["dob"], "1990-03-02");
    }
}
