//! Reads typed parameters out of a decoded form, refusing what the API refuses. Sandbox only.
//!
//! Empty is how a form unsets something, and few parameters can be unset: those that the official types mark so
//! (`Emptyable` in stripe-node 23.1.0, <https://www.npmjs.com/package/stripe>). They are read by
//! [`Reader::emptyable_text`] and [`Reader::emptyable_object`]; everything else refuses what is empty.

use std::collections::BTreeMap;

use super::errors::Refused;
use super::form::{Fields, Node};
use crate::clock::Timestamp;
use crate::identity::params::{Change, Created, MetadataChange};

const LONGEST_TEXT: usize = 5000;
const MOST_METADATA: usize = 50;
const LONGEST_METADATA_KEY: usize = 40;
const LONGEST_METADATA_VALUE: usize = 500;

/// The parameters of one level, with the name of the level for messages.
#[derive(Debug)]
pub(super) struct Reader {
    fields: Fields,
    prefix: String,
}

impl Reader {
    /// Reads the top level. Names that are not in `known` are refused at once.
    pub(super) fn new(fields: Fields, known: &[&str]) -> Result<Self, Refused> {
        Self { fields, prefix: String::new() }.check(known)
    }

    fn check(self, known: &[&str]) -> Result<Self, Refused> {
        let mut unknown: Vec<String> = Vec::new();
        for (name, _) in &self.fields.0 {
            if !known.contains(&name.as_str()) {
                unknown.push(self.full_name(name));
            }
        }
        let Some(first) = unknown.first().cloned() else { return Ok(self) };
        let plural = if unknown.len() > 1 { "s" } else { "" };
        Err(Refused::new(format!("Received unknown parameter{plural}: {}", unknown.join(", ")))
            .code("parameter_unknown")
            .param(first))
    }

    /// The name of a parameter as messages have it: `options[document][allowed_types]`.
    pub(super) fn full_name(&self, leaf: &str) -> String {
        if self.prefix.is_empty() { leaf.to_owned() } else { format!("{}[{leaf}]", self.prefix) }
    }

    /// A text, which may be sent empty to unset it.
    pub(super) fn emptyable_text(&mut self, leaf: &str) -> Result<Option<Change<String>>, Refused> {
        match self.fields.take(leaf) {
            None => Ok(None),
            Some(Node::Text(text)) if text.is_empty() => Ok(Some(Change::Remove)),
            Some(Node::Text(text)) if text.chars().count() > LONGEST_TEXT => {
                let head: String = text.chars().take(10).collect();
                Err(Refused::new(format!(
                    "Invalid string: {head}...; must be at most {LONGEST_TEXT} characters"
                ))
                .param(self.full_name(leaf)))
            }
            Some(Node::Text(text)) => Ok(Some(Change::Set(text))),
            Some(Node::Nested(_)) => Err(Refused::new("Invalid string").param(self.full_name(leaf))),
        }
    }

    /// A text that cannot be unset.
    pub(super) fn value(&mut self, leaf: &str) -> Result<Option<String>, Refused> {
        let change = self.emptyable_text(leaf)?;
        self.filled(leaf, change)
    }

    /// What a parameter is set to that cannot be unset.
    fn filled<T>(&self, leaf: &str, change: Option<Change<T>>) -> Result<Option<T>, Refused> {
        match change {
            Some(Change::Set(value)) => Ok(Some(value)),
            Some(Change::Remove) => Err(Self::empty(self.full_name(leaf))),
            None => Ok(None),
        }
    }

    fn empty(name: String) -> Refused {
        Refused::new(format!(
            "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; \
             however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty \
             value."
        ))
        .code("parameter_invalid_empty")
        .param(name)
    }

    /// One of `choices`, by their names on the wire.
    pub(super) fn choice(
        &mut self,
        leaf: &str,
        choices: &[&'static str],
    ) -> Result<Option<&'static str>, Refused> {
        let Some(text) = self.value(leaf)? else { return Ok(None) };
        one_of(leaf, &self.full_name(leaf), &text, choices).map(Some)
    }

