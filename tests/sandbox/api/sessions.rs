//! Sessions as they are created and updated.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::CREATE_DOCUMENT;
use crate::support::server::{SESSIONS, TestServer, path_of};

#[tokio::test]
async fn a_new_session_has_exactly_the_documented_fields() {
    let server = TestServer::open().await;
    let mut session = server.create(CREATE_DOCUMENT).await;
    let id = session["id"].take();
    let id = id.as_str().expect("an id");
    assert!(id.starts_with("vs_") && id.len() == 27, "{id}");
    let secret = session["client_secret"].take();
    let token = secret.as_str().and_then(|it| it.strip_prefix(&format!("{id}_secret_test_")));
    let token = token.expect("a secret that begins with the id");
    let url = session["url"].take();
    assert_eq!(url, json!(format!("{}/start/test_{token}", server.running.api_base())));
    let now =
        server.control("clock/advance", "{\"seconds\":0}").await.ok()["clock"].as_i64().expect("a time");
    let created = session["created"].take().as_i64().expect("a time");
    assert!((now - 60..=now).contains(&created));
    assert_eq!(
        session,
        json!({
            "id": null, "object": "identity.verification_session", "client_reference_id": null,
            "client_secret": null, "created": null, "last_error": null, "last_verification_report": null,
            "livemode": false, "metadata": {}, "options": {}, "redaction": null, "related_customer": null,
            "related_customer_account": null, "status": "requires_input", "type": "document", "url": null,
        })
    );
}

#[tokio::test]
async fn every_parameter_of_create_is_kept() {
    let server = TestServer::open().await;
    let body = "type=id_number&options%5Bdocument%5D%5Ballowed_types%5D%5B0%5D=passport\
        &options[document][allowed_types][1]=id_card&options[document][require_matching_selfie]=true\
        &options[document][require_id_number]=false&provided_details[email]=jenny%2Btest@example.com\
        &client_reference_id=user%201&metadata[a+b]=u 1%26%C3%A9&metadata[empty]=&related_customer=cus_1\
        &related_customer_account=acct_2&related_person[account]=acct_1&related_person[person]=person_1\
        &return_url=https%3A%2F%2Fexample.com%2Fdone&expand[]=provided_details&expand[]=verified_outputs";
    let session = server.create(body).await;
    let field = |name: &str| session[name].clone();
    assert_eq!(field("type"), "id_number");
    assert_eq!(
        field("options"),
        json!({ "document": {
            "allowed_types": ["passport", "id_card"], "require_id_number": false, "require_matching_selfie": true,
        } })
    );
    assert_eq!(
        field("provided_details"),
        json!({ "email": "jenny+test@example.com" }),
        "no key for what is absent"
    );
    assert_eq!(field("client_reference_id"), "user 1");
    assert_eq!(field("metadata"), json!({ "a b": "u 1&é" }));
    assert_eq!(field("related_customer"), "cus_1");
    assert_eq!(field("related_customer_account"), "acct_2");
    assert_eq!(field("related_person"), json!({ "account": "acct_1", "person": "person_1" }));
    assert_eq!(session.get("verified_outputs"), Some(&Value::Null));
    assert_eq!(session.get("return_url"), None);
}

#[tokio::test]
async fn a_flow_brings_its_options() {
    let server = TestServer::open().await;
    let flow = server.create("verification_flow=vf_1VettyEmailPhone").await;
    assert_eq!(
        (&flow["type"], &flow["verification_flow"]),
        (&json!("verification_flow"), &json!("vf_1VettyEmailPhone"))
    );
    assert_eq!(
        flow["options"],
        json!({
            "document": { "require_live_capture": true, "require_matching_selfie": true },
            "email": { "require_verification": true }, "matching": { "dob": "similar", "name": "similar" },
            "phone": { "require_verification": true },
        })
    );
    let both = server
        .create("type=document&verification_flow=vf_1VettyEmail&options[document][allowed_types][]=passport")
        .await;
    assert_eq!(both["type"], "verification_flow");
    assert_eq!(
        both["options"],
        json!({ "document": { "allowed_types": ["passport"] }, "email": { "require_verification": true } })
    );
    server.submit(&path_of(&flow), "phone_verification_declined").await.ok();
    let report = server.get(&format!("{}?expand[]=last_verification_report", path_of(&flow))).await.ok();
    let report = &report["last_verification_report"];
    assert_eq!(
        (&report["type"], &report["email"]["status"]),
        (&json!("verification_flow"), &json!("verified"))
    );
    assert_eq!(report["phone"]["error"]["code"], "phone_verification_declined");
    assert_eq!(
        report["options"],
        json!({ "document": { "require_live_capture": true, "require_matching_selfie": true } }),
        "reports have no field for the other options"
    );
    let unknown = server.post(SESSIONS, "verification_flow=vf_nowhere").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        unknown.error(),
        json!({
            "code": "resource_missing", "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
            "message": "No such VerificationFlow: 'vf_nowhere'", "param": "verification_flow",
            "type": "invalid_request_error",
        })
    );
}

#[tokio::test]
async fn update_changes_what_is_named_and_empty_unsets_what_can_be_unset() {
    let server = TestServer::open().await;
    let path = server
        .create_path(
            "type=document&metadata[a]=1&metadata[b]=2&options[document][require_live_capture]=true\
             &provided_details[email]=a@example.com&provided_details[phone]=%2B15550100",
        )
        .await;
    let update = |body: &'static str| {
        let (server, path) = (&server, &path);
        async move { server.post(path, &format!("{body}&expand[0]=provided_details")).await.ok() }
    };
    let session = update("metadata[a]=&metadata[c]=3&type=id_number").await;
    assert_eq!(session["metadata"], json!({ "b": "2", "c": "3" }));
    assert_eq!(session["type"], "id_number");
    assert_eq!(session["options"], json!({ "document": { "require_live_capture": true } }));
    let session = update("options[document][allowed_types][]=passport&provided_details[email]=").await;
    assert_eq!(
        session["options"],
        json!({ "document": { "allowed_types": ["passport"], "require_live_capture": true } })
    );
    assert_eq!(session["provided_details"], json!({ "phone": "+15550100" }));
    let session = update("options[document]=&metadata=&provided_details[phone]=").await;
    assert_eq!(session["options"], json!({}));
    assert_eq!(session["metadata"], json!({}));
    assert_eq!(session["provided_details"], Value::Null);
    let stored = server.get(&path).await.ok();
    assert_eq!((&stored["type"], &stored["metadata"]), (&json!("id_number"), &json!({})));
}
