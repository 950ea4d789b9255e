//! The settings file: what it may contain, and reading it. vetty never writes it.

mod choices;
mod masking;
mod numbers;
mod reasons;
#[cfg(test)]
mod schema;

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ConfigError;
use super::plain;
use super::problem::{settings_error, suggestion};
use crate::privacy::PersonalKeys;
use crate::text::Clean;
pub use choices::{ClipboardChoice, ThemeChoice};
pub use reasons::ReasonChoice;

/// The default settings file, with comments: what `vetty` uses when there is none.
pub const DEFAULT_SETTINGS: &str = include_str!("../../../assets/settings.toml");

/// The JSON schema of the settings file, made from the types below. A test fails when it is stale.
pub const SETTINGS_SCHEMA: &str = include_str!("../../../assets/settings.schema.json");

/// The newest form of the settings file that this vetty reads.
const VERSION: u32 = 1;

/// How the settings file is called inside its folder.
pub(super) const FILE_NAME: &str = "settings.toml";

/// A settings file is small; anything bigger is not one.
const LARGEST_FILE: u64 = 1024 * 1024;

/// The settings file, with defaults for what it leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The form of this file. A vetty that does not know it says so, and starts nothing.
    #[serde(deserialize_with = "numbers::version")]
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// Which colours to draw with.
    pub theme: ThemeChoice,
    /// Seconds that cancel and redact wait in the outbox, 0 to 600; 0 sends at once.
    #[serde(deserialize_with = "numbers::hold_seconds")]
    #[cfg_attr(test, schemars(range(min = 0, max = 600)))]
    pub hold_seconds: u32,
    /// Seconds after which revealed personal data hides itself again, 5 to 3600.
    #[serde(deserialize_with = "numbers::reveal_seconds")]
    #[cfg_attr(test, schemars(range(min = 5, max = 3600)))]
    pub reveal_seconds: u32,
    /// Seconds after which a copied text is cleared from the clipboard, 0 to 3600; 0 leaves it there.
    #[serde(deserialize_with = "numbers::clipboard_clear_seconds")]
    #[cfg_attr(test, schemars(range(min = 0, max = 3600)))]
    pub clipboard_clear_seconds: u32,
    /// Days after which a finished session is due for redaction, 1 to 36500. Without it, none is.
    #[serde(deserialize_with = "numbers::retention_days")]
    #[cfg_attr(test, schemars(range(min = 1, max = 36_500)))]
    pub retention_days: Option<u32>,
    /// Pages of 100 sessions that are fetched on start without being asked for, 1 to 1000.
    #[serde(deserialize_with = "numbers::prefetch_pages")]
    #[cfg_attr(test, schemars(range(min = 1, max = 1000)))]
    pub prefetch_pages: u32,
    /// Whether the mouse moves the cursor and presses buttons.
    pub mouse: bool,
    /// Which way copied text takes.
    pub clipboard: ClipboardChoice,
    /// What a cancel or a redaction can be given as its reason, at most 9; none asks for no reason.
    #[serde(deserialize_with = "reasons::reasons")]
    #[cfg_attr(test, schemars(length(max = 9)))]
    pub reasons: Vec<ReasonChoice>,
    /// The key of the metadata that the reason of a cancel is written to, just before it: 1 to 40 characters, no square
    /// brackets. Without it the audit alone keeps the reason.
    #[serde(deserialize_with = "reasons::metadata_key")]
    #[cfg_attr(test, schemars(length(min = 1, max = 40), regex(pattern = r"^[^\[\]]+$")))]
    pub reason_metadata_key: Option<String>,
    /// The profile to use when neither a flag nor a variable says otherwise.
    pub default_profile: Option<String>,
    /// Action to the keys that trigger it. Press ? inside vetty for the names.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Which keys of metadata hide what stands under them, and which never do.
    #[serde(deserialize_with = "masking::masking")]
    #[cfg_attr(test, schemars(schema_with = "masking::schema"))]
    pub masking: PersonalKeys,
    /// Named sets of key, address and manners.
    pub profiles: BTreeMap<String, ProfileSettings>,
    /// Where these settings were read, or nothing if they are the defaults.
    #[serde(skip)]
    pub path: Option<PathBuf>,
}

/// One `[profiles.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// The name of the entry in the system's keyring that holds the key.
    pub key_keyring: Option<String>,
    /// Seconds that cancel and redact wait while this profile is in use, 0 to 600.
    #[serde(deserialize_with = "numbers::own_hold_seconds")]
    #[cfg_attr(test, schemars(range(min = 0, max = 600)))]
    pub hold_seconds: Option<u32>,
    /// Days after which a finished session is due for redaction while this profile is in use, 1 to 36500.
    #[serde(deserialize_with = "numbers::retention_days")]
    #[cfg_attr(test, schemars(range(min = 1, max = 36_500)))]
    pub retention_days: Option<u32>,
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
            version: VERSION,
            theme: ThemeChoice::Auto,
            hold_seconds: 10,
            reveal_seconds: 60,
            clipboard_clear_seconds: 60,
            retention_days: None,
            prefetch_pages: 10,
            mouse: true,
            clipboard: ClipboardChoice::Auto,
            reasons: ReasonChoice::defaults(),
            reason_metadata_key: None,
            default_profile: None,
            keys: BTreeMap::new(),
            masking: PersonalKeys::usual(),
            profiles: BTreeMap::new(),
            path: None,
        }
    }
}

