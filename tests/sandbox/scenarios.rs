//! Scenarios over real HTTP: flows, outcomes that come by themselves, limits, faults, and the command line's errors.

use std::process::Command;

use crate::support::server::{SESSIONS, TestServer, path_of, settings};
use reqwest::StatusCode;
use serde_json::{Value, json};
use vetty::sandbox::{Database, Limit, Limits, Scenario, Settings};

fn with(scenario: &str) -> Settings {
    let scenario = Scenario::parse("test.toml", scenario).unwrap_or_else(|error| panic!("{error}"));
    Settings { scenario, ..settings(Database::Memory) }
}

#[tokio::test]
async fn outcomes_come_by_themselves() {
    let scenario = Scenario::load("outcomes").expect("it is built in");
    let server = TestServer::with(Settings { scenario, ..settings(Database::Memory) }).await;
    for (body, status, code) in [
        ("provided_details[email]=Jenny%2BVerified@example.com", "verified", Value::Null),
        ("client_reference_id=user_1%2Bverified", "verified", Value::Null),
        (
            "provided_details[email]=jenny%2Bselfie_face_mismatch@example.com",
            "requires_input",
            json!("selfie_face_mismatch"),
        ),
        ("client_reference_id=u%2Bconsent_declined", "requires_input", json!("consent_declined")),
        ("provided_details[email]=jenny@example.com", "requires_input", Value::Null),
    ] {
        let created = server.create(&format!("type=document&{body}")).await;
        assert_eq!((&created["status"], &created["last_error"]), (&json!("requires_input"), &Value::Null));
        let session = server.get(&path_of(&created)).await.ok();
        assert_eq!((&session["status"], &session["last_error"]["code"]), (&json!(status), &code), "{body}");
        let reported = code != json!("consent_declined") && !body.ends_with("jenny@example.com");
        assert_eq!(session["last_verification_report"].is_string(), reported, "{body}");
    }
}

const SLOW: &str = "[[outcomes]]\nreference = \"slow-*\"\noutcome = \"document_expired\"\nafter_seconds = 60\n\
    processing_seconds = 30\n[[outcomes]]\nreference = \"*\"\noutcome = \"verified\"\nafter_seconds = 60\n";

#[tokio::test]
async fn outcomes_take_their_time_on_the_sandbox_clock() {
    let server = TestServer::with(with(SLOW)).await;
    let path = server.create_path("type=document&client_reference_id=slow-1").await;
    let status = || async { server.get(&path).await.ok()["status"].clone() };
    server.advance(50).await;
    assert_eq!(status().await, "requires_input");
    assert_eq!(server.advance(10).await["settled"], 1);
    assert_eq!(status().await, "processing");
    server.advance(30).await;
    let session = server.get(&format!("{path}?expand[]=last_verification_report")).await.ok();
    assert_eq!(session["last_error"]["code"], "document_expired");
    let created = session["created"].as_i64().expect("a time");
    let ended = session["last_verification_report"]["created"].as_i64().expect("a time");
    assert_eq!(ended - created, 90, "the report is from when it was due");
}

#[tokio::test]
async fn a_script_does_not_overrule_what_was_done_meanwhile() {
    let server = TestServer::with(with(SLOW)).await;
    let mut paths = Vec::new();
    for _ in 0..4 {
        paths.push(server.create_path("type=document&client_reference_id=a").await);
    }
    let [canceled, redacted, failed, waiting] = &paths[..] else { panic!("four sessions") };
    server.post(&format!("{canceled}/cancel"), "").await.ok();
    server.post(&format!("{redacted}/redact"), "").await.ok();
    server.submit(failed, "document_expired").await.ok();
    assert_eq!(server.advance(60).await["settled"], 1);
    assert_eq!(server.get(canceled).await.ok()["status"], "canceled");
    assert_eq!(server.get(redacted).await.ok()["redaction"]["status"], "processing");
    assert_eq!(server.get(failed).await.ok()["last_error"]["code"], "document_expired");
    assert_eq!(server.get(waiting).await.ok()["status"], "verified");
    server.advance(4 * 86_400).await;
    assert_eq!(server.get(redacted).await.ok()["redaction"]["status"], "redacted");
}

