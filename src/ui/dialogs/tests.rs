//! Dialogs as text.

use crate::app::{Msg, Problem, ProblemKind};
use crate::ui::detail::staging::{Drawn, Stage};

/// Every size that screens are proved at.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 12)];

fn drawn(stage: &Stage, cols: u16, rows: u16) -> Drawn {
    stage.drawn(cols, rows, super::draw)
}

/// The dialog that `open` leads to, at one size, with where the cursor is and how far it scrolls.
fn picture(cols: u16, rows: u16, open: impl FnOnce(&mut Stage)) -> String {
    let mut stage = Stage::usual(cols, rows);
    open(&mut stage);
    let Drawn { text, last, cursor } = drawn(&stage, cols, rows);
    let cursor = cursor.map_or_else(|| "none".to_owned(), |(x, y)| format!("{x},{y}"));
    format!("{text}\ncursor {cursor}, last scroll {last}")
}

fn at_every_size(name: &str, open: impl Fn(&mut Stage)) {
    for (cols, rows) in SIZES {
        insta::assert_snapshot!(format!("{name}_{cols}x{rows}"), picture(cols, rows, &open));
    }
}

#[test]
fn cancel_asks_first() {
    at_every_size("cancel", |stage| stage.keys(&["j", "c"]));
}

#[test]
fn redact_wants_the_last_four() {
    at_every_size("redact", |stage| stage.keys(&["X"]));
}

#[test]
fn create() {
    at_every_size("create", |stage| stage.keys(&["n"]));
}

#[test]
fn help() {
    at_every_size("help", |stage| stage.keys(&["?"]));
}

#[test]
fn palette() {
    at_every_size("palette", |stage| stage.keys(&[":"]));
}

#[test]
fn copy() {
    at_every_size("copy", |stage| stage.keys(&["Y"]));
}

#[test]
fn outcome() {
    at_every_size("outcome", |stage| stage.keys(&["j", "t"]));
}
