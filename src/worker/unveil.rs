//! Showing personal data: the audit's line first, then what only the API can say.

use crate::app::{Answer, Fetched, Problem, Unveil};
use crate::client::Error;
use crate::identity::personal::{PersonalField, Reading};
use crate::identity::{Report, ReportId, Session};
use crate::privacy::{Detail, Pii, Sight};

use super::{Connected, Intent};

/// Writes down what is about to be shown, and fetches it where it is sensitive. Without the line nothing is fetched.
pub(super) async fn unveil(
    connected: &Connected,
    intent: &Intent,
    unveil: &Unveil,
) -> Result<Answer, Problem> {
    let path = unveil.field.map_or_else(|| "record".to_owned(), PersonalField::path);
    let mut fields = vec![path.as_str()];
    // What stands in a report is the report's, whatever session it belongs to.
    fields.extend(unveil.report.as_ref().map(ReportId::as_str));
    connected.changer.recorder().reveal(intent, unveil.session.as_str(), &fields).await?;
    let Some(field) = unveil.field.filter(|field| field.is_sensitive()) else {
        return Ok(Answer::Unveiled(None));
    };
    Ok(Answer::Unveiled(Some(fetch(connected, unveil, field).await?)))
}

/// One sensitive field by its own path.
async fn fetch(connected: &Connected, unveil: &Unveil, field: PersonalField) -> Result<Fetched, Error> {
    let client = connected.changer.client();
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
        let reply = client.retrieve_session(&unveil.session, &[&path]).await?;
        return Ok(told(Some(&reply.value), None));
    }
    let Some(report) = &unveil.report else { return Ok(Fetched::Nothing) };
    let reply = client.retrieve_report(report, &[&path]).await?;
    Ok(told(None, Some(&reply.value)))
}
