//! What becomes of each session: mostly chance, with a place kept for everything that has to occur.

use super::countries;
use super::dice::Dice;
use crate::identity::{DocumentType, ErrorCode};

/// From so many sessions on, every outcome occurs.
const FULL_OUTCOMES: usize = 60;
/// From so many sessions on, every country occurs too.
const FULL_COUNTRIES: usize = 120;

/// How a session has gone so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nobody has opened it.
    Untouched,
    /// Submitted a moment ago.
    Processing,
    /// Verified after so many failures.
    Passed { failures: usize },
    /// Failed so many times; the last time with this code.
    Failed { failures: usize, code: ErrorCode },
    /// Canceled after so many failures.
    Canceled { failures: usize },
    /// Redacted, or about to be, after it was verified or else waited for input.
    Redacted { verified: bool, done: bool },
}

/// A fate, and what has to be true of the session for it to show what it is there for.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) fate: Fate,
    /// Where the person has to live, when that matters.
    pub(super) country: Option<&'static str>,
    /// The only document that is allowed, when that matters.
    pub(super) document: Option<DocumentType>,
}

impl Story {
    fn new(fate: Fate) -> Self {
        Self { fate, country: None, document: None }
    }

    fn passed_with(country: Option<&'static str>, document: Option<DocumentType>) -> Self {
        Self { fate: Fate::Passed { failures: 0 }, country, document }
    }
}

/// The stories of `body` older sessions and of the few newest.
pub(super) struct Stories {
    seed: u64,
    body: usize,
    kept: Vec<Story>,
}

impl Stories {
    pub(super) fn new(seed: u64, count: usize, body: usize) -> Self {
        let mut kept = if count >= FULL_OUTCOMES { outcomes() } else { Vec::new() };
        if count >= FULL_COUNTRIES {
            kept.extend(countries::all().iter().map(|country| Story::passed_with(Some(country.code), None)));
        }
        shuffle(&mut kept, &mut Dice::new(seed, &[b"kept stories"]));
        Self { seed, body, kept }
    }

    /// What becomes of session `at` (0 is the oldest), which is `age` seconds old.
    pub(super) fn of(&self, at: usize, age: i64) -> Story {
        let mut dice = Dice::nth(self.seed, "story", at);
        if at >= self.body {
            return Story::new(newest_fate(&mut dice, age));
        }
        self.kept_for(at).cloned().unwrap_or_else(|| Story::new(older_fate(&mut dice)))
    }

    /// Kept stories are spread evenly: one somewhere in each of as many equal stretches as there are stories.
    fn kept_for(&self, at: usize) -> Option<&Story> {
        let stretches = self.kept.len();
        if stretches == 0 {
            return None;
        }
        let stretch = (at * stretches / self.body).min(stretches - 1);
        let start = (stretch * self.body).div_ceil(stretches);
        let end = ((stretch + 1) * self.body).div_ceil(stretches);
        let chosen = Dice::nth(self.seed, "place", stretch).index(end - start);
        (chosen == at - start).then(|| &self.kept[stretch])
    }
}

/// One story for each outcome and each kind of document.
fn outcomes() -> Vec<Story> {
    let failed = |code: &ErrorCode| Story::new(Fate::Failed { failures: 1, code: code.clone() });
    let mut stories: Vec<Story> = ErrorCode::KNOWN.iter().map(failed).collect();
    stories.extend(DocumentType::KNOWN.iter().map(|kind| Story::passed_with(None, Some(kind.clone()))));
    let code = ErrorCode::DocumentUnverifiedOther;
    stories.extend(
        [
            Fate::Untouched,
            Fate::Passed { failures: 2 },
            Fate::Failed { failures: 3, code },
            Fate::Canceled { failures: 0 },
            Fate::Redacted { verified: true, done: true },
            Fate::Redacted { verified: false, done: true },
            Fate::Redacted { verified: true, done: false },
        ]
        .map(Story::new),
    );
    stories
}

/// Of the newest, those of the last four minutes are being checked, now and then with one that nobody has opened.
fn newest_fate(dice: &mut Dice, age: i64) -> Fate {
    if age < 60 {
        return Fate::Processing;
    }
    let fates = [
        (if age < 240 { 55 } else { 0 }, Fate::Processing),
        (25, Fate::Untouched),
        (35, Fate::Passed { failures: 0 }),
        (15, Fate::Failed { failures: 1, code: likely_code(dice) }),
    ];
    dice.weighted(&fates).cloned().unwrap_or(Fate::Untouched)
}

fn older_fate(dice: &mut Dice) -> Fate {
    let retries = 1 + dice.index(3);
    let canceled = dice.index(3).saturating_sub(1);
    let verified = dice.chance(70);
    let code = likely_code(dice);
    let fates = [
        (565, Fate::Passed { failures: 0 }),
        (75, Fate::Passed { failures: retries }),
        (125, Fate::Failed { failures: 1, code: code.clone() }),
        (35, Fate::Failed { failures: retries + 1, code }),
        (55, Fate::Failed { failures: 1, code: ErrorCode::Abandoned }),
        (75, Fate::Untouched),
        (35, Fate::Canceled { failures: canceled }),
        (22, Fate::Redacted { verified, done: true }),
        (8, Fate::Redacted { verified, done: false }),
    ];
    dice.weighted(&fates).cloned().unwrap_or(Fate::Untouched)
}

/// A code, the frequent ones more often.
pub(super) fn likely_code(dice: &mut Dice) -> ErrorCode {
    let codes = [
        (22, ErrorCode::DocumentUnverifiedOther),
        (16, ErrorCode::DocumentExpired),
        (14, ErrorCode::SelfieFaceMismatch),
        (9, ErrorCode::DocumentTypeNotSupported),
        (8, ErrorCode::SelfieUnverifiedOther),
        (6, ErrorCode::IdNumberMismatch),
        (4, ErrorCode::SelfieDocumentMissingPhoto),
        (4, ErrorCode::ConsentDeclined),
        (3, ErrorCode::IdNumberUnverifiedOther),
        (3, ErrorCode::PhoneVerificationDeclined),
        (2, ErrorCode::EmailVerificationDeclined),
        (2, ErrorCode::DeviceNotSupported),
        (2, ErrorCode::SelfieManipulated),
        (2, ErrorCode::IdNumberInsufficientDocumentData),
        (1, ErrorCode::CountryNotSupported),
        (1, ErrorCode::UnderSupportedAge),
        (1, ErrorCode::EmailUnverifiedOther),
        (1, ErrorCode::PhoneUnverifiedOther),
    ];
    dice.weighted(&codes).cloned().unwrap_or(ErrorCode::DocumentUnverifiedOther)
}

fn shuffle<T>(items: &mut [T], dice: &mut Dice) {
    for last in (1..items.len()).rev() {
        items.swap(last, dice.index(last + 1));
    }
}
