//! The lifecycle in the sandbox over real HTTP: submitting, canceling, redacting, the clock, restarts and faults.

use crate::support::http::send;
use crate::support::server::{REPORTS, SESSIONS, TestServer, ids, path_of, settings};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use vetty::sandbox::{Database, Settings, StartError, start};

const SELFIE: &str = "type=document&options[document][require_matching_selfie]=true&metadata[a]=1\
    &client_reference_id=user_1&provided_details[email]=jenny@example.com";
const EVERYTHING: &str = "expand[]=verified_outputs.dob&expand[]=verified_outputs.sex\
    &expand[]=last_verification_report.document.number&expand[]=last_verification_report.document.dob\
    &expand[]=provided_details";
const FOUR_DAYS: i64 = 4 * 86_400;

#[tokio::test]
async fn a_submission_verifies_and_makes_a_report() {
    let server = TestServer::open().await;
    let path = server.create_path(SELFIE).await;
    let session = server.submit(&path, "verified").await.ok();
    assert_eq!(session["status"], "verified");
    assert_eq!((&session["url"], &session["client_secret"]), (&Value::Null, &Value::Null));
    assert_eq!(session["last_error"], Value::Null);
    let report_id = session["last_verification_report"].as_str().expect("a report's id");
    assert!(report_id.starts_with("vr_"), "{report_id}");

    let plain =
        server.get(&format!("{path}?expand[]=verified_outputs&expand[]=last_verification_report")).await.ok();
    let outputs = plain["verified_outputs"].as_object().expect("outputs");
    assert!(outputs["first_name"].is_string());
    for sensitive in ["dob", "id_number", "sex", "unparsed_sex", "unparsed_place_of_birth"] {
        assert!(!outputs.contains_key(sensitive), "{sensitive}");
    }
    let report = &plain["last_verification_report"];
    assert_eq!(
        (&report["object"], &report["id"]),
        (&json!("identity.verification_report"), &json!(report_id))
    );
    assert_eq!(report["document"]["status"], "verified");
    assert_eq!(report["selfie"]["status"], "verified");
    for sensitive in ["dob", "number", "expiration_date", "sex"] {
        assert_eq!(report["document"].get(sensitive), None, "{sensitive}");
    }

    let full = server.get_restricted(&format!("{path}?{EVERYTHING}")).await.ok();
    assert!(full["verified_outputs"]["dob"]["year"].is_i64());
    assert_eq!(full["verified_outputs"].get("id_number"), None, "not asked for");
    assert!(full["last_verification_report"]["document"]["number"].is_string());
    assert_eq!(full["last_verification_report"]["document"].get("expiration_date"), None, "not asked for");

    let direct = server.get(&format!("{REPORTS}/{report_id}")).await.ok();
    assert_eq!(&direct, report);
    let unexpanded = server.get(&path).await.ok();
    assert_eq!((unexpanded.get("verified_outputs"), unexpanded.get("provided_details")), (None, None));
}

#[tokio::test]
async fn a_failed_submission_may_be_tried_again() {
    let server = TestServer::open().await;
    let path = server.create_path(SELFIE).await;
    let first_url = server.get(&path).await.ok()["url"].clone();
    let failed = server.submit(&path, "selfie_face_mismatch").await.ok();
    assert_eq!(failed["status"], "requires_input");
    assert_eq!(failed["last_error"]["code"], "selfie_face_mismatch");
    assert_eq!(failed["url"], Value::Null, "the link is spent");
    let first = failed["last_verification_report"].as_str().expect("a report").to_owned();
    let again =
        server.get(&format!("{path}?expand[]=last_verification_report&expand[]=verified_outputs")).await.ok();
    assert!(again["url"].is_string() && again["url"] != first_url, "retrieving issues a new link");
    assert_eq!(again["verified_outputs"], Value::Null);
    assert_eq!(again["last_verification_report"]["selfie"]["error"]["code"], "selfie_face_mismatch");
    assert_eq!(again["last_verification_report"]["document"]["status"], "verified");
    let verified = server.submit(&path, "verified").await.ok();
    let second = verified["last_verification_report"].as_str().expect("a report").to_owned();
    assert_ne!(first, second);
    let id = path.rsplit('/').next().expect("an id");
    assert_eq!(
        server.ids(&format!("{REPORTS}?verification_session={id}")).await,
        [second.clone(), first.clone()]
    );
    assert_eq!(
        server.ids(&format!("{REPORTS}?client_reference_id=user_1&limit=1")).await,
        std::slice::from_ref(&second)
    );
    assert_eq!(server.ids(&format!("{REPORTS}?starting_after={second}&type=document")).await, [first]);
    assert_eq!(server.ids(&format!("{REPORTS}?type=id_number")).await, [""; 0]);
    assert_eq!(server.ids(&format!("{REPORTS}?verification_session=vi_1")).await, [""; 0]);
}

