//! The ends of redactions. The API does not date them: an end lies between the moment at which somebody here last saw
//! the redaction going on and the one at which somebody first saw it done. Both are written into the audit.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crate::clock::WallTime;
use crate::identity::{RedactionStatus, Session, SessionId};
use crate::journal::{Entry, Line, Outcome};

use super::msg::{Effect, Request};
use super::notice::{Level, Notice};
use super::replies::Purpose;
use super::{Link, Model};

/// The action of the audit line that tells of an end.
pub const REDACTED: &str = "redacted";

/// A redaction takes this long at most (<https://docs.stripe.com/identity/verification-sessions#redact>).
const LONGEST: Duration = Duration::from_hours(4 * 24);

/// For how long an end that is due is still looked for: the object may be gone, or belong to another account.
const GIVEN_UP: Duration = Duration::from_hours(30 * 24);

/// How many are read at most because they are due.
const READS: usize = 5;

/// Between which moments a redaction came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// When it was last seen going on.
    pub after: WallTime,
    /// When it was first seen done.
    pub before: WallTime,
}

impl Erasure {
    /// As parameters of an audit line.
    #[must_use]
    pub fn params(&self) -> [String; 2] {
        [format!("after:{}", self.after), format!("before:{}", self.before)]
    }

    fn of(entry: &Entry) -> Option<Self> {
        let value = |name: &str| {
            let found = entry.params.iter().find_map(|param| param.strip_prefix(name)?.strip_prefix(':'));
            found?.parse().ok()
        };
        Some(Self { after: value("after")?, before: value("before")? })
    }
}

/// What is known of the ends of redactions.
#[derive(Debug, Default)]
pub(super) struct Erasures {
    /// Those asked for here whose end nobody has seen: when they were last seen going on.
    open: HashMap<SessionId, WallTime>,
    ended: HashMap<SessionId, Erasure>,
    /// Ends that are not written down yet.
    new: Vec<SessionId>,
    /// Those that were read because they were due.
    read: HashSet<SessionId>,
}

impl Erasures {
    /// Takes what the audit tells of redactions under this profile.
    fn take_lines(&mut self, lines: &[Line], profile: &str) {
        for Line { entry, .. } in lines.iter().filter(|line| &*line.entry.profile == profile) {
            let Some(id) = entry.object.as_deref().map(SessionId::new) else { continue };
            if &*entry.action == REDACTED {
                if let Some(erasure) = Erasure::of(entry) {
                    self.open.remove(&id);
                    self.ended.insert(id, erasure);
                }
            } else if &*entry.action == "redact"
                && entry.result == Outcome::Done
                && !self.ended.contains_key(&id)
            {
                let seen = self.open.entry(id).or_insert(entry.at);
                *seen = (*seen).max(entry.at);
            }
        }
    }

    /// A redaction was asked for.
    fn begun(&mut self, session: &Session, now: WallTime) {
        if session.redaction_status() == Some(&RedactionStatus::Processing) {
            self.open.entry(session.id.clone()).or_insert(now);
        }
    }

    /// A session was read.
    fn see(&mut self, session: &Session, now: WallTime) {
        let Some(seen) = self.open.get_mut(&session.id) else { return };
        match session.redaction_status() {
            Some(RedactionStatus::Processing) => *seen = (*seen).max(now),
            Some(RedactionStatus::Redacted | RedactionStatus::Validated) => {
                let erasure = Erasure { after: (*seen).min(now), before: now };
                self.open.remove(&session.id);
                self.ended.insert(session.id.clone(), erasure);
                self.new.push(session.id.clone());
            }
            _ => {}
        }
    }

    /// Those whose end is due and was not looked for yet.
    fn due(&mut self, now: WallTime) -> Vec<SessionId> {
        let due = |seen: &WallTime| (LONGEST..GIVEN_UP).contains(&now.since(*seen));
        let mut ids: Vec<SessionId> = self
            .open
            .iter()
            .filter(|(id, seen)| due(seen) && !self.read.contains(id))
            .map(|(id, _)| id.clone())
            .collect();
        ids.sort_unstable();
        ids.truncate(READS.saturating_sub(self.read.len()));
        self.read.extend(ids.iter().cloned());
        ids
    }
}

impl Model {
    /// Between which moments a session was erased, if somebody here saw both.
    #[must_use]
    pub fn erasure(&self, session: &SessionId) -> Option<&Erasure> {
        self.erasures.ended.get(session)
    }

    pub(super) fn redactions_in_audit(&mut self, lines: &[Line]) {
        self.erasures.take_lines(lines, &self.profile);
        let open: Vec<SessionId> = self.erasures.open.keys().cloned().collect();
        for id in open {
            if let Some(session) = self.catalog.session(&id) {
                self.erasures.see(session, self.now.wall);
            }
        }
    }

