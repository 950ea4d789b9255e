//! What answers and readings prove of a change. Floor 2: imports floors 0 and 1. Pure.
//!
//! A change is asked for in one or more tries under one idempotency key. Each try has a [`Fate`]; [`verdict`] makes of
//! all of them, and of what reading the object shows, one [`Verdict`]. The dashboard, the command line, bulks and the
//! start after a crash say "done", "refused", "in doubt" and "not begun" by it alone. [`Want`] compares an object with
//! what was asked. [`Trouble`] says what keeps answers from coming.

mod fate;
mod trouble;
mod verdict;
mod want;

pub use fate::Fate;
pub use trouble::Trouble;
pub use verdict::{Evidence, KEY_LIFE, REQUEST_LIFE, Reading, Verdict, verdict};
pub use want::{Mismatch, Want};
