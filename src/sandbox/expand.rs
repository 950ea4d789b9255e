//! `expand`: which paths exist, which are expandable, and which need a restricted key. Sandbox only.

use std::collections::BTreeSet;

use super::auth::Caller;
use super::errors::Refused;

const DEEPEST: usize = 4;

/// What a property is to `expand`.
#[derive(Debug)]
enum Property {
    /// Always there, or never: nothing to expand.
    Plain,
    /// Always there, with properties inside that may be expandable.
    Holder(&'static [(&'static str, Property)]),
    /// Expandable, with properties inside.
    Expandable(&'static [(&'static str, Property)]),
    /// Expandable with a restricted key.
    Sensitive,
}

use Property::{Expandable, Holder, Plain, Sensitive};

const CHECK: &[(&str, Property)] = &[("status", Plain), ("error", Plain)];

const REPORT: &[(&str, Property)] = &[
    ("id", Plain),
    ("object", Plain),
    ("client_reference_id", Plain),
    ("created", Plain),
    ("livemode", Plain),
    ("options", Plain),
    ("type", Plain),
    ("verification_flow", Plain),
    ("verification_session", Plain),
    (
        "document",
        Holder(&[
            ("status", Plain),
            ("error", Plain),
            ("type", Plain),
            ("first_name", Plain),
            ("last_name", Plain),
            ("address", Plain),
            ("issued_date", Plain),
            ("issuing_country", Plain),
            ("files", Plain),
            ("dob", Sensitive),
            ("number", Sensitive),
            ("expiration_date", Sensitive),
            ("sex", Sensitive),
            ("unparsed_sex", Sensitive),
            ("unparsed_place_of_birth", Sensitive),
        ]),
    ),
    (
        "id_number",
        Holder(&[
            ("status", Plain),
            ("error", Plain),
            ("first_name", Plain),
            ("last_name", Plain),
            ("id_number_type", Plain),
            ("dob", Sensitive),
            ("id_number", Sensitive),
        ]),
    ),
    ("selfie", Holder(CHECK)),
    ("email", Holder(CHECK)),
    ("phone", Holder(CHECK)),
];

const SESSION: &[(&str, Property)] = &[
    ("id", Plain),
    ("object", Plain),
    ("client_reference_id", Plain),
    ("client_secret", Plain),
    ("created", Plain),
    ("last_error", Plain),
    ("last_verification_report", Expandable(REPORT)),
    ("livemode", Plain),
    ("metadata", Plain),
    ("options", Plain),
    ("provided_details", Expandable(&[("email", Plain), ("phone", Plain)])),
    ("redaction", Plain),
    ("related_customer", Plain),
    ("related_customer_account", Plain),
    ("related_person", Plain),
    ("status", Plain),
    ("type", Plain),
    ("url", Plain),
    ("verification_flow", Plain),
    (
        "verified_outputs",
        Expandable(&[
            ("address", Plain),
            ("dob", Sensitive),
            ("email", Plain),
            ("first_name", Plain),
            ("id_number", Sensitive),
            ("id_number_type", Plain),
            ("last_name", Plain),
            ("phone", Plain),
            ("sex", Sensitive),
            ("unparsed_place_of_birth", Sensitive),
            ("unparsed_sex", Sensitive),
        ]),
    ),
];

const FILE: &[(&str, Property)] = &[
    ("id", Plain),
    ("object", Plain),
    ("created", Plain),
    ("expires_at", Plain),
    ("filename", Plain),
    ("links", Plain),
    ("purpose", Plain),
    ("size", Plain),
    ("title", Plain),
    ("type", Plain),
    ("url", Plain),
];

const FILE_LINK: &[(&str, Property)] = &[
    ("id", Plain),
    ("object", Plain),
    ("created", Plain),
    ("expired", Plain),
    ("expires_at", Plain),
    ("file", Expandable(FILE)),
    ("livemode", Plain),
    ("metadata", Plain),
    ("url", Plain),
];

const EVENT: &[(&str, Property)] = &[
    ("id", Plain),
    ("object", Plain),
    ("api_version", Plain),
    ("created", Plain),
    ("data", Holder(&[("object", Plain)])),
    ("livemode", Plain),
    ("pending_webhooks", Plain),
    ("request", Plain),
    ("type", Plain),
];

const HOOK: &[(&str, Property)] = &[
    ("id", Plain),
    ("object", Plain),
    ("api_version", Plain),
    ("application", Plain),
    ("created", Plain),
    ("description", Plain),
    ("enabled_events", Plain),
    ("livemode", Plain),
    ("metadata", Plain),
    ("secret", Plain),
    ("status", Plain),
    ("url", Plain),
];

