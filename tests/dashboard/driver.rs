//! The pseudo-terminal driver itself, on small shell programs: what the tests of the real binary rest on.

use std::panic::catch_unwind;

use crate::support::screen::{Options, Screen};

#[test]
fn shows_what_was_drawn_in_colour() {
    let screen = Screen::start(&Options::shell(r"printf '\033[2J\033[3;5H\033[1;31mhello\033[0m'; cat"));
    screen.wait_for("hello");
    let picture = screen.picture();
    let cell = picture.cell(2, 4).unwrap();
    assert_eq!((cell.contents(), cell.bold(), cell.fgcolor()), ("h", true, vt100::Color::Idx(1)));
}

#[test]
fn sends_keys_and_text() {
    let screen = Screen::start(&Options::shell("stty raw -echo; echo ready; cat -v"));
    screen.wait_for("ready").press("x Up Ctrl-a Alt-q Enter").type_text("ab é");
    screen.wait_for("x^[[A^A^[q^Mab M-CM-)");
}

#[test]
fn resizes_with_a_signal() {
    let program =
        r"trap 'echo now $(stty size)' WINCH; echo first $(stty size); while :; do read -r line; done";
    let screen = Screen::start(&Options::shell(program).size(80, 24));
    screen.wait_for("first 24 80").resize(100, 30).wait_for("now 30 100");
    assert_eq!(screen.picture().size().1.get(), 100);
}

#[test]
fn tells_how_a_program_ended() {
    assert_eq!(Screen::start(&Options::shell("exit 7")).exit_status().exit_code(), 7);
    let screen = Screen::start(&Options::shell("echo up; exec cat"));
    assert!(screen.wait_for("up").signal("TERM").exit_status().signal().is_some());
}

#[test]
fn keeps_every_byte_the_title_and_the_clipboard() {
    let screen =
        Screen::start(&Options::shell(r"printf '\033]2;vetty\007\033]52;c;aGk=\007\033[?1049l'; exit 0"));
    screen.exit_status();
    assert!(String::from_utf8_lossy(&screen.raw_output()).ends_with("\x1b[?1049l"));
    assert_eq!((screen.title().as_str(), screen.clipboard().as_deref()), ("vetty", Some("aGk=")));
}

#[test]
fn answers_what_a_program_asks_its_terminal() {
    let screen = Screen::start(&Options::shell(
        r"stty raw -echo; printf '\033[2;3H\033[6n\033[c'; dd bs=1 count=16 2>/dev/null | cat -v",
    ));
    screen.wait_for("^[[2;3R^[[?62;22c");
}

#[test]
fn knows_raw_mode_from_cooked() {
    let screen = Screen::start(&Options::shell(
        "stty raw -echo; echo one; dd bs=1 count=1 2>/dev/null; stty sane; echo two; cat",
    ));
    screen.wait_for("one");
    assert!(!screen.is_cooked());
    screen.press("x").wait_for("two");
    assert!(screen.is_cooked());
}

#[test]
fn gives_the_program_a_clean_environment() {
    let screen = Screen::start(&Options::shell("env | sort; echo end").env("EXTRA", "1"));
    screen.exit_status();
    let shown = screen.contents();
    assert!(shown.contains("EXTRA=1") && shown.contains("TERM=xterm-256color"), "{shown}");
    assert!(shown.contains(&format!("HOME={}", screen.home().display())), "{shown}");
    for name in ["DISPLAY", "STRIPE", "CARGO", "USER="] {
        assert!(!shown.contains(name), "{name} leaked:\n{shown}");
    }
}

#[test]
fn fails_with_the_picture() {
    let failure = catch_unwind(|| {
        Screen::start(&Options::shell("echo only this")).wait_for("that");
    })
    .unwrap_err();
    let message = failure.downcast_ref::<String>().unwrap();
    assert!(message.contains("“that”") && message.contains("only this"), "{message}");
}
