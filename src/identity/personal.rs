//! Every personal field of a record: where it stands, what it is called, how it reads, and how it is fetched.
//!
//! Names follow the API reference, "The VerificationSession object" and "The VerificationReport object". Details,
//! menus and the audit all speak of a field by [`PersonalField`].

use std::borrow::Cow;

use super::{Address, Field, Report, Session, full_name};
use crate::privacy::{Personal, Pii, Sight};

/// A part of a record that holds personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The session's `verified_outputs`.
    Verified,
    /// The report's `document`.
    Document,
    /// The report's `id_number`.
    IdNumber,
    /// The report's `email`.
    EmailCheck,
    /// The report's `phone`.
    PhoneCheck,
    /// The session's `provided_details`.
    Provided,
}

/// What a personal field tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// First and last name.
    Name,
    /// When the document was issued.
    Issued,
    /// When the document expires.
    Expiry,
    /// The number of the document, or the ID number.
    Number,
    /// Birth date.
    BirthDate,
    /// Sex.
    Sex,
    /// Sex as printed.
    SexAsPrinted,
    /// Place of birth as printed.
    Birthplace,
    /// Address.
    Address,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
}

impl Part {
    /// Every part, in the order of the detail.
    pub const ALL: [Self; 6] =
        [Self::Verified, Self::Document, Self::IdNumber, Self::EmailCheck, Self::PhoneCheck, Self::Provided];

    /// The fields of the part, in the order of the detail.
    #[must_use]
    pub const fn kinds(self) -> &'static [Kind] {
        use Kind as K;

        match self {
            Self::Verified => &[
                K::Name,
                K::BirthDate,
                K::Sex,
                K::SexAsPrinted,
                K::Birthplace,
                K::Address,
                K::Email,
                K::Phone,
                K::Number,
            ],
            Self::Document => &[
                K::Name,
                K::Issued,
                K::Expiry,
                K::Number,
                K::BirthDate,
                K::Sex,
                K::SexAsPrinted,
                K::Birthplace,
                K::Address,
            ],
            Self::IdNumber => &[K::Name, K::Number, K::BirthDate],
            Self::EmailCheck => &[K::Email],
            Self::PhoneCheck => &[K::Phone],
            Self::Provided => &[K::Email, K::Phone],
        }
    }

    /// The part as a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Verified => "Verified data",
            Self::Document => "Document",
            Self::IdNumber => "ID number check",
            Self::EmailCheck => "E-mail check",
            Self::PhoneCheck => "Phone check",
            Self::Provided => "Provided",
        }
    }

    /// The part's name in the API.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Verified => "verified_outputs",
            Self::Document => "document",
            Self::IdNumber => "id_number",
            Self::EmailCheck => "email",
            Self::PhoneCheck => "phone",
            Self::Provided => "provided_details",
        }
    }

    /// Whether the part belongs to a report; the others belong to the session.
    #[must_use]
    pub const fn is_of_report(self) -> bool {
        !matches!(self, Self::Verified | Self::Provided)
    }
}

/// One personal field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalField {
    /// Where it stands.
    pub part: Part,
    /// What it tells.
    pub kind: Kind,
}

/// What a record has in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<'a> {
    /// The part is not there, or has nothing in this field.
    Nothing,
    /// The API sends the field only when it is asked for by name.
    Unfetched,
    /// The value, as the [`Sight`] allows it.
    Value(Cow<'a, str>),
}

impl PersonalField {
    /// Every field, in the order of the detail.
    pub fn all() -> impl Iterator<Item = Self> {
        Part::ALL.into_iter().flat_map(|part| part.kinds().iter().map(move |kind| Self { part, kind: *kind }))
    }

