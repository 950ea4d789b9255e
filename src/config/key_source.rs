//! Where keys are kept: variables, files, and the settings file of the official command line tool.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::Metadata;
use std::io::Read as _;
use std::path::Path;

use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::env::{Env, Folders};
use super::key::{Key, without_keys};
use super::keyring::from_keyring;
use super::plain;
use super::settings::ProfileSettings;
use super::{ConfigError, Mode};
use crate::privacy::Secret;
use crate::text::clean;

/// A key file holds one key; a settings file of another tool is not large either.
const LARGEST_FILE: u64 = 256 * 1024;

/// A key, and where it was found in words: "the variable `STRIPE_API_KEY`".
#[derive(Debug)]
pub(super) struct Found {
    pub(super) key: Key,
    pub(super) source: String,
}

impl Found {
    pub(super) fn parse(raw: &str, source: String) -> Result<Self, ConfigError> {
        match Key::parse(raw) {
            Ok(key) => Ok(Self { key, source }),
            Err(problem) => Err(ConfigError::Key { origin: source, problem }),
        }
    }
}

/// The key in the variable `name`, or nothing if the variable is not set.
pub(super) fn from_variable(env: &Env, name: &str) -> Result<Option<Found>, ConfigError> {
    env.get(name).map(|raw| Found::parse(raw, format!("the variable {}", clean(name)))).transpose()
}

/// The key of a profile's own source, or nothing if it names none. A source that is named must work.
pub(super) fn from_profile(
    name: &str,
    profile: &ProfileSettings,
    env: &Env,
    folders: &Folders,
    base: &Path,
) -> Result<Option<Found>, ConfigError> {
    if let Some(variable) = &profile.key_env {
        let found = from_variable(env, variable)?;
        return found.map(Some).ok_or_else(|| ConfigError::NoKey {
            asked_by: format!("profile `{}`", clean(name)),
            hint: format!("the variable {} is not set", clean(variable)),
        });
    }
    if let Some(file) = &profile.key_file {
        return from_file(&env.expand(file, base)).map(Some);
    }
    if let Some(project) = &profile.stripe_cli_profile {
        return from_stripe_cli(&folders.stripe_cli, project).map(Some);
    }
    if let Some(entry) = &profile.key_keyring {
        return from_keyring(entry).map(Some);
    }
    Ok(None)
}

fn from_file(path: &Path) -> Result<Found, ConfigError> {
    let text = read_private("the key file", path)?;
    Found::parse(&text, format!("the file {}", clean(&path.to_string_lossy())))
}

/// One project in the settings file of the official tool. Live keys there are shortened forms, and are not looked at.
#[derive(Deserialize)]
struct CliProject {
    test_mode_api_key: Option<Secret>,
    test_mode_key_expires_at: Option<String>,
}

/// What stands at the top of that file: a project, or something that is none.
enum CliEntry {
    Project(CliProject),
    Other,
}

/// By hand: an untagged enum would copy every value once more, keys included, and not zero the copies.
impl<'de> Deserialize<'de> for CliEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = CliEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a project")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CliEntry, A::Error> {
                CliProject::deserialize(MapAccessDeserializer::new(map)).map(CliEntry::Project)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<CliEntry, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(CliEntry::Other)
            }

            fn visit_bool<E>(self, _: bool) -> Result<CliEntry, E> {
                Ok(CliEntry::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<CliEntry, E> {
                Ok(CliEntry::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<CliEntry, E> {
                Ok(CliEntry::Other)
            }

            fn visit_str<E>(self, _: &str) -> Result<CliEntry, E> {
                Ok(CliEntry::Other)
            }
        }
        deserializer.deserialize_any(Entry)
    }
}

/// The test key of `project`.
fn from_stripe_cli(path: &Path, project: &str) -> Result<Found, ConfigError> {
    let trouble = |reason: String| ConfigError::StripeCli { path: path.to_owned(), reason };
    let text = read_private("the Stripe CLI settings file", path)?;
    let parsed: BTreeMap<String, CliEntry> = toml::from_str(&text).map_err(|error| {
        let (line, _) = super::problem::place(&text, error.span().map_or(0, |span| span.start));
        trouble(format!("is not TOML (line {line}: {})", without_keys(&clean(error.message().trim()))))
    })?;
    let shown = clean(project);
    let Some(CliEntry::Project(table)) = parsed.get(project) else {
        let is_project = |entry: &CliEntry| matches!(entry, CliEntry::Project(_));
        let projects: Vec<&str> =
            parsed.iter().filter(|(_, entry)| is_project(entry)).map(|(name, _)| name.as_str()).collect();
        let there = if projects.is_empty() { "none".to_owned() } else { projects.join(", ") };
        return Err(trouble(format!("has no project `{shown}`; there are: {}", clean(&there))));
    };
    let Some(raw) = &table.test_mode_api_key else {
        return Err(trouble(format!("has no test key for the project `{shown}`; run: stripe login")));
    };
    let expiry = table
        .test_mode_key_expires_at
        .as_deref()
        .map(|date| format!(", valid until {}", clean(date)))
        .unwrap_or_default();
    let found = Found::parse(raw.expose(), format!("the Stripe CLI project `{shown}`{expiry}"))?;
    if found.key.mode == Mode::Live {
        return Err(trouble(format!("has a live key where the test key of `{shown}` belongs")));
    }
    Ok(found)
}

/// Reads a file that nobody else may read. The permissions are those of the file that is open, so that
/// nobody can swap it between the check and the reading.
fn read_private(what: &'static str, path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let unreadable = |error| ConfigError::unreadable(what, path, &error);
    let refuse =
        |reason: &str| ConfigError::Unreadable { what, path: path.to_owned(), reason: reason.to_owned() };
    let file = plain::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if let Some(mode) = others_may_read(&metadata) {
        return Err(ConfigError::OpenKeyFile { path: path.to_owned(), mode });
    }
    // Room for all of it: a text that moves while it grows leaves its beginning behind.
    let room = metadata.len().min(LARGEST_FILE) + 1;
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(room).unwrap_or_default()));
    file.take(LARGEST_FILE + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LARGEST_FILE {
        return Err(refuse("it is larger than 256 KiB"));
    }
    Ok(text)
}

