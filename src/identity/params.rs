//! What requests say: the parameters of all eight operations, and how they become form pairs.
//!
//! Absent and empty differ: leaving a parameter out keeps a value, sending it empty removes the value.

use std::collections::BTreeMap;
use std::fmt;

use super::{DocumentType, ReportId, SessionId, Status, VerificationType};
use crate::clock::Timestamp;
use crate::privacy::{Email, Personal, Phone, Pii, Sight};

/// Key-value pairs in the brackets of `application/x-www-form-urlencoded`. `Debug` shows the names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The pairs, in the order they were added.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one pair.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    fn push_some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.push(name, value.to_string());
        }
    }

    fn push_all<T: ToString>(&mut self, name: &str, values: &[T]) {
        for (index, value) in values.iter().enumerate() {
            self.push(format!("{name}[{index}]"), value.to_string());
        }
    }

    fn push_personal<T: Personal>(&mut self, name: &str, value: Option<&Change<Pii<T>>>) {
        match value {
            Some(Change::Set(value)) => self.push(name, value.show(Sight::Revealed)),
            Some(Change::Remove) => self.push(name, ""),
            None => {}
        }
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// A new value, or none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<T> {
    /// Take this value.
    Set(T),
    /// Have no value: sent as the empty string.
    Remove,
}

/// Options of the document check, as requests set them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentOptionsParams {
    /// The documents that are accepted.
    pub allowed_types: Option<Vec<DocumentType>>,
    /// Also check an ID number.
    pub require_id_number: Option<bool>,
    /// Refuse uploads.
    pub require_live_capture: Option<bool>,
    /// Also compare a selfie.
    pub require_matching_selfie: Option<bool>,
}

impl DocumentOptionsParams {
    fn write(&self, form: &mut Form) {
        if let Some(types) = &self.allowed_types {
            if types.is_empty() {
                form.push("options[document][allowed_types]", "");
            }
            form.push_all("options[document][allowed_types]", types);
        }
        form.push_some("options[document][require_id_number]", self.require_id_number);
        form.push_some("options[document][require_live_capture]", self.require_live_capture);
        form.push_some("options[document][require_matching_selfie]", self.require_matching_selfie);
    }
}

/// Provided details, as requests set them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProvidedDetailsParams {
    /// The person's e-mail address.
    pub email: Option<Change<Pii<Email>>>,
    /// The person's phone number.
    pub phone: Option<Change<Pii<Phone>>>,
}

impl ProvidedDetailsParams {
    fn write(&self, form: &mut Form) {
        form.push_personal("provided_details[email]", self.email.as_ref());
        form.push_personal("provided_details[phone]", self.phone.as_ref());
    }
}

/// A Person of a connected account; the API wants both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedPersonParams {
    /// The account.
    pub account: String,
    /// The person.
    pub person: String,
}

/// `POST /v1/identity/verification_sessions`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CreateSession {
    /// Needed unless a flow is given.
    pub kind: Option<VerificationType>,
    /// The id of a verification flow.
    pub verification_flow: Option<String>,
    /// Options of the document check.
    pub document: DocumentOptionsParams,
    /// What is known of the person.
    pub provided_details: ProvidedDetailsParams,
    /// The integrator's own name for the person.
    pub client_reference_id: Option<String>,
    /// Key-value pairs.
    pub metadata: BTreeMap<String, String>,
    /// A Customer.
    pub related_customer: Option<String>,
    /// An Account that stands for a customer.
    pub related_customer_account: Option<String>,
    /// A Person of a connected account.
    pub related_person: Option<RelatedPersonParams>,
    /// Where the person is sent afterwards. Never returned.
    pub return_url: Option<String>,
    /// Paths to expand in the reply.
    pub expand: Vec<String>,
}

impl fmt::Debug for CreateSession {
    /// The names of the parameters: references, URLs and metadata may tell of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form().fmt(f)
    }
}

impl CreateSession {
    /// The request's body.
    #[must_use]
    pub fn form(&self) -> Form {
        let mut form = Form::default();
        form.push_some("type", self.kind.as_ref());
        form.push_some("verification_flow", self.verification_flow.as_ref());
        self.document.write(&mut form);
        self.provided_details.write(&mut form);
        form.push_some("client_reference_id", self.client_reference_id.as_ref());
        for (key, value) in &self.metadata {
            form.push(format!("metadata[{key}]"), value);
        }
        form.push_some("related_customer", self.related_customer.as_ref());
        form.push_some("related_customer_account", self.related_customer_account.as_ref());
        if let Some(person) = &self.related_person {
            form.push("related_person[account]", &person.account);
            form.push("related_person[person]", &person.person);
        }
        form.push_some("return_url", self.return_url.as_ref());
        form.push_all("expand", &self.expand);
        form
    }
}

