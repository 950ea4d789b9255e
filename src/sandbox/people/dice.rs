//! Chance that repeats itself: the same labels always lead to the same throws. For this folder and `attempt`.
//!
//! Ranges and picks are computed here and not by `rand`, whose way of mapping words to ranges may change between
//! versions: seeds that people write down have to go on meaning the same.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

const LETTERS_AND_DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A 64-bit hash of `seed` and `labels`: FNV-1a, then the finalizer of `SplitMix64`. Fixed for ever.
pub(in crate::sandbox) fn hash(seed: u64, labels: &[&[u8]]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |byte: u8| state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    seed.to_le_bytes().into_iter().for_each(&mut eat);
    for label in labels {
        label.iter().copied().for_each(&mut eat);
        // 0xff stands in no UTF-8 text, so that ("ab", "c") and ("a", "bc") differ.
        eat(0xff);
    }
    let mut mixed = state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A source of chance.
pub(in crate::sandbox) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice that `seed` and `labels` lead to.
    pub(in crate::sandbox) fn new(seed: u64, labels: &[&[u8]]) -> Self {
        Self(ChaCha8Rng::seed_from_u64(hash(seed, labels)))
    }

    /// The dice for the `at`-th thing of its kind. The same on machines of every word size.
    pub(in crate::sandbox) fn nth(seed: u64, label: &str, at: usize) -> Self {
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        Self::new(seed, &[label.as_bytes(), &at.to_le_bytes()])
    }

    /// 0 to `end - 1`; 0 when `end` is 0.
    pub(in crate::sandbox) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// As [`Dice::below`], for places in a list.
    pub(in crate::sandbox) fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(u64::try_from(end).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// `start` to `end`, both included; `start` when `end` is not above it.
    pub(in crate::sandbox) fn between(&mut self, start: i64, end: i64) -> i64 {
        let width = u64::try_from(end.saturating_sub(start)).unwrap_or(0);
        start.saturating_add_unsigned(self.below(width.saturating_add(1)))
    }

    /// True `percent` times out of a hundred.
    pub(in crate::sandbox) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `items`; `None` when there are none.
    pub(in crate::sandbox) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.index(items.len());
        items.get(at)
    }

    /// One of `items` by its weight; `None` when the weights are all zero.
    pub(in crate::sandbox) fn weighted<'a, T>(&mut self, items: &'a [(u32, T)]) -> Option<&'a T> {
        let total = items.iter().map(|(weight, _)| u64::from(*weight)).sum();
        by_weight(items, |(weight, _)| *weight, self.below(total)).map(|(_, item)| item)
    }

    /// `length` letters and digits.
    pub(in crate::sandbox) fn token(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(LETTERS_AND_DIGITS[self.index(LETTERS_AND_DIGITS.len())])).collect()
    }

    /// `pattern` with a digit for each `#` and a capital letter for each `@`. Leading digits are not 0.
    pub(in crate::sandbox) fn fill(&mut self, pattern: &str) -> String {
        let mut out = String::with_capacity(pattern.len());
        let mut number_begins = true;
        for c in pattern.chars() {
            match c {
                '#' if number_begins => out.push(digit(1 + self.below(9))),
                '#' => out.push(digit(self.below(10))),
                '@' => out.push(char::from(LETTERS_AND_DIGITS[10 + self.index(26)])),
                c => out.push(c),
            }
            number_begins = !(c == '#' || c.is_ascii_digit());
        }
        out
    }
}

/// The item at `at` when each takes as much room as its weight.
pub(in crate::sandbox) fn by_weight<T>(items: &[T], weight: impl Fn(&T) -> u32, mut at: u64) -> Option<&T> {
    items.iter().find(|item| {
        let room = u64::from(weight(item));
        let inside = at < room;
        at = at.saturating_sub(room);
        inside
    })
}

/// The number `value` (0 to 9) as a character.
pub(in crate::sandbox) fn digit(value: u64) -> char {
    u32::try_from(value).ok().and_then(|value| char::from_digit(value, 10)).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_mean_the_same_for_ever() {
        assert_eq!(hash(7, &[b"ab", b"c"]), 0xa4cb_cd46_6cf9_9384);
        assert_ne!(hash(7, &[b"ab", b"c"]), hash(7, &[b"a", b"bc"]));
        let mut dice = Dice::new(7, &[b"people"]);
        let throws: Vec<u64> = (0..4).map(|_| dice.below(1000)).collect();
        assert_eq!(throws, [806, 362, 112, 687]);
        assert_eq!(dice.token(8), "dlTB9Q6y");
    }

    #[test]
    fn patterns_are_filled_and_kept() {
        let filled = Dice::new(1, &[]).fill("@@ #0-### x");
        let shape: String = filled
            .chars()
            .map(|c| match c {
                '0'..='9' => '9',
                'A'..='Z' => 'A',
                c => c,
            })
            .collect();
        assert_eq!(shape, "AA 99-999 x");
        assert!(!filled[3..4].starts_with('0'), "{filled}");
    }

    #[test]
    fn weights_are_room() {
        let items = [(1, 'a'), (0, 'b'), (3, 'c')];
        let at = |at| by_weight(&items, |(weight, _)| *weight, at).map(|(_, item)| *item);
        assert_eq!([at(0), at(1), at(3), at(4)], [Some('a'), Some('c'), Some('c'), None]);
        assert_eq!(Dice::new(1, &[]).weighted::<char>(&[]), None);
    }
}
