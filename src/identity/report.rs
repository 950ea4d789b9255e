//! The VerificationReport and its checks. Source: API reference, "The VerificationReport object".

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    CheckKind, CheckStatus, DocumentType, ErrorCode, Field, FileId, HasId, IdNumberType, ListItem, Options,
    ReportId, SessionId, Sex, VerificationType,
};
use crate::clock::Timestamp;
use crate::privacy::{Detail, Email, FreeText, Name, Personal, Phone, Pii};
use crate::text::Clean;

/// The result of one submission: a sub-object for each check that ran.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Report {
    /// The report's id.
    pub id: ReportId,
    /// When it was made: the end of a submission.
    pub created: Timestamp,
    /// Whether it is of a real verification.
    pub livemode: bool,
    /// What kind of verification it reports on.
    #[serde(rename = "type")]
    pub kind: VerificationType,
    /// The integrator's own name for the person.
    #[serde(default)]
    pub client_reference_id: Option<FreeText>,
    /// The session that was submitted.
    #[serde(default)]
    pub verification_session: Option<SessionId>,
    /// The flow that configured the session.
    #[serde(default)]
    pub verification_flow: Option<Clean>,
    /// The options of the checks.
    #[serde(default)]
    pub options: Option<Options>,
    /// The document check.
    #[serde(default)]
    pub document: Option<DocumentCheck>,
    /// The ID number check.
    #[serde(default)]
    pub id_number: Option<IdNumberCheck>,
    /// The selfie check.
    #[serde(default)]
    pub selfie: Option<SelfieCheck>,
    /// The e-mail check.
    #[serde(default)]
    pub email: Option<EmailCheck>,
    /// The phone check.
    #[serde(default)]
    pub phone: Option<PhoneCheck>,
}

impl Report {
    /// The result of one check; `None` when it did not run.
    #[must_use]
    pub fn check(&self, kind: CheckKind) -> Option<(&CheckStatus, Option<&CheckError>)> {
        match kind {
            CheckKind::Document => self.document.as_ref().map(|check| (&check.status, check.error.as_ref())),
            CheckKind::IdNumber => self.id_number.as_ref().map(|check| (&check.status, check.error.as_ref())),
            CheckKind::Selfie => self.selfie.as_ref().map(|check| (&check.status, check.error.as_ref())),
            CheckKind::Email => self.email.as_ref().map(|check| (&check.status, check.error.as_ref())),
            CheckKind::Phone => self.phone.as_ref().map(|check| (&check.status, check.error.as_ref())),
        }
    }

    /// Whether every check that ran was passed. `None` for a report without checks.
    #[must_use]
    pub fn passed(&self) -> Option<bool> {
        let mut results = CheckKind::ALL.into_iter().filter_map(|kind| self.check(kind)).peekable();
        results.peek()?;
        Some(results.all(|(status, _)| *status == CheckStatus::Verified))
    }

    /// The first error among the checks, in the order they are drawn.
    #[must_use]
    pub fn first_error(&self) -> Option<&CheckError> {
        CheckKind::ALL.into_iter().find_map(|kind| self.check(kind).and_then(|(_, error)| error))
    }

    /// First and last name as the document or else the ID number check has them.
    #[must_use]
    pub fn name(&self) -> Option<Pii<Name>> {
        let document = self.document.as_ref().map(|check| (&check.first_name, &check.last_name));
        let number = self.id_number.as_ref().map(|check| (&check.first_name, &check.last_name));
        document.into_iter().chain(number).find_map(|(first, last)| full_name(first.as_ref(), last.as_ref()))
    }

    /// The country of the document: who issued it, or else where its holder lives.
    #[must_use]
    pub fn country(&self) -> Option<&Clean> {
        let document = self.document.as_ref()?;
        document
            .issuing_country
            .as_ref()
            .or_else(|| document.address.as_ref().and_then(|address| address.country.as_ref()))
    }
}

/// Both names as one, in the order given; a redacted pair reads as one placeholder.
#[must_use]
pub fn full_name(first: Option<&Pii<Name>>, last: Option<&Pii<Name>>) -> Option<Pii<Name>> {
    let mut parts: Vec<Cow<'_, str>> =
        [first, last].into_iter().flatten().map(|name| name.expose().plain()).collect();
    // A mononym has one name, and the other may be there and say nothing.
    parts.retain(|part| !part.trim().is_empty());
    parts.dedup_by(|a, b| a == b && a == crate::privacy::REDACTED);
    (!parts.is_empty()).then(|| Pii::new(Name::new(&parts.join(" "))))
}

