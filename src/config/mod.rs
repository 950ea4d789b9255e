//! Settings file, environment, profiles, key sources, themes. Floor 2: imports `text`, `privacy` and `identity`.
//!
//! [`load`] is the whole room in one call: it reads the settings file, finds the key, and answers with a
//! [`Launch`]: where to connect, as whom, and with which manners. Everything below it works on values
//! ([`Flags`], [`Env`], [`Settings`]), so that a test never has to touch the environment of its process.

mod endpoint;
mod env;
mod error;
mod key;
mod key_source;
mod keyring;
mod launch;
mod plain;
mod problem;
mod profiles;
mod settings;
pub mod themes;

pub use endpoint::{ApiBase, STRIPE_API};
pub use env::{Env, Folders};
pub use error::{ConfigError, plain_reason};
pub use key::{Key, KeyKind, KeyProblem, Mode};
pub use launch::{Flags, Launch, Profile, SANDBOX_KEY, Target, load, read_settings, resolve};
pub use problem::closest;
pub use profiles::{ProfileChoice, ProfileOffer, offers, started_on, switch};
pub use settings::{
    ClipboardChoice, DEFAULT_SETTINGS, ProfileSettings, ReasonChoice, SETTINGS_SCHEMA, Settings, ThemeChoice,
};