#[tokio::test]
async fn every_outcome_leads_back_to_its_own_error() {
    let server = TestServer::open().await;
    for (code, has_report) in [
        ("abandoned", false),
        ("consent_declined", false),
        ("country_not_supported", false),
        ("device_not_supported", false),
        ("under_supported_age", false),
        ("document_expired", true),
        ("document_type_not_supported", true),
        ("document_unverified_other", true),
        ("id_number_insufficient_document_data", true),
        ("id_number_mismatch", true),
        ("id_number_unverified_other", true),
        ("selfie_document_missing_photo", true),
        ("selfie_face_mismatch", true),
        ("selfie_manipulated", true),
        ("selfie_unverified_other", true),
        ("email_unverified_other", true),
        ("email_verification_declined", true),
        ("phone_unverified_other", true),
        ("phone_verification_declined", true),
    ] {
        let path = server.create_path("type=document").await;
        let session = server.submit(&path, code).await.ok();
        assert_eq!(
            (&session["status"], &session["last_error"]["code"]),
            (&json!("requires_input"), &json!(code))
        );
        assert!(session["last_error"]["reason"].is_string(), "{code}");
        assert_eq!(session["last_verification_report"].is_string(), has_report, "{code}");
    }
}

#[tokio::test]
async fn processing_ends_on_the_sandbox_clock() {
    let server = TestServer::open().await;
    let session = server.create(SELFIE).await;
    let (path, id) = (path_of(&session), session["id"].as_str().expect("an id").to_owned());
    let submit = format!("verification_sessions/{id}/submit");
    let processing = server.control(&submit, "{\"outcome\":\"verified\",\"delay_seconds\":600}").await.ok();
    assert_eq!(processing["status"], "processing");
    assert_eq!((&processing["url"], &processing["client_secret"]), (&Value::Null, &Value::Null));
    for (path, body, verb, allowed, done) in [
        (format!("{path}/cancel"), "", "cancel", "\"requires_input\"", "canceled"),
        (
            format!("{path}/redact"),
            "",
            "redact",
            "\"requires_input\", \"verified\" or \"canceled\"",
            "redacted",
        ),
        (path.clone(), "type=id_number", "update", "\"requires_input\"", "updated"),
    ] {
        let refused = server.post(&path, body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            refused.error()["message"],
            format!(
                "You cannot {verb} this VerificationSession because it has a status of \"processing\". Only a \
                 VerificationSession in {allowed} status may be {done}."
            )
        );
    }
    assert_eq!(server.control(&submit, "{\"outcome\":\"verified\"}").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(server.ids(&format!("{SESSIONS}?status=processing")).await, std::slice::from_ref(&id));
    assert_eq!(server.advance(500).await["settled"], 0);
    assert_eq!(server.get(&path).await.ok()["status"], "processing");
    assert_eq!(server.advance(100).await["settled"], 1);
    assert_eq!(server.ids(&format!("{SESSIONS}?status=verified")).await, [id]);
    let report = server.get(&format!("{path}?expand[]=last_verification_report")).await.ok();
    let (ended, created) = (&report["last_verification_report"]["created"], &report["created"]);
    let took = ended.as_i64().zip(created.as_i64()).map(|(ended, created)| ended - created);
    assert!(took.is_some_and(|it| (600..660).contains(&it)), "{took:?}");
}

#[tokio::test]
async fn cancel_erases_what_was_open() {
    let server = TestServer::open().await;
    let path = server.create_path(SELFIE).await;
    server.submit(&path, "document_expired").await.ok();
    for _ in 0..2 {
        let canceled = server.post(&format!("{path}/cancel"), "").await.ok();
        assert_eq!(canceled["status"], "canceled");
        for field in ["last_error", "url", "client_secret", "redaction"] {
            assert_eq!(canceled[field], Value::Null, "{field}");
        }
        assert_eq!(canceled["metadata"], json!({ "a": "1" }));
    }
    let verified = server.create_path("type=document").await;
    server.submit(&verified, "verified").await.ok();
    let refused = server.post(&format!("{verified}/cancel"), "").await;
    assert_eq!(
        (refused.status, &refused.error()["message"]),
        (
            StatusCode::BAD_REQUEST,
            &json!(
                "You cannot cancel this VerificationSession because it has a status of \"verified\". Only a \
                 VerificationSession in \"requires_input\" status may be canceled."
            )
        )
    );
    let renamed = server.post(&verified, "metadata[b]=2").await.ok();
    assert_eq!(renamed["metadata"], json!({ "b": "2" }), "metadata may change in any status");
}

#[tokio::test]
async fn redaction_masks_at_once_and_ends_after_four_days() {
    let server = TestServer::open().await;
    let path = server.create_path(SELFIE).await;
    server.submit(&path, "document_unverified_other").await.ok();
    server.submit(&path, "verified").await.ok();
    let before = server.get_restricted(&format!("{path}?{EVERYTHING}")).await.ok();
    let redacted = server.post(&format!("{path}/redact"), "").await.ok();
    assert_eq!(redacted["status"], "verified");
    assert_eq!(redacted["redaction"], json!({ "status": "processing" }));
    assert_eq!(redacted["metadata"], json!({}));
    assert_eq!(redacted["client_reference_id"], "user_1");
    let after = server.get_restricted(&format!("{path}?{EVERYTHING}")).await.ok();
    let outputs = &after["verified_outputs"];
    assert_eq!(outputs["first_name"], "[redacted]");
    // Some people have one name only, and nothing stays nothing.
    let had_two = before["verified_outputs"]["last_name"].is_string();
    assert_eq!(outputs["last_name"], json!(had_two.then_some("[redacted]")));
    assert_eq!(outputs["dob"], json!({ "day": 1, "month": 1, "year": 1 }));
    assert_eq!(outputs["address"]["country"], before["verified_outputs"]["address"]["country"]);
    assert_eq!(outputs["address"]["line1"], "[redacted]");
    assert_eq!(after["provided_details"]["email"], "[redacted]");
    let id = path.rsplit('/').next().expect("an id");
    let reports = server
        .get_restricted(&format!("{REPORTS}?verification_session={id}&expand[]=data.document.dob"))
        .await;
    let reports = reports.ok();
    assert_eq!(reports["data"].as_array().map(Vec::len), Some(2));
    let newest = &reports["data"][0]["document"];
    assert_eq!((&newest["first_name"], &newest["status"]), (&json!("[redacted]"), &json!("verified")));
    assert_eq!(newest["dob"], json!({ "day": 1, "month": 1, "year": 1 }));
    let refused = server.post(&path, "metadata[a]=1").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.error()["message"].as_str().is_some_and(|it| it.contains("has been redacted")));

    server.advance(FOUR_DAYS - 60).await;
    assert_eq!(server.get(&path).await.ok()["redaction"]["status"], "processing");
    server.advance(60).await;
    let done = server.get(&path).await.ok();
    assert_eq!((&done["redaction"]["status"], &done["status"]), (&json!("redacted"), &json!("verified")));
    assert_eq!(server.post(&format!("{path}/redact"), "").await.ok()["redaction"]["status"], "redacted");
}

