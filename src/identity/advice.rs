//! What an error code means in plain words, and what to do about it.

use super::ErrorCode;

/// A code explained to the person who has to answer for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What happened, as a sentence.
    pub meaning: &'static str,
    /// What to do next, as a sentence.
    pub next: &'static str,
}

/// Explains `code`.
#[must_use]
pub const fn of(code: &ErrorCode) -> Advice {
    let (meaning, next) = match code {
        ErrorCode::Abandoned => ("The person started and never submitted.", "Send the link again."),
        ErrorCode::ConsentDeclined => (
            "The person declined to be verified.",
            "Explain why it is needed, or offer another way, before sending the link again.",
        ),
        ErrorCode::CountryNotSupported => {
            ("Verification is not offered in the person's country.", "Verify this person another way.")
        }
        ErrorCode::DeviceNotSupported => (
            "The device has no usable camera, or the browser was refused access to it.",
            "Send the link again and ask the person to open it on a phone.",
        ),
        ErrorCode::UnderSupportedAge => {
            ("The person is under the supported age.", "Do not verify minors here.")
        }
        ErrorCode::DocumentExpired => {
            ("The document has expired.", "Ask for a valid document and send the link again.")
        }
        ErrorCode::DocumentTypeNotSupported => (
            "This kind of document is not accepted.",
            "Ask for one of the accepted documents, or widen the accepted types and send the link again.",
        ),
        ErrorCode::DocumentUnverifiedOther => (
            "The document could not be verified: unreadable, damaged, or not genuine.",
            "Ask for a sharp, complete picture. If it fails again, review it in Stripe's Dashboard.",
        ),
        ErrorCode::IdNumberInsufficientDocumentData => (
            "The document does not hold enough data to check the ID number.",
            "Ask for another document that shows full name and birth date.",
        ),
        ErrorCode::IdNumberMismatch => (
            "The ID number does not match name and birth date in the national databases.",
            "Ask the person to check the number. Repeated mismatches are a sign of fraud.",
        ),
        ErrorCode::IdNumberUnverifiedOther => {
            ("The ID number could not be verified.", "Send the link again, or ask for a document instead.")
        }
        ErrorCode::SelfieDocumentMissingPhoto => {
            ("The document shows no face to compare with.", "Ask for a document with a picture.")
        }
        ErrorCode::SelfieFaceMismatch => (
            "The selfie does not show the person on the document.",
            "Ask for a new selfie in good light. Repeated mismatches are a sign of fraud.",
        ),
        ErrorCode::SelfieManipulated => (
            "The selfie looks tampered with.",
            "Treat it as possible fraud: review it in Stripe's Dashboard before anything else.",
        ),
        ErrorCode::SelfieUnverifiedOther => {
            ("The selfie could not be verified.", "Ask for a new selfie, face uncovered and in good light.")
        }
        ErrorCode::EmailUnverifiedOther => {
            ("The e-mail address could not be verified.", "Check the address and send the link again.")
        }
        ErrorCode::EmailVerificationDeclined => (
            "The person could not enter the code sent by e-mail.",
            "Check the address with the person and send the link again.",
        ),
        ErrorCode::PhoneUnverifiedOther => {
            ("The phone number could not be verified.", "Check the number and send the link again.")
        }
        ErrorCode::PhoneVerificationDeclined => (
            "The person could not enter the code sent by phone.",
            "Check the number with the person and send the link again.",
        ),
        ErrorCode::Other(_) => (
            "A reason that this version does not know.",
            "Read the API's own words and look in Stripe's Dashboard.",
        ),
    };
    Advice { meaning, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_meaning() {
        let mut meanings: Vec<_> = ErrorCode::KNOWN.iter().map(|code| of(code).meaning).collect();
        meanings.sort_unstable();
        meanings.dedup();
        assert_eq!(meanings.len(), ErrorCode::KNOWN.len());
    }
}