/// What a request answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// One session.
    Session,
    /// A page of sessions.
    Sessions,
    /// One report.
    Report,
    /// A page of reports.
    Reports,
    /// One file.
    File,
    /// A page of files.
    Files,
    /// One link to a file.
    FileLink,
    /// A page of links to files.
    FileLinks,
    /// One event.
    Event,
    /// A page of events.
    Events,
    /// One webhook endpoint.
    Hook,
    /// A page of webhook endpoints.
    Hooks,
    /// Something without properties that `expand` could name.
    Nothing,
}

impl Answer {
    const fn properties(self) -> &'static [(&'static str, Property)] {
        match self {
            Self::Session | Self::Sessions => SESSION,
            Self::Report | Self::Reports => REPORT,
            Self::File | Self::Files => FILE,
            Self::FileLink | Self::FileLinks => FILE_LINK,
            Self::Event | Self::Events => EVENT,
            Self::Hook | Self::Hooks => HOOK,
            Self::Nothing => &[],
        }
    }

    const fn is_list(self) -> bool {
        matches!(
            self,
            Self::Sessions | Self::Reports | Self::Files | Self::FileLinks | Self::Events | Self::Hooks
        )
    }
}

/// The paths that are expanded, parents included, seen from one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expand {
    paths: BTreeSet<String>,
    /// Who asked, when something sensitive is among the paths.
    sensitive_for: Option<Caller>,
}

impl Expand {
    /// Judges `paths` for an answer of this kind to `caller`.
    pub(super) fn parse(paths: &[String], answer: Answer, caller: &Caller) -> Result<Self, Refused> {
        let mut expand = Self::default();
        for path in paths {
            if path.split('.').count() > DEEPEST {
                return Err(Refused::new(format!(
                    "You cannot expand more than {DEEPEST} levels of a property. Property: {path}"
                ))
                .code("property_expansion_max_depth"));
            }
            let inner = if answer.is_list() { in_list(path, answer)? } else { path.as_str() };
            if judge(inner, answer.properties()).map_err(|why| why.refusal(path))? == Access::Restricted {
                caller.may_read_sensitive()?;
                expand.sensitive_for = Some(caller.clone());
            }
            let ends = inner.match_indices('.').map(|(at, _)| at).chain([inner.len()]);
            expand.paths.extend(ends.map(|end| inner[..end].to_owned()));
        }
        Ok(expand)
    }

    /// Whether `path` was asked for, or something inside it.
    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Who wants to see something sensitive, if anybody does.
    pub(super) fn sensitive_for(&self) -> Option<&Caller> {
        self.sensitive_for.as_ref()
    }

    /// The paths below `parent`, seen from there.
    pub(super) fn below(&self, parent: &str) -> Self {
        let strip = |path: &String| path.strip_prefix(parent)?.strip_prefix('.').map(str::to_owned);
        Self { paths: self.paths.iter().filter_map(strip).collect(), sensitive_for: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Open,
    Restricted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unexpandable {
    Exists,
    Unknown,
}

impl Unexpandable {
    fn refusal(self, path: &str) -> Refused {
        Refused::new(match self {
            Self::Exists => format!("This property cannot be expanded ({path})."),
            Self::Unknown => format!("This property cannot be expanded because it doesn't exist: {path}."),
        })
    }
}

fn judge(path: &str, properties: &[(&str, Property)]) -> Result<Access, Unexpandable> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let property = properties.iter().find(|(found, _)| *found == name).map(|(_, property)| property);
    match (property.ok_or(Unexpandable::Unknown)?, rest) {
        (Expandable(_), None) => Ok(Access::Open),
        (Sensitive, None) => Ok(Access::Restricted),
        (Expandable(inner) | Holder(inner), Some(rest)) => judge(rest, inner),
        (Plain | Holder(_), None) | (Plain | Sensitive, Some(_)) => Err(Unexpandable::Exists),
    }
}

/// The part of a list's path that belongs to its objects.
fn in_list(path: &str, answer: Answer) -> Result<&str, Refused> {
    if let Some(inner) = path.strip_prefix("data.") {
        return Ok(inner);
    }
    if ["data", "has_more", "object", "url"].contains(&path) {
        return Err(Unexpandable::Exists.refusal(path));
    }
    match judge(path, answer.properties()) {
        Ok(_) => Err(Refused::new(format!(
            "This property cannot be expanded ({path}). You may want to try expanding 'data.{path}' instead."
        ))),
        Err(why) => Err(why.refusal(path)),
    }
}
