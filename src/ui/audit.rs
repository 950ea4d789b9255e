//! The audit page: whether the chain holds, and its lines, newest first.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use super::detail::when::utc_seconds;
use super::paint::Pen;
use super::table::{Column, cursor, heads, place};
use crate::app::{AuditDesk, Model, WHAT_TO_DO};
use crate::journal::{Line, Mode, Outcome};
use crate::text::{clean, grouped, truncate_middle};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Time,
    Action,
    Result,
    Mode,
    Object,
    Reason,
    Operator,
    Via,
}

const COLUMNS: [Column<Kind>; 8] = {
    const fn column(
        kind: Kind,
        head: &'static str,
        gap: u16,
        width: u16,
        grow: u16,
        rank: u8,
    ) -> Column<Kind> {
        Column { kind, head, gap, width, grow, rank, right: false }
    }
    [
        column(Kind::Time, "TIME UTC", 0, 14, 0, 0),
        column(Kind::Action, "ACTION", 2, 7, 0, 1),
        column(Kind::Result, "RESULT", 1, 9, 0, 2),
        column(Kind::Mode, "MODE", 2, 4, 0, 4),
        column(Kind::Object, "OBJECT", 2, 10, 22, 3),
        column(Kind::Reason, "REASON", 2, 9, 12, 5),
        column(Kind::Operator, "OPERATOR", 2, 8, 8, 6),
        column(Kind::Via, "PRESSED", 2, 9, 16, 7),
    ]
};

/// Says in the row of the filters how many lines there are and whether the chain holds.
pub(super) fn draw_summary(buffer: &mut Buffer, area: Rect, model: &Model, look: &Look) {
    // What is searched for stands at the right.
    let area = Rect { width: area.width.saturating_sub(model.search_columns()), ..area };
    let mut pen = Pen::new(buffer, area);
    pen.skip(1);
    let Some(log) = &model.audit.log else {
        if model.is_reading_audit() {
            pen.write("reading the audit…", look.info);
        } else if let Some(problem) = &model.audit.problem {
            pen.write("✗ ", look.bad).write(&clean(problem.text()), look.text);
        }
        return;
    };
    let count = usize::try_from(log.verdict.lines).unwrap_or(usize::MAX);
    let lines = if count == 1 { "1 line".to_owned() } else { format!("{} lines", grouped(count)) };
    if log.verdict.is_sound() {
        pen.write("✓ ", look.ok).write("the chain holds", look.text).write(&format!(" · {lines}"), look.dim);
    } else {
        pen.write("✗ the chain is broken", look.bad).write(&format!(" · {lines}"), look.dim);
    }
    match log.verdict.torn.len() {
        0 => {}
        1 => drop(pen.write(" · 1 cut by a crash, harmless", look.faint).x()),
        torn => drop(pen.write(&format!(" · {torn} cut by crashes, harmless"), look.faint).x()),
    }
}

/// Draws headings and rows. Returns how many rows of `list` are taken.
pub(super) fn draw(buffer: &mut Buffer, head: Rect, list: Rect, model: &Model, look: &Look) -> u16 {
    let placed = place(&COLUMNS, list);
    heads(buffer, head, &placed, look);
    let desk = &model.audit;
    let banner = draw_banner(buffer, list, desk, look);
    let mut row = Rect { y: list.y + banner, height: 1, ..list };
    let visible = usize::from(list.height.saturating_sub(banner));
    for (at, line) in desk.rows().enumerate().skip(desk.top).take(visible) {
        let mut pen = Pen::new(buffer, row);
        for column in &placed {
            let (text, style) = cell(line, column.kind, look);
            // The ends of an id tell it from others.
            let text = if column.kind == Kind::Object {
                truncate_middle(&text, usize::from(column.width))
            } else {
                Cow::Borrowed(&*text)
            };
            pen.go(column.x).cell(&text, column.width, column.right, style);
        }
        if at == desk.at() {
            cursor(buffer, row, model, look);
        }
        row.y += 1;
    }
    row.y - list.y
}

/// What is wrong, and what to do, above the lines.
fn draw_banner(buffer: &mut Buffer, list: Rect, desk: &AuditDesk, look: &Look) -> u16 {
    let mut breaks = desk.breaks();
    let Some(first) = breaks.next() else { return 0 };
    let more = match breaks.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let line = Rect { height: 1, width: list.width.saturating_sub(1), ..list };
    Pen::new(buffer, line).skip(1).write("✗ ", look.bad).write(&format!("{first}{more}"), look.bad);
    if list.height > 1 {
        let line = Rect { y: line.y + 1, ..line };
        Pen::new(buffer, line).skip(1).write("→ ", look.accent).write(WHAT_TO_DO, look.text);
    }
    desk.banner().min(list.height)
}

fn cell<'a>(line: &'a Line, kind: Kind, look: &Look) -> (Cow<'a, str>, Style) {
    let entry = &line.entry;
    match kind {
        Kind::Time => {
            let time = utc_seconds(entry.at.timestamp());
            // The year stands in the detail.
            (time.get(5..).unwrap_or_default().to_owned().into(), look.dim)
        }
        Kind::Action => (Cow::Borrowed(&*entry.action), look.text),
        Kind::Result => {
            let (glyph, style) = outcome(entry.result, look);
            (format!("{glyph} {}", entry.result.as_str()).into(), style)
        }
        Kind::Mode if entry.mode == Mode::Live => ("LIVE".into(), look.live),
        Kind::Mode => (entry.mode.as_str().into(), look.dim),
        Kind::Object => {
            let object = entry.object.as_deref().or_else(|| entry.params.first().map(|word| &**word));
            (object.unwrap_or_default().into(), look.text)
        }
        Kind::Reason => (entry.reason.as_ref().map_or("", |reason| &*reason.code).into(), look.text),
        Kind::Operator => (Cow::Borrowed(&*entry.operator), look.dim),
        Kind::Via => (Cow::Borrowed(&*entry.via), look.dim),
    }
}

/// Glyph and style of what became of it.
pub(super) const fn outcome(result: Outcome, look: &Look) -> (&'static str, Style) {
    match result {
        Outcome::Asked => ("~", look.info),
        Outcome::Done => ("✓", look.ok),
        Outcome::Refused => ("✗", look.bad),
        Outcome::NotBegun => ("–", look.dim),
        Outcome::Failed => ("!", look.warn),
    }
}
