//! `vetty sessions url`, and the link of a new session.

use std::borrow::Cow;

use serde_json::json;

use super::api::Api;
use super::args::UrlArgs;
use super::each::{Halt, each};
use super::failure::{Failure, Stop};
use super::flags::FormatChoice;
use super::ids::{self, SESSION};
use super::printer::{print, remark};
use crate::export;
use crate::identity::lifecycle::{self, Act, State};
use crate::identity::{Session, SessionId};
use crate::text::clean;

/// What a person has to know about a hosted URL.
const HINT: &str =
    "It lives for 48 hours and works once. Whoever has it can submit: give it to that person only.";

/// `vetty sessions url`.
pub(super) async fn url(api: &Api, args: &UrlArgs) -> Result<u8, Stop> {
    let ids: Vec<SessionId> =
        ids::read(&args.ids.ids, SESSION)?.iter().map(|id| SessionId::new(id)).collect();
    let single = !ids::from_stdin(&args.ids.ids) && ids.len() == 1;
    let ask = |id: SessionId| async move {
        let session = api.client().retrieve_session(&id, &[]).await?.value;
        link(&session).map(|url| (session.id.to_string(), url))
    };
    let mut count = 0;
    if args.format == FormatChoice::Csv {
        print(&export::csv_line(["id", "url"].map(Cow::Borrowed).into_iter()))?;
    }
    let show = async |(id, url): (String, String)| {
        count += 1;
        print(&line(args.format, single, count, &id, &url))
    };
    let halt = Halt::default();
    let tally = each(&ids, "read", &halt, ask, show).await;
    let ended = tally.conclude("read", &halt, false)?;
    if args.format == FormatChoice::Json && !single {
        print(if count > 0 { "\n]\n" } else { "[]\n" })?;
    }
    if count > 0 {
        remark(HINT);
    }
    Ok(ended)
}

/// Prints the link of a session that was just made.
pub(super) fn print_link(session: &Session) -> Result<(), Stop> {
    print(&format!("{}\n", link(session)?))?;
    remark(HINT);
    Ok(())
}

fn line(format: FormatChoice, single: bool, count: usize, id: &str, url: &str) -> String {
    let object = || json!({ "id": id, "url": url });
    match format {
        FormatChoice::Table if single => format!("{url}\n"),
        FormatChoice::Table => format!("{id}  {url}\n"),
        FormatChoice::Csv => export::csv_line([id, url].map(Cow::Borrowed).into_iter()),
        FormatChoice::Jsonl => format!("{}\n", object()),
        FormatChoice::Json if single => format!("{:#}\n", object()),
        FormatChoice::Json => {
            let begin = if count == 1 { "[" } else { "," };
            format!("{begin}\n  {}", object())
        }
    }
}

/// The session's hosted URL.
fn link(session: &Session) -> Result<String, Failure> {
    let id = &session.id;
    let Some(url) = &session.url else {
        return Err(Failure::refused(match lifecycle::judge(&State::from(session), Act::Link) {
            Err(refusal) => format!("Session {id} has no URL: {}.", refusal.because()),
            Ok(_) => format!("The API gave no URL for session {id}. Try again."),
        }));
    };
    let url = url.expose();
    let is_link = url.starts_with("https://") || url.starts_with("http://");
    if !is_link || clean(url) != url || url.contains(' ') {
        return Err(Failure::unreachable(format!(
            "The URL that came for session {id} holds characters that no link has. It is not shown."
        )));
    }
    Ok(url.to_owned())
}
