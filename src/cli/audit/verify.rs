//! What checking the chain found, for people.

use std::fmt::Write as _;
use std::path::Path;

use crate::journal::Verdict;

/// What was found about the audit at `path`.
pub(super) fn text(verdict: &Verdict, path: &Path) -> String {
    let mut out = String::new();
    let lines = match verdict.lines {
        0 => "Nothing was written down yet".to_owned(),
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    let lines = if verdict.files > 1 { format!("{lines} in {} files", verdict.files) } else { lines };
    if verdict.is_sound() && verdict.lines == 0 {
        out += &lines;
        out += ".\n";
        return out;
    }
    if verdict.is_sound() {
        let _ = writeln!(out, "{lines}, and the chain holds.");
    } else {
        let _ = writeln!(out, "The chain is broken ({}):", lines.to_lowercase());
        for found in &verdict.breaks {
            let _ = writeln!(out, "  {found}");
        }
        let _ = writeln!(out, "Keep a copy of {} and of the head beside it as they are.", path.display());
    }
    if !verdict.torn.is_empty() {
        let torn = torn(&verdict.torn);
        let _ = writeln!(out, "{}{}.", torn[..1].to_uppercase(), &torn[1..]);
    }
    if verdict.lines > 0 {
        let _ = writeln!(out, "Last line: {}  {}", verdict.last.seq, verdict.last.hash);
    }
    out
}

/// That some lines cannot be read.
pub(super) fn torn(places: &[u64]) -> String {
    match places {
        [place] => format!("line {place} was cut by a crash, which is harmless"),
        [first, ..] => {
            format!("{} lines, from line {first} on, were cut by crashes, which is harmless", places.len())
        }
        [] => String::new(),
    }
}
