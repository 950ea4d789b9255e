//! The closed lists of the API, kept open: a value that is not known is kept, never an error.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::Clean;

/// Defines an enum of wire strings that also keeps strings it has never seen.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $wire:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                #[doc = concat!("`", $wire, "`")]
                $variant,
            )+
            /// A value that this program does not know yet.
            Other(Clean),
        }

        impl $name {
            /// Every value that is known, in the order of the API reference.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Other(value) => value.as_str(),
                }
            }

            /// The known value that `wire` names, if there is one.
            #[must_use]
            pub fn known(wire: &str) -> Option<Self> {
                match wire {
                    $($wire => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(wire: &str) -> Self {
                Self::known(wire).unwrap_or_else(|| Self::Other(Clean::new(wire)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<'de, str>::deserialize(deserializer).map(|wire| Self::from(wire.as_ref()))
            }
        }
    };
}

open_enum!(
    /// Where a session stands. A failed session is `requires_input` again, with a `last_error`.
    Status {
        RequiresInput = "requires_input",
        Processing = "processing",
        Verified = "verified",
        Canceled = "canceled",
    }
);

open_enum!(
    /// How far a redaction has come. `validated` is known to the SDKs; no prose explains it.
    RedactionStatus { Processing = "processing", Redacted = "redacted", Validated = "validated" }
);

open_enum!(
    /// What kind of verification a session or a report is about.
    VerificationType {
        Document = "document",
        IdNumber = "id_number",
        VerificationFlow = "verification_flow",
    }
);

open_enum!(
    /// An identity document.
    DocumentType { DrivingLicense = "driving_license", IdCard = "id_card", Passport = "passport" }
);

open_enum!(
    /// The country's kind of ID number. Of a `us_ssn` only the last four digits are held.
    IdNumberType { UsSsn = "us_ssn", BrCpf = "br_cpf", SgNric = "sg_nric" }
);

open_enum!(
    /// The sex that a document states.
    Sex { Female = "female", Male = "male", Unknown = "unknown", Redacted = "[redacted]" }
);

open_enum!(
    /// How strictly provided details have to match the document.
    Matching { None = "none", Similar = "similar" }
);

open_enum!(
    /// The result of one check.
    CheckStatus { Verified = "verified", Unverified = "unverified" }
);

open_enum!(
    /// Why a verification or one of its checks failed.
    ErrorCode {
        Abandoned = "abandoned",
        ConsentDeclined = "consent_declined",
        CountryNotSupported = "country_not_supported",
        DeviceNotSupported = "device_not_supported",
        UnderSupportedAge = "under_supported_age",
        DocumentExpired = "document_expired",
        DocumentTypeNotSupported = "document_type_not_supported",
        DocumentUnverifiedOther = "document_unverified_other",
        IdNumberInsufficientDocumentData = "id_number_insufficient_document_data",
        IdNumberMismatch = "id_number_mismatch",
        IdNumberUnverifiedOther = "id_number_unverified_other",
        SelfieDocumentMissingPhoto = "selfie_document_missing_photo",
        SelfieFaceMismatch = "selfie_face_mismatch",
        SelfieManipulated = "selfie_manipulated",
        SelfieUnverifiedOther = "selfie_unverified_other",
        EmailUnverifiedOther = "email_unverified_other",
        EmailVerificationDeclined = "email_verification_declined",
        PhoneUnverifiedOther = "phone_unverified_other",
        PhoneVerificationDeclined = "phone_verification_declined",
    }
);

/// One of the checks that a verification can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CheckKind {
    /// The document itself.
    Document,
    /// The number against national databases.
    IdNumber,
    /// The face against the document.
    Selfie,
    /// A code sent by e-mail.
    Email,
    /// A code sent by phone.
    Phone,
}

impl CheckKind {
    /// Every check, in the order they are drawn.
    pub const ALL: [Self; 5] = [Self::Document, Self::IdNumber, Self::Selfie, Self::Email, Self::Phone];

    /// The name of the check's object in a report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::IdNumber => "id_number",
            Self::Selfie => "selfie",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// The name as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::IdNumber => "ID number",
            Self::Selfie => "selfie",
            Self::Email => "e-mail",
            Self::Phone => "phone",
        }
    }
}

impl ErrorCode {
    /// The check that the code belongs to; `None` for codes of the whole session, which never stand in a report,
    /// and for codes that are not known.
    #[must_use]
    pub const fn check(&self) -> Option<CheckKind> {
        match self {
            Self::Abandoned
            | Self::ConsentDeclined
            | Self::CountryNotSupported
            | Self::DeviceNotSupported
            | Self::UnderSupportedAge
            | Self::Other(_) => None,
            Self::DocumentExpired | Self::DocumentTypeNotSupported | Self::DocumentUnverifiedOther => {
                Some(CheckKind::Document)
            }
            Self::IdNumberInsufficientDocumentData
            | Self::IdNumberMismatch
            | Self::IdNumberUnverifiedOther => Some(CheckKind::IdNumber),
            Self::SelfieDocumentMissingPhoto
            | Self::SelfieFaceMismatch
            | Self::SelfieManipulated
            | Self::SelfieUnverifiedOther => Some(CheckKind::Selfie),
            Self::EmailUnverifiedOther | Self::EmailVerificationDeclined => Some(CheckKind::Email),
            Self::PhoneUnverifiedOther | Self::PhoneVerificationDeclined => Some(CheckKind::Phone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_values_are_kept() {
        let status: Status = serde_json::from_str("\"under_review\"").expect("an open enum takes any string");
        assert_eq!(status, Status::Other(Clean::new("under_review")));
        assert_eq!(serde_json::to_string(&status).expect("a string"), "\"under_review\"");
        assert_eq!(Status::from("verified"), Status::Verified);
    }

    #[test]
    fn codes_name_their_check() {
        for code in ErrorCode::KNOWN {
            if let Some(check) = code.check() {
                assert!(code.as_str().starts_with(check.as_str()), "{code} is not about {}", check.as_str());
            }
        }
    }
}
