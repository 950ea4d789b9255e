//! Answers that mean harm, and what they look like in the end.

use serde_json::{Value, json};

use crate::support::cli::CliEnv;
use crate::support::scripted::ScriptedApi;

/// A session in which every text is hostile, as JSON that no serializer would write.
fn hostile_session() -> String {
    let text = r"\u001b]52;c;aGk=\u0007\u001b[2J\u202eexe\n\r\t\u200b\ud800|=cmd()";
    let long = "x".repeat(100 * 1024);
    format!(
        r#"{{"id":"vs_1evil","object":"identity.verification_session","created":1772366400,"livemode":false,
        "status":"requires_input{text}","type":"document{text}","client_reference_id":"={text}",
        "last_error":{{"code":"abandoned{text}","reason":"{text}"}},"related_customer":"cus_{text}",
        "metadata":{{"{text}":"{text}","long":"{long}"}},"url":"https://example.com/{text}",
        "client_secret":"vs_1evil_secret_x",
        "verified_outputs":{{"first_name":"+{text}","last_name":"{text}","phone":"+1415555{text}0132"}}}}"#
    )
}

fn hostile_server() -> ScriptedApi {
    ScriptedApi::start(|line, _| {
        if line.contains("verification_sessions?") || line.contains("verification_sessions HTTP") {
            let body = format!(r#"{{"object":"list","has_more":false,"data":[{}]}}"#, hostile_session());
            return ScriptedApi::reply("200 OK", &body);
        }
        if line.contains("/_vetty/") {
            return ScriptedApi::reply("404 Not Found", "{}");
        }
        if line.contains("refused") {
            let message = r"no\u001b]0;owned\u0007\u202e\n way";
            let body = format!(r#"{{"error":{{"type":"invalid_request_error","message":"{message}"}}}}"#);
            return ScriptedApi::reply("400 Bad Request", &body);
        }
        ScriptedApi::reply("200 OK", &hostile_session())
    })
}

/// Nothing that a terminal obeys, that turns the reading direction, or that cannot be seen.
#[track_caller]
fn assert_harmless(text: &str) {
    let found = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(found, None, "{:?}", &text[..text.len().min(2000)]);
}

#[test]
fn hostile_text_is_marks_in_every_format() {
    let server = hostile_server();
    let cli = CliEnv::at(&server.base);
    for format in ["table", "json", "jsonl", "csv"] {
        for sight in [&[][..], &["--reveal"]] {
            for command in [&["sessions", "list"][..], &["sessions", "get", "vs_1evil"]] {
                let run = cli.run(&[command, &["--format", format], sight].concat());
                let text = run.done();
                assert_harmless(&text);
                assert!(text.contains("␛]52;c;aGk=␇") && text.contains("<U+202E>"), "{format}");
                assert!(!text.contains("secret"), "{format}");
            }
        }
    }
}

#[test]
fn hostile_lines_stay_one_line_and_cells_no_formula() {
    let server = hostile_server();
    let cli = CliEnv::at(&server.base);
    let table = cli.run(&["sessions", "list"]).done();
    assert_eq!(table.lines().count(), 2, "{table}");
    let jsonl = cli.run(&["sessions", "get", "vs_1evil", "--format", "jsonl"]).objects();
    assert_eq!(jsonl[0]["metadata"]["long"].as_str().map(str::len), Some(100 * 1024), "nothing is cut");
    let csv = cli.run(&["sessions", "get", "vs_1evil", "--format", "csv", "--reveal"]).done();
    assert_eq!(csv.lines().count(), 2);
    let line = csv.lines().nth(1).expect("a line");
    for guarded in ["'=␛", "'+␛", "'+1415555␛"] {
        assert!(line.contains(guarded), "{guarded}: {}", &line[..500]);
    }
    assert!(!line.contains(",=") && !line.contains(",+") && !line.contains("\"="), "{}", &line[..500]);
}

#[test]
fn hostile_errors_links_and_ids_are_harmless() {
    let server = hostile_server();
    let cli = CliEnv::at(&server.base);
    let error = cli.run(&["sessions", "get", "vs_refused"]).fails(1);
    assert_harmless(&error);
    assert!(error.contains("no␛]0;owned␇<U+202E>␊ way") && error.contains("(request req_x)"), "{error}");
    let error = cli.run(&["sessions", "url", "vs_1evil"]).fails(3);
    assert_harmless(&error);
    assert!(error.contains("holds characters that no link has"), "{error}");
    let run = cli.run_with(&["sessions", "get", "-"], "vs_\u{1b}]52;c;aGk=\u{7}\n");
    let error = run.fails(2);
    assert_harmless(&error);
    let args = ["sessions", "cancel", "vs_1", "--yes", "--reason", "a\u{1b}[2J\u{202e}"];
    assert_harmless(&cli.run(&args).fails(2));
    assert_harmless(&cli.run(&["sessions", "list", "--columns", "\u{1b}[2J"]).fails(2));
}

#[test]
fn what_the_sandbox_keeps_is_harmless_too() {
    let cli = CliEnv::empty();
    let hostile = "=1\u{1b}]52;c;aGk=\u{7}\u{202e}\n2";
    let id = cli.create(&["--metadata", &format!("k={hostile}"), "--client-reference-id", "@SUM(1)"]);
    let shown = cli.session(&id);
    assert_eq!(shown["metadata"], json!({ "k": "=1␛]52;c;aGk=␇<U+202E>␊2" }));
    let csv = ["sessions", "get", &id, "--format", "csv", "--columns", "client_reference_id,metadata.k"];
    let csv = cli.run(&csv).done();
    assert!(csv.ends_with("\n'@SUM(1),'=1␛]52;c;aGk=␇<U+202E>␊2\n"), "{csv}");
    let table = cli.run(&["sessions", "list"]).done();
    assert_harmless(&table);
    let _: Value =
        serde_json::from_str(&cli.run(&["sessions", "list", "--format", "json"]).done()).expect("JSON");
}
