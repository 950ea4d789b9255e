//! Opens a link in the browser of the person who sits in front, and leaves the screen alone.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use url::Url;

use crate::config::Env;
use crate::privacy::Secret;

/// Why no browser opened. Never contains the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// The text is not a web address.
    #[error("that is not a web address")]
    NotAnAddress,
    /// Anything but `https`, or `http` to this machine.
    #[error("only https:// links are opened, and http:// on this machine")]
    UnsafeScheme,
    /// The browser would open where nobody sits.
    #[error("vetty runs on another machine than yours — copy the link instead")]
    Remote,
    /// No desktop.
    #[error("there is no desktop here to open a browser on — copy the link instead")]
    NoDesktop,
    /// No launcher, or one that failed.
    #[error("no browser could be started — copy the link instead")]
    NoBrowser,
}

/// How long a launcher is watched. One that is at fault fails at once.
const WATCHED: Duration = Duration::from_millis(250);

/// Opens `url`, detached from this process and silent. No key is in the environment of what is started.
///
/// Waits up to a quarter of a second for launchers that fail at once, so do not call it from the thread that draws.
pub fn open(url: &Secret, env: &Env) -> Result<(), BrowserError> {
    let address = check(url.expose())?;
    check_desktop(env)?;
    let started = open::commands(address.as_str()).into_iter().any(|mut launcher| {
        env.withhold_keys(&mut launcher);
        start(launcher)
    });
    if started { Ok(()) } else { Err(BrowserError::NoBrowser) }
}

/// Starts `launcher`, and says whether it went well or still goes on after a quarter of a second.
fn start(mut launcher: Command) -> bool {
    launcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Keys like Ctrl-C go to every program of the terminal's group; the browser is to stay.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut launcher, 0);
    let Ok(mut child) = launcher.spawn() else {
        return false;
    };
    let (ended, end) = mpsc::channel();
    let waiting = std::thread::Builder::new().name("browser".to_owned()).spawn(move || {
        // Nobody listens any more after a quarter of a second, and somebody has to wait for the child.
        let _ = ended.send(child.wait().is_ok_and(|status| status.success()));
    });
    // Explorer's own end says nothing about the link.
    waiting.is_err() || end.recv_timeout(WATCHED).unwrap_or(true) || cfg!(windows)
}

/// The address in its normal form: nothing in it ends a word or begins an option.
fn check(raw: &str) -> Result<Url, BrowserError> {
    let url = Url::parse(raw).map_err(|_| BrowserError::NotAnAddress)?;
    let host = url.host_str().ok_or(BrowserError::UnsafeScheme)?;
    let here = matches!(host, "localhost" | "[::1]") || is_loopback_v4(host);
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => Err(BrowserError::NotAnAddress),
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => Err(BrowserError::UnsafeScheme),
    }
}

fn is_loopback_v4(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

fn check_desktop(env: &Env) -> Result<(), BrowserError> {
    let forwarded = env.has("DISPLAY") || env.has("WAYLAND_DISPLAY");
    if env.is_remote() && !forwarded {
        return Err(BrowserError::Remote);
    }
    // Windows beside this Linux has the browser.
    if env.has_display() || env.has("WSL_DISTRO_NAME") { Ok(()) } else { Err(BrowserError::NoDesktop) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_links_are_opened() {
        assert!(check("https://verify.stripe.com/start/live_abc").is_ok());
        assert!(check("http://127.0.0.1:12120/start/test_abc").is_ok());
        assert!(check("http://localhost:12120/start/test_abc").is_ok());
        assert!(check("http://[::1]:12120/").is_ok());
        for unsafe_link in [
            "http://verify.stripe.com/",
            "http://127.0.0.1.example.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,hi",
            "x-apple.systempreferences:",
        ] {
            assert_eq!(check(unsafe_link), Err(BrowserError::UnsafeScheme), "{unsafe_link}");
        }
        assert_eq!(check("--help"), Err(BrowserError::NotAnAddress));
        assert_eq!(check(""), Err(BrowserError::NotAnAddress));
        assert_eq!(check("https://verify.stripe.com@evil.example/"), Err(BrowserError::NotAnAddress));
    }

    #[test]
    fn what_a_shell_would_obey_is_encoded() {
        let url = check("https://verify.stripe.com/start/a\"b c`d\n?e=\"f").unwrap();
        assert!(!url.as_str().contains(['"', ' ', '`', '\n']), "{url}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nobody_sits_at_a_machine_without_a_desktop() {
        let check = |vars: &[(&str, &str)]| check_desktop(&vars.iter().copied().collect());
        assert_eq!(check(&[]), Err(BrowserError::NoDesktop));
        assert_eq!(check(&[("SSH_CONNECTION", "a b c d")]), Err(BrowserError::Remote));
        assert_eq!(check(&[("SSH_CONNECTION", "a b c d"), ("DISPLAY", "localhost:10.0")]), Ok(()));
        assert_eq!(check(&[("WAYLAND_DISPLAY", "wayland-0")]), Ok(()));
        assert_eq!(check(&[("WSL_DISTRO_NAME", "Debian")]), Ok(()));
    }

    #[cfg(unix)]
    #[test]
    fn a_launcher_that_fails_at_once_is_no_browser() {
        assert!(start(Command::new("true")));
        assert!(!start(Command::new("false")));
        assert!(!start(Command::new("/nowhere/xdg-open")));
    }

    #[test]
    fn errors_do_not_repeat_the_link() {
        let link = Secret::new("http://verify.stripe.com/start/live_abc".to_owned());
        let error = open(&link, &Env::default()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("live_abc"));
    }
}
