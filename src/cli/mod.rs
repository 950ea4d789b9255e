//! The command line, and the wiring of everything. Floor 7: imports all; only `main` may import it.

mod args;
mod audit;
mod commands;
mod completions;
mod connect_error;
mod dashboard;
mod doctor;
mod hygiene;
mod left_over;
mod man;
mod moment;
#[cfg(feature = "sandbox")]
mod serve;
mod switch;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::config;
use args::Cli;

/// Done.
const DONE: u8 = 0;
/// The API refused, or the status of an object forbids it.
const REFUSED: u8 = 1;
/// Wrong usage: flags, settings, key, terminal.
const WRONG_USAGE: u8 = 2;
/// Something could not be reached or opened.
const UNREACHABLE: u8 = 3;
/// Ended by Ctrl-C with something left to do, as a shell counts it.
const INTERRUPTED: u8 = 130;

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    hygiene::close_up();
    hygiene::outlive_file_limits();
    // Reports of panics and errors must not be lost because there was no room to install a prettier one.
    if let Err(error) = crate::terminal::panic::install_panic_hook() {
        complain(error);
    }
    let cli = Cli::parse();
    let code = match cli.command {
        None => dashboard::run(&cli.dashboard),
        Some(args::Command::Sessions(args)) => commands::sessions(&args, cli.dashboard.flags()),
        Some(args::Command::Reports(args)) => commands::reports(&args, cli.dashboard.flags()),
        #[cfg(feature = "sandbox")]
        Some(args::Command::Sandbox(args)) => serve::run(&args),
        Some(args::Command::Audit(args)) => audit::run(&args),
        Some(args::Command::Doctor(args)) => doctor::run(&args, cli.dashboard.flags()),
        Some(args::Command::Completions(args)) => completions::run(&args),
        Some(args::Command::Man(args)) => man::run(&args),
        Some(args::Command::Schema) => print(config::SETTINGS_SCHEMA.as_bytes()),
    };
    ExitCode::from(code)
}

/// Says what is wrong on standard error.
fn complain(what: impl std::fmt::Display) {
    // Standard error may be closed; then there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "vetty: {what}");
}

/// Writes `bytes` to standard output, and says how it went. A reader that has enough is no mistake.
fn print(bytes: &[u8]) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            complain(format_args!("cannot write: {}", config::plain_reason(&error)));
            UNREACHABLE
        }
        _ => DONE,
    }
}

/// Ctrl-C and SIGTERM, noticed from the moment that this is made.
struct StopSignals {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl StopSignals {
    /// Begins to notice them.
    ///
    /// # Errors
    /// When the system has no room for a handler.
    fn notice() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?] })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for the next one.
    async fn wait(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }
}
