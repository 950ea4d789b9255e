//! The one decision on what became of a change.

use std::time::Duration;

use super::fate::Fate;

/// How long after it was sent a request may still take effect. The service gives a request 80 s; the rest is for what
/// stands between.
pub const REQUEST_LIFE: Duration = Duration::from_mins(3);

/// How long the API remembers an idempotency key at least. Source: API reference, "Idempotent requests".
pub const KEY_LIFE: Duration = Duration::from_hours(24);

/// What reading the object showed, after the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is as the change wants it.
    AsWanted,
    /// It is not.
    NotAsWanted,
    /// The API knows no such object.
    Gone,
}

/// All that is known of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// Every try under the change's key, those of earlier runs of the program included, the oldest first.
    pub tries: &'a [Fate],
    /// What reading shows, if the object was read after the last try.
    pub reading: Option<Reading>,
    /// Whether what the change does stays done, whatever comes after: true of cancel and redact, not of an update.
    pub is_lasting: bool,
    /// How long before the reading the last open try was sent; zero where that is not known.
    pub age: Duration,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The object is as wanted.
    Done,
    /// The API said no, and no try did it.
    Refused {
        /// Whether the object is as wanted all the same: somebody else did it.
        as_wanted: bool,
    },
    /// Nobody knows. Asking again under the same key, or reading later, tells.
    InDoubt,
    /// No try has begun: asking again is safe under any key.
    NotBegun,
}

