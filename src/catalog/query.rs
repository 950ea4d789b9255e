//! Which rows a person wants to see: filters by status, outcome and type, and a search.

use crate::identity::{ErrorCode, RedactionStatus, Report, Session, Status, VerificationType};
use crate::privacy::{FreeText, Name, Pii, Sight};
use crate::text::fold;

use super::{Catalog, Standing};

/// The status filters of the session list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusFilter {
    /// Every session.
    #[default]
    All,
    /// Sessions that wait for their person.
    RequiresInput,
    /// Sessions whose checks are running.
    Processing,
    /// Verified sessions.
    Verified,
    /// Canceled sessions.
    Canceled,
    /// Sessions whose redaction is not finished.
    Redacting,
}

impl StatusFilter {
    /// Every filter, in the order they are drawn.
    pub const ALL: [Self; 6] =
        [Self::All, Self::RequiresInput, Self::Processing, Self::Verified, Self::Canceled, Self::Redacting];

    /// What the filter bar calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::RequiresInput => "Requires input",
            Self::Processing => "Processing",
            Self::Verified => "Verified",
            Self::Canceled => "Canceled",
            Self::Redacting => "Redacting",
        }
    }

    /// Whether the filter shows `session`.
    #[must_use]
    pub fn shows(self, session: &Session) -> bool {
        match self {
            Self::All => true,
            Self::RequiresInput => session.status == Status::RequiresInput,
            Self::Processing => session.status == Status::Processing,
            Self::Verified => session.status == Status::Verified,
            Self::Canceled => session.status == Status::Canceled,
            Self::Redacting => session.redaction_status() == Some(&RedactionStatus::Processing),
        }
    }
}

/// The outcome filters of the report list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Every report.
    #[default]
    All,
    /// Reports in which every check was passed.
    Passed,
    /// Reports in which a check failed.
    Failed,
}

impl Outcome {
    /// Every filter, in the order they are drawn.
    pub const ALL: [Self; 3] = [Self::All, Self::Passed, Self::Failed];

    /// What the filter bar calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Passed => "Verified",
            Self::Failed => "Unverified",
        }
    }

    /// Whether the filter shows `report`.
    #[must_use]
    pub fn shows(self, report: &Report) -> bool {
        match self {
            Self::All => true,
            Self::Passed => report.passed() == Some(true),
            Self::Failed => report.passed() == Some(false),
        }
    }
}

/// The type filter of both lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TypeFilter {
    /// Every type.
    #[default]
    All,
    /// `document`.
    Document,
    /// `id_number`.
    IdNumber,
    /// `verification_flow`.
    Flow,
}

impl TypeFilter {
    /// Every filter, in the order they are drawn.
    pub const ALL: [Self; 4] = [Self::All, Self::Document, Self::IdNumber, Self::Flow];

    /// What the filter bar calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::All => "any type",
            Self::Document => "document",
            Self::IdNumber => "id_number",
            Self::Flow => "verification_flow",
        }
    }

    /// Whether the filter shows objects of type `kind`.
    #[must_use]
    pub fn shows(self, kind: &VerificationType) -> bool {
        match self {
            Self::All => true,
            Self::Document => *kind == VerificationType::Document,
            Self::IdNumber => *kind == VerificationType::IdNumber,
            Self::Flow => *kind == VerificationType::VerificationFlow,
        }
    }
}

/// A search: every word has to be found somewhere in the row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Words(Vec<String>);

impl Words {
    fn new(text: &str) -> Self {
        Self(fold(text).split_whitespace().map(str::to_owned).collect())
    }

    /// Asks `row` for its texts only when there is something to look for.
    fn found_in(&self, row: impl FnOnce() -> String) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let haystack = fold(&row());
        self.0.iter().all(|word| haystack.contains(word))
    }
}

/// Which sessions are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionQuery {
    /// By status.
    pub status: StatusFilter,
    /// By type.
    pub kind: TypeFilter,
    words: Words,
}

impl SessionQuery {
    /// Sessions of a status and a type in which every word of `search` is found.
    #[must_use]
    pub fn new(status: StatusFilter, kind: TypeFilter, search: &str) -> Self {
        Self { status, kind, words: Words::new(search) }
    }

    pub(super) fn matches(&self, catalog: &Catalog, session: &Session) -> bool {
        self.status.shows(session)
            && self.kind.shows(&session.kind)
            && self.words.found_in(|| session_text(catalog, session))
    }
}

/// Which reports are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportQuery {
    /// By outcome.
    pub outcome: Outcome,
    /// By type.
    pub kind: TypeFilter,
    words: Words,
}

