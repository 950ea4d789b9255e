//! `vetty doctor`: looks at everything that vetty stands on, and says what to do about what is wrong.

mod audit;
mod disk;
mod local;
mod outbox;
mod remote;
mod report;

use clap::{Args, ValueEnum};

use super::commands::Connect;
use super::print;
use crate::actions::Keymap;
use crate::config::{self, Env, Flags, Launch};
use report::{Check, Report};

/// How to look, and how to tell.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// What would be asked.
    #[command(flatten)]
    connect: Connect,
    /// How to print what was found.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How to print what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// Looks, tells, and says how it ended: as the worst that was found.
pub(super) fn run(args: &DoctorArgs, before: Flags) -> u8 {
    let report = look(&args.connect.over(before), &Env::from_process());
    let text = match args.format {
        Format::Table => report.table(),
        Format::Json => report.json(),
    };
    match print(text.as_bytes()) {
        super::DONE => report.exit_code(),
        failed => failed,
    }
}

fn look(flags: &Flags, env: &Env) -> Report {
    let mut report = Report::default();
    let launch = settings_and_key(flags, env, &mut report);
    match &launch {
        Some(launch) => report.extend(remote::checks(launch)),
        None => report.push(Check::skipped("network", "nothing was asked: there is nothing to ask with")),
    }
    report.extend(local::checks(env, launch.as_ref()));
    report.extend(disk::checks(env));
    report.extend(audit::checks(env));
    report.extend(outbox::checks(env));
    report
}

/// The settings, and what follows from them. Nothing where they cannot be used.
fn settings_and_key(flags: &Flags, env: &Env, report: &mut Report) -> Option<Launch> {
    let settings = match config::read_settings(flags, env) {
        Ok(settings) => settings,
        Err(error) => {
            report.push(Check::problem("settings", super::WRONG_USAGE, &error.to_string(), None));
            return None;
        }
    };
    report.push(match Keymap::with(&settings.keys) {
        Ok(_) => local::settings(&settings),
        Err(error) => Check::problem("settings", super::WRONG_USAGE, &error.to_string(), None),
    });
    match config::resolve(flags, env, settings) {
        Ok(launch) => {
            report.push(local::key(&launch));
            Some(launch)
        }
        Err(error) => {
            report.push(Check::problem("key", super::WRONG_USAGE, &error.to_string(), None));
            None
        }
    }
}
