//! Writes records one after the other, in one of the formats.

use std::fmt::Write as _;

use super::table::Table;
use super::{Column, Kind, Record, card, comma};

/// What records are written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// One JSON document: `{"object": "list", "data": […], "has_more": …}`, or the object itself.
    Json,
    /// One JSON object on each line.
    Jsonl,
    /// Comma-separated values with a line of names. No cell is a formula.
    Csv,
}

/// How tables look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// How many columns the terminal has; `None` where nothing is to be cut.
    pub width: Option<usize>,
    /// Whether colours may be used.
    pub colours: bool,
}

/// Turns records into text, piece by piece: what a call returns is to be written before the next one.
#[derive(Debug)]
pub struct Exporter {
    format: Format,
    columns: Vec<Column>,
    chosen: bool,
    layout: Layout,
    single: bool,
    table: Option<Table>,
    begun: bool,
    written: usize,
}

impl Exporter {
    /// An exporter of one kind of object, with the columns that are usual for the format.
    #[must_use]
    pub fn new(kind: Kind, format: Format) -> Self {
        let columns = if format == Format::Table { Column::of_table(kind) } else { Column::all(kind) };
        Self {
            format,
            columns,
            chosen: false,
            layout: Layout::default(),
            single: false,
            table: None,
            begun: false,
            written: 0,
        }
    }

    /// Writes these columns, in this order. JSON always has all fields.
    #[must_use]
    pub fn columns(self, columns: Vec<Column>) -> Self {
        Self { columns, chosen: true, ..self }
    }

    /// Lays tables out so.
    #[must_use]
    pub fn layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// Writes objects for themselves instead of as a list: JSON is the object alone, and a table is one line for
    /// each field.
    #[must_use]
    pub fn single(self) -> Self {
        Self { single: true, ..self }
    }

    /// How many records were written.
    #[must_use]
    pub const fn written(&self) -> usize {
        self.written
    }

    /// The next records.
    pub fn records(&mut self, records: &[Record]) -> String {
        let mut out = self.begin(records);
        for record in records {
            match self.format {
                Format::Jsonl => {
                    let _ = writeln!(out, "{}", record.json());
                }
                Format::Json if self.single => {
                    let _ = writeln!(out, "{:#}", record.json());
                }
                Format::Json => {
                    let object = format!("{:#}", record.json()).replace('\n', "\n    ");
                    let comma = if self.written > 0 { "," } else { "" };
                    let _ = write!(out, "{comma}\n    {object}");
                }
                Format::Csv => out.push_str(&comma::record(record, &self.columns)),
                Format::Table => match &self.table {
                    Some(table) => out.push_str(&table.row(record)),
                    None => {
                        if self.written > 0 {
                            out.push('\n');
                        }
                        out.push_str(&card::card(record, self.layout));
                    }
                },
            }
            self.written += 1;
        }
        out
    }

    /// What comes before the first record.
    fn begin(&mut self, first: &[Record]) -> String {
        if self.begun {
            return String::new();
        }
        match self.format {
            Format::Json if !self.single => {
                self.begun = true;
                "{\n  \"object\": \"list\",\n  \"data\": [".into()
            }
            Format::Csv => {
                self.begun = true;
                comma::head(&self.columns)
            }
            // A table without rows needs no head, and has no widths to go by.
            Format::Table if (self.chosen || !self.single) && !first.is_empty() => {
                self.begun = true;
                self.table.insert(Table::new(&self.columns, self.chosen, self.layout, first)).head()
            }
            _ => String::new(),
        }
    }

    /// What comes after the last record. `has_more` says whether the list goes on.
    pub fn finish(&mut self, has_more: bool) -> String {
        let mut out = self.begin(&[]);
        if self.format == Format::Json && !self.single {
            let end = if self.written > 0 { "\n  " } else { "" };
            let _ = writeln!(out, "{end}],\n  \"has_more\": {has_more}\n}}");
        }
        out
    }
}
