//! Profiles as the dashboard offers them, and the way to another one while it runs.

use tokio::sync::mpsc;

use crate::app::{self, ProfileEntry};
use crate::config::themes::{Background, Theme};
use crate::config::{self, Env, Flags, KeyKind, Launch, Mode, ProfileOffer, Settings, Target};
use crate::terminal::Switch;
use crate::terminal::event_loop::Line;
use crate::ui::Look;
use crate::worker;

use super::connect_error::ConnectError;
use super::dashboard::connect;

/// The name under which the embedded sandbox can be chosen.
const SANDBOX: &str = "sandbox";

/// What the settings decide for the dashboard.
pub(super) fn app_settings(launch: &Launch) -> app::Settings {
    app::Settings {
        hold_seconds: launch.hold_seconds,
        reveal_seconds: launch.settings.reveal_seconds,
        prefetch_pages: launch.settings.prefetch_pages as usize,
        read_only: launch.read_only,
        reasons: launch.settings.reasons.clone(),
        masking: launch.settings.masking.clone(),
        mouse: launch.settings.mouse,
        clipboard_clear_seconds: launch.settings.clipboard_clear_seconds,
    }
}

/// How the dashboard is drawn.
pub(super) fn look(launch: &Launch, env: &Env) -> Look {
    Look::new(&Theme::choose(launch.theme, Background::from_env(env), launch.colours))
}

/// The name of what is talked to.
pub(super) fn name_of(launch: &Launch) -> String {
    match &launch.target {
        Target::EmbeddedSandbox => SANDBOX.to_owned(),
        Target::Api(profile) => profile.name.to_string(),
    }
}

/// Everything that can be chosen, with what is known of it before its key is read.
pub(super) fn profiles(flags: &Flags, env: &Env, settings: &Settings) -> Vec<ProfileEntry> {
    config::offers(flags, env, settings).iter().map(entry).collect()
}

fn entry(offer: &ProfileOffer) -> ProfileEntry {
    let mode = offer.mode.map(|mode| if mode == Mode::Live { "live" } else { "test" });
    let kind = offer.kind.map(|kind| if kind == KeyKind::Restricted { "restricted" } else { "full" });
    let manners = offer.read_only.then_some("read-only");
    let known: Vec<&str> = [Some(offer.host.as_str()), mode, kind, manners].into_iter().flatten().collect();
    ProfileEntry {
        name: offer.name.to_string(),
        about: format!("{} · key: {}", known.join(" · "), offer.source),
        live: offer.mode == Some(Mode::Live),
    }
}

/// Makes the way to another profile, with the flags that the program was started with where they hold for it.
pub(super) fn switch(settings: Settings, flags: Flags, env: Env) -> Switch {
    Box::new(move |name| {
        let launch = resolve(name, &flags, &env, settings.clone())?;
        let (settings, look) = (app_settings(&launch), look(&launch, &env));
        let (messages, replies) = mpsc::unbounded_channel();
        let (tasks, _worker) = worker::spawn(connect(launch, env.clone()), messages);
        Ok(Line { tasks, replies, settings, look })
    })
}

fn resolve(name: &str, flags: &Flags, env: &Env, settings: Settings) -> Result<Launch, ConnectError> {
    let offers = config::offers(flags, env, &settings);
    let chosen = offers.into_iter().find(|offer| offer.name.as_str() == name);
    let choice = chosen.ok_or_else(|| ConnectError::ProfileGone(name.to_owned()))?.choice;
    config::switch(&choice, flags, env, settings)
        .map_err(|source| ConnectError::Profile { name: name.to_owned(), source: Box::new(source) })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn settings() -> Settings {
        let source = "[profiles.desk]\nkey_env = 'T'\nhold_seconds = 3\n[profiles.bare]\napi_base = 'https://bare.example'\nread_only = true\n";
        Settings::parse(source, Path::new("/s/settings.toml")).expect("settings")
    }

    fn env() -> Env {
        [("HOME", "/home/ann"), ("T", "rk_test_abcdefghijkl")].into_iter().collect()
    }

    fn in_sandbox() -> Flags {
        Flags { sandbox: true, ..Flags::default() }
    }

    #[test]
    fn every_profile_can_be_chosen_and_says_what_is_known_of_it() {
        let list = profiles(&in_sandbox(), &env(), &settings());
        let names: Vec<&str> = list.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["bare", "desk", "sandbox"]);
        assert_eq!(list[0].about, "bare.example · read-only · key: no key");
        assert_eq!(list[1].about, "api.stripe.com · test · restricted · key: the variable T");
    }

    #[tokio::test]
    async fn a_profile_that_cannot_be_used_leaves_everything_as_it_was() {
        let mut to = switch(settings(), Flags { write: true, ..in_sandbox() }, env());
        for name in ["bare", "gone"] {
            let problem = to(name).err().expect("it has no key, or is not there");
            let begins = format!("Profile {name} cannot be used: ");
            assert!(problem.text().starts_with(&begins), "{}", problem.text());
            assert_eq!(problem.hint(), Some("Everything stays as it was."));
        }
    }

    #[test]
    fn a_profile_brings_its_own_manners() {
        let desk = resolve("desk", &in_sandbox(), &env(), settings()).expect("a launch");
        assert_eq!((app_settings(&desk).hold_seconds, name_of(&desk)), (3, "desk".to_owned()));
    }
}
