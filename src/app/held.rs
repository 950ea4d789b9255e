//! Actions that wait some seconds before they are sent, so that taking one back is honest.

use crate::identity::SessionId;
use crate::identity::lifecycle::{Act, State};

use super::Moment;

/// A cancel or a redact that was confirmed and not sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The session.
    pub session: SessionId,
    /// Cancel or redact.
    pub act: Act,
    /// The session's state when it was confirmed: anything else wants another confirmation.
    pub state: State,
    /// When it is sent.
    pub due: Moment,
}

impl Held {
    /// Whole seconds until it is sent, rounded up.
    #[must_use]
    pub fn seconds_left(&self, now: Moment) -> i64 {
        ((self.due - now).max(0) + 999) / 1000
    }

    /// When the countdown next shows another number, or the action is due.
    pub(super) fn next_change(&self, now: Moment) -> Moment {
        self.due - (self.seconds_left(now) - 1).max(0) * 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Status;

    #[test]
    fn the_countdown_wakes_once_a_second() {
        let state = State::new(Status::RequiresInput);
        let held = Held { session: SessionId::new("vs_1"), act: Act::Cancel, state, due: 10_000 };
        assert_eq!(held.seconds_left(0), 10);
        assert_eq!(held.next_change(0), 1_000);
        assert_eq!(held.seconds_left(1_000), 9);
        assert_eq!(held.next_change(9_500), 10_000);
        assert_eq!(held.seconds_left(12_000), 0);
    }
}
