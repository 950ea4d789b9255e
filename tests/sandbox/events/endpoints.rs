//! Webhook endpoints.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{EVENTS, HOOKS, delete, deliveries, hook, kind, until_delivery};
use crate::support::server::TestServer;

#[tokio::test]
async fn a_webhook_endpoint_from_its_creation_to_its_end() {
    let receiver = Receiver::open().await;
    let server = TestServer::open().await;
    let body = "enabled_events[0]=identity.verification_session.verified&enabled_events[1]=charge.succeeded\
        &description=for%20tests&metadata[a]=1&api_version=2024-06-20";
    let mut created = hook(&server, &receiver, body).await;
    let secret = created["secret"].take();
    let secret = secret.as_str().expect("a secret");
    assert!(secret.starts_with("whsec_"), "{secret}");
    created.as_object_mut().expect("an object").shift_remove("secret");
    let id = created["id"].as_str().expect("an id").to_owned();
    let mut expected = json!({
        "id": id, "object": "webhook_endpoint", "api_version": "2024-06-20", "application": null,
        "created": created["created"], "description": "for tests",
        "enabled_events": ["identity.verification_session.verified", "charge.succeeded"], "livemode": false,
        "metadata": { "a": "1" }, "status": "enabled", "url": receiver.url("/hook"),
    });
    assert_eq!(created, expected);
    let path = format!("{HOOKS}/{id}");
    assert_eq!(server.get(&path).await.ok(), expected, "the secret is told once");
    assert_eq!(server.get(HOOKS).await.ok()["data"], json!([expected]));

    let session = server.create_path("type=document").await;
    server.submit(&session, "verified").await.ok();
    let request = receiver.next().await;
    request.verify(secret);
    assert_eq!((kind(&request.event()), &request.event()["api_version"]), ("verified", &json!("2024-06-20")));
    until_delivery(&server, "succeeded", 1).await;
    assert_eq!(deliveries(&server).await.len(), 1, "only what it subscribed to");

    let other = receiver.url("/other");
    let change = format!("url={other}&description=&metadata[a]=&enabled_events[]=*&disabled=true");
    let updated = server.post(&path, &change).await.ok();
    expected["url"] = json!(other);
    expected["description"] = Value::Null;
    expected["metadata"] = json!({});
    expected["enabled_events"] = json!(["*"]);
    expected["status"] = json!("disabled");
    assert_eq!(updated, expected);
    server.create("type=document").await;
    assert_eq!(deliveries(&server).await.len(), 1, "a disabled endpoint is not told");
    server.post(&path, "disabled=false").await.ok();
    server.create("type=document").await;
    assert_eq!(receiver.next().await.path, "/other");

    let event = &server.ids(EVENTS).await[0];
    until_delivery(&server, "succeeded", 1).await;
    server.post(&format!("{EVENTS}/{event}/retry"), &format!("webhook_endpoint={id}")).await.ok();
    assert_eq!(receiver.next().await.event()["id"], json!(event));

    assert_eq!(
        delete(&server, &path).await.ok(),
        json!({ "id": id, "object": "webhook_endpoint", "deleted": true })
    );
    assert_eq!(delete(&server, &path).await.status, StatusCode::NOT_FOUND);
    let gone = server.get(&path).await;
    assert_eq!(gone.error()["message"], json!(format!("No such webhook endpoint: '{id}'")));
    assert_eq!(server.get(HOOKS).await.ok()["data"], json!([]));
}

/// A body for create, and the `param` and `message` that refuse it.
const REFUSED_HOOKS: &[(&str, &str, &str)] = &[
    ("url=http://127.0.0.1/", "enabled_events", "Missing required param: enabled_events."),
    ("enabled_events[]=*", "url", "Missing required param: url."),
    (
        "enabled_events[]=*&url=example.com",
        "url",
        "Invalid URL: An explicit scheme (such as https) must be provided.",
    ),
    ("enabled_events[]=*&url=ftp://example.com", "url", "Not a valid URL"),
    ("enabled_events=*&url=http://127.0.0.1/", "enabled_events", "Invalid array"),
    (
        "enabled_events[]=identity.verification_session.approved&url=http://127.0.0.1/",
        "enabled_events[0]",
        "Invalid enabled_events[0]: must be '*' or a type of event, such as identity.verification_session.verified",
    ),
    (
        "enabled_events[]=*&url=http://127.0.0.1/&api_version=newest",
        "api_version",
        "Invalid Stripe API version: newest",
    ),
    (
        "enabled_events[]=*&url=http://127.0.0.1/&api_version=2023-99-99",
        "api_version",
        "Invalid Stripe API version: 2023-99-99",
    ),
    ("enabled_events[]=*&url=http://127.0.0.1/&secret=1", "secret", "Received unknown parameter: secret"),
];

#[tokio::test]
async fn webhook_endpoints_that_are_refused() {
    let server = TestServer::open().await;
    for (body, param, message) in REFUSED_HOOKS {
        let reply = server.post(HOOKS, body).await;
        let error = reply.error();
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!((&error["param"], &error["message"]), (&json!(param), &json!(message)), "{body}");
    }
    for _ in 0..16 {
        server.post(HOOKS, "enabled_events[]=*&url=https://example.com/hook").await.ok();
    }
    let one_more = server.post(HOOKS, "enabled_events[]=*&url=https://example.com/hook").await;
    assert_eq!(one_more.error()["message"], "You have reached the maximum of 16 test webhook endpoints.");
    let first = server.ids(&format!("{HOOKS}?limit=10")).await;
    let rest = server.ids(&format!("{HOOKS}?limit=10&starting_after={}", first[9])).await;
    assert_eq!((first.len(), rest.len()), (10, 6));
}
