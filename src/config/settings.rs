//! The settings file: what it may contain, and reading it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::ConfigError;
use super::problem::{settings_error, suggestion};
use crate::text::Clean;

/// The default settings file, with comments: what `vetty` uses when there is none.
pub const DEFAULT_SETTINGS: &str = include_str!("../../assets/settings.toml");

/// How the settings file is called inside its folder.
pub(super) const FILE_NAME: &str = "settings.toml";

/// A settings file is small; anything bigger is not one.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Which colours to draw with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
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

/// The settings file, with defaults for what it leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which colours to draw with.
    pub theme: ThemeChoice,
    /// Seconds that cancel and redact wait in the outbox, 0 to 600; 0 sends at once.
    #[serde(deserialize_with = "hold_seconds")]
    pub hold_seconds: u32,
    /// Seconds after which revealed personal data hides itself again, 5 to 3600.
    #[serde(deserialize_with = "reveal_seconds")]
    pub reveal_seconds: u32,
    /// Pages of 100 sessions that are fetched on start without being asked for, 1 to 1000.
    #[serde(deserialize_with = "prefetch_pages")]
    pub prefetch_pages: u32,
    /// Whether the mouse moves the cursor and presses buttons.
    pub mouse: bool,
    /// Which way copied text takes.
    pub clipboard: ClipboardChoice,
    /// The profile to use when neither a flag nor a variable says otherwise.
    pub default_profile: Option<String>,
    /// Action id to the keys that trigger it. The `actions` room knows both and checks them.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Named sets of key, address and manners.
    pub profiles: BTreeMap<String, ProfileSettings>,
    /// Where these settings were read, or nothing if they are the defaults.
    #[serde(skip)]
    pub path: Option<PathBuf>,
}

/// One `[profiles.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileSettings {
    /// The address to talk to, if not the real service.
    pub api_base: Option<String>,
    /// The environment variable that holds the key.
    pub key_env: Option<String>,
    /// The file that holds the key and nothing else. Relative to the settings file; `~/` is the home folder.
    pub key_file: Option<PathBuf>,
    /// The project in the settings file of the Stripe CLI whose test key to use.
    pub stripe_cli_profile: Option<String>,
    /// Refuse every change.
    pub read_only: bool,
    /// Allow changes with a live key.
    pub write: bool,
    /// The theme while this profile is in use.
    pub theme: Option<ThemeChoice>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::Auto,
            hold_seconds: 10,
            reveal_seconds: 60,
            prefetch_pages: 10,
            mouse: true,
            clipboard: ClipboardChoice::Auto,
            default_profile: None,
            keys: BTreeMap::new(),
            profiles: BTreeMap::new(),
            path: None,
        }
    }
}

impl Settings {
    /// Reads `path`. A file that does not exist is an error only if somebody asked for it by name.
    pub fn read(path: &Path, asked_for: bool) -> Result<Self, ConfigError> {
        const WHAT: &str = "the settings file";
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !asked_for => return Ok(Self::default()),
            Ok(found) if found.len() > LARGEST_FILE => {
                let reason = "it is larger than 1 MiB".to_owned();
                return Err(ConfigError::Unreadable { what: WHAT, path: path.to_owned(), reason });
            }
            _ => {}
        }
        let source = fs::read_to_string(path).map_err(|error| ConfigError::unreadable(WHAT, path, &error))?;
        Self::parse(&source, path)
    }

    /// Reads the text of a settings file; `path` is for the errors and for relative key files.
    pub fn parse(source: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut settings: Self =
            toml::from_str(source).map_err(|error| settings_error(path, source, &error))?;
        settings.path = Some(path.to_owned());
        for (name, profile) in &settings.profiles {
            if let Some(reason) = profile.contradiction() {
                return Err(ConfigError::Profile { name: Clean::new(name), path: path.to_owned(), reason });
            }
        }
        Ok(settings)
    }

    /// The profile `name`, or an error that lists the ones there are.
    pub fn profile(&self, name: &str) -> Result<&ProfileSettings, ConfigError> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            let hint = match (known.is_empty(), &self.path) {
                (true, Some(path)) => format!("{} has no [profiles]", path.display()),
                (true, None) => "there is no settings file".to_owned(),
                (false, _) => suggestion(name, &known),
            };
            ConfigError::UnknownProfile { name: Clean::new(name), hint: Clean::new(&hint).to_string() }
        })
    }
}

impl ProfileSettings {
    fn contradiction(&self) -> Option<&'static str> {
        let sources = [self.key_env.is_some(), self.key_file.is_some(), self.stripe_cli_profile.is_some()];
        if sources.into_iter().filter(|given| *given).count() > 1 {
            return Some("give one of `key_env`, `key_file` and `stripe_cli_profile`, not several");
        }
        if self.read_only && self.write {
            return Some("`read_only` and `write` contradict each other");
        }
        None
    }
}

fn hold_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 0..=600, "seconds")
}

fn reveal_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 5..=3600, "seconds")
}

fn prefetch_pages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 1..=1000, "pages")
}

