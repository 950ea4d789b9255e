//! Changes between audit and outbox, against a real sandbox: what is written, what is refused, what is in doubt.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use vetty::app::Problem;
use vetty::client::IdempotencyKey;
use vetty::clock::{Stamp, WallTime};
use vetty::identity::params::{self, CreateSession, ProvidedDetailsParams, UpdateSession};
use vetty::identity::{SessionId, Status, VerificationType};
use vetty::journal::{
    AUDIT, Entry, Item, Job, JobAct, JobId, Journal, LeftOver, Mode, Note, OUTBOX, Outbox, Outcome, Reason,
    Step, Word,
};
use vetty::privacy::{Email, Pii};
use vetty::sandbox::{Database, Settings};
use vetty::worker::{Change, ChangeError, Changer, Export, Found, Intent, Recorder, Undone};

use crate::support::client::create;
use crate::support::server::{TestServer, settings};

/// A sandbox, and a state folder for the programs that change things in it.
struct Place {
    server: TestServer,
    state: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let settings = Settings { seed: 1, redaction_seconds: 0, ..settings(Database::Memory) };
        let server = TestServer::with(settings).await;
        Self { server, state: tempfile::tempdir().expect("a folder") }
    }

    fn audit(&self) -> PathBuf {
        self.state.path().join(AUDIT)
    }

    /// A program's way to change things. Dropping it frees what it holds, as the end of a program does.
    fn changer(&self) -> Changer {
        let recorder = Recorder::new(Journal::open(&self.audit()), "ann", "test", Mode::Test);
        Changer::new(self.server.client(), recorder, Outbox::open(&self.state.path().join(OUTBOX)), "sandbox")
    }

    async fn session(&self) -> SessionId {
        create(&self.server.client(), "queue").await
    }

    async fn status(&self, id: &SessionId) -> Status {
        self.server.client().retrieve_session(id, &[]).await.expect("the session").value.status
    }

    fn entries(&self) -> Vec<Entry> {
        let contents = Journal::read(&self.audit()).expect("an audit");
        contents.lines.into_iter().map(|line| line.entry).collect()
    }

    fn results(&self) -> Vec<Outcome> {
        self.entries().iter().map(|entry| entry.result).collect()
    }
}

fn left_over(changer: &Changer) -> LeftOver {
    changer.outbox().expect("an outbox").left_over(changer.place()).expect("a look")
}

fn count(changer: &Changer) -> usize {
    changer.outbox().expect("an outbox").count().expect("a count")
}

#[tokio::test]
async fn a_change_has_two_lines_with_everything_but_the_person() {
    let place = Place::new().await;
    let changer = place.changer();
    let intent = Intent {
        reason: Some(Reason { code: "fraud".into(), note: Note::new("told by\nphone") }),
        ..Intent::via("key:n")
    };
    let create = Change::Create(Box::new(CreateSession {
        kind: Some(VerificationType::Document),
        client_reference_id: Some("jenny-rosen".into()),
        provided_details: ProvidedDetailsParams {
            email: Some(params::Change::Set(Pii::new(Email::new("jenny@example.com")))),
            phone: None,
        },
        metadata: BTreeMap::from([("user".into(), "jenny-user".into())]),
        ..CreateSession::default()
    }));
    let made = changer.make(&intent, create).await.expect("a change");
    assert!(made.unwritten.is_none(), "{:?}", made.unwritten);

    let [asked, done] = &place.entries()[..] else { panic!("two lines: {:?}", place.entries()) };
    assert_eq!((asked.result, &asked.object, &asked.request_id), (Outcome::Asked, &None, &None));
    assert_eq!((done.result, done.object.as_deref()), (Outcome::Done, Some(made.session.id.as_str())));
    assert_eq!(done.request_id.as_deref(), made.request_id.as_deref());
    for entry in [asked, done] {
        assert_eq!((&*entry.via, &*entry.action, &*entry.operator), ("key:n", "create", "ann"));
        assert_eq!(entry.reason, intent.reason);
        let params: Vec<&str> = entry.params.iter().map(|word| &**word).collect();
        assert_eq!(
            params,
            ["type:document", "provided_details.email", "client_reference_id", "metadata.user"]
        );
        assert!(entry.idempotency_key.is_some() && entry.idempotency_key == asked.idempotency_key);
    }
    let text = std::fs::read_to_string(place.audit()).expect("text");
    assert!(!text.contains("jenny") && text.contains("told by␊phone"), "{text}");
    assert_eq!(count(&changer), 0, "nothing is left to do");
}

