//! The command line, and the wiring of everything. Floor 7: imports all; only `main` may import it.

mod args;
mod dashboard;
#[cfg(feature = "sandbox")]
mod serve;
mod switch;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::Cli;

/// Done.
const DONE: u8 = 0;
/// Wrong usage: flags, settings, key, terminal.
const WRONG_USAGE: u8 = 2;
/// Something could not be reached or opened.
const UNREACHABLE: u8 = 3;

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    // Reports of panics and errors must not be lost because there was no room to install a prettier one.
    if let Err(error) = crate::terminal::panic::install_panic_hook() {
        complain(error);
    }
    let cli = Cli::parse();
    let code = match cli.command {
        None => dashboard::run(&cli.dashboard),
        #[cfg(feature = "sandbox")]
        Some(args::Command::Sandbox(args)) => serve::run(&args),
        #[cfg(not(feature = "sandbox"))]
        Some(never) => match never {},
    };
    ExitCode::from(code)
}

/// Says what is wrong on standard error.
fn complain(what: impl std::fmt::Display) {
    // Standard error may be closed; then there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "vetty: {what}");
}
