//! How the session of an event is kept: without what a session says of itself by default. There are several events for
//! each session, and most of what they would hold is null. Sandbox only.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// What each field of a session is when nothing else is kept, in the order of the API.
static DEFAULTS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let fields = json!({
        "id": null,
        "object": "identity.verification_session",
        "client_reference_id": null,
        "client_secret": null,
        "created": null,
        "last_error": null,
        "last_verification_report": null,
        "livemode": false,
        "metadata": {},
        "options": {},
        "redaction": null,
        "related_customer": null,
        "related_customer_account": null,
        "status": null,
        "type": null,
        "url": null,
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
});

/// A session as it is written.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Snapshot(String);

impl Snapshot {
    /// What is written of `session`.
    pub(in crate::sandbox) fn of(session: &Value) -> Self {
        let Value::Object(fields) = session else { return Self(session.to_string()) };
        let told = fields.iter().filter(|(name, value)| DEFAULTS.get(*name) != Some(value));
        let told: Map<_, _> = told.map(|(name, value)| (name.clone(), value.clone())).collect();
        Self(Value::Object(told).to_string())
    }

    /// The text to write.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The session that was written as `text`, in full.
pub(super) fn unpack(text: &str) -> serde_json::Result<Value> {
    let told: Map<String, Value> = serde_json::from_str(text)?;
    let mut session = DEFAULTS.clone();
    session.extend(told);
    Ok(Value::Object(session))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Value {
        json!({
            "id": "vs_1",
            "object": "identity.verification_session",
            "client_reference_id": "user_1",
            "client_secret": null,
            "created": 1,
            "last_error": null,
            "last_verification_report": "vr_1",
            "livemode": false,
            "metadata": {},
            "options": { "document": {} },
            "redaction": null,
            "related_customer": null,
            "related_customer_account": null,
            "status": "verified",
            "type": "document",
            "url": null,
            "related_person": { "account": "acct_1", "person": "person_1" },
            "verification_flow": null,
        })
    }

    #[test]
    fn what_is_kept_is_read_in_full_and_in_order() {
        let Snapshot(text) = Snapshot::of(&session());
        assert!(!text.contains("client_secret") && text.contains("verification_flow"), "{text}");
        assert_eq!(unpack(&text).expect("a session").to_string(), session().to_string());
    }

    #[test]
    fn what_was_kept_in_full_is_read_as_it_is() {
        assert_eq!(unpack(&session().to_string()).expect("a session").to_string(), session().to_string());
    }
}