/// The permission bits, if anybody but the owner may do anything with the file.
#[cfg(unix)]
fn others_may_read(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Access lists take the place of permission bits here, and a profile folder is private by default.
#[cfg(not(unix))]
fn others_may_read(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::*;
    use crate::config::KeyKind;

    fn file(folder: &tempfile::TempDir, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = folder.path().join(name);
        write(&path, text).unwrap();
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_private_file_gives_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let found = from_file(&file(&folder, "key", "rk_live_abcdefghijkl\n", 0o600)).unwrap();
        assert_eq!((found.key.kind, found.key.mode), (KeyKind::Restricted, Mode::Live));
        assert!(found.source.ends_with("/key"));
        assert!(!found.source.contains("rk_live"));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for mode in [0o644, 0o640, 0o604] {
            let error = from_file(&file(&folder, "key", "rk_live_abcdefghijkl", mode)).unwrap_err();
            assert!(error.to_string().contains("run: chmod 600 /"), "{error}");
        }
    }

    #[test]
    fn what_is_no_key_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let text = |path: &Path| from_file(path).unwrap_err().to_string();
        assert!(text(&folder.path().join("none")).ends_with("there is no such file"));
        assert!(text(folder.path()).ends_with("it is a folder"));
        assert!(text(Path::new("/dev/null")).ends_with("it is not a regular file"));
        let two = text(&file(&folder, "two", "sk_test_abcdefghijkl\nsk_test_mnopqrstuvwx\n", 0o600));
        assert!(two.contains("characters that no key has"), "{two}");
        assert!(!two.contains("abcdefghijkl"), "{two}");
        let large = "x".repeat(usize::try_from(LARGEST_FILE).unwrap() + 1);
        assert!(text(&file(&folder, "large", &large, 0o600)).ends_with("larger than 256 KiB"));
    }

    const CLI: &str = "color = ''\ninstalled_plugins = ['a', 'b']\nruns = 3\n[default]\ndevice_name = 'desk'\ntest_mode_api_key = 'rk_test_abcdefghijkl'\n\
                       live_mode_api_key = 'rk_live_****wxyz'\ntest_mode_key_expires_at = '2027-01-31'\n\
                       [empty]\n[wrong]\ntest_mode_api_key = 'rk_live_abcdefghijkl'\n";

    #[test]
    fn the_official_tool_gives_its_test_key_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, "config.toml", CLI, 0o600);
        let found = from_stripe_cli(&path, "default").unwrap();
        assert_eq!(found.key.secret.expose(), "rk_test_abcdefghijkl");
        assert_eq!(found.source, "the Stripe CLI project `default`, valid until 2027-01-31");
        let trouble = |project: &str| from_stripe_cli(&path, project).unwrap_err().to_string();
        assert!(trouble("shop").contains("no project `shop`; there are: default, empty, wrong"));
        assert!(trouble("empty").contains("run: stripe login"));
        assert!(trouble("wrong").contains("a live key where"));
    }

    #[test]
    fn a_broken_file_of_the_official_tool_keeps_its_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path =
            file(&folder, "config.toml", "[default]\ntest_mode_api_key = rk_test_abcdefghijkl\n", 0o600);
        let error = from_stripe_cli(&path, "default").unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(!error.contains("abcdefghijkl"), "{error}");
    }
}
