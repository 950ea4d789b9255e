//! `vetty doctor` as a program: what it finds, what it ends with, and that it tells no key.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

const KEY: &str = "rk_test_abcdefghijkl";

/// What a run said on standard output, and how it ended.
struct Told {
    code: Option<i32>,
    out: String,
}

impl Told {
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

/// Runs `vetty doctor` in a home of its own. Whatever it says, no key is in it.
fn doctor(home: &Path, args: &[&str], env: &[(&str, &str)]) -> Told {
    let output = Command::new(env!("CARGO_BIN_EXE_vetty"))
        .arg("doctor")
        .args(args)
        .env_clear()
        .env("HOME", home)
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!out.contains("abcdefghijkl") && !err.contains("abcdefghijkl"), "{out}{err}");
    assert_eq!(err, "");
    Told { code: output.status.code(), out: out.into_owned() }
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn write(home: &Path, path: &str, text: &str) {
    let path = home.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, text).expect("a file");
}

/// An API that refuses changes with `refusal`, has empty lists, and lives at another time than we do.
struct Api {
    base: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Api {
    fn start(reads: &'static str, changes: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let line = answer(stream, reads, changes);
                seen.lock().expect("the lines").push(line);
            }
        });
        Self { base, lines }
    }

    fn changes(&self) -> usize {
        self.lines.lock().expect("the lines").iter().filter(|line| line.starts_with("POST")).count()
    }
}

fn answer(mut stream: TcpStream, reads: &str, changes: &str) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let status = if head.starts_with("POST") { changes } else { reads };
    let body = match status {
        "200 OK" => r#"{"object":"list","data":[],"has_more":false,"url":"/v1"}"#,
        "404 Not Found" => {
            r#"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such session"}}"#
        }
        _ => {
            r#"{"error":{"type":"invalid_request_error","message":"The provided key rk_test_abcdefghijkl may not."}}"#
        }
    };
    // A refusal is nothing that a test can do anything about here: the program says what it got.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nRequest-Id: req_1\r\n\
         Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    head.lines().next().unwrap_or_default().to_owned()
}

#[cfg(feature = "sandbox")]
#[test]
fn with_nothing_set_up_nothing_is_wrong() {
    let home = home();
    let told = doctor(home.path(), &[], &[]);
    assert_eq!(told.code, Some(0), "{}", told.out);
    for line in ["✓ settings", "✓ key", "✓ network", "✓ changes", "✓ clock", "✓ disk", "✓ audit"]
    {
        assert!(told.says(line), "{line}: {}", told.out);
    }
    assert_eq!(fs::read_dir(home.path()).expect("the home").count(), 0, "it left something behind");
}

#[test]
fn a_key_that_may_do_everything() {
    let api = Api::start("200 OK", "404 Not Found");
    let home = home();
    let args = ["--api-base", &api.base, "--format", "json"];
    let told = doctor(home.path(), &args, &[("STRIPE_API_KEY", KEY)]);
    assert_eq!(told.code, Some(0), "{}", told.out);
    for check in ["key", "network", "sessions", "reports", "changes", "memory", "disk", "room"] {
        assert_eq!(told.verdict(check), "ok", "{check}: {}", told.out);
    }
    assert_eq!(api.changes(), 1);
    // The API says that it is 1994.
    assert_eq!(told.verdict("clock"), "warning");
    assert!(told.check("clock")["says"].as_str().expect("a sentence").ends_with("s fast"));
}

#[test]
fn a_key_that_may_only_read() {
    let api = Api::start("200 OK", "403 Forbidden");
    let (home, key) = (home(), [("STRIPE_API_KEY", KEY)]);
    let told = doctor(home.path(), &["--api-base", &api.base, "--format", "json"], &key);
    assert_eq!((told.code, told.verdict("changes").as_str()), (Some(0), "warning"), "{}", told.out);
    let told = doctor(home.path(), &["--api-base", &api.base, "--format", "json", "--read-only"], &key);
    assert_eq!((told.code, told.verdict("changes").as_str()), (Some(0), "skipped"), "{}", told.out);
    assert_eq!(api.changes(), 1, "a read-only profile asks for no change");
}

#[test]
fn a_key_that_is_refused_and_a_host_that_is_not_there() {
    let home = home();
    let api = Api::start("401 Unauthorized", "401 Unauthorized");
    let told = doctor(home.path(), &["--api-base", &api.base], &[("STRIPE_API_KEY", KEY)]);
    assert_eq!(told.code, Some(1), "{}", told.out);
    assert!(told.says("✗ permissions") && told.says("request req_1"), "{}", told.out);
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let base = format!("http://{free}");
    let told = doctor(home.path(), &["--api-base", &base], &[("STRIPE_API_KEY", "sk_test_abcdefghijkl")]);
    assert_eq!(told.code, Some(3), "{}", told.out);
    assert!(told.says("✗ network") && told.says("! key"), "{}", told.out);
}

#[test]
fn keys_that_cannot_be_used() {
    let home = home();
    let told = doctor(home.path(), &[], &[("STRIPE_API_KEY", "pk_test_abcdefghijkl")]);
    assert!(told.code == Some(2) && told.says("publishable key"), "{}", told.out);

    write(home.path(), ".config/vetty/settings.toml", "[profiles.desk]\nkey_file = 'desk.key'\n");
    write(home.path(), ".config/vetty/desk.key", KEY);
    let file = home.path().join(".config/vetty/desk.key");
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("permissions");
    let told = doctor(home.path(), &["--profile", "desk"], &[]);
    assert!(told.code == Some(2) && told.says("chmod 600"), "{}", told.out);
}

#[test]
fn settings_of_a_newer_vetty_are_told_and_kept() {
    let home = home();
    let text = "version = 7\n[desks.left]\nlight = true\n";
    write(home.path(), ".config/vetty/settings.toml", text);
    let told = doctor(home.path(), &[], &[]);
    assert!(told.code == Some(2) && told.says("written for a newer vetty"), "{}", told.out);
    assert!(told.says("· network") && told.says("✓ disk"), "{}", told.out);
    let kept = fs::read_to_string(home.path().join(".config/vetty/settings.toml")).expect("the file");
    assert_eq!(kept, text);
}

#[test]
fn a_state_folder_that_is_not_as_it_should_be() {
    let home = home();
    let args = ["--api-base", "http://127.0.0.1:9", "--format", "json"];
    write(home.path(), ".local/state/vetty/audit.jsonl", "{}\n");
    let told = doctor(home.path(), &args, &[]);
    assert_eq!(told.verdict("audit"), "problem", "{}", told.out);
    assert_eq!(told.verdict("privacy"), "warning", "{}", told.out);
    fs::remove_dir_all(home.path().join(".local")).expect("removed");
    write(home.path(), ".local", "a file");
    let told = doctor(home.path(), &args, &[]);
    let disk = told.check("disk");
    assert!(disk["says"].as_str().expect("a sentence").contains("a file stands where"), "{}", told.out);
}
