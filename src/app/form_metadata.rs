//! Pairs of metadata in a form: what a session has, what is wrong with what was typed, and what is sent of it.

use std::collections::{BTreeMap, BTreeSet};

use tui_input::Input;

use crate::identity::params::{Change, MetadataChange};
use crate::privacy::{FreeText, Lens, is_mask};
use crate::text::{Clean, has_marks};

use super::form::{Form, FormField, MetadataRow, Value, metadata_field};

/// Limits of the API on metadata.
pub(super) const METADATA_KEYS: usize = 50;
const METADATA_KEY_CHARS: usize = 40;
const METADATA_VALUE_CHARS: usize = 500;

/// What is said of a mask where a value belongs.
pub(super) const NO_VALUE: &str = "This is what stands for something hidden: type the value itself.";

/// The field for a pair that a session has.
pub(super) fn known_pair(key: &Clean, value: &FreeText, lens: Lens<'_>) -> FormField {
    let plain = value.expose();
    let shown = value.show(key, lens);
    let mask = (*shown != **plain).then(|| shown.into_owned());
    let field = metadata_field(MetadataRow {
        key: Input::new(key.to_string()),
        value: Input::new(if mask.is_some() { String::new() } else { plain.to_string() }),
        on_value: true,
        was: Some((key.to_string(), plain.to_string())),
        mask,
    });
    // What was replaced by a mark when it was read would be written back as the mark.
    let locked = if has_marks(key) || has_marks(plain) {
        Some("it holds characters that cannot be typed")
    } else {
        (*lens.key(key) != **key).then_some("its key is masked: reveal the record first")
    };
    FormField { locked, ..field }
}

/// What is wrong with a pair, if anything is; its key joins `keys`.
pub(super) fn pair_problem(row: &MetadataRow, keys: &mut BTreeSet<String>) -> Option<String> {
    let key = row.key.value().trim();
    let (key_chars, value_chars) = (key.chars().count(), row.value_now().chars().count());
    if key.is_empty() {
        return Some("A key is missing.".into());
    }
    if key.contains(['[', ']']) {
        return Some("Keys cannot contain [ or ].".into());
    }
    if key_chars > METADATA_KEY_CHARS {
        return Some(format!("Keys have at most {METADATA_KEY_CHARS} characters; this one has {key_chars}."));
    }
    if value_chars > METADATA_VALUE_CHARS {
        return Some(format!(
            "Values have at most {METADATA_VALUE_CHARS} characters; this one has {value_chars}."
        ));
    }
    if is_mask(key) || is_mask(row.value.value()) {
        return Some(NO_VALUE.into());
    }
    if row.value_now().is_empty() {
        return Some("A value is missing.".into());
    }
    if !keys.insert(key.to_owned()) {
        return Some(format!("The key {key} stands twice."));
    }
    None
}

/// The pairs of a form.
pub(super) fn pairs(form: &Form) -> impl Iterator<Item = &MetadataRow> {
    form.fields.iter().filter_map(|field| match &field.value {
        Value::Pair(row) => Some(row),
        _ => None,
    })
}

/// A key and its value.
pub(super) fn pair(row: &MetadataRow) -> (String, String) {
    (row.key.value().trim().to_owned(), row.value_now().to_owned())
}

/// What a form changes. A value that nobody typed over is not sent, masked or not.
pub(super) fn metadata_change(form: &Form) -> MetadataChange {
    let mut removed = BTreeMap::new();
    let mut keys = BTreeMap::new();
    for row in pairs(form) {
        let (key, value) = pair(row);
        match &row.was {
            Some((old, _)) if row.removes() => {
                removed.insert(old.clone(), Change::Remove);
            }
            Some((old, old_value)) if *old != key || *old_value != value => {
                if *old != key {
                    removed.insert(old.clone(), Change::Remove);
                }
                keys.insert(key, Change::Set(value));
            }
            None if !row.is_blank() => {
                keys.insert(key, Change::Set(value));
            }
            _ => {}
        }
    }
    // A key that one row gives up and another takes over is set.
    for (key, change) in removed {
        keys.entry(key).or_insert(change);
    }
    if keys.is_empty() { MetadataChange::Keep } else { MetadataChange::Keys(keys) }
}
