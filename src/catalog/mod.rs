//! The reviewer's working set: what has been loaded, by object id, and the ways to look at it.
//!
//! Floor 3: imports floors 0 to 2. Pure: no terminal, no network, no clock. Rows are named by a [`Slot`] that never
//! changes while the program runs; order, filters and searches are lists of slots.

mod list;
mod marks;
mod query;
mod standing;

pub use list::{List, Slot};
pub use marks::{CheckMark, Marks};
pub use query::{Outcome, ReportQuery, SessionQuery, StatusFilter, TypeFilter};
pub use standing::Standing;

use std::collections::HashMap;

use crate::identity::{Expandable, Field, ListPage, Report, ReportId, Session, SessionId};
use crate::privacy::{Name, Pii};
use crate::text::Clean;

/// Everything that has been loaded.
#[derive(Default)]
pub struct Catalog {
    sessions: List<Session>,
    reports: List<Report>,
    /// The reports of each session, newest first.
    by_session: HashMap<SessionId, Vec<Slot>>,
    /// How many sessions each status filter shows: counted as they come and go, not anew for each frame.
    session_counts: [usize; StatusFilter::ALL.len()],
    /// How many reports each outcome filter shows.
    report_counts: [usize; Outcome::ALL.len()],
    /// Counts up with every change, so that views know when to look again.
    revision: u64,
}

impl Catalog {
    /// The sessions, newest first.
    #[must_use]
    pub const fn sessions(&self) -> &List<Session> {
        &self.sessions
    }

    /// The reports, newest first.
    #[must_use]
    pub const fn reports(&self) -> &List<Report> {
        &self.reports
    }

    /// A number that changes whenever anything in here does.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes a page of the session list. `older` says that it continues what is loaded; else it is the newest page.
    pub fn take_sessions(&mut self, page: ListPage<Session>, older: bool) {
        self.revision += 1;
        self.sessions.note_page(page.data.len(), page.has_more, older);
        for session in page.data {
            self.put_session(session);
        }
        self.sessions.sort();
    }

    /// Takes a page of the report list.
    pub fn take_reports(&mut self, page: ListPage<Report>, older: bool) {
        self.revision += 1;
        self.reports.note_page(page.data.len(), page.has_more, older);
        for report in page.data {
            self.put_report(report);
        }
        self.reports.sort();
        self.sort_attempts();
    }

    /// Takes one session as it is now.
    pub fn take_session(&mut self, session: Session) {
        self.revision += 1;
        self.put_session(session);
        self.sessions.sort();
        self.sort_attempts();
    }

    /// Takes reports that do not come from paging the whole list: the attempts of one session.
    pub fn take_attempts(&mut self, reports: Vec<Report>) {
        self.revision += 1;
        for report in reports {
            self.put_report(report);
        }
        self.reports.sort();
        self.sort_attempts();
    }

    fn put_session(&mut self, mut session: Session) {
        if let Some(known) = self.sessions.get(&session.id) {
            keep_expanded(known, &mut session);
        }
        // An expanded report is also a report of its own; the session then needs its id only.
        session.last_verification_report = match session.last_verification_report.take() {
            Some(Expandable::Object(report)) => {
                let id = report.id.clone();
                self.put_report(*report);
                Some(Expandable::Id(id))
            }
            id => id,
        };
        // Nobody asked a table for secrets: links are fetched when they are copied.
        session.client_secret = None;
        session.url = None;
        for (count, filter) in self.session_counts.iter_mut().zip(StatusFilter::ALL) {
            *count -= usize::from(self.sessions.get(&session.id).is_some_and(|known| filter.shows(known)));
            *count += usize::from(filter.shows(&session));
        }
        self.sessions.put(session);
    }

