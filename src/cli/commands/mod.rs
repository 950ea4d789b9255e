//! `vetty sessions` and `vetty reports`: the work of the dashboard without a screen, for scripts and screen readers.
//!
//! Results go to standard output and nothing else does; everything else is a sentence on standard error. Imported by
//! `cli` only.

mod api;
mod args;
mod bulk;
mod change;
mod confirm;
mod each;
mod failure;
mod flags;
mod ids;
mod printer;
mod read;
mod url;
mod values;

use crate::config::Flags;

use super::{DONE, complain};
use api::Api;
pub(super) use args::{ReportsArgs, SessionsArgs};
use args::{ReportsCommand, SessionsCommand};
use failure::{Failure, Stop};
pub(super) use flags::Connect;

/// Runs `vetty sessions`, and says how it ended. `before` are the flags that stand before the command.
pub(super) fn sessions(args: &SessionsArgs, before: Flags) -> u8 {
    run(&args.connect, before, async |api| match &args.command {
        SessionsCommand::List(args) => read::list_sessions(api, args).await,
        SessionsCommand::Get(args) => read::get_sessions(api, args).await,
        SessionsCommand::Create(args) => change::create(api, args).await,
        SessionsCommand::Update(args) => change::update(api, args).await,
        SessionsCommand::Cancel(args) => change::cancel(api, args).await,
        SessionsCommand::Redact(args) => change::redact(api, args).await,
        SessionsCommand::Url(args) => url::url(api, args).await,
    })
}

/// Runs `vetty reports`, and says how it ended. `before` are the flags that stand before the command.
pub(super) fn reports(args: &ReportsArgs, before: Flags) -> u8 {
    run(&args.connect, before, async |api| match &args.command {
        ReportsCommand::List(args) => read::list_reports(api, args).await,
        ReportsCommand::Get(args) => read::get_reports(api, args).await,
    })
}

fn run(connect: &Connect, before: Flags, work: impl AsyncFnOnce(&Api) -> Result<u8, Stop>) -> u8 {
    match attempt(connect, before, work) {
        Ok(code) => code,
        Err(Stop::Closed) => DONE,
        Err(Stop::Failed(failure)) => {
            complain(&failure);
            failure.code
        }
    }
}

fn attempt(
    connect: &Connect,
    before: Flags,
    work: impl AsyncFnOnce(&Api) -> Result<u8, Stop>,
) -> Result<u8, Stop> {
    let (launch, env) = Api::settle(connect, before)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::unreachable(format!("The program could not start: {error}.")))?;
    let ended = runtime.block_on(async {
        let api = Api::open(launch, env).await?;
        work(&api).await
    });
    // An embedded sandbox is not waited for.
    runtime.shutdown_background();
    ended
}
