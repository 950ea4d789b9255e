//! How far a visit has come: which steps a session has, which are done, which is next. Pure.

use serde::{Deserialize, Serialize};

use crate::identity::{CheckKind, DocumentType};
use crate::sandbox::attempt::wanted_checks;
use crate::sandbox::record::SessionRecord;

/// A step on the way to a submission. The order is the order they are taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Consent,
    Document,
    Front,
    Back,
    Selfie,
    IdNumber,
    Email,
    Phone,
    Outcome,
}

impl Step {
    const ALL: [Self; 9] = [
        Self::Consent,
        Self::Document,
        Self::Front,
        Self::Back,
        Self::Selfie,
        Self::IdNumber,
        Self::Email,
        Self::Phone,
        Self::Outcome,
    ];

    /// The last part of the step's address.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Document => "document",
            Self::Front => "front",
            Self::Back => "back",
            Self::Selfie => "selfie",
            Self::IdNumber => "id-number",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Outcome => "outcome",
        }
    }

    /// The step with that address.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.path() == path)
    }
}

/// Where a picture came from. The picture itself is never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum Capture {
    /// The sandbox's own drawing.
    Specimen,
    /// A picture of `bytes` bytes that the tester uploaded.
    Upload {
        /// How large it was.
        bytes: u64,
    },
}

/// What a visit has done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "steps are done or not, each by itself")]
pub(in crate::sandbox) struct Progress {
    pub(super) consented: bool,
    pub(super) document: Option<String>,
    pub(super) front: Option<Capture>,
    pub(super) back: Option<Capture>,
    pub(super) selfie: Option<Capture>,
    pub(super) id_number: bool,
    pub(super) email: bool,
    pub(super) phone: bool,
    pub(super) submitted: bool,
}

impl Progress {
    /// The kind of document that was chosen, as long as the session accepts it.
    pub(super) fn document(&self, session: &SessionRecord) -> Option<DocumentType> {
        let kind = DocumentType::known(self.document.as_deref()?)?;
        accepted_documents(session).contains(&kind).then_some(kind)
    }

    /// Chooses a kind of document. Pictures of another kind do not count for it.
    pub(super) fn choose(&mut self, kind: &DocumentType) {
        if self.document.as_deref() != Some(kind.as_str()) {
            (self.front, self.back) = (None, None);
        }
        self.document = Some(kind.as_str().to_owned());
    }

    /// The picture that was given at `step`.
    pub(super) const fn capture(&self, step: Step) -> Option<Capture> {
        match step {
            Step::Front => self.front,
            Step::Back => self.back,
            Step::Selfie => self.selfie,
            _ => None,
        }
    }

    /// Keeps that a picture was given at `step`. Steps that ask for none keep nothing.
    pub(super) const fn keep(&mut self, step: Step, capture: Capture) {
        match step {
            Step::Front => self.front = Some(capture),
            Step::Back => self.back = Some(capture),
            Step::Selfie => self.selfie = Some(capture),
            _ => {}
        }
    }

    /// Every step of `session`, in order.
    pub(super) fn steps(&self, session: &SessionRecord) -> Vec<Step> {
        let checks = wanted_checks(session);
        // Until a kind is chosen the document may have two sides.
        let one_side = self.document(session) == Some(DocumentType::Passport);
        let asked = |step: &Step| match step {
            Step::Consent | Step::Outcome => true,
            Step::Document | Step::Front => checks.contains(&CheckKind::Document),
            Step::Back => checks.contains(&CheckKind::Document) && !one_side,
            Step::Selfie => checks.contains(&CheckKind::Selfie),
            Step::IdNumber => checks.contains(&CheckKind::IdNumber),
            Step::Email => checks.contains(&CheckKind::Email),
            Step::Phone => checks.contains(&CheckKind::Phone),
        };
        Step::ALL.into_iter().filter(asked).collect()
    }

    /// The first step that is still to be done.
    pub(super) fn next(&self, session: &SessionRecord) -> Step {
        let to_do = |step: &Step| match step {
            Step::Consent => !self.consented,
            Step::Document => self.document(session).is_none(),
            Step::Front => self.front.is_none(),
            Step::Back => self.back.is_none(),
            Step::Selfie => self.selfie.is_none(),
            Step::IdNumber => !self.id_number,
            Step::Email => !self.email,
            Step::Phone => !self.phone,
            Step::Outcome => true,
        };
        self.steps(session).into_iter().find(to_do).unwrap_or(Step::Outcome)
    }

