//! The API that a command asks, and the audit that it writes to.

use std::io::IsTerminal as _;

use super::failure::Failure;
use super::flags::Connect;
use crate::app::{self, Problem};
use crate::cli::{complain, dashboard, left_over};
use crate::client::Client;
use crate::config::{self, Env, Flags, Launch, ReasonChoice, Target};
use crate::export::Record;
use crate::journal::{Item, Job};
use crate::privacy::{Lens, PersonalKeys, Sight};
use crate::worker::{Change, ChangeError, Changer, Connected, Intent, Made};

/// An API that can be asked.
pub(super) struct Api {
    connected: Connected,
    read_only: bool,
    reasons: Vec<ReasonChoice>,
    keys: PersonalKeys,
}

impl Api {
    /// Settles where to connect. Nothing is sent yet.
    pub(super) fn settle(connect: &Connect, before: Flags) -> Result<(Launch, Env), Failure> {
        let env = Env::from_process();
        let flags = connect.over(before);
        let launch =
            config::load(&flags, &env).map_err(|error| Failure::usage(sentence(&error.to_string())))?;
        if launch.target == Target::EmbeddedSandbox && !flags.sandbox {
            // A script whose key got lost must not take invented people for real ones.
            return Err(Failure::usage(
                "There is no API key. Set STRIPE_API_KEY, choose a profile with --profile, name a sandbox on this \
                 machine with --api-base, or add --sandbox to ask one that lives as long as this command.",
            ));
        }
        Ok((launch, env))
    }

    /// Connects.
    pub(super) async fn open(launch: Launch, env: Env) -> Result<Self, Failure> {
        let (read_only, reasons) = (launch.read_only, launch.settings.reasons.clone());
        let keys = launch.settings.masking.clone();
        left_over::remind(&launch.folders.state);
        let connected = dashboard::connect(launch, env).await?;
        tell_of_tries(connected.changer.client());
        Ok(Self { connected, read_only, reasons, keys })
    }

    /// Asks the API.
    pub(super) const fn client(&self) -> &Client {
        self.connected.changer.client()
    }

    /// Changes things.
    pub(super) const fn changer(&self) -> &Changer {
        &self.connected.changer
    }

    /// Makes one change, and says what is to be known of it besides.
    pub(super) async fn make(&self, intent: &Intent, change: Change) -> Result<Made, Failure> {
        // What these say is on no disk, so that another run cannot ask again under the same key.
        let is_forgotten = matches!(change, Change::Create(_) | Change::Update(..)) && intent.job.is_none();
        let made = self.changer().make(intent, change).await.map_err(|error| match error {
            ChangeError::InDoubt { .. } if is_forgotten => Problem::from(error)
                .with_hint("Nobody knows whether it happened. Look at the sessions before you ask again."),
            error => error.into(),
        })?;
        made.unwritten.iter().for_each(complain);
        Ok(made)
    }

    /// Makes the change of a job to one of its sessions, and says what is to be known of it besides.
    pub(super) async fn make_item(&self, job: &Job, item: &Item) -> Result<Made, Failure> {
        let made = self.changer().make_item(job, item, None).await?;
        made.unwritten.iter().for_each(complain);
        Ok(made)
    }

    /// Whether real people are at the other end.
    pub(super) const fn is_live(&self) -> bool {
        self.connected.connection.live
    }

    /// What a cancel or a redaction can be given as a reason.
    pub(super) fn reasons(&self) -> &[ReasonChoice] {
        &self.reasons
    }

    /// What records show with this sight, as the settings say of the keys of metadata.
    pub(super) const fn lens(&self, sight: Sight) -> Lens<'_> {
        Lens { sight, keys: &self.keys }
    }

    /// Refuses every change where only reading is allowed.
    pub(super) fn need_write(&self) -> Result<(), Failure> {
        if !self.read_only {
            return Ok(());
        }
        let why = if self.is_live() {
            "This is a LIVE key, and changes with one need --write, or a profile with `write = true`."
        } else {
            "Only reading is allowed here: --read-only, or the profile says so."
        };
        Err(Failure::usage(format!("{why} Nothing was sent.")))
    }

    /// Writes down that these records are about to be shown unmasked. They may be shown only after this.
    pub(super) async fn reveal(&self, via: &str, records: &[Record], fields: &[&str]) -> Result<(), Failure> {
        let intent = Intent::via(via);
        for id in records.iter().filter_map(Record::id) {
            self.changer().recorder().reveal(&intent, id, fields).await?;
        }
        Ok(())
    }
}

/// Tells on a terminal why nothing comes: a silent API is waited for a minute and a half.
fn tell_of_tries(client: &Client) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    client.watch(|failed| {
        let (next, of) = (failed.number + 1, failed.of);
        let clause = app::sentence(&failed.error.summary());
        complain(format!("{clause} Try {next} of {of} follows; Ctrl-C stops."));
    });
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let end = if clause.ends_with('.') { "" } else { "." };
    format!("{clause}{end}")
}