impl HasId for Report {
    type Id = ReportId;

    fn id(&self) -> &ReportId {
        &self.id
    }
}

impl ListItem for Report {
    /// Reports carry no secrets.
    fn forget_secrets(&mut self) {}
}

/// Why a check failed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CheckError {
    /// The reason as a code.
    #[serde(default)]
    pub code: Option<ErrorCode>,
    /// The reason as a sentence.
    #[serde(default, deserialize_with = "super::field::brief")]
    pub reason: Option<FreeText>,
}

/// What was read from the document, and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DocumentCheck {
    /// Passed or not.
    pub status: CheckStatus,
    /// Why not.
    #[serde(default)]
    pub error: Option<CheckError>,
    /// The kind of document.
    #[serde(default, rename = "type")]
    pub kind: Option<DocumentType>,
    /// First name.
    #[serde(default)]
    pub first_name: Option<Pii<Name>>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<Pii<Name>>,
    /// Address.
    #[serde(default)]
    pub address: Option<Address>,
    /// When the document was issued.
    #[serde(default)]
    pub issued_date: Option<Pii<Date>>,
    /// The country that issued it, ISO 3166 two letters.
    #[serde(default)]
    pub issuing_country: Option<Clean>,
    /// Pictures of the document.
    #[serde(default)]
    pub files: Option<Vec<FileId>>,
    /// Birth date. Absent until expanded with a restricted key.
    #[serde(default)]
    pub dob: Field<Pii<Date>>,
    /// The document's number. Absent until expanded with a restricted key.
    #[serde(default)]
    pub number: Field<Pii<Detail>>,
    /// When it expires. Absent until expanded with a restricted key.
    #[serde(default)]
    pub expiration_date: Field<Pii<Date>>,
    /// The sex stated. Absent until expanded with a restricted key.
    #[serde(default)]
    pub sex: Field<Pii<Sex>>,
    /// The sex as printed. Absent until expanded with a restricted key.
    #[serde(default)]
    pub unparsed_sex: Field<Pii<Detail>>,
    /// The place of birth as printed. Absent until expanded with a restricted key.
    #[serde(default)]
    pub unparsed_place_of_birth: Field<Pii<Detail>>,
}

/// The number against national databases.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct IdNumberCheck {
    /// Passed or not.
    pub status: CheckStatus,
    /// Why not.
    #[serde(default)]
    pub error: Option<CheckError>,
    /// First name.
    #[serde(default)]
    pub first_name: Option<Pii<Name>>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<Pii<Name>>,
    /// What kind of number it is.
    #[serde(default)]
    pub id_number_type: Option<IdNumberType>,
    /// Birth date. Absent until expanded with a restricted key.
    #[serde(default)]
    pub dob: Field<Pii<Date>>,
    /// The number. Absent until expanded with a restricted key.
    #[serde(default)]
    pub id_number: Field<Pii<Detail>>,
}

/// The face against the document's picture.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SelfieCheck {
    /// Passed or not.
    pub status: CheckStatus,
    /// Why not.
    #[serde(default)]
    pub error: Option<CheckError>,
    /// The picture of the document that was compared.
    #[serde(default)]
    pub document: Option<FileId>,
    /// The picture of the face.
    #[serde(default)]
    pub selfie: Option<FileId>,
}

/// A code sent by e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EmailCheck {
    /// Passed or not.
    pub status: CheckStatus,
    /// Why not.
    #[serde(default)]
    pub error: Option<CheckError>,
    /// The address.
    #[serde(default)]
    pub email: Option<Pii<Email>>,
}

/// A code sent by phone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PhoneCheck {
    /// Passed or not.
    pub status: CheckStatus,
    /// Why not.
    #[serde(default)]
    pub error: Option<CheckError>,
    /// The number.
    #[serde(default)]
    pub phone: Option<Pii<Phone>>,
}

/// A postal address. The country survives redaction and is not masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Address {
    /// Street and number.
    #[serde(default)]
    pub line1: Option<Pii<Detail>>,
    /// What the first line had no room for.
    #[serde(default)]
    pub line2: Option<Pii<Detail>>,
    /// City.
    #[serde(default)]
    pub city: Option<Pii<Detail>>,
    /// State, province or county.
    #[serde(default)]
    pub state: Option<Pii<Detail>>,
    /// Postal code; examples of the API reference call it `zip`.
    #[serde(default, alias = "zip")]
    pub postal_code: Option<Pii<Detail>>,
    /// ISO 3166, two letters.
    #[serde(default)]
    pub country: Option<Clean>,
}

