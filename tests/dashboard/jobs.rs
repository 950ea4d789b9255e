//! Jobs: marks, bulk work, what is held, what is kept, what was left.

use std::sync::atomic::{AtomicUsize, Ordering};

use vetty::app::{Connection, JobRequest, Msg, Request, Settings, Task, TaskId};
use vetty::client::{ApiBase, Client, ClientSettings};
use vetty::identity::params::{ListSessions, Paging};
use vetty::identity::{Session, SessionId, Status};
use vetty::journal::{AUDIT, JobAct, Journal, Mode, OUTBOX, Outbox, Outcome, Reason, Step};
use vetty::privacy::Secret;
use vetty::worker::{self, Changer, Connected, Recorder};

use crate::support::app::{SIZE, TestApp, at_once};
use crate::support::client::{create, put_job};
use crate::support::scripted::ScriptedApi;
use crate::support::server::TestServer;

async fn many(client: &Client, count: usize) -> Vec<SessionId> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(create(client, &format!("many_{n}")).await);
    }
    ids
}

async fn all(client: &Client) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    loop {
        let starting_after = sessions.last().map(|session| session.id.clone());
        let paging = Paging { limit: Some(100), starting_after, ending_before: None };
        let page = client.list_sessions(&ListSessions { paging, ..ListSessions::default() }).await;
        let page = page.expect("a page").value;
        sessions.extend(page.data);
        if !page.has_more {
            return sessions;
        }
    }
}

async fn read(client: &Client, id: &SessionId) -> Session {
    client.retrieve_session(id, &[]).await.expect("the session").value
}

/// How many lines the audit has with this action and this result.
fn lines(app: &TestApp, action: &str, result: Outcome) -> usize {
    app.journal().iter().filter(|entry| &*entry.action == action && entry.result == result).count()
}

