//! Whatever comes between two keys, the program acts on exactly the keys typed, and on each at once: nothing else has to
//! come for one to be heard.

use crate::support::screen::{Options, Screen};
use crate::support::vetty;

/// What terminals answer, sooner or later, to somebody who asked. Each holds letters that mean something as keys.
const REPLIES: [&str; 16] = [
    "\x1bP>|XTerm(366)\x1b\\",
    "\x1bP1$r0mqX\x07",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1b_Gi=31;ENOENT: qX ✜\x1b\\",
    "\x1b_qX\x07",
    "\x1b^qX\r\ty\x1b\\",
    "\x1bXqX\x07X\x1b\\",
    "\x1b]10;rgb:cdcd/0000/0000\x07",
    "\x1b]52;c;cVh5\x1b\\",
    "\x1b]lqX — y\x1b\\",
    "\x1b[?62;22c",
    "\x1b[>41;366;0c",
    "\x1b[24;80R",
    "\x1b[?1u",
    "\x1b[?1;2$y",
    "\x1b[?2;0;800;600S",
];

/// What is done to the program beside typing.
#[derive(Clone, Copy, Debug)]
enum Between {
    Resize,
    Focus,
    StopAndGoOn,
    Reply(usize),
}

impl Between {
    const ALL: usize = 3 + REPLIES.len();

    fn of(number: usize) -> Self {
        match number % Self::ALL {
            0 => Self::Resize,
            1 => Self::Focus,
            2 => Self::StopAndGoOn,
            reply => Self::Reply(reply - 3),
        }
    }
}

/// A program whose search field is open, what was typed into it, and what decides of chance.
struct Desk {
    screen: Screen,
    typed: String,
    is_wide: bool,
    /// What the run began with; a failure tells it.
    seed: u64,
    chance: u64,
}

impl Desk {
    fn open(seed: u64) -> Self {
        let screen = Screen::start(&vetty().args(["--sandbox"]).size(120, 40));
        screen.wait_for("All 400 ").press("/");
        Self { screen, typed: String::new(), is_wide: true, seed, chance: seed }
    }

    /// A number below `end` (as `SplitMix64` makes it).
    fn below(&mut self, end: usize) -> usize {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.chance ^ (self.chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        usize::try_from((mixed ^ (mixed >> 29)) >> 33).expect("31 bits") % end
    }

    fn key(&mut self) {
        let key = ["q", "X", "j", "2", "ж"][self.below(5)];
        self.screen.type_text(key);
        self.typed.push_str(key);
    }

    fn paste(&mut self) {
        self.screen.type_text("\x1b[200~qXj\x1b[201~");
        self.typed.push_str("qXj");
    }

    fn disturb(&mut self, between: Between) {
        match between {
            Between::Resize => {
                self.is_wide = !self.is_wide;
                self.screen.resize(if self.is_wide { 120 } else { 119 }, 40);
            }
            Between::Focus => {
                self.screen.press("FocusOut FocusIn");
            }
            Between::StopAndGoOn => {
                self.screen.signal("STOP");
                self.key();
                self.screen.signal("CONT");
            }
            Between::Reply(at) => self.in_pieces(REPLIES[at]),
        }
    }

    /// Sends a reply in pieces. Not cut behind its first character: an escape alone is the key, after a while.
    fn in_pieces(&mut self, reply: &str) {
        let letters: Vec<char> = reply.chars().collect();
        let mut rest = letters.as_slice();
        let mut length = 2 + self.below(3);
        while !rest.is_empty() {
            let (piece, later) = rest.split_at(length.min(rest.len()));
            self.screen.type_text(&piece.iter().collect::<String>());
            rest = later;
            length = 1 + self.below(6);
        }
    }

    /// What was typed stands in the field, and nothing else.
    #[track_caller]
    fn check(&self) {
        let shown = format!("/ {}", self.typed);
        self.screen.wait_until(&format!("“{shown}” in the search field (seed {})", self.seed), |screen| {
            let contents = screen.contents();
            contents.find(&shown).is_some_and(|at| {
                contents[at + shown.len()..]
                    .chars()
                    .next()
                    .is_none_or(|next| next.is_whitespace() || next == '█')
            })
        });
    }

    /// Empties the field, so that it never grows beyond what is seen.
    fn empty(&mut self) {
        self.check();
        for _ in self.typed.chars() {
            self.screen.press("Backspace");
        }
        self.typed.clear();
    }

    /// One random run.
    fn run(seed: u64) {
        let mut desk = Self::open(seed);
        for _ in 0..120 {
            match desk.below(8) {
                0..=2 => desk.key(),
                3 => desk.paste(),
                // An empty field does not show.
                4 if !desk.typed.is_empty() => desk.check(),
                _ => {
                    let between = Between::of(desk.below(Between::ALL));
                    desk.disturb(between);
                }
            }
            if desk.typed.chars().count() > 24 {
                desk.empty();
            }
        }
        desk.key();
        desk.check();
    }
}

#[test]
fn a_key_is_heard_whatever_two_things_come_before_it() {
    let mut desk = Desk::open(1);
    for first in 0..Between::ALL {
        for second in [0, 1, 2, 3, 5, 10, 13] {
            desk.key();
            desk.disturb(Between::of(first));
            desk.disturb(Between::of(second));
            desk.key();
            desk.empty();
        }
    }
}

#[test]
fn exactly_the_keys_typed_whatever_comes_between() {
    Desk::run(20_261_127);
    let seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);
    Desk::run(seed);
}

#[test]
fn the_last_key_after_resizes_is_not_held_back() {
    let (screen, _settings) = super::open();
    screen.press("2 1").resize(100, 30).resize(110, 35).press("q");
    assert_eq!(screen.exit_status().exit_code(), 0);
}

#[test]
fn an_escape_after_a_resize_is_heard_alone() {
    // The first one after the start is the one that is lost, and not always.
    for _ in 0..8 {
        let (screen, _settings) = super::open();
        // The footer tells which keys there are: those of the dialog, or those of the desk.
        screen.press("?").wait_gone("r refresh");
        // Both are there when it goes on.
        screen.signal("STOP").resize(100, 30).press("Esc").signal("CONT").wait_for("r refresh");
        screen.press("q");
        assert_eq!(screen.exit_status().exit_code(), 0);
    }
}

#[test]
fn a_string_without_an_end_is_given_up() {
    let mut desk = Desk::open(1);
    desk.screen.wait_for("Esc clear");
    // Ctrl-C cannot stand in it: it ends the string, and leaves the field.
    desk.screen.type_text("\x1bP>|qX").type_text("\x03").wait_gone("Esc clear").press("/");
    desk.key();
    desk.check();
}

#[test]
fn what_is_typed_behind_a_suspension_is_not_done_after_it() {
    let binary = env!("CARGO_BIN_EXE_vetty");
    let screen = Screen::start(&Options::program("sh").args(["-i"]).env("PS1", "shell> ").size(120, 40));
    screen.wait_for("shell>").type_text(binary).press("Enter").wait_for("All 400 ");
    // All at once: the program has read it before it stops.
    screen.type_text("\x1aX2").wait_for("Stopped");
    screen.press("Ctrl-u").type_text("fg").press("Enter").wait_for("All 400 ");
    for (cols, rows) in [(100, 30), (110, 35), (120, 40)] {
        screen.resize(cols, rows);
    }
    screen
        .press("q")
        .wait_until("the shell asks again", |shown| shown.contents().matches("shell>").count() == 3);
    screen.type_text("exit").press("Enter");
    screen.exit_status();
}
