//! Who the person is: the verified data, what the newest report read, and what was known before. Masked by default.

use ratatui::style::Style;

use crate::actions::Action;
use crate::app::{Fetched, Model};
use crate::catalog::Standing;
use crate::identity::personal::{Kind, Part, PersonalField, Reading};
use crate::identity::{
    DocumentCheck, Field, IdNumberCheck, Report, ReportId, SessionId, Status, VerifiedOutputs,
};
use crate::privacy::{REDACTED, Sight};

use super::Record;
use super::checks::{document_name, number_name};
use super::sheet::Sheet;

/// Writes personal values as the model allows them, and says once how to change that.
pub(super) struct People<'a> {
    model: &'a Model,
    sheet: &'a mut Sheet,
    /// Whose record it is; without one nothing can be revealed.
    session: Option<&'a SessionId>,
    report: Option<&'a Report>,
    /// What is said where the data is erased, or about to be: there is nothing to reveal, and nothing to miss.
    erased: Option<&'static str>,
    hint: Vec<(String, Style)>,
    /// Names of what is sensitive and was not asked for, since the last heading.
    unfetched: Vec<&'static str>,
}

impl<'a> People<'a> {
    pub(super) fn new(
        model: &'a Model,
        session: Option<&'a SessionId>,
        report: Option<&'a Report>,
        sheet: &'a mut Sheet,
    ) -> Self {
        let sight = session.map_or(Sight::Masked, |session| model.sight(session));
        let record = session.and_then(|session| model.catalog.session(session));
        let erased = record.filter(|session| session.redaction.is_some()).map(|session| {
            if Standing::of(session) == Standing::Redacting { "being erased" } else { "erased" }
        });
        let look = sheet.look;
        let key = model.keymap.label(Action::Reveal);
        let hint = if key.is_empty() || model.allows(Action::Reveal).is_err() {
            Vec::new()
        } else {
            let word = if sight == Sight::Revealed { " mask" } else { " reveal" };
            vec![(key, look.key), (word.to_owned(), look.dim)]
        };
        Self { model, sheet, session, report, erased, hint, unfetched: Vec::new() }
    }

    fn heading(&mut self, title: &'static str) {
        self.sheet.heading(title, &std::mem::take(&mut self.hint));
    }

    /// One field: its value as it may be shown, or what stands in its place.
    fn field(&mut self, part: Part, kind: Kind) {
        if self.erased.is_some() {
            return;
        }
        let field = PersonalField { part, kind };
        let look = self.sheet.look;
        let report = self.report.map(|report| &report.id);
        if let Some(session) = self.session {
            if self.model.is_unveiling(session, field) && field.is_sensitive() {
                return self.sheet.row(field.label(), "asked for…", look.info);
            }
            match self.model.fetched(session, report, field) {
                Some(Fetched::Value(value)) => {
                    let shown = value.show(self.model.sight_of(session, report, field));
                    return self.sheet.row(field.label(), &shown, look.text);
                }
                Some(Fetched::Nothing) => return self.sheet.row(field.label(), "there is none", look.faint),
                Some(Fetched::Refused(why)) => return self.sheet.row(field.label(), why, look.warn),
                None => {}
            }
        }
        match self.read(report, field) {
            (Reading::Value(shown), sight) => {
                let style = match sight {
                    _ if shown.starts_with(REDACTED) => look.faint,
                    Sight::Masked => look.dim,
                    Sight::Revealed => look.text,
                };
                self.sheet.row(field.label(), &shown, style);
            }
            (Reading::Unfetched, _) if matches!(kind, Kind::BirthDate | Kind::Number | Kind::Expiry) => {
                self.unfetched.push(field.label());
            }
            _ => {}
        }
    }

    fn read(&self, report: Option<&ReportId>, field: PersonalField) -> (Reading<'a>, Sight) {
        let sight = self.session.map_or(Sight::Masked, |session| self.model.sight_of(session, report, field));
        let session = self.session.and_then(|session| self.model.catalog.session(session));
        (field.read(session, self.report, sight), sight)
    }

    fn plain(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| self.erased.is_none() || *value != REDACTED) {
            let style = if value == REDACTED { self.sheet.look.faint } else { self.sheet.look.text };
            self.sheet.row(label, value, style);
        }
    }

    /// Says once that the data is gone, if it is.
    fn gone(&mut self) {
        if let Some(erased) = self.erased {
            self.heading("PERSON");
            self.note(erased);
        }
    }

    fn note(&mut self, text: &str) {
        let faint = self.sheet.look.faint;
        self.sheet.text(text, faint);
    }

    /// Says what is sensitive and was not asked for, and how to ask.
    fn sensitive_note(&mut self) {
        let missing = std::mem::take(&mut self.unfetched);
        if missing.is_empty() {
            return;
        }
        let key = self.model.keymap.label(Action::RevealField);
        let how = if key.is_empty() || self.model.allows(Action::RevealField).is_err() {
            "sensitive, not fetched".to_owned()
        } else {
            format!("sensitive · {key} fetches one")
        };
        self.note(&format!("{}: {how}", missing.join(", ")));
    }
}

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let mut people = People::new(record.model, Some(&record.session.id), record.report, sheet);
    if people.erased.is_some() {
        write_erased(record, &mut people);
        return;
    }
    let noted = write_verified(record, &mut people);
    if let Some(report) = record.report {
        write_extracted(report, &mut people);
    }
    write_provided(record, noted, &mut people);
}

