//! What the operations take: a decoded form becomes a typed operation, or is refused. Sandbox only.
//!
//! Refusals from here happen before anything is executed, so no idempotency key remembers them.

use axum::http::Method;
use serde_json::{Value, json};

use super::account;
use super::auth::Caller;
use super::ephemeral_keys;
use super::errors::Refused;
use super::events::requests as events;
use super::expand::{Answer, Expand};
use super::files;
use super::form::Fields;
use super::params::{Page, Reader, one_of};
use super::scenario::Script;
use super::version::ApiVersion;
use crate::identity::params::{Change, Created, MetadataChange};
use crate::identity::{Status, VerificationType};

/// A method and path that the API answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Create,
    Update(String),
    Retrieve(String),
    List,
    Cancel(String),
    Redact(String),
    RetrieveReport(String),
    ListReports,
    Files(files::Endpoint),
    Events(events::Endpoint),
    Account(account::Endpoint),
    EphemeralKeys(ephemeral_keys::Endpoint),
}

impl Endpoint {
    /// Finds the endpoint; `None` for URLs that the API does not know.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        if let Some(endpoint) = files::Endpoint::of(method, path) {
            return Some(Self::Files(endpoint));
        }
        if let Some(endpoint) = events::Endpoint::of(method, path) {
            return Some(Self::Events(endpoint));
        }
        if let Some(endpoint) = account::Endpoint::of(method, path) {
            return Some(Self::Account(endpoint));
        }
        if let Some(endpoint) = ephemeral_keys::Endpoint::of(method, path) {
            return Some(Self::EphemeralKeys(endpoint));
        }
        let rest = path.strip_prefix("/v1/identity/")?;
        let parts: Vec<&str> = rest.split('/').collect();
        let get = *method == Method::GET || *method == Method::HEAD;
        let post = *method == Method::POST;
        match parts.as_slice() {
            ["verification_sessions"] if get => Some(Self::List),
            ["verification_sessions"] if post => Some(Self::Create),
            ["verification_reports"] if get => Some(Self::ListReports),
            [_, ""] => None,
            ["verification_sessions", id] if get => Some(Self::Retrieve((*id).to_owned())),
            ["verification_sessions", id] if post => Some(Self::Update((*id).to_owned())),
            ["verification_sessions", id, "cancel"] if post => Some(Self::Cancel((*id).to_owned())),
            ["verification_sessions", id, "redact"] if post => Some(Self::Redact((*id).to_owned())),
            ["verification_reports", id] if get => Some(Self::RetrieveReport((*id).to_owned())),
            _ => None,
        }
    }

    const fn answer(&self) -> Answer {
        match self {
            Self::List => Answer::Sessions,
            Self::RetrieveReport(_) => Answer::Report,
            Self::ListReports => Answer::Reports,
            Self::Files(endpoint) => endpoint.answer(),
            Self::Events(endpoint) => endpoint.answer(),
            Self::Account(_) | Self::EphemeralKeys(_) => Answer::Nothing,
            _ => Answer::Session,
        }
    }
}

/// Something to be executed, and what to expand in its answer.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) operation: Operation,
    pub(super) expand: Expand,
}

/// A judged operation.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Create(Box<NewSession>),
    Update(String, Box<SessionChange>),
    Retrieve(String),
    List(SessionFilter, Page),
    Cancel(String),
    Redact(String),
    RetrieveReport(String),
    ListReports(ReportFilter, Page),
    Files(files::Operation),
    Events(events::Operation),
    Account,
    EphemeralKeys(ephemeral_keys::Operation),
}

/// What a new session is made of.
#[derive(Clone, Debug)]
pub(super) struct NewSession {
    pub(super) kind: VerificationType,
    pub(super) verification_flow: Option<String>,
    /// The options of the flow, which `options` change; null without one.
    pub(super) flow_options: Value,
    pub(super) options: OptionsChange,
    pub(super) details: DetailsChange,
    /// What a scenario lets happen to it.
    pub(super) script: Option<Script>,
    pub(super) client_reference_id: Option<String>,
    pub(super) metadata: MetadataChange,
    pub(super) related_customer: Option<String>,
    pub(super) related_customer_account: Option<String>,
    pub(super) related_person: Value,
    pub(super) return_url: Option<String>,
}

/// What an update changes.
#[derive(Clone, Debug)]
pub(super) struct SessionChange {
    pub(super) kind: Option<VerificationType>,
    pub(super) options: OptionsChange,
    pub(super) details: DetailsChange,
    pub(super) metadata: MetadataChange,
}

impl SessionChange {
    /// Whether nothing but metadata is spoken of.
    pub(super) fn is_metadata_only(&self) -> bool {
        self.kind.is_none() && self.options == OptionsChange::Keep && self.details == DetailsChange::Keep
    }
}

