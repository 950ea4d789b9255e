//! `vetty sandbox`: serves the Identity API in test mode until it is stopped.

use std::io::Write as _;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use crate::sandbox::{self, Database, Limits, Scenario, ScenarioError, Settings, StartError, Webhooks};

use super::args::{RateLimits, SandboxArgs};
use super::dashboard::{PEOPLE, SEED};
use super::{DONE, StopSignals, UNREACHABLE, WRONG_USAGE, complain};

/// Runs the sandbox, and says how it ended.
pub(super) fn run(args: &SandboxArgs) -> u8 {
    let database = match Database::parse(&args.database) {
        Ok(database) => database,
        Err(error) => {
            complain(format_args!("--database: {error}"));
            return WRONG_USAGE;
        }
    };
    let scenario = match scenario(args) {
        Ok(scenario) => scenario,
        Err(error) => {
            complain(format_args!("--scenario: {error}"));
            return WRONG_USAGE;
        }
    };
    tracing_subscriber::registry().with(fmt::layer().with_writer(std::io::stderr)).with(logged()).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(error);
            return UNREACHABLE;
        }
    };
    let webhooks = Webhooks {
        forward_to: args.forward_to.clone(),
        events: args.forward_event.clone(),
        allow_remote: args.allow_remote_webhooks,
    };
    let settings = Settings {
        listen: args.listen,
        expose_as: args.expose_as.clone(),
        database,
        people: args.people.or(scenario.people).unwrap_or(PEOPLE),
        seed: args.seed.or(scenario.seed).unwrap_or(SEED),
        api_version: args.api_version.clone(),
        scenario,
        redaction_seconds: args.redaction_seconds,
        webhooks,
        keep_alive: Settings::KEEP_ALIVE,
    };
    runtime.block_on(async {
        let mut signals = match StopSignals::notice() {
            Ok(signals) => signals,
            Err(error) => {
                complain(error);
                return UNREACHABLE;
            }
        };
        let started = tokio::select! {
            started = sandbox::start(settings) => started,
            () = signals.wait() => return DONE,
        };
        let running = match started {
            Ok(running) => running,
            Err(error) => {
                let wrong_usage = matches!(
                    error,
                    StartError::Webhooks(_) | StartError::NotLoopback(_) | StartError::NoHost(_)
                );
                complain(error);
                return if wrong_usage { WRONG_USAGE } else { UNREACHABLE };
            }
        };
        // Whoever started us may have closed the pipe already, and serves itself from the log.
        let _ = writeln!(std::io::stdout(), "{}", running.ready_line());
        signals.wait().await;
        running.stop().await;
        DONE
    })
}

/// What is logged: `RUST_LOG` as levels by target, such as `vetty=debug,hyper=warn`; else what matters to everybody.
fn logged() -> Targets {
    let everything = Targets::new().with_default(LevelFilter::INFO);
    match std::env::var("RUST_LOG").ok().filter(|wanted| !wanted.is_empty()).map(|wanted| wanted.parse()) {
        Some(Ok(targets)) => targets,
        Some(Err(error)) => {
            complain(format_args!("RUST_LOG: {error}; the log goes on at level info"));
            everything
        }
        None => everything,
    }
}

/// The scenario that the flags ask for.
fn scenario(args: &SandboxArgs) -> Result<Scenario, ScenarioError> {
    let mut scenario = args.scenario.as_deref().map(Scenario::load).transpose()?.unwrap_or_default();
    match args.rate_limits {
        Some(RateLimits::Real) => scenario.limits = Limits::published(),
        Some(RateLimits::Off) => scenario.limits = Limits::default(),
        None => {}
    }
    Ok(scenario)
}