impl ReportQuery {
    /// Reports of an outcome and a type in which every word of `search` is found.
    #[must_use]
    pub fn new(outcome: Outcome, kind: TypeFilter, search: &str) -> Self {
        Self { outcome, kind, words: Words::new(search) }
    }

    pub(super) fn matches(&self, _catalog: &Catalog, report: &Report) -> bool {
        self.outcome.shows(report)
            && self.kind.shows(&report.kind)
            && self.words.found_in(|| report_text(report))
    }
}

/// The texts of a session that a search looks through. They stay in here.
fn session_text(catalog: &Catalog, session: &Session) -> String {
    let mut text = Haystack::default();
    text.add(session.id.as_str());
    text.add(session.kind.as_str());
    text.add(session.status.as_str());
    text.add(Standing::of(session).word());
    text.add_free(session.client_reference_id.as_ref());
    text.add_some(session.related_customer.as_deref());
    text.add_some(session.verification_flow.as_deref());
    let error = session.last_error.as_ref();
    text.add_some(error.and_then(|error| error.code.as_ref()).map(ErrorCode::as_str));
    text.add_name(catalog.name(session).as_ref());
    text.add_some(catalog.country(session).map(AsRef::as_ref));
    for (key, value) in &session.metadata {
        text.add(key);
        text.add_free(Some(value));
    }
    for report in catalog.attempts(&session.id) {
        text.add(report.id.as_str());
    }
    text.0
}

fn report_text(report: &Report) -> String {
    let mut text = Haystack::default();
    text.add(report.id.as_str());
    text.add(report.kind.as_str());
    text.add_some(report.verification_session.as_ref().map(crate::identity::SessionId::as_str));
    text.add_free(report.client_reference_id.as_ref());
    text.add_some(report.country().map(AsRef::as_ref));
    text.add_some(
        report
            .document
            .as_ref()
            .and_then(|check| check.kind.as_ref())
            .map(crate::identity::DocumentType::as_str),
    );
    text.add_some(report.first_error().and_then(|error| error.code.as_ref()).map(ErrorCode::as_str));
    text.add_name(report.name().as_ref());
    text.0
}

/// Texts with a line between them, so that no word is found across two.
#[derive(Default)]
struct Haystack(String);

impl Haystack {
    fn add(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn add_some(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.add(text);
        }
    }

    fn add_free(&mut self, text: Option<&FreeText>) {
        self.add_some(text.map(|text| text.expose().as_str()));
    }

    fn add_name(&mut self, name: Option<&Pii<Name>>) {
        if let Some(name) = name {
            self.add(&name.show(Sight::Revealed));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixtures::{page, report, session};
    use super::*;

    fn catalog() -> Catalog {
        let mut catalog = Catalog::default();
        catalog.take_sessions(
            page(
                vec![
                    session("vs_a", 3, json!({ "status": "verified", "client_reference_id": "user_1" })),
                    session("vs_b", 2, json!({ "metadata": { "order": "Éclair 7" } })),
                    session(
                        "vs_c",
                        1,
                        json!({ "type": "id_number", "last_error": { "code": "id_number_mismatch" } }),
                    ),
                ],
                false,
            ),
            true,
        );
        let found = json!({ "document": { "status": "verified", "first_name": "Jenny", "last_name": "Rosen", "issuing_country": "US" } });
        catalog.take_reports(page(vec![report("vr_a", "vs_a", 4, found)], false), true);
        catalog
    }

    fn ids(catalog: &Catalog, query: &SessionQuery) -> Vec<String> {
        catalog
            .select_sessions(query)
            .into_iter()
            .map(|slot| catalog.sessions().at(slot).id.to_string())
            .collect()
    }

    #[test]
    fn every_word_has_to_be_found_in_any_case() {
        let catalog = catalog();
        let search = |text| ids(&catalog, &SessionQuery::new(StatusFilter::All, TypeFilter::All, text));
        assert_eq!(search("ROSEN us"), ["vs_a"]);
        assert_eq!(search("éclair"), ["vs_b"]);
        assert_eq!(search("mismatch"), ["vs_c"]);
        assert_eq!(search("rosen mismatch"), Vec::<String>::new());
        assert_eq!(search("  "), ["vs_a", "vs_b", "vs_c"]);
    }

    #[test]
    fn filters_add_up() {
        let catalog = catalog();
        let query = SessionQuery::new(StatusFilter::RequiresInput, TypeFilter::IdNumber, "");
        assert_eq!(ids(&catalog, &query), ["vs_c"]);
        assert_eq!(catalog.select_reports(&ReportQuery::new(Outcome::Failed, TypeFilter::All, "")).len(), 0);
        assert_eq!(
            catalog.select_reports(&ReportQuery::new(Outcome::Passed, TypeFilter::All, "jenny")).len(),
            1
        );
    }
}
