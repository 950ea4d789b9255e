//! The real binary in a pseudo-terminal: its main job with real keys, and the terminal given back whatever happens.

mod closed;
mod endings;
mod sizes;
mod typed;

use std::io::Write as _;

use tempfile::NamedTempFile;

use crate::support::cli::CliEnv;
use crate::support::screen::{Options, Screen};
use crate::support::vetty;

/// The binary at 120×40 on the embedded sandbox, sending changes at once.
fn open() -> (Screen, NamedTempFile) {
    open_with("hold_seconds = 0\n", vetty().size(120, 40))
}

fn open_with(text: &str, options: Options) -> (Screen, NamedTempFile) {
    let settings = settings(text);
    let screen = Screen::start(&options.args(["--config".as_ref(), settings.path().as_os_str()]));
    screen.wait_for("All 400 ");
    (screen, settings)
}

fn settings(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(text.as_bytes()).expect("a settings file");
    file
}

/// The terminal is as the program found it: main screen, cursor, no mouse, cooked.
fn assert_restored(screen: &Screen) {
    let output = screen.raw_output();
    let last = |bytes: &[u8]| output.windows(bytes.len()).rposition(|window| window == bytes);
    for (entered, left) in [
        (&b"\x1b[?1049h"[..], &b"\x1b[?1049l"[..]),
        (b"\x1b[?1004h", b"\x1b[?1004l"),
        (b"\x1b[?2004h", b"\x1b[?2004l"),
        (b"\x1b[?1000h", b"\x1b[?1000l"),
        (b"\x1b[?25l", b"\x1b[?25h"),
    ] {
        assert!(last(entered) < last(left), "{:?} is not taken back", String::from_utf8_lossy(entered));
    }
    assert!(screen.has_its_modes(), "the line is not as it was");
}

