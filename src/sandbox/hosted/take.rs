//! What each step does with the form that was sent: it is done, or it ends the visit, or it says what is wrong. Pure.

use super::outcomes;
use super::progress::{Capture, Progress, Step, accepted_documents, wants_live_capture};
use super::uploads::{PictureError, Sent};
use crate::identity::{DocumentType, ErrorCode, IdNumberType};
use crate::sandbox::attempt::Verdict;
use crate::sandbox::record::SessionRecord;

/// The code that would have been sent.
pub(super) const CODE: &str = "000000";

/// What a form leads to when nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// To the next step.
    On,
    /// To the end: the verdict, and the seconds until it is known.
    Submit(Verdict, i64),
}

/// What is wrong with a form. The texts stand on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("Say whether you agree.")]
    NoAnswer,
    #[error("Choose one of these documents.")]
    NoDocument,
    #[error("This session wants a picture taken on the spot.")]
    NotLive,
    #[error("Use the specimen or upload a picture.")]
    NoPicture,
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error("Choose the kind of number.")]
    NoNumberKind,
    #[error("{}", .0.hint())]
    Number(NumberForm),
    #[error("This is not the code that stands on this page.")]
    OtherCode,
    #[error("Choose how the verification ends.")]
    NoOutcome,
    #[error("Choose how long processing takes.")]
    NoDelay,
}

/// The form that a typed number has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberForm {
    Cpf,
    Nric,
    Ssn,
}

/// Takes one step with what was sent.
pub(super) fn take(
    step: Step,
    progress: &mut Progress,
    sent: &Sent,
    session: &SessionRecord,
) -> Result<Move, Wrong> {
    match step {
        Step::Consent => match sent.field("answer") {
            "accept" => progress.consented = true,
            "decline" => return Ok(Move::Submit(Verdict::Failed(ErrorCode::ConsentDeclined), 0)),
            _ => return Err(Wrong::NoAnswer),
        },
        Step::Document => {
            let kind = DocumentType::known(sent.field("document"));
            let accepted = accepted_documents(session);
            let kind = kind.filter(|kind| accepted.contains(kind)).ok_or(Wrong::NoDocument)?;
            progress.choose(&kind);
        }
        Step::Front | Step::Back | Step::Selfie => {
            let capture = picture(sent, wants_live_capture(session))?;
            progress.keep(step, capture);
        }
        Step::IdNumber => {
            id_number(sent)?;
            progress.id_number = true;
        }
        Step::Email | Step::Phone => {
            if sent.field("answer") == "decline" {
                let code = match step {
                    Step::Email => ErrorCode::EmailVerificationDeclined,
                    _ => ErrorCode::PhoneVerificationDeclined,
                };
                return Ok(Move::Submit(Verdict::Failed(code), 0));
            }
            let typed = sent.field("code").chars().filter(|c| !c.is_whitespace());
            if !typed.eq(CODE.chars()) {
                return Err(Wrong::OtherCode);
            }
            if step == Step::Email { progress.email = true } else { progress.phone = true }
        }
        Step::Outcome => {
            let verdict = outcomes::verdict(sent.field("outcome"), session);
            let verdict = verdict.ok_or(Wrong::NoOutcome)?;
            let delay = outcomes::delay(sent.field("delay"));
            return Ok(Move::Submit(verdict, delay.ok_or(Wrong::NoDelay)?));
        }
    }
    Ok(Move::On)
}

/// The picture that was taken or uploaded.
fn picture(sent: &Sent, live: bool) -> Result<Capture, Wrong> {
    match sent.field("use") {
        "specimen" => Ok(Capture::Specimen),
        "upload" if live => Err(Wrong::NotLive),
        "upload" => Ok(sent.picture.unwrap_or(Err(PictureError::Missing))?),
        _ => Err(Wrong::NoPicture),
    }
}

/// Judges the form of a number that was typed. The number itself is forgotten.
fn id_number(sent: &Sent) -> Result<(), Wrong> {
    if sent.field("use") == "specimen" {
        return Ok(());
    }
    let kind = IdNumberType::known(sent.field("kind")).ok_or(Wrong::NoNumberKind)?;
    let typed = sent.field("number").chars().filter(|c| !matches!(c, ' ' | '.' | '-'));
    let number: Vec<char> = typed.map(|c| c.to_ascii_uppercase()).collect();
    let form = NumberForm::of(&kind);
    if form.fits(&number) { Ok(()) } else { Err(Wrong::Number(form)) }
}

