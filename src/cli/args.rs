//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::{Flags, ThemeChoice};

/// What stands below the options, and in the manual.
const AFTER_HELP: &str = "\
Exit codes:
  0  done
  1  the API refused
  2  wrong usage: flags, settings, key, terminal
  3  something could not be reached

Environment:
  STRIPE_API_KEY  the key, where no profile has one
  VETTY_API_BASE  as --api-base
  NO_COLOR        no colours
  XDG_CONFIG_HOME, XDG_STATE_HOME  where the files are

Files:
  ~/.config/vetty/settings.toml  settings and profiles
  ~/.local/state/vetty           the audit, and what is still to be sent";

/// A terminal for people who review identity verifications, with a local sandbox of the API inside.
///
/// Without a key it starts the sandbox in its own process and fills it with invented people. With
/// `STRIPE_API_KEY`, or a profile in the settings file, it works on that account.
#[derive(Debug, Parser)]
#[command(name = "vetty", version, max_term_width = 100)]
#[command(after_long_help = AFTER_HELP)]
pub(super) struct Cli {
    /// Flags of the dashboard.
    #[command(flatten)]
    pub(super) dashboard: DashboardArgs,
    /// Something else than the dashboard.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List, show, create, update, cancel and redact sessions without a screen.
    Sessions(super::commands::SessionsArgs),
    /// List and show verification reports without a screen.
    Reports(super::commands::ReportsArgs),
    /// Serve the Identity API in test mode on this machine.
    ///
    /// Prints one line of JSON when it is ready, and logs on standard error (`RUST_LOG` sets how much).
    #[cfg(feature = "sandbox")]
    Sandbox(SandboxArgs),
    /// Show what was changed, revealed and exported, and check that the record of it is whole.
    Audit(super::audit::AuditArgs),
    /// Look for what is wrong: settings, key, network, permissions, terminal, disk.
    Doctor(super::doctor::DoctorArgs),
    /// Print the completions for a shell.
    Completions(super::completions::CompletionsArgs),
    /// Print the manual page, or write one for every command.
    Man(super::man::ManArgs),
    /// Print the JSON schema of the settings file.
    Schema,
}

/// Flags of the dashboard. There is none for a key: command lines can be read by everybody on the machine.
#[derive(Debug, Args)]
pub(super) struct DashboardArgs {
    /// The profile of the settings file to use.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The address of the API (or set `VETTY_API_BASE`).
    #[arg(long, value_name = "URL")]
    api_base: Option<String>,
    /// Use the embedded sandbox, whatever key there is.
    #[arg(long)]
    sandbox: bool,
    /// Change nothing.
    #[arg(long)]
    read_only: bool,
    /// Allow changes with a live key.
    #[arg(long)]
    write: bool,
    /// The theme: auto, dark, light or mono.
    #[arg(long, value_name = "NAME")]
    theme: Option<ThemeChoice>,
    /// The settings file to read instead of the usual one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl DashboardArgs {
    pub(super) fn flags(&self) -> Flags {
        Flags {
            profile: self.profile.clone(),
            api_base: self.api_base.clone(),
            sandbox: self.sandbox,
            read_only: self.read_only,
            write: self.write,
            theme: self.theme,
            config: self.config.clone(),
        }
    }
}

/// Flags of the sandbox.
#[cfg(feature = "sandbox")]
#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Where to listen; port 0 picks a free one. Only this machine can connect, unless --expose-as invites others.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:12120")]
    pub(super) listen: std::net::SocketAddr,
    /// Let other machines connect that name this one so, as a host name or an address; may be given several times.
    /// Whoever reaches the sandbox then can read and change everything in it: it takes any test key, and its controls
    /// take none.
    #[arg(long, value_name = "HOST")]
    pub(super) expose_as: Vec<String>,
    /// Where to keep everything: memory:, or sqlite:PATH.
    #[arg(long, value_name = "URL", default_value = "memory:")]
    pub(super) database: String,
    /// How many invented sessions to begin with; 0 is empty [default: what the scenario says, else 400].
    #[arg(long, value_name = "N")]
    pub(super) people: Option<usize>,
    /// Same seed, same people [default: what the scenario says, else 1].
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// A scenario: onboarding, outcomes, rough, or a TOML file.
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) scenario: Option<String>,
    /// The published limits of calls per second, or none [default: what the scenario says, else off].
    #[arg(long, value_name = "real|off")]
    pub(super) rate_limits: Option<RateLimits>,
    /// How long a redaction takes, in seconds on the sandbox clock.
    #[arg(long, value_name = "N", default_value_t = crate::sandbox::Settings::REDACTION_SECONDS,
        value_parser = clap::value_parser!(i64).range(0..=31_536_000))]
    pub(super) redaction_seconds: i64,
    /// The account's default API version: that of events whose listener names none, and of requests without the
    /// header Stripe-Version.
    #[arg(long, value_name = "VERSION", default_value_t)]
    pub(super) api_version: crate::sandbox::ApiVersion,
    /// Send every event to this address, signed with the webhook secret; may be given several times.
    #[arg(long, value_name = "URL")]
    pub(super) forward_to: Vec<String>,
    /// Forward only this type of event; may be given several times. Without it, or as *, that is every type but
    /// `identity.verification_session.redacted`, which has to be named.
    #[arg(long, value_name = "TYPE", requires = "forward_to")]
    pub(super) forward_event: Vec<String>,
    /// Allow webhooks to leave this machine. Without it they go to loopback addresses only.
    #[arg(long)]
    pub(super) allow_remote_webhooks: bool,
}

/// Which limits of calls per second there are.
#[cfg(feature = "sandbox")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum RateLimits {
    /// Those that the API publishes for test accounts.
    Real,
    /// None.
    Off,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound_and_takes_no_key() {
        let command = Cli::command();
        command.clone().debug_assert();
        let mut left = vec![command];
        while let Some(part) = left.pop() {
            let takes_key = |arg: &clap::Arg| arg.get_id().as_str().contains("key");
            assert!(!part.get_arguments().any(takes_key), "{}", part.get_name());
            left.extend(part.get_subcommands().cloned());
        }
    }
}
