//! Creating, updating, canceling, redacting and links: confirmations, audit, exit codes.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::cli::{CliEnv, last_four};
use crate::support::scripted::ScriptedApi;

#[test]
fn a_session_is_created_with_everything_that_the_api_takes() {
    let cli = CliEnv::empty();
    std::fs::write(cli.home().join("phone.txt"), "+14155550132\n").expect("a file");
    let args = [
        "--client-reference-id",
        "user_81",
        "--metadata",
        "user=81",
        "--metadata",
        "note=a=b",
        "--return-url",
        "https://example.com/back",
        "--email",
        "@-",
        "--phone",
        "@phone.txt",
        "--allowed-types",
        "passport,id_card",
        "--require-id-number",
        "--require-live-capture=false",
        "--require-matching-selfie",
        "--expand",
        "provided_details",
        "--format",
        "json",
        "--reveal",
    ];
    let create = ["sessions", "create", "--type", "document"];
    let run = cli.run_with(&[&create[..], &args].concat(), "jenny@example.com\n");
    let session: Value = serde_json::from_str(&run.done()).expect("JSON");
    assert_eq!(
        (&session["status"], &session["client_reference_id"]),
        (&json!("requires_input"), &json!("user_81"))
    );
    assert_eq!(session["metadata"], json!({ "user": "81", "note": "a=b" }));
    assert_eq!(session["provided_details"], json!({ "email": "jenny@example.com", "phone": "+14155550132" }));
    let options = json!({ "allowed_types": ["passport", "id_card"], "require_id_number": true,
        "require_live_capture": false, "require_matching_selfie": true });
    assert_eq!(session["options"]["document"], options);

    let audit = cli.audit();
    let results: Vec<_> = audit.iter().map(|line| (&line["action"], &line["result"])).collect();
    let [create, reveal] = [json!("create"), json!("reveal")];
    let [asked, done] = [json!("asked"), json!("done")];
    assert_eq!(results, [(&create, &asked), (&create, &done), (&reveal, &done)]);
    assert!(!format!("{audit:?}").contains("jenny"), "{audit:?}");

    let url = cli.run(&["sessions", "create", "--type", "id_number", "--url"]).done();
    assert!(url.starts_with(&format!("{}/start/test_", cli.base)) && url.lines().count() == 1, "{url}");
    let error = cli.run(&["sessions", "create"]).fails(2);
    assert!(error.contains("--type"), "{error}");
    let error = cli.run(&["sessions", "create", "--type", "document", "--email", "nobody"]).fails(1);
    assert!(error.contains("(request req_") && !error.contains("nobody"), "{error}");
}

#[test]
fn a_session_is_updated_field_by_field() {
    let cli = CliEnv::empty();
    let id = cli.create(&[
        "--metadata",
        "a=1",
        "--metadata",
        "b=2",
        "--email",
        "jenny@example.com",
        "--require-id-number",
    ]);
    let update = |args: &[&str]| {
        let fixed = ["sessions", "update", &id, "--format", "jsonl"];
        cli.run(&[&fixed[..], args].concat()).objects().remove(0)
    };
    assert_eq!(update(&["--metadata", "a=", "--metadata", "c=3"])["metadata"], json!({ "b": "2", "c": "3" }));
    assert_eq!(update(&["--clear-metadata"])["metadata"], json!({}));
    assert_eq!(update(&["--clear-email"])["provided_details"], Value::Null);
    assert_eq!(update(&["--require-live-capture"])["options"]["document"]["require_live_capture"], true);
    assert_eq!(update(&["--clear-options"])["options"]["document"].get("require_live_capture"), None);
    assert_eq!(update(&["--type", "id_number"])["type"], "id_number");
    let error = cli.run(&["sessions", "update", &id]).fails(2);
    assert!(error.contains("There is nothing to update"), "{error}");

    let other = cli.create(&[]);
    let input = format!("{id}\n{other}\n");
    let args = [
        "sessions",
        "update",
        "-",
        "--metadata",
        "batch=7",
        "--format",
        "csv",
        "--columns",
        "id,metadata.batch",
    ];
    assert_eq!(cli.run_with(&args, &input).done(), format!("id,metadata.batch\n{id},7\n{other},7\n"));
    assert!(cli.outbox().is_empty());
}