    /// `true` or `false`, or with a capital: so did the official Python SDK up to 12.0.0 send them, and Stripe.net.
    pub(super) fn boolean(&mut self, leaf: &str) -> Result<Option<bool>, Refused> {
        let Some(text) = self.value(leaf)? else { return Ok(None) };
        match text.as_str() {
            "true" | "True" => Ok(Some(true)),
            "false" | "False" => Ok(Some(false)),
            _ => Err(Refused::new(format!("Invalid boolean: {text}")).param(self.full_name(leaf))),
        }
    }

    /// A whole number.
    pub(super) fn integer(&mut self, leaf: &str) -> Result<Option<i64>, Refused> {
        let Some(text) = self.value(leaf)? else { return Ok(None) };
        match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Refused::new(format!("Invalid integer: {text}"))
                .code("parameter_invalid_integer")
                .param(self.full_name(leaf))),
        }
    }

    /// A list of texts, sent as `[]` or with indices that count up from 0.
    pub(super) fn list(&mut self, leaf: &str) -> Result<Option<Vec<String>>, Refused> {
        let refuse = |reader: &Self| Refused::new("Invalid array").param(reader.full_name(leaf));
        let entries = match self.fields.take(leaf) {
            None => return Ok(None),
            Some(Node::Text(text)) if text.is_empty() => return Err(Self::empty(self.full_name(leaf))),
            Some(Node::Text(_)) => return Err(refuse(self)),
            Some(Node::Nested(Fields(entries))) => entries,
        };
        let appended = entries.iter().all(|(name, _)| name.is_empty());
        let counted = entries.iter().enumerate().all(|(index, (name, _))| *name == index.to_string());
        if !appended && !counted {
            return Err(refuse(self));
        }
        let texts = entries.into_iter().enumerate().map(|(index, (_, node))| match node {
            Node::Text(text) if text.is_empty() => {
                Err(Self::empty(format!("{}[{index}]", self.full_name(leaf))))
            }
            Node::Text(text) => Ok(text),
            Node::Nested(_) => Err(refuse(self)),
        });
        texts.collect::<Result<_, _>>().map(Some)
    }

    /// An object that cannot be unset.
    pub(super) fn object(&mut self, leaf: &str, known: &[&str]) -> Result<Option<Self>, Refused> {
        let change = self.emptyable_object(leaf, known)?;
        self.filled(leaf, change)
    }

    /// An object, which may be sent empty to unset it.
    pub(super) fn emptyable_object(
        &mut self,
        leaf: &str,
        known: &[&str],
    ) -> Result<Option<Change<Self>>, Refused> {
        let prefix = self.full_name(leaf);
        match self.fields.take(leaf) {
            None => Ok(None),
            Some(Node::Text(text)) if text.is_empty() => Ok(Some(Change::Remove)),
            Some(Node::Text(_)) => Err(Refused::new("Invalid object").param(prefix)),
            Some(Node::Nested(fields)) => {
                Self { fields, prefix }.check(known).map(|it| Some(Change::Set(it)))
            }
        }
    }

    /// Refuses the request for want of `leaf`.
    pub(super) fn missing(&self, leaf: &str) -> Refused {
        let name = self.full_name(leaf);
        Refused::new(format!("Missing required param: {name}.")).code("parameter_missing").param(name)
    }

    /// `metadata`: single keys, of which empty ones are unset, or empty for none at all. It says so of itself, on
    /// creating and updating: <https://docs.stripe.com/api/identity/verification_sessions/create>.
    pub(super) fn metadata(&mut self) -> Result<MetadataChange, Refused> {
        let refuse = |message: String| Err(Refused::new(message).param("metadata"));
        let entries = match self.fields.take("metadata") {
            None => return Ok(MetadataChange::Keep),
            Some(Node::Text(text)) if text.is_empty() => return Ok(MetadataChange::Clear),
            Some(Node::Text(_)) => return refuse("Invalid object".to_owned()),
            Some(Node::Nested(Fields(entries))) => entries,
        };
        let mut keys = BTreeMap::new();
        for (key, node) in entries {
            let Node::Text(value) = node else {
                return refuse(format!("Metadata values must be strings. Invalid key: {key}"));
            };
            let (key_length, value_length) = (key.chars().count(), value.chars().count());
            if key_length > LONGEST_METADATA_KEY {
                return refuse(format!(
                    "Metadata keys can have up to {LONGEST_METADATA_KEY} characters, but you passed in a key that \
                     is {key_length} characters. Invalid key: {key}"
                ));
            }
            if key.is_empty() {
                return refuse("Metadata keys must not be empty.".to_owned());
            }
            if value_length > LONGEST_METADATA_VALUE {
                return refuse(format!(
                    "Metadata values can have up to {LONGEST_METADATA_VALUE} characters, but you passed in a value \
                     that is {value_length} characters. Invalid value: {value}"
                ));
            }
            keys.insert(key, if value.is_empty() { Change::Remove } else { Change::Set(value) });
        }
        Ok(MetadataChange::Keys(keys))
    }

    /// `created`: a time, or bounds of it.
    pub(super) fn created(&mut self) -> Result<Created, Refused> {
        if let Some((_, Node::Text(_))) = self.fields.0.iter().find(|(name, _)| name == "created") {
            let at = self.integer("created")?.map(Timestamp::from_secs);
            return Ok(Created { at, ..Created::default() });
        }
        let Some(mut bounds) = self.object("created", &["gt", "gte", "lt", "lte"])? else {
            return Ok(Created::default());
        };
        let mut bound = |leaf| bounds.integer(leaf).map(|secs| secs.map(Timestamp::from_secs));
        Ok(Created { at: None, gt: bound("gt")?, gte: bound("gte")?, lt: bound("lt")?, lte: bound("lte")? })
    }

    /// `limit`, `starting_after` and `ending_before`.
    pub(super) fn page(&mut self) -> Result<Page, Refused> {
        let limit = self.integer("limit")?.unwrap_or(10);
        let out_of_range = |bound: &str| {
            Refused::new(format!("This value must be {bound} (it currently is '{limit}')."))
                .code("parameter_invalid_integer")
                .param("limit")
        };
        if limit > 100 {
            return Err(out_of_range("less than or equal to 100"));
        }
        if limit < 1 {
            return Err(out_of_range("greater than or equal to 1"));
        }
        let cursor = match (self.value("starting_after")?, self.value("ending_before")?) {
            (Some(_), Some(_)) => {
                return Err(Refused::new(
                    "Received both starting_after and ending_before parameters. Please pass in only one.",
                ));
            }
            (Some(id), None) => Some(Cursor::After(id)),
            (None, Some(id)) => Some(Cursor::Before(id)),
            (None, None) => None,
        };
        Ok(Page { limit, cursor })
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// 1 to 100.
    pub(super) limit: i64,
    /// Where to begin.
    pub(super) cursor: Option<Cursor>,
}

