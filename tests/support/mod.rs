//! What the integration tests share: include it with `mod support;`.
//!
//! [`screen`] drives a program in a pseudo-terminal and reads the picture it draws; [`keys`] knows what a key sends.

#![allow(dead_code, reason = "each test file uses its own part of this")]

pub(crate) mod keys;
pub(crate) mod screen;

use screen::Options;

/// The real binary, 120×40, in an empty home.
pub(crate) fn vetty() -> Options {
    Options::program(env!("CARGO_BIN_EXE_vetty"))
}
