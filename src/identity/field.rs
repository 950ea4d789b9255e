//! Fields of which the API has three states: absent, null, and there.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::privacy::{self, FreeText};

/// A field that the API leaves out until it is expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not in the reply: nobody asked for it.
    #[default]
    Absent,
    /// Asked for, and there is none.
    Null,
    /// Asked for and there.
    Value(T),
}

impl<T> Field<T> {
    /// The value, if it is there.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the reply did not have the field at all.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

/// Reads a sentence of the API, which is kept as long as people read.
pub(super) fn brief<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<FreeText>, D::Error> {
    let raw = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    Ok(raw.map(|raw| FreeText::new(privacy::brief(&raw))))
}

/// An object that knows its own id.
pub trait HasId {
    /// The type of the id.
    type Id;

    /// The object's id.
    fn id(&self) -> &Self::Id;
}

/// A reference to another object: its id, or the object itself where it was expanded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Expandable<I, T> {
    /// Only the id.
    Id(I),
    /// The whole object.
    Object(Box<T>),
}

impl<I, T: HasId<Id = I>> Expandable<I, T> {
    /// The id, either way.
    pub fn id(&self) -> &I {
        match self {
            Self::Id(id) => id,
            Self::Object(object) => object.id(),
        }
    }

    /// The object, where it was expanded.
    pub fn object(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Object(object) => Some(object),
        }
    }
}
