//! The profiles to choose from while vetty runs, and changing to another one.

use super::endpoint::ApiBase;
use super::env::Env;
use super::key::{Key, KeyKind, Mode};
use super::launch::{Flags, KEY_VARIABLE, Launch, base, resolve};
use super::settings::{ProfileSettings, Settings};
use super::{ConfigError, STRIPE_API};
use crate::text::{Clean, clean};

/// Something to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChoice {
    /// A profile of the settings file.
    Named(String),
    /// The key in `STRIPE_API_KEY`.
    Environment,
    /// A sandbox on this machine that an address was given for, and no key.
    Address,
    /// The sandbox inside vetty.
    Sandbox,
}

/// One line of the list to choose from. Neither key files nor the keyring were opened for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileOffer {
    /// What it is.
    pub choice: ProfileChoice,
    /// Its name; "environment" or "sandbox" for those that stand in no file.
    pub name: Clean,
    /// Host and port, or "inside vetty".
    pub host: Clean,
    /// Where its key is, in words.
    pub source: Clean,
    /// Live or test, where that can be told without reading a key.
    pub mode: Option<Mode>,
    /// Secret or restricted, where that can be told without reading a key.
    pub kind: Option<KeyKind>,
    /// Whether it changes nothing whatever its key; a live key without `write` changes nothing either.
    pub read_only: bool,
}

/// What vetty was started on.
#[must_use]
pub fn started_on(flags: &Flags, env: &Env, settings: &Settings) -> ProfileChoice {
    let given_address = base(flags, env, None).ok().flatten().is_some_and(|base| base.is_loopback());
    match (&flags.profile, &settings.default_profile) {
        _ if flags.sandbox => ProfileChoice::Sandbox,
        (Some(name), _) => ProfileChoice::Named(name.clone()),
        _ if env.has(KEY_VARIABLE) => ProfileChoice::Environment,
        (None, Some(name)) => ProfileChoice::Named(name.clone()),
        _ if given_address => ProfileChoice::Address,
        _ => ProfileChoice::Sandbox,
    }
}

/// Everything that one can change to: the profiles by name, then what stands in no file.
#[must_use]
pub fn offers(flags: &Flags, env: &Env, settings: &Settings) -> Vec<ProfileOffer> {
    let started = started_on(flags, env, settings);
    let named = settings.profiles.iter().map(|(name, profile)| {
        let choice = ProfileChoice::Named(name.clone());
        let flags = flags_for(&choice, flags, &started);
        offer(choice, &flags, env, Some((name, profile)))
    });
    let mut list: Vec<ProfileOffer> = named.collect();
    if env.has(KEY_VARIABLE) {
        let flags = flags_for(&ProfileChoice::Environment, flags, &started);
        list.push(offer(ProfileChoice::Environment, &flags, env, None));
    }
    if started == ProfileChoice::Address {
        list.push(offer(ProfileChoice::Address, flags, env, None));
    }
    if cfg!(feature = "sandbox") {
        list.push(ProfileOffer {
            choice: ProfileChoice::Sandbox,
            name: Clean::new("sandbox"),
            host: Clean::new("inside vetty"),
            source: Clean::new("its own"),
            mode: Some(Mode::Test),
            kind: Some(KeyKind::Restricted),
            read_only: flags.read_only,
        });
    }
    list
}

/// Changes to `choice`: what starting vetty on it would give. Reads its key, which may ask the keyring and so block.
///
/// `--read-only`, `--theme` and `--config` hold for everything. `--write` and `--api-base` were said of what vetty was
/// started on, and hold for nothing else: a switch never makes a live profile writable.
pub fn switch(
    choice: &ProfileChoice,
    flags: &Flags,
    env: &Env,
    settings: Settings,
) -> Result<Launch, ConfigError> {
    let started = started_on(flags, env, &settings);
    let flags = flags_for(choice, flags, &started);
    match choice {
        ProfileChoice::Environment if !env.has(KEY_VARIABLE) => Err(ConfigError::NoKey {
            asked_by: "the environment".to_owned(),
            hint: format!("the variable {KEY_VARIABLE} is not set"),
        }),
        _ => resolve(&flags, env, settings),
    }
}