/// Waits for something that does not show on the screen.
#[track_caller]
fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !condition() {
        assert!(std::time::Instant::now() < deadline, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

/// The id in the detail of the only row that a search leaves.
fn opened_id(screen: &Screen) -> String {
    let contents = screen.contents();
    let at = contents.find("vs_1").unwrap_or_else(|| panic!("no id on the screen:\n{contents}"));
    contents[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn filters_opens_and_quits() {
    let (screen, _settings) = open();
    screen.resize(80, 24).wait_for("Input 1");
    screen.press("s").wait_until("only sessions that require input", |shown| {
        let contents = shown.contents();
        contents.contains("not submitted") && !contents.contains("✓ verified ")
    });
    screen.press("Enter").wait_for("LAST ERROR");
    screen.press("Esc").wait_gone("LAST ERROR");
    screen.press("q");
    assert_eq!(screen.exit_status().exit_code(), 0);
    assert_restored(&screen);
}

#[test]
fn cancels_with_a_confirmation() {
    let (screen, _settings) = open();
    screen.press("/").type_text("not submitted").press("Enter").wait_for("○ not submitted");
    screen.press("c").wait_for("Cancel the session");
    screen.press("1 Tab Enter").wait_for("Canceled vs_");
    screen.press("q");
    assert_eq!(screen.exit_status().exit_code(), 0);
    let journal = screen.home().join("state/vetty/audit.jsonl");
    let journal =
        std::fs::read_to_string(&journal).unwrap_or_else(|error| panic!("{}: {error}", journal.display()));
    assert!(journal.contains(r#""action":"cancel""#) && journal.contains(r#""result":"done""#), "{journal}");
}

#[test]
fn redacts_with_the_last_four_characters_typed() {
    let (screen, _settings) = open();
    screen.press("/").type_text("verified").press("Enter").wait_for("/ verified");
    screen.press("X").wait_for("Redact for good");
    let id = opened_id(&screen);
    let last_four = &id[id.len() - 4..];
    screen.press("1").type_text(last_four).press("Enter").wait_for("was accepted");
    screen.press("q");
    assert_eq!(screen.exit_status().exit_code(), 0);
}

#[test]
fn creates_and_updates_metadata() {
    let (screen, _settings) = open();
    screen.press("n").wait_for("New session");
    screen.press("Tab Tab Tab Tab Tab").type_text("pty_user").press("Ctrl-s").wait_for("Created vs_");
    screen.press("/").type_text("pty_user").press("Enter").wait_for("/ pty_user");
    screen.press("e").wait_for("Update session");
    screen.press("Up").type_text("7").press("Up").type_text("ticket").press("Ctrl-s").wait_for("Updated vs_");
    screen.wait_for("ticket");
    screen.press("q");
    assert_eq!(screen.exit_status().exit_code(), 0);
}

#[test]
fn copies_through_the_terminal_and_names_the_route() {
    let (screen, _settings) = open();
    screen.press("/").type_text("not submitted").press("Enter").wait_for("○ not submitted");
    screen.press("y").wait_for_output(b"\x1b]52;c;").wait_for("OSC 52");
    let copied = screen.clipboard().expect("a clipboard");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, copied).expect("base64");
    let url = String::from_utf8(bytes).expect("a text");
    assert!(url.starts_with("http://127.0.0.1:") && url.contains("/start/test_"), "{url}");
    screen.press("q");
    screen.exit_status();
}

#[test]
fn follows_the_terminals_size() {
    let (screen, _settings) = open();
    screen.resize(80, 24).wait_until("the screen is drawn at 80×24", |shown| {
        shown.size().1.get() == 80 && shown.contents().contains("Sessions")
    });
    screen.resize(30, 8).wait_for("This is 30 × 8.");
    screen.resize(120, 40).wait_for("All 400 ");
    screen.press("q");
    screen.exit_status();
}

#[test]
fn suspends_and_comes_back() {
    let binary = env!("CARGO_BIN_EXE_vetty");
    let screen = Screen::start(&Options::program("sh").args(["-i"]).env("PS1", "shell> ").size(120, 40));
    screen.wait_for("shell>");
    screen.type_text(binary).press("Enter").wait_for("All 400 ");
    screen.press("Ctrl-z").wait_for("Stopped");
    screen.type_text("fg").press("Enter").wait_for("All 400 ");
    screen.press("j q").wait_until("the shell asks for the third time", |shown| {
        shown.contents().matches("shell>").count() == 3
    });
    screen.type_text("exit").press("Enter");
    screen.exit_status();
}

/// Runs the binary without a terminal, and gives its exit code and what it said on standard error.
fn complaint(args: &[&str], key: Option<&str>) -> (Option<i32>, String) {
    let mut cli = CliEnv::bare();
    if let Some(key) = key {
        cli = cli.env("STRIPE_API_KEY", key);
    }
    let run = cli.run(args);
    (run.code, run.err)
}

#[test]
fn without_a_terminal_it_says_so() {
    let (code, said) = complaint(&[], None);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("terminal") && said.lines().count() <= 2, "{said}");
}

#[test]
fn wrong_settings_are_named_with_file_and_line() {
    let file = settings("hold_seconds = 5\n[profiles.desk]\nkey_fiel = \"x\"\n");
    let path = file.path().to_str().expect("a path");
    let (code, said) = complaint(&["--config", path], None);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains(path) && said.contains('3') && said.contains("key_file"), "{said}");

    let file = settings("[keys]\nfly = [\"x\"]\n");
    let (code, said) = complaint(&["--config", file.path().to_str().expect("a path")], None);
    assert!(code == Some(2) && said.contains("no action \"fly\""), "{said}");
}

#[test]
fn a_key_is_never_repeated() {
    let (code, said) = complaint(&[], Some("pk_test_abcdefghijkl"));
    assert!(code == Some(2) && said.contains("publishable") && !said.contains("abcdefghijkl"), "{said}");
    let (code, said) = complaint(&["--key", "sk_test_abcdefghijkl"], None);
    assert_eq!(code, Some(2), "{said}");
}
