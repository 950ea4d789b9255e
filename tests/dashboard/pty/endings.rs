//! Whatever ends the program, and whatever the terminal does meanwhile: the terminal comes back, the process ends as the
//! signal says, and what is promised stays.

use super::{assert_restored, open, open_with, wait_for};
use crate::support::process::SandboxProcess;
use crate::support::screen::Screen;
use crate::support::vetty;

/// Signals that can be caught and end a program that does nothing about them, and what whoever waits for it is told.
const ENDING: [(&str, &str); 13] = [
    ("HUP", "Hangup"),
    ("INT", "Interrupt"),
    ("QUIT", "Quit"),
    ("TERM", "Terminated"),
    ("ABRT", "Abort"),
    ("ALRM", "Alarm"),
    ("VTALRM", "Virtual timer"),
    ("PROF", "Profiling timer"),
    ("USR1", "User defined signal 1"),
    ("USR2", "User defined signal 2"),
    ("XCPU", "CPU"),
    ("TRAP", "Trace"),
    ("SYS", "Bad system call"),
];

/// Those of Linux alone: whoever waits gets the exit code that a shell makes of them.
#[cfg(target_os = "linux")]
const ENDING_ON_LINUX: [(&str, std::ops::RangeInclusive<u32>); 5] = [
    ("IO", 128 + 29..=128 + 29),
    ("PWR", 128 + 30..=128 + 30),
    ("STKFLT", 128 + 16..=128 + 16),
    // The C library says which real-time signal is the first.
    ("RTMIN", 128 + 34..=128 + 35),
    ("64", 128 + 64..=128 + 64),
];

#[test]
fn every_signal_that_ends_it_gives_the_terminal_back() {
    for (name, said) in ENDING {
        let (screen, _settings) = open();
        let status = screen.signal(name).exit_status();
        assert!(status.signal().is_some_and(|ended| ended.contains(said)), "SIG{name}: {status:?}");
        assert_restored(&screen);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn signals_of_linux_alone_give_it_back_too() {
    for (name, codes) in ENDING_ON_LINUX {
        let (screen, _settings) = open();
        let status = screen.signal(name).exit_status();
        assert!(codes.contains(&status.exit_code()), "SIG{name}: {status:?}");
        assert_restored(&screen);
    }
}

#[test]
fn signals_that_end_nothing_end_nothing() {
    let (screen, _settings) = open();
    for name in ["PIPE", "XFSZ", "CHLD", "URG", "CONT", "WINCH"] {
        screen.signal(name);
    }
    screen.resize(30, 8).wait_for("This is 30 × 8.");
    screen.resize(120, 40).wait_for("All 400 ").press("q");
    assert_eq!(screen.exit_status().exit_code(), 0);
    assert_restored(&screen);
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_gives_the_terminal_back() {
    let (screen, _settings) = open_with("", vetty().size(120, 40).env("VETTY_PANIC_ON_SIGUSR1", "1"));
    screen.signal("USR1");
    assert_eq!(screen.exit_status().exit_code(), 101);
    assert_restored(&screen);
    assert!(screen.contents().contains("vetty"), "{}", screen.contents());
}

#[test]
fn what_is_held_is_told_and_stays_whatever_signal_ends_it() {
    for name in ["HUP", "USR1", "VTALRM"] {
        let (screen, _settings) = open_with("hold_seconds = 30\n", vetty().size(120, 40));
        hold_a_cancel(&screen);
        screen.signal(name).exit_status();
        assert_restored(&screen);
        assert!(screen.contents().contains("1 change was not sent in full"), "{}", screen.contents());
        assert_eq!(outbox(&screen), 1, "SIG{name}");
        assert!(!audit(&screen).contains(r#""action":"cancel""#), "SIG{name}");
    }
}

fn hold_a_cancel(screen: &Screen) {
    screen.press("/").type_text("not submitted").press("Enter").wait_for("○ not submitted");
    screen.press("c").wait_for("Cancel the session");
    screen.press("1 Tab Enter").wait_gone("Cancel the session");
    wait_for("a job in the outbox", || outbox(screen) == 1);
}

fn outbox(screen: &Screen) -> usize {
    let Ok(files) = std::fs::read_dir(screen.home().join("state/vetty/outbox")) else { return 0 };
    files.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "jsonl")).count()
}

fn audit(screen: &Screen) -> String {
    std::fs::read_to_string(screen.home().join("state/vetty/audit.jsonl")).unwrap_or_default()
}

type Block = fn(&Screen);

/// How a terminal takes no more.
const BLOCKED: [(&str, Block); 2] = [
    ("output is stopped", |screen| {
        screen.stop_output();
    }),
    ("nobody reads", |screen| {
        screen.stop_reading();
        let mut is_wide = false;
        wait_for("a full buffer", || {
            // Each size is drawn anew, in full.
            is_wide = !is_wide;
            screen.resize(if is_wide { 900 } else { 899 }, 300);
            !screen.takes_more()
        });
    }),
];

#[test]
fn a_blocked_terminal_does_not_hold_up_the_end() {
    for (how, block) in BLOCKED {
        for signal in ["TERM", "INT", "USR2"] {
            let (screen, _settings) = open();
            block(&screen);
            let status = screen.press("j j Enter").signal(signal).exit_status();
            assert!(status.signal().is_some(), "{how}, SIG{signal}: {status:?}");
            assert!(screen.has_its_modes(), "{how}, SIG{signal}: the line is not as it was");
        }
    }
}

#[test]
fn what_is_held_stays_though_the_terminal_is_blocked() {
    for (how, block) in BLOCKED {
        let (screen, _settings) = open_with("hold_seconds = 600\n", vetty().size(120, 40));
        hold_a_cancel(&screen);
        block(&screen);
        // What it says of the job goes to the same terminal, and is held up too.
        let status = screen.press("j").signal("TERM").exit_status();
        assert!(status.signal().is_some_and(|ended| ended.contains("Terminated")), "{how}: {status:?}");
        assert!(screen.has_its_modes(), "{how}");
        assert_eq!(outbox(&screen), 1, "{how}");
        assert!(!audit(&screen).contains(r#""action":"cancel""#), "{how}");
    }
}

#[test]
fn a_change_comes_to_its_end_though_the_terminal_is_blocked() {
    let sandbox = SandboxProcess::start(["--people", "40"]);
    let options = vetty().size(120, 40).args(["--api-base", sandbox.base.as_str()]);
    let screen = Screen::start(&options.env("STRIPE_API_KEY", &sandbox.key));
    screen
        .wait_for("All 40 ")
        .press("/")
        .type_text("not submitted")
        .press("Enter")
        .wait_for("○ not submitted");
    screen.press("e").wait_for("Update session");
    screen.press("Up").type_text("7").press("Up").type_text("ticket").wait_for("ticket");
    // The answer comes when the terminal takes nothing more.
    sandbox.signal("STOP");
    screen.press("Ctrl-s");
    wait_for("the first line of the audit", || audit(&screen).contains(r#""result":"asked""#));
    screen.stop_output().press("j");
    sandbox.signal("CONT");
    wait_for("the second line of the audit", || audit(&screen).contains(r#""result":"done""#));
    wait_for("nothing left to be done", || outbox(&screen) == 0);
    screen.signal("TERM").exit_status();
    assert!(screen.has_its_modes());
}