/// Decides what became of a change.
///
/// | tries | reading | verdict |
/// |---|---|---|
/// | one is proven | none, or as wanted, or it does not last | done |
/// | one is proven | not as wanted, or gone, and it lasts | in doubt |
/// | none is open, one is refused | any | refused |
/// | none is open, none is refused | any | not begun |
/// | one is open | as wanted | done |
/// | one is open | gone | refused |
/// | one is open | not as wanted, it lasts, older than [`REQUEST_LIFE`] | refused if a try was, else not begun |
/// | one is open | otherwise | in doubt |
#[must_use]
pub fn verdict(evidence: Evidence<'_>) -> Verdict {
    let Evidence { tries, reading, is_lasting, age } = evidence;
    let some = |fate| tries.contains(&fate);
    let without_doubt = || {
        if some(Fate::Refused) {
            Verdict::Refused { as_wanted: reading == Some(Reading::AsWanted) }
        } else {
            Verdict::NotBegun
        }
    };
    if some(Fate::Proven) {
        let is_denied = is_lasting && matches!(reading, Some(Reading::NotAsWanted | Reading::Gone));
        return if is_denied { Verdict::InDoubt } else { Verdict::Done };
    }
    if !tries.iter().any(|fate| fate.is_open()) {
        return without_doubt();
    }
    match reading {
        Some(Reading::AsWanted) => Verdict::Done,
        Some(Reading::Gone) => Verdict::Refused { as_wanted: false },
        Some(Reading::NotAsWanted) if is_lasting && age > REQUEST_LIFE => without_doubt(),
        Some(Reading::NotAsWanted) | None => Verdict::InDoubt,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const FATES: [Fate; 6] =
        [Fate::NotSent, Fate::TurnedAway, Fate::Refused, Fate::Busy, Fate::Open, Fate::Proven];
    const READINGS: [Option<Reading>; 4] =
        [None, Some(Reading::AsWanted), Some(Reading::NotAsWanted), Some(Reading::Gone)];
    const YOUNG: Duration = Duration::from_secs(1);
    const OLD: Duration = Duration::from_hours(1);

    fn of(tries: &[Fate], reading: Option<Reading>, is_lasting: bool, age: Duration) -> Verdict {
        verdict(Evidence { tries, reading, is_lasting, age })
    }

    /// Tries, and the verdicts on them: not read and as wanted; then not as wanted and gone, each young and old, for what
    /// lasts and for what does not.
    type Row<'a> = (&'a [&'a [Fate]], [Verdict; 2], [Verdict; 4], [Verdict; 4]);

    /// Every cell of the table: the kinds of tries, the readings, whether it lasts, and the age.
    #[test]
    fn the_table_has_these_cells() {
        use Fate::{Busy, NotSent, Open, Proven, Refused, TurnedAway};
        use Reading::{AsWanted, Gone, NotAsWanted};
        use Verdict::{Done, InDoubt, NotBegun};
        const NO: Verdict = Verdict::Refused { as_wanted: false };
        const NO_BUT_SO: Verdict = Verdict::Refused { as_wanted: true };
        let rows: [Row<'_>; 6] = [
            (&[&[], &[NotSent], &[TurnedAway, NotSent]], [NotBegun; 2], [NotBegun; 4], [NotBegun; 4]),
            (&[&[Refused], &[TurnedAway, Refused]], [NO, NO_BUT_SO], [NO; 4], [NO; 4]),
            (
                &[&[Open], &[Busy], &[Open, NotSent], &[Open, TurnedAway]],
                [InDoubt, Done],
                [InDoubt, NotBegun, NO, NO],
                [InDoubt, InDoubt, NO, NO],
            ),
            (
                &[&[Open, Refused], &[Busy, Refused], &[Refused, Open]],
                [InDoubt, Done],
                [InDoubt, NO, NO, NO],
                [InDoubt, InDoubt, NO, NO],
            ),
            (&[&[Proven], &[Open, Proven]], [Done, Done], [InDoubt; 4], [Done; 4]),
            (&[&[Proven, Refused], &[Busy, Proven]], [Done, Done], [InDoubt; 4], [Done; 4]),
        ];
        for (kinds, [unread, as_wanted], lasting, passing) in rows {
            for tries in kinds {
                for (is_lasting, cells) in [(true, lasting), (false, passing)] {
                    for age in [YOUNG, OLD] {
                        assert_eq!(of(tries, None, is_lasting, age), unread, "{tries:?}");
                        assert_eq!(of(tries, Some(AsWanted), is_lasting, age), as_wanted, "{tries:?}");
                    }
                    let seen = [NotAsWanted, Gone]
                        .map(|reading| [YOUNG, OLD].map(|age| of(tries, Some(reading), is_lasting, age)));
                    assert_eq!(seen.concat(), cells, "{tries:?}, lasting: {is_lasting}");
                }
            }
        }
    }

    /// What an API does with one try.
    #[derive(Clone, Copy, Debug)]
    enum Work {
        /// It never hears of it.
        Nothing,
        /// It does it at once, unless the key was used before.
        Now,
        /// It does it after this many further requests, readings included.
        Later(u8),
        /// It says no, and remembers nothing.
        No,
    }

    /// What comes back of a try.
    #[derive(Clone, Copy, Debug)]
    enum Back {
        Truth,
        /// Success with an object that is not as wanted, or not the one that was asked for.
        False,
        ServerError,
        Nothing,
        /// A refusal, whatever it did.
        FalseNo,
        TooMany,
    }

    /// An API that holds to its idempotency keys, and to nothing else.
    #[derive(Default)]
    struct Api {
        /// How often it did the change.
        done: u32,
        /// Requests until a try that it has taken takes effect.
        due: Option<u8>,
    }

    impl Api {
        fn tick(&mut self) {
            match self.due {
                Some(0) => {
                    self.done += 1;
                    self.due = None;
                }
                Some(left) => self.due = Some(left - 1),
                None => {}
            }
        }

        fn ask(&mut self, work: Work, back: Back) -> Fate {
            self.tick();
            let is_known = self.done > 0 || self.due.is_some();
            match (work, back) {
                (Work::Nothing, _) => return Fate::NotSent,
                // Said before anything begins.
                (_, Back::TooMany) => return Fate::TurnedAway,
                _ => {}
            }
            match work {
                Work::Now if !is_known => self.done += 1,
                Work::Later(requests) if !is_known => self.due = Some(requests),
                Work::Nothing | Work::No | Work::Now | Work::Later(_) => {}
            }
            match back {
                Back::Nothing | Back::ServerError | Back::False | Back::TooMany => Fate::Open,
                // What takes effect later is not refused before.
                Back::FalseNo if self.due.is_none() => Fate::Refused,
                Back::FalseNo => Fate::Busy,
                Back::Truth if self.done > 0 => Fate::Proven,
                Back::Truth if self.due.is_some() => Fate::Busy,
                Back::Truth => Fate::Refused,
            }
        }

        fn read(&mut self) -> Reading {
            self.tick();
            if self.done > 0 { Reading::AsWanted } else { Reading::NotAsWanted }
        }
    }

    fn work() -> impl Strategy<Value = Work> {
        prop_oneof![Just(Work::Nothing), Just(Work::Now), (0..4_u8).prop_map(Work::Later), Just(Work::No),]
    }

    fn back() -> impl Strategy<Value = Back> {
        select(vec![Back::Truth, Back::False, Back::ServerError, Back::Nothing, Back::FalseNo, Back::TooMany])
    }

    proptest! {
        /// Whatever the API does and says, a verdict is never contradicted by what it did, or will do.
        #[test]
        fn a_verdict_is_never_contradicted(
            tries in prop::collection::vec((work(), back()), 1..6),
            is_read in any::<bool>(),
            is_old in any::<bool>(),
            is_lasting in any::<bool>(),
        ) {
            let mut api = Api::default();
            let fates: Vec<Fate> = tries.iter().map(|(work, back)| api.ask(*work, *back)).collect();
            if is_old {
                // No request lives longer.
                (0..8).for_each(|_| api.tick());
            }
            let reading = is_read.then(|| api.read());
            let said = of(&fates, reading, is_lasting, if is_old { OLD } else { YOUNG });
            let is_done = api.done > 0;
            let may_come = api.due.is_some();
            prop_assert!(api.done <= 1, "done twice");
            match said {
                Verdict::Done => prop_assert!(is_done),
                // The word of the API, until the object is read: so it is read after every refusal.
                Verdict::Refused { .. } if reading.is_none() => {}
                Verdict::Refused { as_wanted } => prop_assert!(!may_come && is_done == as_wanted),
                Verdict::NotBegun => prop_assert!(!is_done && !may_come),
                Verdict::InDoubt => prop_assert!(fates.iter().any(|fate| fate.is_open())),
            }
        }

        /// A later try takes no doubt away: only proof, or reading, does.
        #[test]
        fn later_refusals_leave_an_earlier_doubt(
            before in prop::collection::vec(select(FATES.to_vec()), 0..3),
            after in prop::collection::vec(
                select(vec![Fate::NotSent, Fate::TurnedAway, Fate::Refused, Fate::Busy]), 0..4),
            reading in select(READINGS.to_vec()),
            is_lasting in any::<bool>(),
        ) {
            let mut tries = before;
            tries.push(Fate::Open);
            let doubt = of(&tries, reading, is_lasting, YOUNG);
            tries.extend(after);
            prop_assert_eq!(of(&tries, reading, is_lasting, YOUNG), doubt);
        }
    }
}
