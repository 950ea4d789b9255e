//! The reason of a cancel in the session's metadata: written where the settings want it and the session allows it,
//! never over another value, and taken back when the cancel is not made.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use vetty::app::Problem;
use vetty::client::IdempotencyKey;
use vetty::identity::params::{Change as Set, MetadataChange, UpdateSession};
use vetty::identity::{Session, SessionId, Status};
use vetty::journal::{Item, Job, JobAct, Journal, Mode, Outbox, Outcome, Reason, Step};
use vetty::privacy::Secret;
use vetty::worker::{ChangeError, Changer, Made, Recorder};

use crate::support::client::{client, create, put_job};
use crate::support::scripted::ScriptedApi;
use crate::support::server::TestServer;

const KEY: &str = "review_reason";

struct Place {
    server: TestServer,
    state: tempfile::TempDir,
    changer: Changer,
}

impl Place {
    async fn new(key: Option<&str>) -> Self {
        let server = TestServer::open().await;
        let state = tempfile::tempdir().expect("a folder");
        let recorder =
            Recorder::new(Journal::open(&state.path().join("audit.jsonl")), "ann", "test", Mode::Test);
        let outbox = Outbox::open(&state.path().join("outbox"));
        let changer = Changer::new(server.client(), recorder, outbox, "sandbox").with_reason_key(key);
        Self { server, state, changer }
    }

    /// A session in this state, with this value under the key.
    async fn session(&self, state: &str, value: Option<&str>) -> SessionId {
        let client = self.server.client();
        let id = create(&client, "queue").await;
        if let Some(value) = value {
            let keys = BTreeMap::from([(KEY.to_owned(), Set::Set(value.to_owned()))]);
            let params = UpdateSession { metadata: MetadataChange::Keys(keys), ..UpdateSession::default() };
            client.update_session(&id, &params, &IdempotencyKey::fresh()).await.expect("an update");
        }
        match state {
            "requires_input" => {}
            "failed" => self.submit(&id, "document_expired", 0).await,
            "processing" => self.submit(&id, "verified", 3600).await,
            "verified" => self.submit(&id, "verified", 0).await,
            "canceled" => drop(client.cancel_session(&id, &IdempotencyKey::fresh()).await.expect("a cancel")),
            "redacted" => {
                drop(client.redact_session(&id, &IdempotencyKey::fresh()).await.expect("a redaction"));
            }
            other => panic!("no state {other}"),
        }
        id
    }

    async fn read(&self, id: &SessionId) -> Session {
        self.server.client().retrieve_session(id, &[]).await.expect("the session").value
    }

    async fn submit(&self, id: &SessionId, outcome: &str, delay: u64) {
        self.server.client().submit_session(id, outcome, delay).await.expect("a submission");
    }

    /// Cancels `id` with the reason `fraud`, in a job whose item stands at `step`.
    async fn cancel(&self, id: &SessionId, step: Step, known: Option<Session>) -> Result<Made, ChangeError> {
        let (job, item) = self.job(id, step);
        self.changer.make_item(&job, &item, known.map(Box::new)).await
    }

    fn job(&self, id: &SessionId, step: Step) -> (Job, Item) {
        put(&self.changer, id, step)
    }

    /// Action and outcome of each line of the audit so far.
    fn lines(&self) -> Vec<(String, Outcome)> {
        let audit = Journal::read(&self.state.path().join("audit.jsonl")).expect("an audit");
        audit.lines.into_iter().map(|line| (line.entry.action.to_string(), line.entry.result)).collect()
    }
}

const STATES: [&str; 6] = ["requires_input", "failed", "processing", "verified", "canceled", "redacted"];

fn reason_of(session: &Session) -> Option<String> {
    session.metadata.get(KEY).map(|text| text.expose().to_string())
}

/// Every state of the lifecycle, with and without a value of the integrator's own, for a job of this run and for one
/// that an earlier run left in doubt.
#[tokio::test]
async fn a_reason_is_written_only_to_what_can_be_canceled_and_never_over_a_value() {
    let place = Place::new(Some(KEY)).await;
    for step in [Step::Held, Step::Asked] {
        for state in STATES {
            for own in [None, Some("integrator"), Some("fraud")] {
                let id = place.session(state, own).await;
                let before = place.read(&id).await;
                let result = place.cancel(&id, step.clone(), None).await;
                let after = place.read(&id).await;
                let cell = format!("{state}, {own:?}, {step:?}: {result:?}");
                if before.status == Status::RequiresInput {
                    assert_eq!(after.status, Status::Canceled, "{cell}");
                    assert_eq!(reason_of(&after).as_deref(), own.or(Some("fraud")), "{cell}");
                } else {
                    assert_eq!(after, before, "{cell}");
                }
            }
        }
    }
}

#[tokio::test]
async fn without_a_key_the_audit_alone_has_the_reason() {
    let place = Place::new(None).await;
    let id = place.session("requires_input", None).await;
    let made = place.cancel(&id, Step::Held, None).await.expect("a cancel");
    assert!(made.session.metadata.is_empty());
    assert_eq!(place.lines(), [("cancel".into(), Outcome::Asked), ("cancel".into(), Outcome::Done)]);
}

