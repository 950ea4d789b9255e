//! Parameters that are refused, in the API's words.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::CREATE_DOCUMENT;
use crate::support::http::Reply;
use crate::support::server::{REPORTS, SESSIONS, TestServer};

/// A body for create, and the `code`, `param` and `message` that refuse it.
type Case = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);

const REFUSED: &[Case] = &[
    ("", Some("parameter_missing"), Some("type"), "Missing required param: type."),
    ("type=document&x=1", Some("parameter_unknown"), Some("x"), "Received unknown parameter: x"),
    (
        "type=document&options[document][b]=1",
        Some("parameter_unknown"),
        Some("options[document][b]"),
        "Received unknown parameter: options[document][b]",
    ),
    ("type=document&x=1&y[z]=2", Some("parameter_unknown"), Some("x"), "Received unknown parameters: x, y"),
    ("type=face", None, Some("type"), "Invalid type: must be one of document or id_number"),
    (
        "type=document&options[document][allowed_types][0]=visa",
        None,
        Some("options[document][allowed_types][0]"),
        "Invalid allowed_types: must be one of driving_license, id_card, or passport",
    ),
    (
        "type=document&options[document][allowed_types][1]=passport",
        None,
        Some("options[document][allowed_types]"),
        "Invalid array",
    ),
    ("type=document&expand=verified_outputs", None, Some("expand"), "Invalid array"),
    (
        "type=document&options[document][require_id_number]=yes",
        None,
        Some("options[document][require_id_number]"),
        "Invalid boolean: yes",
    ),
    ("type=document&options[document]=yes", None, Some("options[document]"), "Invalid object"),
    ("type[a]=document", None, Some("type"), "Invalid string"),
    (
        "type=",
        Some("parameter_invalid_empty"),
        Some("type"),
        "You passed an empty string for 'type'. We assume empty values are an attempt to unset a parameter; \
             however 'type' cannot be unset. You should remove 'type' from your request or supply a non-empty value.",
    ),
    (
        "type=document&related_person[account]=acct_1",
        Some("parameter_missing"),
        Some("related_person[person]"),
        "Missing required param: related_person[person].",
    ),
    ("type=document&return_url=nowhere", Some("url_invalid"), Some("return_url"), "Not a valid URL"),
    (
        "type=document&provided_details[email]=jenny",
        Some("email_invalid"),
        Some("provided_details[email]"),
        "Invalid email address: jenny",
    ),
];

