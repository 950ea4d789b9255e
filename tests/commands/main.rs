//! The command line: the real binary against a real sandbox, and against servers that mean harm.

#![cfg(unix)]

#[cfg(feature = "sandbox")]
mod asking;
#[cfg(feature = "sandbox")]
mod changing;
mod doctor;
mod echo;
#[cfg(feature = "sandbox")]
mod hostile;
mod hygiene;
mod lists;
#[cfg(feature = "sandbox")]
mod reading;
#[cfg(feature = "sandbox")]
mod streams;
#[path = "../support/mod.rs"]
mod support;
