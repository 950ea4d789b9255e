//! Standard output and standard error: what goes there, and what happens when nobody reads it any more.

use std::io::{self, IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::failure::{Failure, Stop};
use super::flags::Output;
use crate::export::{Column, Exporter, Kind, Layout, Record};
use crate::terminal;

/// Prints records in the format that was asked for.
pub(super) struct Printer {
    exporter: Exporter,
    lists: bool,
}

impl Printer {
    /// A printer of one kind of object, `single` where one object was asked for by its id.
    pub(super) fn new(kind: Kind, output: &Output, single: bool) -> Result<Self, Failure> {
        let mut exporter = Exporter::new(kind, output.format.into()).layout(layout());
        if single {
            exporter = exporter.single();
        }
        if let Some(names) = &output.columns {
            let columns = names.iter().map(|name| Column::parse(kind, name.trim()));
            let columns: Vec<Column> = columns
                .collect::<Result<_, _>>()
                .map_err(|error| Failure::usage(format!("--columns: {error}.")))?;
            exporter = exporter.columns(columns);
        }
        Ok(Self { exporter, lists: !single })
    }

    /// Prints the next records.
    pub(super) fn records(&mut self, records: &[Record]) -> Result<(), Stop> {
        print(&self.exporter.records(records))
    }

    /// Prints what comes after the last record.
    pub(super) fn finish(&mut self, has_more: bool) -> Result<(), Stop> {
        print(&self.exporter.finish(has_more))
    }

    /// How many records were printed.
    pub(super) const fn printed(&self) -> usize {
        self.exporter.written()
    }

    /// Whether records are printed as a list.
    pub(super) const fn lists(&self) -> bool {
        self.lists
    }
}

fn layout() -> Layout {
    let out = io::stdout();
    let width = if out.is_terminal() { terminal::columns() } else { None };
    let colours = anstream::AutoStream::choice(&out) != anstream::ColorChoice::Never;
    Layout { width, colours }
}

/// Writes to standard output, at once.
pub(super) fn print(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Stop::Closed,
        _ => Stop::Failed(Failure::unreachable(format!("Standard output cannot be written: {error}."))),
    })
}

/// Says something on standard error that only a person at a terminal wants to know.
pub(super) fn remark(text: &str) {
    let mut err = io::stderr().lock();
    if err.is_terminal() {
        // There is nobody to tell when the terminal is gone.
        let _ = writeln!(err, "{text}");
    }
}

/// Whether a person can be asked: standard input and error are a terminal.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// A line on standard error that tells how far it is; nothing where standard error is no terminal, or where the
/// records themselves appear on it.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// `what` is being done, `total` times if that is known.
    pub(super) fn new(what: &'static str, total: Option<usize>) -> Self {
        let hidden = !io::stderr().is_terminal() || io::stdout().is_terminal() || total == Some(1);
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let template = if total.is_some() { "{msg} {pos} of {len}" } else { "{msg} {pos}" };
        let bar = ProgressBar::with_draw_target(total.map(|total| total as u64), target);
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.set_message(what);
        Self(bar)
    }

    /// So many more are done.
    pub(super) fn add(&self, count: usize) {
        self.0.inc(count as u64);
    }

    /// Says a failure on standard error, clear of the line.
    pub(super) fn complain(&self, failure: &Failure) {
        self.0.suspend(|| crate::cli::complain(failure));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
