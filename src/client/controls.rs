//! Two calls that exist only in vetty's own sandbox: the real service has nothing like them.
//!
//! They are sent to this machine only, whatever the client is configured for.

use super::Client;
use super::error::Error;
use super::form;
use super::operation::Operation;
use super::reply::Reply;
use super::transport::Call;
use crate::identity::SessionId;
use crate::identity::params::Form;

impl Client {
    /// Whether the API that is asked is vetty's sandbox. Nothing is sent to another machine: it is not.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn is_sandbox(&self) -> Result<bool, Error> {
        if !self.base().is_loopback() {
            return Ok(false);
        }
        let asked = self.transport().asked(Operation::ProbeSandbox, None);
        let call = Call::get(asked, "/_vetty/health", &Form::default());
        match self.transport().send(&call).await {
            Ok(answer) => {
                // Others answer whatever they are asked for, and with JSON too.
                let health = answer.read::<serde_json::Map<String, serde_json::Value>>(&call.asked);
                Ok(health.is_ok_and(|health| health.value.contains_key("status")))
            }
            Err(Error::Api { error, .. }) if error.http_status < 500 => Ok(false),
            Err(Error::NotAnApi { status, .. }) if status < 500 => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Lets the person of a sandbox session submit, with `outcome` after `delay_seconds`: `verified`, or any code
    /// of `last_error`. Sent once: no idempotency key protects it.
    ///
    /// # Errors
    /// See [`Client::create_session`]; also when the id names no object, or when the API is on another machine.
    pub async fn submit_session(
        &self,
        id: &SessionId,
        outcome: &str,
        delay_seconds: u64,
    ) -> Result<Reply<()>, Error> {
        let asked = self.transport().asked(Operation::SubmitSession, Some(id.as_str()));
        if !self.base().is_loopback() {
            return Err(Error::NotASandbox { asked });
        }
        let Some(segment) = form::segment(id.as_str()) else {
            return Err(Error::InvalidId { asked });
        };
        let body = serde_json::json!({ "outcome": outcome, "delay_seconds": delay_seconds }).to_string();
        let call = Call::post_json(asked, format!("/_vetty/verification_sessions/{segment}/submit"), body);
        Ok(self.transport().send(&call).await?.reply(()))
    }
}