/// Changes to metadata. Keys that are not named stay as they are.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum MetadataChange {
    /// Leave it alone.
    #[default]
    Keep,
    /// Add, change or remove single keys.
    Keys(BTreeMap<String, Change<String>>),
    /// Remove every key.
    Clear,
}

impl fmt::Debug for MetadataChange {
    /// The keys: what stands behind them is the integrator's own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => f.write_str("Keep"),
            Self::Keys(keys) => f.debug_tuple("Keys").field(&keys.keys()).finish(),
            Self::Clear => f.write_str("Clear"),
        }
    }
}

/// `POST /v1/identity/verification_sessions/:id`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UpdateSession {
    /// The type of check.
    pub kind: Option<VerificationType>,
    /// Options of the document check, or none any more.
    pub document: Option<Change<DocumentOptionsParams>>,
    /// What is known of the person.
    pub provided_details: ProvidedDetailsParams,
    /// Key-value pairs.
    pub metadata: MetadataChange,
    /// Paths to expand in the reply.
    pub expand: Vec<String>,
}

impl fmt::Debug for UpdateSession {
    /// The names of the parameters: references, URLs and metadata may tell of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form().fmt(f)
    }
}

impl UpdateSession {
    /// The request's body.
    #[must_use]
    pub fn form(&self) -> Form {
        let mut form = Form::default();
        form.push_some("type", self.kind.as_ref());
        match &self.document {
            Some(Change::Set(document)) => document.write(&mut form),
            Some(Change::Remove) => form.push("options[document]", ""),
            None => {}
        }
        self.provided_details.write(&mut form);
        match &self.metadata {
            MetadataChange::Keep => {}
            MetadataChange::Clear => form.push("metadata", ""),
            MetadataChange::Keys(keys) => {
                for (key, change) in keys {
                    let value = match change {
                        Change::Set(value) => value.as_str(),
                        Change::Remove => "",
                    };
                    form.push(format!("metadata[{key}]"), value);
                }
            }
        }
        form.push_all("expand", &self.expand);
        form
    }

    /// Whether the request changes metadata and nothing else, which more states allow.
    #[must_use]
    pub fn is_metadata_only(&self) -> bool {
        self.kind.is_none()
            && self.document.is_none()
            && self.provided_details == ProvidedDetailsParams::default()
            && self.metadata != MetadataChange::Keep
    }

    /// Whether the request changes nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Self { expand: Vec::new(), ..self.clone() } == Self::default()
    }
}

/// Bounds of `created`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Created {
    /// Exactly then.
    pub at: Option<Timestamp>,
    /// Later than.
    pub gt: Option<Timestamp>,
    /// Then or later.
    pub gte: Option<Timestamp>,
    /// Earlier than.
    pub lt: Option<Timestamp>,
    /// Then or earlier.
    pub lte: Option<Timestamp>,
}