    /// What the detail calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match (self.kind, self.part) {
            (Kind::Name, _) => "name",
            (Kind::Issued, _) => "issued",
            (Kind::Expiry, _) => "expires",
            (Kind::Number, Part::Verified) => "ID number",
            (Kind::Number, _) => "number",
            (Kind::BirthDate, _) => "birth date",
            (Kind::Sex, _) => "sex",
            (Kind::SexAsPrinted, _) => "as printed",
            (Kind::Birthplace, _) => "birthplace",
            (Kind::Address, _) => "address",
            (Kind::Email, _) => "e-mail",
            (Kind::Phone, _) => "phone",
        }
    }

    /// The field's own name in the API.
    const fn name(self) -> &'static str {
        match (self.kind, self.part) {
            (Kind::Name, _) => "name",
            (Kind::Issued, _) => "issued_date",
            (Kind::Expiry, _) => "expiration_date",
            (Kind::Number, Part::Document) => "number",
            (Kind::Number, _) => "id_number",
            (Kind::BirthDate, _) => "dob",
            (Kind::Sex, _) => "sex",
            (Kind::SexAsPrinted, _) => "unparsed_sex",
            (Kind::Birthplace, _) => "unparsed_place_of_birth",
            (Kind::Address, _) => "address",
            (Kind::Email, _) => "email",
            (Kind::Phone, _) => "phone",
        }
    }

    /// The field in the words of the API: `document.number`. For a sensitive field this is its path for `expand`, seen
    /// from the object that [`Part::is_of_report`] tells.
    #[must_use]
    pub fn path(self) -> String {
        format!("{}.{}", self.part.path(), self.name())
    }

    /// Whether the API sends it only when it is named in `expand`, to a restricted key.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(self.part, Part::Verified | Part::Document | Part::IdNumber)
            && matches!(
                self.kind,
                Kind::Expiry
                    | Kind::Number
                    | Kind::BirthDate
                    | Kind::Sex
                    | Kind::SexAsPrinted
                    | Kind::Birthplace
            )
    }

    /// What the record has in this field.
    #[must_use]
    pub fn read<'a>(
        self,
        session: Option<&'a Session>,
        report: Option<&'a Report>,
        sight: Sight,
    ) -> Reading<'a> {
        match self.part {
            Part::Verified => self.read_verified(session, sight),
            Part::Document => self.read_document(report, sight),
            Part::IdNumber => self.read_number(report, sight),
            Part::EmailCheck => some(report.and_then(|r| r.email.as_ref()?.email.as_ref()), sight),
            Part::PhoneCheck => some(report.and_then(|r| r.phone.as_ref()?.phone.as_ref()), sight),
            Part::Provided => {
                let details = session.and_then(|session| session.provided_details.value());
                match self.kind {
                    Kind::Email => some(details.and_then(|details| details.email.as_ref()), sight),
                    _ => some(details.and_then(|details| details.phone.as_ref()), sight),
                }
            }
        }
    }

    fn read_verified(self, session: Option<&Session>, sight: Sight) -> Reading<'_> {
        let Some(outputs) = session.and_then(|session| session.verified_outputs.value()) else {
            return Reading::Nothing;
        };
        match self.kind {
            Kind::Name => name(full_name(outputs.first_name.as_ref(), outputs.last_name.as_ref()), sight),
            Kind::BirthDate => field(&outputs.dob, sight),
            Kind::Sex => field(&outputs.sex, sight),
            Kind::SexAsPrinted => field(&outputs.unparsed_sex, sight),
            Kind::Birthplace => field(&outputs.unparsed_place_of_birth, sight),
            Kind::Address => address(outputs.address.as_ref(), sight),
            Kind::Email => some(outputs.email.as_ref(), sight),
            Kind::Phone => some(outputs.phone.as_ref(), sight),
            // Without a kind of number there is none to ask for.
            Kind::Number if outputs.id_number.is_absent() && outputs.id_number_type.is_none() => {
                Reading::Nothing
            }
            Kind::Number => field(&outputs.id_number, sight),
            Kind::Issued | Kind::Expiry => Reading::Nothing,
        }
    }

    fn read_document(self, report: Option<&Report>, sight: Sight) -> Reading<'_> {
        let Some(check) = report.and_then(|report| report.document.as_ref()) else {
            return Reading::Nothing;
        };
        match self.kind {
            Kind::Name => name(full_name(check.first_name.as_ref(), check.last_name.as_ref()), sight),
            Kind::Issued => some(check.issued_date.as_ref(), sight),
            Kind::Expiry => field(&check.expiration_date, sight),
            Kind::Number => field(&check.number, sight),
            Kind::BirthDate => field(&check.dob, sight),
            Kind::Sex => field(&check.sex, sight),
            Kind::SexAsPrinted => field(&check.unparsed_sex, sight),
            Kind::Birthplace => field(&check.unparsed_place_of_birth, sight),
            Kind::Address => address(check.address.as_ref(), sight),
            Kind::Email | Kind::Phone => Reading::Nothing,
        }
    }

    fn read_number(self, report: Option<&Report>, sight: Sight) -> Reading<'_> {
        let Some(check) = report.and_then(|report| report.id_number.as_ref()) else {
            return Reading::Nothing;
        };
        match self.kind {
            Kind::Name => name(full_name(check.first_name.as_ref(), check.last_name.as_ref()), sight),
            Kind::Number => field(&check.id_number, sight),
            Kind::BirthDate => field(&check.dob, sight),
            _ => Reading::Nothing,
        }
    }
}

