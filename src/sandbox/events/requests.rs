//! What the operations on events and webhook endpoints take. Sandbox only.

use axum::http::Method;

use super::super::delivery::request_logs;
use super::super::errors::Refused;
use super::super::expand::Answer;
use super::super::params::{Page, Reader};
use super::super::version::ApiVersion;
use super::Kind;
use crate::identity::params::{Change, Created, MetadataChange};

/// The most that `types` may name.
const MOST_TYPES: usize = 20;

/// A method and path about events or webhook endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Endpoint {
    List,
    Retrieve(String),
    Resend(String),
    CreateHook,
    UpdateHook(String),
    RetrieveHook(String),
    ListHooks,
    DeleteHook(String),
    Listen,
}

/// A judged operation on events or webhook endpoints.
#[derive(Clone, Debug)]
pub(in crate::sandbox) enum Operation {
    List(EventFilter, Page),
    Retrieve(String),
    Resend(String, Resend),
    CreateHook(Box<NewHook>),
    UpdateHook(String, Box<HookChange>),
    RetrieveHook(String),
    ListHooks(Page),
    DeleteHook(String),
    Listen(Feature),
}

/// What the official CLI wants to be told of over its websocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Feature {
    /// `stripe listen`: events.
    Webhooks,
    /// `stripe logs tail`: calls of the API.
    RequestLogs(request_logs::Filter),
}

/// Which events a list holds.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct EventFilter {
    pub(in crate::sandbox) created: Created,
    /// `None` is every kind.
    pub(in crate::sandbox) kinds: Option<Vec<Kind>>,
    /// Whether everybody who was to be told has been told.
    pub(in crate::sandbox) delivery_success: Option<bool>,
}

/// Who is told of an event once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Resend {
    /// Everybody who wants it.
    Everybody,
    /// The official CLI where it listens, and the `--forward-to` targets.
    Cli,
    /// This webhook endpoint.
    Hook(String),
}

/// What a new webhook endpoint is made of.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct NewHook {
    pub(in crate::sandbox) url: String,
    pub(in crate::sandbox) enabled_events: Vec<String>,
    pub(in crate::sandbox) api_version: Option<ApiVersion>,
    pub(in crate::sandbox) description: Option<String>,
    pub(in crate::sandbox) metadata: MetadataChange,
}

/// What an update of a webhook endpoint changes.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct HookChange {
    pub(in crate::sandbox) url: Option<String>,
    pub(in crate::sandbox) enabled_events: Option<Vec<String>>,
    pub(in crate::sandbox) description: Option<Change<String>>,
    pub(in crate::sandbox) metadata: MetadataChange,
    pub(in crate::sandbox) disabled: Option<bool>,
}

impl Endpoint {
    /// Finds the endpoint; `None` when the path is about something else.
    pub(in crate::sandbox) fn of(method: &Method, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix("/v1/")?.split('/').collect();
        let get = *method == Method::GET || *method == Method::HEAD;
        let post = *method == Method::POST;
        match parts.as_slice() {
            ["events"] if get => Some(Self::List),
            ["webhook_endpoints"] if get => Some(Self::ListHooks),
            ["webhook_endpoints"] if post => Some(Self::CreateHook),
            ["stripecli", "sessions"] if post => Some(Self::Listen),
            [_, ""] => None,
            ["events", id] if get => Some(Self::Retrieve((*id).to_owned())),
            ["events", id, "retry"] if post => Some(Self::Resend((*id).to_owned())),
            ["webhook_endpoints", id] if get => Some(Self::RetrieveHook((*id).to_owned())),
            ["webhook_endpoints", id] if post => Some(Self::UpdateHook((*id).to_owned())),
            ["webhook_endpoints", id] if *method == Method::DELETE => {
                Some(Self::DeleteHook((*id).to_owned()))
            }
            _ => None,
        }
    }

    /// What the answer is made of, for `expand`.
    pub(in crate::sandbox) const fn answer(&self) -> Answer {
        match self {
            Self::List => Answer::Events,
            Self::Retrieve(_) | Self::Resend(_) => Answer::Event,
            Self::ListHooks => Answer::Hooks,
            Self::CreateHook | Self::UpdateHook(_) | Self::RetrieveHook(_) | Self::DeleteHook(_) => {
                Answer::Hook
            }
            Self::Listen => Answer::Nothing,
        }
    }