    pub(super) fn redaction_begun(&mut self, session: &Session) {
        self.erasures.begun(session, self.now.wall);
        self.erasures.see(session, self.now.wall);
    }

    pub(super) fn see_redactions<'a>(&mut self, sessions: impl IntoIterator<Item = &'a Session>) {
        sessions.into_iter().for_each(|session| self.erasures.see(session, self.now.wall));
    }

    /// Writes down the ends that were seen, and looks once for those that are due.
    pub(super) fn follow_redactions(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for id in std::mem::take(&mut self.erasures.new) {
            let Some(erasure) = self.erasures.ended.get(&id).copied() else { continue };
            self.say(Notice::new(Level::Done, format!("The redaction of {id} is complete.")).about(&id));
            let request = Request::NoteErasure(id.clone(), erasure);
            effects.push(self.ask(Purpose::NoteErasure(id), request).1);
        }
        if matches!(self.link, Link::Up(_)) && self.catalog.sessions().is_started() {
            for id in self.erasures.due(self.now.wall) {
                effects.push(self.ask(Purpose::Due(id.clone()), Request::Retrieve(id)).1);
            }
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::catalog::fixtures::session as any_session;
    use crate::clock::fixtures::noon;

    fn session(redaction: &Value) -> Session {
        any_session("vs_1", 1000, json!({ "status": "verified", "redaction": redaction }))
    }

    fn running() -> Session {
        session(&json!({ "status": "processing" }))
    }

    fn done() -> Session {
        session(&json!({ "status": "redacted" }))
    }

    fn after(secs: u64) -> WallTime {
        noon().wall.plus(Duration::from_secs(secs))
    }

    fn line(action: &str, result: &str, at: WallTime, params: &[String]) -> Line {
        let body = json!({ "seq": 1, "at": at, "operator": "ann", "profile": "desk", "mode": "test", "via": "key:X",
            "action": action, "object": "vs_1", "params": params, "reason": null, "job": null, "request_id": null,
            "idempotency_key": null, "result": result, "error_code": null, "prev": "0".repeat(64) });
        serde_json::from_value(body).expect("a line")
    }

    #[test]
    fn an_end_lies_between_the_last_sight_of_it_going_on_and_the_first_of_it_done() {
        let mut erasures = Erasures::default();
        erasures.begun(&running(), after(0));
        erasures.see(&running(), after(60));
        assert!(erasures.new.is_empty());
        erasures.see(&done(), after(300));
        let erasure = Erasure { after: after(60), before: after(300) };
        assert_eq!(erasures.ended.values().copied().collect::<Vec<_>>(), [erasure]);
        assert_eq!(erasures.new.len(), 1);
        erasures.see(&done(), after(900));
        assert_eq!(erasures.new.len(), 1, "once");
    }

    #[test]
    fn what_the_audit_holds_goes_on_and_what_it_told_is_not_told_again() {
        let asked = line("redact", "done", after(0), &[]);
        let mut erasures = Erasures::default();
        erasures.take_lines(std::slice::from_ref(&asked), "another");
        assert!(erasures.open.is_empty(), "of another account");
        for result in ["asked", "refused", "failed", "not_begun"] {
            erasures.take_lines(&[line("redact", result, after(0), &[])], "desk");
            assert!(erasures.open.is_empty(), "{result}");
        }
        erasures.take_lines(std::slice::from_ref(&asked), "desk");
        erasures.see(&done(), after(50));
        let erasure = Erasure { after: after(0), before: after(50) };
        let told = line(REDACTED, "done", after(51), &erasure.params());
        let mut later = Erasures::default();
        for order in [[told.clone(), asked.clone()], [asked, told]] {
            later.take_lines(&order, "desk");
            later.see(&done(), after(900));
            assert!(later.new.is_empty() && later.open.is_empty());
            assert_eq!(later.ended.values().copied().collect::<Vec<_>>(), [erasure]);
        }
    }

    #[test]
    fn what_is_due_is_read_once_and_a_few_at_a_time() {
        let mut erasures = Erasures::default();
        let day = 24 * 3600;
        for number in 0..9 {
            erasures.open.insert(SessionId::new(&format!("vs_{number}")), after(0));
        }
        assert!(erasures.due(after(day)).is_empty(), "it may take four days");
        assert_eq!(erasures.due(after(4 * day)).len(), READS);
        assert!(erasures.due(after(5 * day)).is_empty(), "once in a run");
        erasures.read.clear();
        assert!(erasures.due(after(40 * day)).is_empty(), "given up");
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_end_before_its_beginning() {
        let mut erasures = Erasures::default();
        erasures.begun(&running(), after(1000));
        erasures.see(&done(), after(10));
        let erasure = erasures.ended.values().next().expect("an end");
        assert!(erasure.after <= erasure.before);
    }
}
