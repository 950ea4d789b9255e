//! `vetty`: the dashboard, from flags to the first frame, and from quitting to the shell.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::mpsc;

use crate::actions::Keymap;
use crate::app::{Connection, Model, Problem};
use crate::blocking::{self, Ending};
use crate::client::{Client, ClientSettings};
use crate::config::{self, Env, Flags, Launch, Mode, Profile, Target};
use crate::journal::{self, AUDIT, Journal, OUTBOX, Outbox};
use crate::terminal;
use crate::terminal::guard::TerminalGuard;
use crate::worker::{self, Changer, Connected, Recorder};

use super::args::DashboardArgs;
use super::connect_error::ConnectError;
use super::switch;
use super::{DONE, UNREACHABLE, WRONG_USAGE, complain};

/// How many invented sessions a sandbox begins with.
#[cfg(feature = "sandbox")]
pub(super) const PEOPLE: usize = 400;

/// Which people are invented unless somebody asks for others.
#[cfg(feature = "sandbox")]
pub(super) const SEED: u64 = 1;

pub(super) type Connecting = Pin<Box<dyn Future<Output = Result<Connected, Problem>> + Send>>;

/// Runs the dashboard, and says how it ended.
pub(super) fn run(args: &DashboardArgs) -> u8 {
    let env = Env::from_process();
    let launch = match config::load(&args.flags(), &env) {
        Ok(launch) => launch,
        Err(error) => {
            complain(error);
            return WRONG_USAGE;
        }
    };
    let keymap = match Keymap::with(&launch.settings.keys) {
        Ok(keymap) => keymap,
        Err(error) => {
            let path = launch.settings.path.as_deref().map(|path| format!("{}: ", path.display()));
            complain(format_args!("{}{error}", path.unwrap_or_default()));
            return WRONG_USAGE;
        }
    };
    let ended = start(launch, keymap, env, args.flags());
    if let Some(signal) = terminal::ending::cause() {
        // What fails on a terminal that is gone or takes no more is no news then.
        return u8::try_from(terminal::ending::end_by(signal)).unwrap_or(UNREACHABLE);
    }
    match ended {
        Ok(()) => DONE,
        Err(Stop::NoTerminal(error)) => {
            complain(error);
            WRONG_USAGE
        }
        Err(Stop::Lost(error)) => {
            complain(format_args!("the terminal is gone: {error}"));
            UNREACHABLE
        }
    }
}

enum Stop {
    NoTerminal(terminal::guard::StartError),
    Lost(std::io::Error),
}

fn start(launch: Launch, keymap: Keymap, env: Env, flags: Flags) -> Result<(), Stop> {
    let settings = switch::app_settings(&launch);
    let look = switch::look(&launch, &env);
    let clipboard = launch.settings.clipboard;
    let guard = TerminalGuard::enter(&env, settings.mouse).map_err(Stop::NoTerminal)?;
    let size = guard.size().map_err(Stop::Lost)?;
    let clocks = terminal::Clocks::start();
    let mut model = Model::new(settings, keymap, size, clocks.now());
    model.profile = switch::name_of(&launch);
    model.profiles = switch::profiles(&flags, &env, &launch.settings);
    model.export_folder =
        std::env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
    model.run = rand::random();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // One thread draws and one asks; more would mostly cost memory.
        .worker_threads(1)
        .thread_keep_alive(std::time::Duration::from_secs(1))
        .enable_all()
        .build()
        .map_err(Stop::Lost)?;
    let ended = runtime.block_on(async {
        let (messages, replies) = mpsc::unbounded_channel();
        let switch = switch::switch(launch.settings.clone(), flags, env.clone());
        let (tasks, _worker) = worker::spawn(connect(launch, env.clone()), messages);
        terminal::run((guard, clocks), &mut model, &look, (clipboard, env), (tasks, replies), switch).await
    });
    // Requests that nobody waits for any more are not waited for either.
    runtime.shutdown_background();
    let kept = model.unsent_jobs().len() + model.left_jobs().count();
    if kept > 0 {
        let what = if kept == 1 { "1 change was".to_owned() } else { format!("{kept} changes were") };
        complain(format_args!("{what} not sent in full; the next start asks about it"));
    }
    ended.map_err(Stop::Lost)
}

