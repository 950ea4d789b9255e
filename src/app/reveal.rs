//! What is shown of a person in plain text: one record, or single fields of it, for a time, and never before the audit
//! has a line about it.
//!
//! A wish to see something goes to `worker`, which writes it down first and fetches what is sensitive. Only the reply
//! opens anything, and only if the person still looks at that record. Sensitive values live here and nowhere else: they
//! are forgotten when they are masked.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::clock::{Monotonic, Timestamp, WallTime};
use crate::identity::personal::{PersonalField, Reading};
use crate::identity::{Report, ReportId, SessionId};
use crate::privacy::{Detail, Lens, Pii, Sight};

use super::dialog::{Dialog, FieldMenu};
use super::msg::{Effect, Request};
use super::notice::{Level, Notice};
use super::problem::Problem;
use super::replies::Purpose;
use super::{Model, Page};

/// For how long a verification's sensitive data can be read without an IP-restricted key, in seconds.
/// Source: "Access verification results" in the product's documentation.
const RECENT: i64 = 48 * 3600;

/// A wish to see personal data in plain text. Nothing is shown before the audit has a line about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unveil {
    /// Whose record it is.
    pub session: SessionId,
    /// The report that is looked at with it.
    pub report: Option<ReportId>,
    /// The field; without one, everything that is known of the record.
    pub field: Option<PersonalField>,
}

/// What came of asking the API for one sensitive field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The value.
    Value(Pii<Detail>),
    /// The API says that there is none.
    Nothing,
    /// It was not given, and why: a few words that stand in its place.
    Refused(String),
}

/// A record of which something is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The session.
    pub session: SessionId,
    /// The report: another one of the same session may tell of somebody else.
    report: Option<ReportId>,
    /// Whether everything that is known is shown.
    whole: bool,
    /// The fields that are shown.
    open: BTreeSet<PersonalField>,
    /// What the API was asked for by name.
    fetched: BTreeMap<PersonalField, Fetched>,
    /// The notice that says so: it goes when the data goes.
    notice: u64,
    /// When it masks itself again; never, where nothing is shown.
    pub until: Option<Monotonic>,
}

impl Reveal {
    fn shows(&self, session: &SessionId, report: Option<&ReportId>, now: Monotonic) -> bool {
        self.session == *session
            && self.report.as_ref() == report
            && self.until.is_some_and(|until| now < until)
    }
}

impl Model {
    /// Whether all of `session` that is known is shown, or masked.
    #[must_use]
    pub fn sight(&self, session: &SessionId) -> Sight {
        let shown = self.reveal.as_ref().is_some_and(|reveal| {
            reveal.whole
                && reveal.session == *session
                && reveal.until.is_some_and(|until| self.now.monotonic < until)
        });
        if shown { Sight::Revealed } else { Sight::Masked }
    }