/// The session moves on between the look and the cancel.
#[tokio::test]
async fn a_reason_is_taken_back_when_the_cancel_is_refused() {
    use Outcome::{Asked, Done, Refused};
    let place = Place::new(Some(KEY)).await;
    let id = place.session("requires_input", None).await;
    let known = place.read(&id).await;
    place.submit(&id, "verified", 0).await;
    let before = place.read(&id).await;
    let error = place.cancel(&id, Step::Held, Some(known)).await.expect_err("it is verified");
    let ChangeError::Api { now: Some(now), .. } = error else { panic!("{error:?}") };
    assert_eq!((now.status.clone(), reason_of(&now)), (Status::Verified, None));
    assert_eq!(place.read(&id).await, before);
    let lines = place.lines();
    let lines: Vec<_> = lines.iter().map(|(action, result)| (action.as_str(), *result)).collect();
    assert_eq!(
        lines,
        [
            ("update", Asked),
            ("update", Done),
            ("cancel", Asked),
            ("cancel", Refused),
            ("update", Asked),
            ("update", Done)
        ]
    );
    assert_eq!(
        place.changer.outbox().expect("an outbox").count().expect("a count"),
        1,
        "the job is the caller's"
    );
}

/// An earlier run wrote the reason, and ended before the cancel: whoever drops the job takes it back.
#[tokio::test]
async fn a_reason_is_taken_back_when_the_job_is_dropped() {
    let place = Place::new(Some(KEY)).await;
    let id = place.session("requires_input", Some("fraud")).await;
    let (job, item) = place.job(&id, Step::Asked);
    let known = Box::new(place.read(&id).await);
    let now = place.changer.drop_item(&job, &item, known).await;
    assert_eq!((reason_of(&now), reason_of(&place.read(&id).await)), (None, None));
}

/// The cancel of an earlier run may still come: that its reason cannot be written now says nothing of it.
#[tokio::test]
async fn a_reason_that_is_turned_away_leaves_the_cancel_in_doubt() {
    let api = ScriptedApi::start(|line, _| {
        if line.starts_with("POST ") {
            return ScriptedApi::reply(
                "429 Too Many Requests",
                r#"{"error":{"type":"invalid_request_error","code":"rate_limit","message":"Too many requests."}}"#,
            );
        }
        ScriptedApi::reply("200 OK", WAITING)
    });
    let state = tempfile::tempdir().expect("a folder");
    let audit = state.path().join("audit.jsonl");
    let recorder = Recorder::new(Journal::open(&audit), "ann", "test", Mode::Test);
    let outbox = Outbox::open(&state.path().join("outbox"));
    let client = client(&api.base, Secret::new("sk_test_abcdefghijkl".into()));
    let changer = Changer::new(client, recorder, outbox, "sandbox").with_reason_key(Some(KEY));
    let id = SessionId::new("vs_1");
    let (job, item) = put(&changer, &id, Step::Failed);
    let error = changer.make_item(&job, &item, None).await.expect_err("too many");
    assert!(matches!(error, ChangeError::InDoubt { .. }), "{error:?}");
    let item = changer.outbox().expect("an outbox").item(&job.id, &id).expect("the item");
    assert!(item.step.is_in_doubt(), "{item:?}");
}

#[tokio::test]
async fn a_reason_that_cannot_be_taken_back_is_told() {
    let is_written = AtomicBool::new(false);
    let api = ScriptedApi::start(move |line, body| {
        let refused = r#"{"error":{"type":"invalid_request_error","message":"You cannot."}}"#;
        let written = WAITING.replace("\"metadata\":{}", &format!("\"metadata\":{{\"{KEY}\":\"fraud\"}}"));
        if line.contains("/cancel") {
            ScriptedApi::reply("400 Bad Request", refused)
        } else if line.starts_with("POST ") && !body.contains("fraud") {
            ScriptedApi::reply("403 Forbidden", refused)
        } else if line.starts_with("POST ") {
            is_written.store(true, Ordering::SeqCst);
            ScriptedApi::reply("200 OK", &written)
        } else if is_written.load(Ordering::SeqCst) {
            ScriptedApi::reply("200 OK", &written)
        } else {
            ScriptedApi::reply("200 OK", WAITING)
        }
    });
    let state = tempfile::tempdir().expect("a folder");
    let recorder = Recorder::new(Journal::open(&state.path().join("audit.jsonl")), "ann", "test", Mode::Test);
    let outbox = Outbox::open(&state.path().join("outbox"));
    let client = client(&api.base, Secret::new("sk_test_abcdefghijkl".into()));
    let changer = Changer::new(client, recorder, outbox, "sandbox").with_reason_key(Some(KEY));
    let (job, item) = put(&changer, &SessionId::new("vs_1"), Step::Held);
    let error = changer.make_item(&job, &item, None).await.expect_err("it is refused");
    let told = Problem::from(error).text().to_owned();
    assert!(told.contains("may still stand in metadata.") && told.contains(KEY), "{told}");
}

const WAITING: &str = r#"{"id":"vs_1","object":"identity.verification_session","created":1700000000,
    "livemode":false,"status":"requires_input","type":"document","metadata":{},"options":{}}"#;

/// Puts a job into the outbox that cancels `id` with the reason `fraud`, its item at `step`.
fn put(changer: &Changer, id: &SessionId, step: Step) -> (Job, Item) {
    put_job(changer, id, (JobAct::Cancel, Some(Reason::new("fraud"))), step)
}
