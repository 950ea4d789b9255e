//! `vetty audit`: shows what was changed, revealed and exported, and checks that nothing of it was tampered with.

mod show;
#[cfg(test)]
mod tests;
mod verify;

use std::io::IsTerminal as _;
use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};

use super::moment::moment;
use super::{DONE, UNREACHABLE, WRONG_USAGE, complain, print};
use crate::clock::WallTime;
use crate::config::{ConfigError, Env, Folders};
use crate::journal::{AUDIT, Hash, Journal};
use crate::terminal;

/// The check found something wrong.
const BROKEN: u8 = 1;

/// `vetty audit`.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Show what was changed, revealed and exported on this machine, the oldest first.
    ///
    /// Every change has a line before it is sent and another when it is answered. No line holds personal data.
    #[command(after_help = "\
Examples:
  vetty audit show --since 7d
  vetty audit show --object vs_1NuN4zLkdIwHu7ixleE6HvkI
  vetty audit show --format csv > audit.csv")]
    Show(ShowArgs),
    /// Check that no line was changed, moved or taken away.
    ///
    /// Every line holds the hash of the line before, and the file audit.head holds that of the last. Who can write
    /// both files can write them anew; note the hash that is printed at another place and give it to --expect later.
    #[command(after_help = "\
Examples:
  vetty audit verify
  vetty audit verify --expect ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

Exit codes: 0 the chain holds, 1 it is broken, 2 wrong usage, 3 the files cannot be read.")]
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Only what was done then or later. Times are 2026-03-01, 2026-03-01T12:00Z, 1772366400, or 7d and 36h for so
    /// long ago.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<WallTime>,
    /// Only what was done to this object.
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// What to print: columns for people, or something for programs.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct VerifyArgs {
    /// Also look for the line with this hash, which was noted at another place.
    #[arg(long, value_name = "HASH")]
    expect: Option<Hash>,
}

/// How lines are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Columns for people. Times are UTC; on a terminal only the columns that fit.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object on each line, as in the file.
    Jsonl,
    /// Comma-separated values; no cell is a formula.
    Csv,
}

/// Does what `args` say with this machine's audit, and says how it ended.
pub(super) fn run(args: &AuditArgs) -> u8 {
    let Some(folders) = Folders::find(&Env::from_process()) else {
        complain(ConfigError::NoHome);
        return WRONG_USAGE;
    };
    let path = folders.state.join(AUDIT);
    let done = match &args.command {
        AuditCommand::Show(args) => show(args, &path),
        AuditCommand::Verify(args) => verify(args, &path),
    };
    done.unwrap_or_else(|error| {
        complain(format_args!("{}: {error}", path.display()));
        UNREACHABLE
    })
}

fn show(args: &ShowArgs, path: &Path) -> Result<u8, crate::journal::JournalError> {
    let contents = Journal::read(path)?;
    let lines: Vec<_> = contents.lines.into_iter().filter(|line| args.wants(line)).collect();
    let out = std::io::stdout();
    let width = if out.is_terminal() { terminal::columns() } else { None };
    let code = print(show::text(&lines, args.format, width).as_bytes());
    if lines.is_empty() && args.format == Format::Table {
        complain("nothing of that kind was written down");
    }
    let verdict = Journal::verify(path, None)?;
    if !verdict.is_sound() {
        complain("the chain of the audit is broken: run vetty audit verify");
    } else if !contents.damaged.is_empty() {
        complain(verify::torn(&contents.damaged));
    }
    Ok(code)
}

fn verify(args: &VerifyArgs, path: &Path) -> Result<u8, crate::journal::JournalError> {
    let verdict = Journal::verify(path, args.expect)?;
    match print(verify::text(&verdict, path).as_bytes()) {
        DONE if verdict.is_sound() => Ok(DONE),
        DONE => Ok(BROKEN),
        failed => Ok(failed),
    }
}

impl ShowArgs {
    fn wants(&self, line: &crate::journal::Line) -> bool {
        self.since.is_none_or(|since| line.entry.at >= since)
            && self.object.as_deref().is_none_or(|object| line.entry.object.as_deref() == Some(object))
    }
}
