//! Settings that are one of a few names.

use std::str::FromStr;

use serde::Deserialize;

use crate::config::problem::suggestion;
use crate::text::Clean;

/// Which colours to draw with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize, schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// Dark or light, after the background that the terminal reports.
    #[default]
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// No colour at all.
    Mono,
}

impl ThemeChoice {
    /// Every name that [`ThemeChoice::from_str`] takes.
    pub const NAMES: [&'static str; 4] = ["auto", "dark", "light", "mono"];
}

impl FromStr for ThemeChoice {
    type Err = String;

    /// Reads a name; the error is a sentence that lists them all.
    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "auto" => Ok(Self::Auto),
            "dark" => Ok(Self::Dark),
            "light" => Ok(Self::Light),
            "mono" => Ok(Self::Mono),
            other => Err(format!("no theme `{}` — {}", Clean::new(other), suggestion(other, &Self::NAMES))),
        }
    }
}

/// Which way copied text takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize, schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ClipboardChoice {
    /// The terminal over SSH, otherwise the system clipboard, otherwise the terminal.
    #[default]
    Auto,
    /// The clipboard of the system that vetty runs on.
    Native,
    /// The terminal, by the escape sequence OSC 52.
    Osc52,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theme_names_are_the_same_everywhere() {
        for name in ThemeChoice::NAMES {
            let value = toml::Value::String(name.to_owned());
            assert_eq!(name.parse::<ThemeChoice>().unwrap(), value.try_into::<ThemeChoice>().unwrap());
        }
        assert!("drak".parse::<ThemeChoice>().unwrap_err().contains("did you mean `dark`"));
    }
}
