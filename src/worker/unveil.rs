//! Showing personal data: the audit's line first, then what only the API can say.

use crate::app::{Answer, Fetched, Problem, Unveil};
use crate::client::Error;
use crate::identity::personal::{PersonalField, Reading};
use crate::identity::{Report, Session};
use crate::privacy::{Detail, Pii, Sight};

use super::Connected;

/// Writes down what is about to be shown, and fetches it where it is sensitive. Without the line nothing is fetched.
pub(super) async fn unveil(connected: &Connected, unveil: &Unveil) -> Result<Answer, Problem> {
    let record = connected.recorder.begin("reveal", Some(unveil.session.as_str()), None).await?;
    let Some(field) = unveil.field.filter(|field| field.is_sensitive()) else {
        record.end(None, Ok(None)).await;
        return Ok(Answer::Unveiled(None));
    };
    let result = fetch(connected, unveil, field).await;
    record.end(None, result.as_ref().map(|(_, request_id)| request_id.as_deref())).await;
    Ok(Answer::Unveiled(Some(result?.0)))
}

/// One sensitive field by its own path.
async fn fetch(
    connected: &Connected,
    unveil: &Unveil,
    field: PersonalField,
) -> Result<(Fetched, Option<String>), Error> {
    let path = field.path();
    let told = |session: Option<&Session>, report: Option<&Report>| match field.read(
        session,
        report,
        Sight::Revealed,
    ) {
        Reading::Value(value) => Fetched::Value(Pii::new(Detail::new(&value))),
        Reading::Nothing | Reading::Unfetched => Fetched::Nothing,
    };
    if !field.part.is_of_report() {
        let reply = connected.client.retrieve_session(&unveil.session, &[&path]).await?;
        return Ok((told(Some(&reply.value), None), reply.request_id.map(|id| id.to_string())));
    }
    let Some(report) = &unveil.report else { return Ok((Fetched::Nothing, None)) };
    let reply = connected.client.retrieve_report(report, &[&path]).await?;
    Ok((told(None, Some(&reply.value)), reply.request_id.map(|id| id.to_string())))
}
