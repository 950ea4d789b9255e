//! Answers as an Identity API in test mode, on loopback. Floor 3: imports `text`, `privacy`, `identity` and
//! `config`; only `cli` and tests may import it. It shares no code with `client` but the words of `identity`.
//!
//! A request passes `guard` (is it local?), `server` (faults, route), `auth` (whose key?), `form` and `requests`
//! (what is asked?), `rules` (the lifecycle, on the `store`), and `render` (what is shown). `events` tells what happened,
//! and `delivery` tells it to others. `agenda` does what becomes
//! due in between. `controls` are the tester's own.

mod account;
mod agenda;
pub mod attempt;
mod auth;
mod change;
mod clock;
mod connections;
mod controls;
mod delivery;
mod ephemeral_keys;
mod errors;
mod events;
mod expand;
mod faults;
mod files;
mod flows;
mod form;
mod gate;
mod guard;
mod hosted;
mod idempotency;
mod params;
pub mod people;
mod populate;
pub mod record;
mod redaction;
mod render;
mod reply;
mod requests;
mod rules;
mod scenario;
mod sensitive;
mod server;
mod specimen;
mod start;
mod state;
mod store;
mod submission;
mod tokens;
mod version;
mod wire;

pub use delivery::target::TargetError;
pub use delivery::{Webhooks, WebhooksError};
pub use gate::{Limit, Limits};
pub use guard::NotAHost;
pub use scenario::{Scenario, ScenarioError};
pub use start::{Running, Settings, StartError, start};
pub use store::{Database, DatabaseNameError, OpenError};
pub use version::{ApiVersion, UnknownVersion};