    /// The parameters that it has, besides those in its path.
    pub(in crate::sandbox) const fn known(&self) -> &'static [&'static str] {
        match self {
            Self::List => &[
                "expand",
                "created",
                "delivery_success",
                "type",
                "types",
                "limit",
                "starting_after",
                "ending_before",
            ],
            Self::Resend(_) => &["expand", "for_stripecli", "webhook_endpoint", "account"],
            Self::CreateHook => {
                &["expand", "api_version", "connect", "description", "enabled_events", "metadata", "url"]
            }
            Self::UpdateHook(_) => {
                &["expand", "description", "disabled", "enabled_events", "metadata", "url"]
            }
            Self::ListHooks => &["expand", "limit", "starting_after", "ending_before"],
            Self::Listen => &[
                "expand",
                "device_name",
                "forward_connect_to_url",
                "forward_to_url",
                "forward_thin_to_url",
                "forward_thin_connect_to_url",
                "webhook_endpoint_id",
                "websocket_features",
                "filters",
            ],
            Self::Retrieve(_) | Self::RetrieveHook(_) | Self::DeleteHook(_) => &["expand"],
        }
    }

    /// Judges the parameters of a request.
    pub(in crate::sandbox) fn read(self, reader: &mut Reader) -> Result<Operation, Refused> {
        Ok(match self {
            Self::List => {
                let filter = filter(reader)?;
                Operation::List(filter, reader.page()?)
            }
            Self::Retrieve(id) => Operation::Retrieve(id),
            Self::Resend(id) => Operation::Resend(id, resend(reader)?),
            Self::CreateHook => Operation::CreateHook(Box::new(new_hook(reader)?)),
            Self::UpdateHook(id) => Operation::UpdateHook(id, Box::new(hook_change(reader)?)),
            Self::RetrieveHook(id) => Operation::RetrieveHook(id),
            Self::ListHooks => Operation::ListHooks(reader.page()?),
            Self::DeleteHook(id) => Operation::DeleteHook(id),
            Self::Listen => Operation::Listen(feature(reader)?),
        })
    }
}

fn filter(reader: &mut Reader) -> Result<EventFilter, Refused> {
    let pattern = reader.value("type")?;
    let types = reader.list("types")?;
    let kinds = match (pattern, types) {
        (Some(_), Some(_)) => {
            return Err(
                Refused::new("You may only specify one of these parameters: type, types.").param("type")
            );
        }
        (None, Some(types)) if types.len() > MOST_TYPES => {
            return Err(Refused::new(format!("You may specify up to {MOST_TYPES} types.")).param("types"));
        }
        (Some(pattern), None) => Some(kinds(|name| matches(&pattern, name))),
        (None, Some(types)) => Some(kinds(|name| types.iter().any(|wanted| wanted == name))),
        (None, None) => None,
    };
    let delivery_success = reader.boolean("delivery_success")?;
    Ok(EventFilter { created: reader.created()?, kinds, delivery_success })
}

/// What a parameter was set to; empty is the same as absent.
fn set<T>(change: Option<Change<T>>) -> Option<T> {
    match change {
        Some(Change::Set(value)) => Some(value),
        Some(Change::Remove) | None => None,
    }
}

fn kinds(wanted: impl Fn(&str) -> bool) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| wanted(kind.name())).collect()
}

/// Whether `name` fits `pattern`, in which every `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| matches(tail, rest)))
}

fn resend(reader: &mut Reader) -> Result<Resend, Refused> {
    let for_cli = reader.boolean("for_stripecli")?.unwrap_or_default();
    let hook = reader.value("webhook_endpoint")?;
    reader.value("account")?;
    Ok(match hook {
        Some(hook) => Resend::Hook(hook),
        None if for_cli => Resend::Cli,
        None => Resend::Everybody,
    })
}

