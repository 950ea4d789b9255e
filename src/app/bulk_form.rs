//! The form that changes the metadata of many sessions at once.

use std::collections::{BTreeMap, BTreeSet};

use super::form::{Form, FormKind, MetadataRow, Value, metadata_field};
use super::form_metadata::pair_problem;

/// An empty form for `count` sessions.
pub(super) fn bulk_form(count: usize) -> Form {
    let fields = vec![metadata_field(MetadataRow::default())];
    Form { kind: FormKind::Marked(count), fields, at: 0, error: None, discarding: false, sending: None }
}

/// What the form sets, and, with an empty value, what it removes. None when something is wrong: it then stands at its
/// field.
pub(super) fn bulk_metadata(form: &mut Form) -> Option<BTreeMap<String, Option<String>>> {
    form.error = None;
    let mut seen = BTreeSet::new();
    let mut values = BTreeMap::new();
    let mut wrong = None;
    for (at, field) in form.fields.iter_mut().enumerate() {
        let Value::Pair(row) = &field.value else { continue };
        let (key, value) = (row.key.value().trim().to_owned(), row.value.value().to_owned());
        field.error = match (key.is_empty(), value.is_empty()) {
            (true, true) => continue,
            // Only the key is of interest then, and it may stand here once.
            (false, true) if !seen.insert(key.clone()) => Some(format!("The key {key} stands twice.")),
            (false, true) => None,
            _ => pair_problem(row, &mut seen),
        };
        if field.error.is_some() {
            wrong = wrong.or(Some(at));
        }
        values.insert(key, Some(value).filter(|value| !value.is_empty()));
    }
    if let Some(at) = wrong {
        form.at = at;
        return None;
    }
    if values.is_empty() {
        form.error = Some("Nothing was typed: a key and a value set it, a key alone removes it.".into());
        return None;
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use tui_input::Input;

    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        let mut form = bulk_form(3);
        form.fields = pairs
            .iter()
            .map(|(key, value)| {
                let (key, value) = (Input::new((*key).into()), Input::new((*value).into()));
                metadata_field(MetadataRow { key, value, ..MetadataRow::default() })
            })
            .collect();
        form
    }

    #[test]
    fn a_key_alone_removes_and_wrong_keys_are_told() {
        let values = bulk_metadata(&mut form(&[("a", "1"), ("b", ""), ("", "")])).expect("values");
        assert_eq!(values, BTreeMap::from([("a".into(), Some("1".into())), ("b".into(), None)]));
        for (pairs, error) in [
            (&[("a", "1"), ("a", "")][..], "The key a stands twice."),
            (&[("", "1")][..], "A key is missing."),
            (&[("a[b]", "1")][..], "Keys cannot contain [ or ]."),
        ] {
            let mut form = form(pairs);
            assert_eq!(bulk_metadata(&mut form), None);
            let errors: Vec<_> = form.fields.iter().filter_map(|field| field.error.as_deref()).collect();
            assert_eq!(errors, [error]);
        }
        assert_eq!(bulk_metadata(&mut form(&[("", "")])), None);
    }
}