/// A whole number in `range`; every other value gets one and the same sentence.
fn whole_number<'de, D: Deserializer<'de>>(
    deserializer: D,
    range: RangeInclusive<u32>,
    unit: &str,
) -> Result<u32, D::Error> {
    toml::Value::deserialize(deserializer)?
        .as_integer()
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            D::Error::custom(format_args!("expected a whole number of {unit} from {least} to {most}"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> Result<Settings, ConfigError> {
        Settings::parse(source, Path::new("settings.toml"))
    }

    fn error(source: &str) -> String {
        parse(source).unwrap_err().to_string()
    }

    #[test]
    fn the_default_file_says_what_the_defaults_are() {
        let parsed = parse(DEFAULT_SETTINGS).unwrap();
        assert_eq!(Settings { path: None, ..parsed }, Settings::default());
        assert_eq!(parse("").unwrap().hold_seconds, 10);
    }

    /// In the default file prose begins with `# `, and examples with `#` alone.
    #[test]
    fn the_examples_in_the_default_file_are_settings() {
        let mut examples = 0;
        let awake: Vec<&str> = DEFAULT_SETTINGS
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(example) if !example.is_empty() && !example.starts_with(' ') => {
                    examples += 1;
                    example
                }
                _ => line,
            })
            .collect();
        let parsed = parse(&awake.join("\n")).unwrap();
        assert!(examples > 5);
        assert_eq!(parsed.profiles.len(), 3);
        assert!(parsed.default_profile.is_some_and(|name| parsed.profiles.contains_key(&name)));
    }

    #[test]
    fn the_default_file_mentions_every_setting() {
        for setting in [
            "theme",
            "hold_seconds",
            "reveal_seconds",
            "prefetch_pages",
            "mouse",
            "clipboard",
            "default_profile",
            "[keys]",
            "[profiles.",
            "api_base",
            "key_env",
            "key_file",
            "stripe_cli_profile",
            "read_only",
            "write",
        ] {
            assert!(DEFAULT_SETTINGS.contains(setting), "{setting} is missing");
        }
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        assert_eq!(
            error("mouse = true\nthme = \"dark\""),
            "settings.toml:2:1: there is no setting `thme` here — did you mean `theme`? There are: theme, \
             hold_seconds, reveal_seconds, prefetch_pages, mouse, clipboard, default_profile, keys, profiles"
        );
        assert_eq!(
            error("theme = \"drak\""),
            "settings.toml:1:9: `drak` is not one of the choices — did you mean `dark`? There are: auto, dark, \
             light, mono"
        );
        assert_eq!(
            error("mouse = \"yes\""),
            "settings.toml:1:9: expected true or false, found the text \"yes\""
        );
        assert_eq!(
            error("hold_seconds = -1"),
            "settings.toml:1:16: expected a whole number of seconds from 0 to 600"
        );
        assert!(
            error("[keys]\nquit = \"q\"")
                .starts_with("settings.toml:2:8: expected a list in square brackets")
        );
        assert!(error("[profiles.a]\nwrit = true").contains("2:1: there is no setting `writ` here"));
        assert!(error("theme = ").starts_with("settings.toml:1:"));
        assert!(error("profiles = 3").contains("expected a table"));
    }

    #[test]
    fn a_key_in_the_file_is_refused_and_not_repeated() {
        for source in [
            "[profiles.a]\nkey = \"sk_live_51abcdefgh\"",
            "mouse = \"sk_live_51abcdefgh\"",
            "theme = \"sk_live_51abcdefgh\"",
            "theme = sk_live_51abcdefgh",
            "sk_live_51abcdefgh = 1",
            "sk_live_51abcdefgh",
        ] {
            let message = error(source);
            assert!(!message.contains("51abcdefgh"), "{message}");
        }
        assert!(
            error("[profiles.a]\nkey = \"sk_live_51abcdefgh\"").contains("keys do not belong in this file")
        );
    }

    #[test]
    fn contradictions_in_a_profile_are_refused() {
        assert!(error("[profiles.a]\nread_only = true\nwrite = true").contains("contradict"));
        assert!(error("[profiles.a]\nkey_env = \"K\"\nkey_file = \"f\"").contains("profile `a`"));
    }

    #[test]
    fn a_missing_file_matters_only_when_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none.toml");
        assert_eq!(Settings::read(&path, false).unwrap(), Settings::default());
        assert!(Settings::read(&path, true).unwrap_err().to_string().ends_with("there is no such file"));
        assert!(Settings::read(folder.path(), false).unwrap_err().to_string().contains("cannot read"));
        fs::write(&path, b"theme = \"\xff\"").unwrap();
        assert!(Settings::read(&path, false).unwrap_err().to_string().contains("not UTF-8"));
    }

    #[test]
    fn theme_names_are_the_same_everywhere() {
        for name in ThemeChoice::NAMES {
            assert_eq!(
                name.parse::<ThemeChoice>().unwrap(),
                parse(&format!("theme = \"{name}\"")).unwrap().theme
            );
        }
        assert!("drak".parse::<ThemeChoice>().unwrap_err().contains("did you mean `dark`"));
    }
}
