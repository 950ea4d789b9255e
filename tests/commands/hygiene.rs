//! Keys stay inside the process: not in what it prints of itself, not in its children, not in dumps, not for others.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use vetty::client::{Client, ClientSettings};
use vetty::config::{Env, Flags, Key, Settings, offers, resolve};

use crate::support::process::{ARGS, SandboxProcess};
use crate::support::screen::Screen;
use crate::support::vetty;

const KEY: &str = "rk_live_abcdefghijkl";
const TELLING: &str = "abcdefghijkl";

#[test]
fn nothing_that_holds_a_key_prints_it() {
    let env = Env::from_iter([("HOME", "/home/ann"), ("STRIPE_API_KEY", KEY), ("OTHER", KEY)]);
    let settings =
        Settings::parse("[profiles.a]\nkey_env = 'OTHER'\n", Path::new("settings.toml")).expect("settings");
    let flags = Flags::default();
    let launch = resolve(&flags, &env, settings.clone()).expect("a launch");
    let vetty::config::Target::Api(profile) = launch.target.clone() else { panic!("no API") };
    let key = Key::parse(KEY).expect("a key");
    let client = Client::new(profile.api_base.clone(), profile.key.clone(), ClientSettings::default());
    let printed = format!(
        "{env:?} {launch:?} {profile:#?} {key:?} {client:?} {:?} {:?}",
        profile.key,
        offers(&flags, &env, &settings)
    );
    assert!(printed.contains("STRIPE_API_KEY") && !printed.contains(TELLING), "{printed}");
    for wrong in ["sk_live_abcdefghijkl mnop", "pk_live_abcdefghijkl", "'rk_live_abcdefghijkl'"] {
        let problem = Key::parse(wrong).expect_err("no key");
        assert!(!format!("{problem} {problem:?}").contains(TELLING));
    }
}

/// A program called `name` in `folder` that tells its environment through the pipe of the same name.
fn telling(folder: &Path, name: &str) -> mpsc::Receiver<String> {
    let pipe = folder.join(format!("{name}.pipe"));
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    let program = folder.join(name);
    // Only the first time: nobody listens to a second.
    let script = format!(
        "#!/bin/sh\n[ -t 0 ] || cat >/dev/null\nmv '{0}' '{0}.told' 2>/dev/null || exit 1\nenv >'{0}.told'\n",
        pipe.display()
    );
    fs::write(&program, script).expect("a program");
    fs::set_permissions(&program, Permissions::from_mode(0o755)).expect("permissions");
    let (sender, told) = mpsc::channel();
    std::thread::spawn(move || sender.send(fs::read_to_string(pipe).expect("the pipe")));
    told
}

#[cfg(feature = "sandbox")]
#[test]
fn programs_that_are_started_get_no_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let (browser, tmux) = (telling(folder.path(), "xdg-open"), telling(folder.path(), "tmux"));
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").expect("a path"));
    let options = vetty()
        .args(["--sandbox"])
        .env("PATH", &path)
        .env("STRIPE_API_KEY", KEY)
        .env("STRIPE_LIVE_KEY", KEY)
        .env("MARK", "here")
        .env("TMUX", "/tmp/tmux-0/default,1,0")
        .env("DISPLAY", ":4711");
    let screen = Screen::start(&options);
    screen.wait_for("All 400 ");
    screen.press("/").type_text("not submitted").press("Enter").wait_for("○ not submitted");
    let deadline = Duration::from_mins(1);
    screen.press("o");
    let told =
        browser.recv_timeout(deadline).unwrap_or_else(|_| panic!("no browser:\n{}", screen.contents()));
    assert!(told.contains("MARK=here"), "{told}");
    assert!(!told.contains(TELLING) && !told.contains("STRIPE_"), "{told}");
    screen.press("y");
    let told = tmux.recv_timeout(deadline).unwrap_or_else(|_| panic!("no tmux:\n{}", screen.contents()));
    assert!(told.contains("MARK=here"), "{told}");
    assert!(!told.contains(TELLING) && !told.contains("STRIPE_"), "{told}");
    screen.press("q");
    screen.exit_status();
}

/// A child that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// As somebody who is not the administrator: the administrator may read everything.
fn as_anybody(command: &mut Command) -> &mut Command {
    let root = fs::metadata("/proc/self").expect("this process").uid() == 0;
    if root { command.uid(65_534).gid(65_534) } else { command }
}

/// The binary, where anybody may run it.
fn for_anybody(folder: &Path) -> PathBuf {
    fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("permissions");
    let (built, here) = (Path::new(env!("CARGO_BIN_EXE_vetty")), folder.join("vetty"));
    if fs::hard_link(built, &here).is_err() {
        fs::copy(built, &here).expect("a copy");
    }
    here
}

fn environment_of(process: u32) -> std::process::Output {
    let mut cat = Command::new("cat");
    as_anybody(cat.arg(format!("/proc/{process}/environ"))).output().expect("cat runs")
}

#[cfg(all(target_os = "linux", feature = "sandbox"))]
#[test]
fn the_memory_is_neither_dumped_nor_read_by_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = for_anybody(folder.path());
    let mut command = Command::new(binary);
    command.args(ARGS).args(["--people", "0"]).env("MARK", "here");
    as_anybody(&mut command);
    let vetty = SandboxProcess::spawn(command);

    let limits = fs::read_to_string(format!("/proc/{}/limits", vetty.id())).expect("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");

    let refused = environment_of(vetty.id());
    assert!(!refused.status.success() && refused.stdout.is_empty(), "{refused:?}");
    // The same of a program that did not close itself up, so that it is not the test that cannot read.
    let mut open = Command::new("cat");
    as_anybody(open.env("MARK", "here")).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut open = Running(open.spawn().expect("cat runs"));
    let told = environment_of(open.0.id());
    assert!(String::from_utf8_lossy(&told.stdout).contains("MARK=here"), "{told:?}");
    open.0.stdin.take().expect("a pipe").write_all(b"").expect("it still reads");
}
