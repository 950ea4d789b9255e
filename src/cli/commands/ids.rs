//! Which objects a command is about: ids on the command line, or on standard input.

use std::collections::HashSet;
use std::io::{self, BufRead};

use super::failure::Failure;
use crate::privacy::is_mask;
use crate::text::{clean, truncate};

/// What stands for standard input.
const STDIN: &str = "-";

/// No id is longer, in bytes.
const LONGEST: usize = 255;

/// The longest line that is read, in bytes: an object in JSON.
const LONGEST_LINE: u64 = 8 * 1024 * 1024;

/// What an id begins with, and what it names.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Its prefix.
    pub(super) prefix: &'static str,
    /// What it names.
    pub(super) noun: &'static str,
}

/// Ids of sessions.
pub(super) const SESSION: Shape = Shape { prefix: "vs_", noun: "session" };

/// Ids of reports.
pub(super) const REPORT: Shape = Shape { prefix: "vr_", noun: "report" };

/// Whether `args` take ids from standard input.
pub(super) fn from_stdin(args: &[String]) -> bool {
    args.iter().any(|arg| arg == STDIN)
}

/// The ids of `args`, each once, in their order; those of standard input where there is a `-`.
pub(super) fn read(args: &[String], shape: Shape) -> Result<Vec<String>, Failure> {
    let mut ids = Ids { shape, seen: HashSet::new(), list: Vec::new() };
    for arg in args {
        if arg == STDIN {
            ids.read_lines(&mut io::stdin().lock())?;
        } else {
            ids.add(arg, None)?;
        }
    }
    if ids.list.is_empty() {
        return Err(Failure::usage(format!("There is no {} id on standard input.", shape.noun)));
    }
    Ok(ids.list)
}

struct Ids {
    shape: Shape,
    seen: HashSet<String>,
    list: Vec<String>,
}

impl Ids {
    /// Reads one id from each line. A line may be an object in JSON, as `--format jsonl` prints it. Empty lines, and
    /// those that begin with `#`, say nothing.
    fn read_lines(&mut self, input: &mut impl BufRead) -> Result<(), Failure> {
        for number in 1.. {
            let mut line = String::new();
            let read = io::Read::take(&mut *input, LONGEST_LINE).read_line(&mut line);
            let read = read.map_err(|error| {
                Failure::usage(format!("Line {number} of standard input cannot be read: {error}."))
            })?;
            if read == 0 {
                break;
            }
            match line.trim() {
                "" => {}
                line if line.starts_with('#') => {}
                line if line.starts_with('{') => self.add(&id_of(line, number)?, Some(number))?,
                line => self.add(line, Some(number))?,
            }
        }
        Ok(())
    }

    fn add(&mut self, id: &str, line: Option<u64>) -> Result<(), Failure> {
        let id = id.trim();
        let place = line.map(|line| format!(" (line {line} of standard input)")).unwrap_or_default();
        let noun = self.shape.noun;
        let shown = clean(id);
        let shown = truncate(&shown, 60);
        if is_mask(id) {
            return Err(Failure::usage(format!(
                "“{shown}” is what stands here for something hidden, and no {noun} id{place}."
            )));
        }
        if id.is_empty() || id.len() > LONGEST || id.contains(|c: char| !c.is_ascii_graphic()) {
            return Err(Failure::usage(format!(
                "“{shown}” is no {noun} id{place}. Ids begin with {}.",
                self.shape.prefix
            )));
        }
        if let Some((other, family)) = [("vs_", "sessions"), ("vr_", "reports")]
            .into_iter()
            .find(|(prefix, _)| *prefix != self.shape.prefix && id.starts_with(prefix))
        {
            return Err(Failure::usage(format!(
                "{shown} is no {noun} id{place}: those with {other} belong to `vetty {family}`."
            )));
        }
        if id.bytes().all(|byte| byte == b'.') || id.starts_with('-') {
            return Err(Failure::usage(format!("“{shown}” is no {noun} id{place}.")));
        }
        if self.seen.insert(id.to_owned()) {
            self.list.push(id.to_owned());
        }
        Ok(())
    }
}

fn id_of(line: &str, number: u64) -> Result<String, Failure> {
    #[derive(serde::Deserialize)]
    struct Object {
        id: String,
    }
    serde_json::from_str(line)
        .map(|object: Object| object.id)
        .map_err(|_| Failure::usage(format!("Line {number} of standard input is no object with an id.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &str) -> Result<Vec<String>, String> {
        let mut ids = Ids { shape: SESSION, seen: HashSet::new(), list: Vec::new() };
        ids.read_lines(&mut input.as_bytes()).map_err(|failure| failure.to_string())?;
        Ok(ids.list)
    }

    #[test]
    fn ids_come_one_to_a_line_bare_or_in_objects() {
        let input = "vs_1\n\n# old ones\r\n  vs_2\r\n{\"id\":\"vs_3\",\"status\":\"verified\"}\nvs_1\nvs_4";
        assert_eq!(lines(input), Ok(["vs_1", "vs_2", "vs_3", "vs_4"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn what_is_no_id_is_named_with_its_line() {
        let refusal = |input: &str| lines(input).expect_err("no ids");
        assert_eq!(
            refusal("vs_1\nvr_2\n"),
            "vr_2 is no session id (line 2 of standard input): those with vr_ belong to `vetty reports`."
        );
        assert_eq!(
            refusal("a\u{1b}[31mb"),
            "“a␛[31mb” is no session id (line 1 of standard input). Ids begin with vs_."
        );
        assert_eq!(
            refusal("vs_1\nj•••@e•••\n"),
            "“j•••@e•••” is what stands here for something hidden, and no session id (line 2 of standard input)."
        );
        assert!(refusal("vs_1 vs_2").contains("is no session id"));
        assert!(refusal(&"x".repeat(300)).contains('…'));
        assert_eq!(refusal("{\"name\":1}"), "Line 1 of standard input is no object with an id.");
        assert!(refusal("..").contains("is no session id"));
    }
}
