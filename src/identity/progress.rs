//! How far reading a list has come: by what its pages bring that did not come before, not by what they promise.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};

/// Remembers which objects of a list came before. Eight bytes for each, and a few of room.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Progress {
    /// Notes an object by its id. Says whether it came for the first time.
    pub fn note(&mut self, id: &impl Hash) -> bool {
        self.seen.insert(self.hasher.hash_one(id))
    }

    /// Notes a page. Says whether anything in it came for the first time: where nothing did, nothing else will.
    pub fn note_all<'a, I: Hash + 'a>(&mut self, ids: impl IntoIterator<Item = &'a I>) -> bool {
        ids.into_iter().filter(|id| self.note(id)).count() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_counts() {
        let mut progress = Progress::default();
        assert!(progress.note_all(["a", "b"].iter()));
        assert!(progress.note_all(["b", "c"].iter()));
        assert!(!progress.note_all(["c", "a", "b"].iter()));
        assert!(!progress.note_all::<&str>([]), "nothing is nothing new");
    }
}
