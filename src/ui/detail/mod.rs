//! The detail: one record whole, as lines that scroll. One file for each section.
//!
//! For `ui` only. Personal values pass through `Pii::show` with the record's `Sight` and no other way.

mod attempts;
mod audit;
mod checks;
mod facts;
mod headline;
mod ids;
mod job;
mod notice;
mod person;
mod report;
pub(in crate::ui) mod sheet;
mod timeline;
mod trouble;
pub(in crate::ui) mod when;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::app::{Model, Page};
use crate::identity::{Report, Session};

use super::Look;
use sheet::Sheet;

/// No text is wider than this: longer lines are hard to read.
const WIDEST: u16 = 96;

/// A session, and what its sections need to know.
struct Record<'a> {
    model: &'a Model,
    session: &'a Session,
    report: Option<&'a Report>,
}

impl<'a> Record<'a> {
    fn new(model: &'a Model, session: &'a Session) -> Self {
        Self { model, session, report: model.catalog.last_report(session) }
    }
}

/// Draws the detail of what is under the cursor. Returns its last scroll position: rows that do not fit.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) -> u16 {
    let area = area.intersection(frame.area());
    if area.width < 4 || area.height == 0 {
        return 0;
    }
    let columns = (area.width - 2).min(WIDEST);
    let mut sheet = Sheet::new(look, usize::from(columns));
    write(model, &mut sheet);
    let lines = sheet.into_lines();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let last = rows.saturating_sub(area.height);
    let top = model.detail_scroll.min(last);
    let visible: Vec<Line<'static>> =
        lines.into_iter().skip(usize::from(top)).take(usize::from(area.height)).collect();
    let text = Rect { x: area.x + 1, width: columns, ..area };
    frame.render_widget(Paragraph::new(visible), text);
    let mark = |frame: &mut Frame<'_>, mark: &'static str, y: u16| {
        let place = Rect { x: area.right() - 1, y, width: 1, height: 1 };
        frame.render_widget(Span::styled(mark, look.faint), place);
    };
    if top > 0 {
        mark(frame, "↑", area.y);
    }
    if top < last {
        mark(frame, "↓", area.bottom() - 1);
    }
    last
}

/// Writes what belongs to the page's cursor.
fn write(model: &Model, sheet: &mut Sheet) {
    match model.page {
        Page::Sessions => match model.subject() {
            Some(session) => write_session(&Record::new(model, session), sheet),
            None => nothing(model, sheet),
        },
        Page::Reports => match model.subject_report() {
            Some(report) => report::write(model, report, sheet),
            None => nothing(model, sheet),
        },
        Page::Audit => match model.audit.line() {
            Some(line) => {
                audit::write(model, line, sheet);
                audit::write_chain(model, sheet);
            }
            None => nothing(model, sheet),
        },
        Page::Activity => match model.subject_notice() {
            Some(notice) => {
                notice::write(model, notice, sheet);
                if let Some(session) = model.subject() {
                    sheet.gap();
                    write_session(&Record::new(model, session), sheet);
                }
            }
            None => nothing(model, sheet),
        },
        Page::Jobs => match model.subject_job() {
            Some(job) => job::write(model, job, sheet),
            None => nothing(model, sheet),
        },
    }
}

fn write_session(record: &Record<'_>, sheet: &mut Sheet) {
    headline::write(record, sheet);
    trouble::write(record, sheet);
    checks::write(record, sheet);
    person::write(record, sheet);
    facts::write_options(record.session.options.as_ref(), sheet);
    facts::write_metadata(record.session, record.model.lens(&record.session.id), sheet);
    attempts::write(record, sheet);
    timeline::write(record, sheet);
    ids::write(record, sheet);
}

/// What stands there while there is nothing to show.
fn nothing(model: &Model, sheet: &mut Sheet) {
    let look = sheet.look;
    let text = match model.page {
        Page::Activity => "Nothing has happened yet. What is done and what goes wrong is listed here.",
        Page::Audit => "Changes, reveals and exports are written down here.",
        Page::Jobs => "Nothing was confirmed yet. What you confirm is listed here.",
        _ if model.is_loading() => "Loading…",
        _ => "Nothing is chosen. The record under the cursor is shown here.",
    };
    sheet.text(text, look.faint);
}
