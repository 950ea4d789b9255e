//! One kind of object, kept by id and listed newest first.

use std::collections::HashMap;
use std::hash::Hash;

use crate::clock::Timestamp;
use crate::identity::{HasId, Report, Session};

/// Names an object of a [`List`] for as long as the program runs, whatever the order does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u32);

/// What a list needs to know of its objects.
pub trait Listed: HasId<Id: Clone + Eq + Hash> {
    /// When the object was created: lists are sorted by it.
    fn created(&self) -> Timestamp;
}

impl Listed for Session {
    fn created(&self) -> Timestamp {
        self.created
    }
}

impl Listed for Report {
    fn created(&self) -> Timestamp {
        self.created
    }
}

/// Objects by id, newest first, and how much of the server's list they are.
pub struct List<T: Listed> {
    slots: Vec<T>,
    index: HashMap<T::Id, Slot>,
    order: Vec<Slot>,
    /// The oldest object that paging has reached; everything newer is loaded.
    cursor: Option<T::Id>,
    paged: usize,
    complete: bool,
    started: bool,
    added: bool,
}

impl<T: Listed> Default for List<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            index: HashMap::new(),
            order: Vec::new(),
            cursor: None,
            paged: 0,
            complete: false,
            started: false,
            added: false,
        }
    }
}

impl<T: Listed> List<T> {
    /// How many objects are loaded.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether nothing is loaded.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Whether the server has nothing older than what is loaded.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether any page has arrived yet, be it empty.
    #[must_use]
    pub const fn is_started(&self) -> bool {
        self.started
    }

    /// The object that the next older page starts after.
    #[must_use]
    pub const fn cursor(&self) -> Option<&T::Id> {
        self.cursor.as_ref()
    }

    /// When the oldest object that paging has reached was created.
    #[must_use]
    pub fn oldest_paged(&self) -> Option<Timestamp> {
        self.cursor.as_ref().and_then(|id| self.get(id)).map(Listed::created)
    }

    /// The object in `slot`.
    ///
    /// # Panics
    /// Never for a slot that this list gave out: slots are not taken back.
    #[must_use]
    pub fn at(&self, slot: Slot) -> &T {
        &self.slots[slot.0 as usize]
    }

    /// An object by its id.
    #[must_use]
    pub fn get(&self, id: &T::Id) -> Option<&T> {
        self.index.get(id).map(|slot| self.at(*slot))
    }

    /// Every object, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.order.iter().map(|slot| self.at(*slot))
    }

    /// The slots of the objects that `wanted` says yes to, newest first.
    pub(super) fn select(&self, mut wanted: impl FnMut(&T) -> bool) -> Vec<Slot> {
        self.order.iter().copied().filter(|slot| wanted(self.at(*slot))).collect()
    }

    /// Notes that a page of `count` objects is about to be put in, and whether more lie behind it.
    pub(super) fn note_page(&mut self, count: usize, has_more: bool, older: bool) {
        self.started = true;
        if older || self.cursor.is_none() {
            self.paged = count;
            self.complete = !has_more;
        } else {
            self.paged = 0;
        }
    }

    /// Adds an object, or replaces the one with its id.
    pub(super) fn put(&mut self, object: T) -> Slot {
        if self.paged > 0 {
            self.paged -= 1;
            self.cursor = Some(object.id().clone());
        }
        if let Some(slot) = self.index.get(object.id()) {
            self.slots[slot.0 as usize] = object;
            return *slot;
        }
        let slot = Slot(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.index.insert(object.id().clone(), slot);
        if self.slots.len() == self.slots.capacity() {
            // By doubling, up to half of the room for objects, which are large, would stay empty.
            self.slots.reserve_exact((self.slots.len() / 8).max(64));
        }
        self.slots.push(object);
        self.order.push(slot);
        self.added = true;
        slot
    }

    /// Puts new objects where their age belongs.
    pub(super) fn sort(&mut self) {
        if std::mem::take(&mut self.added) {
            let slots = &self.slots;
            self.order.sort_by_key(|slot| std::cmp::Reverse(slots[slot.0 as usize].created()));
        }
    }
}
