//! What earlier runs left to be done, in a sentence.

use std::path::Path;

use super::complain;
use crate::journal::{OUTBOX, Outbox, Overview};
use crate::text::Clean;

/// Says on standard error what the outbox in the state folder holds, if it holds anything. What cannot be looked at is
/// said by whatever needs it.
pub(super) fn remind(state: &Path) {
    let Ok(found) = Outbox::overview(&state.join(OUTBOX)) else { return };
    if let Some(left) = said(&found) {
        complain(format_args!("{left}: start vetty, which asks before it sends anything."));
    }
    for entry in &found.unreadable {
        let name = Clean::new(&entry.name);
        complain(format_args!("the outbox has a file that cannot be read: {name}; {}.", entry.reason));
    }
}

/// How much is left, and how much of it is in doubt; None when it is nothing.
pub(super) fn said(found: &Overview) -> Option<String> {
    let what = match (found.left, found.in_doubt) {
        (0, _) => return None,
        (1, 0) => "1 change of an earlier run is not finished".to_owned(),
        (1, _) => "1 change of an earlier run is not finished; whether it happened is not known".to_owned(),
        (left, 0) => format!("{left} changes of earlier runs are not finished"),
        (left, in_doubt) => {
            format!(
                "{left} changes of earlier runs are not finished; of {in_doubt} it is not known whether they happened"
            )
        }
    };
    Some(what)
}
