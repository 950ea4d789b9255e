//! What happens underneath a dashboard: the product's own client, and the sessions that it makes.

use vetty::client::{Client, ClientSettings, IdempotencyKey};
use vetty::config::ApiBase;
use vetty::identity::params::{CreateSession, ProvidedDetailsParams};
use vetty::identity::{SessionId, VerificationType};
use vetty::journal::{Item, Job, JobAct, JobId, Reason, Step, Word};
use vetty::privacy::Secret;
use vetty::worker::Changer;

/// A client of this address that asks once.
pub(crate) fn client(api_base: &str, key: Secret) -> Client {
    let base = ApiBase::parse(api_base, "a test").expect("an address");
    Client::new(base, key, ClientSettings { tries: 1, ..ClientSettings::default() }).expect("a client")
}

#[cfg(feature = "sandbox")]
impl super::server::TestServer {
    /// A client with the restricted key.
    pub(crate) fn client(&self) -> Client {
        client(&self.running.api_base(), self.running.restricted_key())
    }
}

/// Puts a job with one item at `step` into the outbox of `changer`.
pub(crate) fn put_job(
    changer: &Changer,
    session: &SessionId,
    (act, reason): (JobAct, Option<Reason>),
    step: Step,
) -> (Job, Item) {
    let key = Word::new(IdempotencyKey::fresh().as_str());
    let item = Item { session: session.clone(), state: None, key, step, asked: None };
    let job = Job {
        id: JobId::fresh(),
        created: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: "ann".into(),
        place: changer.place().clone(),
        via: "key:c".into(),
        act,
        reason,
        items: vec![item.clone()],
    };
    changer.outbox().expect("an outbox").put(&job).expect("a job");
    (job, item)
}

/// A session that waits for its person.
pub(crate) async fn create(client: &Client, reference: &str) -> SessionId {
    create_with(client, reference, ProvidedDetailsParams::default()).await
}

/// The same, with contacts.
pub(crate) async fn create_with(
    client: &Client,
    reference: &str,
    provided_details: ProvidedDetailsParams,
) -> SessionId {
    let params = CreateSession {
        kind: Some(VerificationType::Document),
        client_reference_id: Some(reference.into()),
        provided_details,
        ..CreateSession::default()
    };
    client.create_session(&params, &IdempotencyKey::fresh()).await.expect("a session").value.id
}