impl NumberForm {
    fn of(kind: &IdNumberType) -> Self {
        match kind {
            IdNumberType::BrCpf => Self::Cpf,
            IdNumberType::SgNric => Self::Nric,
            _ => Self::Ssn,
        }
    }

    /// Whether `number`, in capitals and without what separates its parts, has this form.
    fn fits(self, number: &[char]) -> bool {
        let digits = |of: &[char]| of.iter().all(char::is_ascii_digit);
        match self {
            Self::Cpf => number.len() == 11 && digits(number),
            Self::Nric => {
                number.len() == 9
                    && matches!(number[0], 'S' | 'T' | 'F' | 'G' | 'M')
                    && digits(&number[1..8])
                    && number[8].is_ascii_uppercase()
            }
            Self::Ssn => number.len() == 4 && digits(number),
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::Cpf => "A CPF has 11 digits.",
            Self::Nric => "An NRIC or FIN is a letter, 7 digits and a letter.",
            Self::Ssn => "Type the last 4 digits of the SSN.",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::VerificationType;
    use crate::sandbox::hosted::progress::tests::session;

    fn flow() -> SessionRecord {
        session(
            VerificationType::VerificationFlow,
            json!({ "email": { "require_verification": true }, "phone": { "require_verification": true } }),
        )
    }

    #[test]
    fn a_code_is_typed_or_cannot_be_got() {
        let (flow, mut progress) = (flow(), Progress::default());
        for wrong in ["", "1", "000001", "0000000"] {
            let sent = Sent::with(&[("code", wrong)]);
            assert_eq!(take(Step::Email, &mut progress, &sent, &flow), Err(Wrong::OtherCode));
        }
        assert_eq!(progress, Progress::default());
        let right = Sent::with(&[("answer", "code"), ("code", " 000 000 ")]);
        assert_eq!(take(Step::Email, &mut progress, &right, &flow), Ok(Move::On));
        assert!(progress.email && !progress.phone);
        let declined = Sent::with(&[("answer", "decline")]);
        assert_eq!(
            take(Step::Phone, &mut progress, &declined, &flow),
            Ok(Move::Submit(Verdict::Failed(ErrorCode::PhoneVerificationDeclined), 0))
        );
        assert_eq!(
            take(Step::Email, &mut progress, &declined, &flow),
            Ok(Move::Submit(Verdict::Failed(ErrorCode::EmailVerificationDeclined), 0))
        );
    }

    #[test]
    fn only_outcomes_of_the_session_are_taken() {
        let choose = |session: &SessionRecord, outcome| {
            let sent = Sent::with(&[("outcome", outcome), ("delay", "60")]);
            take(Step::Outcome, &mut Progress::default(), &sent, session)
        };
        let plain = session(VerificationType::Document, json!({}));
        let failed = |code| Ok(Move::Submit(Verdict::Failed(code), 60));
        assert_eq!(choose(&flow(), "email_unverified_other"), failed(ErrorCode::EmailUnverifiedOther));
        for wrong in ["email_unverified_other", "selfie_face_mismatch", ""] {
            assert_eq!(choose(&plain, wrong), Err(Wrong::NoOutcome));
        }
        assert_eq!(choose(&plain, "verified"), Ok(Move::Submit(Verdict::Verified, 60)));
        assert_eq!(choose(&plain, "under_supported_age"), failed(ErrorCode::UnderSupportedAge));
    }

    #[test]
    fn a_number_of_another_form_is_told_its_own() {
        let number = |kind, number| id_number(&Sent::with(&[("kind", kind), ("number", number)]));
        for (kind, right, wrong, form) in [
            ("br_cpf", "123.456.789-00", "123.456.789-0X", NumberForm::Cpf),
            ("sg_nric", "s1234567a", "X1234567A", NumberForm::Nric),
            ("us_ssn", "0000", "00000", NumberForm::Ssn),
        ] {
            assert_eq!(number(kind, right), Ok(()));
            assert_eq!(number(kind, wrong), Err(Wrong::Number(form)));
        }
        assert_eq!(number("", "0000"), Err(Wrong::NoNumberKind));
        assert_eq!(Wrong::Number(NumberForm::Cpf).to_string(), "A CPF has 11 digits.");
    }
}
