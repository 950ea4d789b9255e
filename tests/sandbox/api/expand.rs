//! What `expand` opens, and to whom.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::CREATE_DOCUMENT;
use crate::support::server::{REPORTS, SESSIONS, TestServer};

#[tokio::test]
async fn expansions_are_judged_before_anything_is_done() {
    let server = TestServer::open().await;
    let id = server.create_path(CREATE_DOCUMENT).await;
    let cases = [
        (format!("{id}?expand[]=status"), "This property cannot be expanded (status)."),
        (format!("{id}?expand[]=nope"), "This property cannot be expanded because it doesn't exist: nope."),
        (
            format!("{id}?expand[]=verified_outputs.shoe_size"),
            "This property cannot be expanded because it doesn't exist: verified_outputs.shoe_size.",
        ),
        (
            format!("{id}?expand[]=verified_outputs.first_name"),
            "This property cannot be expanded (verified_outputs.first_name).",
        ),
        (
            format!("{id}?expand[]=a.b.c.d.e"),
            "You cannot expand more than 4 levels of a property. Property: a.b.c.d.e",
        ),
        (
            format!("{SESSIONS}?expand[]=verified_outputs"),
            "This property cannot be expanded (verified_outputs). You may want to try expanding \
             'data.verified_outputs' instead.",
        ),
        (format!("{SESSIONS}?expand[]=data"), "This property cannot be expanded (data)."),
        (
            format!("{REPORTS}?expand[]=data.verification_session"),
            "This property cannot be expanded (data.verification_session).",
        ),
    ];
    for (path, message) in cases {
        let reply = server.get(&path).await;
        assert_eq!(
            (reply.status, &reply.error()["message"]),
            (StatusCode::BAD_REQUEST, &json!(message)),
            "{path}"
        );
    }
    let deep = server.get(&format!("{id}?expand[]=a.b.c.d.e")).await;
    assert_eq!(deep.error()["code"], "property_expansion_max_depth");
    // Paths that lead to nothing are no error.
    let session = server
        .get(&format!("{id}?expand%5B0%5D=last_verification_report.document&expand%5B1%5D=provided_details"))
        .await;
    assert_eq!(session.status, StatusCode::BAD_REQUEST, "a document check is no expandable property");
    let session =
        server.get(&format!("{id}?expand[0]=last_verification_report&expand[1]=provided_details")).await.ok();
    assert_eq!(session["last_verification_report"], Value::Null);
    assert_eq!(session.get("provided_details"), Some(&Value::Null));
}

#[tokio::test]
async fn sensitive_paths_want_a_restricted_key() {
    let server = TestServer::open().await;
    let id = server.create_path(CREATE_DOCUMENT).await;
    for path in [
        "verified_outputs.dob",
        "verified_outputs.id_number",
        "verified_outputs.sex",
        "last_verification_report.document.number",
        "last_verification_report.document.expiration_date",
        "last_verification_report.id_number.id_number",
    ] {
        let refused = server.get(&format!("{id}?expand[]={path}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        let error = refused.error();
        let message = error["message"].as_str().expect("a message");
        assert_eq!(
            message,
            "To access sensitive verification results, configure a restricted API key with appropriate permissions. \
             Learn more here: https://stripe.com/docs/identity/access-verification-results."
        );
        assert_eq!(error.get("code"), None);
        assert_eq!(
            server.get_restricted(&format!("{id}?expand[]={path}")).await.status,
            StatusCode::OK,
            "{path}"
        );
        let listed = format!("{SESSIONS}?expand[]=data.{path}");
        assert_eq!(server.get(&listed).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(server.get_restricted(&listed).await.status, StatusCode::OK, "{path}");
    }
}
