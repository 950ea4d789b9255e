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
pub(crate) mod echo;
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

use std::fs;
use std::path::{Path, PathBuf};

use screen::Options;

/// The real binary, 120×40, in an empty home. `VETTY_TEST_BINARY` names another build of it.
pub(crate) fn vetty() -> Options {
    let other = std::env::var_os("VETTY_TEST_BINARY");
    Options::program(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_vetty").into()))
}

/// Every file in `folder` and in the folders below it.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
