//! The audit's lines as table, CSV, JSON and JSON lines.

use std::borrow::Cow;

use serde_json::json;

use super::Format;
use crate::export::csv_line;
use crate::journal::{Line, Word};
use crate::text;

/// What separates two columns.
const GAP: usize = 2;

/// A column: its name, and what stands in it.
type Column = (&'static str, fn(&Line) -> Cow<'_, str>);

/// The columns of the table, the most telling first: on a narrow terminal the last ones are left out.
const TABLE: [Column; 10] = [
    ("TIME", |line| line.entry.at.format("%Y-%m-%d %H:%M:%S").into()),
    ("RESULT", |line| line.entry.result.as_str().into()),
    ("ACTION", |line| line.entry.action.as_str().into()),
    ("OBJECT", |line| word(line.entry.object.as_ref())),
    ("REASON", |line| line.entry.reason.as_ref().map_or("".into(), |reason| reason.code.as_str().into())),
    ("VIA", |line| line.entry.via.as_str().into()),
    ("ERROR", |line| word(line.entry.error_code.as_ref())),
    ("OPERATOR", |line| line.entry.operator.as_str().into()),
    ("PROFILE", |line| line.entry.profile.as_str().into()),
    ("REQUEST", |line| word(line.entry.request_id.as_ref())),
];

/// The columns of CSV: everything.
const ALL: [Column; 17] = [
    ("seq", |line| line.seq.to_string().into()),
    ("at", |line| line.entry.at.to_string().into()),
    ("operator", |line| line.entry.operator.as_str().into()),
    ("profile", |line| line.entry.profile.as_str().into()),
    ("mode", |line| line.entry.mode.as_str().into()),
    ("via", |line| line.entry.via.as_str().into()),
    ("action", |line| line.entry.action.as_str().into()),
    ("object", |line| word(line.entry.object.as_ref())),
    ("params", |line| line.entry.params.iter().map(Word::as_str).collect::<Vec<_>>().join(" ").into()),
    ("reason", |line| line.entry.reason.as_ref().map_or("".into(), |reason| reason.code.as_str().into())),
    ("note", note),
    ("job", |line| word(line.entry.job.as_ref())),
    ("request_id", |line| word(line.entry.request_id.as_ref())),
    ("idempotency_key", |line| word(line.entry.idempotency_key.as_ref())),
    ("result", |line| line.entry.result.as_str().into()),
    ("error_code", |line| word(line.entry.error_code.as_ref())),
    ("prev", |line| line.prev.to_string().into()),
];

fn word(word: Option<&Word>) -> Cow<'_, str> {
    word.map_or("".into(), |word| word.as_str().into())
}

fn note(line: &Line) -> Cow<'_, str> {
    let note = line.entry.reason.as_ref().and_then(|reason| reason.note.as_ref());
    note.map_or("".into(), |note| note.as_str().into())
}

/// `lines` in `format`. A table has only the columns that fit into `width`, if there is one.
pub(super) fn text(lines: &[Line], format: Format, width: Option<usize>) -> String {
    match format {
        Format::Table if lines.is_empty() => String::new(),
        Format::Table => table(lines, width),
        Format::Csv => {
            let head = csv_line(ALL.iter().map(|(name, _)| Cow::Borrowed(*name)));
            let rows = lines.iter().map(|line| csv_line(ALL.iter().map(|(_, cell)| cell(line))));
            std::iter::once(head).chain(rows).collect()
        }
        Format::Json => {
            let list = json!({ "object": "list", "data": lines, "has_more": false });
            format!("{list:#}\n")
        }
        Format::Jsonl => lines.iter().flat_map(|line| [json!(line).to_string(), "\n".to_owned()]).collect(),
    }
}

fn table(lines: &[Line], width: Option<usize>) -> String {
    let mut columns = Vec::new();
    let mut used = 0;
    for (title, cell) in TABLE {
        let widest = lines.iter().map(|line| text::width(&cell(line))).max().unwrap_or(0);
        if widest == 0 {
            continue;
        }
        let wanted = widest.max(title.len());
        if width.is_some_and(|room| used > 0 && used + wanted > room) {
            break;
        }
        used += wanted + GAP;
        columns.push((title, cell, wanted));
    }
    let row = |cell: &dyn Fn(usize) -> String| {
        let cells = columns.iter().enumerate().map(|(at, (_, _, wanted))| text::fit(&cell(at), *wanted));
        let row = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
        row.trim_end().to_owned() + "\n"
    };
    let head = row(&|at| columns[at].0.to_owned());
    let rows = lines.iter().map(|line| row(&|at| columns[at].1(line).into_owned()));
    std::iter::once(head).chain(rows).collect()
}