    /// How texts of `session` are shown that may be personal, or not: its reference, its metadata.
    #[must_use]
    pub fn lens(&self, session: &SessionId) -> Lens<'_> {
        Lens { sight: self.sight(session), keys: &self.settings.masking }
    }

    /// The same for texts of a report, which is revealed with its session.
    #[must_use]
    pub fn lens_of_report(&self, report: &Report) -> Lens<'_> {
        let sight = report.verification_session.as_ref().map_or(Sight::Masked, |session| self.sight(session));
        Lens { sight, keys: &self.settings.masking }
    }

    /// Whether one field of a record is shown, or masked.
    #[must_use]
    pub fn sight_of(&self, session: &SessionId, report: Option<&ReportId>, field: PersonalField) -> Sight {
        let open = self.reveal.as_ref().is_some_and(|reveal| {
            reveal.shows(session, report, self.now.monotonic) && reveal.open.contains(&field)
        });
        if open { Sight::Revealed } else { self.sight(session) }
    }

    /// What came of asking for a sensitive field of the record, where somebody has.
    #[must_use]
    pub fn fetched(
        &self,
        session: &SessionId,
        report: Option<&ReportId>,
        field: PersonalField,
    ) -> Option<&Fetched> {
        let reveal = self.reveal.as_ref()?;
        let same = reveal.session == *session && reveal.report.as_ref() == report;
        let fetched = reveal.fetched.get(&field).filter(|_| same)?;
        let standing =
            matches!(fetched, Fetched::Refused(_)) || reveal.shows(session, report, self.now.monotonic);
        standing.then_some(fetched)
    }

    /// Whether a field is on its way: being written down, and fetched where it is sensitive.
    #[must_use]
    pub fn is_unveiling(&self, session: &SessionId, field: PersonalField) -> bool {
        self.tasks.values().any(|purpose| {
            matches!(purpose, Purpose::Unveil(unveil) if unveil.session == *session && unveil.field == Some(field))
        })
    }

    /// The record that the detail shows: its session, and the report that its personal data stand in.
    #[must_use]
    pub fn looked_at(&self) -> Option<(SessionId, Option<ReportId>)> {
        let session = self.subject()?;
        let report = match self.page {
            Page::Reports => self.subject_report(),
            _ => self.catalog.last_report(session),
        };
        Some((session.id.clone(), report.map(|report| report.id.clone())))
    }

    /// What the record has in a field, masked or not as it stands now.
    #[must_use]
    pub fn reading(
        &self,
        session: &SessionId,
        report: Option<&ReportId>,
        field: PersonalField,
    ) -> Reading<'_> {
        let sight = self.sight_of(session, report, field);
        let report = report.and_then(|report| self.catalog.report(report));
        field.read(self.catalog.session(session), report, sight)
    }

    /// Shows everything that is known of the record, or masks it again.
    pub(super) fn toggle_reveal(&mut self) -> Vec<Effect> {
        let Some((session, report)) = self.looked_at() else { return Vec::new() };
        if self.sight(&session) == Sight::Revealed {
            self.mask();
            return Vec::new();
        }
        self.unveil(Unveil { session, report, field: None })
    }

    /// Opens the menu of single fields. What is not loaded yet is fetched, and joins the menu when it arrives.
    pub(super) fn choose_field(&mut self) -> Vec<Effect> {
        let Some((session, report)) = self.looked_at() else { return Vec::new() };
        let known = self.catalog.session(&session);
        let unopened = known.is_some_and(|session| {
            session.verified_outputs.is_absent() || session.provided_details.is_absent()
        });
        let mut menu = FieldMenu { session, report, fields: Vec::new(), at: 0 };
        self.fill(&mut menu);
        let id = menu.session.clone();
        let mut effects = self.open_dialog(Dialog::Fields(menu));
        if unopened {
            effects.extend(self.retrieve(&id));
        }
        effects
    }

    /// Adds what the record has by now to the end of the menu. Nothing moves under the cursor.
    fn fill(&self, menu: &mut FieldMenu) {
        let fresh: Vec<PersonalField> = PersonalField::all()
            .filter(|field| !menu.fields.contains(field))
            .filter(|field| self.reading(&menu.session, menu.report.as_ref(), *field) != Reading::Nothing)
            .collect();
        menu.fields.extend(fresh);
    }

    /// A record arrived: an open menu may have more to offer.
    pub(super) fn fill_field_menu(&mut self) {
        let Some(at) = self.dialogs.iter().position(|dialog| matches!(dialog, Dialog::Fields(_))) else {
            return;
        };
        let Dialog::Fields(mut menu) = self.dialogs.swap_remove(at) else { return };
        self.fill(&mut menu);
        self.dialogs.push(Dialog::Fields(menu));
        let last = self.dialogs.len() - 1;
        self.dialogs.swap(at, last);
    }

    /// Shows the field that was chosen, or masks it again.
    pub(super) fn toggle_field(&mut self, menu: FieldMenu) -> Vec<Effect> {
        let FieldMenu { session, report, fields, at } = menu;
        let Some(field) = fields.get(at).copied() else { return Vec::new() };
        if self.looked_at().as_ref() != Some(&(session.clone(), report.clone())) {
            return Vec::new();
        }
        if self.is_shown(&session, report.as_ref(), field) {
            self.mask_field(field);
            return Vec::new();
        }
        self.unveil(Unveil { session, report, field: Some(field) })
    }

    /// Whether a field is shown for itself.
    #[must_use]
    pub fn is_shown(&self, session: &SessionId, report: Option<&ReportId>, field: PersonalField) -> bool {
        self.reveal.as_ref().is_some_and(|reveal| {
            reveal.shows(session, report, self.now.monotonic) && reveal.open.contains(&field)
        })
    }

    fn mask_field(&mut self, field: PersonalField) {
        let Some(reveal) = &mut self.reveal else { return };
        reveal.open.remove(&field);
        reveal.fetched.remove(&field);
        if reveal.open.is_empty() && !reveal.whole {
            self.mask();
        }
    }

    fn unveil(&mut self, unveil: Unveil) -> Vec<Effect> {
        let request = Request::Unveil(Box::new(unveil.clone()));
        self.ask_once(Purpose::Unveil(unveil), request).into_iter().collect()
    }

    /// It is written down, and fetched where it is sensitive: shown now, if the person still looks at that record.
    pub(super) fn unveiled(&mut self, unveil: Unveil, fetched: Option<Fetched>) {
        let Some((session, report)) = self.looked_at() else { return };
        if session != unveil.session || (unveil.report.is_some() && report != unveil.report) {
            return;
        }
        // The report may have arrived since: it belongs to what the person looks at.
        let unveil = Unveil { report, ..unveil };
        let refused = matches!(fetched, Some(Fetched::Refused(_)));
        let seconds = self.settings.reveal_seconds;
        let until = self.now.monotonic.plus(Duration::from_secs(u64::from(seconds)));
        let Unveil { session, report, field } = unveil;
        if refused {
            self.reveal_of(session, report);
        } else {
            let text = match field {
                Some(field) => format!("Shown for {seconds} seconds: {}.", field.label()),
                None => format!("Revealed for {seconds} seconds; masks itself when you leave the record."),
            };
            self.take_back_notice();
            let notice = self.notices.post(self.now, Notice::new(Level::Info, text).about(&session));
            let reveal = self.reveal_of(session, report);
            reveal.notice = notice;
            reveal.until = Some(until);
        }
        let Some(reveal) = &mut self.reveal else { return };
        match field {
            None => reveal.whole = true,
            Some(field) => {
                if !refused {
                    reveal.open.insert(field);
                }
                if let Some(fetched) = fetched {
                    reveal.fetched.insert(field, fetched);
                }
            }
        }
    }

    /// What is shown of this record; of every other one nothing is shown any more.
    fn reveal_of(&mut self, session: SessionId, report: Option<ReportId>) -> &mut Reveal {
        let other =
            self.reveal.as_ref().is_some_and(|reveal| reveal.session != session || reveal.report != report);
        if other {
            self.leave_record();
        }
        self.reveal.get_or_insert_with(|| Reveal {
            session,
            report,
            whole: false,
            open: BTreeSet::new(),
            fetched: BTreeMap::new(),
            notice: 0,
            until: None,
        })
    }

    /// The field could not be had: what was said instead stands in its place.
    pub(super) fn not_unveiled(&mut self, unveil: Unveil, problem: Problem) {
        let session = unveil.session.clone();
        let place = unveil.field.filter(|_| problem.api().is_some() || problem.is_unanswered());
        if place.is_some() {
            let made = unveil.report.as_ref().and_then(|id| self.catalog.report(id)).map(|r| r.created);
            let words = why_refused(&problem, made, self.now.wall);
            self.unveiled(unveil, Some(Fetched::Refused(words)));
        }
        self.say(Notice::problem(problem).about(&session));
    }

    fn take_back_notice(&mut self) {
        if let Some(reveal) = &self.reveal {
            self.notices.retract(reveal.notice);
        }
    }

    /// Masks what is shown, forgets what was fetched, and waits for nothing that was to be shown. Refusals stay: they
    /// tell nothing of the person.
    pub(super) fn mask(&mut self) {
        self.tasks.retain(|_, purpose| !matches!(purpose, Purpose::Unveil(_)));
        self.take_back_notice();
        if let Some(reveal) = &mut self.reveal {
            reveal.whole = false;
            reveal.until = None;
            reveal.open.clear();
            reveal.fetched.retain(|_, fetched| matches!(fetched, Fetched::Refused(_)));
        }
    }

    /// Masks what is shown, and forgets everything of that record.
    pub(super) fn leave_record(&mut self) {
        self.mask();
        self.reveal = None;
    }

    /// Masks when the person has turned to another record.
    pub(super) fn mask_if_turned(&mut self) {
        let looked_at = self.looked_at();
        let stays = |session: &SessionId, report: &Option<ReportId>| {
            looked_at.as_ref().is_some_and(|(s, r)| s == session && (report.is_none() || r == report))
        };
        if self.reveal.as_ref().is_some_and(|reveal| !stays(&reveal.session, &reveal.report)) {
            self.leave_record();
        }
        self.tasks.retain(|_, purpose| match purpose {
            Purpose::Unveil(unveil) => stays(&unveil.session, &unveil.report),
            _ => true,
        });
    }
}