#[test]
fn a_cancel_wants_a_reason_and_a_yes() {
    let cli = CliEnv::empty();
    let id = cli.create(&[]);
    let cancel = |args: &[&str]| cli.run(&[&["sessions", "cancel", &id, "--format", "jsonl"], args].concat());
    let error = cancel(&["--yes"]).fails(2);
    assert!(
        error.contains("--reason: duplicate, user_request, fraud, test, other. Nothing was sent."),
        "{error}"
    );
    assert!(cancel(&["--yes", "--reason", "whim"]).fails(2).contains("There is no reason `whim`"));
    assert!(cancel(&["--yes", "--reason", "other"]).fails(2).contains("wants a --note"));
    assert!(cancel(&["--reason", "test"]).fails(2).contains("add --yes. Nothing was sent."));
    assert_eq!(cli.session(&id)["status"], "requires_input");
    let before = cli.audit().len();
    let done = cancel(&["--yes", "--reason", "other", "--note", "ticket 4711"]).objects();
    assert_eq!(done[0]["status"], "canceled");
    assert_eq!(done[0]["metadata"], json!({}), "the audit alone has the reason");
    let audit = &cli.audit()[before..];
    let actions: Vec<&Value> = audit.iter().map(|line| &line["action"]).collect();
    assert_eq!(actions, ["cancel", "cancel"]);
    for line in audit {
        assert_eq!(line["reason"], json!({ "code": "other", "note": "ticket 4711" }));
        assert_eq!((&line["via"], &line["object"]), (&json!("cli:sessions-cancel"), &json!(id)));
    }
    assert!(cli.outbox().is_empty());
}

#[test]
fn many_are_canceled_and_a_refusal_does_not_keep_the_others_back() {
    let cli = CliEnv::empty();
    let done = cli.submitted("verified");
    let open: Vec<String> = (0..9).map(|_| cli.create(&[])).collect();
    let input = format!("{}\n{done}\n{}\n", open[..4].join("\n"), open[4..].join("\n"));
    let args = [
        "sessions",
        "cancel",
        "-",
        "--yes",
        "--reason",
        "duplicate",
        "--format",
        "csv",
        "--columns",
        "id,status",
    ];
    let run = cli.run_with(&args, &input);
    let lines: Vec<String> = open.iter().map(|id| format!("{id},canceled\n")).collect();
    assert_eq!(
        (run.code, run.out),
        (Some(1), format!("id,status\n{}", lines.concat())),
        "in the order given"
    );
    assert!(
        run.err.contains(&format!("refused canceling session {done}")) && run.err.contains("(request req_")
    );
    assert!(run.err.ends_with("vetty: 1 of 10 were not canceled.\n"), "{}", run.err);
    assert!(cli.outbox().is_empty(), "nothing is left to do");
    let audit = cli.audit();
    let jobs: BTreeSet<&str> = audit
        .iter()
        .filter(|line| line["action"] == "cancel")
        .filter_map(|line| line["job"].as_str())
        .collect();
    assert_eq!(jobs.len(), 1, "one job");
    let refused = audit.iter().filter(|line| line["result"] == "refused").count();
    assert_eq!(refused, 1);
}

#[test]
fn a_redaction_wants_the_end_of_each_id_or_the_count() {
    let cli = CliEnv::empty();
    let ids: Vec<String> = (0..3).map(|_| cli.submitted("verified")).collect();
    let redact = |args: &[&str]| {
        cli.run(&[&["sessions", "redact", "--reason", "user_request", "--format", "jsonl"], args].concat())
    };
    assert!(redact(&[&ids[0]]).fails(2).contains("add --confirm with the last four characters of its id"));
    assert!(
        redact(&[&ids[0], "--confirm", "nope"]).fails(2).contains("does not have the last four characters")
    );
    assert!(redact(&[&ids[0], "--confirm-count", "1"]).fails(2).contains("by the last four characters"));
    let both = format!("{},{}", last_four(&ids[0]), last_four(&ids[1]));
    assert!(redact(&[&ids[0], "--confirm", &both]).fails(2).contains("no id given here ends so"));
    assert!(redact(&[&ids[0], &ids[1], "--confirm-count", "3"]).fails(2).contains("there are 2 sessions"));
    assert_eq!(cli.session(&ids[0])["redaction"], Value::Null);

    let one = redact(&[&ids[0], "--confirm", last_four(&ids[0])]).objects();
    assert_eq!(one[0]["redaction"]["status"], "processing");
    let two = redact(&[&ids[1], &ids[2], "--confirm-count", "2"]).objects();
    assert_eq!(two.iter().filter(|session| session["redaction"]["status"] == "processing").count(), 2);
    assert!(cli.outbox().is_empty());
}

