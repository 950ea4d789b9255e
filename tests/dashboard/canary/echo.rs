//! A server that repeats the key wherever a refusal has room for it, and what the dashboard shows and keeps of that.

use std::fs;

use serde_json::json;
use vetty::privacy::Secret;

use crate::support::app::{SIZE, TestApp, at_once};
use crate::support::echo::{KEY, WRAPS, Wrap, assert_silent, percent};
use crate::support::files_below;
use crate::support::scripted::ScriptedApi;

const SESSION: &str = r#"{"id":"vs_1canary","object":"identity.verification_session","created":1700000000,
    "livemode":false,"status":"requires_input","type":"document","metadata":{}}"#;

/// Has one session, which everything but reading is refused of.
fn echoing(wrap: Wrap) -> ScriptedApi {
    ScriptedApi::start(move |line, _| {
        if line.starts_with("GET /v1/identity/verification_sessions/") {
            return ScriptedApi::reply("200 OK", SESSION);
        }
        if line.starts_with("GET") {
            let data = if line.contains("reports") { "" } else { SESSION };
            let list = format!(r#"{{"object":"list","has_more":false,"data":[{data}]}}"#);
            return ScriptedApi::reply("200 OK", &list);
        }
        let echo = wrap(KEY);
        let error = json!({
            "type": "invalid_request_error", "code": echo, "param": echo, "message": format!("Bad: '{echo}'"),
        });
        let headers = format!("Request-Id: req_{}\r\n", percent(&echo));
        ScriptedApi::reply_with("400 Bad Request", &headers, &json!({ "error": error }).to_string())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_frame_and_no_file_has_the_key_that_a_server_repeats() {
    for wrap in WRAPS {
        let api = echoing(wrap);
        let mut app = TestApp::open_at(&api.base, Secret::new(KEY.into()), SIZE, at_once());
        app.wait_for("canary").await;
        app.seen();
        app.press("c");
        app.wait_for("Cancel the session").await;
        app.press("1 Tab Enter");
        app.wait_for("Bad: '••••'").await;
        app.press("3");
        app.wait_for("since the start").await;
        app.press("4");
        app.wait_for("the chain holds").await;
        assert_silent(&app.seen(), "a frame");
        let refused = app.journal().into_iter().find_map(|entry| entry.error_code.zip(entry.request_id));
        let (code, request) = refused.expect("a line about the refusal");
        assert!(code.ends_with("hidden") && request.ends_with("hidden"), "{code} {request}");
        app.press("q");
        let state = app.ended_with_state().await;
        for path in files_below(state.path()) {
            let bytes = fs::read(&path).expect("a file");
            assert_silent(&String::from_utf8_lossy(&bytes), &path.display().to_string());
        }
    }
}
