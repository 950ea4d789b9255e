//! What happened to a session, in the order of time. The API dates a session's birth and its reports, nothing else.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::app::Erasure;
use crate::clock::{Timestamp, WallTime};
use crate::identity::{ErrorCode, RedactionStatus, Session, Status};

use super::sheet::Sheet;
use super::{Record, when};

struct Event {
    /// `None` where the API does not say when.
    at: Option<Timestamp>,
    what: String,
    style: Style,
}

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let look = sheet.look;
    sheet.heading("TIMELINE", &[("UTC".to_owned(), look.faint)]);
    for event in events(record, sheet) {
        let date = event.at.map_or_else(|| "not dated".to_owned(), when::utc);
        let left = vec![Span::styled(format!("{date:<18}"), look.dim), Span::styled(event.what, event.style)];
        let age = event.at.map(|at| when::ago(record.model.now.wall, at));
        let right = age.map(|age| Span::styled(age, look.faint)).into_iter().collect();
        sheet.ends(left, right);
    }
}

fn events(record: &Record<'_>, sheet: &Sheet) -> Vec<Event> {
    let Record { model, session, .. } = record;
    let look = sheet.look;
    let mut events = vec![Event { at: Some(session.created), what: "created".into(), style: look.text }];
    for report in model.catalog.attempts(&session.id) {
        let (what, style) = match report.passed() {
            Some(true) => ("passed", look.ok),
            Some(false) => ("failed", look.bad),
            None => ("submitted", look.text),
        };
        events.push(Event { at: Some(report.created), what: what.into(), style });
    }
    events.sort_by_key(|event| event.at);
    // What has no date is what came last: each of these replaces the state before.
    let undated = |what: &str, style| Event { at: None, what: what.to_owned(), style };
    events.extend(left_open(session).map(|code| undated(code, look.warn)));
    match &session.status {
        Status::Processing => events.push(undated("checks are running", look.info)),
        Status::Canceled => events.push(undated("canceled", look.dim)),
        _ => {}
    }
    match session.redaction_status() {
        Some(RedactionStatus::Redacted | RedactionStatus::Validated) => match model.erasure(&session.id) {
            Some(Erasure { after, before }) => {
                let dated =
                    |at: &WallTime, what: &str| Event { at: Some(at.timestamp()), ..undated(what, look.dim) };
                events.push(dated(after, "last seen redacting"));
                events.push(dated(before, "first seen redacted"));
            }
            None => events.push(undated("redacted", look.dim)),
        },
        Some(_) => events.push(undated("redaction asked for", look.info)),
        None => {}
    }
    events
}

/// An end that leaves no report: abandoned, consent declined.
fn left_open(session: &Session) -> Option<&str> {
    let code = session.last_error.as_ref()?.code.as_ref()?;
    let known = !matches!(code, ErrorCode::Other(_));
    match code {
        ErrorCode::ConsentDeclined => Some("consent declined"),
        ErrorCode::CountryNotSupported => Some("country refused"),
        ErrorCode::DeviceNotSupported => Some("device refused"),
        ErrorCode::UnderSupportedAge => Some("too young"),
        code if known && code.check().is_none() => Some(code.as_str()),
        _ => None,
    }
}
