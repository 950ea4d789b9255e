//! Questions before a session is canceled or redacted. Where nobody can be asked, flags have to answer.

use std::io::{self, BufRead as _, Write as _};

use super::api::Api;
use super::args::{CancelArgs, ReasonArgs, RedactArgs};
use super::failure::Failure;
use super::ids;
use super::printer::can_ask;
use crate::config::ReasonChoice;
use crate::export::Record;
use crate::identity::SessionId;
use crate::journal::{Note, Reason, Word};
use crate::privacy::Sight;
use crate::text::clean;

/// What is said when nothing was confirmed.
const NOTHING: &str = "Nothing was sent.";

/// Whether a person answers: standard input is a terminal and is not needed for ids.
fn asks(ids: &[String]) -> bool {
    can_ask() && !ids::from_stdin(ids)
}

/// Confirms a cancel.
pub(super) fn cancel(api: &Api, args: &CancelArgs, ids: &[SessionId]) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    let what = named(ids);
    if !asks(&args.ids.ids) {
        return Err(Failure::usage(format!("To cancel {what} without being asked, add --yes. {NOTHING}")));
    }
    say(&format!("{}Cancel {what}? Nothing more can be submitted then.", live(api)));
    match ask("Type yes to go on: ")?.as_str() {
        "yes" | "y" => Ok(()),
        _ => Err(declined()),
    }
}

/// Confirms a redaction: by the last four characters of every id, or by the count of many.
pub(super) async fn redact(api: &Api, args: &RedactArgs, ids: &[SessionId]) -> Result<(), Failure> {
    if let Some(count) = args.confirm_count {
        return match ids.len() {
            1 => Err(Failure::usage(format!(
                "One session is confirmed by the last four characters of its id: --confirm. {NOTHING}"
            ))),
            there if there == count => Ok(()),
            there => Err(Failure::usage(format!(
                "--confirm-count says {count}, and there are {there} sessions. {NOTHING}"
            ))),
        };
    }
    if !args.confirm.is_empty() {
        return confirmed(&args.confirm, ids);
    }
    if !asks(&args.ids.ids) {
        let flag = if ids.len() == 1 {
            "--confirm with the last four characters of its id".to_owned()
        } else {
            format!("--confirm-count {}", ids.len())
        };
        return Err(Failure::usage(format!(
            "To redact {} without being asked, add {flag}. {NOTHING}",
            named(ids)
        )));
    }
    say(&format!("{}Redact {} for good? This cannot be undone.", live(api), named(ids)));
    if let [id] = ids {
        describe(api, id).await?;
        let typed = ask("Type the last four characters of its id: ")?;
        return if typed == id.last_four() { Ok(()) } else { Err(declined()) };
    }
    let typed = ask(&format!("Type how many sessions they are ({}): ", ids.len()))?;
    if typed == ids.len().to_string() { Ok(()) } else { Err(declined()) }
}

/// Whether `given` confirms each of `ids`, and nothing else.
fn confirmed(given: &[String], ids: &[SessionId]) -> Result<(), Failure> {
    if let Some(id) = ids.iter().find(|id| !given.iter().any(|last| last == id.last_four())) {
        return Err(Failure::usage(format!(
            "--confirm does not have the last four characters of {id}. {NOTHING}"
        )));
    }
    match given.iter().find(|last| !ids.iter().any(|id| id.last_four() == **last)) {
        Some(last) => {
            let last = clean(last);
            Err(Failure::usage(format!("--confirm {last}: no id given here ends so. {NOTHING}")))
        }
        None => Ok(()),
    }
}

/// Why, from the flags or from the person.
pub(super) fn reason(
    api: &Api,
    args: &ReasonArgs,
    (verb, ids): (&str, &[SessionId]),
    given: &[String],
) -> Result<Option<Reason>, Failure> {
    let choices = api.reasons();
    if choices.is_empty() && args.reason.is_none() {
        return Ok(None);
    }
    let codes = choices.iter().map(|choice| choice.code.as_str()).collect::<Vec<_>>().join(", ");
    let Some(code) = &args.reason else {
        if !asks(given) {
            return Err(Failure::usage(format!("Say why with --reason: {codes}. {NOTHING}")));
        }
        say(&format!("{}Why {verb} {}?", live(api), named(ids)));
        return ask_reason(choices).map(Some);
    };
    let Some(choice) = choices.iter().find(|choice| choice.code == *code) else {
        let code = clean(code);
        return Err(Failure::usage(format!("There is no reason `{code}`; there are {codes}. {NOTHING}")));
    };
    let note = args.note.as_deref().and_then(Note::new);
    if choice.note && note.is_none() {
        return Err(Failure::usage(format!("The reason `{code}` wants a --note. {NOTHING}")));
    }
    Ok(Some(Reason { code: Word::new(code), note }))
}

fn ask_reason(choices: &[ReasonChoice]) -> Result<Reason, Failure> {
    for (number, choice) in (1..).zip(choices) {
        say(&format!("  {number}  {}", choice.title));
    }
    let typed = ask(&format!("1 to {}: ", choices.len()))?;
    let number = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let choice = number.and_then(|at| choices.get(at)).or_else(|| choices.iter().find(|c| c.code == typed));
    let choice = choice.ok_or_else(declined)?;
    let note =
        if choice.note { Some(Note::new(&ask("In your own words: ")?).ok_or_else(declined)?) } else { None };
    Ok(Reason { code: Word::new(&choice.code), note })
}

/// What is about to be redacted, masked, so that a person sees whether it is the right one.
async fn describe(api: &Api, id: &SessionId) -> Result<(), Failure> {
    let session = api.client().retrieve_session(id, &["verified_outputs"]).await?.value;
    let record = Record::session(&session, None, api.lens(Sight::Masked));
    let facts = ["status", "type", "name", "client_reference_id", "created"];
    let facts: Vec<String> = facts.into_iter().filter_map(|name| record.fact(name)).collect();
    say(&format!("  {}", facts.join(" · ")));
    Ok(())
}

fn named(ids: &[SessionId]) -> String {
    match ids {
        [id] => format!("session {id}"),
        many => format!("{} sessions", many.len()),
    }
}

fn live(api: &Api) -> &'static str {
    if api.is_live() { "LIVE, a real person: " } else { "" }
}

fn declined() -> Failure {
    Failure::usage(format!("It was not confirmed. {NOTHING}"))
}

fn say(text: &str) {
    // Standard error is the terminal that the person reads.
    let _ = writeln!(io::stderr(), "{text}");
}

fn ask(question: &str) -> Result<String, Failure> {
    let mut err = io::stderr();
    let _ = write!(err, "{question}").and_then(|()| err.flush());
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(read) if read > 0 => Ok(line.trim().to_owned()),
        _ => {
            let _ = writeln!(err);
            Err(declined())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_confirmed_and_nothing_else_is() {
        let ids = ["vs_1aaaa", "vs_1bbbb"].map(SessionId::new);
        let given = |given: &[&str]| {
            let given: Vec<String> = given.iter().map(|last| (*last).to_owned()).collect();
            confirmed(&given, &ids).map_err(|failure| failure.to_string())
        };
        assert_eq!(given(&["bbbb", "aaaa"]), Ok(()));
        assert_eq!(
            given(&["aaaa"]),
            Err("--confirm does not have the last four characters of vs_1bbbb. Nothing was sent.".into())
        );
        assert_eq!(
            given(&["aaaa", "bbbb", "cccc"]),
            Err("--confirm cccc: no id given here ends so. Nothing was sent.".into())
        );
    }
}
