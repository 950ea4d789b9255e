//! Uses every Identity operation of the Rust SDK on a sandbox, and judges every answer.
//!
//! The SDK reads strictly: an object that lacks a field, or holds one of another type, is an error. The sandbox's line
//! of JSON comes in the environment variable SANDBOX.

mod errors;
mod events;
mod files;
mod plain;
mod sessions;
mod tally;

use std::process::ExitCode;

use serde_json::Value;
use stripe::{Client, ClientBuilder};
use stripe_misc::IdentityVerificationSession;
use stripe_misc::identity_verification_session::{
    CreateIdentityVerificationSession, CreateIdentityVerificationSessionType,
};
use tally::Tally;

/// A sandbox and its keys.
pub struct Sandbox {
    api_base: String,
    secret_key: String,
    secret: Client,
    restricted: Client,
    restricted_key: String,
    webhook_secret: String,
    tally: Tally,
}

impl Sandbox {
    fn new(ready: &Value) -> Self {
        let text = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
        let (api_base, secret_key, restricted_key) =
            (text("api_base"), text("secret_key"), text("restricted_key"));
        Self {
            secret: client(&api_base, &secret_key),
            restricted: client(&api_base, &restricted_key),
            webhook_secret: text("webhook_secret"),
            tally: Tally::default(),
            api_base,
            secret_key,
            restricted_key,
        }
    }

    /// Asks the sandbox for what the API has no word for.
    fn control(&mut self, path: &str, body: &Value) {
        let (status, said) =
            plain::ask("POST", &format!("{}/_vetty/{path}", self.api_base), None, &body.to_string());
        self.tally.check(path, status.contains(" 200 "), (status, String::from_utf8_lossy(&said)));
    }

    fn submit(&mut self, session: &IdentityVerificationSession, outcome: &str, delay: u32) {
        let path = format!("verification_sessions/{}/submit", session.id);
        self.control(&path, &serde_json::json!({ "outcome": outcome, "delay_seconds": delay }));
    }

    /// A new session with this reference.
    async fn create(&mut self, reference: &str) -> Option<IdentityVerificationSession> {
        let made = CreateIdentityVerificationSession::new()
            .type_(CreateIdentityVerificationSessionType::Document)
            .client_reference_id(reference)
            .send(&self.secret)
            .await;
        self.tally.answer("create", made)
    }
}

/// A client that asks once, whatever comes.
fn client(api_base: &str, key: &str) -> Client {
    ClientBuilder::new(key).url(format!("{api_base}/")).build().expect("a plain configuration")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let said = std::env::var("SANDBOX").expect("SANDBOX holds the sandbox's line of JSON");
    let mut sandbox = Sandbox::new(&serde_json::from_str(&said).expect("JSON"));
    sessions::operations(&mut sandbox).await;
    sessions::endings(&mut sandbox).await;
    sessions::sensitive_data(&mut sandbox).await;
    sessions::paging(&mut sandbox).await;
    events::events(&mut sandbox).await;
    events::webhooks(&mut sandbox).await;
    files::files(&mut sandbox).await;
    errors::refusals(&mut sandbox).await;
    errors::faults(&mut sandbox).await;
    errors::idempotency(&mut sandbox).await;
    if sandbox.tally.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
