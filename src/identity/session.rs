//! The VerificationSession and its parts. Source: API reference, "The VerificationSession object".

use std::collections::BTreeMap;

use serde::Deserialize;

use super::report::{Address, Date};
use super::{
    DocumentType, ErrorCode, Expandable, Field, HasId, IdNumberType, ListItem, Matching, RedactionStatus,
    Report, ReportId, SessionId, Sex, Status, VerificationType,
};
use crate::clock::Timestamp;
use crate::privacy::{Detail, Email, FreeText, Name, Phone, Pii, Secret};
use crate::text::Clean;

/// One verification of one person: what is asked, where it stands, and what came out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// When it was created.
    pub created: Timestamp,
    /// Whether it is a real verification.
    pub livemode: bool,
    /// Where it stands.
    pub status: Status,
    /// What kind of verification it is.
    #[serde(rename = "type")]
    pub kind: VerificationType,
    /// The integrator's own name for the person.
    #[serde(default)]
    pub client_reference_id: Option<FreeText>,
    /// Opens the verification inside an app; lives 24 hours, single use.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// The hosted page; lives 48 hours, single use.
    #[serde(default)]
    pub url: Option<Secret>,
    /// Why the last submission failed.
    #[serde(default)]
    pub last_error: Option<LastError>,
    /// The newest report, as an id or expanded.
    #[serde(default)]
    pub last_verification_report: Option<Expandable<ReportId, Report>>,
    /// The integrator's own key-value pairs. Erased by redaction.
    #[serde(default)]
    pub metadata: BTreeMap<Clean, FreeText>,
    /// What the checks are to look at.
    #[serde(default)]
    pub options: Option<Options>,
    /// What is known of the person beforehand. Absent until expanded.
    #[serde(default)]
    pub provided_details: Field<ProvidedDetails>,
    /// Set once a redaction was asked for.
    #[serde(default)]
    pub redaction: Option<Redaction>,
    /// A Customer of the same account.
    #[serde(default)]
    pub related_customer: Option<Clean>,
    /// An Account that stands for a customer.
    #[serde(default)]
    pub related_customer_account: Option<Clean>,
    /// A Person of a connected account.
    #[serde(default)]
    pub related_person: Option<RelatedPerson>,
    /// The flow that configured the session.
    #[serde(default)]
    pub verification_flow: Option<Clean>,
    /// The verified data. Absent until expanded.
    #[serde(default)]
    pub verified_outputs: Field<VerifiedOutputs>,
}

impl Session {
    /// How far the redaction is, if one was asked for.
    #[must_use]
    pub fn redaction_status(&self) -> Option<&RedactionStatus> {
        self.redaction.as_ref().map(|redaction| &redaction.status)
    }

    /// Whether nobody has ever submitted anything for this session, as far as the object tells.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.status == Status::RequiresInput
            && self.last_error.is_none()
            && self.last_verification_report.is_none()
    }
}

impl HasId for Session {
    type Id = SessionId;

    fn id(&self) -> &SessionId {
        &self.id
    }
}

impl ListItem for Session {
    fn forget_secrets(&mut self) {
        self.client_secret = None;
        self.url = None;
    }
}

/// Why the last submission failed, in the API's words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LastError {
    /// The reason as a code. Null in fixtures of some tools.
    #[serde(default)]
    pub code: Option<ErrorCode>,
    /// The reason as a sentence that may be shown to the person.
    #[serde(default, deserialize_with = "super::field::brief")]
    pub reason: Option<FreeText>,
}

/// How far a redaction is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Redaction {
    /// `processing` for up to four days, then `redacted`.
    pub status: RedactionStatus,
}

/// What the checks are to look at. Only what was set is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Options {
    /// Options of the document check: the only ones that requests can set.
    #[serde(default)]
    pub document: Option<DocumentOptions>,
    /// Present when a flow asks for an ID number.
    #[serde(default)]
    pub id_number: Option<IdNumberOptions>,
    /// Set by a flow.
    #[serde(default)]
    pub email: Option<EmailOptions>,
    /// Set by a flow.
    #[serde(default)]
    pub phone: Option<PhoneOptions>,
    /// Set by a flow.
    #[serde(default)]
    pub matching: Option<MatchingOptions>,
}

/// Options of the document check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct DocumentOptions {
    /// The documents that are accepted; all of them when absent.
    #[serde(default)]
    pub allowed_types: Option<Vec<DocumentType>>,
    /// Also check an ID number against the document's name and birth date.
    #[serde(default)]
    pub require_id_number: Option<bool>,
    /// Refuse uploads: the camera has to be used.
    #[serde(default)]
    pub require_live_capture: Option<bool>,
    /// Also compare a selfie with the document's picture.
    #[serde(default)]
    pub require_matching_selfie: Option<bool>,
}

/// Options of the ID number check: the API has none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct IdNumberOptions {}

/// Options of the e-mail check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct EmailOptions {
    /// Ask for a code sent by e-mail.
    #[serde(default)]
    pub require_verification: Option<bool>,
}

/// Options of the phone check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct PhoneOptions {
    /// Ask for a code sent by phone.
    #[serde(default)]
    pub require_verification: Option<bool>,
}

/// How strictly provided details have to match the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct MatchingOptions {
    /// The birth date.
    #[serde(default)]
    pub dob: Option<Matching>,
    /// The name.
    #[serde(default)]
    pub name: Option<Matching>,
}

/// What is known of the person beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ProvidedDetails {
    /// The person's e-mail address.
    #[serde(default)]
    pub email: Option<Pii<Email>>,
    /// The person's phone number.
    #[serde(default)]
    pub phone: Option<Pii<Phone>>,
}

/// A Person of a connected account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RelatedPerson {
    /// The account.
    #[serde(default)]
    pub account: Option<Clean>,
    /// The person.
    #[serde(default)]
    pub person: Option<Clean>,
}

/// The verified data of a person. Birth date, number, sex and place of birth need their own expand path and a
/// restricted key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct VerifiedOutputs {
    /// First name.
    #[serde(default)]
    pub first_name: Option<Pii<Name>>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<Pii<Name>>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<Pii<Email>>,
    /// Phone number.
    #[serde(default)]
    pub phone: Option<Pii<Phone>>,
    /// Address.
    #[serde(default)]
    pub address: Option<Address>,
    /// What kind of number was verified.
    #[serde(default)]
    pub id_number_type: Option<IdNumberType>,
    /// Birth date.
    #[serde(default)]
    pub dob: Field<Pii<Date>>,
    /// The verified number.
    #[serde(default)]
    pub id_number: Field<Pii<Detail>>,
    /// The sex that the document states.
    #[serde(default)]
    pub sex: Field<Pii<Sex>>,
    /// The sex as printed.
    #[serde(default)]
    pub unparsed_sex: Field<Pii<Detail>>,
    /// The place of birth as printed.
    #[serde(default)]
    pub unparsed_place_of_birth: Field<Pii<Detail>>,
}
