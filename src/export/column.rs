//! The fields that tables and CSV files have, by name.

use std::borrow::Cow;

use serde_json::Value;

use super::{Kind, Record};
use crate::clock::Timestamp;
use crate::text::Clean;

/// One field of a table or a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    name: Cow<'static, str>,
}

/// A column that objects of this kind do not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no column `{name}`; there are {known}, and `metadata.KEY` of a session")]
pub struct UnknownColumn {
    name: Clean,
    known: String,
}

/// The fields of a session, in the order of a CSV file.
const SESSION: &[&str] = &[
    "id",
    "created",
    "livemode",
    "status",
    "type",
    "client_reference_id",
    "name",
    "country",
    "last_error.code",
    "last_error.reason",
    "redaction.status",
    "last_verification_report",
    "last_verification_report.document.status",
    "last_verification_report.id_number.status",
    "last_verification_report.selfie.status",
    "last_verification_report.email.status",
    "last_verification_report.phone.status",
    "verification_flow",
    "related_customer",
    "related_customer_account",
    "related_person.account",
    "related_person.person",
    "provided_details.email",
    "provided_details.phone",
    "verified_outputs.first_name",
    "verified_outputs.last_name",
    "verified_outputs.dob",
    "verified_outputs.email",
    "verified_outputs.phone",
    "verified_outputs.address.line1",
    "verified_outputs.address.line2",
    "verified_outputs.address.city",
    "verified_outputs.address.state",
    "verified_outputs.address.postal_code",
    "verified_outputs.address.country",
    "verified_outputs.id_number_type",
    "verified_outputs.id_number",
    "verified_outputs.sex",
    "verified_outputs.unparsed_sex",
    "verified_outputs.unparsed_place_of_birth",
    "options",
    "metadata",
];

/// The fields of a report, in the order of a CSV file.
const REPORT: &[&str] = &[
    "id",
    "created",
    "livemode",
    "type",
    "verification_session",
    "client_reference_id",
    "verification_flow",
    "name",
    "country",
    "document.status",
    "document.error.code",
    "document.error.reason",
    "document.type",
    "document.issuing_country",
    "document.issued_date",
    "document.expiration_date",
    "document.first_name",
    "document.last_name",
    "document.dob",
    "document.number",
    "document.sex",
    "document.unparsed_sex",
    "document.unparsed_place_of_birth",
    "document.address.line1",
    "document.address.line2",
    "document.address.city",
    "document.address.state",
    "document.address.postal_code",
    "document.address.country",
    "document.files",
    "id_number.status",
    "id_number.error.code",
    "id_number.error.reason",
    "id_number.first_name",
    "id_number.last_name",
    "id_number.dob",
    "id_number.id_number_type",
    "id_number.id_number",
    "selfie.status",
    "selfie.error.code",
    "selfie.error.reason",
    "selfie.document",
    "selfie.selfie",
    "email.status",
    "email.error.code",
    "email.error.reason",
    "email.email",
    "phone.status",
    "phone.error.code",
    "phone.error.reason",
    "phone.phone",
    "options",
];

/// What a table of sessions shows, the most telling first: what does not fit is left out from the end.
const SESSION_TABLE: &[&str] = &[
    "id",
    "status",
    "created",
    "client_reference_id",
    "type",
    "name",
    "last_error.code",
    "redaction.status",
    "country",
];

/// What a table of reports shows, the most telling first.
const REPORT_TABLE: &[&str] = &[
    "id",
    "document.status",
    "selfie.status",
    "id_number.status",
    "created",
    "name",
    "country",
    "email.status",
    "phone.status",
    "verification_session",
    "client_reference_id",
];

impl Column {
    /// The column called `name`.
    ///
    /// # Errors
    /// When objects of this kind have no such field.
    pub fn parse(kind: Kind, name: &str) -> Result<Self, UnknownColumn> {
        let known = Self::names(kind);
        if let Some(name) = known.iter().find(|known| **known == name) {
            return Ok(Self { name: Cow::Borrowed(name) });
        }
        let key = name.strip_prefix("metadata.").filter(|key| !key.is_empty() && kind == Kind::Sessions);
        match key {
            // Keys are cleaned when an object is read, so they are looked up that way.
            Some(key) => Ok(Self { name: Cow::Owned(format!("metadata.{}", Clean::new(key))) }),
            None => Err(UnknownColumn { name: Clean::new(name), known: known.join(", ") }),
        }
    }

