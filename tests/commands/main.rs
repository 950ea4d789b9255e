//! The commands without a screen: the real binary against a real sandbox, and against servers that mean harm.

#![cfg(all(feature = "sandbox", unix))]

mod asking;
mod changing;
mod desk;
mod hostile;
mod reading;
#[path = "../support/mod.rs"]
mod support;
