//! What can be said to `vetty sessions` and `vetty reports`.

use clap::{Args, Subcommand};

use super::flags::{Connect, CreatedArgs, Output, Part};
use super::values::{pair, unmasked};

/// `vetty sessions`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  vetty sessions list --status requires_input --since 7d
  vetty sessions get vs_1NuN4zLkdIwHu7ixleE6HvkI
  vetty sessions list --all --format csv > sessions.csv
  vetty sessions list --status requires_input --until 30d --all --format jsonl |
    vetty sessions cancel - --yes --reason test

Exit codes: 0 done, 1 the API refused, 2 wrong usage, 3 the API was not reached."
)]
pub(in crate::cli) struct SessionsArgs {
    #[command(subcommand)]
    pub(super) command: SessionsCommand,
    #[command(flatten)]
    pub(super) connect: Connect,
}

/// What can be done with sessions.
#[derive(Debug, Subcommand)]
pub(super) enum SessionsCommand {
    /// List sessions, the newest first.
    ///
    /// Lists have no names of people: `--expand verified_outputs` reads them, and --reveal shows them.
    #[command(after_help = "\
Examples:
  vetty sessions list
  vetty sessions list --status verified --since 2026-03-01 --all --format csv
  vetty sessions list --columns id,status,metadata.user_id,last_error.code
  vetty sessions list --expand last_verification_report --format jsonl

Fields have the names that the API gives them, in all formats. On a terminal a
table shows the columns that have values and fit; --columns chooses. Times are
UTC in tables and CSV, and seconds since 1970 in JSON.")]
    List(Box<ListSessionsArgs>),
    /// Show sessions: all that is known of them, personal data masked.
    #[command(after_help = "\
Examples:
  vetty sessions get vs_1NuN4zLkdIwHu7ixleE6HvkI
  vetty sessions get vs_1NuN4zLkdIwHu7ixleE6HvkI --format json
  vetty sessions get vs_1NuN4zLkdIwHu7ixleE6HvkI --expand verified_outputs.dob --reveal
  vetty sessions get - --format jsonl < ids.txt")]
    Get(GetArgs),
    /// Create a session.
    #[command(after_help = "\
Examples:
  vetty sessions create --type document --require-matching-selfie --metadata user_id=42
  vetty sessions create --type document --email @address.txt --url
  vetty sessions create --verification-flow vf_1VettySelfie")]
    Create(Box<CreateArgs>),
    /// Change type, options, provided details or metadata of sessions.
    ///
    /// What is not named stays as it is.
    #[command(after_help = "\
Examples:
  vetty sessions update vs_1NuN4zLkdIwHu7ixleE6HvkI --metadata user_id=42 --metadata old=
  vetty sessions update vs_1NuN4zLkdIwHu7ixleE6HvkI --type id_number
  vetty sessions update - --metadata batch=7 < ids.txt")]
    Update(Box<UpdateArgs>),
    /// Cancel sessions that require input, so that nothing more can be submitted.
    #[command(after_help = "\
Examples:
  vetty sessions cancel vs_1NuN4zLkdIwHu7ixleE6HvkI --reason duplicate
  vetty sessions cancel - --yes --reason other --note 'ticket 4711' < ids.txt")]
    Cancel(CancelArgs),
    /// Erase, for good, what sessions, their reports, events and logs tell of the person.
    ///
    /// This cannot be undone. On a terminal it asks for the last four characters of the id, or for the count of many.
    #[command(after_help = "\
Examples:
  vetty sessions redact vs_1NuN4zLkdIwHu7ixleE6HvkI --reason user_request
  vetty sessions redact vs_1NuN4zLkdIwHu7ixleE6HvkI --confirm HvkI --reason user_request
  vetty sessions redact - --confirm-count 250 --reason test < ids.txt > done.txt")]
    Redact(RedactArgs),
    /// Print the hosted URL of sessions: where the person submits.
    ///
    /// The API is asked for a fresh one. It lives for 48 hours and works once.
    #[command(after_help = "\
Examples:
  vetty sessions url vs_1NuN4zLkdIwHu7ixleE6HvkI
  vetty sessions url - --format csv < ids.txt")]
    Url(UrlArgs),
}

/// `vetty reports`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  vetty reports list --verification-session vs_1NuN4zLkdIwHu7ixleE6HvkI
  vetty reports get vr_1MwBlH2eZvKYlo2C91hOpFMf --format json

Exit codes: 0 done, 1 the API refused, 2 wrong usage, 3 the API was not reached."
)]
pub(in crate::cli) struct ReportsArgs {
    #[command(subcommand)]
    pub(super) command: ReportsCommand,
    #[command(flatten)]
    pub(super) connect: Connect,
}