#[test]
fn a_link_is_fetched_or_its_absence_explained() {
    let cli = CliEnv::empty();
    let (open, done) = (cli.create(&[]), cli.submitted("verified"));
    let url = cli.run(&["sessions", "url", &open]).done();
    assert!(url.starts_with(&cli.base) && url.lines().count() == 1, "{url}");
    let object: Value =
        serde_json::from_str(&cli.run(&["sessions", "url", &open, "--format", "json"]).done()).expect("JSON");
    assert_eq!(object["id"], open.as_str());
    let error = cli.run(&["sessions", "url", &done]).fails(1);
    assert_eq!(error, format!("vetty: Session {done} has no URL: it is verified already.\n"));
    let run = cli.run(&["sessions", "url", &done, &open, "--format", "csv"]);
    assert_eq!((run.code, run.out.lines().count()), (Some(1), 2), "{}", run.out);
}

#[test]
fn read_only_and_live_keys_change_nothing() {
    let cli = CliEnv::empty();
    let id = cli.create(&[]);
    let error = cli.run(&["sessions", "cancel", &id, "--yes", "--reason", "test", "--read-only"]).fails(2);
    assert!(error.contains("Only reading is allowed here") && error.contains("Nothing was sent."), "{error}");
    assert!(
        cli.run(&["sessions", "create", "--type", "document", "--read-only"])
            .fails(2)
            .contains("Only reading")
    );
    assert_eq!(cli.session(&id)["status"], "requires_input");

    let server = ScriptedApi::start(|_, _| panic!("nothing is to be sent"));
    let cli = CliEnv::at(&server.base).env("STRIPE_API_KEY", "rk_live_abcdefghijkl");
    let error =
        cli.run(&["sessions", "redact", "vs_1aaaa", "--confirm", "aaaa", "--reason", "test"]).fails(2);
    assert!(error.contains("LIVE key") && error.contains("--write"), "{error}");
    assert!(!error.contains("abcdefghijkl"));
}

#[test]
fn what_was_not_reached_is_not_taken_for_done() {
    let nowhere = CliEnv::at("http://127.0.0.1:1");
    let args = ["sessions", "redact", "vs_1aaaa", "vs_1bbbb", "--confirm-count", "2", "--reason", "test"];
    let run = nowhere.run(&args);
    assert_eq!((run.code, run.out.as_str()), (Some(3), ""));
    assert!(run.err.ends_with("vetty: 2 of 2 were not redacted, 1 of them not asked for.\n"), "{}", run.err);
    assert!(!run.err.contains("may have been done"), "{}", run.err);
    assert_eq!(nowhere.outbox(), [""; 0], "nothing is in doubt");
    let audit = nowhere.audit();
    assert_eq!(audit.last().map(|line| &line["result"]), Some(&json!("not_begun")));
}

