//! One request: which call of the client it is, and what of the reply the model wants to know.

use crate::app::{Answer, Problem, Request};
use crate::client::{Error, IdempotencyKey, Reply};
use crate::identity::params::{CreateSession, UpdateSession};
use crate::identity::{Session, SessionId};

use super::Connected;
use super::doubt::Doubts;
use super::export::export;
use super::unveil::unveil;

/// Expanded when a record is opened: nothing that needs a restricted key.
const OPENED: [&str; 3] = ["verified_outputs", "provided_details", "last_verification_report"];

/// Expanded in the reply to a change, so that the screen stays complete.
const CHANGED: [&str; 1] = ["provided_details"];

/// Asks, and answers for the model.
pub(super) async fn ask(connected: &Connected, doubts: &Doubts, request: Request) -> Result<Answer, Problem> {
    let client = &connected.client;
    let change = Change { connected, doubts, request: &request };
    match &request {
        Request::ListSessions(params) => Ok(Answer::Sessions(client.list_sessions(params).await?.value)),
        Request::ListReports(params) => Ok(Answer::Reports(client.list_reports(params).await?.value)),
        Request::Retrieve(id) => retrieved(client.retrieve_session(id, &OPENED).await),
        Request::Link(id) => retrieved(client.retrieve_session(id, &[]).await),
        Request::Export(order) => export(connected, *order.clone()).await,
        Request::Unveil(wish) => unveil(connected, wish).await,
        Request::Submit(id, outcome) => submit(connected, id, outcome).await,
        Request::Create(params) => {
            let params = CreateSession { expand: CHANGED.map(str::to_owned).to_vec(), ..*params.clone() };
            change.make("create", None, async |key| client.create_session(&params, key).await).await
        }
        Request::Update(id, params) => {
            let params = UpdateSession { expand: CHANGED.map(str::to_owned).to_vec(), ..*params.clone() };
            change.make("update", Some(id), async |key| client.update_session(id, &params, key).await).await
        }
        Request::Cancel(id) => {
            change.make("cancel", Some(id), async |key| client.cancel_session(id, key).await).await
        }
        Request::Redact(id) => {
            change.make("redact", Some(id), async |key| client.redact_session(id, key).await).await
        }
    }
}

/// A request that changes something.
struct Change<'a> {
    connected: &'a Connected,
    doubts: &'a Doubts,
    request: &'a Request,
}

impl Change<'_> {
    /// Makes the change between its two lines in the journal. Asked again after a doubtful end, it goes out under the
    /// key it had, so that it cannot happen twice.
    async fn make(
        self,
        action: &str,
        id: Option<&SessionId>,
        call: impl AsyncFnOnce(&IdempotencyKey) -> Result<Reply<Session>, Error>,
    ) -> Result<Answer, Problem> {
        let key = self.doubts.key(self.request);
        let record = self.connected.recorder.begin(action, id.map(SessionId::as_str), Some(&key)).await?;
        let result = call(&key).await;
        let made = result.as_ref().ok().map(|reply| reply.value.id.to_string());
        record.end(made.as_deref(), result.as_ref().map(|reply| reply.request_id.as_deref())).await;
        if result.as_ref().is_err_and(Error::may_have_happened) {
            self.doubts.remember(self.request.clone(), key);
            let hint = "Nobody knows whether it happened. Ask for the same again: it cannot happen twice.";
            return retrieved(result).map_err(|problem| Problem { hint: Some(hint.to_owned()), ..problem });
        }
        retrieved(result)
    }
}

/// Lets the person of a sandbox session submit, and reads what came of it.
async fn submit(connected: &Connected, id: &SessionId, outcome: &str) -> Result<Answer, Problem> {
    let record = connected.recorder.begin("submit", Some(id.as_str()), None).await?;
    let result = connected.client.submit_session(id, outcome, 0).await;
    record.end(None, result.as_ref().map(|reply| reply.request_id.as_deref())).await;
    result?;
    retrieved(connected.client.retrieve_session(id, &OPENED).await).map_err(|problem| Problem {
        text: format!("{id} was submitted, but not read again. {}", problem.text),
        ..problem
    })
}

fn retrieved(result: Result<Reply<Session>, Error>) -> Result<Answer, Problem> {
    let Reply { value, request_id, .. } = result?;
    Ok(Answer::Session(Box::new(value), request_id.map(|id| id.to_string())))
}
