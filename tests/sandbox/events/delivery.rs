//! Webhooks on their way.

use serde_json::{Value, json};
use vetty::sandbox::{Database, Settings, StartError, Webhooks, start};

use super::receiver::{Received, Receiver};
use super::{EVENTS, FOUR_DAYS, HOOKS, REDACTED, deliveries, forwarding, hook, kind, until_delivery};
use crate::support::server::{TestServer, path_of, settings};

#[tokio::test]
async fn forwarded_events_are_signed_and_leave_out_redacted() {
    let receiver = Receiver::open().await;
    let server = TestServer::with(forwarding(&receiver)).await;
    let secret = server.running.webhook_secret();
    let path = server.create_path("type=document").await;
    server.submit(&path, "verified").await.ok();
    server.post(&format!("{path}/redact"), "").await.ok();
    server.advance(FOUR_DAYS).await;
    server.create("type=id_number").await;
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
    until_delivery(&server, "succeeded", 1).await;
    let list = server.get(&format!("{EVENTS}?delivery_success=true")).await.ok();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(5), "nobody was to be told of the fifth");
    assert_eq!(list["data"][0]["pending_webhooks"], 0);
}

#[tokio::test]
async fn an_event_is_in_its_listeners_version_or_else_in_the_accounts() {
    let receiver = Receiver::open().await;
    let api_version = "2020-08-27".parse().expect("a version");
    let server = TestServer::with(Settings { api_version, ..forwarding(&receiver) }).await;
    hook(&server, &receiver, "enabled_events[]=*").await;
    hook(&server, &receiver, "enabled_events[]=*&api_version=2025-03-31.basil").await;
    server.create("type=document").await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(receiver.next().await.event()["api_version"].as_str().expect("a version").to_owned());
    }
    seen.sort_unstable();
    assert_eq!(seen, ["2020-08-27", "2020-08-27", "2025-03-31.basil"]);
}

#[tokio::test]
async fn redacted_goes_to_those_who_name_it() {
    let receiver = Receiver::open().await;
    let mut wanted = forwarding(&receiver);
    wanted.webhooks.events = vec![REDACTED.to_owned()];
    let server = TestServer::with(wanted).await;
    let path = server.create_path("type=document").await;
    server.post(&format!("{path}/redact"), "").await.ok();
    server.advance(FOUR_DAYS).await;
    let event = receiver.next().await.event();
    assert_eq!(
        (kind(&event), &event["data"]["object"]["redaction"]["status"]),
        ("redacted", &json!("redacted"))
    );
}

#[tokio::test]
async fn what_fails_is_tried_again_later_and_given_up_in_the_end() {
    let receiver = Receiver::answering(&[500, 302, 404, 503, 400]).await;
    let server = TestServer::with(forwarding(&receiver)).await;
    server.create("type=document").await;
    let mut signatures = Vec::new();
    for (tries, pause) in [(1, 5), (2, 30), (3, 300), (4, 3600)] {
        signatures.push(receiver.next().await.header("stripe-signature").map(str::to_owned));
        let waiting = until_delivery(&server, "pending", tries).await;
        let newest = &waiting["log"][usize::try_from(tries).expect("a place") - 1];
        assert_eq!(waiting["next_try"].as_i64(), newest["at"].as_i64().map(|at| at + pause));
        let list = server.get(&format!("{EVENTS}?delivery_success=false")).await.ok();
        assert_eq!(list["data"][0]["pending_webhooks"], 1);
        server.advance(pause).await;
    }
    receiver.next().await;
    let given_up = until_delivery(&server, "failed", 5).await;
    let statuses: Vec<&Value> =
        given_up["log"].as_array().expect("a log").iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, [500, 302, 404, 503, 400]);
    assert_eq!(given_up["log"][1]["error"], "a redirect, which is not followed");
    assert_eq!(given_up["next_try"], Value::Null);
    let event = server.get(&format!("{EVENTS}?delivery_success=false")).await.ok()["data"][0].clone();
    assert_eq!(event["pending_webhooks"], 0, "nothing is waited for any more");
    // Once more, by hand: now the receiver answers 200.
    let id = event["id"].as_str().expect("an id");
    let resent = server.post(&format!("{EVENTS}/{id}/retry"), "for_stripecli=true").await.ok();
    assert_eq!((&resent["id"], &resent["pending_webhooks"]), (&event["id"], &json!(1)));
    assert_eq!(receiver.next().await.event()["id"], event["id"]);
    until_delivery(&server, "succeeded", 1).await;
    assert_eq!(receiver.waiting(), 0);
    assert_eq!(server.ids(&format!("{EVENTS}?delivery_success=true")).await, [id]);
}

#[tokio::test]
async fn what_was_planned_is_delivered_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::answering(&[500]).await;
    let file = settings(Database::Sqlite(folder.path().join("sandbox.db")));
    let file = Settings { webhooks: forwarding(&receiver).webhooks, ..file };
    let server = TestServer::with(file.clone()).await;
    let secret = server.running.webhook_secret();
    let session = server.create("type=document").await;
    receiver.next().await;
    until_delivery(&server, "pending", 1).await;
    server.running.stop().await;

    let server = TestServer::with(file.clone()).await;
    assert_eq!(server.running.webhook_secret().expose(), secret.expose(), "a database keeps its secret");
    server.advance(5).await;
    let request = receiver.next().await;
    request.verify(secret.expose());
    assert_eq!(request.event()["data"]["object"]["id"], session["id"]);
    until_delivery(&server, "succeeded", 2).await;
    server.running.stop().await;

    let server = TestServer::with(Settings { webhooks: Webhooks::default(), ..file }).await;
    server.create("type=document").await;
    assert_eq!(deliveries(&server).await.len(), 1, "who is not named any more is not told");
}

#[tokio::test]
async fn nothing_leaves_this_machine_unless_it_is_allowed() {
    let server = TestServer::open().await;
    server.post(HOOKS, "enabled_events[]=*&url=http://203.0.113.1/hook").await.ok();
    server.create("type=document").await;
    let given_up = until_delivery(&server, "failed", 1).await;
    let error = given_up["log"][0]["error"].as_str().expect("an error");
    assert!(error.contains("--allow-remote-webhooks"), "{error}");
    for url in ["http://203.0.113.1/", "https://203.0.113.1/", "ftp://127.0.0.1/", "nonsense"] {
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
    let server = TestServer::open().await;
    hook(&server, &down, "enabled_events[]=*").await;
    hook(&server, &up, "enabled_events[]=*").await;
    let paths = [server.create_path("type=document").await, server.create_path("type=document").await];
    for path in &paths {
        assert_eq!(path_of(&up.next().await.event()["data"]["object"]), *path);
    }
    let tried: Vec<Received> = vec![down.next().await, down.next().await];
    let ids: Vec<Value> = tried.iter().map(|it| it.event()["data"]["object"]["id"].clone()).collect();
    assert_ne!(ids[0], ids[1], "and a first failure does not hold up the second event");
}