impl Created {
    fn write(self, form: &mut Form) {
        let bounds = [
            ("created", self.at),
            ("created[gt]", self.gt),
            ("created[gte]", self.gte),
            ("created[lt]", self.lt),
            ("created[lte]", self.lte),
        ];
        for (name, bound) in bounds {
            form.push_some(name, bound.map(Timestamp::as_secs));
        }
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging<Id> {
    /// 1 to 100; the API takes 10 when it is absent.
    pub limit: Option<u8>,
    /// Objects older than this one.
    pub starting_after: Option<Id>,
    /// Objects newer than this one.
    pub ending_before: Option<Id>,
}

impl<Id> Default for Paging<Id> {
    fn default() -> Self {
        Self { limit: None, starting_after: None, ending_before: None }
    }
}

impl<Id: Clone> Paging<Id> {
    /// The same with another limit.
    #[must_use]
    pub fn limited(&self, limit: Option<u8>) -> Self {
        Self { limit, ..self.clone() }
    }
}

impl<Id: ToString> Paging<Id> {
    fn write(&self, form: &mut Form) {
        form.push_some("limit", self.limit);
        form.push_some("starting_after", self.starting_after.as_ref().map(ToString::to_string));
        form.push_some("ending_before", self.ending_before.as_ref().map(ToString::to_string));
    }
}

/// `GET /v1/identity/verification_sessions`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListSessions {
    /// Only sessions of this reference.
    pub client_reference_id: Option<String>,
    /// Only sessions created then.
    pub created: Created,
    /// Only sessions in this status.
    pub status: Option<Status>,
    /// Only sessions of this Customer.
    pub related_customer: Option<String>,
    /// Only sessions of this customer account.
    pub related_customer_account: Option<String>,
    /// Which part of the list.
    pub paging: Paging<SessionId>,
    /// Paths to expand, beginning with `data.`.
    pub expand: Vec<String>,
}

impl ListSessions {
    /// The request's query.
    #[must_use]
    pub fn form(&self) -> Form {
        let mut form = Form::default();
        form.push_some("client_reference_id", self.client_reference_id.as_ref());
        self.created.write(&mut form);
        form.push_some("status", self.status.as_ref());
        form.push_some("related_customer", self.related_customer.as_ref());
        form.push_some("related_customer_account", self.related_customer_account.as_ref());
        self.paging.write(&mut form);
        form.push_all("expand", &self.expand);
        form
    }
}

/// `GET /v1/identity/verification_reports`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListReports {
    /// Only reports of this reference.
    pub client_reference_id: Option<String>,
    /// Only reports created then.
    pub created: Created,
    /// Only reports of this type: document or ID number.
    pub kind: Option<VerificationType>,
    /// Only reports of this session.
    pub verification_session: Option<SessionId>,
    /// Which part of the list.
    pub paging: Paging<ReportId>,
    /// Paths to expand, beginning with `data.`.
    pub expand: Vec<String>,
}

impl ListReports {
    /// The request's query.
    #[must_use]
    pub fn form(&self) -> Form {
        let mut form = Form::default();
        form.push_some("client_reference_id", self.client_reference_id.as_ref());
        self.created.write(&mut form);
        form.push_some("type", self.kind.as_ref());
        form.push_some("verification_session", self.verification_session.as_ref());
        self.paging.write(&mut form);
        form.push_all("expand", &self.expand);
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: &Form) -> String {
        form.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    #[test]
    fn creating_writes_only_what_is_said() {
        let params = CreateSession {
            kind: Some(VerificationType::Document),
            document: DocumentOptionsParams {
                allowed_types: Some(vec![DocumentType::Passport, DocumentType::IdCard]),
                require_matching_selfie: Some(true),
                ..Default::default()
            },
            provided_details: ProvidedDetailsParams {
                email: Some(Change::Set(Pii::new(Email::new("jenny@example.com")))),
                phone: None,
            },
            metadata: BTreeMap::from([("user id".into(), "é".into())]),
            ..Default::default()
        };
        assert_eq!(
            written(&params.form()),
            "type=document&options[document][allowed_types][0]=passport&options[document][allowed_types][1]=id_card\
             &options[document][require_matching_selfie]=true&provided_details[email]=jenny@example.com\
             &metadata[user id]=é"
        );
        assert!(!format!("{params:?} {:?}", params.form()).contains("jenny@"));
    }

    #[test]
    fn removing_is_sending_nothing() {
        let keys = BTreeMap::from([("old".into(), Change::Remove), ("new".into(), Change::Set("1".into()))]);
        let params = UpdateSession {
            document: Some(Change::Remove),
            metadata: MetadataChange::Keys(keys),
            provided_details: ProvidedDetailsParams { email: None, phone: Some(Change::Remove) },
            ..Default::default()
        };
        assert_eq!(
            written(&params.form()),
            "options[document]=&provided_details[phone]=&metadata[new]=1&metadata[old]="
        );
        assert!(!params.is_metadata_only());
        assert!(UpdateSession { metadata: MetadataChange::Clear, ..Default::default() }.is_metadata_only());
        assert!(UpdateSession::default().is_empty());
    }

    #[test]
    fn lists_take_filters_and_cursors() {
        let params = ListSessions {
            status: Some(Status::RequiresInput),
            created: Created {
                gte: Some(Timestamp::from_secs(5)),
                lt: Some(Timestamp::from_secs(9)),
                ..Default::default()
            },
            paging: Paging {
                limit: Some(100),
                starting_after: Some(SessionId::new("vs_1")),
                ending_before: None,
            },
            ..Default::default()
        };
        assert_eq!(
            written(&params.form()),
            "created[gte]=5&created[lt]=9&status=requires_input&limit=100&starting_after=vs_1"
        );
    }
}