#[tokio::test]
async fn a_refusal_is_written_and_settled() {
    let place = Place::new().await;
    let changer = place.changer();
    let error = changer.make(&Intent::via("key:c"), Change::Cancel(SessionId::new("vs_none"))).await;
    let error = error.expect_err("there is no such session");
    assert!(matches!(error, ChangeError::Api { unwritten: None, .. }), "{error:?}");
    let entries = place.entries();
    assert_eq!(place.results(), [Outcome::Asked, Outcome::Refused]);
    assert_eq!(entries[1].error_code.as_deref(), Some("resource_missing"));
    let request_id = error.api().and_then(|api| api.request_id.as_deref());
    assert_eq!(entries[1].request_id.as_deref(), request_id);
    assert_eq!(count(&changer), 0);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_done() {
    let place = Place::new().await;
    let id = place.session().await;
    // A folder stands where the audit, or the outbox, should be.
    std::fs::create_dir(place.audit()).expect("a folder");
    let says = |error: ChangeError, what: Undone| {
        let undone = matches!(&error, ChangeError::NotWritten { undone, .. } if *undone == what);
        assert!(undone, "{error:?}");
    };
    let changer = place.changer();
    says(
        changer.make(&Intent::via("key:c"), Change::Cancel(id.clone())).await.expect_err("no audit"),
        Undone::Sending,
    );
    let reveal = changer.recorder().reveal(&Intent::via("key:v"), id.as_str(), &["name"]).await;
    says(reveal.expect_err("no audit"), Undone::Revealing);
    let export = Export { what: "sessions".into(), format: "csv".into(), count: 1, revealed: false };
    let exported = changer.recorder().export(&Intent::via("key:E"), &export).await;
    says(exported.expect_err("no audit"), Undone::Exporting);
    assert_eq!(changer.client().requests_sent(), 0);

    std::fs::remove_dir(place.audit()).expect("a folder");
    drop(changer);
    std::fs::remove_dir_all(place.state.path().join(OUTBOX)).expect("a folder");
    std::fs::write(place.state.path().join(OUTBOX), "").expect("a file");
    let changer = place.changer();
    says(
        changer.make(&Intent::via("key:c"), Change::Cancel(id.clone())).await.expect_err("no outbox"),
        Undone::Sending,
    );
    assert_eq!(changer.client().requests_sent(), 0);
    assert_eq!(place.status(&id).await, Status::RequiresInput);
}

#[tokio::test]
async fn a_reveal_and_an_export_have_one_line_each() {
    let place = Place::new().await;
    let changer = place.changer();
    let recorder = changer.recorder();
    recorder.reveal(&Intent::via("key:V"), "vs_1", &["dob", "id_number"]).await.expect("a line");
    let export = Export { what: "sessions".into(), format: "csv".into(), count: 12, revealed: true };
    recorder.export(&Intent::via("palette:export"), &export).await.expect("a line");
    let told: Vec<String> = place
        .entries()
        .iter()
        .map(|entry| {
            let params: Vec<&str> = entry.params.iter().map(|word| &**word).collect();
            format!("{} {:?} {} {}", entry.action, entry.object.as_deref(), params.join(" "), entry.via)
        })
        .collect();
    assert_eq!(
        told,
        [
            "reveal Some(\"vs_1\") dob id_number key:V",
            "export None sessions format:csv count:12 revealed palette:export",
        ]
    );
    assert_eq!(place.results(), [Outcome::Done, Outcome::Done]);
}

#[tokio::test]
async fn a_change_in_doubt_keeps_its_key_in_this_run_and_in_the_next() {
    let place = Place::new().await;
    let id = place.session().await;
    let changer = place.changer();
    let cancel = || Change::Cancel(id.clone());
    for _ in 0..2 {
        // The work is done, the answer breaks off, and so does that of the look that follows.
        place.server.fault("truncate", 2).await;
        let error = changer.make(&Intent::via("key:c"), cancel()).await.expect_err("no answer");
        assert!(matches!(error, ChangeError::InDoubt { .. }), "{error:?}");
        assert_eq!(count(&changer), 1, "it is in doubt, once");
    }
    drop(changer);
    let next = place.changer();
    next.make(&Intent::via("cli:sessions-cancel"), cancel()).await.expect("the answer");
    assert_eq!(count(&next), 0, "it is settled");
    let entries = place.entries();
    let (asked, failed) = (Outcome::Asked, Outcome::Failed);
    assert_eq!(place.results(), [asked, failed, asked, failed, asked, Outcome::Done]);
    assert!(entries.iter().all(|entry| entry.idempotency_key == entries[0].idempotency_key));
    assert_eq!(entries[1].error_code.as_deref(), Some("unreadable_reply"));

    next.make(&Intent::via("key:c"), cancel()).await.expect("another change");
    assert_ne!(place.entries()[6].idempotency_key, entries[0].idempotency_key, "it was settled");
}

/// The API answers a key that it knows out of its memory: under its old key, the first update would count as made and
/// the session would stay as the second one left it.
#[tokio::test]
async fn an_update_in_doubt_is_made_anew_over_another_one() {
    let place = Place::new().await;
    let id = place.session().await;
    let changer = place.changer();
    let intent = Intent::via("key:e");
    let set = |value: &str| {
        let values = BTreeMap::from([("desk".to_owned(), Some(value.to_owned()))]);
        changer.make(&intent, Change::of(&JobAct::Metadata(values), &id))
    };
    place.server.fault("truncate", 2).await;
    set("one").await.expect_err("no answer");
    set("two").await.expect("an update");
    let made = set("one").await.expect("an update");
    let read = place.server.client().retrieve_session(&id, &[]).await.expect("the session").value;
    for session in [&*made.session, &read] {
        assert_eq!(session.metadata.get("desk").map(|value| value.expose().as_str()), Some("one"));
    }
}

#[tokio::test]
async fn what_surely_did_not_happen_is_not_in_doubt() {
    let place = Place::new().await;
    let id = place.session().await;
    let changer = place.changer();
    place.server.fault("rate_limit", 1).await;
    changer.make(&Intent::via("key:c"), Change::Cancel(id.clone())).await.expect_err("too many");
    assert_eq!((place.results()[1], count(&changer)), (Outcome::NotBegun, 0));
    place.server.fault("server_error", 1).await;
    changer.make(&Intent::via("key:c"), Change::Cancel(id)).await.expect_err("a failure");
    assert_eq!(
        (place.results()[3], count(&changer)),
        (Outcome::Failed, 1),
        "a failure may come after the deed"
    );
}

#[tokio::test]
async fn what_no_answer_proves_is_read_at_once() {
    let place = Place::new().await;
    let id = place.session().await;
    let changer = place.changer();
    place.server.fault("truncate", 1).await;
    let made = changer.make(&Intent::via("key:c"), Change::Cancel(id.clone())).await.expect("it is read");
    assert_eq!((made.session.id, made.session.status), (id, Status::Canceled));
    assert_eq!((place.results(), count(&changer)), (vec![Outcome::Asked, Outcome::Done], 0));
    assert!(place.entries()[1].params.contains(&Word::new("found_by_reading")));
}

#[tokio::test]
async fn a_refusal_brings_the_session_as_it_is() {
    let place = Place::new().await;
    let id = place.session().await;
    let changer = place.changer();
    changer.make(&Intent::via("key:c"), Change::Cancel(id.clone())).await.expect("canceled");
    let update = UpdateSession { kind: Some(VerificationType::IdNumber), ..UpdateSession::default() };
    let error = changer.make(&Intent::via("key:e"), Change::Update(id.clone(), Box::new(update))).await;
    let error = error.expect_err("it is canceled");
    let ChangeError::Api { now: Some(now), .. } = error else { panic!("{error:?}") };
    assert_eq!((now.id, now.status), (id, Status::Canceled));
}

#[tokio::test]
async fn a_create_whose_key_is_forgotten_is_looked_for_and_not_sent() {
    let place = Place::new().await;
    let hours = Arc::new(AtomicU64::new(0));
    let (passed, start) = (Arc::clone(&hours), WallTime::from(SystemTime::now()));
    let changer = place.changer().with_clock(move || {
        let hours = passed.load(Ordering::SeqCst);
        Stamp { wall: start.plus(Duration::from_hours(hours)), up: Some(hours * 3_600_000) }
    });
    let create = || {
        Change::Create(Box::new(CreateSession {
            kind: Some(VerificationType::Document),
            ..CreateSession::default()
        }))
    };
    let sessions = async || {
        let list =
            place.server.client().list_sessions(&params::ListSessions::default()).await.expect("a list");
        list.value.data.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let ask = async || changer.make(&Intent::via("key:n"), create()).await;
    // It is made, and the answer is cut short: twice under one key.
    for _ in 0..2 {
        place.server.fault("truncate", 1).await;
        let error = ask().await.expect_err("no answer");
        assert!(matches!(error, ChangeError::InDoubt { .. }), "{error:?}");
        hours.store(23, Ordering::SeqCst);
    }
    let made = sessions().await;
    assert_eq!(made.len(), 1);
    hours.store(25, Ordering::SeqCst);
    let error = ask().await.expect_err("the API has forgotten the key");
    assert!(matches!(&error, ChangeError::KeyForgotten { near, .. } if *near == made), "{error:?}");
    let told = Problem::from(error);
    assert!(told.hint().is_some_and(|hint| hint.contains(made[0].as_str())), "{told:?}");
    assert_eq!((sessions().await, count(&changer)), (made, 0));
    // Whoever asks once more knows, and means another.
    ask().await.expect("a new one");
    assert_eq!(sessions().await.len(), 2);
}

#[tokio::test]
async fn an_update_in_doubt_is_told_at_the_next_start_without_its_values() {
    let place = Place::new().await;
    let id = place.session().await;
    let changer = place.changer();
    let metadata = params::MetadataChange::Keys(BTreeMap::from([(
        "user".into(),
        params::Change::Set("jenny-user".into()),
    )]));
    let update = || {
        let params = UpdateSession { metadata: metadata.clone(), ..UpdateSession::default() };
        Change::Update(id.clone(), Box::new(params))
    };
    place.server.fault("truncate", 2).await;
    changer.make(&Intent::via("key:e"), update()).await.expect_err("no answer");
    drop(changer);
    let next = place.changer();
    let left = left_over(&next);
    let [single] = &left.singles[..] else { panic!("one change: {left:?}") };
    assert_eq!((&*single.action, single.object.as_deref()), ("update", Some(id.as_str())));
    assert_eq!(single.params, [Word::new("metadata.user")]);
    let file = place.state.path().join(OUTBOX).join(format!("{}.jsonl", single.id));
    assert!(!std::fs::read_to_string(file).expect("text").contains("jenny"));
    next.outbox().expect("an outbox").finish(&single.id).expect("it was told");
    assert_eq!(count(&next), 0);
}

fn job(changer: &Changer, act: JobAct, sessions: &[SessionId], step: &Step) -> Job {
    let item = |session: &SessionId| Item {
        session: session.clone(),
        state: None,
        key: Word::new(IdempotencyKey::fresh().as_str()),
        step: step.clone(),
        asked: None,
    };
    Job {
        id: JobId::fresh(),
        created: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: "ann".into(),
        place: changer.place().clone(),
        via: "key:X".into(),
        act,
        reason: Some(Reason::new("duplicate")),
        items: sessions.iter().map(item).collect(),
    }
}

#[tokio::test]
async fn a_job_is_done_item_by_item_under_the_keys_it_holds() {
    let place = Place::new().await;
    let changer = place.changer();
    let sessions = [place.session().await, SessionId::new("vs_none")];
    let job = job(&changer, JobAct::Redact, &sessions, &Step::Held);
    let outbox = changer.outbox().expect("an outbox");
    outbox.put(&job).expect("a job");
    for item in &job.items {
        let _ = changer.make(&Intent::of(&job), Change::of(&job.act, &item.session)).await;
    }
    let now = outbox.job(&job.id).expect("the job");
    assert!(matches!(&now.items[0].step, Step::Done { request_id: Some(_) }), "{now:?}");
    assert_eq!(now.items[1].step, Step::Refused { code: "resource_missing".into() });
    for entry in place.entries() {
        let item = job.items.iter().find(|item| entry.object.as_deref() == Some(item.session.as_str()));
        assert_eq!(entry.idempotency_key.as_ref(), item.map(|item| &item.key));
        assert_eq!((&entry.job, &entry.reason), (&Some(job.id.word().clone()), &job.reason));
    }
    assert!(outbox.close(&job.id).expect("an end"));
    let again = changer.make(&Intent::of(&job), Change::of(&job.act, &sessions[0])).await;
    let error = again.expect_err("the job is finished");
    assert!(matches!(error, ChangeError::NotInOutbox { .. }), "{error:?}");
}

#[tokio::test]
async fn looking_tells_what_became_of_an_item_and_changes_nothing() {
    let place = Place::new().await;
    let changer = place.changer();
    let (done, open, gone) = (place.session().await, place.session().await, SessionId::new("vs_none"));
    place.server.client().redact_session(&done, &IdempotencyKey::fresh()).await.expect("a redaction");
    let sessions = [done, open.clone(), gone];
    let job = job(&changer, JobAct::Redact, &sessions, &Step::Asked);
    let outbox = changer.outbox().expect("an outbox");
    outbox.put(&job).expect("a job");
    let found = changer.look(&job, &job.items[0]).await.expect("a look");
    assert!(matches!(found, Found::Done(_)), "{found:?}");
    let found = changer.look(&job, &job.items[1]).await.expect("a look");
    assert!(matches!(found, Found::Open(_)), "{found:?}");
    changer.look(&job, &job.items[2]).await.expect_err("it is gone");
    let steps: Vec<Step> =
        outbox.job(&job.id).expect("the job").items.into_iter().map(|item| item.step).collect();
    let refused = Step::Refused { code: "resource_missing".into() };
    assert_eq!(steps, [Step::Done { request_id: None }, Step::Asked, refused]);
    assert_eq!(place.results(), [Outcome::Done, Outcome::Refused], "what was found is written down");
    assert_eq!(place.status(&open).await, Status::RequiresInput);
    assert!(!outbox.close(&job.id).expect("a look"), "one item is open");

    let made = changer.make_item(&job, &job.items[1], None).await.expect("a change");
    assert!(made.session.redaction.is_some());
    assert!(outbox.close(&job.id).expect("an end"));
}

/// Whether something is "not sent" is told by how old it is, and a clock that is set ahead makes nothing older.
#[tokio::test]
async fn what_was_asked_a_moment_ago_may_still_happen() {
    let place = Place::new().await;
    let id = place.session().await;
    let asked = Stamp { wall: "2026-03-01T12:00:00Z".parse().expect("a time"), up: Some(1_000_000) };
    let later = |wall: Duration, up: Duration| Stamp {
        wall: asked.wall.plus(wall),
        up: asked.up.map(|before| before + u64::try_from(up.as_millis()).expect("few")),
    };
    let (second, hour) = (Duration::from_secs(1), Duration::from_hours(1));
    for (now, is_told) in [
        (later(second, second), false),
        (later(hour, second), false),
        (later(hour, hour), true),
        // The machine began anew.
        (Stamp { up: Some(5), ..later(hour, hour) }, true),
        (Stamp { up: Some(5), ..later(second, second) }, false),
    ] {
        let changer = place.changer().with_clock(move || now);
        let mut job = job(&changer, JobAct::Cancel, std::slice::from_ref(&id), &Step::Asked);
        job.items[0].asked = Some(asked);
        let outbox = changer.outbox().expect("an outbox");
        outbox.put(&job).expect("a job");
        let found = changer.look(&job, &job.items[0]).await.expect("a look");
        assert_eq!(matches!(found, Found::NotBegun(_)), is_told, "{now:?} {found:?}");
        let step = outbox.item(&job.id, &id).expect("the item").step;
        assert_eq!(step, if is_told { Step::Held } else { Step::Asked });
        outbox.finish(&job.id).expect("an end");
    }
    assert_eq!(place.results(), [Outcome::NotBegun; 2]);
}

#[tokio::test]
async fn when_it_was_asked_is_kept_for_the_next_start() {
    let place = Place::new().await;
    let id = place.session().await;
    let asked = Stamp { wall: "2026-03-01T12:00:00Z".parse().expect("a time"), up: Some(7) };
    let changer = place.changer().with_clock(move || asked);
    // Neither the change nor the look that follows is answered.
    place.server.fault("truncate", 2).await;
    changer.make(&Intent::via("key:c"), Change::Cancel(id)).await.expect_err("no answer");
    drop(changer);
    let left = left_over(&place.changer());
    assert_eq!(left.jobs[0].items[0].asked, Some(asked));
}

#[tokio::test]
async fn asking_for_one_session_of_a_job_that_was_left_in_doubt_goes_on_with_its_key() {
    let place = Place::new().await;
    let sessions = [place.session().await, place.session().await];
    let changer = place.changer();
    let job = job(&changer, JobAct::Cancel, &sessions, &Step::Asked);
    changer.outbox().expect("an outbox").put(&job).expect("a job");
    drop(changer);
    let next = place.changer();
    for (at, session) in sessions.iter().enumerate() {
        let change = Change::Cancel(session.clone());
        next.make(&Intent::via("cli:sessions-cancel"), change).await.expect("a change");
        assert_eq!(place.entries()[2 * at].idempotency_key.as_ref(), Some(&job.items[at].key));
        assert_eq!(count(&next), 1 - at, "the job goes with its last open item");
    }
    assert_eq!(left_over(&next), LeftOver::default());
}
