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
