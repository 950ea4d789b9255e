//! Flags, environment and settings brought together: where to connect, as whom, and with which manners.

use std::path::{Path, PathBuf};

use super::endpoint::ApiBase;
use super::env::{Env, Folders};
use super::key::{KeyKind, Mode};
use super::key_source::{Found, from_profile, from_variable};
use super::settings::{FILE_NAME, ProfileSettings, Settings, ThemeChoice};
use super::themes::ColourDepth;
use super::{ConfigError, STRIPE_API};
use crate::privacy::Secret;
use crate::text::Clean;

/// The key that is sent to a sandbox on this machine when nobody gave another.
///
/// It opens nothing: a vetty sandbox takes every well-formed test key. It is a restricted one, because only
/// those read the sensitive fields. It is never sent to another machine.
pub const SANDBOX_KEY: &str = "rk_test_vettySandboxAnyKeyWillDo";

/// The variable that holds a key for every profile without one.
pub(super) const KEY_VARIABLE: &str = "STRIPE_API_KEY";

/// The variable that stands for `--api-base`.
const BASE_VARIABLE: &str = "VETTY_API_BASE";

/// What the command line says. Absent flags are `None` or `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--profile NAME`.
    pub profile: Option<String>,
    /// `--api-base URL`.
    pub api_base: Option<String>,
    /// `--sandbox`: use the embedded one, whatever key there is.
    pub sandbox: bool,
    /// `--read-only`.
    pub read_only: bool,
    /// `--write`: allow changes with a live key. Beats a profile's `read_only`.
    pub write: bool,
    /// `--theme NAME`.
    pub theme: Option<ThemeChoice>,
    /// `--config FILE`.
    pub config: Option<PathBuf>,
}

/// Where to connect, and with which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name in the settings file; "environment" or "sandbox" for those that stand in none.
    pub name: Clean,
    /// The address.
    pub api_base: ApiBase,
    /// The key.
    pub key: Secret,
    /// Secret or restricted.
    pub key_kind: KeyKind,
    /// Live or test.
    pub mode: Mode,
    /// Where the key was found, in words and without the key.
    pub source: String,
}

/// What the dashboard talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A sandbox that vetty starts inside its own process.
    EmbeddedSandbox,
    /// An Identity API at an address.
    Api(Profile),
}

/// Everything that is settled before the first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// What to talk to.
    pub target: Target,
    /// Which colours: the flag, else `NO_COLOR`, else the profile, else the settings.
    pub theme: ThemeChoice,
    /// How many colours the terminal has.
    pub colours: ColourDepth,
    /// Whether changes are refused.
    pub read_only: bool,
    /// Seconds that cancel and redact wait: the profile's, else those of the settings.
    pub hold_seconds: u32,
    /// Days after which a finished session is due for redaction: the profile's, else those of the settings.
    pub retention_days: Option<u32>,
    /// The settings file, or the defaults.
    pub settings: Settings,
    /// Where files go; the audit chain and the outbox to `folders.state`.
    pub folders: Folders,
}

impl Launch {
    /// The name of the profile, and "sandbox" for the embedded one.
    #[must_use]
    pub fn profile_name(&self) -> &str {
        match &self.target {
            Target::Api(profile) => &profile.name,
            Target::EmbeddedSandbox => "sandbox",
        }
    }

    /// Whether real people are at the other end.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(&self.target, Target::Api(profile) if profile.mode == Mode::Live)
    }
}

/// Reads the settings file that `flags` or the platform names, and resolves.
pub fn load(flags: &Flags, env: &Env) -> Result<Launch, ConfigError> {
    resolve(flags, env, read_settings(flags, env)?)
}

/// Reads the settings file that `flags` or the platform names.
pub fn read_settings(flags: &Flags, env: &Env) -> Result<Settings, ConfigError> {
    match &flags.config {
        Some(path) => Settings::read(path, true),
        None => Settings::read(&folders(env)?.config.join(FILE_NAME), false),
    }
}

