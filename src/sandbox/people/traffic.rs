//! When sessions are created: more by day than by night and at weekends, in bursts, and some just now.

use super::dice::{Dice, hash};
use crate::clock::Timestamp;

/// How far back sessions reach, in seconds.
const PERIOD: i64 = 30 * 86_400;
/// The newest sessions lie within so many seconds before now, so that a queue looks alive.
pub(super) const LIVE: i64 = 15 * 60;
/// Traffic rises and falls in steps of so many seconds.
const STEP: i64 = 10 * 60;
/// How much is going on in each hour of the day, UTC.
const HOURS: [u64; 24] =
    [14, 10, 8, 7, 8, 12, 22, 40, 64, 80, 88, 90, 84, 86, 92, 94, 90, 84, 76, 68, 60, 48, 34, 22];

/// Times of creation, oldest first. Nothing is stored but where it stands.
pub(super) struct Traffic {
    seed: u64,
    now: Timestamp,
    count: usize,
    /// How many of the `count` are older than [`LIVE`].
    body: usize,
    made: usize,
    /// The step that it stands in, counted from the start of the period.
    step: i64,
    /// The weight of all steps before this one.
    before: u64,
    /// The weight of all steps.
    total: u64,
}

impl Traffic {
    pub(super) fn new(seed: u64, count: usize, now: Timestamp) -> Self {
        let live = if count < 5 { 0 } else { (count / 25).clamp(1, 14) };
        let mut traffic =
            Self { seed, now, count, body: count - live, made: 0, step: 0, before: 0, total: 0 };
        traffic.total = (0..Self::steps()).map(|step| traffic.weight(step)).sum();
        traffic
    }

    /// How many of the sessions are older than [`LIVE`]; they come first.
    pub(super) fn body(&self) -> usize {
        self.body
    }

    fn steps() -> i64 {
        (PERIOD - LIVE) / STEP
    }

    fn start_of(&self, step: i64) -> Timestamp {
        self.now.minus_secs(PERIOD).plus_secs(step * STEP)
    }

    /// How much is going on in `step`; at least 1.
    fn weight(&self, step: i64) -> u64 {
        let start = self.start_of(step).as_secs();
        let hour = usize::try_from(start.rem_euclid(86_400) / 3600).unwrap_or(0);
        // Day 0 of the epoch was a Thursday.
        let weekend = matches!((start.div_euclid(86_400) + 4).rem_euclid(7), 0 | 6);
        let chance = hash(self.seed, &[b"traffic", &step.to_le_bytes()]);
        let burst = if chance.is_multiple_of(97) { 8 } else { 1 };
        let noise = 40 + (chance >> 32) % 121;
        (HOURS[hour] * noise * burst * if weekend { 45 } else { 100 } / 1000).max(1)
    }

    /// The `at`-th of the older ones: one throw in each of `body` equal parts of the weight, which sorts them.
    fn older(&mut self, at: usize, dice: &mut Dice) -> Timestamp {
        const FINE: u128 = 1 << 20;
        let wide = |value: usize| u128::try_from(value).unwrap_or(0);
        let throw = wide(at) * FINE + u128::from(dice.below(1 << 20));
        let target = u128::from(self.total) * throw / (wide(self.body.max(1)) * FINE);
        let target = u64::try_from(target).unwrap_or(u64::MAX);
        let mut weight = self.weight(self.step);
        while target >= self.before + weight && self.step + 1 < Self::steps() {
            self.before += weight;
            self.step += 1;
            weight = self.weight(self.step);
        }
        let within = i64::try_from(target.saturating_sub(self.before)).unwrap_or(0);
        let inside = STEP * within / i64::try_from(weight).unwrap_or(1).max(1);
        self.start_of(self.step).plus_secs(inside.min(STEP - 1))
    }

    /// The `at`-th of the newest: denser towards now, the last one less than half a minute ago.
    fn newest(&self, at: usize) -> Timestamp {
        let live = i64::try_from(self.count - self.body).unwrap_or(1).max(1);
        let after = live - 1 - i64::try_from(at).unwrap_or(0).min(live - 1);
        let jitter = Dice::nth(self.seed, "live", at).between(0, 9);
        self.now.minus_secs(20 + jitter + 10 * after + (LIVE - 200) * after * after / (live * live))
    }
}

impl Iterator for Traffic {
    type Item = Timestamp;

    fn next(&mut self) -> Option<Timestamp> {
        if self.made == self.count {
            return None;
        }
        let at = self.made;
        self.made += 1;
        if at >= self.body {
            return Some(self.newest(at - self.body));
        }
        let mut dice = Dice::nth(self.seed, "created", at);
        Some(self.older(at, &mut dice))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.count - self.made;
        (left, Some(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

    #[test]
    fn times_are_sorted_and_within_the_period() {
        for count in [0, 1, 2, 7, 60, 1000] {
            let times: Vec<_> = Traffic::new(4, count, NOW).collect();
            assert_eq!(times.len(), count);
            assert!(times.is_sorted(), "{count}");
            assert!(
                times.iter().all(|at| (NOW.minus_secs(PERIOD)..NOW.minus_secs(10)).contains(at)),
                "{count}"
            );
        }
    }

    #[test]
    fn the_queue_is_alive_and_the_night_is_quiet() {
        let times: Vec<_> = Traffic::new(4, 1000, NOW).collect();
        assert_eq!(times.iter().filter(|at| **at > NOW.minus_secs(LIVE)).count(), 14);
        let within = |hours: std::ops::Range<i64>| {
            times.iter().filter(|at| hours.contains(&(at.as_secs().rem_euclid(86_400) / 3600))).count()
        };
        assert!(within(9..18) > 4 * within(0..6), "{} by day, {} by night", within(9..18), within(0..6));
        let on_weekends =
            |at: &&Timestamp| matches!((at.as_secs().div_euclid(86_400) + 4).rem_euclid(7), 0 | 6);
        let weekend = times.iter().filter(on_weekends).count();
        // Eight or nine of thirty days; half as much as on a working day.
        assert!((80..220).contains(&weekend), "{weekend}");
    }
}
