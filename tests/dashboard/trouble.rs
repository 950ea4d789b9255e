//! What a person sees when something is wrong, and that nothing is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use vetty::app::Settings;
use vetty::clock::{Stamp, WallTime};
use vetty::identity::VerificationType;
use vetty::identity::params::CreateSession;
use vetty::journal::{AUDIT, Journal, Mode, OUTBOX, Outbox};
use vetty::privacy::Secret;
use vetty::worker::{Change, Changer, Intent, Recorder};

use crate::support::app::{SIZE, TestApp};
use crate::support::client::create;
use crate::support::liar::{self, Lie};
use crate::support::scripted::ScriptedApi;
use crate::support::server::TestServer;

#[tokio::test]
async fn a_wrong_key_is_one_clear_sentence() {
    let server = TestServer::open().await;
    let key = Secret::new("sk_live_abcdefghijkl".into());
    let mut app = TestApp::open_at(&server.running.api_base(), key, SIZE, Settings::default());
    let screen = app.wait_for("refused the API key").await;
    assert!(!screen.contains("abcdefghijkl"), "{screen}");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn nobody_at_the_address_is_said_and_tried_again_on_request() {
    // A port that was free a moment ago and is closed again.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let key = Secret::new("sk_test_abcdefghijkl".into());
    let mut app = TestApp::open_at(&format!("http://127.0.0.1:{port}"), key, SIZE, Settings::default());
    app.wait_for("Could not reach 127.0.0.1").await;
    app.press("r");
    app.wait_for("Could not reach 127.0.0.1").await;
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn an_address_that_is_no_api_is_recognised() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let page = axum::Router::new().fallback(|| async { axum::response::Html("<h1>Hello</h1>") });
    let serving = tokio::spawn(async move { axum::serve(listener, page).await });
    let key = Secret::new("sk_test_abcdefghijkl".into());
    let mut app = TestApp::open_at(&base, key, SIZE, Settings::default());
    app.wait_for("does not look like an Identity API").await;
    app.press("q");
    app.ended().await;
    serving.abort();
}

#[tokio::test]
async fn the_last_good_data_stays_when_the_api_goes_away() {
    let server = TestServer::with_people(30).await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("All 30 ").await;
    server.running.stop().await;
    app.press("r");
    let screen = app.wait_for("Could not reach").await;
    assert!(screen.contains("All 30 "), "{screen}");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_full_rate_limit_passes_by_itself() {
    let full = Arc::new(AtomicBool::new(true));
    let limit = Arc::clone(&full);
    let api = ScriptedApi::start(move |_, _| {
        if limit.load(Ordering::SeqCst) {
            ScriptedApi::reply(
                "429 Too Many Requests",
                r#"{"error":{"type":"invalid_request_error","message":"Slow."}}"#,
            )
        } else {
            ScriptedApi::reply("200 OK", r#"{"object":"list","data":[],"has_more":false,"url":"/v1"}"#)
        }
    });
    let key = Secret::new("sk_test_abcdefghijkl".into());
    let mut app = TestApp::open_at(&api.base, key, SIZE, Settings::default());
    let screen = app.wait_for("Tried again by itself in 5 s").await;
    assert!(screen.contains("Too many requests") && screen.contains("rate limited"), "{screen}");
    full.store(false, Ordering::SeqCst);
    app.pass(5).await;
    app.wait_for("No sessions yet").await;
    app.wait_for("The API answers again.").await;
    app.press("3");
    let log = app.wait_for("got too many").await;
    assert_eq!(log.matches("got too many requests").count(), 1, "said once:\n{log}");
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn a_silent_api_can_be_left_alone() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    // Takes connections, and never says a word; tells when one of them is closed.
    let (closed, mut gone) = tokio::sync::mpsc::unbounded_channel();
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let closed = closed.clone();
            tokio::spawn(async move {
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
                let _ = closed.send(());
            });
        }
    });
    let key = Secret::new("sk_test_abcdefghijkl".into());
    let mut app = TestApp::open_at(&base, key, SIZE, Settings::default());
    app.wait_for("Loading sessions").await;
    app.pass(12).await;
    app.wait_for("Loading sessions… 12 s").await;
    app.press("Esc");
    app.wait_for("Loading was stopped").await;
    gone.recv().await.expect("the request was given up");
    app.press("q");
    app.ended().await;
    serving.abort();
}

