//! Events and webhooks over real HTTP. The receiver checks signatures by itself, with a code of its own making.

mod command_line;
mod delivery;
mod endpoints;
mod reading;
mod receiver;

use crate::support::http::{Reply, send};
use crate::support::server::{TestServer, settings};
use receiver::Receiver;
use reqwest::Method;
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
async fn delete(server: &TestServer, path: &str) -> Reply {
    send(server.ask(Method::DELETE, path).bearer_auth(server.running.secret_key().expose())).await
}

/// Creates a webhook endpoint at `receiver` and returns it.
async fn hook(server: &TestServer, receiver: &Receiver, body: &str) -> Value {
    server.post(HOOKS, &format!("url={}&{body}", receiver.url("/hook"))).await.ok()
}

async fn deliveries(server: &TestServer) -> Vec<Value> {
    let log = send(server.ask(Method::GET, "/_vetty/deliveries")).await.ok();
    log["deliveries"].as_array().expect("a log").clone()
}

/// Waits until the newest delivery is in `state` after `tries`.
async fn until_delivery(server: &TestServer, state: &str, tries: i64) -> Value {
    loop {
        let newest = deliveries(server).await.into_iter().next();
        if let Some(newest) = newest.filter(|it| it["state"] == state && it["tries"] == tries) {
            return newest;
        }
        tokio::task::yield_now().await;
    }
}