#[tokio::test]
async fn redacting_an_open_session_cancels_it() {
    let server = TestServer::open().await;
    let path = server.create_path(SELFIE).await;
    let redacted = server.post(&format!("{path}/redact"), "").await.ok();
    assert_eq!(
        (&redacted["status"], &redacted["redaction"]["status"]),
        (&json!("canceled"), &json!("processing"))
    );
    assert_eq!((&redacted["url"], &redacted["client_secret"]), (&Value::Null, &Value::Null));
    assert_eq!(server.get(&path).await.ok()["url"], Value::Null);
    let canceled = server.create_path(SELFIE).await;
    server.post(&format!("{canceled}/cancel"), "").await.ok();
    assert_eq!(
        server.post(&format!("{canceled}/redact"), "").await.ok()["redaction"]["status"],
        "processing"
    );
}

#[tokio::test]
async fn links_live_a_day_and_are_issued_again() {
    let server = TestServer::open().await;
    let session = server.create("type=document").await;
    let path = path_of(&session);
    assert_eq!(server.get(&path).await.ok()["url"], session["url"], "a valid link stays");
    server.advance(25 * 3600).await;
    let listed = server.get(SESSIONS).await.ok()["data"][0].clone();
    assert_eq!((&listed["client_secret"], &listed["url"]), (&Value::Null, &session["url"]));
    let fresh = server.get(&path).await.ok();
    assert!(fresh["client_secret"].is_string() && fresh["url"] != session["url"]);
    server.advance(49 * 3600).await;
    assert_eq!(server.get(SESSIONS).await.ok()["data"][0]["url"], Value::Null);
}

