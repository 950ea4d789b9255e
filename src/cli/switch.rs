//! Profiles as the dashboard offers them, and the way to another one while it runs.

use tokio::sync::mpsc;

use crate::app::{self, Problem, ProfileEntry};
use crate::config::themes::{Background, Theme};
use crate::config::{self, Env, Flags, Launch, Mode, Settings, Target};
use crate::terminal::Switch;
use crate::terminal::event_loop::Line;
use crate::ui::Look;
use crate::worker;

use super::dashboard::{connect, trouble};

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

/// Everything that can be chosen: the profiles of the settings, what is in use, and the embedded sandbox.
pub(super) fn profiles(launch: &Launch) -> Vec<ProfileEntry> {
    let mut entries: Vec<ProfileEntry> = launch
        .settings
        .profiles
        .iter()
        .map(|(name, profile)| {
            let host = profile.api_base.as_deref().unwrap_or(config::STRIPE_API);
            let host = host.trim_start_matches("https://").trim_start_matches("http://");
            let manners = match (profile.read_only, profile.write) {
                (true, _) => " · read-only",
                (_, true) => " · may write",
                _ => "",
            };
            ProfileEntry { name: name.clone(), about: format!("{host}{manners}"), live: false }
        })
        .collect();
    if let Target::Api(profile) = &launch.target {
        let live = profile.mode == Mode::Live;
        let about = format!("{} · key from {}", profile.api_base.host(), profile.source);
        match entries.iter_mut().find(|entry| entry.name == profile.name.as_str()) {
            Some(entry) => entry.live = live,
            None => entries.insert(0, ProfileEntry { name: profile.name.to_string(), about, live }),
        }
    }
    if cfg!(feature = "sandbox") && entries.iter().all(|entry| entry.name != SANDBOX) {
        let about = "invented people, inside this program".to_owned();
        entries.push(ProfileEntry { name: SANDBOX.to_owned(), about, live: false });
    }
    entries
}

/// Makes the way to another profile: as `vetty --profile NAME` would, with the flags that are not about where to
/// connect. `first` is what the program was started with, which may stand in no settings file.
pub(super) fn switch(first: Launch, flags: Flags, env: Env) -> Switch {
    Box::new(move |name| {
        let launch = if name == name_of(&first) {
            first.clone()
        } else {
            resolve(name, &flags, &env, first.settings.clone())?
        };
        let (settings, look) = (app_settings(&launch), look(&launch, &env));
        let (messages, replies) = mpsc::unbounded_channel();
        let (tasks, _worker) = worker::spawn(connect(launch, env.clone()), messages);
        Ok(Line { tasks, replies, settings, look })
    })
}

fn resolve(name: &str, flags: &Flags, env: &Env, settings: Settings) -> Result<Launch, Problem> {
    let sandbox = name == SANDBOX && !settings.profiles.contains_key(SANDBOX);
    let flags = Flags {
        profile: (!sandbox).then(|| name.to_owned()),
        api_base: None,
        sandbox,
        // Permission to change things was given for the profile that the program was started with.
        write: false,
        ..flags.clone()
    };
    config::resolve(&flags, env, settings).map_err(|error| {
        trouble(&format!("Profile {name} cannot be used: {error}."), Some("Everything stays as it was."))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn launch(flags: &Flags) -> Result<Launch, config::ConfigError> {
        let source = "[profiles.desk]\nkey_env = 'T'\nhold_seconds = 3\n[profiles.bare]\napi_base = 'https://bare.example'\nread_only = true\n";
        let settings = Settings::parse(source, Path::new("/s/settings.toml"))?;
        let env: Env = [("HOME", "/home/ann"), ("T", "sk_test_abcdefghijkl")].into_iter().collect();
        config::resolve(flags, &env, settings)
    }

    #[test]
    fn every_profile_can_be_chosen_and_so_can_what_is_in_use() {
        let launch = launch(&Flags { sandbox: true, ..Flags::default() }).expect("a launch");
        let names =
            |launch: &Launch| profiles(launch).into_iter().map(|entry| entry.name).collect::<Vec<_>>();
        assert_eq!(names(&launch), ["bare", "desk", "sandbox"]);
        assert!(profiles(&launch)[0].about.contains("bare.example · read-only"));
    }

    #[tokio::test]
    async fn a_profile_that_cannot_be_used_leaves_everything_as_it_was() {
        let first = launch(&Flags { sandbox: true, ..Flags::default() }).expect("a launch");
        let env: Env = [("HOME", "/home/ann"), ("T", "sk_test_abcdefghijkl")].into_iter().collect();
        let flags = Flags { sandbox: true, write: true, ..Flags::default() };
        let mut to = switch(first, flags, env);
        let problem = to("bare").err().expect("it has no key");
        assert!(problem.text.starts_with("Profile bare cannot be used:"), "{}", problem.text);
    }

    #[test]
    fn a_profile_brings_its_own_manners() {
        let env: Env = [("HOME", "/home/ann"), ("T", "sk_test_abcdefghijkl")].into_iter().collect();
        let first = launch(&Flags { sandbox: true, ..Flags::default() }).expect("a launch");
        let flags = Flags { sandbox: true, ..Flags::default() };
        let desk = resolve("desk", &flags, &env, first.settings).expect("a launch");
        assert_eq!((app_settings(&desk).hold_seconds, name_of(&desk)), (3, "desk".to_owned()));
    }
}