/// What is left of a person whose data was redacted: that it is gone, and what the document was.
fn write_erased(record: &Record<'_>, people: &mut People<'_>) {
    people.gone();
    let Some(check) = record.report.and_then(|report| report.document.as_ref()) else { return };
    if check.kind.is_some() || check.issuing_country.is_some() {
        write_document(check, people);
    }
}

/// The verified data. Says whether it had to say that nothing was fetched.
fn write_verified(record: &Record<'_>, people: &mut People<'_>) -> bool {
    let session = record.session;
    match &session.verified_outputs {
        Field::Value(outputs) => {
            people.heading("PERSON");
            write_outputs(outputs, people);
        }
        // Only a verified session has such data.
        _ if session.status != Status::Verified => {}
        Field::Null => {
            people.sheet.heading("PERSON", &[]);
            people.note("The API gave no verified data.");
        }
        Field::Absent => {
            people.sheet.heading("PERSON", &[]);
            people.note(&not_fetched(record, "verified data"));
            return true;
        }
    }
    false
}

fn not_fetched(record: &Record<'_>, what: &str) -> String {
    if record.model.is_fetching(&record.session.id) {
        return "loading…".to_owned();
    }
    if record.model.is_fetch_failed(&record.session.id) {
        return try_again(record.model);
    }
    let key = record.model.keymap.label(Action::Open);
    format!("{key} opens and fetches {what}")
}

/// What stands in place of data that did not arrive.
pub(super) fn try_again(model: &Model) -> String {
    let key = model.keymap.label(Action::Refresh);
    if key.is_empty() {
        "could not be fetched".to_owned()
    } else {
        format!("could not be fetched · {key} tries again")
    }
}

fn write_outputs(outputs: &VerifiedOutputs, people: &mut People<'_>) {
    for kind in Part::Verified.kinds() {
        if *kind == Kind::Number {
            people.plain("number type", outputs.id_number_type.as_ref().map(number_name).as_deref());
        }
        people.field(Part::Verified, *kind);
    }
    people.sensitive_note();
}

/// What the checks of a report read.
pub(super) fn write_extracted(report: &Report, people: &mut People<'_>) {
    people.gone();
    if let Some(check) = &report.document {
        write_document(check, people);
    }
    if let Some(check) = report.id_number.as_ref().filter(|_| people.erased.is_none()) {
        write_number(check, people);
    }
    let email = report.email.as_ref().is_some_and(|check| check.email.is_some());
    let phone = report.phone.as_ref().is_some_and(|check| check.phone.is_some());
    if people.erased.is_none() && (email || phone) {
        people.heading("CONTACT");
        people.field(Part::EmailCheck, Kind::Email);
        people.field(Part::PhoneCheck, Kind::Phone);
    }
}

fn write_document(check: &DocumentCheck, people: &mut People<'_>) {
    people.heading("DOCUMENT");
    let named = check.first_name.is_some() || check.last_name.is_some();
    if !named && check.kind.is_none() && check.address.is_none() {
        people.note("Nothing could be read from it.");
        return;
    }
    for kind in Part::Document.kinds() {
        people.field(Part::Document, *kind);
        if *kind == Kind::Name {
            people.plain("type", check.kind.as_ref().map(document_name).as_deref());
            people.plain("issued by", check.issuing_country.as_deref());
        }
    }
    people.sensitive_note();
}

fn write_number(check: &IdNumberCheck, people: &mut People<'_>) {
    people.heading("ID NUMBER");
    for kind in Part::IdNumber.kinds() {
        people.field(Part::IdNumber, *kind);
        if *kind == Kind::Name {
            people.plain("type", check.id_number_type.as_ref().map(number_name).as_deref());
        }
    }
    people.sensitive_note();
}

/// What the integrator knew before. `noted` says that somebody has said already that nothing was fetched.
fn write_provided(record: &Record<'_>, noted: bool, people: &mut People<'_>) {
    match &record.session.provided_details {
        Field::Value(details) if details.email.is_some() || details.phone.is_some() => {
            people.heading("PROVIDED");
            people.field(Part::Provided, Kind::Email);
            people.field(Part::Provided, Kind::Phone);
        }
        Field::Absent if !noted && record.session.redaction.is_none() => {
            people.sheet.heading("PROVIDED", &[]);
            people.note(&not_fetched(record, "provided details"));
        }
        _ => {}
    }
}
