//! What the operations on files and file links take. For this folder only.

use axum::http::Method;

use crate::clock::Timestamp;
use crate::identity::params::{Change, Created, MetadataChange};
use crate::sandbox::auth::Caller;
use crate::sandbox::errors::Refused;
use crate::sandbox::expand::Answer;
use crate::sandbox::params::{Page, Reader};
use crate::sandbox::store::file_links::FileLinkFilter;

/// Every purpose that the API knows; a sandbox has files of two of them.
const PURPOSES: [&str; 21] = [
    "account_requirement",
    "additional_verification",
    "business_icon",
    "business_logo",
    "customer_signature",
    "dispute_evidence",
    "document_provider_identity_document",
    "finance_report_run",
    "financial_account_statement",
    "identity_document",
    "identity_document_downloadable",
    "issuing_regulatory_reporting",
    "pci_document",
    "platform_terms_of_service",
    "selfie",
    "sigma_scheduled_query",
    "tax_document_user_upload",
    "terminal_android_apk",
    "terminal_reader_splashscreen",
    "terminal_wifi_certificate",
    "terminal_wifi_private_key",
];

/// A method and path about files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Endpoint {
    /// `GET /v1/files/{id}`
    Retrieve(String),
    /// `GET /v1/files`
    List,
    /// `POST /v1/file_links`
    CreateLink,
    /// `POST /v1/file_links/{id}`
    UpdateLink(String),
    /// `GET /v1/file_links/{id}`
    RetrieveLink(String),
    /// `GET /v1/file_links`
    ListLinks,
}

impl Endpoint {
    /// Finds the endpoint; `None` for everything that is not about files.
    pub(in crate::sandbox) fn of(method: &Method, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix("/v1/")?.split('/').collect();
        let get = *method == Method::GET || *method == Method::HEAD;
        let post = *method == Method::POST;
        match parts.as_slice() {
            [_, ""] => None,
            ["files"] if get => Some(Self::List),
            ["files", id] if get => Some(Self::Retrieve((*id).to_owned())),
            ["file_links"] if get => Some(Self::ListLinks),
            ["file_links"] if post => Some(Self::CreateLink),
            ["file_links", id] if get => Some(Self::RetrieveLink((*id).to_owned())),
            ["file_links", id] if post => Some(Self::UpdateLink((*id).to_owned())),
            _ => None,
        }
    }

    /// What it answers with.
    pub(in crate::sandbox) const fn answer(&self) -> Answer {
        match self {
            Self::Retrieve(_) => Answer::File,
            Self::List => Answer::Files,
            Self::ListLinks => Answer::FileLinks,
            Self::CreateLink | Self::UpdateLink(_) | Self::RetrieveLink(_) => Answer::FileLink,
        }
    }

    /// The parameters that it has, besides those in its path.
    pub(in crate::sandbox) const fn known(&self) -> &'static [&'static str] {
        match self {
            Self::Retrieve(_) | Self::RetrieveLink(_) => &["expand"],
            Self::List => &["expand", "created", "purpose", "limit", "starting_after", "ending_before"],
            Self::CreateLink => &["expand", "file", "expires_at", "metadata"],
            Self::UpdateLink(_) => &["expand", "expires_at", "metadata"],
            Self::ListLinks => {
                &["expand", "created", "expired", "file", "limit", "starting_after", "ending_before"]
            }
        }
    }
}

/// A judged operation on files, with the key behind it: what it may see depends on that.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Operation {
    pub(super) caller: Caller,
    pub(super) act: Act,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Retrieve(String),
    List(Option<&'static str>, Created, Page),
    CreateLink(NewLink),
    UpdateLink(String, LinkChange),
    RetrieveLink(String),
    ListLinks(FileLinkFilter, Page),
}

/// What a new link is made of.
#[derive(Clone, Debug)]
pub(super) struct NewLink {
    pub(super) file: String,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) metadata: MetadataChange,
}

/// What an update of a link changes.
#[derive(Clone, Debug)]
pub(super) struct LinkChange {
    pub(super) expires_at: Option<Expiry>,
    pub(super) metadata: MetadataChange,
}

/// When a link is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    Now,
    Never,
    At(Timestamp),
}

impl Operation {
    /// Whether nothing changes by it.
    pub(in crate::sandbox) const fn only_looks(&self) -> bool {
        !matches!(self.act, Act::CreateLink(_) | Act::UpdateLink(..))
    }
}

/// Judges the parameters of a request.
pub(in crate::sandbox) fn read(
    endpoint: Endpoint,
    reader: &mut Reader,
    caller: &Caller,
) -> Result<Operation, Refused> {
    let act = match endpoint {
        Endpoint::Retrieve(id) => Act::Retrieve(id),
        Endpoint::List => {
            let purpose = reader.choice("purpose", &PURPOSES)?;
            Act::List(purpose, reader.created()?, reader.page()?)
        }
        Endpoint::CreateLink => Act::CreateLink(NewLink {
            file: reader.value("file")?.ok_or_else(|| reader.missing("file"))?,
            expires_at: reader.integer("expires_at")?.map(Timestamp::from_secs),
            metadata: reader.metadata()?,
        }),
        Endpoint::UpdateLink(id) => {
            Act::UpdateLink(id, LinkChange { expires_at: expiry(reader)?, metadata: reader.metadata()? })
        }
        Endpoint::RetrieveLink(id) => Act::RetrieveLink(id),
        Endpoint::ListLinks => {
            let expired = reader.boolean("expired")?;
            let filter = FileLinkFilter { created: reader.created()?, file: reader.value("file")?, expired };
            Act::ListLinks(filter, reader.page()?)
        }
    };
    Ok(Operation { caller: caller.clone(), act })
}

/// `expires_at` of an update: a time, `now`, or empty for never.
fn expiry(reader: &mut Reader) -> Result<Option<Expiry>, Refused> {
    Ok(match reader.emptyable_text("expires_at")? {
        None => None,
        Some(Change::Remove) => Some(Expiry::Never),
        Some(Change::Set(text)) if text == "now" => Some(Expiry::Now),
        Some(Change::Set(text)) => match text.parse() {
            Ok(secs) => Some(Expiry::At(Timestamp::from_secs(secs))),
            Err(_) => {
                return Err(Refused::new(format!("Invalid integer: {text}"))
                    .code("parameter_invalid_integer")
                    .param("expires_at"));
            }
        },
    })
}
