//! What a redaction leaves: placeholders over HTTP, and not one byte of the person in the files of the database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::http::send;
use crate::support::server::{REPORTS, SESSIONS, TestServer, ids, path_of, settings};
use reqwest::StatusCode;
use serde_json::{Value, json};
use vetty::sandbox::{Database, Settings};

const DAY: i64 = 86_400;
const CREATE: &str = "type=document&options[document][require_matching_selfie]=true\
    &options[document][require_id_number]=true&client_reference_id=user_1\
    &provided_details[email]=quiet.otter%40mail.example&provided_details[phone]=%2B15005550006\
    &metadata[full_name]=Quiet+Otterborough&return_url=https%3A%2F%2Fshop.example%2Fwelcome-otterborough";
const EVERYTHING: &str = "expand[]=verified_outputs.dob&expand[]=verified_outputs.id_number&expand[]=provided_details\
    &expand[]=verified_outputs.sex&expand[]=verified_outputs.unparsed_place_of_birth\
    &expand[]=last_verification_report.document.number&expand[]=last_verification_report.document.dob\
    &expand[]=last_verification_report.document.expiration_date&expand[]=last_verification_report.id_number.id_number\
    &expand[]=last_verification_report.document.unparsed_place_of_birth";

/// Every personal value in a session that was expanded in full, as it would stand in a file.
fn personal_values(session: &Value) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for object in [
        &session["verified_outputs"],
        &session["provided_details"],
        &session["metadata"],
        &session["last_verification_report"]["document"],
        &session["last_verification_report"]["id_number"],
    ] {
        collect(object, &mut values);
    }
    values
}

fn collect(value: &Value, values: &mut BTreeSet<String>) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        match (name.as_str(), value) {
            // Kept on purpose, or no data of the person.
            (
                "status" | "error" | "type" | "files" | "country" | "issuing_country" | "id_number_type"
                | "sex",
                _,
            ) => {}
            // As JSON: the digits alone stand in every file.
            ("dob" | "issued_date" | "expiration_date", date) if date.is_object() => {
                values.insert(date.to_string());
            }
            (_, Value::String(text)) if text.len() > 3 => {
                values.insert(text.clone());
            }
            (_, inner) => collect(inner, values),
        }
    }
}

/// What to look for. A few digits stand in every time and every count: as a value they stand in quotation marks.
fn needle(value: &str) -> String {
    let few_digits = value.len() < 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    if few_digits { format!("\"{value}\"") } else { value.to_owned() }
}

/// Whether `value` stands in `text`.
fn holds(text: &str, value: &str) -> bool {
    text.contains(&needle(value))
}

/// The personal values that stand in the files of the database, whatever they are called.
fn left_in(folder: &Path, values: &BTreeSet<String>) -> Vec<String> {
    let needles: Vec<String> = values.iter().map(|value| needle(value)).collect();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        for needle in standing_in(&std::fs::read(&path).unwrap(), &needles) {
            found.push(format!("{}: {needle}", path.display()));
        }
    }
    found
}

/// The needles that stand in `bytes`. One pass for all of them: there are hundreds, and the files are long.
fn standing_in<'a>(bytes: &[u8], needles: &'a [String]) -> BTreeSet<&'a str> {
    let start = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    let mut by_start: Vec<Vec<&str>> = vec![Vec::new(); 1 << 16];
    for needle in needles {
        by_start[start(needle.as_bytes())].push(needle);
    }
    let mut found = BTreeSet::new();
    for (at, pair) in bytes.windows(2).enumerate() {
        for needle in &by_start[start(pair)] {
            if bytes[at..].starts_with(needle.as_bytes()) {
                found.insert(*needle);
            }
        }
    }
    found
}

fn in_file(folder: &Path) -> Settings {
    settings(Database::Sqlite(folder.join("sandbox.db")))
}

/// Creates with an idempotency key, submits, and collects what became known of the person.
async fn life_of_one(server: &TestServer, key: &str) -> (String, BTreeSet<String>) {
    let created = send(server.form(SESSIONS, CREATE).header("idempotency-key", key)).await.ok();
    let path = path_of(&created);
    let mut values = BTreeSet::from([
        "otterborough".to_owned(),
        created["client_secret"].as_str().unwrap().rsplit('_').next().unwrap().to_owned(),
    ]);
    for outcome in ["document_unverified_other", "id_number_mismatch", "verified"] {
        server.submit(&path, outcome).await.ok();
        let session = server.get_restricted(&format!("{path}?{EVERYTHING}")).await.ok();
        values.extend(personal_values(&session));
    }
    // A reply with personal data that an idempotency key remembers.
    let update = format!("{path}/redact_not_yet");
    assert_eq!(server.post(&update, "").await.status, StatusCode::NOT_FOUND);
    (path, values)
}

