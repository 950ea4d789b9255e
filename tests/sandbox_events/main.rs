//! Events and webhooks over real HTTP. The receiver checks signatures by itself, with a code of its own making.

#![cfg(feature = "sandbox")]

mod command_line;
mod delivery;
mod endpoints;
mod events;
mod receiver;
#[path = "../sandbox_http/mod.rs"]
mod sandbox_http;

use receiver::Receiver;
use reqwest::Method;
use sandbox_http::{Desk, Reply, send, settings};
use serde_json::Value;
use vetty::sandbox::{Database, Settings, Webhooks};

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
async fn delete(desk: &Desk, path: &str) -> Reply {
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