/// `websocket_features`. Thin events are not spoken, and who asks for nothing else would wait for ever.
fn feature(reader: &mut Reader) -> Result<Feature, Refused> {
    let features = reader.list("websocket_features")?.unwrap_or_default();
    if features.iter().any(|feature| feature == "request_logs") {
        let filters = set(reader.emptyable_text("filters")?);
        let filter =
            filters.map_or_else(|| Ok(request_logs::Filter::default()), |text| serde_json::from_str(&text));
        let filter = filter
            .map_err(|_| Refused::new("Invalid filters: not as the CLI sends them").param("filters"))?;
        return Ok(Feature::RequestLogs(filter));
    }
    if features.is_empty() || features.iter().any(|feature| feature == "webhooks") {
        return Ok(Feature::Webhooks);
    }
    Err(Refused::new(format!(
        "This sandbox sends snapshot events and request logs, not {}. Listen with --all-snapshot or --events.",
        features.join(", ")
    ))
    .param("websocket_features"))
}

fn new_hook(reader: &mut Reader) -> Result<NewHook, Refused> {
    let enabled_events = enabled_events(reader)?.ok_or_else(|| reader.missing("enabled_events"))?;
    let url = url(reader)?.ok_or_else(|| reader.missing("url"))?;
    reader.boolean("connect")?;
    Ok(NewHook {
        url,
        enabled_events,
        api_version: api_version(reader)?,
        description: set(reader.emptyable_text("description")?),
        metadata: reader.metadata()?,
    })
}

fn hook_change(reader: &mut Reader) -> Result<HookChange, Refused> {
    Ok(HookChange {
        url: url(reader)?,
        enabled_events: enabled_events(reader)?,
        description: reader.emptyable_text("description")?,
        metadata: reader.metadata()?,
        disabled: reader.boolean("disabled")?,
    })
}

/// `enabled_events`: `*`, or types. The sandbox makes identity events only, so of those it knows every name; of
/// others it only wants that they look like one.
fn enabled_events(reader: &mut Reader) -> Result<Option<Vec<String>>, Refused> {
    let Some(events) = reader.list("enabled_events")? else { return Ok(None) };
    for (index, event) in events.iter().enumerate() {
        if !is_type(event) {
            return Err(Refused::new(format!(
                "Invalid enabled_events[{index}]: must be '*' or a type of event, such as {}",
                Kind::Verified.name()
            ))
            .param(format!("enabled_events[{index}]")));
        }
    }
    Ok(Some(events))
}

/// Whether this is `*` or may be a type of event.
pub(in crate::sandbox) fn is_type(event: &str) -> bool {
    if event == "*" {
        return true;
    }
    if event.starts_with("identity.") {
        return Kind::ALL.iter().any(|kind| kind.name() == event);
    }
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    event.contains('.') && event.split('.').all(part)
}

fn url(reader: &mut Reader) -> Result<Option<String>, Refused> {
    let Some(url) = reader.value("url")? else { return Ok(None) };
    let refuse = |message| Err(Refused::new(message).code("url_invalid").param("url"));
    match url::Url::parse(&url) {
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            refuse("Invalid URL: An explicit scheme (such as https) must be provided.")
        }
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() => Ok(Some(url)),
        Ok(_) | Err(_) => refuse("Not a valid URL"),
    }
}

/// `api_version`: one that exists.
fn api_version(reader: &mut Reader) -> Result<Option<ApiVersion>, Refused> {
    let Some(version) = reader.value("api_version")? else { return Ok(None) };
    version.parse().map(Some).map_err(|unknown| Refused::from(unknown).param("api_version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let name = Kind::RequiresInput.name();
        for pattern in ["*", name, "identity.*", "*.requires_input", "identity.*.requires_*", "*session*"] {
            assert!(matches(pattern, name), "{pattern}");
        }
        for pattern in ["", "identity", "charge.*", "*.verified", "identity.*.input"] {
            assert!(!matches(pattern, name), "{pattern}");
        }
    }

    #[test]
    fn types_of_other_products_are_taken_by_their_looks() {
        for event in ["*", "charge.succeeded", "v1.billing.meter_2.no_meter_found", Kind::Redacted.name()] {
            assert!(is_type(event), "{event}");
        }
        for event in ["", "identity.verification_session.approved", "charge", "a..b", "A.b", "charge.*"] {
            assert!(!is_type(event), "{event}");
        }
    }
}