fn some<T: Personal>(value: Option<&Pii<T>>, sight: Sight) -> Reading<'_> {
    value.map_or(Reading::Nothing, |value| filled(value.show(sight)))
}

fn field<T: Personal>(value: &Field<Pii<T>>, sight: Sight) -> Reading<'_> {
    if value.is_absent() { Reading::Unfetched } else { some(value.value(), sight) }
}

fn name<'a, T: Personal>(name: Option<Pii<T>>, sight: Sight) -> Reading<'a> {
    name.map_or(Reading::Nothing, |name| filled(Cow::Owned(name.show(sight).into_owned())))
}

/// A text that says nothing is none.
fn filled(shown: Cow<'_, str>) -> Reading<'_> {
    if shown.trim().is_empty() { Reading::Nothing } else { Reading::Value(shown) }
}

/// The lines of an address, one after the other; the country is not masked.
fn address(address: Option<&Address>, sight: Sight) -> Reading<'_> {
    let Some(address) = address else { return Reading::Nothing };
    let lines = [&address.line1, &address.line2, &address.city, &address.state, &address.postal_code];
    let mut parts: Vec<Cow<'_, str>> = lines.into_iter().flatten().map(|part| part.show(sight)).collect();
    parts.retain(|part| !part.trim().is_empty());
    // Five times dots, or five times a placeholder, say no more than once.
    parts.dedup();
    parts.extend(address.country.as_deref().map(Cow::Borrowed));
    if parts.is_empty() { Reading::Nothing } else { Reading::Value(Cow::Owned(parts.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        serde_json::from_str(
            r#"{"id":"vr_1","created":1,"livemode":false,"type":"document","document":{"status":"verified",
            "first_name":"Jenny","last_name":"Rosen","dob":{"day":2,"month":3,"year":1990},"number":null,
            "address":{"line1":"1234 Main St.","city":"San Francisco","country":"US"}}}"#,
        )
        .expect("a report")
    }

    #[test]
    fn fields_read_as_the_sight_allows_and_tell_null_from_unfetched() {
        let report = report();
        let read =
            |kind, sight| PersonalField { part: Part::Document, kind }.read(None, Some(&report), sight);
        assert_eq!(read(Kind::Name, Sight::Masked), Reading::Value("J••• R•••".into()));
        assert_eq!(read(Kind::BirthDate, Sight::Revealed), Reading::Value("1990-03-02".into()));
        assert_eq!(read(Kind::Address, Sight::Masked), Reading::Value("••••, US".into()));
        assert_eq!(read(Kind::Number, Sight::Revealed), Reading::Nothing, "the API says that there is none");
        assert_eq!(read(Kind::Expiry, Sight::Revealed), Reading::Unfetched);
        let session = PersonalField { part: Part::Verified, kind: Kind::Name };
        assert_eq!(session.read(None, Some(&report), Sight::Revealed), Reading::Nothing);
    }

    #[test]
    fn every_field_has_a_path_of_its_own_and_sensitive_ones_are_those_of_the_api() {
        let paths: std::collections::BTreeSet<String> =
            PersonalField::all().map(PersonalField::path).collect();
        assert_eq!(paths.len(), PersonalField::all().count());
        let sensitive: Vec<String> =
            PersonalField::all().filter(|field| field.is_sensitive()).map(PersonalField::path).collect();
        // API reference, "Access verification results": the fields that need a restricted key.
        assert_eq!(
            sensitive,
            [
                "verified_outputs.dob",
                "verified_outputs.sex",
                "verified_outputs.unparsed_sex",
                "verified_outputs.unparsed_place_of_birth",
                "verified_outputs.id_number",
                "document.expiration_date",
                "document.number",
                "document.dob",
                "document.sex",
                "document.unparsed_sex",
                "document.unparsed_place_of_birth",
                "id_number.id_number",
                "id_number.dob",
            ]
        );
    }
}
