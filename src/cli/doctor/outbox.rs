//! The outbox: what earlier runs left to be done.

use std::path::Path;

use super::report::Check;
use crate::cli::{UNREACHABLE, left_over};
use crate::config::{Env, Folders};
use crate::journal::{OUTBOX, Outbox};
use crate::text::Clean;

/// What stands in the outbox, at any place.
pub(super) fn checks(env: &Env) -> Vec<Check> {
    Folders::find(env).map(|folders| outbox(&folders.state.join(OUTBOX))).unwrap_or_default()
}

fn outbox(folder: &Path) -> Vec<Check> {
    let found = match Outbox::overview(folder) {
        Ok(found) => found,
        Err(error) => return vec![Check::problem("outbox", UNREACHABLE, &error.to_string(), None)],
    };
    let mut checks: Vec<Check> = found
        .unreadable
        .iter()
        .map(|entry| {
            let says = format!("{} cannot be read: {}", Clean::new(&entry.name), entry.reason);
            let to_do = format!(
                "it may hold a change that was not sent: look at it in {}, and move it away",
                folder.display()
            );
            Check::warning("outbox", &says, &to_do)
        })
        .collect();
    if let Some(left) = left_over::said(&found) {
        checks.push(Check::warning("outbox", &left, "start vetty: it asks before it sends anything"));
    } else if checks.is_empty() {
        let busy = match found.busy {
            0 => "nothing is left to be done",
            _ => "what is to be done is being worked on",
        };
        checks.push(Check::good("outbox", busy));
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_and_what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = || serde_json::to_string(&outbox(&folder.path().join("outbox"))).expect("JSON");
        assert!(told().contains("nothing is left to be done"));
        std::fs::create_dir_all(folder.path().join("outbox/zzz.jsonl")).expect("a folder");
        assert!(told().contains("zzz.jsonl cannot be read: it is a folder"), "{}", told());
        let single = r#"{"kind":"single","id":"1-0","created":"2026-03-01T12:00:00Z","operator":"ann","profile":"p",
            "host":"h","mode":"test","via":"key:n","action":"create","object":null,"params":[],"key":"k"}"#;
        std::fs::write(folder.path().join("outbox/1-0.jsonl"), single.replace('\n', "") + "\n")
            .expect("a file");
        assert!(
            told().contains("1 change of an earlier run is not finished; whether it happened is not known")
        );
        assert!(told().contains("zzz.jsonl"));
    }
}