    fn put_report(&mut self, mut report: Report) {
        if let Some(known) = self.reports.get(&report.id) {
            keep_sensitive(known, &mut report);
        }
        let session = report.verification_session.clone();
        for (count, filter) in self.report_counts.iter_mut().zip(Outcome::ALL) {
            *count -= usize::from(self.reports.get(&report.id).is_some_and(|known| filter.shows(known)));
            *count += usize::from(filter.shows(&report));
        }
        let slot = self.reports.put(report);
        if let Some(session) = session {
            let slots = self.by_session.entry(session).or_default();
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
    }

    fn sort_attempts(&mut self) {
        let reports = &self.reports;
        for slots in self.by_session.values_mut().filter(|slots| slots.len() > 1) {
            slots.sort_by_key(|slot| std::cmp::Reverse((reports.at(*slot).created, *slot)));
        }
    }

    /// A session by its id.
    #[must_use]
    pub fn session(&self, id: &SessionId) -> Option<&Session> {
        self.sessions.get(id)
    }

    /// A report by its id.
    #[must_use]
    pub fn report(&self, id: &ReportId) -> Option<&Report> {
        self.reports.get(id)
    }

    /// The reports of a session that are loaded, newest first.
    pub fn attempts(&self, session: &SessionId) -> impl ExactSizeIterator<Item = &Report> {
        let slots = self.by_session.get(session).map_or(&[][..], Vec::as_slice);
        slots.iter().map(|slot| self.reports.at(*slot))
    }

    /// The newest report of a session: the one it names, or else the newest that is loaded.
    #[must_use]
    pub fn last_report(&self, session: &Session) -> Option<&Report> {
        let named =
            session.last_verification_report.as_ref().and_then(|expandable| self.report(expandable.id()));
        named.or_else(|| self.attempts(&session.id).next())
    }

    /// The person's name, if the verified data or a report has it.
    #[must_use]
    pub fn name(&self, session: &Session) -> Option<Pii<Name>> {
        let verified = session.verified_outputs.value().and_then(|outputs| {
            crate::identity::full_name(outputs.first_name.as_ref(), outputs.last_name.as_ref())
        });
        verified.or_else(|| self.last_report(session).and_then(Report::name))
    }

    /// The country of the person's document, two letters.
    #[must_use]
    pub fn country<'a>(&'a self, session: &'a Session) -> Option<&'a Clean> {
        self.last_report(session)
            .and_then(Report::country)
            .or_else(|| session.verified_outputs.value()?.address.as_ref()?.country.as_ref())
    }

    /// How each check of a session went.
    #[must_use]
    pub fn marks(&self, session: &Session) -> Marks {
        Marks::of(session, self.last_report(session))
    }

    /// Whether every report that a loaded session may have is loaded: reports are never older than their session.
    #[must_use]
    pub fn reports_cover_sessions(&self) -> bool {
        self.reports.is_complete()
            || match (self.sessions.oldest_paged(), self.reports.oldest_paged()) {
                (Some(session), Some(report)) => report < session,
                (None, _) => true,
                (Some(_), None) => false,
            }
    }

    /// The sessions that `query` asks for, newest first.
    #[must_use]
    pub fn select_sessions(&self, query: &SessionQuery) -> Vec<Slot> {
        self.sessions.select(|session| query.matches(self, session))
    }

    /// The reports that `query` asks for, newest first.
    #[must_use]
    pub fn select_reports(&self, query: &ReportQuery) -> Vec<Slot> {
        self.reports.select(|report| query.matches(self, report))
    }

    /// How many loaded sessions each status filter shows, in the order of [`StatusFilter::ALL`].
    #[must_use]
    pub const fn count_sessions(&self) -> [usize; StatusFilter::ALL.len()] {
        self.session_counts
    }

    /// How many loaded reports each outcome filter shows, in the order of [`Outcome::ALL`].
    #[must_use]
    pub const fn count_reports(&self) -> [usize; Outcome::ALL.len()] {
        self.report_counts
    }
}

/// A list page leaves out what an earlier retrieve expanded. It is still true while nothing else has changed.
fn keep_expanded(known: &Session, new: &mut Session) {
    let last =
        |session: &Session| session.last_verification_report.as_ref().map(|report| report.id().clone());
    let unchanged =
        known.status == new.status && known.redaction == new.redaction && last(known) == last(new);
    if !unchanged {
        return;
    }
    if new.verified_outputs.is_absent() {
        new.verified_outputs.clone_from(&known.verified_outputs);
    }
    if new.provided_details.is_absent() {
        new.provided_details.clone_from(&known.provided_details);
    }
}

/// Sensitive fields that were expanded once stay, unless the report was redacted since.
fn keep_sensitive(known: &Report, new: &mut Report) {
    if let (Some(known), Some(new)) = (&known.document, &mut new.document)
        && known.first_name == new.first_name
        && known.last_name == new.last_name
    {
        keep(&known.dob, &mut new.dob);
        keep(&known.number, &mut new.number);
        keep(&known.expiration_date, &mut new.expiration_date);
        keep(&known.sex, &mut new.sex);
        keep(&known.unparsed_sex, &mut new.unparsed_sex);
        keep(&known.unparsed_place_of_birth, &mut new.unparsed_place_of_birth);
    }
    if let (Some(known), Some(new)) = (&known.id_number, &mut new.id_number)
        && known.first_name == new.first_name
        && known.last_name == new.last_name
    {
        keep(&known.dob, &mut new.dob);
        keep(&known.id_number, &mut new.id_number);
    }
}

fn keep<T: Clone>(known: &Field<T>, new: &mut Field<T>) {
    if new.is_absent() {
        new.clone_from(known);
    }
}

#[cfg(test)]
pub(crate) mod fixtures {
    //! Objects for tests.