#[tokio::test]
async fn nothing_of_a_redacted_person_is_left_in_the_database_files() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::with(Settings { people: 200, ..in_file(folder.path()) }).await;
    let mut all = BTreeSet::new();
    let mut paths = Vec::new();
    // Many, so that pages of the database are split and rows move.
    for at in 0..40 {
        let (path, values) = life_of_one(&server, &format!("key-{at}")).await;
        all.extend(values);
        paths.push(path);
    }
    assert!(all.len() > 300, "{} values", all.len());
    // They were there.
    assert!(!left_in(folder.path(), &all).is_empty());
    for path in &paths {
        let redacted = server.post(&format!("{path}/redact"), "").await.ok();
        assert_eq!(redacted["redaction"]["status"], "processing");
    }
    server.advance(4 * DAY).await;
    for path in &paths {
        assert_eq!(server.get(path).await.ok()["redaction"]["status"], "redacted");
    }
    // Everybody else stays, and some of them share a name or a city with those who went.
    let others = everything_shown(&server).await;
    all.retain(|value| !others.contains(value.as_str()));
    assert!(all.len() > 150, "{} values", all.len());
    server.running.stop().await;
    assert_eq!(left_in(folder.path(), &all), Vec::<String>::new());
}

/// Whatever the API still says of anybody.
async fn everything_shown(server: &TestServer) -> String {
    let session = EVERYTHING.replace("expand[]=", "expand[]=data.");
    let report = "expand[]=data.document.number&expand[]=data.document.dob&expand[]=data.document.expiration_date\
        &expand[]=data.document.unparsed_place_of_birth&expand[]=data.id_number.id_number";
    let mut shown = String::new();
    for (list, expand) in [(SESSIONS, session.as_str()), (REPORTS, report)] {
        let mut cursor = String::new();
        loop {
            let request = server.ask(reqwest::Method::GET, &format!("{list}?limit=100{cursor}&{expand}"));
            let key = server.running.ip_restricted_key();
            let page = send(request.bearer_auth(key.expose())).await.ok();
            // As it is stored, without blanks.
            shown.push_str(&page.to_string());
            if page["has_more"] == false {
                break;
            }
            cursor = format!("&starting_after={}", ids(&page).pop().unwrap());
        }
    }
    shown
}

#[tokio::test]
async fn what_was_erased_before_a_crash_is_scrubbed_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::with(in_file(folder.path())).await;
    let (path, values) = life_of_one(&server, "key").await;
    server.post(&format!("{path}/redact"), "").await.ok();
    // What a crash would leave behind: the files as they are this moment, with the redaction still to be done.
    let crashed = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|ending| ending != "lock") {
            std::fs::copy(&file, crashed.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    server.running.stop().await;
    let folder = crashed;
    let server = TestServer::with(in_file(folder.path())).await;
    assert_eq!(server.get(&path).await.ok()["redaction"]["status"], "processing");
    server.advance(4 * DAY).await;
    server.running.stop().await;
    assert_eq!(left_in(folder.path(), &values), Vec::<String>::new());
    let server = TestServer::with(in_file(folder.path())).await;
    assert_eq!(server.get(&path).await.ok()["redaction"]["status"], "redacted");
    server.running.stop().await;
}

#[tokio::test]
async fn what_is_written_during_a_scrub_brings_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::with(in_file(folder.path())).await;
    let mut paths = Vec::new();
    for _ in 0..24 {
        paths.push(server.create_path("type=document&metadata[who]=Quiet+Otterborough").await);
    }
    // Rows that grow in turn move on their pages and from page to page, and leave copies behind.
    for round in 1..=12 {
        for (at, path) in paths.iter().enumerate() {
            let name = if at % 2 == 0 { "otterborough" } else { "badgerham" };
            let update = format!("metadata[who]={}", format!("{name}-{at}-{round}-").repeat(2 * round));
            server.post(path, &update).await.ok();
        }
    }
    let gone = BTreeSet::from(["otterborough".to_owned(), "Otterborough".to_owned()]);
    assert!(!left_in(folder.path(), &gone).is_empty());
    for path in paths.iter().step_by(2) {
        server.post(&format!("{path}/redact"), "").await.ok();
    }
    // The odd ones had the same name once.
    for (at, path) in paths.iter().enumerate().skip(1).step_by(2) {
        server.post(path, &format!("metadata[who]=badgerham-{at}")).await.ok();
        server.post(&format!("{path}/redact"), "").await.ok();
    }
    server.advance(4 * DAY).await;
    for turn in 0..400 {
        let path = server.create_path("type=document&metadata[who]=somebody+else").await;
        server.post(&path, &format!("metadata[who]={}", "somebody".repeat(1 + turn % 50))).await.ok();
    }
    server.running.stop().await;
    assert_eq!(left_in(folder.path(), &gone), Vec::<String>::new());
}

#[tokio::test]
async fn the_running_sandbox_scrubs_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::with(in_file(folder.path())).await;
    let (path, values) = life_of_one(&server, "key").await;
    server.post(&format!("{path}/redact"), "").await.ok();
    server.advance(4 * DAY).await;
    // Beside the requests: asks until it is done, and is not told when.
    for _ in 0..2000 {
        if left_in(folder.path(), &values).is_empty() {
            server.running.stop().await;
            return;
        }
        server.control("health", "").await;
    }
    panic!("still there: {:?}", left_in(folder.path(), &values));
}

