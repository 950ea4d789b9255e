//! One request: which call of the client it is, and what of the reply the model wants to know.

use crate::app::{Answer, Problem, Request};
use crate::client::{Error, IdempotencyKey, Reply};
use crate::identity::{Session, SessionId};

use super::Connected;

/// Expanded when a record is opened: nothing that needs a restricted key.
const OPENED: [&str; 3] = ["verified_outputs", "provided_details", "last_verification_report"];

/// Expanded in the reply to a change, so that the screen stays complete.
const CHANGED: [&str; 1] = ["provided_details"];

/// Asks, and answers for the model.
pub(super) async fn ask(connected: &Connected, request: Request) -> Result<Answer, Problem> {
    let client = &connected.client;
    match request {
        Request::ListSessions(params) => Ok(Answer::Sessions(client.list_sessions(&params).await?.value)),
        Request::ListReports(params) => Ok(Answer::Reports(client.list_reports(&params).await?.value)),
        Request::Retrieve(id) => retrieved(client.retrieve_session(&id, &OPENED).await),
        Request::Link(id) => retrieved(client.retrieve_session(&id, &[]).await),
        Request::Submit(id, outcome) => submit(connected, &id, &outcome).await,
        Request::Create(mut params) => {
            params.expand = CHANGED.map(str::to_owned).to_vec();
            change(connected, "create", None, async |key| client.create_session(&params, key).await).await
        }
        Request::Update(id, mut params) => {
            params.expand = CHANGED.map(str::to_owned).to_vec();
            change(connected, "update", Some(&id), async |key| client.update_session(&id, &params, key).await)
                .await
        }
        Request::Cancel(id) => {
            change(connected, "cancel", Some(&id), async |key| client.cancel_session(&id, key).await).await
        }
        Request::Redact(id) => {
            change(connected, "redact", Some(&id), async |key| client.redact_session(&id, key).await).await
        }
    }
}

/// Makes a change under a fresh idempotency key, between its two lines in the journal.
async fn change(
    connected: &Connected,
    action: &str,
    id: Option<&SessionId>,
    call: impl AsyncFnOnce(&IdempotencyKey) -> Result<Reply<Session>, Error>,
) -> Result<Answer, Problem> {
    let key = IdempotencyKey::fresh();
    let record = connected.recorder.begin(action, id.map(SessionId::as_str), Some(&key)).await?;
    let result = call(&key).await;
    let object = result.as_ref().ok().map(|reply| reply.value.id.to_string());
    let outcome = result.as_ref().map(|reply| reply.request_id.as_deref());
    record.end(object.as_deref(), outcome).await;
    retrieved(result)
}

/// Lets the person of a sandbox session submit, and reads what came of it.
async fn submit(connected: &Connected, id: &SessionId, outcome: &str) -> Result<Answer, Problem> {
    let record = connected.recorder.begin("submit", Some(id.as_str()), None).await?;
    let result = connected.client.submit_session(id, outcome, 0).await;
    record.end(None, result.as_ref().map(|reply| reply.request_id.as_deref())).await;
    result?;
    retrieved(connected.client.retrieve_session(id, &OPENED).await)
}

fn retrieved(result: Result<Reply<Session>, Error>) -> Result<Answer, Problem> {
    let Reply { value, request_id, .. } = result?;
    Ok(Answer::Session(Box::new(value), request_id.map(|id| id.to_string())))
}