#[tokio::test]
async fn a_list_that_goes_in_circles_is_left_and_what_came_of_it_stays() {
    for (lie, good) in [(Lie::Repeats, "All 30+"), (Lie::NeverEnds, "All 30+"), (Lie::PromisesOnly, "All 0+")]
    {
        let api = liar::start(lie, 30);
        let key = Secret::new("sk_test_abcdefghijkl".into());
        let mut app = TestApp::open_at(&api.base, key, SIZE, Settings::default());
        let screen = app.wait_for("goes in circles").await;
        assert!(screen.contains(good) && screen.contains("incomplete"), "{lie:?}: {screen}");
        let asked = api.count("GET ");
        for keys in ["r", "L", "G", "r"] {
            app.press(keys).press("3");
            app.wait_for("notices since").await;
            app.press("1");
            app.wait_for("goes in circles").await;
        }
        assert!(api.count("GET ") <= asked + 4 * 6, "{lie:?}: {} and {asked}", api.count("GET "));
        app.press("q");
        app.ended().await;
    }
}

/// Leaves a create in the outbox that went out at these times, under one key, and was never answered.
async fn leave_a_create(state: &std::path::Path, times: &[WallTime]) {
    let server = TestServer::open().await;
    let now = Arc::new(Mutex::new(times[0]));
    let clock = Arc::clone(&now);
    let recorder = Recorder::new(Journal::open(&state.join(AUDIT)), "ann", "test", Mode::Test);
    let changer = Changer::new(server.client(), recorder, Outbox::open(&state.join(OUTBOX)), "sandbox")
        .with_clock(move || Stamp { wall: *clock.lock().expect("a time"), up: None });
    let create = Change::Create(Box::new(CreateSession {
        kind: Some(VerificationType::Document),
        ..CreateSession::default()
    }));
    for time in times {
        *now.lock().expect("a time") = *time;
        server.fault("truncate", 1).await;
        changer.make(&Intent::via("key:n"), create.clone()).await.expect_err("no answer");
    }
}

#[tokio::test]
async fn an_unanswered_create_is_looked_for_by_its_time_and_kept_until_that_can_be_done() {
    let at = WallTime::from(SystemTime::now()).minus(Duration::from_mins(10));
    let near = format!(
        r#"{{"id":"vs_near","object":"identity.verification_session","created":{},"livemode":false,
        "status":"requires_input","type":"document","metadata":{{}},"options":{{}}}}"#,
        at.timestamp().as_secs() + 5
    );
    for (found, said) in
        [(None, "Nobody knows whether"), (Some(String::new()), "so it did not"), (Some(near), "vs_near")]
    {
        let state = tempfile::tempdir().expect("a folder");
        // The second of its requests may be the one that was carried out.
        leave_a_create(state.path(), &[at.minus(Duration::from_hours(3)), at]).await;
        let list =
            |data: &str| format!(r#"{{"object":"list","data":[{data}],"has_more":false,"url":"/v1"}}"#);
        let answer = found.clone();
        let api = ScriptedApi::start(move |line, _| match &answer {
            _ if !line.contains("created%5Bgte%5D") && !line.contains("created[gte]") => {
                ScriptedApi::reply("200 OK", &list(""))
            }
            Some(data) => ScriptedApi::reply("200 OK", &list(data)),
            None => ScriptedApi::reply("500 Oops", "{}"),
        });
        let key = Secret::new("sk_test_abcdefghijkl".into());
        let mut app = TestApp::open_at_again(&api.base, key, Settings::default(), state);
        app.press("3");
        app.wait_for(said).await;
        app.press("q");
        let state = app.ended_with_state().await;
        let files = std::fs::read_dir(state.path().join(OUTBOX)).expect("an outbox").flatten();
        let left = files.filter(|file| file.path().extension().is_some_and(|end| end == "jsonl")).count();
        assert_eq!(left, usize::from(found.is_none()), "{found:?}");
    }
}

#[tokio::test]
async fn read_only_forbids_changes_and_says_so() {
    let server = TestServer::with_people(30).await;
    let mut app = TestApp::open(&server, SIZE, Settings { read_only: true, ..Settings::default() });
    app.wait_for("All 30 ").await;
    for key in ["n", "e", "c", "X", "t"] {
        app.press(key);
        app.wait_for("Read-only").await;
        app.read_notice().await.press("g");
        app.wait_gone("Read-only").await;
    }
    app.press("q");
    app.ended().await;
}

#[tokio::test]
async fn quitting_with_something_held_asks_first() {
    let server = TestServer::open().await;
    let below = server.client();
    let id = create(&below, "queue").await;
    let mut app = TestApp::open(&server, SIZE, Settings::default());
    app.wait_for("not submitted").await;
    app.press("c");
    app.wait_for("Cancel the session").await;
    app.press("1 Tab Enter");
    app.wait_for("in 10 s").await;
    app.press("q");
    app.wait_for("Send them now, then quit").await;
    app.press("Down Enter");
    app.ended().await;
    let now = below.retrieve_session(&id, &[]).await.expect("the session").value;
    assert_eq!(now.status, vetty::identity::Status::Canceled);
}
