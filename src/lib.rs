//! vetty: a terminal for people who review identity verifications, with a local sandbox of the API inside.
//!
//! The rooms stand on floors; a room imports only from floors below its own. `ARCHITECTURE.md` has the map, and
//! `tests/source/floors` keeps it.

pub mod actions;
pub mod app;
pub mod blocking;
pub mod catalog;
pub mod changes;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod export;
pub mod identity;
pub mod journal;
pub mod privacy;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod terminal;
pub mod text;
mod tls;
pub mod ui;
pub mod worker;
