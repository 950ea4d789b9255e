//! What happened, and who may read it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use vetty::sandbox::{Database, Settings};

use super::{EVENTS, FOUR_DAYS, REDACTED, kinds};
use crate::support::http::send;
use crate::support::server::{REPORTS, TestServer, ids, path_of, settings};

#[tokio::test]
async fn every_change_leaves_an_event_with_the_session_as_it_was() {
    let server = TestServer::open().await;
    let create = server.form("/v1/identity/verification_sessions", "type=document&metadata[a]=1");
    let created = send(create.header("idempotency-key", "key-1")).await;
    let request = created.header("request-id").expect("a request id").to_owned();
    let session = created.ok();
    let path = path_of(&session);
    server.submit(&path, "document_expired").await.ok();
    server.post(&path, "metadata[a]=2").await.ok();
    server.submit(&path, "verified").await.ok();
    let list = server.get(EVENTS).await.ok();
    assert_eq!(list["url"], EVENTS);
    assert_eq!(kinds(&list), ["created", "processing", "requires_input", "processing", "verified"]);
    let first = list["data"][4].clone();
    let mut expected = session.clone();
    expected["url"] = Value::Null;
    expected["client_secret"] = Value::Null;
    let id = first["id"].as_str().expect("an id");
    assert!(id.starts_with("evt_"), "{id}");
    assert_eq!(
        first,
        json!({
            "id": id, "object": "event", "api_version": "2026-10-28.endive", "created": session["created"],
            "data": { "object": expected }, "livemode": false, "pending_webhooks": 0,
            "request": { "id": request, "idempotency_key": "key-1" },
            "type": "identity.verification_session.created",
        })
    );
    assert_eq!(server.get_restricted(&format!("{EVENTS}/{id}")).await.ok(), first);
    let failed = &list["data"][2];
    assert_eq!(failed["request"], json!({ "id": null, "idempotency_key": null }));
    assert_eq!(failed["data"]["object"]["last_error"]["code"], "document_expired");
    assert_eq!(failed["data"]["object"]["metadata"], json!({ "a": "1" }), "as it was then");
    let report = failed["data"]["object"]["last_verification_report"].as_str().expect("not expanded");
    assert_eq!(server.get(&format!("{REPORTS}/{report}")).await.ok()["document"]["status"], "unverified");
    assert_eq!(list["data"][1]["data"]["object"]["status"], "processing");
    assert_eq!(list["data"][0]["data"]["object"]["metadata"], json!({ "a": "2" }));
}

#[tokio::test]
async fn what_changes_nothing_and_what_is_refused_leaves_no_event() {
    let server = TestServer::open().await;
    let path = server.create_path("type=document").await;
    for _ in 0..2 {
        server.post(&format!("{path}/cancel"), "").await.ok();
    }
    server.post(&path, "type=id_number").await;
    server.submit(&path, "verified").await;
    let again = server.form("/v1/identity/verification_sessions", "type=document");
    for _ in 0..2 {
        let request = again.try_clone().expect("a form").header("idempotency-key", "k");
        send(request).await.ok();
    }
    let declined = server.create_path("type=document").await;
    server.submit(&declined, "consent_declined").await.ok();
    let list = server.get(EVENTS).await.ok();
    assert_eq!(kinds(&list), ["created", "canceled", "created", "created", "requires_input"]);
    assert_eq!(list["data"][3]["data"]["object"]["status"], "canceled");
}

#[tokio::test]
async fn redaction_cancels_now_masks_the_past_and_is_told_later() {
    let server = TestServer::open().await;
    let path = server.create_path("type=document&metadata[name]=Jenny").await;
    server.submit(&path, "selfie_face_mismatch").await.ok();
    let newest = server.ids(EVENTS).await.swap_remove(0);
    let once_more = server.form(&format!("{EVENTS}/{newest}/retry"), "").header("idempotency-key", "again");
    let resent = send(once_more.try_clone().expect("a form")).await.ok();
    assert_eq!(resent["data"]["object"]["metadata"], json!({ "name": "Jenny" }));
    server.post(&format!("{path}/redact"), "").await.ok();
    let replayed = send(once_more).await;
    assert_eq!(replayed.header("idempotent-replayed"), Some("true"));
    assert_eq!(
        replayed.ok()["data"]["object"]["metadata"],
        json!({}),
        "what a key remembers is masked as well"
    );
    let list = server.get(EVENTS).await.ok();
    assert_eq!(kinds(&list), ["created", "processing", "requires_input", "canceled"]);
    assert_eq!(list["data"][0]["data"]["object"]["redaction"], json!({ "status": "processing" }));
    for event in list["data"].as_array().expect("a list") {
        let object = &event["data"]["object"];
        assert_eq!((&object["metadata"], &object["last_error"]), (&json!({}), &Value::Null));
    }
    let verified = server.create_path("type=document").await;
    server.submit(&verified, "verified").await.ok();
    server.post(&format!("{verified}/redact"), "").await.ok();
    server.advance(FOUR_DAYS).await;
    let list = server.get(EVENTS).await.ok();
    let newest = ["created", "processing", "verified", "redacted", "redacted"];
    assert_eq!(kinds(&list)[4..], newest, "a verified session stays so when it is redacted");
    for event in &list["data"].as_array().expect("a list")[..2] {
        assert_eq!(event["data"]["object"]["redaction"], json!({ "status": "redacted" }));
        assert_eq!(event["request"]["id"], Value::Null, "time did it");
    }
}

