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

/// Takes one step with what was sent.
pub(super) fn take(
    step: Step,
    progress: &mut Progress,
    sent: &Sent,
    session: &SessionRecord,
) -> Result<Move, String> {
    match step {
        Step::Consent => match sent.field("answer") {
            "accept" => progress.consented = true,
            "decline" => return Ok(Move::Submit(Verdict::Failed(ErrorCode::ConsentDeclined), 0)),
            _ => return Err("Say whether you agree.".to_owned()),
        },
        Step::Document => {
            let kind = DocumentType::known(sent.field("document"));
            let accepted = accepted_documents(session);
            let kind = kind.filter(|kind| accepted.contains(kind)).ok_or("Choose one of these documents.")?;
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
                return Err("This is not the code that stands on this page.".to_owned());
            }
            if step == Step::Email { progress.email = true } else { progress.phone = true }
        }
        Step::Outcome => {
            let verdict = outcomes::verdict(sent.field("outcome"), session);
            let verdict = verdict.ok_or("Choose how the verification ends.")?;
            let delay = outcomes::delay(sent.field("delay"));
            return Ok(Move::Submit(verdict, delay.ok_or("Choose how long processing takes.")?));
        }
    }
    Ok(Move::On)
}

/// The picture that was taken or uploaded.
fn picture(sent: &Sent, live: bool) -> Result<Capture, String> {
    match sent.field("use") {
        "specimen" => Ok(Capture::Specimen),
        "upload" if live => Err("This session wants a picture taken on the spot.".to_owned()),
        "upload" => sent.picture.unwrap_or(Err(PictureError::Missing)).map_err(|error| error.to_string()),
        _ => Err("Use the specimen or upload a picture.".to_owned()),
    }
}

/// Judges the form of a number that was typed. The number itself is forgotten.
fn id_number(sent: &Sent) -> Result<(), String> {
    if sent.field("use") == "specimen" {
        return Ok(());
    }
    let kind = IdNumberType::known(sent.field("kind")).ok_or("Choose the kind of number.")?;
    let typed = sent.field("number").chars().filter(|c| !matches!(c, ' ' | '.' | '-'));
    let number: Vec<char> = typed.map(|c| c.to_ascii_uppercase()).collect();
    let digits = |of: &[char]| of.iter().all(char::is_ascii_digit);
    let (fits, hint) = match kind {
        IdNumberType::BrCpf => (number.len() == 11 && digits(&number), "A CPF has 11 digits."),
        IdNumberType::SgNric => {
            let fits = number.len() == 9
                && matches!(number[0], 'S' | 'T' | 'F' | 'G' | 'M')
                && digits(&number[1..8])
                && number[8].is_ascii_uppercase();
            (fits, "An NRIC or FIN is a letter, 7 digits and a letter.")
        }
        _ => (number.len() == 4 && digits(&number), "Type the last 4 digits of the SSN."),
    };
    if fits { Ok(()) } else { Err(hint.to_owned()) }
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
            assert!(take(Step::Email, &mut progress, &Sent::with(&[("code", wrong)]), &flow).is_err());
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
        assert!(choose(&plain, "email_unverified_other").is_err());
        assert!(choose(&plain, "selfie_face_mismatch").is_err());
        assert!(choose(&plain, "").is_err());
        assert_eq!(choose(&plain, "verified"), Ok(Move::Submit(Verdict::Verified, 60)));
        assert_eq!(choose(&plain, "under_supported_age"), failed(ErrorCode::UnderSupportedAge));
    }
}