    /// The name of every column, in the order of a CSV file.
    #[must_use]
    pub const fn names(kind: Kind) -> &'static [&'static str] {
        match kind {
            Kind::Sessions => SESSION,
            Kind::Reports => REPORT,
        }
    }

    /// Every column, in the order of a CSV file.
    pub(super) fn all(kind: Kind) -> Vec<Self> {
        Self::names(kind).iter().map(|name| Self { name: Cow::Borrowed(name) }).collect()
    }

    /// What a table shows unless somebody chooses, the most telling first.
    pub(super) fn of_table(kind: Kind) -> Vec<Self> {
        let names = match kind {
            Kind::Sessions => SESSION_TABLE,
            Kind::Reports => REPORT_TABLE,
        };
        names.iter().map(|name| Self { name: Cow::Borrowed(*name) }).collect()
    }

    /// The name in CSV files and on the command line.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The head of the column in a table.
    pub(super) fn title(&self) -> String {
        match &*self.name {
            "client_reference_id" => "REFERENCE".into(),
            "created" => "CREATED (UTC)".into(),
            "last_error.code" => "ERROR".into(),
            "last_verification_report" => "REPORT".into(),
            "verification_session" => "SESSION".into(),
            "verification_flow" => "FLOW".into(),
            name => {
                let path = name.strip_prefix("last_verification_report.").unwrap_or(name);
                let path = path.strip_suffix(".status").unwrap_or(path);
                let path = path.strip_prefix("metadata.").or_else(|| path.rsplit('.').next()).unwrap_or(path);
                path.replace('_', " ").to_uppercase()
            }
        }
    }

    /// Whether values are cut where room is short. Ids, times and words are whole or not there.
    pub(super) fn may_be_cut(&self) -> bool {
        const WHOLE: &[&str] = &[
            "id",
            "created",
            "livemode",
            "country",
            "type",
            "verification_session",
            "last_verification_report",
        ];
        !(WHOLE.contains(&&*self.name) || self.is_state())
    }

    /// Whether the value is a status or a result, which tables colour.
    pub(super) fn is_state(&self) -> bool {
        self.name.ends_with("status") && !self.name.starts_with("metadata.")
    }

    /// The value as text; empty where there is none.
    pub(super) fn cell<'a>(&self, record: &'a Record, time: Time) -> Cow<'a, str> {
        match &*self.name {
            "name" => record.name().map_or(Cow::Borrowed(""), Cow::Owned),
            "country" => record.country().unwrap_or_default(),
            "created" => record
                .at("created")
                .and_then(Value::as_i64)
                .map_or(Cow::Borrowed(""), |secs| Cow::Owned(time.write(Timestamp::from_secs(secs)))),
            name => record.at(name).map_or(Cow::Borrowed(""), plain),
        }
    }
}

/// How a moment is written.
#[derive(Clone, Copy)]
pub(super) enum Time {
    /// `2026-03-01 12:00`
    Minutes,
    /// `2026-03-01T12:00:00Z`
    Exact,
}

impl Time {
    /// In UTC. What no calendar has stays a number.
    pub(super) fn write(self, at: Timestamp) -> String {
        let Some(time) = at.wall_time() else { return at.as_secs().to_string() };
        match self {
            Self::Minutes => time.format("%Y-%m-%d %H:%M"),
            Self::Exact => time.to_string(),
        }
    }
}

/// A JSON value as one cell: a text as it is, an object by its id, a list by its members.
pub(super) fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        Value::Array(values) if values.iter().all(Value::is_string) => {
            Cow::Owned(values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
        }
        Value::Object(fields) => match fields.get("id").and_then(Value::as_str) {
            Some(id) if fields.contains_key("object") => Cow::Borrowed(id),
            _ if fields.is_empty() => Cow::Borrowed(""),
            _ => Cow::Owned(value.to_string()),
        },
        other => Cow::Owned(other.to_string()),
    }
}