    /// Whether `step` may be taken now: one that is done already, or the next one.
    pub(super) fn may_take(&self, step: Step, session: &SessionRecord) -> bool {
        step <= self.next(session) && self.steps(session).contains(&step)
    }

    /// The step's number and how many there are.
    pub(super) fn position(&self, step: Step, session: &SessionRecord) -> Option<(usize, usize)> {
        let steps = self.steps(session);
        let at = steps.iter().position(|found| *found == step)?;
        Some((at + 1, steps.len()))
    }
}

/// The kinds of document that the session accepts.
pub(super) fn accepted_documents(session: &SessionRecord) -> Vec<DocumentType> {
    let listed = session.options["document"]["allowed_types"].as_array();
    let accepted = |kind: &DocumentType| {
        listed.is_none_or(|listed| listed.is_empty() || listed.iter().any(|it| it == kind.as_str()))
    };
    let by_familiarity = [DocumentType::Passport, DocumentType::DrivingLicense, DocumentType::IdCard];
    by_familiarity.into_iter().filter(accepted).collect()
}

/// Whether pictures have to be taken on the spot.
pub(super) fn wants_live_capture(session: &SessionRecord) -> bool {
    session.options["document"]["require_live_capture"] == true
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::clock::Timestamp;
    use crate::identity::{Status, VerificationType};

    /// A session that waits for its person.
    pub(in crate::sandbox::hosted) fn session(kind: VerificationType, options: Value) -> SessionRecord {
        SessionRecord {
            id: "vs_1Test".to_owned(),
            created: Timestamp::from_secs(0),
            status: Status::RequiresInput,
            kind,
            client_reference_id: None,
            metadata: BTreeMap::new(),
            options,
            provided_details: Value::Null,
            redaction: None,
            redaction_due: None,
            related_customer: None,
            related_customer_account: None,
            related_person: Value::Null,
            verification_flow: None,
            return_url: None,
            last_error: None,
            last_report: None,
            verified_outputs: Value::Null,
        }
    }

    #[test]
    fn steps_follow_from_type_options_and_document() {
        let mut progress = Progress::default();
        let plain = session(VerificationType::Document, json!({}));
        let steps = [Step::Consent, Step::Document, Step::Front, Step::Back, Step::Outcome];
        assert_eq!(progress.steps(&plain), steps);
        progress.choose(&DocumentType::Passport);
        assert_eq!(progress.steps(&plain), [Step::Consent, Step::Document, Step::Front, Step::Outcome]);
        let number = session(VerificationType::IdNumber, json!({}));
        assert_eq!(progress.steps(&number), [Step::Consent, Step::IdNumber, Step::Outcome]);
        let flow = session(
            VerificationType::VerificationFlow,
            json!({
                "document": { "require_matching_selfie": true },
                "id_number": {},
                "email": { "require_verification": true },
                "phone": { "require_verification": true },
            }),
        );
        assert_eq!(progress.steps(&flow).len(), Step::ALL.len() - 1, "all but the passport's back");
    }

    #[test]
    fn no_step_is_skipped_and_done_ones_stay_open() {
        let session = session(VerificationType::Document, json!({}));
        let mut progress = Progress::default();
        assert_eq!(progress.next(&session), Step::Consent);
        assert!(!progress.may_take(Step::Document, &session));
        progress.consented = true;
        progress.choose(&DocumentType::IdCard);
        progress.front = Some(Capture::Specimen);
        assert_eq!(progress.next(&session), Step::Back);
        assert!(progress.may_take(Step::Document, &session) && !progress.may_take(Step::Outcome, &session));
        assert!(!progress.may_take(Step::Selfie, &session), "nobody asked for one");
        progress.choose(&DocumentType::Passport);
        assert_eq!(progress.next(&session), Step::Front, "another document needs other pictures");
        assert_eq!(progress.position(Step::Front, &session), Some((3, 4)));
    }

    #[test]
    fn a_document_that_is_no_longer_accepted_is_chosen_again() {
        let mut progress = Progress { consented: true, ..Progress::default() };
        progress.choose(&DocumentType::IdCard);
        let only_passports =
            session(VerificationType::Document, json!({ "document": { "allowed_types": ["passport"] } }));
        assert_eq!(accepted_documents(&only_passports), [DocumentType::Passport]);
        assert_eq!(progress.next(&only_passports), Step::Document);
    }

    #[test]
    fn every_step_has_its_own_address() {
        for step in Step::ALL {
            assert_eq!(Step::of_path(step.path()), Some(step));
        }
        assert_eq!(Step::of_path("leave"), None);
    }
}