/// Brings flags, environment and settings together. Reads key files, and nothing else.
///
/// The key is that of the chosen profile; else `STRIPE_API_KEY`; else that of the default profile; else there is
/// none, and the target is the embedded sandbox. A profile or address that was asked for by name and has no key
/// is an error and never turns into a sandbox, so that nobody takes invented people for real ones.
pub fn resolve(flags: &Flags, env: &Env, settings: Settings) -> Result<Launch, ConfigError> {
    refuse_contradictions(flags)?;
    let folders = folders(env)?;
    let choice = if flags.sandbox { Choice::none() } else { choose(flags, env, &settings, &folders)? };
    let target = if flags.sandbox { Target::EmbeddedSandbox } else { target(flags, env, &choice)? };
    if target == Target::EmbeddedSandbox && !cfg!(feature = "sandbox") {
        return Err(ConfigError::NoSandbox);
    }
    let live = matches!(&target, Target::Api(profile) if profile.mode == Mode::Live);
    let manners = choice.settings.cloned().unwrap_or_default();
    Ok(Launch {
        read_only: read_only(flags, &manners, live),
        theme: theme(flags, env, &manners, &settings),
        colours: ColourDepth::detect(env),
        hold_seconds: manners.hold_seconds.unwrap_or(settings.hold_seconds),
        retention_days: manners.retention_days.or(settings.retention_days),
        target,
        settings,
        folders,
    })
}

fn folders(env: &Env) -> Result<Folders, ConfigError> {
    Folders::find(env).ok_or(ConfigError::NoHome)
}

fn refuse_contradictions(flags: &Flags) -> Result<(), ConfigError> {
    let pairs = [
        (flags.sandbox && flags.profile.is_some(), "--sandbox and --profile"),
        (flags.sandbox && flags.api_base.is_some(), "--sandbox and --api-base"),
        (flags.read_only && flags.write, "--read-only and --write"),
    ];
    pairs.into_iter().find(|(both, _)| *both).map_or(Ok(()), |(_, pair)| Err(ConfigError::Conflict(pair)))
}

/// A profile and a key, either of which may be missing.
struct Choice<'a> {
    name: Option<&'a str>,
    settings: Option<&'a ProfileSettings>,
    found: Option<Found>,
}

impl Choice<'_> {
    const fn none() -> Self {
        Self { name: None, settings: None, found: None }
    }
}

fn choose<'a>(
    flags: &'a Flags,
    env: &Env,
    settings: &'a Settings,
    folders: &Folders,
) -> Result<Choice<'a>, ConfigError> {
    let base = settings.path.as_deref().and_then(Path::parent).unwrap_or(&folders.config);
    let named = |name: &'a str| -> Result<Choice<'a>, ConfigError> {
        let profile = settings.profile(name)?;
        let found = from_profile(name, profile, env, folders, base)?;
        Ok(Choice { name: Some(name), settings: Some(profile), found })
    };
    if let Some(name) = &flags.profile {
        let mut choice = named(name)?;
        if choice.found.is_none() {
            choice.found = from_variable(env, KEY_VARIABLE)?;
        }
        return Ok(choice);
    }
    // The variable does not borrow the manners of the default profile: they were written for another key.
    if let Some(found) = from_variable(env, KEY_VARIABLE)? {
        return Ok(Choice { found: Some(found), ..Choice::none() });
    }
    settings.default_profile.as_deref().map_or(Ok(Choice::none()), named)
}

fn target(flags: &Flags, env: &Env, choice: &Choice<'_>) -> Result<Target, ConfigError> {
    let base = base(flags, env, choice.name.zip(choice.settings))?;
    let profile = match (&choice.found, base) {
        (Some(found), base) => Profile {
            name: Clean::new(choice.name.unwrap_or("environment")),
            api_base: base.unwrap_or_else(ApiBase::stripe),
            key: found.key.secret.clone(),
            key_kind: found.key.kind,
            mode: found.key.mode,
            source: found.source.clone(),
        },
        (None, Some(base)) if base.is_loopback() => Profile {
            name: Clean::new(choice.name.unwrap_or("sandbox")),
            api_base: base,
            key: Secret::new(SANDBOX_KEY.to_owned()),
            key_kind: KeyKind::Restricted,
            mode: Mode::Test,
            source: "the fixed test key for a sandbox on this machine".to_owned(),
        },
        (None, base) if base.is_some() || choice.name.is_some() => return Err(no_key(choice.name, base)),
        (None, _) => return Ok(Target::EmbeddedSandbox),
    };
    Ok(Target::Api(profile))
}

