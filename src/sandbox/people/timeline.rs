//! What happened to an invented session, step by step, as the events of its past. For the rest of the sandbox.
//!
//! A history keeps the times of creation, of reports and of redaction. What lies between (opening, giving up,
//! canceling) is put at plausible times that follow from the session's id.

use serde_json::Value;

use super::super::events::Kind;
use super::super::record::{ErrorRecord, ReportRecord, SessionRecord};
use super::dice::Dice;
use super::{History, setup};
use crate::clock::Timestamp;
use crate::identity::{CheckStatus, RedactionStatus, Status};

/// An event of the past.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct Step {
    /// `evt_…`.
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) kind: Kind,
    pub(in crate::sandbox) at: Timestamp,
    /// The request that caused it: `req_…`.
    pub(in crate::sandbox) request: Option<String>,
    /// The session as it was afterwards.
    pub(in crate::sandbox) session: SessionRecord,
}

/// The events of `history`, oldest first, none later than `now`. The same seed makes the same events.
pub(in crate::sandbox) fn timeline(seed: u64, history: &History, now: Timestamp) -> Vec<Step> {
    let last = &history.session;
    let mut session = last.clone();
    session.status = Status::RequiresInput;
    session.last_error = None;
    session.last_report = None;
    session.redaction = None;
    let dice = Dice::new(seed, &[b"timeline", last.id.as_bytes()]);
    let mut tale = Tale { seed, now, at: last.created, dice, session, steps: Vec::new() };
    tale.tell(Kind::Created, last.created, true);
    for report in &history.reports {
        tale.submit(report.created, last.redaction.is_some(), report);
    }
    tale.end(last);
    tale.steps
}

struct Tale {
    seed: u64,
    now: Timestamp,
    /// When the step before was.
    at: Timestamp,
    dice: Dice,
    session: SessionRecord,
    steps: Vec<Step>,
}

impl Tale {
    fn tell(&mut self, kind: Kind, at: Timestamp, requested: bool) {
        self.at = at.clamp(self.at, self.now.max(self.at));
        let id = setup::object_id("evt_", self.seed, &mut self.dice);
        let request = requested.then(|| format!("req_{}", self.dice.token(14)));
        self.steps.push(Step { id, kind, at: self.at, request, session: self.session.clone() });
    }

    /// A submission whose checks ended with `report`.
    fn submit(&mut self, ended: Timestamp, masked: bool, report: &ReportRecord) {
        let took = self.dice.between(4, 40);
        self.session.status = Status::Processing;
        self.session.last_error = None;
        self.tell(Kind::Processing, ended.minus_secs(took), false);
        self.session.last_report = Some(report.id.clone());
        let failed = failure(report);
        let kind = if failed.is_some() { Kind::RequiresInput } else { Kind::Verified };
        self.session.status = if failed.is_some() { Status::RequiresInput } else { Status::Verified };
        // A redaction leaves no reasons in the events before it.
        self.session.last_error = failed.filter(|_| !masked);
        self.tell(kind, ended, false);
    }

    /// What happened after the last report, until the session was as it is in `last`.
    fn end(&mut self, last: &SessionRecord) {
        let soon = self.at.plus_secs(self.dice.between(40, 900));
        if last.status == Status::Processing {
            self.session.status = Status::Processing;
            self.tell(Kind::Processing, soon, false);
            return;
        }
        if last.status == Status::RequiresInput && last.last_error != self.session.last_error {
            // Refused at the door: there is no report of that.
            self.session.last_error.clone_from(&last.last_error);
            self.tell(Kind::RequiresInput, soon, false);
        }
        if last.status == Status::Canceled {
            self.session.status = Status::Canceled;
            self.session.last_error = None;
            let later = self.at.plus_secs(self.dice.between(60, 7200));
            self.tell(Kind::Canceled, later, true);
        }
        if last.redaction == Some(RedactionStatus::Redacted) {
            self.session.redaction = Some(RedactionStatus::Redacted);
            self.tell(Kind::Redacted, last.redaction_due.unwrap_or(self.at), false);
        }
    }
}

/// Why a submission failed: the error of the first of its checks that did.
fn failure(report: &ReportRecord) -> Option<ErrorRecord> {
    let unverified = |check: &&Value| check["status"] == CheckStatus::Unverified.as_str();
    let check = report.checks.values().find(unverified)?;
    serde_json::from_value(check["error"].clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::histories;
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

    #[test]
    fn every_past_ends_where_the_session_is() {
        let mut kinds = Vec::new();
        for history in histories(3, 400, NOW) {
            let steps = timeline(3, &history, NOW);
            let last = &history.session;
            let end = steps.last().expect("a step");
            assert_eq!((steps[0].kind, steps[0].at), (Kind::Created, last.created));
            assert!(steps.is_sorted_by_key(|step| step.at) && end.at <= NOW, "{}", last.id);
            assert_eq!((&end.session.status, &end.session.last_report), (&last.status, &last.last_report));
            assert_eq!(end.session.last_error, last.last_error, "{}", last.id);
            if last.redaction == Some(RedactionStatus::Redacted) {
                assert_eq!(end.kind, Kind::Redacted);
                let reasons = steps.iter().filter(|step| step.session.last_error.is_some());
                assert_eq!(reasons.count(), 0, "{}", last.id);
            }
            let submissions = steps.iter().filter(|step| step.kind == Kind::Processing).count();
            assert_eq!(submissions, history.reports.len() + usize::from(last.status == Status::Processing));
            kinds.extend(steps.iter().map(|step| step.kind));
        }
        for kind in Kind::ALL {
            assert!(kinds.contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn the_same_seed_tells_the_same_tale() {
        let history = histories(5, 80, NOW).pop().expect("a session");
        assert_eq!(timeline(5, &history, NOW), timeline(5, &history, NOW));
    }
}
