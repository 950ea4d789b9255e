//! Events and webhooks over real HTTP. The receiver checks signatures by itself, with a code of its own making.

#![cfg(feature = "sandbox")]

mod sandbox_events {
    pub(crate) mod receiver;
}
mod sandbox_http;

use futures::{SinkExt, StreamExt};
use reqwest::{Method, StatusCode};
use sandbox_events::receiver::{Received, Receiver};
use sandbox_http::{Desk, REPORTS, path_of, send, settings};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use vetty::sandbox::{Database, Settings, StartError, Webhooks, start};

const EVENTS: &str = "/v1/events";
const HOOKS: &str = "/v1/webhook_endpoints";
const REDACTED: &str = "identity.verification_session.redacted";
const FOUR_DAYS: i64 = 4 * 86_400;

fn forwarding(receiver: &Receiver) -> Settings {
    let webhooks = Webhooks { forward_to: vec![receiver.url("/hook")], ..Webhooks::default() };
    Settings { webhooks, ..settings(Database::Memory) }
}

/// The last words of the types of a list of events, oldest first.
fn kinds(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().expect("a list");
    data.iter().rev().map(|event| kind(event).to_owned()).collect()
}

fn kind(event: &Value) -> &str {
    let name = event["type"].as_str().expect("a type");
    name.strip_prefix("identity.verification_session.").expect("a type of identity")
}

/// Deletes a webhook endpoint.
async fn delete(desk: &Desk, path: &str) -> sandbox_http::Reply {
    send(desk.ask(Method::DELETE, path).bearer_auth(desk.running.secret_key().expose())).await
}

/// Creates a webhook endpoint at `receiver` and returns it.
async fn hook(desk: &Desk, receiver: &Receiver, body: &str) -> Value {
    desk.post(HOOKS, &format!("url={}&{body}", receiver.url("/hook"))).await.ok()
}

async fn deliveries(desk: &Desk) -> Vec<Value> {
    let log = send(desk.ask(Method::GET, "/_vetty/deliveries")).await.ok();
    log["deliveries"].as_array().expect("a log").clone()
}

