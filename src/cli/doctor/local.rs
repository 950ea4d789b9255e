//! What can be told without asking anybody: settings, key, memory, terminal, clipboard.

use std::io::IsTerminal as _;
use std::process::{Command, Stdio};

use super::report::Check;
use crate::cli::{WRONG_USAGE, hygiene};
use crate::config::themes::ColourDepth;
use crate::config::{Env, KeyKind, Launch, Mode, Settings, Target};
use crate::terminal::clipboard::{Clipboard, Route};

/// The least that the dashboard is comfortable with, in columns and rows.
const COMFORTABLE: (u16, u16) = (80, 24);

/// The settings file, which could be read.
pub(super) fn settings(settings: &Settings) -> Check {
    let Some(path) = &settings.path else {
        return Check::good("settings", "there is no settings file; the defaults are used");
    };
    let names: Vec<&str> = settings.profiles.keys().map(String::as_str).collect();
    let profiles = if names.is_empty() { "no profiles".to_owned() } else { names.join(", ") };
    Check::good("settings", &format!("{} ({profiles})", path.display()))
}

/// The key: what it is and where it comes from, never what it says.
pub(super) fn key(launch: &Launch) -> Check {
    let profile = match &launch.target {
        Target::EmbeddedSandbox => return Check::good("key", "none is needed: vetty starts its own sandbox"),
        Target::Api(profile) => profile,
    };
    let kind = match profile.key_kind {
        KeyKind::Secret => "secret",
        KeyKind::Restricted => "restricted",
    };
    let mode = match profile.mode {
        Mode::Live => "LIVE",
        Mode::Test => "test",
    };
    let changes = if launch.read_only { "read-only" } else { "may change sessions" };
    let says = format!("a {kind} {mode} key of {}, {changes}", profile.source);
    match profile.key_kind {
        KeyKind::Restricted => Check::good("key", &says),
        KeyKind::Secret => Check::warning(
            "key",
            &says,
            "a restricted key that may read and write Identity opens less, and is the only kind that reads birth \
             dates and numbers; make one in the Dashboard, under Developers, API keys",
        ),
    }
}

/// The rest of this machine.
pub(super) fn checks(env: &Env, launch: Option<&Launch>) -> Vec<Check> {
    let choice = launch.map(|launch| launch.settings.clipboard).unwrap_or_default();
    vec![memory(), terminal(env), clipboard(&mut Clipboard::new(choice, env), env)]
}

fn memory() -> Check {
    let closed = match hygiene::is_unreadable() {
        Some(true) => ", and other programs cannot read the memory",
        _ => "",
    };
    match hygiene::writes_no_dump() {
        Some(true) => Check::good("memory", &format!("no core dumps{closed}")),
        Some(false) => Check::warning(
            "memory",
            "this system does not let vetty switch core dumps off, and a dump would hold keys and personal data",
            "switch core dumps off for this login: ulimit -c 0",
        ),
        None => Check::skipped("memory", "this system does not tell about core dumps"),
    }
}

fn terminal(env: &Env) -> Check {
    let term = env.get("TERM").unwrap_or("not set");
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Check::skipped(
            "terminal",
            "not looked at: input or output is none here, and the dashboard needs one",
        );
    }
    if term == "dumb" {
        let to_do = Some("set TERM to what the terminal is, such as xterm-256color");
        return Check::problem("terminal", WRONG_USAGE, "TERM=dumb: it cannot move its cursor", to_do);
    }
    let colours = match ColourDepth::detect(env) {
        ColourDepth::True => "every colour",
        ColourDepth::Indexed => "256 colours",
        ColourDepth::Sixteen => "16 colours",
    };
    let (size, small) = match size() {
        Some((cols, rows)) => (format!("{cols}×{rows}, "), cols < COMFORTABLE.0 || rows < COMFORTABLE.1),
        None => (String::new(), false),
    };
    let says = format!("{size}{term}, {colours}");
    if small {
        let (cols, rows) = COMFORTABLE;
        return Check::warning("terminal", &says, &format!("make it {cols}×{rows} or larger"));
    }
    if speaks_utf8(env) {
        return Check::good("terminal", &says);
    }
    Check::warning(
        "terminal",
        &format!("{says}; the locale is not UTF-8"),
        "set LANG to a UTF-8 locale, such as C.UTF-8",
    )
}

#[cfg(unix)]
fn size() -> Option<(u16, u16)> {
    rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| (size.ws_col, size.ws_row))
}

#[cfg(not(unix))]
const fn size() -> Option<(u16, u16)> {
    None
}

/// As POSIX has it: the first of these that is set decides.
fn speaks_utf8(env: &Env) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env.get(name));
    let is_utf8 = |locale: &str| locale.to_ascii_lowercase().replace('-', "").contains("utf8");
    cfg!(windows) || locale.is_some_and(is_utf8)
}

fn clipboard(clipboard: &mut Clipboard, env: &Env) -> Check {
    let (route, there) = clipboard.first_route();
    if !there {
        return Check::warning(
            "clipboard",
            "the system clipboard cannot be reached",
            "set clipboard = \"osc52\" in the settings to copy through the terminal",
        );
    }
    if route == Route::Tmux && tmux_refuses(env) {
        return Check::warning(
            "clipboard",
            "tmux passes nothing on to the terminal: set-clipboard is off",
            "run: tmux set -s set-clipboard on",
        );
    }
    let hint = match route {
        Route::Osc52 | Route::Screen => "; whether the terminal allows it, it does not tell",
        _ => "",
    };
    Check::good("clipboard", &format!("copies go by {route}{hint}"))
}

/// Whether the tmux around us was told to leave clipboards alone.
fn tmux_refuses(env: &Env) -> bool {
    let mut command = Command::new("tmux");
    env.withhold_keys(&mut command);
    command.args(["show-options", "-sv", "set-clipboard"]).stdin(Stdio::null()).stderr(Stdio::null());
    env.has("TMUX") && command.output().is_ok_and(|output| output.stdout.trim_ascii() == b"off")
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::config::{Flags, resolve};

    fn launch(key: &str, more: &[(&str, &str)]) -> Launch {
        let base = [("HOME", "/home/ann"), ("STRIPE_API_KEY", key)];
        let env: Env = base.into_iter().chain(more.iter().copied()).collect();
        resolve(&Flags::default(), &env, Settings::default()).expect("a launch")
    }

    fn told(check: &Check) -> String {
        serde_json::to_string(check).expect("JSON")
    }

    #[test]
    fn the_key_is_described_and_never_told() {
        let restricted = told(&key(&launch("rk_live_abcdefghijkl", &[])));
        assert!(restricted.contains("a restricted LIVE key of the variable STRIPE_API_KEY, read-only"));
        let secret = told(&key(&launch("sk_test_abcdefghijkl", &[])));
        assert!(secret.contains("a secret test key") && secret.contains("warning"), "{secret}");
        assert!(!format!("{restricted}{secret}").contains("abcdefghijkl"));
        assert!(told(&key(&launch("", &[]))).contains("its own sandbox"));
    }

    #[test]
    fn the_locale_is_that_of_the_first_variable() {
        let utf8 = |vars: &[(&str, &str)]| speaks_utf8(&vars.iter().copied().collect());
        assert!(utf8(&[("LANG", "de_DE.UTF-8")]));
        assert!(utf8(&[("LC_ALL", "C.utf8"), ("LANG", "C")]));
        assert!(!utf8(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]));
        assert!(!utf8(&[]));
    }
}