#[tokio::test]
async fn wrong_parameters_are_refused_in_the_apis_words() {
    let server = TestServer::open().await;
    let session = server.create_path(CREATE_DOCUMENT).await;
    let reply = server.post(&session, "client_reference_id=x").await;
    assert_eq!(reply.error()["message"], "Received unknown parameter: client_reference_id");
    let doc = |code: &str| format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-"));
    let long = "k".repeat(41);
    for (body, code, param, message) in REFUSED {
        let reply = server.post(SESSIONS, body).await;
        let mut expected = json!({});
        if let Some(code) = code {
            expected["code"] = json!(code);
            expected["doc_url"] = json!(doc(code));
        }
        expected["message"] = json!(message);
        if let Some(param) = param {
            expected["param"] = json!(param);
        }
        expected["type"] = json!("invalid_request_error");
        assert_eq!((reply.status, reply.error()), (StatusCode::BAD_REQUEST, expected), "{body}");
    }
    let message = |reply: Reply| reply.error()["message"].as_str().map(str::to_owned);
    assert_eq!(
        message(server.post(SESSIONS, &format!("type=document&metadata[{long}]=1")).await),
        Some(format!(
            "Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid \
             key: {long}"
        ))
    );
    let value = "v".repeat(501);
    assert_eq!(
        message(server.post(SESSIONS, &format!("type=document&metadata[k]={value}")).await),
        Some(format!(
            "Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. \
             Invalid value: {value}"
        ))
    );
    let many: Vec<String> = (0..51).map(|n| format!("metadata[k{n}]=1")).collect();
    assert_eq!(
        server.post(SESSIONS, &format!("type=document&{}", many.join("&"))).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(server.running.sessions().await, 1, "a refused request creates nothing");
}

#[tokio::test]
async fn lists_refuse_wrong_limits_and_cursors() {
    let server = TestServer::open().await;
    let cases = [
        (
            "limit=101",
            Some("parameter_invalid_integer"),
            Some("limit"),
            "This value must be less than or equal to 100 (it currently is '101').",
        ),
        (
            "limit=0",
            Some("parameter_invalid_integer"),
            Some("limit"),
            "This value must be greater than or equal to 1 (it currently is '0').",
        ),
        ("limit=abc", Some("parameter_invalid_integer"), Some("limit"), "Invalid integer: abc"),
        ("created[gte]=x", Some("parameter_invalid_integer"), Some("created[gte]"), "Invalid integer: x"),
        (
            "created[at]=1",
            Some("parameter_unknown"),
            Some("created[at]"),
            "Received unknown parameter: created[at]",
        ),
        (
            "starting_after=vs_1&ending_before=vs_2",
            None,
            None,
            "Received both starting_after and ending_before parameters. Please pass in only one.",
        ),
        (
            "starting_after=vs_x",
            Some("resource_missing"),
            Some("starting_after"),
            "No such VerificationSession: 'vs_x'",
        ),
        (
            "ending_before=vs_x",
            Some("resource_missing"),
            Some("ending_before"),
            "No such VerificationSession: 'vs_x'",
        ),
        (
            "status=done",
            None,
            Some("status"),
            "Invalid status: must be one of canceled, processing, requires_input, or verified",
        ),
        ("type=document", Some("parameter_unknown"), Some("type"), "Received unknown parameter: type"),
    ];
    for (query, code, param, message) in cases {
        let reply = server.get(&format!("{SESSIONS}?{query}")).await;
        let error = reply.error();
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(error["message"], message, "{query}");
        assert_eq!(error.get("code").and_then(Value::as_str), code, "{query}");
        assert_eq!(error.get("param").and_then(Value::as_str), param, "{query}");
    }
    let reply = server.get(&format!("{REPORTS}?starting_after=vr_x")).await;
    assert_eq!(reply.error()["message"], "No such VerificationReport: 'vr_x'");
}

/// Parameters of create and update that no official type marks as emptyable, and what a body needs besides.
const NEVER_EMPTY: &[(&str, &str)] = &[
    ("", "type"),
    ("type=document", "verification_flow"),
    ("type=document", "options"),
    ("type=document", "options[document][allowed_types]"),
    ("type=document", "options[document][allowed_types][0]"),
    ("type=document", "options[document][require_id_number]"),
    ("type=document", "options[document][require_live_capture]"),
    ("type=document", "options[document][require_matching_selfie]"),
    ("type=document", "provided_details"),
    ("type=document", "provided_details[email]"),
    ("type=document", "provided_details[phone]"),
    ("type=document", "client_reference_id"),
    ("type=document", "related_customer"),
    ("type=document", "related_customer_account"),
    ("type=document", "related_person"),
    ("type=document", "related_person[account]"),
    ("type=document", "return_url"),
    ("type=document", "expand"),
    ("type=document", "expand[0]"),
];

#[tokio::test]
async fn what_cannot_be_unset_is_refused_when_it_is_empty() {
    let server = TestServer::open().await;
    let session = server.create_path(CREATE_DOCUMENT).await;
    for (before, name) in NEVER_EMPTY {
        let text = name.starts_with("provided_details[");
        let on_update =
            !text && ["type", "options", "provided_details", "expand"].iter().any(|it| name.starts_with(it));
        let paths = [SESSIONS, &session];
        for path in &paths[..=usize::from(on_update)] {
            let body = if *path == SESSIONS { format!("{before}&{name}=") } else { format!("{name}=") };
            let reply = server.post(path, &body).await;
            let error = reply.error();
            assert_eq!(
                (reply.status, &error["code"]),
                (StatusCode::BAD_REQUEST, &json!("parameter_invalid_empty"))
            );
            assert_eq!(
                (&error["param"], &error["message"]),
                (
                    &json!(name),
                    &json!(format!(
                        "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a \
                         parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or \
                         supply a non-empty value."
                    ))
                ),
                "{path} {body}"
            );
        }
    }
    let created = server.create("type=document&options[document]=&metadata=").await;
    assert_eq!((&created["options"], &created["metadata"]), (&json!({}), &json!({})), "these can be unset");
}

#[tokio::test]
async fn booleans_are_taken_with_a_capital_too() {
    let server = TestServer::open().await;
    let name = "options[document][require_matching_selfie]";
    for (sent, kept) in [("true", true), ("True", true), ("false", false), ("False", false)] {
        let session = server.create(&format!("type=document&{name}={sent}")).await;
        assert_eq!(session["options"]["document"]["require_matching_selfie"], json!(kept), "{sent}");
    }
    for wrong in ["TRUE", "1", "yes", "tRue"] {
        let reply = server.post(SESSIONS, &format!("type=document&{name}={wrong}")).await;
        assert_eq!(reply.error()["message"], json!(format!("Invalid boolean: {wrong}")));
    }
}