/// Waits until the newest delivery is in `state` after `tries`.
async fn until_delivery(desk: &Desk, state: &str, tries: i64) -> Value {
    loop {
        let newest = deliveries(desk).await.into_iter().next();
        if let Some(newest) = newest.filter(|it| it["state"] == state && it["tries"] == tries) {
            return newest;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_change_leaves_an_event_with_the_session_as_it_was() {
    let desk = Desk::open().await;
    let create = desk.form("/v1/identity/verification_sessions", "type=document&metadata[a]=1");
    let created = send(create.header("idempotency-key", "key-1")).await;
    let request = created.header("request-id").expect("a request id").to_owned();
    let session = created.ok();
    let path = path_of(&session);
    desk.submit(&path, "document_expired").await.ok();
    desk.post(&path, "metadata[a]=2").await.ok();
    desk.submit(&path, "verified").await.ok();
    let list = desk.get(EVENTS).await.ok();
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
    assert_eq!(desk.get_restricted(&format!("{EVENTS}/{id}")).await.ok(), first);
    let failed = &list["data"][2];
    assert_eq!(failed["request"], json!({ "id": null, "idempotency_key": null }));
    assert_eq!(failed["data"]["object"]["last_error"]["code"], "document_expired");
    assert_eq!(failed["data"]["object"]["metadata"], json!({ "a": "1" }), "as it was then");
    let report = failed["data"]["object"]["last_verification_report"].as_str().expect("not expanded");
    assert_eq!(desk.get(&format!("{REPORTS}/{report}")).await.ok()["document"]["status"], "unverified");
    assert_eq!(list["data"][1]["data"]["object"]["status"], "processing");
    assert_eq!(list["data"][0]["data"]["object"]["metadata"], json!({ "a": "2" }));
}

#[tokio::test]
async fn what_changes_nothing_and_what_is_refused_leaves_no_event() {
    let desk = Desk::open().await;
    let path = desk.create_path("type=document").await;
    for _ in 0..2 {
        desk.post(&format!("{path}/cancel"), "").await.ok();
    }
    desk.post(&path, "type=id_number").await;
    desk.submit(&path, "verified").await;
    let again = desk.form("/v1/identity/verification_sessions", "type=document");
    for _ in 0..2 {
        let request = again.try_clone().expect("a form").header("idempotency-key", "k");
        send(request).await.ok();
    }
    let declined = desk.create_path("type=document").await;
    desk.submit(&declined, "consent_declined").await.ok();
    let list = desk.get(EVENTS).await.ok();
    assert_eq!(kinds(&list), ["created", "canceled", "created", "created", "requires_input"]);
    assert_eq!(list["data"][3]["data"]["object"]["status"], "canceled");
}

#[tokio::test]
async fn redaction_cancels_now_masks_the_past_and_is_told_later() {
    let desk = Desk::open().await;
    let path = desk.create_path("type=document&metadata[name]=Jenny").await;
    desk.submit(&path, "selfie_face_mismatch").await.ok();
    let newest = desk.ids(EVENTS).await.swap_remove(0);
    let once_more = desk.form(&format!("{EVENTS}/{newest}/retry"), "").header("idempotency-key", "again");
    let resent = send(once_more.try_clone().expect("a form")).await.ok();
    assert_eq!(resent["data"]["object"]["metadata"], json!({ "name": "Jenny" }));
    desk.post(&format!("{path}/redact"), "").await.ok();
    let replayed = send(once_more).await;
    assert_eq!(replayed.header("idempotent-replayed"), Some("true"));
    assert_eq!(
        replayed.ok()["data"]["object"]["metadata"],
        json!({}),
        "what a key remembers is masked as well"
    );
    let list = desk.get(EVENTS).await.ok();
    assert_eq!(kinds(&list), ["created", "processing", "requires_input", "canceled"]);
    assert_eq!(list["data"][0]["data"]["object"]["redaction"], json!({ "status": "processing" }));
    for event in list["data"].as_array().expect("a list") {
        let object = &event["data"]["object"];
        assert_eq!((&object["metadata"], &object["last_error"]), (&json!({}), &Value::Null));
    }
    let verified = desk.create_path("type=document").await;
    desk.submit(&verified, "verified").await.ok();
    desk.post(&format!("{verified}/redact"), "").await.ok();
    desk.advance(FOUR_DAYS).await;
    let list = desk.get(EVENTS).await.ok();
    let newest = ["created", "processing", "verified", "redacted", "redacted"];
    assert_eq!(kinds(&list)[4..], newest, "a verified session stays so when it is redacted");
    for event in &list["data"].as_array().expect("a list")[..2] {
        assert_eq!(event["data"]["object"]["redaction"], json!({ "status": "redacted" }));
        assert_eq!(event["request"]["id"], Value::Null, "time did it");
    }
}

#[tokio::test]
async fn lists_filter_and_page() {
    let desk = Desk::open().await;
    for outcome in ["verified", "document_expired", "verified"] {
        let path = desk.create_path("type=document").await;
        desk.submit(&path, outcome).await.ok();
    }
    let count = async |query: &str| {
        desk.get(&format!("{EVENTS}?limit=100&{query}")).await.ok()["data"].as_array().expect("a list").len()
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
    let all = desk.ids(&format!("{EVENTS}?limit=100")).await;
    let page = desk.get(&format!("{EVENTS}?limit=2&starting_after={}", all[1])).await.ok();
    assert_eq!((sandbox_http::ids(&page), &page["has_more"]), (all[2..4].to_vec(), &json!(true)));
    let newer = desk.ids(&format!("{EVENTS}?limit=3&ending_before={}", all[5])).await;
    assert_eq!(newer, all[2..5]);
    desk.advance(30 * 86_400 + 60).await;
    assert_eq!(count("").await, 0, "events are kept for 30 days");
    assert_eq!(desk.get(&format!("{EVENTS}/{}", all[0])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn refusals_of_events() {
    let desk = Desk::open().await;
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
        let reply = desk.get(&format!("{EVENTS}{query}")).await;
        assert_eq!((reply.status.as_u16(), &reply.error()["message"]), (status, &json!(message)), "{query}");
    }
    assert_eq!(desk.post(&format!("{EVENTS}/evt_x/retry"), "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn invented_people_have_a_past() {
    let desk = Desk::with(Settings { people: 150, ..settings(Database::Memory) }).await;
    let same = Desk::with(Settings { people: 150, ..settings(Database::Memory) }).await;
    let all = format!("{EVENTS}?limit=100");
    let ids = desk.ids(&all).await;
    assert_eq!((ids.len(), &ids), (100, &same.ids(&all).await));
    let redacted = desk.get(&format!("{EVENTS}?type={REDACTED}")).await.ok();
    assert_ne!(kinds(&redacted), [""; 0]);
    let verified = desk.get(&format!("{EVENTS}?type=*.verified&limit=1")).await.ok()["data"][0].clone();
    let object = &verified["data"]["object"];
    let now = desk.get(&path_of(object)).await.ok();
    assert_eq!((&now["status"], &now["created"]), (&json!("verified"), &object["created"]));
    assert_eq!(object["last_verification_report"], now["last_verification_report"]);
}

#[tokio::test]
async fn forwarded_events_are_signed_and_leave_out_redacted() {
    let receiver = Receiver::open().await;
    let desk = Desk::with(forwarding(&receiver)).await;
    let secret = desk.running.webhook_secret();
    let path = desk.create_path("type=document").await;
    desk.submit(&path, "verified").await.ok();
    desk.post(&format!("{path}/redact"), "").await.ok();
    desk.advance(FOUR_DAYS).await;
    desk.create("type=id_number").await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let request = receiver.next().await;
        request.verify(secret.expose());
        assert_eq!(request.path, "/hook");
        assert_eq!(request.header("content-type"), Some("application/json; charset=utf-8"));
        let event = request.event();
        assert_eq!(event["pending_webhooks"], 1);
        seen.push(kind(&event).to_owned());
    }
    assert_eq!(seen, ["created", "processing", "verified", "created"], "in order, and redacted to nobody");
    until_delivery(&desk, "succeeded", 1).await;
    let list = desk.get(&format!("{EVENTS}?delivery_success=true")).await.ok();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(5), "nobody was to be told of the fifth");
    assert_eq!(list["data"][0]["pending_webhooks"], 0);
}

#[tokio::test]
async fn redacted_goes_to_those_who_name_it() {
    let receiver = Receiver::open().await;
    let mut wanted = forwarding(&receiver);
    wanted.webhooks.events = vec![REDACTED.to_owned()];
    let desk = Desk::with(wanted).await;
    let path = desk.create_path("type=document").await;
    desk.post(&format!("{path}/redact"), "").await.ok();
    desk.advance(FOUR_DAYS).await;
    let event = receiver.next().await.event();
    assert_eq!(
        (kind(&event), &event["data"]["object"]["redaction"]["status"]),
        ("redacted", &json!("redacted"))
    );
}

#[tokio::test]
async fn what_fails_is_tried_again_later_and_given_up_in_the_end() {
    let receiver = Receiver::answering(&[500, 302, 404, 503, 400]).await;
    let desk = Desk::with(forwarding(&receiver)).await;
    desk.create("type=document").await;
    let mut signatures = Vec::new();
    for (tries, pause) in [(1, 5), (2, 30), (3, 300), (4, 3600)] {
        signatures.push(receiver.next().await.header("stripe-signature").map(str::to_owned));
        let waiting = until_delivery(&desk, "pending", tries).await;
        let newest = &waiting["log"][usize::try_from(tries).expect("a place") - 1];
        assert_eq!(waiting["next_try"].as_i64(), newest["at"].as_i64().map(|at| at + pause));
        let list = desk.get(&format!("{EVENTS}?delivery_success=false")).await.ok();
        assert_eq!(list["data"][0]["pending_webhooks"], 1);
        desk.advance(pause).await;
    }
    receiver.next().await;
    let given_up = until_delivery(&desk, "failed", 5).await;
    let statuses: Vec<&Value> =
        given_up["log"].as_array().expect("a log").iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, [500, 302, 404, 503, 400]);
    assert_eq!(given_up["log"][1]["error"], "a redirect, which is not followed");
    assert_eq!(given_up["next_try"], Value::Null);
    let event = desk.get(&format!("{EVENTS}?delivery_success=false")).await.ok()["data"][0].clone();
    assert_eq!(event["pending_webhooks"], 0, "nothing is waited for any more");
    // Once more, by hand: now the receiver answers 200.
    let id = event["id"].as_str().expect("an id");
    let resent = desk.post(&format!("{EVENTS}/{id}/retry"), "for_stripecli=true").await.ok();
    assert_eq!((&resent["id"], &resent["pending_webhooks"]), (&event["id"], &json!(1)));
    assert_eq!(receiver.next().await.event()["id"], event["id"]);
    until_delivery(&desk, "succeeded", 1).await;
    assert_eq!(receiver.waiting(), 0);
    assert_eq!(desk.ids(&format!("{EVENTS}?delivery_success=true")).await, [id]);
}

#[tokio::test]
async fn what_was_planned_is_delivered_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::answering(&[500]).await;
    let file = settings(Database::Sqlite(folder.path().join("sandbox.db")));
    let file = Settings { webhooks: forwarding(&receiver).webhooks, ..file };
    let desk = Desk::with(file.clone()).await;
    let secret = desk.running.webhook_secret();
    let session = desk.create("type=document").await;
    receiver.next().await;
    until_delivery(&desk, "pending", 1).await;
    desk.running.stop().await;

    let desk = Desk::with(file.clone()).await;
    assert_eq!(desk.running.webhook_secret().expose(), secret.expose(), "a database keeps its secret");
    desk.advance(5).await;
    let request = receiver.next().await;
    request.verify(secret.expose());
    assert_eq!(request.event()["data"]["object"]["id"], session["id"]);
    until_delivery(&desk, "succeeded", 2).await;
    desk.running.stop().await;

    let desk = Desk::with(Settings { webhooks: Webhooks::default(), ..file }).await;
    desk.create("type=document").await;
    assert_eq!(deliveries(&desk).await.len(), 1, "who is not named any more is not told");
}

#[tokio::test]
async fn a_webhook_endpoint_from_its_creation_to_its_end() {
    let receiver = Receiver::open().await;
    let desk = Desk::open().await;
    let body = "enabled_events[0]=identity.verification_session.verified&enabled_events[1]=charge.succeeded\
        &description=for%20tests&metadata[a]=1&api_version=2024-06-20";
    let mut created = hook(&desk, &receiver, body).await;
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
    assert_eq!(desk.get(&path).await.ok(), expected, "the secret is told once");
    assert_eq!(desk.get(HOOKS).await.ok()["data"], json!([expected]));

    let session = desk.create_path("type=document").await;
    desk.submit(&session, "verified").await.ok();
    let request = receiver.next().await;
    request.verify(secret);
    assert_eq!((kind(&request.event()), &request.event()["api_version"]), ("verified", &json!("2024-06-20")));
    until_delivery(&desk, "succeeded", 1).await;
    assert_eq!(deliveries(&desk).await.len(), 1, "only what it subscribed to");

    let other = receiver.url("/other");
    let change = format!("url={other}&description=&metadata[a]=&enabled_events[]=*&disabled=true");
    let updated = desk.post(&path, &change).await.ok();
    expected["url"] = json!(other);
    expected["description"] = Value::Null;
    expected["metadata"] = json!({});
    expected["enabled_events"] = json!(["*"]);
    expected["status"] = json!("disabled");
    assert_eq!(updated, expected);
    desk.create("type=document").await;
    assert_eq!(deliveries(&desk).await.len(), 1, "a disabled endpoint is not told");
    desk.post(&path, "disabled=false").await.ok();
    desk.create("type=document").await;
    assert_eq!(receiver.next().await.path, "/other");

    let event = &desk.ids(EVENTS).await[0];
    until_delivery(&desk, "succeeded", 1).await;
    desk.post(&format!("{EVENTS}/{event}/retry"), &format!("webhook_endpoint={id}")).await.ok();
    assert_eq!(receiver.next().await.event()["id"], json!(event));

    assert_eq!(
        delete(&desk, &path).await.ok(),
        json!({ "id": id, "object": "webhook_endpoint", "deleted": true })
    );
    assert_eq!(delete(&desk, &path).await.status, StatusCode::NOT_FOUND);
    let gone = desk.get(&path).await;
    assert_eq!(gone.error()["message"], json!(format!("No such webhook endpoint: '{id}'")));
    assert_eq!(desk.get(HOOKS).await.ok()["data"], json!([]));
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
    ("enabled_events[]=*&url=http://127.0.0.1/&secret=1", "secret", "Received unknown parameter: secret"),
];

#[tokio::test]
async fn webhook_endpoints_that_are_refused() {
    let desk = Desk::open().await;
    for (body, param, message) in REFUSED_HOOKS {
        let reply = desk.post(HOOKS, body).await;
        let error = reply.error();
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!((&error["param"], &error["message"]), (&json!(param), &json!(message)), "{body}");
    }
    for _ in 0..16 {
        desk.post(HOOKS, "enabled_events[]=*&url=https://example.com/hook").await.ok();
    }
    let one_more = desk.post(HOOKS, "enabled_events[]=*&url=https://example.com/hook").await;
    assert_eq!(one_more.error()["message"], "You have reached the maximum of 16 test webhook endpoints.");
    let first = desk.ids(&format!("{HOOKS}?limit=10")).await;
    let rest = desk.ids(&format!("{HOOKS}?limit=10&starting_after={}", first[9])).await;
    assert_eq!((first.len(), rest.len()), (10, 6));
}

#[tokio::test]
async fn nothing_leaves_this_machine_unless_it_is_allowed() {
    let desk = Desk::open().await;
    desk.post(HOOKS, "enabled_events[]=*&url=http://203.0.113.1/hook").await.ok();
    desk.create("type=document").await;
    let given_up = until_delivery(&desk, "failed", 1).await;
    let error = given_up["log"][0]["error"].as_str().expect("an error");
    assert!(error.contains("--allow-remote-webhooks"), "{error}");
    for url in ["http://203.0.113.1/", "https://127.0.0.1/", "nonsense"] {
        let webhooks = Webhooks { forward_to: vec![url.to_owned()], ..Webhooks::default() };
        let refused = start(Settings { webhooks, ..settings(Database::Memory) }).await;
        let refused = refused.expect_err("no target");
        assert!(matches!(refused, StartError::Webhooks(_)) && refused.to_string().contains(url), "{refused}");
    }
    let webhooks = Webhooks { events: vec!["identity.verified".to_owned()], ..Webhooks::default() };
    let refused = start(Settings { webhooks, ..settings(Database::Memory) }).await.expect_err("no type");
    assert!(refused.to_string().contains("identity.verified is no type of event"), "{refused}");
}

#[tokio::test]
async fn one_listener_that_is_down_does_not_hold_up_another() {
    let (down, up) = (Receiver::answering(&[500; 20]).await, Receiver::open().await);
    let desk = Desk::open().await;
    hook(&desk, &down, "enabled_events[]=*").await;
    hook(&desk, &up, "enabled_events[]=*").await;
    let paths = [desk.create_path("type=document").await, desk.create_path("type=document").await];
    for path in &paths {
        assert_eq!(path_of(&up.next().await.event()["data"]["object"]), *path);
    }
    let tried: Vec<Received> = vec![down.next().await, down.next().await];
    let ids: Vec<Value> = tried.iter().map(|it| it.event()["data"]["object"]["id"].clone()).collect();
    assert_ne!(ids[0], ids[1], "and a first failure does not hold up the second event");
}

#[tokio::test]
async fn the_official_command_line_is_told_over_its_websocket() {
    let desk = Desk::with(Settings { people: 20, ..settings(Database::Memory) }).await;
    let form = "device_name=desk&forward_to_url=http%3A%2F%2F127.0.0.1%3A1&websocket_features[]=webhooks";
    let listening = desk.post("/v1/stripecli/sessions", form).await.ok();
    let secret = desk.running.webhook_secret();
    assert_eq!(listening["secret"], secret.expose());
    let url = listening["websocket_url"].as_str().expect("an address");
    let mut request = format!("{url}?websocket_feature=webhooks").into_client_request().expect("a request");
    let protocol = "stripecli-devproxy-v1".parse().expect("a header");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, answer) = tokio_tungstenite::connect_async(request).await.expect("a websocket");
    assert_eq!(answer.headers()["sec-websocket-protocol"], "stripecli-devproxy-v1");

    let path = desk.create_path("type=document").await;
    desk.submit(&path, "verified").await.ok();
    desk.control("people", "{\"count\":5}").await.ok();
    desk.post(&format!("{path}/redact"), "").await.ok();
    desk.advance(FOUR_DAYS).await;
    let mut events = Vec::new();
    while events.last().is_none_or(|event: &Value| kind(event) != "redacted") {
        let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("the socket closed") };
        let message: Value = serde_json::from_str(&text).expect("a message");
        assert_eq!(
            (&message["type"], &message["endpoint"]),
            (&json!("webhook_event"), &json!({ "api_version": null }))
        );
        let payload = message["event_payload"].as_str().expect("a payload");
        let signature = message["http_headers"]["Stripe-Signature"].as_str().expect("a signature");
        sandbox_events::receiver::verify(signature, payload, secret.expose());
        let event: Value = serde_json::from_str(payload).expect("an event");
        if path_of(&event["data"]["object"]) == path {
            events.push(event);
        }
        let response = json!({ "type": "webhook_response", "status": 200 }).to_string();
        socket.send(Message::text(response)).await.expect("the socket is open");
    }
    let seen: Vec<&str> = events.iter().map(kind).collect();
    assert_eq!(seen, ["created", "processing", "verified", "redacted"], "and nothing of an invented past");

    let id = events[0]["id"].as_str().expect("an id");
    desk.post(&format!("{EVENTS}/{id}/retry"), "for_stripecli=true").await.ok();
    loop {
        let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("the socket closed") };
        if text.contains(id) {
            break;
        }
    }
    desk.running.stop().await;
    while let Some(Ok(message)) = socket.next().await {
        assert!(!message.is_text() || !message.to_string().contains(id));
    }
}
