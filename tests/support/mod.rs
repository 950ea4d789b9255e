//! What the integration tests share. Each test binary includes it as `mod support`.
//!
//! Three harnesses, one for each way to meet the program: [`app::TestApp`] is the dashboard on a screen in memory,
//! [`server::TestServer`] the sandbox over HTTP, [`cli::CliEnv`] the command line. Beside them, [`screen`] drives a
//! program in a pseudo-terminal and reads the picture it draws.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

#[cfg(feature = "sandbox")]
pub(crate) mod app;
pub(crate) mod cli;
pub(crate) mod client;
pub(crate) mod http;
pub(crate) mod keys;
pub(crate) mod liar;
#[cfg(feature = "sandbox")]
mod memory;
pub(crate) mod process;
pub(crate) mod screen;
pub(crate) mod scripted;
#[cfg(feature = "sandbox")]
pub(crate) mod server;

use screen::Options;

/// The real binary, 120×40, in an empty home. `VETTY_TEST_BINARY` names another build of it.
pub(crate) fn vetty() -> Options {
    let other = std::env::var_os("VETTY_TEST_BINARY");
    Options::program(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_vetty").into()))
}
