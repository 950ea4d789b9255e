//! One page of a list.

use serde::{Deserialize, Deserializer};

/// An object that comes in lists, where the API sends secrets nobody asked for.
pub trait ListItem {
    /// Drops every secret that the object carries.
    fn forget_secrets(&mut self);
}

/// A page of a list, newest first. Secrets of its objects are dropped while it is parsed.
#[derive(Clone, Debug, Deserialize)]
#[serde(bound = "T: ListItem + Deserialize<'de>")]
pub struct ListPage<T> {
    /// Whether there are older objects (or newer ones, when paging with `ending_before`).
    pub has_more: bool,
    /// The objects.
    #[serde(deserialize_with = "without_secrets")]
    pub data: Vec<T>,
}

fn without_secrets<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: ListItem + Deserialize<'de>,
    D: Deserializer<'de>,
{
    let mut data = Vec::<T>::deserialize(deserializer)?;
    data.iter_mut().for_each(ListItem::forget_secrets);
    Ok(data)
}
