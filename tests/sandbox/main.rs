//! The sandbox over real HTTP, in the API's literal words.

#![cfg(feature = "sandbox")]

mod api;
#[cfg(unix)]
mod database_file;
mod events;
mod files;
#[cfg(target_os = "linux")]
mod full_disk;
mod hosted;
#[cfg(target_os = "linux")]
mod https;
#[cfg(unix)]
mod kill;
mod lifecycle;
mod model;
mod redaction;
mod scenarios;
#[path = "../support/mod.rs"]
mod support;
