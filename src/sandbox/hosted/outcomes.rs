//! What the tester may choose to happen: success, and every refusal that the session can end with.

use std::collections::BTreeSet;

use crate::identity::{CheckKind, ErrorCode};
use crate::sandbox::attempt::{Verdict, reason, wanted_checks};
use crate::sandbox::record::SessionRecord;

/// The value of the choice that is no refusal.
pub(super) const VERIFIED: &str = "verified";

/// How long processing may be chosen to take, in seconds of the sandbox clock, and what to call it.
pub(super) const DELAYS: [(i64, &str); 5] =
    [(0, "no time"), (3, "three seconds"), (60, "one minute"), (600, "ten minutes"), (86_400, "one day")];
/// The choice that stands when nobody chooses.
pub(super) const USUAL_DELAY: i64 = 3;

/// Refusals of the same check.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// What the group is called.
    pub(super) title: &'static str,
    /// Its refusals, in the order of the API reference.
    pub(super) choices: Vec<Choice>,
}

/// One refusal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// The code as it stands on the wire.
    pub(super) code: &'static str,
    /// What the API says of it.
    pub(super) reason: &'static str,
}

/// The refusals that `session` can end with, by check; those of the whole session last.
pub(super) fn groups(session: &SessionRecord) -> Vec<Group> {
    let checks = wanted_checks(session);
    let title = |kind| match kind {
        CheckKind::Document => "Document",
        CheckKind::IdNumber => "ID number",
        CheckKind::Selfie => "Selfie",
        CheckKind::Email => "E-mail",
        CheckKind::Phone => "Phone",
    };
    let of_checks = CheckKind::ALL.into_iter().filter(|kind| checks.contains(kind));
    let mut groups: Vec<Group> =
        of_checks.map(|kind| Group { title: title(kind), choices: choices(Some(kind), &checks) }).collect();
    groups.push(Group { title: "Before anything is checked", choices: choices(None, &checks) });
    groups
}

fn choices(kind: Option<CheckKind>, checks: &BTreeSet<CheckKind>) -> Vec<Choice> {
    let needs_document = |code: &ErrorCode| *code == ErrorCode::IdNumberInsufficientDocumentData;
    ErrorCode::KNOWN
        .iter()
        .filter(|code| code.check() == kind)
        .filter(|code| !needs_document(code) || checks.contains(&CheckKind::Document))
        .map(|code| Choice { code: code.as_str(), reason: reason(code) })
        .collect()
}

/// The verdict called `name`, if the tester may choose it for `session`.
pub(super) fn verdict(name: &str, session: &SessionRecord) -> Option<Verdict> {
    if name == VERIFIED {
        return Some(Verdict::Verified);
    }
    let offered = groups(session).iter().any(|group| group.choices.iter().any(|choice| choice.code == name));
    ErrorCode::known(name).filter(|_| offered).map(Verdict::Failed)
}

/// The delay called `name`, if it may be chosen.
pub(super) fn delay(name: &str) -> Option<i64> {
    let seconds: i64 = name.parse().ok()?;
    DELAYS.iter().any(|(offered, _)| *offered == seconds).then_some(seconds)
}