/// What can be done with reports.
#[derive(Debug, Subcommand)]
pub(super) enum ReportsCommand {
    /// List reports, the newest first.
    #[command(after_help = "\
Examples:
  vetty reports list --since 24h
  vetty reports list --type document --all --format jsonl
  vetty reports list --columns id,verification_session,document.error.code")]
    List(Box<ListReportsArgs>),
    /// Show reports: what every check found, personal data masked.
    #[command(after_help = "\
Examples:
  vetty reports get vr_1MwBlH2eZvKYlo2C91hOpFMf
  vetty reports get vr_1MwBlH2eZvKYlo2C91hOpFMf --expand document.number --reveal")]
    Get(GetReportsArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListSessionsArgs {
    /// Only sessions in this status.
    #[arg(long, value_name = "STATUS", value_parser = ["requires_input", "processing", "verified", "canceled"])]
    pub(super) status: Option<String>,
    /// Only sessions of this reference.
    #[arg(long, visible_alias = "reference", value_name = "TEXT", value_parser = unmasked)]
    pub(super) client_reference_id: Option<String>,
    /// Only sessions of this Customer.
    #[arg(long, value_name = "ID")]
    pub(super) related_customer: Option<String>,
    /// Only sessions of this Account that stands for a customer.
    #[arg(long, value_name = "ID")]
    pub(super) related_customer_account: Option<String>,
    #[command(flatten)]
    pub(super) created: CreatedArgs,
    #[command(flatten)]
    pub(super) part: Part,
    /// Read this part of each object as well, such as `verified_outputs`; may be given several times.
    #[arg(long, value_name = "PATH")]
    pub(super) expand: Vec<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct ListReportsArgs {
    /// Only reports of this type.
    #[arg(long = "type", value_name = "TYPE", value_parser = ["document", "id_number"])]
    pub(super) kind: Option<String>,
    /// Only reports of this session.
    #[arg(long, visible_alias = "session", value_name = "ID")]
    pub(super) verification_session: Option<String>,
    /// Only reports of this reference.
    #[arg(long, visible_alias = "reference", value_name = "TEXT", value_parser = unmasked)]
    pub(super) client_reference_id: Option<String>,
    #[command(flatten)]
    pub(super) created: CreatedArgs,
    #[command(flatten)]
    pub(super) part: Part,
    /// Read this part of each object as well, such as `document.dob`; may be given several times.
    #[arg(long, value_name = "PATH")]
    pub(super) expand: Vec<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

/// The sessions that a command is about.
#[derive(Debug, Args)]
pub(super) struct SessionIds {
    /// Ids of sessions. `-` reads them from standard input: one to a line, bare or as JSON objects.
    #[arg(required = true, value_name = "ID")]
    pub(super) ids: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct GetArgs {
    #[command(flatten)]
    pub(super) ids: SessionIds,
    /// Read this part as well, such as `verified_outputs.dob`; may be given several times. Sensitive ones need a
    /// restricted key.
    #[arg(long, value_name = "PATH")]
    pub(super) expand: Vec<String>,
    /// Read only what --expand names; else also verified outputs, provided details and the newest report.
    #[arg(long)]
    pub(super) bare: bool,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct GetReportsArgs {
    /// Ids of reports. `-` reads them from standard input: one to a line, bare or as JSON objects.
    #[arg(required = true, value_name = "ID")]
    pub(super) ids: Vec<String>,
    /// Read this part as well, such as `document.number`; may be given several times. Sensitive ones need a
    /// restricted key.
    #[arg(long, value_name = "PATH")]
    pub(super) expand: Vec<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

/// Options of the document check.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of the document check")]
pub(super) struct DocumentArgs {
    /// Accept only these documents.
    #[arg(long, value_name = "TYPE,…", value_delimiter = ',',
        value_parser = ["driving_license", "id_card", "passport"])]
    pub(super) allowed_types: Option<Vec<String>>,
    /// Also check an ID number.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) require_id_number: Option<bool>,
    /// Refuse uploads: the camera has to be used.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) require_live_capture: Option<bool>,
    /// Also compare a selfie with the document.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) require_matching_selfie: Option<bool>,
}

/// What is known of the person.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is known of the person")]
pub(super) struct DetailsArgs {
    /// The person's e-mail address. `@FILE` and `@-` keep it out of the command line, which others can read.
    #[arg(long, value_name = "ADDRESS|@FILE")]
    pub(super) email: Option<String>,
    /// The person's phone number, such as +14155550132. `@FILE` and `@-` as well.
    #[arg(long, value_name = "NUMBER|@FILE")]
    pub(super) phone: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// The type of verification.
    #[arg(long = "type", value_name = "TYPE", value_parser = ["document", "id_number"],
        required_unless_present = "verification_flow")]
    pub(super) kind: Option<String>,
    /// The verification flow that configures the session.
    #[arg(long, visible_alias = "flow", value_name = "ID")]
    pub(super) verification_flow: Option<String>,
    /// Your own name for the person.
    #[arg(long, visible_alias = "reference", value_name = "TEXT", value_parser = unmasked)]
    pub(super) client_reference_id: Option<String>,
    /// A key and its value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) metadata: Vec<(String, String)>,
    /// Where the person is sent afterwards.
    #[arg(long, value_name = "URL", value_parser = unmasked)]
    pub(super) return_url: Option<String>,
    /// A Customer.
    #[arg(long, value_name = "ID")]
    pub(super) related_customer: Option<String>,
    /// An Account that stands for a customer.
    #[arg(long, value_name = "ID")]
    pub(super) related_customer_account: Option<String>,
    /// The account of a Person; needs --related-person.
    #[arg(long, value_name = "ID", requires = "related_person")]
    pub(super) related_person_account: Option<String>,
    /// A Person of a connected account; needs --related-person-account.
    #[arg(long, value_name = "ID", requires = "related_person_account")]
    pub(super) related_person: Option<String>,
    #[command(flatten)]
    pub(super) details: DetailsArgs,
    #[command(flatten)]
    pub(super) document: DocumentArgs,
    #[command(flatten)]
    pub(super) after: AfterChange,
    /// Print the hosted URL of the new session, and nothing else.
    #[arg(long, conflicts_with_all = ["format", "columns", "reveal"])]
    pub(super) url: bool,
}

#[derive(Debug, Args)]
pub(super) struct UpdateArgs {
    #[command(flatten)]
    pub(super) ids: SessionIds,
    /// The type of verification.
    #[arg(long = "type", value_name = "TYPE", value_parser = ["document", "id_number"])]
    pub(super) kind: Option<String>,
    /// Set a key to a value, or remove it with an empty value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) metadata: Vec<(String, String)>,
    /// Remove every key of the metadata.
    #[arg(long, conflicts_with = "metadata")]
    pub(super) clear_metadata: bool,
    #[command(flatten)]
    pub(super) details: DetailsArgs,
    #[command(flatten)]
    pub(super) document: DocumentArgs,
    #[command(flatten)]
    pub(super) clear: ClearArgs,
    #[command(flatten)]
    pub(super) after: AfterChange,
}

/// What an update removes.
#[derive(Debug, Args)]
pub(super) struct ClearArgs {
    /// Remove the e-mail address.
    #[arg(long, conflicts_with = "email", help_heading = "What is known of the person")]
    pub(super) clear_email: bool,
    /// Remove the phone number.
    #[arg(long, conflicts_with = "phone", help_heading = "What is known of the person")]
    pub(super) clear_phone: bool,
    /// Remove all options of the document check.
    #[arg(long, help_heading = "Options of the document check", conflicts_with_all =
        ["allowed_types", "require_id_number", "require_live_capture", "require_matching_selfie"])]
    pub(super) clear_options: bool,
}

/// What is printed of a changed session.
#[derive(Debug, Args)]
pub(super) struct AfterChange {
    /// Read this part of the changed session as well; may be given several times.
    #[arg(long, value_name = "PATH")]
    pub(super) expand: Vec<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

/// Why something is canceled or redacted. It goes to the audit.
#[derive(Debug, Args)]
pub(super) struct ReasonArgs {
    /// Why: a code of the settings (duplicate, `user_request`, fraud, test, other). On a terminal it is asked for.
    #[arg(long, value_name = "CODE")]
    pub(super) reason: Option<String>,
    /// The reason in your own words, at most 200 characters. No personal data: the audit keeps it.
    #[arg(long, value_name = "TEXT", requires = "reason")]
    pub(super) note: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CancelArgs {
    #[command(flatten)]
    pub(super) ids: SessionIds,
    /// Do not ask.
    #[arg(long, short = 'y')]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) reason: ReasonArgs,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct RedactArgs {
    #[command(flatten)]
    pub(super) ids: SessionIds,
    /// Do not ask: the last four characters of the id, one for each id.
    #[arg(long, value_name = "LAST4", value_delimiter = ',')]
    pub(super) confirm: Vec<String>,
    /// Do not ask: how many sessions there are, for two or more.
    #[arg(long, value_name = "N", conflicts_with = "confirm")]
    pub(super) confirm_count: Option<usize>,
    #[command(flatten)]
    pub(super) reason: ReasonArgs,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct UrlArgs {
    #[command(flatten)]
    pub(super) ids: SessionIds,
    /// What to print. A table is the URL alone for one session, and id and URL for several.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub(super) format: super::flags::FormatChoice,
}
