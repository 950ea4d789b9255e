//! The reasons that a cancel or a redaction can be given: one key each.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::text::{Clean, clean, width};

/// As many as there are keys from 1 to 9.
const MOST_REASONS: usize = 9;

/// The longest code, in characters: it has to fit in a column of the audit. A key of metadata has no more either.
const LONGEST_CODE: usize = 40;

/// The longest title, in columns.
const LONGEST_TITLE: usize = 40;

/// One reason to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonChoice {
    /// What the audit keeps, and the metadata where it is wanted there: 1 to 40 of a to z, 0 to 9, _ and -.
    #[cfg_attr(test, schemars(regex(pattern = "^[a-z0-9_-]{1,40}$")))]
    pub code: String,
    /// What a person reads: 1 to 40 columns.
    #[cfg_attr(test, schemars(with = "String", length(min = 1, max = 40)))]
    pub title: Clean,
    /// Whether to ask for a text as well.
    #[serde(default)]
    pub note: bool,
}

impl ReasonChoice {
    fn new(code: &str, title: &str, note: bool) -> Self {
        Self { code: code.to_owned(), title: Clean::new(title), note }
    }

    /// The reasons where the settings name none.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        vec![
            Self::new("duplicate", "Duplicate", false),
            Self::new("user_request", "The person asked for it", false),
            Self::new("fraud", "Suspected fraud", false),
            Self::new("test", "A test", false),
            Self::new("other", "Other", true),
        ]
    }

    fn fault(&self) -> Option<String> {
        let belongs = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if self.code.is_empty() || self.code.len() > LONGEST_CODE || !self.code.chars().all(belongs) {
            let shown = clean(&self.code);
            return Some(format!(
                "the reason's code `{shown}` has to be 1 to {LONGEST_CODE} of a to z, 0 to 9, _ and -"
            ));
        }
        if self.title.trim().is_empty() || width(&self.title) > LONGEST_TITLE {
            let code = &self.code;
            return Some(format!("the title of the reason `{code}` has to be 1 to {LONGEST_TITLE} columns"));
        }
        None
    }
}

/// Reads the list, and refuses what nobody could choose from.
pub(super) fn reasons<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ReasonChoice>, D::Error> {
    let list = Vec::<ReasonChoice>::deserialize(deserializer)?;
    if list.len() > MOST_REASONS {
        let count = list.len();
        return Err(D::Error::custom(format_args!(
            "there are {count} reasons, and keys for {MOST_REASONS} only"
        )));
    }
    for (at, reason) in list.iter().enumerate() {
        if let Some(fault) = reason.fault() {
            return Err(D::Error::custom(fault));
        }
        if list[..at].iter().any(|before| before.code == reason.code) {
            let code = &reason.code;
            return Err(D::Error::custom(format_args!("the reason `{code}` is there twice")));
        }
    }
    Ok(list)
}

/// Reads the key of the metadata that is to hold a reason.
pub(super) fn metadata_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let key = Option::<String>::deserialize(deserializer)?;
    match key {
        Some(key) if key.is_empty() || key.chars().count() > LONGEST_CODE || key.contains(['[', ']']) => {
            Err(D::Error::custom(format_args!(
                "a key of metadata has 1 to {LONGEST_CODE} characters and no square brackets"
            )))
        }
        key => Ok(key),
    }
}

#[cfg(test)]
#[derive(serde::Serialize)]
struct Shown<'a> {
    code: &'a str,
    title: &'a str,
    note: bool,
}

/// For the default in the schema.
#[cfg(test)]
impl serde::Serialize for ReasonChoice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown { code: &self.code, title: &self.title, note: self.note }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct File {
        #[serde(deserialize_with = "reasons")]
        reasons: Vec<ReasonChoice>,
    }

    fn fault(list: &str) -> String {
        toml::from_str::<File>(&format!("reasons = [{list}]")).unwrap_err().message().to_owned()
    }

    #[test]
    fn the_defaults_keep_the_rules() {
        let defaults = ReasonChoice::defaults();
        assert!(defaults.len() <= MOST_REASONS);
        assert_eq!(defaults.iter().find_map(ReasonChoice::fault), None);
        let asking: Vec<&str> =
            defaults.iter().filter(|reason| reason.note).map(|reason| &*reason.code).collect();
        assert_eq!(asking, ["other"]);
    }

    #[test]
    fn reasons_are_few_short_and_different() {
        let one = "{ code = 'a', title = 'A' }";
        let file: File = toml::from_str(&format!("reasons = [{one}]")).unwrap();
        assert_eq!(file.reasons, [ReasonChoice::new("a", "A", false)]);
        assert!(toml::from_str::<File>("reasons = []").unwrap().reasons.is_empty());
        assert_eq!(fault(&format!("{one}, {one}")), "the reason `a` is there twice");
        let ten: Vec<String> = (0..10).map(|n| format!("{{ code = 'r{n}', title = 'R' }}")).collect();
        assert_eq!(fault(&ten.join(", ")), "there are 10 reasons, and keys for 9 only");
        assert!(fault("{ code = 'Jenny Rosen', title = 'J' }").contains("has to be 1 to 40 of a to z"));
        assert!(fault("{ code = 'a', title = ' ' }").contains("the title of the reason `a`"));
        assert!(fault(&format!("{{ code = 'a', title = '{}' }}", "x".repeat(41))).contains("40 columns"));
        assert!(fault("{ code = 'a', titel = 'A' }").contains("unknown field `titel`"));
    }

    #[test]
    fn a_key_of_metadata_is_one_that_the_api_takes() {
        #[derive(Debug, Deserialize)]
        struct File {
            #[serde(deserialize_with = "metadata_key")]
            key: Option<String>,
        }
        let read = |key: &str| toml::from_str::<File>(&format!("key = '{key}'"));
        assert_eq!(read("review_reason").unwrap().key.as_deref(), Some("review_reason"));
        for key in ["", "a[b]", &"k".repeat(41)] {
            assert!(read(key).unwrap_err().message().contains("1 to 40 characters"), "{key}");
        }
    }

    #[test]
    fn a_hostile_title_is_shown_and_not_obeyed() {
        let file: File =
            toml::from_str("reasons = [{ code = 'a', title = \"A\\u001b[31m\\u202eB\" }]").unwrap();
        assert!(!file.reasons[0].title.contains(['\u{1b}', '\u{202e}']));
    }
}