/// The address that was given: by the flag, else by the variable, else by the profile.
pub(super) fn base(
    flags: &Flags,
    env: &Env,
    profile: Option<(&str, &ProfileSettings)>,
) -> Result<Option<ApiBase>, ConfigError> {
    if let Some(flag) = &flags.api_base {
        return ApiBase::parse(flag, "--api-base").map(Some);
    }
    if let Some(variable) = env.get(BASE_VARIABLE) {
        return ApiBase::parse(variable, BASE_VARIABLE).map(Some);
    }
    let own = profile.and_then(|(name, settings)| Some((name, settings.api_base.as_deref()?)));
    own.map(|(name, raw)| ApiBase::parse(raw, &format!("profile `{name}`"))).transpose()
}

fn no_key(name: Option<&str>, base: Option<ApiBase>) -> ConfigError {
    let base = base.map_or_else(|| STRIPE_API.to_owned(), |base| base.to_string());
    match name {
        Some(name) => ConfigError::NoKey {
            asked_by: format!("profile `{}`", Clean::new(name)),
            hint: format!("give it `key_file` or `key_env`, or set {KEY_VARIABLE}"),
        },
        None => ConfigError::NoKey {
            asked_by: base,
            hint: format!("set {KEY_VARIABLE}, or choose a profile that has one with --profile"),
        },
    }
}

/// Live keys only look, unless a flag or the profile says otherwise.
const fn read_only(flags: &Flags, manners: &ProfileSettings, live: bool) -> bool {
    if flags.write {
        return false;
    }
    flags.read_only || manners.read_only || (live && !manners.write)
}