#[tokio::test]
async fn lists_filter_and_page() {
    let server = TestServer::open().await;
    for outcome in ["verified", "document_expired", "verified"] {
        let path = server.create_path("type=document").await;
        server.submit(&path, outcome).await.ok();
    }
    let count = async |query: &str| {
        server.get(&format!("{EVENTS}?limit=100&{query}")).await.ok()["data"]
            .as_array()
            .expect("a list")
            .len()
    };
    assert_eq!(count("").await, 9);
    assert_eq!(count("type=identity.verification_session.verified").await, 2);
    assert_eq!(count("type=identity.verification_session.*").await, 9);
    assert_eq!(count("type=*.requires_input").await, 1);
    assert_eq!(count("type=charge.*").await, 0);
    let two =
        "types[0]=identity.verification_session.verified&types[1]=identity.verification_session.created";
    assert_eq!(count(two).await, 5);
    assert_eq!(count("types[]=charge.succeeded").await, 0);
    assert_eq!(count("delivery_success=true").await, 9);
    assert_eq!(count("delivery_success=false").await, 0);
    assert_eq!(count("created[gt]=4102444800").await, 0);
    let all = server.ids(&format!("{EVENTS}?limit=100")).await;
    let page = server.get(&format!("{EVENTS}?limit=2&starting_after={}", all[1])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (all[2..4].to_vec(), &json!(true)));
    let newer = server.ids(&format!("{EVENTS}?limit=3&ending_before={}", all[5])).await;
    assert_eq!(newer, all[2..5]);
    server.advance(30 * 86_400 + 60).await;
    assert_eq!(count("").await, 0, "events are kept for 30 days");
    assert_eq!(server.get(&format!("{EVENTS}/{}", all[0])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn refusals_of_events() {
    let server = TestServer::open().await;
    let many = "types[]=charge.succeeded&".repeat(21);
    let cases = [
        (
            "?type=a.b&types[]=a.b".to_owned(),
            400,
            "You may only specify one of these parameters: type, types.",
        ),
        (format!("?{many}"), 400, "You may specify up to 20 types."),
        ("?delivery_success=yes".to_owned(), 400, "Invalid boolean: yes"),
        ("?starting_after=evt_x".to_owned(), 400, "No such event: 'evt_x'"),
        ("/evt_x".to_owned(), 404, "No such event: 'evt_x'"),
        ("?status=verified".to_owned(), 400, "Received unknown parameter: status"),
        (
            "?expand[]=data.data.object".to_owned(),
            400,
            "This property cannot be expanded (data.data.object).",
        ),
        (
            "/evt_x?expand[]=person".to_owned(),
            400,
            "This property cannot be expanded because it doesn't exist: person.",
        ),
    ];
    for (query, status, message) in cases {
        let reply = server.get(&format!("{EVENTS}{query}")).await;
        assert_eq!((reply.status.as_u16(), &reply.error()["message"]), (status, &json!(message)), "{query}");
    }
    assert_eq!(server.post(&format!("{EVENTS}/evt_x/retry"), "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn invented_people_have_a_past() {
    let server = TestServer::with(Settings { people: 150, ..settings(Database::Memory) }).await;
    let same = TestServer::with(Settings { people: 150, ..settings(Database::Memory) }).await;
    let all = format!("{EVENTS}?limit=100");
    let ids = server.ids(&all).await;
    assert_eq!((ids.len(), &ids), (100, &same.ids(&all).await));
    let redacted = server.get(&format!("{EVENTS}?type={REDACTED}")).await.ok();
    assert_ne!(kinds(&redacted), [""; 0]);
    let verified = server.get(&format!("{EVENTS}?type=*.verified&limit=1")).await.ok()["data"][0].clone();
    let object = &verified["data"]["object"];
    let now = server.get(&path_of(object)).await.ok();
    assert_eq!((&now["status"], &now["created"]), (&json!("verified"), &object["created"]));
    assert_eq!(object["last_verification_report"], now["last_verification_report"]);
}
