//! The flags that the commands of both families share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::moment::moment;
use crate::clock::WallTime;
use crate::config::Flags;
use crate::export::Format;
use crate::identity::params::Created;

/// Where to connect, and with which manners. The same flags may stand before the command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(in crate::cli) struct Connect {
    /// The profile of the settings file to use.
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// The address of the API (or set `VETTY_API_BASE`).
    #[arg(long, global = true, value_name = "URL")]
    api_base: Option<String>,
    /// Ask a sandbox that lives as long as this command.
    #[arg(long, global = true)]
    sandbox: bool,
    /// Change nothing.
    #[arg(long, global = true)]
    read_only: bool,
    /// Allow changes with a live key.
    #[arg(long, global = true)]
    write: bool,
    /// The settings file to read instead of the usual one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Connect {
    /// These flags, and those of `before` the command where these say nothing.
    pub(in crate::cli) fn over(&self, before: Flags) -> Flags {
        Flags {
            profile: self.profile.clone().or(before.profile),
            api_base: self.api_base.clone().or(before.api_base),
            sandbox: self.sandbox || before.sandbox,
            read_only: self.read_only || before.read_only,
            write: self.write || before.write,
            config: self.config.clone().or(before.config),
            theme: before.theme,
        }
    }
}

/// What is printed, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// What to print: columns for people, or something for programs.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) format: FormatChoice,
    /// The columns of a table or of CSV, by the names that CSV has (`metadata.KEY` too).
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(super) columns: Option<Vec<String>>,
    /// Show personal data instead of dots. Every record that is shown is written down in the audit first.
    #[arg(long)]
    pub(super) reveal: bool,
}

/// A format by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatChoice {
    /// Columns for people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object on each line.
    Jsonl,
    /// Comma-separated values; no cell is a formula.
    Csv,
}

impl From<FormatChoice> for Format {
    fn from(choice: FormatChoice) -> Self {
        match choice {
            FormatChoice::Table => Self::Table,
            FormatChoice::Json => Self::Json,
            FormatChoice::Jsonl => Self::Jsonl,
            FormatChoice::Csv => Self::Csv,
        }
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Args)]
pub(super) struct Part {
    /// How many to print at most.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..),
        conflicts_with = "all")]
    pub(super) limit: u32,
    /// Print the whole list, page after page.
    #[arg(long)]
    pub(super) all: bool,
    /// Begin behind this object: with the next older one.
    #[arg(long, value_name = "ID", conflicts_with = "ending_before")]
    pub(super) starting_after: Option<String>,
    /// The objects just newer than this one; at most 100.
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    pub(super) ending_before: Option<String>,
}

/// Bounds of the time of creation.
#[derive(Debug, Args)]
pub(super) struct CreatedArgs {
    /// Created exactly then. Times are 2026-03-01, 2026-03-01T12:00Z, 1772366400, or 7d and 36h for so long ago.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    created: Option<WallTime>,
    /// Created later.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    created_gt: Option<WallTime>,
    /// Created then or later.
    #[arg(long, visible_alias = "since", value_name = "TIME", value_parser = moment)]
    created_gte: Option<WallTime>,
    /// Created earlier.
    #[arg(long, visible_alias = "until", value_name = "TIME", value_parser = moment)]
    created_lt: Option<WallTime>,
    /// Created then or earlier.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    created_lte: Option<WallTime>,
}

impl From<&CreatedArgs> for Created {
    fn from(args: &CreatedArgs) -> Self {
        let second = |time: Option<WallTime>| time.map(WallTime::timestamp);
        Self {
            at: second(args.created),
            gt: second(args.created_gt),
            gte: second(args.created_gte),
            lt: second(args.created_lt),
            lte: second(args.created_lte),
        }
    }
}