/// Why a sensitive field was not given, in a few words: the permission that is missing, or the window that has closed.
fn why_refused(problem: &Problem, made: Option<Timestamp>, now: WallTime) -> String {
    let Some(error) = problem.api() else {
        return "could not be fetched".to_owned();
    };
    if !error.is_forbidden() {
        return format!("refused: {}", error.message);
    }
    let permission = error.missing_permission();
    let late = made.is_some_and(|made| now.timestamp().secs_since(made) > RECENT);
    match permission {
        // The key may read recent data: what it lacks is the right to read old ones.
        Some(permission) if late && !permission.contains("recent") => {
            format!("outside the 48 h window: wants an IP-restricted key with {permission}")
        }
        Some(permission) => format!("not allowed: the key lacks {permission}"),
        None if late => "outside the 48 h window, or not allowed to this key".to_owned(),
        None => format!("not allowed: {}", error.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ProblemKind;
    use crate::identity::ApiError;

    fn refusal(message: &str) -> Problem {
        let error =
            ApiError::of(403, serde_json::json!({ "type": "invalid_request_error", "message": message }));
        Problem::new(ProblemKind::Refused(Box::new(error)), "The API refused.")
    }

    #[test]
    fn a_refusal_names_the_permission_or_the_window() {
        let needs =
            |name: &str| refusal(&format!("Having the '{name}' permission would allow this request."));
        let recent = needs("rak_identity_recent_sensitive_results_read");
        let all = needs("rak_identity_all_sensitive_results_read");
        let now: WallTime = "2026-03-01T12:00:00Z".parse().expect("a time");
        let old = Some(now.timestamp().minus_secs(RECENT + 1));
        let young = Some(now.timestamp().minus_secs(RECENT - 1));
        assert_eq!(
            why_refused(&recent, old, now),
            "not allowed: the key lacks rak_identity_recent_sensitive_results_read"
        );
        assert!(why_refused(&all, old, now).starts_with("outside the 48 h window"));
        assert!(why_refused(&all, young, now).starts_with("not allowed: the key lacks rak_identity_all"));
        assert!(why_refused(&refusal("No."), old, now).starts_with("outside the 48 h window, or"));
        assert_eq!(why_refused(&refusal("No."), None, now), "not allowed: No.");
    }
}
