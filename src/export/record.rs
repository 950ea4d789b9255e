//! One object on its way out, masked or revealed when it was made.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::Column;
use super::column::Time;
use crate::identity::{Report, Session, outward};
use crate::privacy::Lens;

/// What kind of object a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// VerificationSessions.
    Sessions,
    /// VerificationReports.
    Reports,
}

/// A session or a report, as JSON in the API's field names, without `client_secret` and `url`.
#[derive(Clone, PartialEq)]
pub struct Record {
    kind: Kind,
    json: Value,
}

impl fmt::Debug for Record {
    /// What it is of, and nothing of what it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Record {
    /// A session. `report` is its newest report, where it is known and the session has no more than its id.
    #[must_use]
    pub fn session<'a>(session: &Session, report: Option<&Report>, lens: impl Into<Lens<'a>>) -> Self {
        let lens = lens.into();
        let mut json = outward::session(session, lens);
        if let Some(report) = report
            && json["last_verification_report"].as_str() == Some(report.id.as_str())
        {
            json["last_verification_report"] = outward::report(report, lens);
        }
        Self { kind: Kind::Sessions, json }
    }

    /// A report.
    #[must_use]
    pub fn report<'a>(report: &Report, lens: impl Into<Lens<'a>>) -> Self {
        Self { kind: Kind::Reports, json: outward::report(report, lens) }
    }

    /// What kind of object it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The object's id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.json.get("id")?.as_str()
    }

    /// The object in the API's field names.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// One field as a table shows it, by its name; `None` where there is no such field or no value.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<String> {
        let column = Column::parse(self.kind, name).ok()?;
        let value = column.cell(self, Time::Minutes);
        (!value.is_empty()).then(|| value.into_owned())
    }

    /// The value at a dotted path; `None` where there is none or it is null. Keys of metadata may hold dots.
    pub(super) fn at(&self, path: &str) -> Option<&Value> {
        at(&self.json, path)
    }

    /// Both names as one, from where they are known.
    pub(super) fn name(&self) -> Option<String> {
        self.sources().find_map(|source| {
            let part = |name: &str| source.get(name).and_then(Value::as_str);
            let mut parts: Vec<&str> =
                [part("first_name"), part("last_name")].into_iter().flatten().collect();
            // A redacted pair reads as one placeholder.
            parts.retain(|part| !part.trim().is_empty());
            parts.dedup_by(|a, b| a == b && *a == crate::privacy::REDACTED);
            (!parts.is_empty()).then(|| parts.join(" "))
        })
    }

    /// The country of the document, or else of the address.
    pub(super) fn country(&self) -> Option<Cow<'_, str>> {
        let issued = self.sources().find_map(|source| source.get("issuing_country")?.as_str());
        let lived = || self.sources().find_map(|source| source.get("address")?.get("country")?.as_str());
        issued.or_else(lived).map(Cow::Borrowed)
    }

    /// The objects that tell of the person, the verified data first.
    fn sources(&self) -> impl Iterator<Item = &Value> {
        let paths: &[&str] = match self.kind {
            Kind::Sessions => &[
                "verified_outputs",
                "last_verification_report.document",
                "last_verification_report.id_number",
            ],
            Kind::Reports => &["document", "id_number"],
        };
        paths.iter().filter_map(|path| self.at(path))
    }
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    // The whole rest of a path may be one key.
    let found = value.get(path).or_else(|| {
        let (head, rest) = path.split_once('.')?;
        at(value.get(head)?, rest)
    });
    found.filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::Sight;

    #[test]
    fn a_mononym_is_one_name() {
        let report: Report = serde_json::from_str(
            r#"{"id":"vr_1","created":1,"livemode":false,"type":"document",
            "document":{"status":"verified","first_name":"Suharto","last_name":""}}"#,
        )
        .expect("a report");
        let name = |sight: Sight| Record::report(&report, sight).name();
        assert_eq!(
            (name(Sight::Masked), name(Sight::Revealed)),
            (Some("S•••".into()), Some("Suharto".into()))
        );
    }
}