#[test]
fn an_answer_that_is_not_what_was_asked_for_is_never_done() {
    const OTHER_ID: &str = r#"{"id":"vs_1bbbb","created":1,"livemode":false,"status":"canceled","type":"document",
        "redaction":{"status":"processing"}}"#;
    const OTHER_MODE: &str = r#"{"id":"vs_1aaaa","created":1,"livemode":true,"status":"canceled","type":"document",
        "redaction":{"status":"processing"}}"#;
    const UNCHANGED: &str = r#"{"id":"vs_1aaaa","created":1,"livemode":false,"status":"requires_input",
        "type":"document","redaction":null}"#;
    for answer in [OTHER_ID, OTHER_MODE, UNCHANGED] {
        // Nothing was changed, as reading shows.
        let server = ScriptedApi::start(move |line, _| {
            ScriptedApi::reply("200 OK", if line.starts_with("POST") { answer } else { UNCHANGED })
        });
        let cli = CliEnv::at(&server.base);
        for args in [
            &["sessions", "cancel", "vs_1aaaa", "--yes", "--reason", "test"][..],
            &["sessions", "redact", "vs_1aaaa", "--confirm", "aaaa", "--reason", "test"],
            &["sessions", "update", "vs_1aaaa", "--metadata", "a=b"],
            &["sessions", "update", "vs_1aaaa", "--type", "id_number"],
            &["sessions", "update", "vs_1aaaa", "--require-live-capture", "true"],
        ] {
            let run = cli.run(args);
            assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{args:?} {answer} {}", run.err);
            assert!(run.err.contains("Nobody knows whether it happened"), "{}", run.err);
            assert_eq!(cli.audit().last().map(|line| line["result"].clone()), Some(json!("failed")));
        }
        assert_eq!(server.count("GET /v1/identity/verification_sessions/vs_1aaaa"), 5, "each was read");
    }
}

#[test]
fn a_change_in_doubt_is_said_and_asked_again_under_its_key() {
    let server = ScriptedApi::start(|line, _| {
        if !line.starts_with("POST") {
            return ScriptedApi::reply("404 Not Found", "{}");
        }
        // The change is made, and the answer gets lost.
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{".to_vec()
    });
    let cli = CliEnv::at(&server.base);
    let error = cli.run(&["sessions", "create", "--type", "document"]).fails(3);
    assert!(
        error.contains("Nobody knows whether it happened. Look at the sessions before you ask again."),
        "{error}"
    );
    let redact = ["sessions", "redact", "vs_1aaaa", "--confirm", "aaaa", "--reason", "test"];
    let error = cli.run(&redact).fails(3);
    assert!(error.contains("Ask for the same again: it cannot happen twice."), "{error}");
    assert_eq!(cli.outbox().len(), 2, "what is in doubt stays for the next start");
    cli.run(&redact).fails(3);
    let audit = cli.audit();
    let keys = |action: &str| -> BTreeSet<&str> {
        let lines = audit.iter().filter(|line| line["action"] == action);
        lines.map(|line| line["idempotency_key"].as_str().expect("a key")).collect()
    };
    assert_eq!((keys("create").len(), keys("redact").len()), (1, 1));
    assert_eq!(cli.outbox().len(), 2);
}

#[test]
fn what_an_earlier_run_holds_is_neither_sent_nor_dropped_with_one_of_its_sessions() {
    let server = ScriptedApi::start(|line, _| {
        if !line.starts_with("POST") {
            let body =
                r#"{"id":"vs_1aaaa","created":1,"livemode":false,"status":"verified","type":"document"}"#;
            return ScriptedApi::reply("200 OK", body);
        }
        let body = r#"{"id":"vs_1aaaa","created":1,"livemode":false,"status":"canceled","type":"document",
            "redaction":{"status":"processing"}}"#;
        ScriptedApi::reply("200 OK", body)
    });
    let cli = CliEnv::at(&server.base);
    let host = server.base.strip_prefix("http://").expect("plain http");
    let item = |id: &str, step: &str| json!({ "session": id, "key": format!("key-of-{id}"), "step": { "step": step } });
    let job = json!({ "kind": "job", "id": "00c0ffee00c0ffee-1", "created": "2026-03-01T12:00:00Z", "operator": "ann",
        "profile": "sandbox", "host": host, "mode": "test", "via": "key:X", "act": "redact",
        "items": [item("vs_1aaaa", "asked"), item("vs_1bbbb", "held")] });
    let folder = cli.state().join("vetty/outbox");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("00c0ffee00c0ffee-1.jsonl"), format!("{job}\n")).expect("a job");

    let redact =
        ["sessions", "redact", "vs_1aaaa", "--confirm", "aaaa", "--reason", "test", "--format", "jsonl"];
    let run = cli.run(&redact);
    assert_eq!((run.code, run.out.lines().count()), (Some(0), 1));
    assert!(
        run.err.starts_with("vetty: 2 changes of earlier runs are not finished; of 1 it is"),
        "{}",
        run.err
    );
    let audit = cli.audit();
    assert_eq!(audit.last().map(|line| &line["idempotency_key"]), Some(&json!("key-of-vs_1aaaa")));
    assert_eq!(server.count("POST"), 1);
    let left = cli.outbox();
    assert!(left.len() == 1 && left[0].contains("vs_1bbbb") && !left[0].contains("dropped"), "{left:?}");
}