impl Settings {
    /// Reads `path`. A file that does not exist is an error only if somebody asked for it by name.
    pub fn read(path: &Path, asked_for: bool) -> Result<Self, ConfigError> {
        const WHAT: &str = "the settings file";
        let unreadable = |error: io::Error| ConfigError::unreadable(WHAT, path, &error);
        let file = match plain::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !asked_for => return Ok(Self::default()),
            opened => opened.map_err(unreadable)?,
        };
        let mut source = String::new();
        file.take(LARGEST_FILE + 1).read_to_string(&mut source).map_err(unreadable)?;
        if source.len() as u64 > LARGEST_FILE {
            let reason = "it is larger than 1 MiB".to_owned();
            return Err(ConfigError::Unreadable { what: WHAT, path: path.to_owned(), reason });
        }
        Self::parse(&source, path)
    }

    /// Reads the text of a settings file; `path` is for the errors and for relative key files.
    pub fn parse(source: &str, path: &Path) -> Result<Self, ConfigError> {
        if let Some(version) = newer_version(source) {
            return Err(ConfigError::NewerSettings { path: path.to_owned(), version, known: VERSION });
        }
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
        let sources = [
            self.key_env.is_some(),
            self.key_file.is_some(),
            self.stripe_cli_profile.is_some(),
            self.key_keyring.is_some(),
        ];
        if sources.into_iter().filter(|given| *given).count() > 1 {
            return Some(
                "give one of `key_env`, `key_file`, `key_keyring` and `stripe_cli_profile`, not several",
            );
        }
        if self.read_only && self.write {
            return Some("`read_only` and `write` contradict each other");
        }
        None
    }
}

/// The version that a file claims, if it is one that this vetty does not know. Looked at before anything else: what a
/// newer file says beyond that may be right, and must not be called a mistake.
fn newer_version(source: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Head {
        version: Option<toml::Value>,
    }
    let head: Head = toml::from_str(source).ok()?;
    head.version?.as_integer().filter(|version| *version > i64::from(VERSION))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn parse(source: &str) -> Result<Settings, ConfigError> {
        Settings::parse(source, Path::new("settings.toml"))
    }

    fn error(source: &str) -> String {
        parse(source).unwrap_err().to_string()
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_and_what_nobody_writes_to_is_no_settings_file() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = tempfile::tempdir().unwrap();
        let (pipe, endless) = (folder.path().join("pipe"), folder.path().join("endless"));
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
        for path in [&pipe, &endless] {
            let error = Settings::read(path, true).unwrap_err().to_string();
            assert!(error.contains("it is not a regular file"), "{error}");
        }
        let link = folder.path().join("link");
        fs::write(folder.path().join("settings.toml"), "hold_seconds = 7").unwrap();
        std::os::unix::fs::symlink("settings.toml", &link).unwrap();
        assert_eq!(Settings::read(&link, true).unwrap().hold_seconds, 7);
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
        assert_eq!(parsed.profiles.len(), 4);
        assert!(parsed.default_profile.is_some_and(|name| parsed.profiles.contains_key(&name)));
    }

    #[test]
    fn the_default_file_mentions_every_setting() {
        for setting in [
            "version",
            "theme",
            "hold_seconds",
            "reveal_seconds",
            "clipboard_clear_seconds",
            "retention_days",
            "reasons",
            "prefetch_pages",
            "mouse",
            "clipboard",
            "default_profile",
            "[keys]",
            "[masking]",
            "personal_keys",
            "plain_keys",
            "[profiles.",
            "api_base",
            "key_env",
            "key_file",
            "stripe_cli_profile",
            "key_keyring",
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
            "settings.toml:2:1: there is no setting `thme` here — did you mean `theme`? There are: \
             version, theme, hold_seconds, reveal_seconds, clipboard_clear_seconds, retention_days, prefetch_pages, \
             mouse, clipboard, reasons, reason_metadata_key, default_profile, keys, masking, profiles"
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
    fn a_file_of_a_newer_vetty_is_no_mistake() {
        let message = error("version = 2\ntheme = { name = \"solarized\" }\n[desks]\nleft = 1");
        assert_eq!(
            message,
            "settings.toml is written for a newer vetty (version 2 of the file; this one reads version 1) — update \
             vetty, or name another file with --config; this file was not touched"
        );
        assert_eq!(parse("version = 1").unwrap(), parse("").unwrap());
        for wrong in ["version = 0", "version = \"1\"", "version = -3"] {
            assert!(error(wrong).ends_with("expected a whole number from 1 to 1"), "{}", error(wrong));
        }
    }

    #[test]
    fn keys_are_added_and_freed_however_they_are_spelled() {
        let own = parse("[masking]\npersonal_keys = [\"room_no\"]\nplain_keys = [\"shipping.city\"]")
            .unwrap()
            .masking;
        let shown = |key, value| crate::privacy::masked(key, value, &own).into_owned();
        assert_eq!((shown("roomNo", "12"), shown("ShippingCity", "Ulm")), ("••••".into(), "Ulm".into()));
        assert_eq!(shown("city", "Ulm"), "••••");
        assert!(error("[masking]\nplain_key = []").contains("there is no setting `plain_key` here"));
        assert!(error("[masking]\nplain_keys = [\"-\"]").contains("a key of `plain_keys` needs a letter"));
    }

    #[test]
    fn times_of_a_profile_have_the_same_ranges() {
        let own = parse("[profiles.a]\nhold_seconds = 0\nretention_days = 30").unwrap();
        assert_eq!((own.profiles["a"].hold_seconds, own.profiles["a"].retention_days), (Some(0), Some(30)));
        assert!(error("[profiles.a]\nhold_seconds = 601").contains("seconds from 0 to 600"));
        assert!(error("retention_days = 0").contains("days from 1 to 36500"));
        assert!(error("clipboard_clear_seconds = 3601").contains("seconds from 0 to 3600"));
    }
}