#[tokio::test]
async fn marked_sessions_are_canceled_by_their_count_and_the_rest_is_told() {
    let server = TestServer::open().await;
    let below = server.client();
    let ids = many(&below, 5).await;
    below.submit_session(&ids[0], "verified", 0).await.expect("a submission");
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("✓ Verified 1").await;
    app.press("*");
    app.wait_for("◆ 5 marked").await;
    // Marks are on their sessions, whatever is listed.
    app.press("/").type_text("many_3").press("Enter");
    app.wait_for("◆ 5 marked").await;
    app.press("c");
    let screen = app.wait_for("4 of 5 sessions can be canceled").await;
    assert!(
        screen.contains("3 of them are not in view") && screen.contains("it is verified already"),
        "{screen}"
    );
    app.press("2 5 Enter");
    app.wait_for("That is not 4").await;
    app.press_ctrl('u').press("4 Enter");
    app.wait_for("cancel 4 in 10 s").await;
    assert!(app.journal().is_empty(), "nothing was sent");
    app.pass(11).await;
    app.wait_for("cancel of 4 sessions: 4 done").await;
    for id in &ids[1..] {
        let session = read(&below, id).await;
        assert_eq!(session.status, Status::Canceled);
        assert!(session.metadata.is_empty(), "the audit alone has the reason: {:?}", session.metadata);
    }
    assert_eq!(lines(&app, "cancel", Outcome::Done), 4);
    assert!(app.journal().iter().all(|entry| entry.reason == Some(Reason::new("user_request"))));
    assert!(app.journal().iter().all(|entry| &*entry.via == "key:c" && entry.job.is_some()));
    app.press("Esc 5");
    let screen = app.wait_for("DONE").await;
    assert!(screen.contains("cancel 4 sessions") && screen.contains("✓ done"), "{screen}");
    app.press("C");
    app.wait_for("Copied the result of the job").await;
    let copied = app.copied().expect("a text");
    assert_eq!(copied.lines().filter(|line| line.contains("\tdone\treq_")).count(), 4, "{copied}");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_job_survives_the_end_of_the_program_and_asks_before_anything_is_sent() {
    let server = TestServer::open().await;
    let below = server.client();
    let ids = many(&below, 3).await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("All 3 ").await;
    app.press("* X 3 3 Enter");
    app.wait_for("redact 3 in 10 s").await;
    app.press("q");
    app.wait_for("Keep them for the next start").await;
    app.press("Down Down Enter");
    let state = app.ended_with_state().await;

    // Meanwhile one of them is not what was confirmed any more.
    below.submit_session(&ids[0], "verified", 0).await.expect("a submission");
    let mut app = TestApp::open_again(&server, SIZE, Settings::default(), state);
    let screen = app.wait_for("An earlier run ended before this was done").await;
    assert!(screen.contains("3 sessions") && screen.contains("confirmed by tester"), "{screen}");
    app.pass(60).await;
    for id in &ids {
        assert!(read(&below, id).await.redaction.is_none(), "nothing is sent before somebody has decided");
    }
    app.press("Down Down Enter");
    app.wait_for("redact 3 in 10 s").await;
    app.pass(11).await;
    app.wait_for("2 done, 1 dropped").await;
    assert!(read(&below, &ids[0]).await.redaction.is_none(), "nobody agreed to erase a verification");
    for id in &ids[1..] {
        assert!(read(&below, id).await.redaction.is_some());
    }
    assert_eq!(lines(&app, "redact", Outcome::Asked), 2, "each once");
    app.press("q");
    let state = app.ended_with_state().await;
    let outbox = Outbox::open(&state.path().join("outbox")).expect("an outbox");
    assert_eq!(outbox.count().expect("a count"), 0, "nothing is left");
}

#[tokio::test]
async fn what_is_held_is_chosen_and_taken_back_as_a_whole() {
    let server = TestServer::open().await;
    let below = server.client();
    let ids = many(&below, 3).await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("All 3 ").await;
    app.press("c 1 Tab Enter");
    app.wait_for("in 10 s").await;
    app.press("j Space j Space c 1 2 Enter");
    app.wait_for("cancel 2 in").await;
    app.press("U");
    app.wait_for("Take back").await;
    // The last one is on top; the other one is chosen.
    app.press("Down Enter");
    app.wait_for("Took back: cancel of vs_").await;
    app.pass(12).await;
    app.wait_for("cancel of 2 sessions: 2 done").await;
    assert_eq!(read(&below, &ids[2]).await.status, Status::RequiresInput, "the newest was taken back");
    assert_eq!(read(&below, &ids[0]).await.status, Status::Canceled);
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn metadata_of_many_is_set_and_removed() {
    let server = TestServer::open().await;
    let below = server.client();
    let ids = many(&below, 3).await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("All 3 ").await;
    app.press("* e");
    app.wait_for("Change metadata").await;
    app.type_text("ticket").press("Tab").type_text("17").press_ctrl('s');
    app.wait_for("Change the metadata of 3 sessions").await;
    app.press("3 Enter");
    app.wait_for("update of 3 sessions: 3 done").await;
    for id in &ids {
        assert_eq!(read(&below, id).await.metadata.get("ticket").map(|text| &**text.expose()), Some("17"));
    }
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_job_pauses_itself_when_nobody_answers_and_goes_on() {
    let server = TestServer::open().await;
    let below = server.client();
    many(&below, 12).await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("All 12 ").await;
    server.fault("reset", 3).await;
    app.press("* X 1").type_text("12").press("Enter 5");
    app.wait_for("! paused").await;
    app.press("p");
    let screen = app
        .wait_until("the job ended", |screen| screen.contains("✓ done") || screen.contains("! in doubt"))
        .await;
    if screen.contains("! in doubt") {
        app.press("R");
        app.wait_for("✓ done").await;
    }
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn five_hundred_are_redacted() {
    let server = TestServer::open().await;
    let below = server.client();
    many(&below, 500).await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.press("L");
    app.wait_for("All 500 ").await;
    app.press("* X 4").type_text("500").press("Enter");
    app.wait_for("redact of 500 sessions: 500 done").await;
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    assert_eq!(lines(&app, "redact", Outcome::Done), 500);
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_job_that_is_too_fast_for_the_api_slows_down() {
    let server = TestServer::open().await;
    let below = server.client();
    many(&below, 12).await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("All 12 ").await;
    app.press("* X 4").type_text("12");
    // More than the client asks again by itself.
    server.fault("rate_limit", 24).await;
    app.press("Enter");
    app.wait_for("12 done").await;
    let turned_away = lines(&app, "redact", Outcome::NotBegun);
    assert!(turned_away > 0, "the limits were never met, so that this proves nothing");
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    app.press("q");
    app.ended().await;
}

/// A failure may come after the deed, and what turns later tries away says nothing of it. Nor does a refusal of the next
/// request: that may be for the very deed.
#[tokio::test]
async fn a_doubt_outlives_the_requests_that_come_too_fast() {
    let posts = AtomicUsize::new(0);
    let api = ScriptedApi::start(move |line, _| {
        let error = |status: &str, code: &str| {
            let body =
                format!(r#"{{"error":{{"type":"invalid_request_error","code":"{code}","message":"No."}}}}"#);
            ScriptedApi::reply(status, &body)
        };
        if line.starts_with("GET ") {
            return ScriptedApi::reply("200 OK", VERIFIED);
        }
        match posts.fetch_add(1, Ordering::SeqCst) {
            0 => error("500 Internal Server Error", "api_error"),
            1 => error("429 Too Many Requests", "rate_limit"),
            _ => error("400 Bad Request", "verification_session_cannot_be_canceled"),
        }
    });
    let state = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(&state.path().join(AUDIT));
    let recorder = Recorder::new(journal, "ann", "test", Mode::Test);
    let base = ApiBase::parse(&api.base, "a test").expect("an address");
    let settings = ClientSettings { tries: 2, ..ClientSettings::default() };
    let client = Client::new(base, Secret::new("sk_test_abcdefghijkl".into()), settings).expect("a client");
    let outbox = Outbox::open(&state.path().join(OUTBOX));
    let changer = Changer::new(client, recorder, outbox, "sandbox");
    let session = SessionId::new("vs_1");
    let (job, _) = put_job(&changer, &session, (JobAct::Cancel, None), Step::Held);
    let outbox = changer.outbox().expect("an outbox");
    let connection = Connection { label: "test".into(), live: false, sandbox: true };
    let connected = Connected { changer, connection, keep: Box::new(()) };
    let (replies, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (tasks, _worker) = worker::spawn(async { Ok(connected) }, replies);
    let request = Request::Job(JobRequest::Run { job: job.id.clone(), skip: Vec::new(), look: false });
    tasks.send(Task { id: TaskId(1), via: "key:c".into(), request }).expect("a worker");
    while !matches!(told.recv().await.expect("a message"), Msg::Reply { .. }) {}
    let item = outbox.item(&job.id, &session).expect("it is still there");
    assert!(item.step.is_in_doubt(), "{item:?}");
}

const VERIFIED: &str = r#"{"id":"vs_1","object":"identity.verification_session","created":1700000000,
    "livemode":false,"status":"verified","type":"document","metadata":{},"options":{}}"#;

#[tokio::test]
async fn quitting_a_running_job_keeps_the_rest() {
    let server = TestServer::open().await;
    let below = server.client();
    many(&below, 60).await;
    let mut app = TestApp::open(&server, SIZE, at_once());
    app.wait_for("All 60 ").await;
    app.press("* X 1").type_text("60").press("Enter q");
    app.wait_for("Keep them for the next start").await;
    app.press("Down Down Enter");
    let state = app.ended_with_state().await;
    let done = all(&below).await.iter().filter(|session| session.redaction.is_some()).count();
    let mut app = TestApp::open_again(&server, SIZE, at_once(), state);
    if done < 60 {
        app.wait_for("An earlier run ended before this was done").await;
        app.press("Down Down Enter");
        app.wait_for("redact of 60 sessions: 60 done").await;
    }
    assert!(all(&below).await.iter().all(|session| session.redaction.is_some()));
    assert_eq!(lines(&app, "redact", Outcome::Done), 60, "each once");
    app.press("q");
    app.ended().await;
}