#[test]
fn ctrl_c_finishes_what_was_begun_and_begins_nothing_more() {
    let (go, wait) = std::sync::mpsc::channel();
    let wait = std::sync::Mutex::new(wait);
    let server = ScriptedApi::start(move |line, _| {
        if !line.starts_with("POST") {
            return ScriptedApi::reply("404 Not Found", "{}");
        }
        wait.lock().expect("one request").recv().expect("the test goes on");
        let body = r#"{"id":"vs_1aaaa","created":1,"livemode":false,"status":"canceled","type":"document",
            "redaction":{"status":"processing"}}"#;
        ScriptedApi::reply("200 OK", body)
    });
    let cli = CliEnv::at(&server.base);
    let args = [
        "sessions",
        "redact",
        "vs_1aaaa",
        "vs_1bbbb",
        "vs_1cccc",
        "--confirm-count",
        "3",
        "--reason",
        "test",
    ];
    let mut child =
        cli.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    server.wait_for("POST");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(kill.success());
    let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    err.read_line(&mut line).expect("a line");
    assert!(line.starts_with("vetty: Stopping: what was begun is finished first."), "{line}");
    go.send(()).expect("the server waits");
    let (mut rest, mut out) = (String::new(), String::new());
    err.read_to_string(&mut rest).expect("text");
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{rest}");
    assert_eq!(rest, "vetty: 2 of 3 were not redacted, 2 of them not asked for.\n");
    assert!(out.contains("vs_1aaaa") && !out.contains("vs_1bbbb"), "{out}");
    assert_eq!(server.count("POST"), 1);
    assert!(cli.outbox().is_empty(), "what was not sent is not held either");
}

/// Some are in doubt under the keys of an earlier run: the same bulk, asked for again, goes on under these.
#[test]
fn a_bulk_that_is_asked_for_again_joins_the_keys_of_the_one_before() {
    let failing = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let fails = std::sync::Arc::clone(&failing);
    let server = ScriptedApi::start(move |line, _| {
        let id = line.split('/').nth(4).and_then(|rest| rest.split([' ', '?']).next()).unwrap_or_default();
        let is_down = fails.load(std::sync::atomic::Ordering::Relaxed);
        if is_down && id != "vs_1cccc" {
            return ScriptedApi::reply("500 Internal Server Error", r#"{"error":{"type":"api_error"}}"#);
        }
        let redaction = if line.starts_with("POST") { r#"{"status":"processing"}"# } else { "null" };
        let body = format!(
            r#"{{"id":"{id}","created":1,"livemode":false,"status":"verified","type":"document","redaction":{redaction}}}"#
        );
        ScriptedApi::reply("200 OK", &body)
    });
    let cli = CliEnv::at(&server.base);
    let redact = |ids: &[&str]| {
        let count = ids.len().to_string();
        let rest = ["--confirm-count", &count, "--reason", "test", "--format", "jsonl"];
        cli.run(&[&["sessions", "redact"], ids, &rest].concat())
    };
    redact(&["vs_1aaaa", "vs_1bbbb", "vs_1cccc"]);
    let keys = |wanted: &str| -> BTreeSet<String> {
        let audit = cli.audit();
        let lines = audit.iter().filter(|line| line["object"] == wanted);
        lines.map(|line| line["idempotency_key"].as_str().expect("a key").to_owned()).collect()
    };
    assert_eq!(cli.outbox().len(), 1);
    failing.store(false, std::sync::atomic::Ordering::Relaxed);
    let run = redact(&["vs_1dddd", "vs_1bbbb", "vs_1aaaa"]);
    assert_eq!((run.code, run.out.lines().count()), (Some(0), 3), "{}", run.err);
    for id in ["vs_1aaaa", "vs_1bbbb", "vs_1cccc", "vs_1dddd"] {
        assert_eq!(keys(id).len(), 1, "{id} was asked for under one key");
    }
    assert_eq!(cli.outbox(), [""; 0], "both jobs are done");
}