#[tokio::test]
async fn scripts_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::Sqlite(folder.path().join("sandbox.db"));
    let server = TestServer::with(Settings { database: database.clone(), ..with(SLOW) }).await;
    let path = server.create_path("type=document&client_reference_id=a").await;
    server.running.stop().await;
    let server = TestServer::with(settings(database)).await;
    server.advance(60).await;
    assert_eq!(server.get(&path).await.ok()["status"], "verified");
}

#[tokio::test]
async fn a_scenario_has_flows_of_its_own() {
    let server =
        TestServer::with(with("[[flows]]\nid = \"vf_1Own\"\n[flows.phone]\nrequire_verification = true"))
            .await;
    let session = server.create("verification_flow=vf_1Own").await;
    assert_eq!(session["options"], json!({ "document": {}, "phone": { "require_verification": true } }));
    assert_eq!(server.create("verification_flow=vf_1VettyEmail").await["type"], "verification_flow");
    let session = server.post(&path_of(&session), "options[document][require_id_number]=true").await.ok();
    assert_eq!(
        session["options"],
        json!({ "document": { "require_id_number": true }, "phone": { "require_verification": true } })
    );
}

/// Asks until a call is refused; calls are faster than the second that would lift a limit of two.
async fn refusal(server: &TestServer, path: &str) -> (Option<String>, Value) {
    for _ in 0..1000 {
        let reply = server.get(path).await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            return (reply.header("stripe-rate-limited-reason").map(str::to_owned), reply.error());
        }
        assert_eq!(reply.status, StatusCode::OK);
    }
    panic!("no call was refused");
}

#[tokio::test]
async fn too_many_calls_are_refused_with_the_reason() {
    let account = "[rate_limits]\naccount = 2";
    let endpoint =
        "[[rate_limits.endpoints]]\nendpoint = \"GET /v1/identity/verification_sessions\"\nper_second = 2";
    for (scenario, reason) in [(account, "global-rate"), (endpoint, "endpoint-rate")] {
        let server = TestServer::with(with(scenario)).await;
        let (found, error) = refusal(&server, SESSIONS).await;
        assert_eq!(found.as_deref(), Some(reason));
        assert_eq!((&error["code"], &error["type"]), (&json!("rate_limit"), &json!("invalid_request_error")));
        assert_eq!(
            server.control("clock/advance", "{\"seconds\":0}").await.status,
            StatusCode::OK,
            "no call of the API"
        );
    }
    let published = Limits::published();
    assert_eq!((published.account, published.endpoint), (Some(Limit(25)), Some(Limit(25))));
}

#[tokio::test]
async fn faults_come_in_bursts() {
    let faults = "[[faults]]\nkind = \"server_error\"\ncount = 2\nevery = 4\n\
        endpoint = \"POST /v1/identity/verification_sessions\"";
    let server = TestServer::with(with(faults)).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(server.post(SESSIONS, "type=document").await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 500, 500, 200, 200, 500, 500]);
    assert_eq!(server.get(SESSIONS).await.status, StatusCode::OK);
    assert_eq!(server.running.sessions().await, 4);
}

#[test]
fn the_command_line_names_what_is_wrong_with_a_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, "[people]\ncount = 3\n\n[[outcomes]]\nemail = \"*\"\noutcome = \"pass\"\n")
        .expect("a file");
    let run = |scenario: &str| {
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_vetty"));
        let output = sandbox.args(["sandbox", "--listen", "127.0.0.1:0", "--scenario", scenario]).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).expect("text")
    };
    let said = run(&file.to_string_lossy());
    assert!(said.contains("mine.toml:6: outcomes.outcome: must be verified or one of"), "{said}");
    let said = run("nothing");
    assert!(
        said.contains("cannot read the scenario nothing") && said.contains("built in are onboarding"),
        "{said}"
    );
}
