//! Applies requested changes to the values of a session. Pure. Sandbox only.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::errors::Refused;
use super::params::check_metadata_count;
use super::requests::{DetailsChange, OptionsChange};
use crate::identity::params::{Change, MetadataChange};

/// The settings of the document check, in the order they are shown.
const SETTINGS: [&str; 4] =
    ["allowed_types", "require_id_number", "require_live_capture", "require_matching_selfie"];

/// Metadata after `change`: keys that are not named stay.
pub(super) fn metadata(
    before: &BTreeMap<String, String>,
    change: MetadataChange,
) -> Result<BTreeMap<String, String>, Refused> {
    let mut after = match change {
        MetadataChange::Clear => return Ok(BTreeMap::new()),
        MetadataChange::Keep => return Ok(before.clone()),
        MetadataChange::Keys(ref keys) => {
            before.iter().filter(|(key, _)| !keys.contains_key(*key)).map(own).collect::<BTreeMap<_, _>>()
        }
    };
    if let MetadataChange::Keys(keys) = change {
        after.extend(keys.into_iter().filter_map(|(key, value)| match value {
            Change::Set(value) => Some((key, value)),
            Change::Remove => None,
        }));
    }
    check_metadata_count(&after)?;
    Ok(after)
}

fn own((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}

/// `options` after `change`. Settings that are not named stay, and so do options that a flow has set.
pub(super) fn options(before: &Value, change: OptionsChange) -> Value {
    let mut options = before.as_object().cloned().unwrap_or_default();
    match change {
        OptionsChange::Keep => {}
        OptionsChange::Clear => {
            options.remove("document");
        }
        OptionsChange::Document(settings) => {
            let mut document =
                options.get("document").and_then(Value::as_object).cloned().unwrap_or_default();
            document.extend(settings.into_iter().map(|(name, value)| (name.to_owned(), value)));
            let kept = SETTINGS
                .iter()
                .filter_map(|name| document.remove(*name).map(|value| ((*name).to_owned(), value)));
            let ordered = kept.collect::<Map<_, _>>();
            options.insert("document".to_owned(), Value::Object(ordered));
        }
    }
    Value::Object(options)
}

/// `provided_details` after `change`: null when nothing is left.
pub(super) fn details(before: &Value, change: DetailsChange) -> Value {
    let (email, phone) = match change {
        DetailsChange::Keep => return before.clone(),
        DetailsChange::Fields { email, phone } => (email, phone),
    };
    let after = |name: &str, change: Option<Change<String>>| match change {
        None => before.get(name).cloned().unwrap_or_default(),
        Some(Change::Set(text)) => Value::String(text),
        Some(Change::Remove) => Value::Null,
    };
    let (email, phone) = (after("email", email), after("phone", phone));
    if email.is_null() && phone.is_null() { Value::Null } else { json!({ "email": email, "phone": phone }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_merge_setting_by_setting() {
        let change = OptionsChange::Document(vec![
            ("require_matching_selfie", Value::Bool(true)),
            ("require_live_capture", Value::Bool(false)),
        ]);
        let before = json!({ "email": {}, "document": { "require_live_capture": true, "allowed_types": ["passport"] } });
        let after = options(&before, change);
        assert_eq!(
            after,
            json!({
                "email": {},
                "document": {
                    "allowed_types": ["passport"], "require_live_capture": false, "require_matching_selfie": true,
                },
            })
        );
        assert_eq!(options(&after, OptionsChange::Clear), json!({ "email": {} }));
    }

    #[test]
    fn details_merge_and_are_null_when_there_are_none() {
        let fields = |email, phone| DetailsChange::Fields { email, phone };
        assert_eq!(details(&Value::Null, fields(None, None)), Value::Null);
        let set = details(&Value::Null, fields(Some(Change::Set("a@b.c".into())), None));
        assert_eq!(set, json!({ "email": "a@b.c", "phone": null }));
        assert_eq!(details(&set, fields(Some(Change::Remove), None)), Value::Null);
    }
}
