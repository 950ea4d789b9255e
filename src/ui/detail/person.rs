//! Who the person is: the verified data, what the newest report read, and what was known before. Masked by default.

use std::borrow::Cow;

use ratatui::style::Style;

use crate::actions::Action;
use crate::app::Model;
use crate::catalog::Standing;
use crate::identity::{
    Address, DocumentCheck, Field, IdNumberCheck, Report, SessionId, Status, VerifiedOutputs, full_name,
};
use crate::privacy::{Personal, Pii, REDACTED, Sight};

use super::Record;
use super::checks::{document_name, number_name};
use super::sheet::Sheet;

/// Writes personal values as one [`Sight`] allows, and says once how to change it.
pub(super) struct People<'a> {
    sheet: &'a mut Sheet,
    sight: Sight,
    /// What is said where the data is erased, or about to be: there is nothing to reveal, and nothing to miss.
    erased: Option<&'static str>,
    hint: Vec<(String, Style)>,
}

impl<'a> People<'a> {
    /// `session` is whose record it is; without one nothing can be revealed.
    pub(super) fn new(model: &Model, session: Option<&SessionId>, sheet: &'a mut Sheet) -> Self {
        let sight = session.map_or(Sight::Masked, |session| model.sight(session));
        let record = session.and_then(|session| model.catalog.session(session));
        let erased = record.filter(|session| session.redaction.is_some()).map(|session| {
            if Standing::of(session) == Standing::Redacting { "being erased" } else { "erased" }
        });
        let look = sheet.look;
        let key = model.keymap.label(Action::Reveal);
        let hint = if erased.is_some() || key.is_empty() || model.allows(Action::Reveal).is_err() {
            Vec::new()
        } else {
            let word = if sight == Sight::Revealed { " mask" } else { " reveal" };
            vec![(key, look.key), (word.to_owned(), look.dim)]
        };
        Self { sheet, sight, erased, hint }
    }

    fn heading(&mut self, title: &'static str) {
        self.sheet.heading(title, &std::mem::take(&mut self.hint));
    }

    fn row<T: Personal>(&mut self, label: &str, value: Option<&Pii<T>>) {
        if let Some(value) = value.filter(|_| self.erased.is_none()) {
            let shown = value.show(self.sight);
            let style = self.style(&shown);
            self.sheet.row(label, &shown, style);
        }
    }

    fn style(&self, shown: &str) -> Style {
        let look = self.sheet.look;
        match self.sight {
            _ if shown == REDACTED => look.faint,
            Sight::Masked => look.dim,
            Sight::Revealed => look.text,
        }
    }

    fn field<T: Personal>(&mut self, label: &str, value: &Field<Pii<T>>) {
        self.row(label, value.value());
    }

    fn address(&mut self, address: Option<&Address>) {
        let Some(address) = address.filter(|_| self.erased.is_none()) else { return };
        let lines = [&address.line1, &address.line2, &address.city, &address.state, &address.postal_code];
        let mut parts: Vec<Cow<'_, str>> =
            lines.into_iter().flatten().map(|part| part.show(self.sight)).collect();
        parts.dedup();
        parts.extend(address.country.as_deref().map(Cow::Borrowed));
        if !parts.is_empty() {
            let style = self.style(&parts[0]);
            self.sheet.row("address", &parts.join(", "), style);
        }
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
}

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let mut people = People::new(record.model, Some(&record.session.id), sheet);
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
    people.row("name", full_name(outputs.first_name.as_ref(), outputs.last_name.as_ref()).as_ref());
    people.field("birth date", &outputs.dob);
    people.field("sex", &outputs.sex);
    people.field("as printed", &outputs.unparsed_sex);
    people.field("birthplace", &outputs.unparsed_place_of_birth);
    people.address(outputs.address.as_ref());
    people.row("e-mail", outputs.email.as_ref());
    people.row("phone", outputs.phone.as_ref());
    people.plain("number type", outputs.id_number_type.as_ref().map(number_name).as_deref());
    people.field("ID number", &outputs.id_number);
    let mut missing = Vec::new();
    if outputs.dob.is_absent() {
        missing.push("birth date");
    }
    if outputs.id_number.is_absent() && outputs.id_number_type.is_some() {
        missing.push("ID number");
    }
    sensitive_note(&missing, people);
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
    let email = report.email.as_ref().and_then(|check| check.email.as_ref());
    let phone = report.phone.as_ref().and_then(|check| check.phone.as_ref());
    if people.erased.is_none() && (email.is_some() || phone.is_some()) {
        people.heading("CONTACT");
        people.row("e-mail", email);
        people.row("phone", phone);
    }
}

fn write_document(check: &DocumentCheck, people: &mut People<'_>) {
    let name = full_name(check.first_name.as_ref(), check.last_name.as_ref());
    people.heading("DOCUMENT");
    if name.is_none() && check.kind.is_none() && check.address.is_none() {
        people.note("Nothing could be read from it.");
        return;
    }
    people.row("name", name.as_ref());
    people.plain("type", check.kind.as_ref().map(document_name).as_deref());
    people.plain("issued by", check.issuing_country.as_deref());
    people.plain("issued", check.issued_date.map(|date| date.iso()).as_deref());
    people.field("expires", &check.expiration_date);
    people.field("number", &check.number);
    people.field("birth date", &check.dob);
    people.field("sex", &check.sex);
    people.field("as printed", &check.unparsed_sex);
    people.field("birthplace", &check.unparsed_place_of_birth);
    people.address(check.address.as_ref());
    let fields = [
        ("expiry", check.expiration_date.is_absent()),
        ("number", check.number.is_absent()),
        ("birth date", check.dob.is_absent()),
    ];
    let missing: Vec<&str> =
        fields.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect();
    sensitive_note(&missing, people);
}

fn write_number(check: &IdNumberCheck, people: &mut People<'_>) {
    people.heading("ID NUMBER");
    people.row("name", full_name(check.first_name.as_ref(), check.last_name.as_ref()).as_ref());
    people.plain("type", check.id_number_type.as_ref().map(number_name).as_deref());
    people.field("number", &check.id_number);
    people.field("birth date", &check.dob);
    let fields = [("number", check.id_number.is_absent()), ("birth date", check.dob.is_absent())];
    let missing: Vec<&str> =
        fields.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect();
    sensitive_note(&missing, people);
}

fn sensitive_note(missing: &[&str], people: &mut People<'_>) {
    if !missing.is_empty() && people.erased.is_none() {
        people.note(&format!("{}: sensitive, not fetched", missing.join(", ")));
    }
}

/// What the integrator knew before. `noted` says that somebody has said already that nothing was fetched.
fn write_provided(record: &Record<'_>, noted: bool, people: &mut People<'_>) {
    match &record.session.provided_details {
        Field::Value(details) if details.email.is_some() || details.phone.is_some() => {
            people.heading("PROVIDED");
            people.row("e-mail", details.email.as_ref());
            people.row("phone", details.phone.as_ref());
        }
        Field::Absent if !noted && record.session.redaction.is_none() => {
            people.sheet.heading("PROVIDED", &[]);
            people.note(&not_fetched(record, "provided details"));
        }
        _ => {}
    }
}
