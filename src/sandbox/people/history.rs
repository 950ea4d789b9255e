//! Sessions of the past, one after the other: created, submitted, retried, canceled, redacted.

use serde_json::Value;

use super::super::attempt::{self, Verdict};
use super::super::record::{ReportRecord, SessionRecord};
use super::Person;
use super::dice::{Dice, hash};
use super::masking::{mask_report, mask_session};
use super::setup::{self, Needs, Seeds};
use super::story::{Fate, Stories, likely_code};
use super::traffic::Traffic;
use crate::clock::Timestamp;
use crate::identity::{CheckKind, ErrorCode, RedactionStatus, Status};

/// The longest that a redaction takes, in seconds: four days.
const REDACTION: i64 = 4 * 86_400;

/// A session of the past with its reports, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The session.
    pub session: SessionRecord,
    /// Its reports.
    pub reports: Vec<ReportRecord>,
}

/// Invents `count` sessions created within the 30 days before `now`, newest last.
///
/// From 60 sessions on every status and every error code occurs, from 120 on every country too.
#[must_use]
pub fn histories(seed: u64, count: usize, now: Timestamp) -> Vec<History> {
    Histories::new(seed, count, now).collect()
}

/// The same as [`histories`], one at a time: for more than memory should hold.
pub struct Histories {
    seeds: Seeds,
    now: Timestamp,
    at: usize,
    stories: Stories,
    traffic: Traffic,
}

impl Histories {
    /// Begins with the oldest of `count` sessions.
    #[must_use]
    pub fn new(seed: u64, count: usize, now: Timestamp) -> Self {
        Self::batch(seed, 0, count, now)
    }

    /// More sessions for the same sandbox: every `batch` has ids and stories of its own, while
    /// [`Person::invent`] with `seed` and a session's id still leads to the session's person.
    /// Batch 0 is what [`Histories::new`] gives.
    #[must_use]
    pub fn batch(seed: u64, batch: u64, count: usize, now: Timestamp) -> Self {
        let chance = if batch == 0 { seed } else { hash(seed, &[b"batch", &batch.to_le_bytes()]) };
        let traffic = Traffic::new(chance, count, now);
        let stories = Stories::new(chance, count, traffic.body());
        Self { seeds: Seeds { people: seed, chance }, now, at: 0, stories, traffic }
    }
}

impl Iterator for Histories {
    type Item = History;

    fn next(&mut self) -> Option<History> {
        let created = self.traffic.next()?;
        let at = self.at;
        self.at += 1;
        let story = self.stories.of(at, self.now.secs_since(created));
        let session = setup::session(self.seeds, at, created, &Needs::of(&story));
        let dice = Dice::nth(self.seeds.chance, "course", at);
        let person = Person::invent(self.seeds.people, &session.id);
        let mut course =
            Course { seed: self.seeds.people, now: self.now, dice, person, session, reports: Vec::new() };
        course.run(&story.fate);
        Some(History { session: course.session, reports: course.reports })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.traffic.size_hint()
    }
}

/// A session on its way through its fate.
struct Course {
    seed: u64,
    now: Timestamp,
    dice: Dice,
    person: Person,
    session: SessionRecord,
    reports: Vec<ReportRecord>,
}

impl Course {
    fn run(&mut self, fate: &Fate) {
        match fate {
            Fate::Untouched => {}
            Fate::Processing => self.session.status = Status::Processing,
            Fate::Passed { failures } => self.submit(*failures, Some(&Verdict::Verified)),
            Fate::Failed { failures, code } => {
                self.submit(failures.saturating_sub(1), Some(&Verdict::Failed(code.clone())));
            }
            Fate::Canceled { failures } => {
                self.submit(*failures, None);
                self.cancel();
            }
            Fate::Redacted { verified, done } => {
                let last = if *verified {
                    Verdict::Verified
                } else {
                    Verdict::Failed(ErrorCode::DocumentUnverifiedOther)
                };
                self.submit(0, Some(&last));
                if !verified {
                    self.cancel();
                }
                self.redact(*done);
            }
        }
    }

    /// So many failures, and then perhaps a last submission.
    fn submit(&mut self, failures: usize, last: Option<&Verdict>) {
        let times = self.times(failures + usize::from(last.is_some()));
        for (turn, at) in times.into_iter().enumerate() {
            let verdict = match last {
                Some(last) if turn == failures => last.clone(),
                _ => Verdict::Failed(self.failing_code()),
            };
            let report_id = setup::object_id("vr_", self.seed, &mut self.dice);
            let attempt = attempt::run(&self.session, &self.person, &verdict, None, report_id, at);
            if let Some(report) = attempt.report {
                self.session.last_report = Some(report.id.clone());
                self.reports.push(report);
            }
            self.session.verified_outputs = attempt.verified_outputs;
            self.session.last_error = attempt.last_error;
            if verdict == Verdict::Verified {
                self.session.status = Status::Verified;
            }
        }
    }

    /// When each of `count` submissions ended: minutes apart, after the creation and before now.
    fn times(&mut self, count: usize) -> Vec<Timestamp> {
        let waits: Vec<i64> = (0..count)
            .map(|_| {
                if self.dice.chance(12) { self.dice.between(900, 30_000) } else { self.dice.between(50, 900) }
            })
            .collect();
        let room = (self.now.secs_since(self.session.created) - 1).max(1);
        let total: i64 = waits.iter().sum();
        let mut passed = 0;
        waits
            .into_iter()
            .map(|wait| {
                passed += wait;
                let after = if total > room { passed * room / total } else { passed };
                self.session.created.plus_secs(after.max(1))
            })
            .collect()
    }

    /// A code of one of the checks that the session asks for; only those leave a report.
    fn failing_code(&mut self) -> ErrorCode {
        let checks = attempt::wanted_checks(&self.session);
        // Where every kind is allowed, none is refused for its kind.
        let narrow = setup::is_narrow(&self.session.options);
        let fits = |code: &ErrorCode| match code {
            ErrorCode::DocumentTypeNotSupported => narrow,
            code => code.check().is_some_and(|check| checks.contains(&check)),
        };
        for _ in 0..20 {
            let code = likely_code(&mut self.dice);
            if fits(&code) {
                return code;
            }
        }
        if checks.contains(&CheckKind::Document) {
            ErrorCode::DocumentUnverifiedOther
        } else {
            ErrorCode::IdNumberUnverifiedOther
        }
    }

    /// Canceling erases `last_error`.
    fn cancel(&mut self) {
        self.session.status = Status::Canceled;
        self.session.last_error = None;
        self.session.verified_outputs = Value::Null;
    }

    /// Asked for after the last submission; done some time within four days.
    fn redact(&mut self, done: bool) {
        let ended = self.reports.last().map_or(self.session.created, |report| report.created);
        if done {
            let longest = (self.now.secs_since(ended) - 1).clamp(1, REDACTION);
            self.session.redaction = Some(RedactionStatus::Redacted);
            self.session.redaction_due = Some(ended.plus_secs(self.dice.between(longest.min(3600), longest)));
            mask_session(&mut self.session);
            self.reports.iter_mut().for_each(mask_report);
        } else {
            // Due no later than four days after it was asked for, which was between the end and now.
            self.session.redaction = Some(RedactionStatus::Processing);
            self.session.redaction_due = Some(self.now.plus_secs(self.dice.between(3600, REDACTION - 3600)));
        }
    }
}
