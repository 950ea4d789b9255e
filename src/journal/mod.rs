//! What was done and what is still to be done, on disk. Floor 3: imports floors 0 to 2.
//!
//! The **audit** ([`Journal`]) has one JSON line for each step of a change (asked, done, refused, failed), for each
//! reveal and each export. Lines are only ever added, each is on the disk before [`Journal::record`] returns, and each
//! holds the hash of the one before; a head file names the last. [`Journal::verify`] finds gaps, edits and a cut end.
//! The **outbox** ([`Outbox`]) has one file for each job that is not finished.
//!
//! Both hold ids, codes and names, so that nothing personal gets into them. There are two exceptions: the operator's
//! own note in a [`Reason`], and the metadata of a job, which goes when the job is finished.

mod audit;
pub mod crash;
mod entry;
mod error;
mod files;
mod folder;
mod hash;
mod head;
mod job;
mod lock;
mod outbox;
mod place;
#[cfg(test)]
mod tests;
mod verify;
mod word;

pub use audit::{Contents, Journal};
pub use entry::{Entry, Line, Mode, Outcome};
pub use error::JournalError;
pub use hash::{Hash, HashError};
pub use head::Head;
pub use job::{Item, Job, JobAct, JobId, Place, Single, Step};
pub use lock::{Holder, LockHeld};
pub use outbox::{LeftOver, Outbox, Overview, Unreadable};
pub use verify::{Break, Verdict};
pub use word::{Note, Reason, Word};

/// The name of the audit in the state folder. Its head is beside it, as `audit.head`.
pub const AUDIT: &str = "audit.jsonl";

/// The name of the outbox in the state folder.
pub const OUTBOX: &str = "outbox";