#[tokio::test]
async fn placeholders_take_the_place_of_data_and_files_lose_their_contents() {
    let server = TestServer::open().await;
    let (path, values) = life_of_one(&server, "key").await;
    let before = server.get_restricted(&format!("{path}?{EVERYTHING}")).await.ok();
    let front = before["last_verification_report"]["document"]["files"][0].as_str().unwrap().to_owned();
    let file_before = server.get(&format!("/v1/files/{front}")).await.ok();
    server.post(&format!("{path}/redact"), "").await.ok();
    for status in ["processing", "redacted"] {
        let session = server.get_restricted(&format!("{path}?{EVERYTHING}")).await;
        let text = session.text.clone();
        let session = session.ok();
        assert_eq!(session["redaction"]["status"], status);
        assert_eq!((&session["metadata"], &session["last_error"]), (&json!({}), &Value::Null));
        assert_eq!(session["verified_outputs"]["first_name"], "[redacted]");
        assert_eq!(session["verified_outputs"]["dob"], json!({ "day": 1, "month": 1, "year": 1 }));
        assert_eq!(session["provided_details"]["email"], "[redacted]");
        assert_eq!(
            session["verified_outputs"]["address"]["country"],
            before["verified_outputs"]["address"]["country"]
        );
        assert_eq!(session["last_verification_report"]["document"]["number"], "[redacted]");
        assert!(values.iter().all(|value| !holds(&text, value)), "{text}");
        let contents = server.get_restricted(&format!("/v1/files/{front}/contents")).await;
        assert_eq!(contents.status, StatusCode::NOT_FOUND);
        assert_eq!(contents.error()["code"], "resource_missing");
        let file = server.get(&format!("/v1/files/{front}")).await.ok();
        assert_eq!((&file["id"], &file["size"]), (&file_before["id"], &file_before["size"]));
        assert_eq!(file["url"], Value::Null);
        // Placeholders are not sensitive: any age may be read.
        server.advance(4 * DAY).await;
    }
}

#[tokio::test]
async fn remembered_replies_are_masked_and_still_recognise_their_request() {
    let server = TestServer::open().await;
    let (path, values) = life_of_one(&server, "key").await;
    let again = || server.form(SESSIONS, CREATE).header("idempotency-key", "key");
    assert_eq!(send(again()).await.ok()["metadata"]["full_name"], "Quiet Otterborough");
    server.post(&format!("{path}/redact"), "").await.ok();
    let replay = send(again()).await;
    assert_eq!(replay.header("idempotent-replayed"), Some("true"));
    assert!(values.iter().all(|value| !holds(&replay.text, value)), "{}", replay.text);
    let replay = replay.ok();
    assert_eq!(path_of(&replay), path);
    let reports = server.get_restricted(&format!("{REPORTS}?expand[]=data.document.number")).await;
    assert!(values.iter().all(|value| !holds(&reports.text, value)), "{}", reports.text);
    assert_eq!((&replay["metadata"], &replay["client_secret"]), (&json!({}), &Value::Null));
    let other = send(server.form(SESSIONS, "type=document").header("idempotency-key", "key")).await;
    assert_eq!(other.error()["type"], "idempotency_error");
}

#[tokio::test]
async fn links_die_with_the_contents() {
    let server = TestServer::open().await;
    let (path, _) = life_of_one(&server, "key").await;
    let session = server.get_restricted(&format!("{path}?{EVERYTHING}")).await.ok();
    let front = session["last_verification_report"]["document"]["files"][0].as_str().unwrap();
    let now = server.advance(0).await["clock"].as_i64().unwrap();
    let request = server.ask(reqwest::Method::POST, "/v1/file_links");
    let request = request.bearer_auth(server.running.restricted_key().expose().to_owned());
    let body = format!("file={front}&expires_at={}&metadata[who]=otterborough", now + 30);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let link = send(request.header("idempotency-key", "link")).await.ok();
    let address = link["url"].as_str().unwrap().strip_prefix(&server.running.api_base()).unwrap().to_owned();
    assert_eq!(server.ask(reqwest::Method::GET, &address).send().await.unwrap().status(), StatusCode::OK);
    server.post(&format!("{path}/redact"), "").await.ok();
    assert_eq!(send(server.ask(reqwest::Method::GET, &address)).await.status, StatusCode::NOT_FOUND);
    let [id] = &server.ids(&format!("/v1/file_links?file={front}")).await[..] else { panic!("one link") };
    let shown = server.get(&format!("/v1/file_links/{id}")).await.ok();
    assert_eq!(shown["metadata"], json!({}));
}

#[tokio::test]
async fn the_length_of_a_redaction_can_be_set() {
    let server = TestServer::with(Settings { redaction_seconds: 60, ..settings(Database::Memory) }).await;
    let path = server.create_path("type=document").await;
    server.post(&format!("{path}/redact"), "").await.ok();
    server.advance(30).await;
    assert_eq!(server.get(&path).await.ok()["redaction"]["status"], "processing");
    server.advance(31).await;
    assert_eq!(server.get(&path).await.ok()["redaction"]["status"], "redacted");
}
