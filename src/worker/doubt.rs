//! Changes of which nobody knows whether they happened: asked again, they go out under the same idempotency key.

use std::sync::{Mutex, PoisonError};

use super::what::Change;
use crate::client::IdempotencyKey;
use crate::clock::Stamp;
use crate::journal::JobId;

/// How many such changes are remembered. The oldest goes first; the API forgets keys too.
const REMEMBERED: usize = 64;

/// What a change in doubt went out as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// The key.
    pub(super) key: IdempotencyKey,
    /// Its place in the outbox.
    pub(super) job: JobId,
    /// When it first went out.
    pub(super) at: Stamp,
}

/// The changes in doubt, and what they were sent as.
#[derive(Default)]
pub(super) struct Doubts(Mutex<Vec<(Change, Sent)>>);

impl Doubts {
    /// What a change was sent as, if its outcome is in doubt.
    pub(super) fn find(&self, change: &Change) -> Option<Sent> {
        let doubts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        doubts.iter().find(|(doubtful, _)| doubtful == change).map(|(_, sent)| sent.clone())
    }

    /// Forgets a change: it is settled.
    pub(super) fn forget(&self, change: &Change) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(doubtful, _)| doubtful != change);
    }

    /// Forgets the keys of other updates of a session that `change` updates. Asked for again under its key, one of them
    /// would be answered out of the API's memory, and not be made over `change`.
    pub(super) fn supersede(&self, change: &Change) {
        let Change::Update(session, _) = change else { return };
        let is_over = |doubtful: &Change| {
            doubtful != change && matches!(doubtful, Change::Update(id, _) if id == session)
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(doubtful, _)| !is_over(doubtful));
    }

    /// Remembers that nobody knows what became of a change.
    pub(super) fn remember(&self, change: Change, sent: Sent) {
        let mut doubts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        doubts.retain(|(doubtful, _)| *doubtful != change);
        if doubts.len() == REMEMBERED {
            doubts.remove(0);
        }
        doubts.push((change, sent));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::WallTime;
    use crate::identity::SessionId;

    #[test]
    fn a_change_in_doubt_keeps_its_key_until_it_is_settled() {
        let doubts = Doubts::default();
        let change = || Change::Cancel(SessionId::new("vs_1"));
        assert_eq!(doubts.find(&change()), None);
        let sent = Sent {
            key: IdempotencyKey::fresh(),
            job: JobId::fresh(),
            at: Stamp { wall: WallTime::EPOCH, up: None },
        };
        doubts.remember(change(), sent.clone());
        assert_eq!(doubts.find(&Change::Redact(SessionId::new("vs_1"))), None, "another change");
        assert_eq!(doubts.find(&change()), Some(sent.clone()));
        doubts.remember(change(), sent.clone());
        assert_eq!(doubts.find(&change()), Some(sent));
        doubts.forget(&change());
        assert_eq!(doubts.find(&change()), None);
    }
}