/// The flags that starting on `choice` would have.
fn flags_for(choice: &ProfileChoice, flags: &Flags, started: &ProfileChoice) -> Flags {
    if choice == started {
        return flags.clone();
    }
    Flags {
        profile: match choice {
            ProfileChoice::Named(name) => Some(name.clone()),
            _ => None,
        },
        sandbox: *choice == ProfileChoice::Sandbox,
        api_base: None,
        write: false,
        ..flags.clone()
    }
}

fn offer(
    choice: ProfileChoice,
    flags: &Flags,
    env: &Env,
    named: Option<(&String, &ProfileSettings)>,
) -> ProfileOffer {
    let profile = named.map(|(_, profile)| profile);
    let address = base(flags, env, named.map(|(name, profile)| (name.as_str(), profile)));
    let host = match &address {
        Ok(base) => Clean::new(base.as_ref().map_or(host_of_stripe(), ApiBase::host)),
        Err(_) => Clean::new("no usable address"),
    };
    let on_this_machine = matches!(&address, Ok(Some(base)) if base.is_loopback());
    let key = |name: &str| env.get(name).and_then(|raw| Key::parse(raw).ok());
    // Only test keys are ever taken from the Stripe CLI, and only a test key is fixed.
    let (source, found, always_test) = match profile {
        Some(ProfileSettings { key_env: Some(name), .. }) => {
            (format!("the variable {name}"), key(name), false)
        }
        Some(ProfileSettings { key_file: Some(path), .. }) => {
            (format!("the file {}", path.to_string_lossy()), None, false)
        }
        Some(ProfileSettings { key_keyring: Some(name), .. }) => {
            (format!("the keyring entry `{name}`"), None, false)
        }
        Some(ProfileSettings { stripe_cli_profile: Some(name), .. }) => {
            (format!("the Stripe CLI project `{name}`"), None, true)
        }
        _ if env.has(KEY_VARIABLE) && choice != ProfileChoice::Address => {
            (format!("the variable {KEY_VARIABLE}"), key(KEY_VARIABLE), false)
        }
        _ if on_this_machine => ("the fixed test key for a sandbox".to_owned(), None, true),
        _ => ("no key".to_owned(), None, false),
    };
    ProfileOffer {
        name: Clean::new(match (&choice, named) {
            (_, Some((name, _))) => name,
            (ProfileChoice::Environment, None) => "environment",
            _ => "sandbox",
        }),
        choice,
        host,
        source: Clean::new(&clean(&source)),
        mode: found.as_ref().map(|key| key.mode).or_else(|| always_test.then_some(Mode::Test)),
        kind: found.map(|key| key.kind),
        read_only: !flags.write && (flags.read_only || profile.is_some_and(|profile| profile.read_only)),
    }
}

