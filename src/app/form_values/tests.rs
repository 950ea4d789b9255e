use serde_json::json;

use super::*;
use crate::catalog::fixtures::session;
use crate::privacy::Sight;

fn type_into(form: &mut Form, id: FieldId, text: &str) {
    let field = form.fields.iter_mut().find(|field| field.id == id).expect("the field");
    if let Value::Text { input, touched, .. } = &mut field.value {
        *input = Input::new(text.to_owned());
        *touched = true;
    }
}

fn sent(form: &mut Form) -> String {
    sent_about(form, None)
}

fn sent_about(form: &mut Form, session: Option<&Session>) -> String {
    match request(form, session) {
        Some(Request::Create(params)) => format!("{:?}", params.form().pairs()),
        Some(Request::Update(_, params)) => format!("{:?}", params.form().pairs()),
        other => panic!("{other:?} {:?}", form.error),
    }
}

#[test]
fn a_bare_form_creates_a_document_session() {
    assert_eq!(sent(&mut create_form()), r#"[("type", "document")]"#);
}

#[test]
fn a_flow_needs_its_id_and_sends_no_type() {
    let mut form = create_form();
    form.choose(false);
    assert_eq!(form.chosen_type(), Some("verification_flow"));
    assert_eq!(request(&mut form, None), None);
    assert_eq!(form.focused().map(|field| field.id), Some(FieldId::Flow));
    type_into(&mut form, FieldId::Flow, "vf_123");
    assert_eq!(sent(&mut form), r#"[("verification_flow", "vf_123")]"#);
}

#[test]
fn what_is_wrong_stands_at_its_field_and_loses_nothing() {
    let mut form = create_form();
    type_into(&mut form, FieldId::Email, "jenny");
    type_into(&mut form, FieldId::Phone, "0171 1234");
    assert_eq!(request(&mut form, None), None);
    let wrong: Vec<_> =
        form.fields.iter().filter(|field| field.error.is_some()).map(|field| field.id).collect();
    assert_eq!(wrong, [FieldId::Email, FieldId::Phone]);
    type_into(&mut form, FieldId::Email, "jenny@example.com");
    type_into(&mut form, FieldId::Phone, "+49 171 1234567");
    assert!(sent(&mut form).contains("jenny@example.com"));
}

#[test]
fn an_update_sends_only_what_changed() {
    let known = session(
        "vs_1",
        1,
        json!({ "metadata": { "a": "1", "b": "2" }, "options": { "document": { "require_matching_selfie": true } },
                "provided_details": { "email": "jenny@example.com", "phone": null } }),
    );
    let mut form = update_form(&known, Sight::Masked.into());
    assert_eq!(request(&mut form, None), None);
    assert_eq!(form.error.as_deref(), Some("Nothing was changed."));
    for field in &mut form.fields {
        match &mut field.value {
            Value::Pair(row) if row.key.value() == "a" => row.value = Input::default(),
            Value::Pair(row) if row.key.value() == "b" => row.value = Input::new("3".into()),
            Value::Choice { at, .. } if field.id == FieldId::RequireMatchingSelfie => *at = 0,
            _ => {}
        }
    }
    type_into(&mut form, FieldId::Email, "");
    assert_eq!(
        sent_about(&mut form, Some(&known)),
        r#"[("options[document]", ""), ("provided_details[email]", ""), ("metadata[a]", ""), ("metadata[b]", "3")]"#
    );
}

#[test]
fn a_verified_session_lets_metadata_be_changed_only() {
    let mut form = update_form(&session("vs_1", 1, json!({ "status": "verified" })), Sight::Masked.into());
    assert_eq!(form.focused().map(|field| field.id), Some(FieldId::Metadata));
    assert!(
        form.fields.iter().filter(|field| field.id != FieldId::Metadata).all(|field| field.locked.is_some())
    );
    for c in "note".chars() {
        form.edit_text(|input| input.handle(tui_input::InputRequest::InsertChar(c)));
    }
    form.step(true);
    form.edit_text(|input| input.handle(tui_input::InputRequest::InsertChar('x')));
    assert_eq!(sent(&mut form), r#"[("metadata[note]", "x")]"#);
}

#[test]
fn a_cursor_key_in_an_empty_field_removes_nothing() {
    let known = session("vs_1", 1, json!({ "provided_details": { "email": "jenny@example.com" } }));
    let mut form = update_form(&known, Sight::Masked.into());
    form.at = form.fields.iter().position(|field| field.id == FieldId::Email).expect("the field");
    form.edit_text(|input| input.handle(tui_input::InputRequest::GoToNextChar));
    assert_eq!(request(&mut form, Some(&known)), None);
    assert_eq!(form.error.as_deref(), Some("Nothing was changed."));
}

#[test]
fn an_option_that_is_not_set_any_more_is_sent_as_such() {
    let options = json!({ "document": { "require_matching_selfie": true, "require_live_capture": true, "allowed_types": ["passport"] } });
    let mut form = update_form(&session("vs_1", 1, json!({ "options": options })), Sight::Masked.into());
    for field in &mut form.fields {
        match &mut field.value {
            Value::Choice { at, .. } if field.id == FieldId::RequireMatchingSelfie => *at = 0,
            Value::Types { chosen, .. } => *chosen = [false; 3],
            _ => {}
        }
    }
    let sent = sent(&mut form);
    assert!(sent.contains(r#"("options[document][require_matching_selfie]", "false")"#), "{sent}");
    assert!(sent.contains(r#"("options[document][allowed_types]", "")"#), "{sent}");
    assert!(sent.contains(r#"("options[document][require_live_capture]", "true")"#), "{sent}");
}

#[test]
fn a_renamed_key_survives_the_removal_of_its_namesake() {
    let known = session("vs_1", 1, json!({ "metadata": { "a": "1", "b": "2", "odd": "x\ny" } }));
    let mut form = update_form(&known, Sight::Masked.into());
    assert!(form.fields.iter().any(|field| field.locked.is_some()), "a mark is never written back");
    for field in &mut form.fields {
        match &mut field.value {
            Value::Pair(row) if row.key.value() == "a" => row.key = Input::new("b".into()),
            Value::Pair(row) if row.key.value() == "b" => row.value = Input::default(),
            _ => {}
        }
    }
    assert_eq!(sent(&mut form), r#"[("metadata[a]", ""), ("metadata[b]", "1")]"#);
}

/// The form of a session with personal metadata, after `edit` was done to the value under `key`.
fn edited(sight: Sight, key: &str, edit: impl Fn(&mut Input) -> Option<tui_input::StateChanged>) -> Form {
    let metadata = json!({ "email": "ann@example.com", "first": "Ann", "plan": "pro" });
    let mut form = update_form(&session("vs_1", 1, json!({ "metadata": metadata })), sight.into());
    let is_it = |field: &FormField| matches!(&field.value, Value::Pair(row) if row.key.value() == key);
    form.at = form.fields.iter().position(is_it).expect("the pair");
    form.edit_text(edit);
    form
}

#[test]
fn a_masked_value_is_kept_or_replaced_whole_and_never_written_back() {
    use tui_input::InputRequest as R;

    let nothing = |_: &mut Input| None;
    let mut form = edited(Sight::Masked, "email", nothing);
    assert!(!form.is_dirty());
    assert_eq!((request(&mut form, None), form.error.as_deref()), (None, Some("Nothing was changed.")));
    let mut form = edited(Sight::Masked, "plan", |input| input.handle(R::InsertChar('+')));
    assert_eq!(sent(&mut form), r#"[("metadata[plan]", "pro+")]"#);
    // One letter behind what is hidden replaces it; the same of what is shown goes on behind it.
    let mut form = edited(Sight::Masked, "first", |input| input.handle(R::InsertChar('e')));
    assert_eq!(sent(&mut form), r#"[("metadata[first]", "e")]"#);
    let mut form = edited(Sight::Revealed, "first", |input| input.handle(R::InsertChar('e')));
    assert_eq!(sent(&mut form), r#"[("metadata[first]", "Anne")]"#);
    let mut form = edited(Sight::Masked, "first", |input| input.handle(R::InsertChar('e')));
    form.edit_text(|input| input.handle(R::DeletePrevChar));
    assert_eq!(sent(&mut form), r#"[("metadata[first]", "")]"#);
}

#[test]
fn a_mask_that_was_pasted_is_refused_in_words() {
    for mask in ["••••", "j•••@e•••", "J••• R•••", "•••• 32"] {
        let mut form = create_form();
        type_into(&mut form, FieldId::Reference, mask);
        assert_eq!(request(&mut form, None), None);
        let error = form.focused().and_then(|field| field.error.as_deref());
        assert_eq!(error, Some("This is what stands for something hidden: type the value itself."));
    }
    let mut form = edited(Sight::Masked, "plan", |input| {
        *input = Input::new("j•••@e•••".into());
        None
    });
    assert_eq!(request(&mut form, None), None);
}

#[test]
fn keys_of_metadata_are_checked() {
    let mut form = create_form();
    for (key, value) in [("a[b]", "1"), ("x", "1"), ("x", "2"), ("", "3"), ("k", "")] {
        form.fields.push(metadata_field(MetadataRow {
            key: Input::new(key.into()),
            value: Input::new(value.into()),
            ..MetadataRow::default()
        }));
    }
    assert_eq!(request(&mut form, None), None);
    let errors: Vec<_> = form.fields.iter().filter_map(|field| field.error.as_deref()).collect();
    assert_eq!(
        errors,
        [
            "Keys cannot contain [ or ].",
            "The key x stands twice.",
            "A key is missing.",
            "A value is missing."
        ]
    );
}
