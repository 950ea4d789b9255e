//! `vetty doctor` as a program: what it finds, what it ends with, and that it tells no key.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::support::cli::{CliEnv, Run};
use crate::support::scripted::ScriptedApi;

const KEY: &str = "rk_test_abcdefghijkl";

impl Run {
    /// Whether it says this, on one line or over several.
    fn says(&self, text: &str) -> bool {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ").contains(text)
    }

    /// The check of this name, from `--format json`.
    fn check(&self, name: &str) -> Value {
        let report: Value = serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out));
        let checks = report["checks"].as_array().expect("checks");
        let found = checks.iter().find(|check| check["check"] == name);
        found.unwrap_or_else(|| panic!("no check {name}: {}", self.out)).clone()
    }

    fn verdict(&self, name: &str) -> String {
        self.check(name)["verdict"].as_str().expect("a verdict").to_owned()
    }
}

/// Runs `vetty doctor`. Whatever it says, no key is in it.
fn doctor(cli: &CliEnv, args: &[&str]) -> Run {
    let run = cli.run(&[&["doctor"], args].concat());
    assert!(!run.out.contains("abcdefghijkl") && !run.err.contains("abcdefghijkl"), "{run:?}");
    assert_eq!(run.err, "");
    run
}

/// An API that answers changes with one status and the rest with another, has empty lists, and lives at another time
/// than we do.
fn api(reads: &'static str, changes: &'static str) -> ScriptedApi {
    ScriptedApi::start(move |line, _| {
        let status = if line.starts_with("POST") { changes } else { reads };
        let body = match status {
            "200 OK" => r#"{"object":"list","data":[],"has_more":false,"url":"/v1"}"#,
            "404 Not Found" => {
                r#"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such session"}}"#
            }
            _ => {
                r#"{"error":{"type":"invalid_request_error","message":"The provided key rk_test_abcdefghijkl may not."}}"#
            }
        };
        let headers = "Request-Id: req_1\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
        ScriptedApi::reply_with(status, headers, body)
    })
}

#[cfg(feature = "sandbox")]
#[test]
fn with_nothing_set_up_nothing_is_wrong() {
    let cli = CliEnv::bare();
    let run = doctor(&cli, &[]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    for line in ["✓ settings", "✓ key", "✓ network", "✓ changes", "✓ clock", "✓ disk", "✓ audit"]
    {
        assert!(run.says(line), "{line}: {}", run.out);
    }
    assert_eq!(fs::read_dir(cli.home()).expect("the home").count(), 0, "it left something behind");
}

#[test]
fn a_key_that_may_do_everything() {
    let api = api("200 OK", "404 Not Found");
    let cli = CliEnv::bare().env("STRIPE_API_KEY", KEY);
    let run = doctor(&cli, &["--api-base", &api.base, "--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    for check in ["key", "network", "sessions", "reports", "changes", "memory", "disk", "room"] {
        assert_eq!(run.verdict(check), "ok", "{check}: {}", run.out);
    }
    assert_eq!(api.count("POST"), 1);
    // The API says that it is 1994.
    assert_eq!(run.verdict("clock"), "warning");
    assert!(run.check("clock")["says"].as_str().expect("a sentence").ends_with("s fast"));
}

#[test]
fn a_key_that_may_only_read() {
    let api = api("200 OK", "403 Forbidden");
    let cli = CliEnv::bare().env("STRIPE_API_KEY", KEY);
    let run = doctor(&cli, &["--api-base", &api.base, "--format", "json"]);
    assert_eq!((run.code, run.verdict("changes").as_str()), (Some(0), "warning"), "{}", run.out);
    let run = doctor(&cli, &["--api-base", &api.base, "--format", "json", "--read-only"]);
    assert_eq!((run.code, run.verdict("changes").as_str()), (Some(0), "skipped"), "{}", run.out);
    assert_eq!(api.count("POST"), 1, "a read-only profile asks for no change");
}

#[test]
fn a_key_that_is_refused_and_a_host_that_is_not_there() {
    let cli = CliEnv::bare().env("STRIPE_API_KEY", KEY);
    let api = api("401 Unauthorized", "401 Unauthorized");
    let run = doctor(&cli, &["--api-base", &api.base]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.says("✗ permissions") && run.says("request req_1"), "{}", run.out);
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let base = format!("http://{free}");
    let cli = CliEnv::bare().env("STRIPE_API_KEY", "sk_test_abcdefghijkl");
    let run = doctor(&cli, &["--api-base", &base]);
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(run.says("✗ network") && run.says("! key"), "{}", run.out);
}

#[test]
fn keys_that_cannot_be_used() {
    let cli = CliEnv::bare().env("STRIPE_API_KEY", "pk_test_abcdefghijkl");
    let run = doctor(&cli, &[]);
    assert!(run.code == Some(2) && run.says("publishable key"), "{}", run.out);

    let cli = CliEnv::bare();
    cli.write(".config/vetty/settings.toml", "[profiles.desk]\nkey_file = 'desk.key'\n");
    cli.write(".config/vetty/desk.key", KEY);
    let file = cli.home().join(".config/vetty/desk.key");
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("permissions");
    let run = doctor(&cli, &["--profile", "desk"]);
    assert!(run.code == Some(2) && run.says("chmod 600"), "{}", run.out);
}

#[test]
fn settings_of_a_newer_vetty_are_told_and_kept() {
    let cli = CliEnv::bare();
    let text = "version = 7\n[desks.left]\nlight = true\n";
    cli.write(".config/vetty/settings.toml", text);
    let run = doctor(&cli, &[]);
    assert!(run.code == Some(2) && run.says("written for a newer vetty"), "{}", run.out);
    assert!(run.says("· network") && run.says("✓ disk"), "{}", run.out);
    let kept = fs::read_to_string(cli.home().join(".config/vetty/settings.toml")).expect("the file");
    assert_eq!(kept, text);
}

#[test]
fn a_state_folder_that_is_not_as_it_should_be() {
    let cli = CliEnv::bare();
    let args = ["--api-base", "http://127.0.0.1:9", "--format", "json"];
    cli.write(".local/state/vetty/audit.jsonl", "{}\n");
    let run = doctor(&cli, &args);
    assert_eq!(run.verdict("audit"), "problem", "{}", run.out);
    assert_eq!(run.verdict("privacy"), "warning", "{}", run.out);
    fs::remove_dir_all(cli.home().join(".local")).expect("removed");
    cli.write(".local", "a file");
    let run = doctor(&cli, &args);
    let disk = run.check("disk");
    assert!(disk["says"].as_str().expect("a sentence").contains("a file stands where"), "{}", run.out);
}