/// What happens to `options`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OptionsChange {
    Keep,
    /// Nothing is set any more.
    Clear,
    /// These settings of the document check change.
    Document(Vec<(&'static str, Value)>),
}

/// What happens to `provided_details`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DetailsChange {
    Keep,
    Fields { email: Option<Change<String>>, phone: Option<Change<String>> },
}

/// Which sessions a list holds.
#[derive(Clone, Debug, Default)]
pub(super) struct SessionFilter {
    pub(super) created: Created,
    pub(super) status: Option<Status>,
    pub(super) client_reference_id: Option<String>,
    pub(super) related_customer: Option<String>,
    pub(super) related_customer_account: Option<String>,
}

/// Which reports a list holds.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportFilter {
    pub(super) created: Created,
    pub(super) kind: Option<VerificationType>,
    pub(super) client_reference_id: Option<String>,
    pub(super) verification_session: Option<String>,
}

/// Judges the parameters of a request.
///
/// `version` is the one that the request names itself.
pub(super) fn read(
    endpoint: Endpoint,
    fields: Fields,
    caller: &Caller,
    version: Option<&ApiVersion>,
) -> Result<Request, Refused> {
    let mut reader = Reader::new(fields, known(&endpoint))?;
    let answer = endpoint.answer();
    let operation = match endpoint {
        Endpoint::Create => Operation::Create(Box::new(new_session(&mut reader)?)),
        Endpoint::Update(id) => Operation::Update(id, Box::new(session_change(&mut reader)?)),
        Endpoint::Retrieve(id) => Operation::Retrieve(id),
        Endpoint::List => {
            let filter = session_filter(&mut reader)?;
            Operation::List(filter, reader.page()?)
        }
        Endpoint::Cancel(id) => Operation::Cancel(id),
        Endpoint::Redact(id) => Operation::Redact(id),
        Endpoint::RetrieveReport(id) => Operation::RetrieveReport(id),
        Endpoint::ListReports => {
            let filter = report_filter(&mut reader)?;
            Operation::ListReports(filter, reader.page()?)
        }
        Endpoint::Files(endpoint) => Operation::Files(files::read(endpoint, &mut reader, caller)?),
        Endpoint::Events(endpoint) => Operation::Events(endpoint.read(&mut reader)?),
        Endpoint::Account(endpoint) => endpoint.read(caller).map(|()| Operation::Account)?,
        Endpoint::EphemeralKeys(endpoint) => {
            Operation::EphemeralKeys(endpoint.read(&mut reader, version.is_some())?)
        }
    };
    let paths = reader.list("expand")?.unwrap_or_default();
    Ok(Request { operation, expand: Expand::parse(&paths, answer, caller)? })
}

/// The parameters that an endpoint has, besides those in its path.
const fn known(endpoint: &Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::Create => &[
            "expand",
            "type",
            "verification_flow",
            "options",
            "provided_details",
            "client_reference_id",
            "metadata",
            "related_customer",
            "related_customer_account",
            "related_person",
            "return_url",
        ],
        Endpoint::Update(_) => &["expand", "type", "options", "provided_details", "metadata"],
        Endpoint::List => &[
            "expand",
            "client_reference_id",
            "created",
            "status",
            "related_customer",
            "related_customer_account",
            "limit",
            "starting_after",
            "ending_before",
        ],
        Endpoint::ListReports => &[
            "expand",
            "client_reference_id",
            "created",
            "type",
            "verification_session",
            "limit",
            "starting_after",
            "ending_before",
        ],
        Endpoint::Retrieve(_)
        | Endpoint::Cancel(_)
        | Endpoint::Redact(_)
        | Endpoint::RetrieveReport(_)
        | Endpoint::Account(_) => &["expand"],
        Endpoint::EphemeralKeys(endpoint) => endpoint.known(),
        Endpoint::Files(endpoint) => endpoint.known(),
        Endpoint::Events(endpoint) => endpoint.known(),
    }
}

fn new_session(reader: &mut Reader) -> Result<NewSession, Refused> {
    let kind = kind(reader)?;
    let verification_flow = reader.value("verification_flow")?;
    let kind = match (kind, &verification_flow) {
        // With a flow the session's type says so; the API does not say what both together mean.
        (_, Some(_)) => VerificationType::VerificationFlow,
        (Some(kind), None) => kind,
        (None, None) => return Err(reader.missing("type")),
    };
    Ok(NewSession {
        kind,
        verification_flow,
        flow_options: Value::Null,
        options: options(reader)?,
        details: details(reader, false)?,
        script: None,
        client_reference_id: reader.value("client_reference_id")?,
        metadata: reader.metadata()?,
        related_customer: reader.value("related_customer")?,
        related_customer_account: reader.value("related_customer_account")?,
        related_person: related_person(reader)?,
        return_url: return_url(reader)?,
    })
}

