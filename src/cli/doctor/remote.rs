//! What only the API can tell: whether it answers, what this key may do, and how far the clocks are apart.

use std::time::Duration;

use super::report::Check;
use crate::app::Problem;
use crate::cli::{REFUSED, UNREACHABLE, dashboard};
use crate::client::{Client, ClientSettings, Error, IdempotencyKey};
use crate::clock::Timestamp;
use crate::config::{KeyKind, Launch, Profile, Target};
use crate::identity::SessionId;
use crate::identity::params::{Created, ListReports, ListSessions, Paging};

/// A difference of clocks up to this, in seconds, is the way of the reply.
const SAME_TIME: i64 = 5;

/// Lists are asked for what was created after this: the year 2100. They are empty, and nobody's data travels.
const NOBODY_YET: Timestamp = Timestamp::from_secs(4_102_444_800);

/// A session that does not exist, to ask for a change of. The API looks at the key first and at the id then.
const NO_SESSION: &str = "vs_vettyDoctorAsksForNone";

/// Asks, and tells.
pub(super) fn checks(launch: &Launch) -> Vec<Check> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let Ok(runtime) = runtime else {
        return vec![Check::problem("network", UNREACHABLE, "no thread could be started", None)];
    };
    let found = runtime.block_on(async {
        match &launch.target {
            Target::Api(profile) => ask(profile, launch.read_only).await,
            Target::EmbeddedSandbox => match dashboard::embedded().await {
                Ok(api) => {
                    let found = ask(&api.profile, launch.read_only).await;
                    drop(api.keep);
                    found
                }
                Err(error) => vec![Check::problem("network", UNREACHABLE, Problem::from(error).text(), None)],
            },
        }
    });
    runtime.shutdown_background();
    found
}

async fn ask(profile: &Profile, read_only: bool) -> Vec<Check> {
    let settings = ClientSettings { timeout: Duration::from_secs(10), tries: 1, ..ClientSettings::default() };
    let client = match Client::new(profile.api_base.clone(), profile.key.clone(), settings) {
        Ok(client) => client,
        Err(error) => return vec![Check::problem("network", UNREACHABLE, &error.to_string(), None)],
    };
    let sessions = client.list_sessions(&no_sessions()).await.map(drop);
    let host = profile.api_base.host();
    let mut found = Vec::new();
    match &sessions {
        Err(error) if error.api().is_none() => return vec![failed("network", UNREACHABLE, error)],
        Err(error) if error.status() == Some(401) => {
            found.push(Check::good("network", &format!("{host} answers")));
            found.push(failed("permissions", REFUSED, error));
            found.push(clock(&client));
            return found;
        }
        _ => found.push(Check::good("network", &format!("{host} answers"))),
    }
    found.push(may("sessions", "sessions can be read", sessions));
    let reports = client.list_reports(&no_reports()).await.map(drop);
    found.push(may("reports", "reports can be read", reports));
    found.push(changes(&client, read_only).await);
    found.push(sensitive(profile.key_kind));
    found.push(clock(&client));
    found
}

fn no_sessions() -> ListSessions {
    let paging = Paging { limit: Some(1), ..Paging::default() };
    ListSessions { paging, created: nobody_yet(), ..ListSessions::default() }
}

fn no_reports() -> ListReports {
    let paging = Paging { limit: Some(1), ..Paging::default() };
    ListReports { paging, created: nobody_yet(), ..ListReports::default() }
}

fn nobody_yet() -> Created {
    Created { gt: Some(NOBODY_YET), ..Created::default() }
}

fn may(check: &'static str, says: &str, answer: Result<(), Error>) -> Check {
    match answer {
        Ok(()) => Check::good(check, says),
        Err(error) if error.api().is_some() => failed(check, REFUSED, &error),
        Err(error) => failed(check, UNREACHABLE, &error),
    }
}

/// Whether this key may change sessions: asks to cancel one that does not exist. A key that may is told so; one that
/// may not is refused for its permissions. Where changes are switched off nothing is asked.
async fn changes(client: &Client, read_only: bool) -> Check {
    if read_only {
        return Check::skipped("changes", "not asked: this profile is read-only here");
    }
    let answer = client.cancel_session(&SessionId::new(NO_SESSION), &IdempotencyKey::fresh()).await;
    match answer {
        Err(error) if error.status() == Some(404) => Check::good("changes", "sessions can be changed"),
        Err(error) if error.status() == Some(403) => Check::warning(
            "changes",
            &format!("this key may not change sessions: {}", error.summary()),
            "give the key permission to write Identity, or work with --read-only",
        ),
        Err(error) if error.api().is_some() => failed("changes", REFUSED, &error),
        Err(error) => failed("changes", UNREACHABLE, &error),
        Ok(_) => Check::problem(
            "changes",
            REFUSED,
            "the API canceled a session that cannot exist",
            Some("check the API base: this is no Identity API"),
        ),
    }
}

/// Only told from the key: asking would fetch somebody's data.
fn sensitive(kind: KeyKind) -> Check {
    match kind {
        KeyKind::Restricted => Check::skipped(
            "sensitive",
            "birth dates and numbers are asked for on reveal only; the API tells then",
        ),
        KeyKind::Secret => {
            Check::skipped("sensitive", "a secret key reads no birth dates and numbers; a restricted one may")
        }
    }
}

fn clock(client: &Client) -> Check {
    match client.clock_ahead() {
        None => Check::skipped("clock", "the API does not tell its time"),
        Some(ahead) if ahead.abs() <= SAME_TIME => Check::good("clock", "the clocks agree"),
        Some(ahead) => {
            let way = if ahead > 0 { "slow" } else { "fast" };
            let says = format!("this machine's clock is {} s {way}", ahead.abs());
            Check::warning("clock", &says, "set the clock: ages and times on screen are wrong by as much")
        }
    }
}

fn failed(check: &'static str, code: u8, error: &Error) -> Check {
    let request = error.request_id().map(|id| format!(" (request {id})")).unwrap_or_default();
    Check::problem(check, code, &format!("{}{request}", error.summary()), Some(error.hint()))
}