#[tokio::test]
async fn a_file_survives_a_restart_with_what_is_due() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = settings(Database::Sqlite(folder.path().join("sandbox.db")));
    let server = TestServer::with(file.clone()).await;
    let session = server.create(SELFIE).await;
    let path = path_of(&session);
    let id = session["id"].as_str().expect("an id");
    let delayed = "{\"outcome\":\"id_number_mismatch\",\"delay_seconds\":100}";
    server.control(&format!("verification_sessions/{id}/submit"), delayed).await.ok();
    let redacted = server.create_path("type=document").await;
    server.post(&format!("{redacted}/redact"), "").await.ok();
    server.advance(90).await;
    server.running.stop().await;

    let server = TestServer::with(Settings { people: 50, ..file }).await;
    assert_eq!(server.running.sessions().await, 2, "nobody is invented into a database that has sessions");
    assert_eq!(server.get(&path).await.ok()["status"], "processing", "the clock is where it was");
    server.advance(10).await;
    assert_eq!(server.get(&path).await.ok()["last_error"]["code"], "id_number_mismatch");
    server.advance(FOUR_DAYS).await;
    assert_eq!(server.get(&redacted).await.ok()["redaction"]["status"], "redacted");
    server.running.stop().await;
}

#[tokio::test]
async fn databases_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "this is no database, whatever its name may be. ".repeat(100)).expect("a file");
    let refused = start(settings(Database::Sqlite(text))).await.expect_err("no database");
    assert!(matches!(refused, StartError::Open(_)) && refused.to_string().contains("notes.txt"), "{refused}");
    let missing = folder.path().join("nowhere").join("a.db");
    let refused = start(settings(Database::Sqlite(missing))).await.expect_err("no folder");
    assert!(refused.to_string().contains("does not exist"), "{refused}");
}

#[tokio::test]
async fn the_same_seed_invents_the_same_people() {
    let populated = Settings { people: 150, ..settings(Database::Memory) };
    let (one, two) = (TestServer::with(populated.clone()).await, TestServer::with(populated).await);
    let all = format!("{SESSIONS}?limit=100");
    assert_eq!(one.running.sessions().await, 150);
    assert_eq!(one.ids(&all).await, two.ids(&all).await);
    let grown = one.control("people", "{\"count\":30}").await.ok();
    assert_eq!(grown, json!({ "sessions": 180 }));
    let health = send(one.ask(Method::GET, "/_vetty/health")).await.ok();
    assert_eq!((&health["status"], &health["sessions"]), (&json!("ok"), &json!(180)));
    let mut seen = Vec::new();
    let mut page = one.get(&all).await.ok();
    loop {
        seen.extend(ids(&page));
        if page["has_more"] == false {
            break;
        }
        let last = seen.last().expect("a session");
        page = one.get(&format!("{all}&starting_after={last}")).await.ok();
    }
    let mut unique = seen.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!((seen.len(), unique.len()), (180, 180));
    let statuses = ["requires_input", "processing", "verified", "canceled"];
    for status in statuses {
        assert!(!one.ids(&format!("{SESSIONS}?status={status}")).await.is_empty(), "{status}");
    }
    one.advance(FOUR_DAYS).await;
    assert!(one.ids(&format!("{SESSIONS}?status=processing")).await.is_empty(), "everything ends some time");
}