/// Makes the other side ready to be asked.
pub(super) fn connect(launch: Launch, env: Env) -> Connecting {
    Box::pin(async move {
        let operator = env.get("USER").or_else(|| env.get("LOGNAME")).unwrap_or("unknown").to_owned();
        let state = launch.folders.state;
        let open =
            move || Ok::<_, Ending>((Journal::open(&state.join(AUDIT)), Outbox::open(&state.join(OUTBOX))));
        let (journal, outbox) = blocking::run(open).await.map_err(ConnectError::from)?;
        let is_embedded = matches!(launch.target, Target::EmbeddedSandbox);
        let api = match launch.target {
            Target::EmbeddedSandbox => embedded().await?,
            Target::Api(profile) => api(profile),
        };
        let client =
            Client::new(api.profile.api_base.clone(), api.profile.key.clone(), ClientSettings::default())
                .map_err(ConnectError::from)?;
        let base = client.base().clone();
        let live = api.profile.mode == Mode::Live;
        let sandbox = !live && is_sandbox(&api.profile).await;
        // Two accounts of the same service have the same host: the profile tells them apart.
        let name = api.profile.name.as_str();
        let label = if launch.settings.profiles.contains_key(name) {
            format!("{name} · {}", base.host())
        } else {
            base.host().to_owned()
        };
        let connection = Connection { label, live, sandbox };
        let mode = if live { journal::Mode::Live } else { journal::Mode::Test };
        let recorder = Recorder::new(journal, &operator, api.profile.name.as_str(), mode);
        // The embedded sandbox has another port in every run, and is the same place all the same.
        let host = if is_embedded { "sandbox" } else { base.host() };
        let changer = Changer::new(client, recorder, outbox, host)
            .with_reason_key(launch.settings.reason_metadata_key.as_deref());
        Ok(Connected { changer, connection, keep: api.keep })
    })
}

/// Whether vetty's own sandbox answers there. Asks once and briefly: the lists tell what is wrong with an address.
async fn is_sandbox(profile: &Profile) -> bool {
    let limit = std::time::Duration::from_secs(2);
    let settings =
        ClientSettings { connect_timeout: limit, timeout: limit, tries: 1, ..ClientSettings::default() };
    match Client::new(profile.api_base.clone(), profile.key.clone(), settings) {
        // What does not answer may be a way to somewhere else: only what says that it is a sandbox is called one.
        Ok(client) => client.is_sandbox().await.unwrap_or(false),
        Err(_) => false,
    }
}

/// An API to ask, and what has to live as long as it is asked.
pub(super) struct Api {
    pub(super) profile: Profile,
    pub(super) keep: Box<dyn std::any::Any + Send + Sync>,
}

fn api(profile: Profile) -> Api {
    Api { profile, keep: Box::new(()) }
}

/// Starts the sandbox inside this process, on a free port.
#[cfg(feature = "sandbox")]
pub(super) async fn embedded() -> Result<Api, ConnectError> {
    use crate::config::{ApiBase, KeyKind};
    use crate::sandbox::{self, Database, Scenario, Settings};
    use crate::text::Clean;

    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = Settings {
        listen,
        expose_as: Vec::new(),
        database: Database::Memory,
        people: PEOPLE,
        seed: SEED,
        api_version: sandbox::ApiVersion::default(),
        scenario: Scenario::default(),
        redaction_seconds: Settings::REDACTION_SECONDS,
        webhooks: sandbox::Webhooks::default(),
        keep_alive: Settings::KEEP_ALIVE,
    };
    let running = sandbox::start(settings).await?;
    let api_base =
        ApiBase::parse(&running.api_base(), "the sandbox").map_err(ConnectError::SandboxAddress)?;
    let profile = Profile {
        name: Clean::new("sandbox"),
        api_base,
        // Invented people go back a month, and all of them can be looked at.
        key: running.ip_restricted_key(),
        key_kind: KeyKind::Restricted,
        mode: Mode::Test,
        source: "the sandbox".to_owned(),
    };
    Ok(Api { profile, keep: Box::new(running) })
}

/// This build has no sandbox; the settings say so before it comes to this.
#[cfg(not(feature = "sandbox"))]
pub(super) fn embedded() -> std::future::Ready<Result<Api, ConnectError>> {
    std::future::ready(Err(ConnectError::NoSandbox))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ApiBase, KeyKind};
    use crate::privacy::Secret;
    use crate::text::Clean;

    #[tokio::test]
    async fn what_does_not_say_that_it_is_a_sandbox_is_called_none() {
        // A port that was free a moment ago and is closed again.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let profile = Profile {
            name: Clean::new("desk"),
            api_base: ApiBase::parse(&format!("http://{address}"), "a test").expect("an address"),
            key: Secret::new("sk_test_abcdefghijkl".into()),
            key_kind: KeyKind::Secret,
            mode: Mode::Test,
            source: "a test".to_owned(),
        };
        assert!(!is_sandbox(&profile).await);
    }
}
