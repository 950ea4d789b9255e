//! What was found, as a table and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::{DONE, UNREACHABLE, WRONG_USAGE};
use crate::text::{clean, fit, wrap};

/// The exit code where the API refused.
pub(super) const REFUSED: u8 = 1;

/// How wide the table is, in columns.
const COLUMNS: usize = 80;

/// Where the sentences begin, in columns.
const MARGIN: usize = 16;

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and could be better.
    Warning,
    /// It does not work.
    Problem,
    /// It was not looked at.
    Skipped,
}

/// One thing that was looked at. The sentences hold no secret and no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    check: &'static str,
    verdict: Verdict,
    says: String,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    to_do: Option<String>,
    #[serde(skip)]
    code: u8,
}

impl Check {
    /// As it should be.
    pub(super) fn good(check: &'static str, says: &str) -> Self {
        Self::new(check, Verdict::Ok, DONE, says, None)
    }

    /// It works, and could be better.
    pub(super) fn warning(check: &'static str, says: &str, to_do: &str) -> Self {
        Self::new(check, Verdict::Warning, DONE, says, Some(to_do))
    }

    /// It does not work. `code` is what vetty would end with. A sentence may bring along what to do, after a dash.
    pub(super) fn problem(check: &'static str, code: u8, says: &str, to_do: Option<&str>) -> Self {
        match (to_do, says.split_once(" — ")) {
            (None, Some((says, to_do))) => Self::new(check, Verdict::Problem, code, says, Some(to_do)),
            _ => Self::new(check, Verdict::Problem, code, says, to_do),
        }
    }

    /// It was not looked at.
    pub(super) fn skipped(check: &'static str, says: &str) -> Self {
        Self::new(check, Verdict::Skipped, DONE, says, None)
    }

    fn new(check: &'static str, verdict: Verdict, code: u8, says: &str, to_do: Option<&str>) -> Self {
        let to_do = to_do.map(|text| clean(text).into_owned());
        Self { check, verdict, says: clean(says).into_owned(), to_do, code }
    }

    fn line(&self, out: &mut String) {
        let glyph = match self.verdict {
            Verdict::Ok => '✓',
            Verdict::Warning => '!',
            Verdict::Problem => '✗',
            Verdict::Skipped => '·',
        };
        let mut begin = fit(&format!("{glyph} {}", self.check), MARGIN);
        let mut write = |text: &str, mut indent: String| {
            for line in wrap(text, COLUMNS - MARGIN) {
                let _ = writeln!(out, "{indent}{line}");
                indent = " ".repeat(MARGIN);
            }
        };
        write(&self.says, std::mem::take(&mut begin));
        if let Some(to_do) = &self.to_do {
            write(&format!("→ {to_do}"), " ".repeat(MARGIN));
        }
    }
}

/// Everything that was looked at, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Report(Vec<Check>);

impl Report {
    /// Adds one.
    pub(super) fn push(&mut self, check: Check) {
        self.0.push(check);
    }

    /// Adds several.
    pub(super) fn extend(&mut self, checks: Vec<Check>) {
        self.0.extend(checks);
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.0.iter().filter(|check| check.verdict == verdict).count()
    }

    /// For people.
    pub(super) fn table(&self) -> String {
        let mut out = String::new();
        for check in &self.0 {
            check.line(&mut out);
        }
        let told = match (self.count(Verdict::Problem), self.count(Verdict::Warning)) {
            (0, 0) => "Nothing is wrong.".to_owned(),
            (0, warnings) => format!("Nothing is wrong; {warnings} could be better."),
            (problems, 0) => format!("Wrong: {problems}."),
            (problems, warnings) => format!("Wrong: {problems}. Could be better: {warnings}."),
        };
        let _ = writeln!(out, "\n{told}");
        out
    }

    /// For programs: `{"ok": …, "checks": [{"check", "verdict", "says", "do"}]}`.
    pub(super) fn json(&self) -> String {
        let ok = self.count(Verdict::Problem) == 0;
        let mut out = serde_json::json!({ "ok": ok, "checks": self.0 }).to_string();
        out.push('\n');
        out
    }

    /// Wrong usage before what is out of reach before a refusal: the first is the reason of the others.
    pub(super) fn exit_code(&self) -> u8 {
        let found = |code: u8| self.0.iter().any(|check| check.code == code);
        [WRONG_USAGE, UNREACHABLE, REFUSED].into_iter().find(|code| found(*code)).unwrap_or(DONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report(vec![
            Check::good("settings", "none; the defaults are used"),
            Check::warning(
                "key",
                "a secret test key from the variable STRIPE_API_KEY",
                "use a restricted one",
            ),
            Check::skipped("write", "not asked: read-only"),
        ])
    }

    #[test]
    fn a_table_names_what_to_do() {
        let mut report = report();
        report.push(Check::problem("disk", UNREACHABLE, "the disk is full — make room", None));
        assert_eq!(
            report.table(),
            "✓ settings      none; the defaults are used\n\
             ! key           a secret test key from the variable STRIPE_API_KEY\n\
             \u{20}               → use a restricted one\n\
             · write         not asked: read-only\n\
             ✗ disk          the disk is full\n\
             \u{20}               → make room\n\
             \nWrong: 1. Could be better: 1.\n"
        );
        assert!(report.table().lines().all(|line| crate::text::width(line) <= COLUMNS));
    }

    #[test]
    fn json_holds_the_same() {
        let json: serde_json::Value = serde_json::from_str(&report().json()).expect("JSON");
        assert_eq!(json["ok"], true);
        assert_eq!(json["checks"][1]["verdict"], "warning");
        assert_eq!(json["checks"][1]["do"], "use a restricted one");
        assert_eq!(json["checks"][0].get("do"), None);
    }

    #[test]
    fn the_exit_code_is_that_of_the_first_reason() {
        let mut report = report();
        assert_eq!(report.exit_code(), DONE);
        for code in [REFUSED, UNREACHABLE, WRONG_USAGE] {
            report.push(Check::problem("x", code, "x", None));
            assert_eq!(report.exit_code(), code);
        }
    }

    #[test]
    fn hostile_text_is_shown_as_marks() {
        let mut out = String::new();
        Check::good("settings", "a\u{1b}[31m\u{202e}b").line(&mut out);
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out:?}");
    }
}
