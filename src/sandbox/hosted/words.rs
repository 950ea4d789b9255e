//! What the page says: titles, sentences, names of things.

use crate::identity::{DocumentType, IdNumberType};

use super::progress::{Capture, Step};
use super::visit::Standing;

/// A page that says one thing and asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Nobody issued this link.
    Unknown,
    /// The link opens nothing (any more).
    Closed(Standing),
    /// The form was not sent from the page of this visit.
    NotGenuine,
    /// The form is larger than the page reads.
    TooLarge,
    /// The form cannot be read.
    Malformed,
}

/// How a notice is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// The HTTP status.
    pub(super) status: u16,
    /// `good`, `warn` or `bad`.
    pub(super) tone: &'static str,
    /// The heading.
    pub(super) title: &'static str,
    /// What it means and what to do.
    pub(super) words: &'static str,
}

impl Notice {
    /// The words of the notice.
    pub(super) const fn said(self) -> Said {
        let (status, tone, title, words) = match self {
            Self::Unknown => (
                404,
                "warn",
                "This link is not known",
                "It may have been cut off when it was copied. Ask for a new one, or look at the session’s url again.",
            ),
            Self::Closed(Standing::Expired) => (
                410,
                "warn",
                "This link has expired",
                "Links work for 48 hours at most, and only until a newer one is issued. Ask for a new one: retrieving \
                 the session issues it.",
            ),
            Self::Closed(Standing::Used | Standing::Open) => (
                410,
                "warn",
                "This link was used",
                "Every link works for one submission, or until a newer one is issued. To try again, ask for a new one: \
                 retrieving the session issues \
                 it.",
            ),
            Self::Closed(Standing::Processing) => (
                200,
                "warn",
                "The check is under way",
                "Everything was submitted. There is nothing to do here until the result is known.",
            ),
            Self::Closed(Standing::Verified) => (
                200,
                "good",
                "This check is done",
                "The identity is verified already. There is nothing left to do.",
            ),
            Self::Closed(Standing::Canceled) => (
                410,
                "warn",
                "This check was canceled",
                "Whoever asked for it has called it off. Nothing can be submitted any more.",
            ),
            Self::Closed(Standing::Redacted) => (
                410,
                "warn",
                "The data of this check are erased",
                "They were redacted, or are about to be. Nothing can be submitted any more.",
            ),
            Self::NotGenuine => (
                403,
                "bad",
                "Please try that again",
                "The form did not come from this page as it was opened in this browser, so nothing was done. Cookies \
                 have to be allowed for this address.",
            ),
            Self::TooLarge => (
                413,
                "bad",
                "That was too large",
                "More was sent than this page reads, so nothing was done. Pictures may have 10 MB at most.",
            ),
            Self::Malformed => (
                400,
                "bad",
                "That could not be read",
                "What the browser sent is no form of this page, so nothing was done.",
            ),
        };
        Said { status, tone, title, words }
    }
}

/// The heading of a step.
pub(super) const fn title(step: Step, document: Option<&DocumentType>) -> &'static str {
    match (step, document) {
        (Step::Consent, _) => "Confirm who you are",
        (Step::Document, _) => "Choose a document",
        (Step::Front, Some(DocumentType::Passport)) => "Your passport’s picture page",
        (Step::Front, Some(DocumentType::DrivingLicense)) => "The front of your driving licence",
        (Step::Front, _) => "The front of your identity card",
        (Step::Back, Some(DocumentType::DrivingLicense)) => "The back of your driving licence",
        (Step::Back, _) => "The back of your identity card",
        (Step::Selfie, _) => "A picture of your face",
        (Step::IdNumber, _) => "Your ID number",
        (Step::Email, _) => "Confirm your email address",
        (Step::Phone, _) => "Confirm your phone number",
        (Step::Outcome, _) => "How shall it end?",
    }
}

/// What the person is asked for, on the first page; `None` for steps that go without saying.
pub(super) const fn ask(step: Step) -> Option<&'static str> {
    match step {
        Step::Document => Some("Pictures of an identity document"),
        Step::Selfie => Some("A picture of your face"),
        Step::IdNumber => Some("Your ID number"),
        Step::Email => Some("A code sent to your email address"),
        Step::Phone => Some("A code sent to your phone"),
        Step::Consent | Step::Front | Step::Back | Step::Outcome => None,
    }
}

/// What to do at a step that wants a picture.
pub(super) const fn picture(step: Step) -> &'static str {
    match step {
        Step::Selfie => "It is compared with the picture on the document.",
        Step::Back => "Turn it over. Everything should be sharp and inside the picture.",
        _ => "Everything should be sharp, without glare and inside the picture.",
    }
}

/// What the specimen of such a step is a picture of.
pub(super) fn specimen(step: Step, document: Option<&DocumentType>) -> &'static str {
    match (step, document) {
        (Step::Selfie, _) => "A drawing of a face, marked as a specimen",
        (_, Some(DocumentType::Passport)) => "A passport, marked as a specimen",
        (Step::Back, _) => "The back of a card, marked as a specimen",
        (_, Some(DocumentType::DrivingLicense)) => "A driving license, marked as a specimen",
        _ => "An identity card, marked as a specimen",
    }
}

/// What was taken at such a step.
pub(super) fn taken(capture: Capture) -> String {
    match capture {
        Capture::Specimen => "The specimen is in place.".to_owned(),
        Capture::Upload { bytes } if bytes < 1024 * 1024 => {
            format!("Your picture is in place ({} KB).", bytes.div_ceil(1024))
        }
        Capture::Upload { bytes } => {
            format!("Your picture is in place ({} MB).", bytes.div_ceil(1024 * 1024))
        }
    }
}

/// A document and its sides.
pub(super) const fn document(kind: &DocumentType) -> (&'static str, &'static str) {
    match kind {
        DocumentType::Passport => ("Passport", "One picture: the page with your photo"),
        DocumentType::DrivingLicense => ("Driving licence", "Two pictures: front and back"),
        DocumentType::IdCard | DocumentType::Other(_) => ("Identity card", "Two pictures: front and back"),
    }
}

/// A kind of ID number.
pub(super) const fn id_number(kind: &IdNumberType) -> &'static str {
    match kind {
        IdNumberType::BrCpf => "Brazil: CPF, 11 digits",
        IdNumberType::SgNric => "Singapore: NRIC or FIN",
        IdNumberType::UsSsn | IdNumberType::Other(_) => "United States: SSN, last 4 digits",
    }
}

/// An e-mail address or a phone number of which only its owner knows which one it is.
pub(super) fn masked(address: &str) -> String {
    if let Some((user, host)) = address.split_once('@') {
        let first: String = user.chars().take(1).collect();
        return format!("{first}•••@{host}");
    }
    let digits: Vec<char> = address.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    format!("a number ending in {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked() {
        assert_eq!(masked("jenny@example.com"), "j•••@example.com");
        assert_eq!(masked("+1 (555) 010-0142"), "a number ending in 42");
        assert_eq!(masked(""), "a number ending in ");
    }

    #[test]
    fn sizes_are_said_in_whole_units() {
        assert_eq!(taken(Capture::Upload { bytes: 1 }), "Your picture is in place (1 KB).");
        assert_eq!(taken(Capture::Upload { bytes: 3 * 1024 * 1024 }), "Your picture is in place (3 MB).");
    }
}