/// An object next to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cursor {
    /// The page holds what is older.
    After(String),
    /// The page holds what is newer.
    Before(String),
}

impl Cursor {
    /// The object's id and the parameter that named it.
    pub(super) fn parts(&self) -> (&str, &'static str) {
        match self {
            Self::After(id) => (id, "starting_after"),
            Self::Before(id) => (id, "ending_before"),
        }
    }
}

/// Refuses metadata with more keys than an object can have.
pub(super) fn check_metadata_count(metadata: &BTreeMap<String, String>) -> Result<(), Refused> {
    if metadata.len() <= MOST_METADATA {
        return Ok(());
    }
    Err(Refused::new(format!(
        "You can have up to {MOST_METADATA} metadata keys, but this object would have {}.",
        metadata.len()
    ))
    .param("metadata"))
}

/// The one of `choices` that `text` is; `leaf` is the name in the message, `param` the one in the error.
pub(super) fn one_of(
    leaf: &str,
    param: &str,
    text: &str,
    choices: &[&'static str],
) -> Result<&'static str, Refused> {
    choices.iter().copied().find(|choice| *choice == text).ok_or_else(|| {
        Refused::new(format!("Invalid {leaf}: must be one of {}", alternatives(choices))).param(param)
    })
}

/// `a`, `a or b`, `a, b, or c`.
fn alternatives(choices: &[&str]) -> String {
    match choices {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} or {two}"),
        [head @ .., last] => format!("{}, or {last}", head.join(", ")),
    }
}