fn session_change(reader: &mut Reader) -> Result<SessionChange, Refused> {
    Ok(SessionChange {
        kind: kind(reader)?,
        options: options(reader)?,
        details: details(reader, true)?,
        metadata: reader.metadata()?,
    })
}

fn session_filter(reader: &mut Reader) -> Result<SessionFilter, Refused> {
    let statuses = ["canceled", "processing", "requires_input", "verified"];
    Ok(SessionFilter {
        created: reader.created()?,
        status: reader.choice("status", &statuses)?.map(Status::from),
        client_reference_id: reader.value("client_reference_id")?,
        related_customer: reader.value("related_customer")?,
        related_customer_account: reader.value("related_customer_account")?,
    })
}

fn report_filter(reader: &mut Reader) -> Result<ReportFilter, Refused> {
    Ok(ReportFilter {
        created: reader.created()?,
        kind: kind(reader)?,
        client_reference_id: reader.value("client_reference_id")?,
        verification_session: reader.value("verification_session")?,
    })
}

/// `type`: requests know two of the three.
fn kind(reader: &mut Reader) -> Result<Option<VerificationType>, Refused> {
    Ok(reader.choice("type", &["document", "id_number"])?.map(VerificationType::from))
}

/// Settings of the document check that are on or off.
const SWITCHES: [&str; 3] = ["require_id_number", "require_live_capture", "require_matching_selfie"];

fn options(reader: &mut Reader) -> Result<OptionsChange, Refused> {
    let Some(mut options) = reader.object("options", &["document"])? else {
        return Ok(OptionsChange::Keep);
    };
    let known = ["allowed_types", SWITCHES[0], SWITCHES[1], SWITCHES[2]];
    let mut document = match options.emptyable_object("document", &known)? {
        None => return Ok(OptionsChange::Keep),
        Some(Change::Remove) => return Ok(OptionsChange::Clear),
        Some(Change::Set(document)) => document,
    };
    let mut settings = Vec::new();
    if let Some(types) = document.list("allowed_types")? {
        let param = document.full_name("allowed_types");
        let choices = ["driving_license", "id_card", "passport"];
        let types = types
            .iter()
            .enumerate()
            .map(|(index, text)| one_of("allowed_types", &format!("{param}[{index}]"), text, &choices));
        settings.push(("allowed_types", json!(types.collect::<Result<Vec<_>, _>>()?)));
    }
    for switch in SWITCHES {
        if let Some(on) = document.boolean(switch)? {
            settings.push((switch, Value::Bool(on)));
        }
    }
    Ok(OptionsChange::Document(settings))
}

/// `provided_details`, which say in a text what is known and empty, on update, what is not known any more.
///
/// The official types mark neither text as emptyable. On create they are held to; whether the API takes back what it
/// was told is not published, and clients count on it.
fn details(reader: &mut Reader, unsets: bool) -> Result<DetailsChange, Refused> {
    let Some(mut details) = reader.object("provided_details", &["email", "phone"])? else {
        return Ok(DetailsChange::Keep);
    };
    let mut text = |leaf: &str| {
        if unsets {
            return details.emptyable_text(leaf);
        }
        details.value(leaf).map(|text| text.map(Change::Set))
    };
    let (email, phone) = (text("email")?, text("phone")?);
    if let Some(Change::Set(address)) = &email {
        let parts = address.split_once('@');
        let plausible = parts.is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
        if !plausible || address.contains(char::is_whitespace) {
            return Err(Refused::new(format!("Invalid email address: {address}"))
                .code("email_invalid")
                .param("provided_details[email]"));
        }
    }
    Ok(DetailsChange::Fields { email, phone })
}

fn related_person(reader: &mut Reader) -> Result<Value, Refused> {
    let Some(mut person) = reader.object("related_person", &["account", "person"])? else {
        return Ok(Value::Null);
    };
    let account = person.value("account")?.ok_or_else(|| person.missing("account"))?;
    let id = person.value("person")?.ok_or_else(|| person.missing("person"))?;
    Ok(json!({ "account": account, "person": id }))
}

fn return_url(reader: &mut Reader) -> Result<Option<String>, Refused> {
    let url = reader.value("return_url")?;
    match url {
        Some(url) if url::Url::parse(&url).is_err() => {
            Err(Refused::new("Not a valid URL").code("url_invalid").param("return_url"))
        }
        url => Ok(url),
    }
}
