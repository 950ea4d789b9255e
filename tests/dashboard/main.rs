//! The dashboard: its parts against servers and sandboxes, the real loop on a screen in memory, and the real binary in
//! a pseudo-terminal.

#[cfg(feature = "sandbox")]
mod actions;
#[cfg(feature = "sandbox")]
mod canary;
#[cfg(feature = "sandbox")]
mod changer;
mod client_wire;
#[cfg(unix)]
mod driver;
mod hostile;
#[cfg(feature = "sandbox")]
mod jobs;
#[cfg(all(feature = "sandbox", unix))]
mod journal_kill;
#[cfg(feature = "sandbox")]
mod lists;
#[cfg(feature = "sandbox")]
mod old_state;
#[cfg(all(feature = "sandbox", unix))]
mod pty;
#[cfg(feature = "sandbox")]
mod reasons;
#[cfg(feature = "sandbox")]
mod sight;
#[path = "../support/mod.rs"]
mod support;
#[cfg(feature = "sandbox")]
mod trouble;