fn host_of_stripe() -> &'static str {
    STRIPE_API.trim_start_matches("https://")
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Target;

    fn settings(extra: &str) -> Settings {
        let profiles = "[profiles.desk]\nkey_env = 'L'\nwrite = true\n[profiles.file]\nkey_file = 'k'\n\
                        [profiles.live]\nkey_env = 'L'\n[profiles.local]\napi_base = 'http://localhost:9'\n\
                        [profiles.look]\nkey_env = 'T'\nread_only = true\n";
        Settings::parse(&format!("{extra}\n{profiles}"), Path::new("/s/settings.toml")).unwrap()
    }

    fn env(more: &[(&str, &str)]) -> Env {
        let base = [("HOME", "/home/ann"), ("T", "sk_test_abcdefghijkl"), ("L", "rk_live_abcdefghijkl")];
        base.into_iter().chain(more.iter().copied()).collect()
    }

    fn named(name: &str) -> ProfileChoice {
        ProfileChoice::Named(name.to_owned())
    }

    #[test]
    fn the_list_tells_what_can_be_told_without_opening_anything() {
        let told: Vec<String> = offers(&Flags::default(), &env(&[]), &settings(""))
            .iter()
            .map(|offer| {
                format!(
                    "{} {} {:?} {:?} {} {}",
                    offer.name, offer.host, offer.mode, offer.kind, offer.read_only, offer.source
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "desk api.stripe.com Some(Live) Some(Restricted) false the variable L",
                "file api.stripe.com None None false the file k",
                "live api.stripe.com Some(Live) Some(Restricted) false the variable L",
                "local localhost:9 Some(Test) None false the fixed test key for a sandbox",
                "look api.stripe.com Some(Test) Some(Secret) true the variable T",
                "sandbox inside vetty Some(Test) Some(Restricted) false its own",
            ]
        );
        let all = format!("{:?}", offers(&Flags::default(), &env(&[]), &settings("")));
        assert!(!all.contains("abcdefghijkl"));
    }

    #[test]
    fn what_vetty_was_started_on_is_in_the_list() {
        let key = env(&[("STRIPE_API_KEY", "sk_test_abcdefghijkl")]);
        let address = Flags { api_base: Some("http://127.0.0.1:9".to_owned()), ..Flags::default() };
        let profile = Flags { profile: Some("live".to_owned()), ..Flags::default() };
        let sandbox = Flags { sandbox: true, ..Flags::default() };
        for (flags, env, extra, expected) in [
            (&Flags::default(), &env(&[]), "", ProfileChoice::Sandbox),
            (&Flags::default(), &key, "default_profile = 'live'", ProfileChoice::Environment),
            (&Flags::default(), &env(&[]), "default_profile = 'live'", named("live")),
            (&profile, &key, "", named("live")),
            (&sandbox, &key, "", ProfileChoice::Sandbox),
            (&address, &env(&[]), "", ProfileChoice::Address),
            (&address, &key, "", ProfileChoice::Environment),
        ] {
            let settings = settings(extra);
            assert_eq!(started_on(flags, env, &settings), expected);
            assert!(offers(flags, env, &settings).iter().any(|offer| offer.choice == expected));
            let (resolved, switched) =
                (resolve(flags, env, settings.clone()), switch(&expected, flags, env, settings));
            assert_eq!(resolved.unwrap(), switched.unwrap(), "{expected:?}");
        }
    }

    #[test]
    fn a_switch_never_takes_write_or_the_address_along() {
        let start = Flags {
            profile: Some("local".to_owned()),
            api_base: Some("http://127.0.0.1:7".to_owned()),
            write: true,
            ..Flags::default()
        };
        let to = |name: &str| switch(&named(name), &start, &env(&[]), settings("")).unwrap();
        let host = |launch: &Launch| match &launch.target {
            Target::Api(profile) => profile.api_base.host().to_owned(),
            Target::EmbeddedSandbox => panic!("the sandbox"),
        };
        assert_eq!((host(&to("local")), to("local").read_only), ("127.0.0.1:7".to_owned(), false));
        assert_eq!((host(&to("live")), to("live").read_only), ("api.stripe.com".to_owned(), true));
        assert!(!to("desk").read_only);
        let sandbox = switch(&ProfileChoice::Sandbox, &start, &env(&[]), settings("")).unwrap();
        assert_eq!((sandbox.target.clone(), sandbox.profile_name()), (Target::EmbeddedSandbox, "sandbox"));
        let looking = Flags { read_only: true, ..Flags::default() };
        assert!(switch(&named("desk"), &looking, &env(&[]), settings("")).unwrap().read_only);
        let gone = switch(&ProfileChoice::Environment, &start, &env(&[]), settings("")).unwrap_err();
        assert_eq!(
            gone.to_string(),
            "no API key for the environment — the variable STRIPE_API_KEY is not set"
        );
        assert!(switch(&named("deks"), &start, &env(&[]), settings("")).is_err());
    }
}
