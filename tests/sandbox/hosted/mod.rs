//! The hosted page over real HTTP: every step, every refusal, links that open nothing, and what must never get through.

mod browser;
mod forms;
mod links;
mod specimens;
mod steps;

use crate::support::server::TestServer;
use serde_json::Value;

const EVERYTHING: &str = "type=document&options[document][require_matching_selfie]=true\
    &options[document][require_id_number]=true&return_url=https://example.com/done?a=1%26b=2";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n and the rest of a picture";

async fn session(server: &TestServer, path: &str) -> Value {
    server.get(path).await.ok()
}
