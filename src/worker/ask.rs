//! One request: which call of the client it is, and what of the reply the model wants to know.

use crate::app::{Answer, Problem, Request};
use crate::client::{Error, Reply};
use crate::identity::{Session, SessionId};
use crate::journal::Word;

use super::Connected;
use super::audit::audit;
use super::export::export;
use super::record::{Doing, Intent};
use super::unveil::unveil;
use super::what::Change;

/// Expanded when a record is opened: nothing that needs a restricted key.
const OPENED: [&str; 3] = ["verified_outputs", "provided_details", "last_verification_report"];

/// Asks, and answers for the model.
pub(super) async fn ask(connected: &Connected, via: &Word, request: Request) -> Result<Answer, Problem> {
    let intent = Intent::via(via);
    let client = connected.changer.client();
    let change = match request {
        Request::ListSessions(params) => {
            return Ok(Answer::Sessions(client.list_sessions(&params).await?.value));
        }
        Request::ListReports(params) => {
            return Ok(Answer::Reports(client.list_reports(&params).await?.value));
        }
        Request::Retrieve(id) => return retrieved(client.retrieve_session(&id, &OPENED).await),
        Request::Link(id) => return retrieved(client.retrieve_session(&id, &[]).await),
        Request::Audit => return Ok(audit(connected).await?),
        Request::NoteErasure(id, erasure) => {
            connected.changer.recorder().redacted(&id, &erasure).await?;
            return Ok(Answer::Noted);
        }
        Request::Export(order) => return export(connected, &intent, *order).await,
        Request::Unveil(wish) => return unveil(connected, &intent, &wish).await,
        Request::Submit(id, outcome) => return submit(connected, &intent, &id, &outcome).await,
        Request::Create(params) => Change::Create(params),
        Request::Update(id, params) => Change::Update(id, params),
        // These go another way.
        Request::Job(_) | Request::Stop(_) => return Ok(Answer::Job),
    };
    let made = connected.changer.make(&intent, change).await?;
    Ok(Answer::Session(made.session, made.request_id))
}

/// Lets the person of a sandbox session submit, and reads what came of it.
async fn submit(
    connected: &Connected,
    intent: &Intent,
    id: &SessionId,
    outcome: &str,
) -> Result<Answer, Problem> {
    let changer = &connected.changer;
    let params = vec![Word::new(&format!("outcome:{outcome}"))];
    let doing = Doing { action: "submit", object: Some(id.as_str()), params, key: None };
    let record = changer.recorder().begin(intent, doing).await?;
    let result = changer.client().submit_session(id, outcome, 0).await;
    // The sandbox keeps nobody's data: an end that cannot be written shows as an open line.
    let _ = match &result {
        Ok(reply) => record.done(None, reply.request_id.as_deref()).await,
        Err(error) => record.failed(error).await,
    };
    result?;
    retrieved(changer.client().retrieve_session(id, &OPENED).await)
        .map_err(|problem| problem.after(&format!("{id} was submitted, but not read again.")))
}

fn retrieved(result: Result<Reply<Session>, Error>) -> Result<Answer, Problem> {
    let Reply { value, request_id, .. } = result?;
    Ok(Answer::Session(Box::new(value), request_id.map(|id| id.to_string())))
}
