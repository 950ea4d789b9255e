//! The jobs page: one row for each job, newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use super::detail::when::clock_seconds;
use super::paint::{Pen, short_id};
use super::table::cursor;
use crate::app::{Job, Model, Stage, sessions};
use crate::text::grouped;

/// Columns of the time of day, of what is done, and of how far it is, with what is free before the next column.
const TIME: u16 = 8 + 2;
const WHAT: u16 = 22 + 2;
const STAGE: u16 = 14 + 2;

/// Columns of the bar that shows how far a job is.
const BAR: usize = 10;

/// Says in the row of the filters how much there is.
pub(super) fn draw_summary(buffer: &mut Buffer, area: Rect, model: &Model, look: &Look) {
    let said = match model.jobs.list().len() {
        0 => return,
        1 => "1 job since the start".to_owned(),
        count => format!("{} jobs since the start, newest first", grouped(count)),
    };
    Pen::new(buffer, area).skip(1).write(&said, look.dim);
}

/// Draws headings and rows. Returns how many rows of `list` are taken.
pub(super) fn draw(buffer: &mut Buffer, head: Rect, list: Rect, model: &Model, look: &Look) -> u16 {
    let mut pen = Pen::new(buffer, head);
    pen.skip(1).cell("TIME UTC", TIME, false, look.faint);
    pen.cell("WHAT", WHAT, false, look.faint);
    pen.cell("HOW FAR", STAGE, false, look.faint);
    let mut line = Rect { height: 1, ..list };
    let jobs = model.listed_jobs().enumerate();
    for (at, job) in jobs.skip(model.job_desk.top).take(usize::from(list.height)) {
        let mut pen = Pen::new(buffer, Rect { width: line.width.saturating_sub(1), ..line });
        row(&mut pen, job, model, look);
        if at == model.job_at() {
            cursor(buffer, line, model, look);
        }
        line.y += 1;
    }
    line.y - list.y
}

fn row(pen: &mut Pen<'_>, job: &Job, model: &Model, look: &Look) {
    let what = match job.items() {
        [one] => format!("{} {}", job.verb(), short_id(&one.session)),
        many => format!("{} {}", job.verb(), sessions(many.len())),
    };
    pen.skip(1).cell(&clock_seconds(job.created), TIME, false, look.dim);
    pen.cell(&what, WHAT, false, look.text);
    let (text, style) = stage(job, model, look);
    pen.cell(&text, STAGE, false, style);
    if job.items().len() > 1 {
        pen.write(&bar(job), style).write("  ", look.text);
    }
    pen.write(&job.summary(), look.dim);
}

/// How far a job is, in two words.
pub(super) fn stage(job: &Job, model: &Model, look: &Look) -> (String, Style) {
    let tally = job.tally();
    match job.stage {
        Stage::Saving => ("… writing".into(), look.info),
        Stage::Held { .. } => (format!("↺ in {} s", job.seconds_left(model.now.monotonic)), look.warn),
        Stage::Running => ("~ sending".into(), look.info),
        Stage::Pausing => ("~ pausing".into(), look.info),
        Stage::Paused => ("! paused".into(), look.warn),
        Stage::Stopping => ("~ stopping".into(), look.info),
        Stage::Left => ("↺ not finished".into(), look.warn),
        Stage::Ended if tally.in_doubt > 0 => ("! in doubt".into(), look.bad),
        Stage::Ended if tally.refused > 0 => ("✗ ended".into(), look.bad),
        Stage::Ended if tally.done == 0 => ("· taken back".into(), look.dim),
        Stage::Ended if tally.dropped > 0 => ("! ended".into(), look.warn),
        Stage::Ended => ("✓ done".into(), look.ok),
    }
}

/// A bar of ten columns. It is full only when nothing is left.
pub(super) fn bar(job: &Job) -> String {
    let all = job.items().len().max(1);
    let full = job.tally().settled() * BAR / all;
    format!("{}{}", "━".repeat(full), "─".repeat(BAR - full))
}
