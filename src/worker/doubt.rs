//! Changes of which nobody knows whether they happened: asked again, they go out under the same idempotency key.

use std::sync::{Mutex, PoisonError};

use crate::app::Request;
use crate::client::IdempotencyKey;

/// How many such changes are remembered. The oldest goes first; the API forgets keys too.
const REMEMBERED: usize = 64;

/// The changes in doubt, with the keys they were sent under.
#[derive(Default)]
pub(super) struct Doubts(Mutex<Vec<(Request, IdempotencyKey)>>);

impl Doubts {
    /// The key for a change: the one it was sent under if its outcome is in doubt, else a fresh one.
    pub(super) fn key(&self, request: &Request) -> IdempotencyKey {
        let mut doubts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match doubts.iter().position(|(doubtful, _)| doubtful == request) {
            Some(at) => doubts.swap_remove(at).1,
            None => IdempotencyKey::fresh(),
        }
    }

    /// Remembers that nobody knows what became of a change.
    pub(super) fn remember(&self, request: Request, key: IdempotencyKey) {
        let mut doubts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if doubts.len() == REMEMBERED {
            doubts.remove(0);
        }
        doubts.push((request, key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::SessionId;

    #[test]
    fn a_change_in_doubt_keeps_its_key_until_it_is_asked_again() {
        let doubts = Doubts::default();
        let request = || Request::Cancel(SessionId::new("vs_1"));
        let first = doubts.key(&request());
        doubts.remember(request(), first.clone());
        assert_ne!(doubts.key(&Request::Redact(SessionId::new("vs_1"))), first, "another change");
        assert_eq!(doubts.key(&request()), first, "the same change");
        assert_ne!(doubts.key(&request()), first, "it was settled meanwhile");
    }
}
