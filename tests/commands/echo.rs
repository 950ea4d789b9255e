//! A server that repeats the key and what it was told of a person: neither what is printed nor what is kept has them.

use std::fs;

use serde_json::json;

use crate::support::cli::CliEnv;
use crate::support::echo::{EMAIL, KEY, NAME, PHONE, WRAPS, Wrap, assert_silent, percent};
use crate::support::files_below;
use crate::support::scripted::ScriptedApi;

fn echoing(wrap: Wrap, status: &'static str) -> ScriptedApi {
    ScriptedApi::start(move |line, _| {
        let mut echo = vec![wrap(KEY)];
        // Only what a request carried can be known.
        if line.starts_with("POST /v1/identity/verification_sessions HTTP") {
            echo.extend([EMAIL, PHONE, NAME].map(wrap));
        }
        let error = json!({
            "type": "invalid_request_error", "code": echo[0], "param": echo.last(), "message": echo.join(" and "),
        });
        let headers = format!("Request-Id: req_{}\r\n", percent(&echo.join(".")));
        ScriptedApi::reply_with(status, &headers, &json!({ "error": error }).to_string())
    })
}

#[test]
fn nothing_that_is_printed_or_kept_has_what_a_server_repeats() {
    let create = ["sessions", "create", "--type", "document", "--email", EMAIL, "--phone", PHONE];
    let name = format!("name={NAME}");
    let create = [&create[..], &["--metadata", &name]].concat();
    for (wrap, status) in WRAPS.into_iter().zip(["400 Bad", "403 No", "404 None"].into_iter().cycle()) {
        let api = echoing(wrap, status);
        let cli = CliEnv::at(&api.base).env("STRIPE_API_KEY", KEY);
        for args in [
            &create[..],
            &["sessions", "list"],
            &["sessions", "get", "vs_1"],
            &["sessions", "cancel", "vs_1", "--yes"],
            &["reports", "list"],
            &["doctor"],
            &["audit", "show"],
        ] {
            let run = cli.run(args);
            assert!(!run.err.is_empty() || !run.out.is_empty(), "{args:?}");
            assert_silent(&format!("{}{}", run.out, run.err), &args.join(" "));
        }
        assert!(cli.audit().iter().any(|line| line["result"] == "refused"));
        for path in files_below(&cli.state()) {
            let bytes = fs::read(&path).expect("a file");
            assert_silent(&String::from_utf8_lossy(&bytes), &path.display().to_string());
        }
    }
}

#[test]
fn a_sentence_of_ten_megabytes_is_a_line() {
    let body =
        json!({ "error": { "type": "api_error", "message": "so sorry ".repeat(1_200_000) } }).to_string();
    let api = ScriptedApi::start(move |_, _| ScriptedApi::reply("400 Bad Request", &body));
    let cli = CliEnv::at(&api.base).env("STRIPE_API_KEY", KEY);
    let told = cli.run(&["sessions", "list"]).fails(1);
    assert!(told.contains("… cut, 10,800,000 bytes in all") && told.len() < 3_000, "{told}");
}
