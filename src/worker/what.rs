//! A change: what is asked of the API, and what the audit may know of it.

use crate::changes::Want;
use crate::client::{Client, Error, IdempotencyKey, Operation, Reply};
use crate::identity::params::{self, CreateSession, Form, MetadataChange, UpdateSession};
use crate::identity::{Session, SessionId};
use crate::journal::{JobAct, Word};
use crate::privacy::without_personal;

/// Expanded in the reply to a change, so that the screen stays complete.
pub(super) const CHANGED: [&str; 1] = ["provided_details"];

/// A request that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new session.
    Create(Box<CreateSession>),
    /// Changes to a session.
    Update(SessionId, Box<UpdateSession>),
    /// Cancels a session.
    Cancel(SessionId),
    /// Redacts a session.
    Redact(SessionId),
}

impl Change {
    /// What a job does to one of its sessions.
    #[must_use]
    pub fn of(act: &JobAct, session: &SessionId) -> Self {
        let session = session.clone();
        match act {
            JobAct::Cancel => Self::Cancel(session),
            JobAct::Redact => Self::Redact(session),
            JobAct::Metadata(values) => {
                let keys = values.iter().map(|(key, value)| {
                    let change = match value {
                        Some(value) => params::Change::Set(value.clone()),
                        None => params::Change::Remove,
                    };
                    (key.clone(), change)
                });
                let metadata = MetadataChange::Keys(keys.collect());
                Self::Update(session, Box::new(UpdateSession { metadata, ..UpdateSession::default() }))
            }
        }
    }

    /// What a job of this one change does. None where the change says more than may be kept on disk.
    pub(super) const fn act(&self) -> Option<JobAct> {
        match self {
            Self::Cancel(_) => Some(JobAct::Cancel),
            Self::Redact(_) => Some(JobAct::Redact),
            Self::Create(_) | Self::Update(..) => None,
        }
    }

    /// The action as it stands in the audit.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update(..) => "update",
            Self::Cancel(_) => "cancel",
            Self::Redact(_) => "redact",
        }
    }

    /// How the session is to be afterwards.
    #[must_use]
    pub const fn want(&self) -> Want<'_> {
        match self {
            Self::Create(params) => Want::Created(params),
            Self::Update(_, params) => Want::Updated(params),
            Self::Cancel(_) => Want::Canceled,
            Self::Redact(_) => Want::Redacted,
        }
    }

    /// The request that asks for it.
    pub(super) const fn operation(&self) -> Operation {
        match self {
            Self::Create(_) => Operation::CreateSession,
            Self::Update(..) => Operation::UpdateSession,
            Self::Cancel(_) => Operation::CancelSession,
            Self::Redact(_) => Operation::RedactSession,
        }
    }

    /// The session, if it has an id yet.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Create(_) => None,
            Self::Update(id, _) | Self::Cancel(id) | Self::Redact(id) => Some(id),
        }
    }

    /// The parameters by name; with a value only where it cannot be personal.
    #[must_use]
    pub fn params(&self) -> Vec<Word> {
        match self {
            Self::Create(params) => names(&params.form()),
            Self::Update(_, params) => names(&params.form()),
            Self::Cancel(_) | Self::Redact(_) => Vec::new(),
        }
    }

    /// Asks for it.
    pub(super) async fn ask(&self, client: &Client, key: &IdempotencyKey) -> Result<Reply<Session>, Error> {
        match self {
            Self::Create(params) => {
                let expand = expanded(&params.expand);
                client.create_session(&CreateSession { expand, ..*params.clone() }, key).await
            }
            Self::Update(id, params) => {
                let expand = expanded(&params.expand);
                client.update_session(id, &UpdateSession { expand, ..*params.clone() }, key).await
            }
            Self::Cancel(id) => client.cancel_session(id, key).await,
            Self::Redact(id) => client.redact_session(id, key).await,
        }
    }
}

/// What is expanded in the reply: what was asked for, and what a complete screen needs.
fn expanded(asked: &[String]) -> Vec<String> {
    let missing = CHANGED.into_iter().filter(|path| !asked.iter().any(|asked| asked == path));
    asked.iter().cloned().chain(missing.map(str::to_owned)).collect()
}

/// `options[document][allowed_types][0]=passport` becomes `options.document.allowed_types.0:passport`, and
/// `metadata[user]=123` becomes `metadata.user`.
fn names(form: &Form) -> Vec<Word> {
    let said = form.pairs().iter().filter(|(name, _)| !name.starts_with("expand"));
    said.map(|(name, value)| {
        let mut word = without_personal(name).replace('[', ".").replace(']', "");
        if name == "type" || name.starts_with("options[") {
            word = format!("{word}:{value}");
        }
        Word::new(&word)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::identity::VerificationType;
    use crate::identity::params::{DocumentOptionsParams, ProvidedDetailsParams};
    use crate::privacy::{Email, Pii};

    #[test]
    fn the_audit_knows_names_and_no_personal_values() {
        let create = Change::Create(Box::new(CreateSession {
            kind: Some(VerificationType::Document),
            document: DocumentOptionsParams { require_live_capture: Some(true), ..Default::default() },
            provided_details: ProvidedDetailsParams {
                email: Some(params::Change::Set(Pii::new(Email::new("jenny@example.com")))),
                phone: None,
            },
            client_reference_id: Some("jenny".into()),
            metadata: BTreeMap::from([
                ("user id".into(), "jenny".into()),
                ("jenny@example.com".into(), "1".into()),
                ("+1 415 555 0132".into(), "1".into()),
            ]),
            return_url: Some("https://example.com/jenny".into()),
            ..Default::default()
        }));
        let words: Vec<String> = create.params().iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "type:document",
                "options.document.require_live_capture:true",
                "provided_details.email",
                "client_reference_id",
                "metadata.hidden",
                "metadata.hidden",
                "metadata.user_id",
                "return_url",
            ]
        );
    }

    #[test]
    fn a_job_sets_and_removes_metadata() {
        let values = BTreeMap::from([("a".to_owned(), Some("1\n".to_owned())), ("b".to_owned(), None)]);
        let change = Change::of(&JobAct::Metadata(values), &SessionId::new("vs_1"));
        let Change::Update(_, params) = change else { panic!("an update") };
        assert!(params.is_metadata_only());
    }
}