fn theme(flags: &Flags, env: &Env, manners: &ProfileSettings, settings: &Settings) -> ThemeChoice {
    match flags.theme {
        Some(theme) => theme,
        None if env.has("NO_COLOR") => ThemeChoice::Mono,
        None => manners.theme.unwrap_or(settings.theme),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    const TEST_KEY: &str = "sk_test_abcdefghijkl";
    const LIVE_KEY: &str = "rk_live_abcdefghijkl";

    /// Settings with a profile for every case.
    fn settings(extra: &str) -> Settings {
        let profiles = "[profiles.test]\nkey_env = 'T'\n[profiles.live]\nkey_env = 'L'\ntheme = 'light'\n\
                        [profiles.desk]\nkey_env = 'L'\nwrite = true\n[profiles.look]\nkey_env = 'T'\nread_only = true\n\
                        [profiles.bare]\n[profiles.local]\napi_base = 'http://localhost:9/'\n\
                        [profiles.cli]\nstripe_cli_profile = 'default'\n[profiles.ring]\nkey_keyring = 'live'\n";
        Settings::parse(&format!("{extra}\n{profiles}"), Path::new("/s/settings.toml")).unwrap()
    }

    fn env(more: &[(&str, &str)]) -> Env {
        let base = [("HOME", "/home/ann"), ("T", TEST_KEY), ("L", LIVE_KEY)];
        base.into_iter().chain(more.iter().copied()).collect()
    }

    fn with_profile(name: &str) -> Flags {
        Flags { profile: Some(name.to_owned()), ..Flags::default() }
    }

    fn api(launch: Launch) -> Profile {
        match launch.target {
            Target::Api(profile) => profile,
            Target::EmbeddedSandbox => panic!("the embedded sandbox"),
        }
    }

    fn refusal(flags: &Flags, env: &Env, settings: Settings) -> String {
        resolve(flags, env, settings).unwrap_err().to_string()
    }

    #[test]
    fn without_a_key_there_is_the_sandbox() {
        let launch = resolve(&Flags::default(), &env(&[]), settings("")).unwrap();
        assert_eq!(launch.target, Target::EmbeddedSandbox);
        assert!(!launch.read_only && !launch.is_live());
        assert_eq!(launch.folders.state, Path::new("/home/ann/.local/state/vetty"));
    }

    #[test]
    fn the_order_of_keys() {
        let both = env(&[("STRIPE_API_KEY", "sk_test_fromvariable")]);
        let with_default = || settings("default_profile = 'live'");

        let chosen = api(resolve(&with_profile("test"), &both, with_default()).unwrap());
        assert_eq!((chosen.name.as_str(), chosen.source.as_str()), ("test", "the variable T"));
        assert_eq!(chosen.api_base.as_str(), STRIPE_API);

        let keyless = api(resolve(&with_profile("bare"), &both, with_default()).unwrap());
        assert_eq!((keyless.name.as_str(), keyless.key.expose()), ("bare", "sk_test_fromvariable"));

        let variable = api(resolve(&Flags::default(), &both, with_default()).unwrap());
        assert_eq!((variable.name.as_str(), variable.key.expose()), ("environment", "sk_test_fromvariable"));

        let default = api(resolve(&Flags::default(), &env(&[]), with_default()).unwrap());
        assert_eq!((default.name.as_str(), default.mode), ("live", Mode::Live));

        let forced = Flags { sandbox: true, ..Flags::default() };
        assert_eq!(resolve(&forced, &both, with_default()).unwrap().target, Target::EmbeddedSandbox);
    }

    #[test]
    fn a_profile_without_a_key_is_an_error_and_no_sandbox() {
        let message = refusal(&with_profile("bare"), &env(&[]), settings(""));
        assert_eq!(
            message,
            "no API key for profile `bare` — give it `key_file` or `key_env`, or set STRIPE_API_KEY"
        );
        let unset = Env::from_iter([("HOME", "/home/ann")]);
        assert!(refusal(&with_profile("test"), &unset, settings("")).contains("the variable T is not set"));
        assert!(
            refusal(&with_profile("cli"), &unset, settings(""))
                .contains("/home/ann/.config/stripe/config.toml")
        );
        assert!(refusal(&with_profile("tets"), &unset, settings("")).contains("did you mean `test`"));
        assert!(refusal(&with_profile("x"), &unset, Settings::default()).contains("no settings file"));
        let ring = refusal(&with_profile("ring"), &env(&[("STRIPE_API_KEY", TEST_KEY)]), settings(""));
        assert!(ring.starts_with("the keyring entry `live` cannot be used: "), "{ring}");
        let broken = env(&[("STRIPE_API_KEY", "pk_test_abcdefghijkl")]);
        let message = refusal(&Flags::default(), &broken, settings(""));
        assert!(
            message.starts_with("the key of the variable STRIPE_API_KEY cannot be used: it is a publishable")
        );
        assert!(!message.contains("abcdefghijkl"));
    }

    #[test]
    fn only_this_machine_gets_the_fixed_key() {
        let at = |address: &str| Flags { api_base: Some(address.to_owned()), ..Flags::default() };
        let local = api(resolve(&at("http://127.0.0.1:12120"), &env(&[]), settings("")).unwrap());
        assert_eq!((local.key.expose(), local.mode), (SANDBOX_KEY, Mode::Test));
        assert_eq!(local.name.as_str(), "sandbox");
        assert!(super::super::Key::parse(SANDBOX_KEY).is_ok());
        let message = refusal(&at("https://api.example.com"), &env(&[]), settings(""));
        assert!(message.starts_with("no API key for https://api.example.com"), "{message}");
        let named = api(resolve(&with_profile("local"), &env(&[]), settings("")).unwrap());
        assert_eq!((named.name.as_str(), named.api_base.as_str()), ("local", "http://localhost:9"));
    }

    #[test]
    fn the_flag_beats_the_variable_and_both_beat_the_profile() {
        let variable = env(&[("VETTY_API_BASE", "http://127.0.0.1:1")]);
        let launch = resolve(&with_profile("local"), &variable, settings("")).unwrap();
        assert_eq!(api(launch).api_base.as_str(), "http://127.0.0.1:1");
        let flags = Flags { api_base: Some("http://127.0.0.1:2".to_owned()), ..with_profile("local") };
        let launch = resolve(&flags, &variable, settings("")).unwrap();
        assert_eq!(api(launch).api_base.as_str(), "http://127.0.0.1:2");
        let forced = Flags { sandbox: true, ..Flags::default() };
        assert_eq!(resolve(&forced, &variable, settings("")).unwrap().target, Target::EmbeddedSandbox);
    }

    #[test]
    fn live_keys_only_look_unless_told_otherwise() {
        let read_only = |flags: Flags| resolve(&flags, &env(&[]), settings("")).unwrap().read_only;
        assert!(read_only(with_profile("live")));
        assert!(!read_only(with_profile("desk")));
        assert!(!read_only(Flags { write: true, ..with_profile("live") }));
        assert!(read_only(Flags { read_only: true, ..with_profile("desk") }));
        assert!(!read_only(with_profile("test")));
        assert!(read_only(with_profile("look")));
        assert!(read_only(Flags { read_only: true, ..Flags::default() }));
        // The default profile's `write` is for its own key only.
        let variable = env(&[("STRIPE_API_KEY", LIVE_KEY)]);
        let launch = resolve(&Flags::default(), &variable, settings("default_profile = 'desk'")).unwrap();
        assert!(launch.read_only && launch.is_live());
    }

    #[test]
    fn the_order_of_themes() {
        let theme = |flags: &Flags, env: &Env| resolve(flags, env, settings("theme = 'dark'")).unwrap().theme;
        let no_color = env(&[("NO_COLOR", "1")]);
        assert_eq!(theme(&Flags::default(), &env(&[])), ThemeChoice::Dark);
        assert_eq!(theme(&with_profile("live"), &env(&[])), ThemeChoice::Light);
        assert_eq!(theme(&with_profile("live"), &no_color), ThemeChoice::Mono);
        let asked = Flags { theme: Some(ThemeChoice::Dark), ..Flags::default() };
        assert_eq!(theme(&asked, &no_color), ThemeChoice::Dark);
    }

    #[test]
    fn a_profile_has_its_own_times() {
        let own = "hold_seconds = 5\nretention_days = 90\n[profiles.slow]\nhold_seconds = 30\nretention_days = 7\nkey_env = 'T'";
        let times = |flags: Flags| {
            let launch = resolve(&flags, &env(&[]), settings(own)).unwrap();
            (launch.hold_seconds, launch.retention_days)
        };
        assert_eq!(times(Flags::default()), (5, Some(90)));
        assert_eq!(times(with_profile("test")), (5, Some(90)));
        assert_eq!(times(with_profile("slow")), (30, Some(7)));
    }

    #[test]
    fn flags_that_exclude_each_other() {
        let sandbox = Flags { sandbox: true, ..with_profile("test") };
        assert_eq!(
            refusal(&sandbox, &env(&[]), settings("")),
            "--sandbox and --profile cannot be used together"
        );
        let both = Flags { read_only: true, write: true, ..Flags::default() };
        assert_eq!(
            refusal(&both, &env(&[]), settings("")),
            "--read-only and --write cannot be used together"
        );
    }

    #[test]
    fn nothing_that_is_printed_contains_a_key() {
        let launch = resolve(&with_profile("live"), &env(&[]), settings("")).unwrap();
        assert!(!format!("{launch:?}").contains("abcdefghijkl"));
    }

    #[test]
    fn the_settings_file_is_found_where_it_belongs() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("vetty");
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("settings.toml"), "hold_seconds = 3").unwrap();
        let home = folder.path().to_str().unwrap();
        let env = Env::from_iter([("HOME", "/home/ann"), ("XDG_CONFIG_HOME", home)]);
        assert_eq!(load(&Flags::default(), &env).unwrap().settings.hold_seconds, 3);
        let named = Flags { config: Some(folder.path().join("none")), ..Flags::default() };
        assert!(load(&named, &env).unwrap_err().to_string().contains("there is no such file"));
    }
}
