//! The audit: whether its chain holds.

use std::path::Path;

use super::report::Check;
use crate::cli::UNREACHABLE;
use crate::config::{Env, Folders};
use crate::journal::{AUDIT, Journal};

/// Checks the whole chain.
pub(super) fn checks(env: &Env) -> Vec<Check> {
    Folders::find(env).map(|folders| audit(&folders.state.join(AUDIT))).into_iter().collect()
}

fn audit(path: &Path) -> Check {
    let verdict = match Journal::verify(path, None) {
        Ok(verdict) => verdict,
        Err(error) => return Check::problem("audit", UNREACHABLE, &error.to_string(), None),
    };
    if let Some(first) = verdict.breaks.first() {
        let more = verdict.breaks.len() - 1;
        let others = if more == 0 { String::new() } else { format!("; {more} more") };
        return Check::problem(
            "audit",
            UNREACHABLE,
            &format!("the chain is broken: {first}{others}"),
            Some("run vetty audit verify, and keep a copy of the files as they are"),
        );
    }
    let torn = match verdict.torn.len() {
        0 => "",
        _ => "; some were cut by a crash, which is harmless",
    };
    match verdict.lines {
        0 => Check::good("audit", "nothing was written down yet"),
        1 => Check::good("audit", &format!("1 line, and the chain holds{torn}")),
        lines => Check::good("audit", &format!("{lines} lines, and the chain holds{torn}")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn told(check: &Check) -> String {
        serde_json::to_string(check).expect("JSON")
    }

    #[test]
    fn an_audit_that_is_not_there_is_sound_and_one_without_its_head_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(AUDIT);
        assert!(told(&audit(&path)).contains("nothing was written down yet"));
        assert!(told(&audit(folder.path())).contains("\"problem\""));
        fs::write(&path, "{}\n").expect("a file");
        let found = told(&audit(&path));
        assert!(found.contains("the chain is broken") && found.contains("audit verify"), "{found}");
    }
}
