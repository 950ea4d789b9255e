//! One mark for each check of a session.

use crate::identity::{CheckKind, CheckStatus, Report, Session, VerificationType};

/// How one check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckMark {
    /// Not asked for.
    Off,
    /// Asked for, and no result yet.
    Pending,
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

impl CheckMark {
    /// One column: told apart without colour.
    #[must_use]
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Off => " ",
            Self::Pending => "·",
            Self::Passed => "✓",
            Self::Failed => "✗",
        }
    }
}

/// A mark for each check, in the order of [`CheckKind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks([CheckMark; CheckKind::ALL.len()]);

impl Marks {
    /// The marks of `session`: results of its newest report, and what its options still ask for.
    #[must_use]
    pub fn of(session: &Session, report: Option<&Report>) -> Self {
        Self(CheckKind::ALL.map(|kind| match report.and_then(|report| report.check(kind)) {
            Some((CheckStatus::Verified, _)) => CheckMark::Passed,
            Some(_) => CheckMark::Failed,
            None if is_asked(session, kind) => CheckMark::Pending,
            None => CheckMark::Off,
        }))
    }

    /// The marks of a report alone.
    #[must_use]
    pub fn of_report(report: &Report) -> Self {
        Self(CheckKind::ALL.map(|kind| match report.check(kind) {
            Some((CheckStatus::Verified, _)) => CheckMark::Passed,
            Some(_) => CheckMark::Failed,
            None => CheckMark::Off,
        }))
    }

    /// Each check with its mark, in the order they are drawn.
    pub fn iter(&self) -> impl Iterator<Item = (CheckKind, CheckMark)> {
        CheckKind::ALL.into_iter().zip(self.0)
    }
}

/// Whether the session's type and options ask for a check.
fn is_asked(session: &Session, kind: CheckKind) -> bool {
    let options = session.options.as_ref();
    let document = options.and_then(|options| options.document.as_ref());
    let is_document = session.kind == VerificationType::Document;
    match kind {
        CheckKind::Document => is_document || document.is_some(),
        CheckKind::IdNumber => {
            session.kind == VerificationType::IdNumber
                || options.is_some_and(|options| options.id_number.is_some())
                || document.is_some_and(|document| document.require_id_number == Some(true))
        }
        CheckKind::Selfie => document.is_some_and(|document| document.require_matching_selfie == Some(true)),
        CheckKind::Email => options
            .and_then(|o| o.email.as_ref())
            .is_some_and(|email| email.require_verification == Some(true)),
        CheckKind::Phone => options
            .and_then(|o| o.phone.as_ref())
            .is_some_and(|phone| phone.require_verification == Some(true)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixtures::{report, session};
    use super::*;

    #[test]
    fn results_stand_before_wishes() {
        let asked =
            session("vs_1", 1, json!({ "options": { "document": { "require_matching_selfie": true } } }));
        let marks: Vec<_> = Marks::of(&asked, None).iter().map(|(_, mark)| mark).collect();
        assert_eq!(
            marks,
            [CheckMark::Pending, CheckMark::Off, CheckMark::Pending, CheckMark::Off, CheckMark::Off]
        );
        let found = report(
            "vr_1",
            "vs_1",
            2,
            json!({ "document": { "status": "verified" }, "selfie": { "status": "unverified" } }),
        );
        let marks: Vec<_> = Marks::of(&asked, Some(&found)).iter().map(|(_, mark)| mark).collect();
        assert_eq!(marks[0], CheckMark::Passed);
        assert_eq!(marks[2], CheckMark::Failed);
    }
}
