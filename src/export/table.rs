//! Columns side by side: as many as fit on a terminal, all of them elsewhere.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::column::Time;
use super::{Column, Layout, Record};
use crate::text;

/// What stands where a value is missing.
const NOTHING: &str = "-";

/// What separates two columns.
const GAP: usize = 2;

/// What a text column keeps when room is short.
const SHORTEST: usize = 10;

/// What a text column takes at most, however much room there is.
const LONGEST: usize = 40;

/// A table whose columns were laid out by its first rows.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<(Column, usize)>,
    layout: Layout,
}

impl Table {
    /// Lays columns out. `chosen` ones are all there; of the others those that have values, while they fit.
    pub(super) fn new(columns: &[Column], chosen: bool, layout: Layout, first: &[Record]) -> Self {
        let Some(room) = layout.width else {
            let whole = |column: &Column| (column.clone(), natural(column, first, usize::MAX));
            return Self { columns: columns.iter().map(whole).collect(), layout };
        };
        let mut taken: Vec<(Column, usize, usize)> = Vec::new();
        let mut used = 0;
        for column in columns {
            let cap = if column.may_be_cut() { LONGEST } else { usize::MAX };
            let wanted = natural(column, first, cap);
            let least = if column.may_be_cut() { wanted.min(SHORTEST) } else { wanted };
            let empty = first.iter().all(|record| column.cell(record, Time::Minutes).is_empty());
            let fits = taken.is_empty() || used + GAP + least <= room;
            if !chosen && (empty && !first.is_empty() || !fits) {
                continue;
            }
            used += least + if taken.is_empty() { 0 } else { GAP };
            taken.push((column.clone(), least, wanted));
        }
        let mut spare = room.saturating_sub(used);
        for (_, width, wanted) in &mut taken {
            let more = (*wanted - *width).min(spare);
            *width += more;
            spare -= more;
        }
        Self { columns: taken.into_iter().map(|(column, width, _)| (column, width)).collect(), layout }
    }

    /// The line of titles.
    pub(super) fn head(&self) -> String {
        let style = if self.layout.colours { Style::new().bold() } else { Style::new() };
        self.line(|column| (column.title(), style))
    }

    /// One record's line.
    pub(super) fn row(&self, record: &Record) -> String {
        self.line(|column| {
            let cell = column.cell(record, Time::Minutes);
            let cell = if cell.trim().is_empty() { NOTHING.into() } else { cell };
            let style = if self.layout.colours && column.is_state() { tint(&cell) } else { Style::new() };
            (cell.into_owned(), style)
        })
    }

    fn line(&self, cell: impl Fn(&Column) -> (String, Style)) -> String {
        let mut out = String::new();
        let last = self.columns.len().saturating_sub(1);
        for (index, (column, width)) in self.columns.iter().enumerate() {
            let (value, style) = cell(column);
            let value = if self.layout.width.is_some() && column.may_be_cut() {
                text::truncate(&value, *width).into_owned()
            } else {
                value
            };
            let fill =
                if index == last { 0 } else { (width + GAP).saturating_sub(text::width(&value)).max(GAP) };
            let _ = write!(out, "{style}{value}{style:#}{:fill$}", "");
        }
        out.push('\n');
        out
    }
}

/// The width of the widest value or the title, `cap` at most (but never less than the title).
fn natural(column: &Column, first: &[Record], cap: usize) -> usize {
    let title = text::width(&column.title());
    let widest = first.iter().map(|record| text::width(&column.cell(record, Time::Minutes))).max();
    widest.unwrap_or(0).min(cap).max(title)
}

/// The colour of a status or a result. The word says the same.
fn tint(word: &str) -> Style {
    let colour = match word {
        "verified" => AnsiColor::Green,
        "requires_input" => AnsiColor::Yellow,
        "unverified" => AnsiColor::Red,
        "processing" => AnsiColor::Cyan,
        _ => return Style::new().dimmed(),
    };
    colour.on_default()
}