    use serde_json::{Value, json};

    use super::*;

    /// A session with `extra` fields over a bare one.
    pub(crate) fn session(id: &str, created: i64, extra: Value) -> Session {
        let mut base = json!({ "id": id, "created": created, "livemode": false, "status": "requires_input", "type": "document" });
        merge(&mut base, extra);
        serde_json::from_value(base).expect("a session")
    }

    /// A report of `session` with `extra` fields.
    pub(crate) fn report(id: &str, session: &str, created: i64, extra: Value) -> Report {
        let mut base = json!({ "id": id, "created": created, "livemode": false, "type": "document", "verification_session": session });
        merge(&mut base, extra);
        serde_json::from_value(base).expect("a report")
    }

    /// A page of a list.
    pub(crate) fn page<T>(data: Vec<T>, has_more: bool) -> ListPage<T> {
        ListPage { has_more, data }
    }

    fn merge(base: &mut Value, extra: Value) {
        if let (Some(base), Value::Object(extra)) = (base.as_object_mut(), extra) {
            base.extend(extra);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::fixtures::{page, report, session};
    use super::*;

    #[test]
    fn pages_merge_by_id_newest_first() {
        let mut catalog = Catalog::default();
        catalog.take_sessions(
            page(vec![session("vs_3", 30, json!({})), session("vs_2", 20, json!({}))], true),
            true,
        );
        catalog.take_sessions(page(vec![session("vs_1", 10, json!({}))], false), true);
        catalog.take_sessions(
            page(
                vec![session("vs_4", 40, json!({})), session("vs_3", 30, json!({ "status": "canceled" }))],
                true,
            ),
            false,
        );
        let ids: Vec<_> = catalog.sessions().iter().map(|session| session.id.as_str()).collect();
        assert_eq!(ids, ["vs_4", "vs_3", "vs_2", "vs_1"]);
        assert!(
            catalog.sessions().is_complete(),
            "a refresh of the newest page does not forget that all is loaded"
        );
        assert_eq!(catalog.count_sessions()[..5], [4, 3, 0, 0, 1]);
    }

    #[test]
    fn an_expanded_session_stays_expanded_until_it_changes() {
        let mut catalog = Catalog::default();
        let outputs = json!({ "status": "verified", "verified_outputs": { "first_name": "Jenny", "last_name": "Rosen" } });
        catalog.take_session(session("vs_1", 1, outputs));
        catalog.take_sessions(page(vec![session("vs_1", 1, json!({ "status": "verified" }))], false), true);
        let id = SessionId::new("vs_1");
        assert!(catalog.session(&id).is_some_and(|session| catalog.name(session).is_some()));
        catalog.take_sessions(
            page(
                vec![session(
                    "vs_1",
                    1,
                    json!({ "status": "verified", "redaction": { "status": "processing" } }),
                )],
                false,
            ),
            false,
        );
        assert!(catalog.session(&id).is_some_and(|session| catalog.name(session).is_none()));
    }

    #[test]
    fn attempts_are_newest_first_and_an_expanded_report_is_one() {
        let mut catalog = Catalog::default();
        catalog.take_reports(page(vec![report("vr_1", "vs_1", 5, json!({}))], false), true);
        let expanded = json!({ "id": "vr_2", "created": 9, "livemode": false, "type": "document", "verification_session": "vs_1" });
        catalog.take_session(session("vs_1", 1, json!({ "last_verification_report": expanded })));
        let ids: Vec<_> =
            catalog.attempts(&SessionId::new("vs_1")).map(|report| report.id.as_str().to_owned()).collect();
        assert_eq!(ids, ["vr_2", "vr_1"]);
        catalog.take_session(session("vs_1", 1, json!({ "last_verification_report": "vr_2" })));
        let named = catalog.session(&SessionId::new("vs_1")).and_then(|session| {
            session.last_verification_report.as_ref().map(|report| report.id().as_str().to_owned())
        });
        assert_eq!(named.as_deref(), Some("vr_2"), "an id is kept too");
    }

    #[test]
    fn reports_cover_sessions_once_they_reach_further_back() {
        let mut catalog = Catalog::default();
        catalog.take_sessions(page(vec![session("vs_1", 50, json!({}))], true), true);
        assert!(!catalog.reports_cover_sessions());
        catalog.take_reports(page(vec![report("vr_1", "vs_1", 60, json!({}))], true), true);
        assert!(!catalog.reports_cover_sessions());
        catalog.take_reports(page(vec![report("vr_0", "vs_0", 40, json!({}))], true), true);
        assert!(catalog.reports_cover_sessions());
    }
}
