//! One object for reading: a line for each field, fields of fields moved to the right.

use std::fmt::Write as _;

use serde_json::Value;

use super::column::{Time, plain};
use super::{Layout, Record};
use crate::clock::Timestamp;
use crate::text;

/// How many columns names take at most, before values.
const NAMES: usize = 30;

/// How many lines one value takes at most on a terminal.
const LINES: usize = 8;

/// The fields of `record` that have a value.
pub(super) fn card(record: &Record, layout: Layout) -> String {
    let mut lines = Vec::new();
    collect(record.json(), 0, &mut lines);
    let names =
        lines.iter().map(|line| line.indent() + text::width(&line.name)).max().unwrap_or(0).min(NAMES);
    let mut out = String::new();
    for line in &lines {
        line.write(&mut out, names, layout);
    }
    out
}

struct Line {
    depth: usize,
    name: String,
    value: Option<String>,
}

impl Line {
    const fn indent(&self) -> usize {
        self.depth * 2
    }

    fn write(&self, out: &mut String, names: usize, layout: Layout) {
        let indent = self.indent();
        let name =
            if layout.width.is_some() { text::truncate(&self.name, NAMES) } else { (&*self.name).into() };
        let _ = write!(out, "{:indent$}{name}", "");
        if let Some(value) = &self.value {
            let at = names.max(indent + text::width(&name)) + 2;
            let fill = at - indent - text::width(&name);
            let _ = write!(out, "{:fill$}", "");
            write_value(out, value, at, layout);
        }
        out.push('\n');
    }
}

/// Writes `value` behind column `at`, in as many lines as a terminal needs.
fn write_value(out: &mut String, value: &str, at: usize, layout: Layout) {
    let Some(width) = layout.width else {
        out.push_str(value);
        return;
    };
    let room = width.saturating_sub(at).max(20);
    // A value may be far longer than anybody reads on a screen.
    let head: String = value.chars().take(room * LINES * 2).collect();
    let lines = text::wrap(&head, room);
    for (index, line) in lines.iter().take(LINES).enumerate() {
        if index > 0 {
            let _ = write!(out, "\n{:at$}", "");
        }
        out.push_str(line);
    }
    if lines.len() > LINES || head.len() < value.len() {
        let all = value.chars().count();
        let _ = write!(out, "\n{:at$}… {all} characters in all; --format json has them", "");
    }
}

fn collect(value: &Value, depth: usize, lines: &mut Vec<Line>) {
    let Some(fields) = value.as_object() else { return };
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::Object(inner) if inner.is_empty() => {}
            Value::Object(_) => {
                let at = lines.len();
                lines.push(Line { depth, name: name.clone(), value: None });
                collect(value, depth + 1, lines);
                // A head with nothing under it says nothing.
                if lines.len() == at + 1 {
                    lines.pop();
                }
            }
            // What kind of object it is was asked for.
            Value::String(_) if name == "object" => {}
            Value::Number(number) if name == "created" => {
                let time = number.as_i64().map(Timestamp::from_secs);
                let time = time.map_or_else(|| number.to_string(), |at| Time::Exact.write(at));
                lines.push(Line { depth, name: name.clone(), value: Some(time) });
            }
            value => {
                lines.push(Line { depth, name: name.clone(), value: Some(plain(value).into_owned()) });
            }
        }
    }
}