#[tokio::test]
async fn faults_happen_as_often_as_asked() {
    let server = TestServer::open().await;
    let plan = |kind: &'static str, count: u32| {
        let server = &server;
        async move {
            server.control("faults", &format!("{{\"kind\":\"{kind}\",\"count\":{count}}}")).await.ok();
        }
    };
    plan("rate_limit", 2).await;
    for _ in 0..2 {
        let limited = server.get(SESSIONS).await;
        assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(limited.error()["code"], "rate_limit");
        assert_eq!(limited.header("stripe-rate-limited-reason"), Some("global-rate"));
    }
    assert_eq!(server.get(SESSIONS).await.status, StatusCode::OK);
    plan("lock_timeout", 1).await;
    let locked = server.get(SESSIONS).await;
    assert_eq!(
        (locked.status, locked.error()["code"].take()),
        (StatusCode::TOO_MANY_REQUESTS, json!("lock_timeout"))
    );
    assert_eq!(locked.header("stripe-rate-limited-reason"), None, "no limit was reached");
    plan("server_error", 1).await;
    let broken = server.post(SESSIONS, "type=document").await;
    assert_eq!(
        (broken.status, &broken.error()["type"]),
        (StatusCode::INTERNAL_SERVER_ERROR, &json!("api_error"))
    );
    assert_eq!(broken.header("stripe-should-retry"), None);
    plan("garble", 1).await;
    let garbled = server.get(SESSIONS).await;
    assert!(serde_json::from_str::<Value>(&garbled.text).is_err());
    plan("reset", 1).await;
    let reset = server.form(SESSIONS, "type=document").send().await;
    assert!(reset.is_err(), "{reset:?}");
    assert_eq!(server.running.sessions().await, 0, "none of these did anything");

    plan("truncate", 1).await;
    let create = || server.form(SESSIONS, "type=document").header("idempotency-key", "cut");
    let cut = create().send().await.expect("a head");
    assert!(cut.text().await.is_err(), "the body breaks off");
    assert_eq!(server.running.sessions().await, 1, "but the work is done");
    let again = send(create()).await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (StatusCode::OK, Some("true")));
    assert_eq!(server.running.sessions().await, 1);
    let refused = server.control("faults", "{\"kind\":\"flood\",\"count\":1}").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_hanging_request_does_not_keep_the_sandbox_from_stopping() {
    let server = TestServer::open().await;
    server.control("faults", "{\"kind\":\"hang\",\"count\":1}").await.ok();
    let hanging = tokio::spawn(server.form(SESSIONS, "type=document").send());
    // The fault is no longer waiting once the request has arrived.
    while send(server.ask(Method::GET, "/_vetty/health")).await.ok()["faults"] != 0 {
        tokio::task::yield_now().await;
    }
    assert!(!hanging.is_finished());
    server.running.stop().await;
    assert!(hanging.await.expect("the task ends").is_err());
}

#[tokio::test]
async fn controls_say_what_they_want() {
    let server = TestServer::open().await;
    let path = server.create_path("type=document").await;
    let id = path.rsplit('/').next().expect("an id");
    let submit = format!("verification_sessions/{id}/submit");
    for (control, body, part) in [
        (submit.as_str(), "{\"outcome\":\"approved\"}", "outcome must be verified or one of abandoned,"),
        (submit.as_str(), "{\"outcome\":\"verified\",\"delay_seconds\":-1}", "delay_seconds must be from 0"),
        (submit.as_str(), "", "The body is not the JSON that is wanted"),
        ("clock/advance", "{\"seconds\":-5}", "seconds must be from 0"),
        ("clock/advance", "{\"seconds\":9223372036854775807}", "seconds must be from 0"),
        ("people", "{\"count\":0}", "count must be from 1"),
        ("nothing", "", "There is no such control"),
    ] {
        let refused = server.control(control, body).await;
        let message = refused.error()["message"].as_str().expect("a message").to_owned();
        assert!(refused.status.is_client_error() && message.contains(part), "{control} {body}: {message}");
    }
    let missing = server.submit("/vs_x", "verified").await;
    assert_eq!(
        (missing.status, &missing.error()["code"]),
        (StatusCode::NOT_FOUND, &json!("resource_missing"))
    );
}
