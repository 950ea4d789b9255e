//! What a change wants, and whether an object is so.

use crate::identity::params::{
    Change, CreateSession, DocumentOptionsParams, MetadataChange, ProvidedDetailsParams, UpdateSession,
};
use crate::identity::{DocumentOptions, Field, ProvidedDetails, Session, SessionId, Status};
use crate::privacy::{FreeText, Personal as _};
use crate::text::Clean;

/// How a session is to be after a change.
#[derive(Clone, Copy, Debug)]
pub enum Want<'a> {
    /// Canceled.
    Canceled,
    /// Redacted, or on its way there.
    Redacted,
    /// With these parameters.
    Updated(&'a UpdateSession),
    /// New, with these parameters.
    Created(&'a CreateSession),
}

/// How an answer differs from what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is about another session.
    Object,
    /// It is of the other mode, live or test.
    Mode,
    /// The session is not as wanted.
    State,
}

impl Want<'_> {
    /// Whether what is wanted stays so, whatever is changed later.
    #[must_use]
    pub const fn is_lasting(&self) -> bool {
        matches!(self, Self::Canceled | Self::Redacted)
    }

    /// How `session` differs from what was asked of `id` (of none, where it is new) with a key of this mode.
    #[must_use]
    pub fn mismatch(&self, session: &Session, id: Option<&SessionId>, livemode: bool) -> Option<Mismatch> {
        if id.is_some_and(|id| *id != session.id) {
            Some(Mismatch::Object)
        } else if session.livemode != livemode {
            Some(Mismatch::Mode)
        } else if self.is_met_by(session) {
            None
        } else {
            Some(Mismatch::State)
        }
    }

    /// Whether `session` is as wanted. What the API never returns, or was not asked to show, is taken as so.
    #[must_use]
    pub fn is_met_by(&self, session: &Session) -> bool {
        match self {
            Self::Canceled => session.status == Status::Canceled,
            Self::Redacted => session.redaction.is_some(),
            Self::Updated(params) => is_updated(session, params),
            Self::Created(params) => is_created(session, params),
        }
    }
}

fn is_updated(session: &Session, params: &UpdateSession) -> bool {
    let document = session.options.as_ref().and_then(|options| options.document.as_ref());
    params.kind.as_ref().is_none_or(|kind| *kind == session.kind)
        && match &params.document {
            None => true,
            Some(Change::Set(wanted)) => has_options(document, wanted),
            Some(Change::Remove) => document.is_none_or(|document| *document == DocumentOptions::default()),
        }
        && has_details(&session.provided_details, &params.provided_details)
        && match &params.metadata {
            MetadataChange::Keep => true,
            MetadataChange::Clear => session.metadata.is_empty(),
            MetadataChange::Keys(keys) => keys.iter().all(|(key, change)| match change {
                Change::Set(value) => has_value(session, key, value),
                Change::Remove => has_value(session, key, ""),
            }),
        }
}

fn is_created(session: &Session, params: &CreateSession) -> bool {
    let document = session.options.as_ref().and_then(|options| options.document.as_ref());
    let is_same = |wanted: &Option<String>, there: &Option<Clean>| {
        wanted.as_ref().is_none_or(|wanted| there.as_ref() == Some(&Clean::new(wanted)))
    };
    params.kind.as_ref().is_none_or(|kind| *kind == session.kind)
        && is_same(&params.verification_flow, &session.verification_flow)
        && is_same(
            &params.client_reference_id,
            &session.client_reference_id.as_ref().map(|text| text.expose().clone()),
        )
        && is_same(&params.related_customer, &session.related_customer)
        && is_same(&params.related_customer_account, &session.related_customer_account)
        && has_options(document, &params.document)
        && has_details(&session.provided_details, &params.provided_details)
        && params.metadata.iter().all(|(key, value)| has_value(session, key, value))
}

fn has_options(there: Option<&DocumentOptions>, wanted: &DocumentOptionsParams) -> bool {
    let none = DocumentOptions::default();
    let there = there.unwrap_or(&none);
    // The API leaves out what is false, and keeps no order among the types.
    let is_set = |wanted: Option<bool>, there: Option<bool>| {
        wanted.is_none_or(|wanted| wanted == there.unwrap_or_default())
    };
    let types = wanted.allowed_types.as_ref().is_none_or(|wanted| {
        let there = there.allowed_types.as_deref().unwrap_or_default();
        wanted.iter().all(|kind| there.contains(kind)) && there.iter().all(|kind| wanted.contains(kind))
    });
    types
        && is_set(wanted.require_id_number, there.require_id_number)
        && is_set(wanted.require_live_capture, there.require_live_capture)
        && is_set(wanted.require_matching_selfie, there.require_matching_selfie)
}

fn has_details(there: &Field<ProvidedDetails>, wanted: &ProvidedDetailsParams) -> bool {
    let none = ProvidedDetails::default();
    let there = match there {
        Field::Absent => return true,
        Field::Null => &none,
        Field::Value(details) => details,
    };
    // The API may write them in another way than they were given: letters of another case, a number without blanks.
    let email = match &wanted.email {
        None => true,
        Some(Change::Remove) => there.email.is_none(),
        Some(Change::Set(wanted)) => there.email.as_ref().is_some_and(|there| {
            let (there, wanted) = (there.expose().plain(), wanted.expose().plain());
            there.trim().eq_ignore_ascii_case(wanted.trim())
        }),
    };
    let phone = match &wanted.phone {
        None => true,
        Some(Change::Remove) => there.phone.is_none(),
        Some(Change::Set(wanted)) => there.phone.as_ref().is_some_and(|there| {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            digits(&there.expose().plain()) == digits(&wanted.expose().plain())
        }),
    };
    email && phone
}

/// Whether the session's metadata holds this value; with an empty one, whether it has no such key.
fn has_value(session: &Session, key: &str, value: &str) -> bool {
    let wanted = (!value.is_empty()).then(|| Clean::new(value));
    session.metadata.get(&Clean::new(key)).map(FreeText::expose) == wanted.as_ref()
}
