//! The same commands with a person at a terminal: questions, columns, colours, progress.

use crate::support::cli::{CliEnv, last_four};
use crate::support::screen::{Options, Screen};

/// The binary at a terminal of this size, on the sandbox of `cli`.
fn at_terminal(cli: &CliEnv, size: (u16, u16), args: &[&str]) -> Screen {
    let options = Options::program(env!("CARGO_BIN_EXE_vetty")).args(args.iter().copied());
    Screen::start(&options.env("VETTY_API_BASE", &cli.base).size(size.0, size.1))
}

#[test]
fn a_redaction_is_described_and_confirmed_by_its_id() {
    let cli = CliEnv::empty();
    let id = cli.submitted("verified");
    let screen = at_terminal(&cli, (80, 24), &["sessions", "redact", &id]);
    screen.wait_for(&format!("Why redact session {id}?")).wait_for("4  A test");
    screen.type_text("4\r").wait_for("Redact session").wait_for("verified · document · ");
    screen.wait_for("Type the last four characters of its id:");
    screen.type_text("nope\r").wait_for("It was not confirmed. Nothing was sent.");
    assert_eq!(screen.exit_status().exit_code(), 2);
    assert!(cli.session(&id)["redaction"].is_null());

    let screen = at_terminal(&cli, (80, 24), &["sessions", "redact", &id, "--reason", "test"]);
    screen.wait_for("Type the last four characters of its id:");
    screen.type_text(&format!("{}\r", last_four(&id))).wait_for("redaction");
    assert_eq!(screen.exit_status().exit_code(), 0);
    assert_eq!(cli.session(&id)["redaction"]["status"], "processing");
}

#[test]
fn a_cancel_is_confirmed_by_yes_and_many_redactions_by_their_count() {
    let cli = CliEnv::empty();
    let ids = [cli.create(&[]), cli.create(&[])];
    let screen = at_terminal(&cli, (80, 24), &["sessions", "cancel", &ids[0], "--reason", "test"]);
    screen.wait_for("Type yes to go on:").type_text("\r").wait_for("It was not confirmed.");
    assert_eq!(screen.exit_status().exit_code(), 2);
    let screen = at_terminal(&cli, (80, 24), &["sessions", "cancel", &ids[0], "--reason", "test"]);
    screen.wait_for("Type yes to go on:").type_text("yes\r").wait_for("canceled");
    assert_eq!(screen.exit_status().exit_code(), 0);

    let args = ["sessions", "redact", &ids[0], &ids[1], "--reason", "test"];
    let screen = at_terminal(&cli, (80, 24), &args);
    screen.wait_for("Redact 2 sessions for good? This cannot be undone.");
    screen.wait_for("Type how many sessions they are (2):").type_text("2\r").wait_for("REDACTION");
    assert_eq!(screen.exit_status().exit_code(), 0);
    assert_eq!(cli.session(&ids[1])["redaction"]["status"], "processing");
}

#[test]
fn a_table_fits_the_terminal_and_has_colours_unless_they_are_unwanted() {
    let cli = CliEnv::with_people(40);
    let screen = at_terminal(&cli, (80, 40), &["sessions", "list"]);
    screen.wait_for("20 sessions shown, and there are more: --limit N, or --all.");
    assert_eq!(screen.exit_status().exit_code(), 0);
    let contents = screen.contents();
    assert_eq!(contents.trim_end().lines().count(), 22, "no line is broken:\n{contents}");
    assert!(contents.starts_with("ID ") && contents.contains("REFERENCE"), "{contents}");
    assert!(screen.raw_output().windows(4).any(|bytes| bytes == b"\x1b[32"), "green");

    let options = Options::program(env!("CARGO_BIN_EXE_vetty")).args(["sessions", "list"]);
    let screen = Screen::start(&options.env("VETTY_API_BASE", &cli.base).env("NO_COLOR", "1").size(80, 40));
    screen.wait_for("20 sessions shown");
    assert_eq!(screen.exit_status().exit_code(), 0);
    assert!(!screen.raw_output().contains(&0x1b), "no escape sequence");
}

#[test]
fn progress_is_told_at_a_terminal_and_leaves_the_output_alone() {
    let cli = CliEnv::with_people(120);
    let script = format!(
        "{} sessions list --all --format csv --columns id > list.csv; echo \"rc $?\"; wc -l < list.csv",
        env!("CARGO_BIN_EXE_vetty")
    );
    let screen = Screen::start(&Options::shell(&script).env("VETTY_API_BASE", &cli.base));
    screen.wait_for("rc 0").wait_for("121");
    assert_eq!(screen.exit_status().exit_code(), 0);
    assert!(screen.raw_output().windows(9).any(|bytes| bytes == b"sessions "), "it is told");
    assert!(!screen.contents().contains("sessions"), "the line is taken back:\n{}", screen.contents());
}