/// A calendar date as the API has it: parts may be missing, and a redacted one is 1/1/1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Date {
    /// 1 to 31.
    #[serde(default)]
    pub day: Option<u8>,
    /// 1 to 12.
    #[serde(default)]
    pub month: Option<u8>,
    /// Four digits.
    #[serde(default)]
    pub year: Option<i32>,
}

impl Date {
    /// `2025-12-01`, with `?` for parts that are missing.
    #[must_use]
    pub fn iso(&self) -> String {
        if (self.day, self.month, self.year) == (Some(1), Some(1), Some(1)) {
            return crate::privacy::REDACTED.to_owned();
        }
        let part = |value: Option<String>, dots: &str| value.unwrap_or_else(|| dots.to_owned());
        format!(
            "{}-{}-{}",
            part(self.year.map(|year| format!("{year:04}")), "????"),
            part(self.month.map(|month| format!("{month:02}")), "??"),
            part(self.day.map(|day| format!("{day:02}")), "??"),
        )
    }
}

impl Personal for Date {
    fn plain(&self) -> Cow<'_, str> {
        Cow::Owned(self.iso())
    }
}

impl Personal for Sex {
    fn plain(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::Sight;

    const SEED: &str = r#"{"id":"vr_1MwBlH2eZvKYlo2C91hOpFMf","object":"identity.verification_report",
        "created":1681337011,"livemode":false,"options":{"document":{}},"type":"document",
        "verification_session":"vs_NhaxYCqOE27AqaUTxbIZOnHw","surprise":[1],
        "document":{"status":"verified","error":null,"first_name":"Jenny","last_name":"Rosen",
        "address":{"line1":"1234 Main St.","city":"San Francisco","state":"CA","zip":"94111","country":"US"},
        "type":"driving_license","files":["file_NhaxRCXT8Iuu8apSuci00UC4"],
        "expiration_date":{"month":12,"day":1,"year":2025},"issued_date":{"month":12,"day":1,"year":2020},
        "issuing_country":"US"}}"#;

    #[test]
    fn the_reference_example_parses() {
        let report: Report = serde_json::from_str(SEED).expect("the example of the API reference");
        let document = report.document.as_ref().expect("a document check");
        let zip = document.address.as_ref().and_then(|address| address.postal_code.as_ref());
        assert_eq!(zip.map(|zip| zip.show(Sight::Revealed).into_owned()).as_deref(), Some("94111"));
        assert_eq!(
            report.name().map(|name| name.show(Sight::Revealed).into_owned()).as_deref(),
            Some("Jenny Rosen")
        );
        assert_eq!(report.passed(), Some(true));
        assert!(document.dob.is_absent());
        assert_eq!(
            document.expiration_date.value().map(|date| date.expose().iso()).as_deref(),
            Some("2025-12-01")
        );
        assert!(report.selfie.is_none());
        assert!(!format!("{report:?}").contains("Jenny"));
    }

    #[test]
    fn unknown_codes_are_kept() {
        let text = SEED.replace(
            r#""status":"verified","error":null"#,
            r#""status":"unverified","error":{"code":"address_mismatch","reason":"No."}"#,
        );
        let report: Report = serde_json::from_str(&text).expect("an unknown code is no error");
        let code = report.first_error().and_then(|error| error.code.as_ref());
        assert_eq!(code.map(ErrorCode::as_str), Some("address_mismatch"));
        assert_eq!(report.passed(), Some(false));
    }

    #[test]
    fn a_mononym_is_one_name_masked_and_revealed() {
        let [only, none] = ["Suharto", ""].map(|name| Pii::new(Name::new(name)));
        for (first, last) in [(&only, &none), (&none, &only)] {
            let name = full_name(Some(first), Some(last)).expect("a name");
            assert_eq!(
                (name.show(Sight::Masked), name.show(Sight::Revealed)),
                ("S•••".into(), "Suharto".into())
            );
        }
        assert!(full_name(Some(&none), Some(&none)).is_none());
    }

    #[test]
    fn redacted_names_read_once() {
        let redacted = Pii::new(Name::new("[redacted]"));
        let name = full_name(Some(&redacted), Some(&redacted)).expect("a name");
        assert_eq!(name.show(Sight::Masked), "[redacted]");
        assert_eq!(Date { day: Some(1), month: Some(1), year: Some(1) }.iso(), "[redacted]");
    }
}
