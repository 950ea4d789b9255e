//! The environment as a value, and the folders it points at.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use zeroize::Zeroize as _;

use super::key::holds_key;

/// The variables that hold a key whatever stands in them.
const KEY_VARIABLES: [&str; 2] = ["STRIPE_API_KEY", "STRIPE_SECRET_KEY"];

/// The environment variables of a process. `Debug` prints names only: values may be keys.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Env(BTreeMap<String, Value>);

/// What stands in a variable. Zeroed when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
struct Value(OsString);

impl Drop for Value {
    fn drop(&mut self) {
        std::mem::take(&mut self.0).into_encoded_bytes().zeroize();
    }
}

impl Env {
    /// The environment of this process. `HOME` is looked up in the user database where it is not set.
    #[must_use]
    pub fn from_process() -> Self {
        let mut vars: BTreeMap<String, Value> = std::env::vars_os()
            .filter_map(|(name, value)| name.into_string().ok().map(|name| (name, Value(value))))
            .collect();
        if vars.get("HOME").is_none_or(|home| home.0.is_empty())
            && let Ok(home) = etcetera::home_dir()
        {
            vars.insert("HOME".into(), Value(home.into()));
        }
        Self(vars)
    }

    /// The text of a variable. An empty variable, or one that is not UTF-8, counts as not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.0.to_str()).filter(|value| !value.is_empty())
    }

    /// Whether a variable is set to anything but the empty text.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.0.is_empty())
    }

    /// A variable as an absolute path. The base directory specification says to ignore relative ones.
    #[must_use]
    pub fn folder(&self, name: &str) -> Option<PathBuf> {
        self.0.get(name).map(|value| PathBuf::from(&value.0)).filter(|path| path.is_absolute())
    }

    /// Whether this is a remote login, so that "the system" is not the one the person sits at.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.has("SSH_CONNECTION") || self.has("SSH_TTY")
    }

    /// Whether there is a desktop to show windows on. Always so where desktops need no variable.
    #[must_use]
    pub fn has_display(&self) -> bool {
        cfg!(any(target_os = "macos", windows)) || self.has("DISPLAY") || self.has("WAYLAND_DISPLAY")
    }

    /// Takes every key out of the environment that `command` will run in. Programs that vetty starts have no use for
    /// one, and may show their environment to others.
    pub fn withhold_keys(&self, command: &mut Command) {
        for (name, value) in &self.0 {
            if KEY_VARIABLES.contains(&name.as_str()) || holds_key(&value.0.to_string_lossy()) {
                command.env_remove(name);
            }
        }
    }

    /// `path` with a leading `~/` replaced by the home folder, and a relative path put under `base`.
    #[must_use]
    pub fn expand(&self, path: &Path, base: &Path) -> PathBuf {
        match (path.strip_prefix("~"), self.folder("HOME")) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => base.join(path),
        }
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<N: Into<String>, V: AsRef<OsStr>> FromIterator<(N, V)> for Env {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(vars: I) -> Self {
        Self(vars.into_iter().map(|(name, value)| (name.into(), Value(value.as_ref().to_owned()))).collect())
    }
}

/// Where vetty keeps its files. None of the folders need exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// The settings file lives here: `$XDG_CONFIG_HOME/vetty`, or `~/.config/vetty`.
    pub config: PathBuf,
    /// The audit chain and the outbox live here: `$XDG_STATE_HOME/vetty`, or `~/.local/state/vetty`.
    pub state: PathBuf,
    /// The settings file of the official command line tool.
    pub stripe_cli: PathBuf,
}

impl Folders {
    /// Finds the folders, or nothing where there is not even a home folder.
    #[must_use]
    pub fn find(env: &Env) -> Option<Self> {
        let home = env.folder("HOME");
        let under_home = |rest: &str| home.as_ref().map(|home| home.join(rest));
        let shared_config = env.folder("XDG_CONFIG_HOME").or_else(|| under_home(".config"))?;
        let stripe_cli = shared_config.join("stripe").join("config.toml");
        let (config, state) = if cfg!(windows) {
            (env.folder("APPDATA")?, env.folder("LOCALAPPDATA")?)
        } else {
            let state = env.folder("XDG_STATE_HOME").or_else(|| under_home(".local/state"))?;
            (shared_config, state)
        };
        Some(Self { config: config.join("vetty"), state: state.join("vetty"), stripe_cli })
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn debug_names_variables_and_hides_values() {
        let env = Env::from_iter([("STRIPE_API_KEY", "sk_live_abcdefghijkl")]);
        assert_eq!(format!("{env:?}"), r#"{"STRIPE_API_KEY"}"#);
    }

    #[test]
    fn programs_that_are_started_get_no_key() {
        let env = Env::from_iter([
            ("STRIPE_API_KEY", "anything"),
            ("LIVE", "rk_live_abcdefghijkl"),
            ("QUOTED", "'sk_test_abcdefghijkl'"),
            ("HOOK", "whsec_abcdefghijkl"),
            ("DISPLAY", ":0"),
            ("TASK", "task_force_of_six"),
        ]);
        let mut command = Command::new("true");
        env.withhold_keys(&mut command);
        let mut gone: Vec<&OsStr> =
            command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        gone.sort();
        assert_eq!(gone, ["HOOK", "LIVE", "QUOTED", "STRIPE_API_KEY"]);
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let env = Env::from_iter([("NO_COLOR", "")]);
        assert!(!env.has("NO_COLOR"));
        assert_eq!(env.get("NO_COLOR"), None);
    }

    #[test]
    fn folders_follow_the_base_directory_specification() {
        let found = Folders::find(&Env::from_iter([("HOME", "/home/ann")])).unwrap();
        assert_eq!(found.config, Path::new("/home/ann/.config/vetty"));
        assert_eq!(found.state, Path::new("/home/ann/.local/state/vetty"));
        assert_eq!(found.stripe_cli, Path::new("/home/ann/.config/stripe/config.toml"));

        let moved = [("HOME", "/home/ann"), ("XDG_CONFIG_HOME", "/c"), ("XDG_STATE_HOME", "not/absolute")];
        let found = Folders::find(&Env::from_iter(moved)).unwrap();
        assert_eq!(found.config, Path::new("/c/vetty"));
        assert_eq!(found.state, Path::new("/home/ann/.local/state/vetty"));
        assert_eq!(found.stripe_cli, Path::new("/c/stripe/config.toml"));

        assert_eq!(Folders::find(&Env::default()), None);
    }

    #[test]
    fn paths_expand_from_home_and_from_the_settings_folder() {
        let env = Env::from_iter([("HOME", "/home/ann")]);
        let base = Path::new("/etc/vetty");
        assert_eq!(env.expand(Path::new("~/key"), base), Path::new("/home/ann/key"));
        assert_eq!(env.expand(Path::new("key"), base), Path::new("/etc/vetty/key"));
        assert_eq!(env.expand(Path::new("/run/key"), base), Path::new("/run/key"));
    }
}
