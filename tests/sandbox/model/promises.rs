//! What the API promises, as plainly as it can be said: sessions in a list, in the order of their creation.

use std::collections::BTreeMap;

/// Four days: how long a redaction takes.
pub(crate) const REDACTION: i64 = 345_600;
/// How long a submission is processed here, in seconds.
pub(crate) const PROCESSING: i64 = 1200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Verified,
    Expired,
    Declined,
}

impl Ending {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Expired => "document_expired",
            Self::Declined => "consent_declined",
        }
    }
}

/// What an update asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Set(u8, u8),
    Unset(u8),
    Clear,
    Kind(bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) reference: Option<u8>,
    pub(crate) status: &'static str,
    pub(crate) id_number: bool,
    pub(crate) error: Option<&'static str>,
    pub(crate) redaction: Option<&'static str>,
    pub(crate) metadata: BTreeMap<u8, u8>,
    pub(crate) reports: usize,
    due: Option<(i64, Due)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    End(Ending),
    Redacted,
}

impl Session {
    pub(crate) fn new(id: &str, reference: Option<u8>, id_number: bool) -> Self {
        Self {
            id: id.to_owned(),
            reference,
            status: "requires_input",
            id_number,
            error: None,
            redaction: None,
            metadata: BTreeMap::new(),
            reports: 0,
            due: None,
        }
    }

    /// Whether its person may still do something.
    pub(crate) fn open(&self) -> bool {
        self.status == "requires_input" && self.redaction.is_none()
    }

    /// Whether the update is allowed; then it is done.
    pub(crate) fn update(&mut self, change: &Change) -> bool {
        let allowed = match change {
            Change::Kind(_) => self.open(),
            _ => self.redaction.is_none(),
        };
        if allowed {
            match change {
                Change::Set(key, value) => drop(self.metadata.insert(*key, *value)),
                Change::Unset(key) => drop(self.metadata.remove(key)),
                Change::Clear => self.metadata.clear(),
                Change::Kind(id_number) => self.id_number = *id_number,
            }
        }
        allowed
    }

    pub(crate) fn cancel(&mut self) -> bool {
        if self.open() {
            (self.status, self.error) = ("canceled", None);
        }
        self.status == "canceled"
    }

    pub(crate) fn redact(&mut self, now: i64) -> bool {
        if self.redaction.is_some() {
            return true;
        }
        if self.status == "processing" {
            return false;
        }
        if self.status == "requires_input" {
            self.status = "canceled";
        }
        (self.redaction, self.error) = (Some("processing"), None);
        self.metadata.clear();
        self.due = Some((now + REDACTION, Due::Redacted));
        true
    }

    pub(crate) fn submit(&mut self, ending: Ending, delayed: bool, now: i64) -> bool {
        if !self.open() {
            return false;
        }
        self.error = None;
        if delayed && ending != Ending::Declined {
            self.status = "processing";
            self.due = Some((now + PROCESSING, Due::End(ending)));
        } else {
            self.end(ending);
        }
        true
    }

    fn end(&mut self, ending: Ending) {
        self.status = if ending == Ending::Verified { "verified" } else { "requires_input" };
        self.error = (ending != Ending::Verified).then(|| ending.name());
        self.reports += usize::from(ending != Ending::Declined);
    }

    /// Lets happen what is due at `now`.
    pub(crate) fn settle(&mut self, now: i64) {
        let Some((_, due)) = self.due.filter(|(at, _)| *at <= now) else { return };
        self.due = None;
        match due {
            Due::End(ending) => self.end(ending),
            Due::Redacted => self.redaction = Some("redacted"),
        }
    }
}

/// Every session, oldest first, and the time since the start.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) sessions: Vec<Session>,
    pub(crate) now: i64,
}

impl Model {
    pub(crate) fn advance(&mut self, seconds: i64) {
        self.now += seconds;
        for session in &mut self.sessions {
            session.settle(self.now);
        }
    }

    fn position(&self, id: &str) -> usize {
        self.sessions.iter().position(|session| session.id == id).expect("a session that was created")
    }

    /// The page of those that `keep` lets through: ids newest first, and whether there are more.
    pub(crate) fn page(
        &self,
        keep: impl Fn(&Session) -> bool,
        cursor: Option<(&str, bool)>,
        limit: usize,
    ) -> (Vec<String>, bool) {
        let (range, upwards) = match cursor {
            None => (0..self.sessions.len(), false),
            Some((id, true)) => (self.position(id) + 1..self.sessions.len(), true),
            Some((id, false)) => (0..self.position(id), false),
        };
        let kept: Vec<&str> =
            self.sessions[range].iter().filter(|it| keep(it)).map(|it| it.id.as_str()).collect();
        let page: Vec<&str> = if upwards {
            kept.iter().take(limit).rev().copied().collect()
        } else {
            kept.iter().rev().take(limit).copied().collect()
        };
        (page.iter().map(|id| (*id).to_owned()).collect(), kept.len() > limit)
    }
}
