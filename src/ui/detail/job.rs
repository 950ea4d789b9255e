//! A job whole: what was confirmed, by which way and why, and what became of each session. What needs a look is first.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Job, JobItem, Model};
use crate::journal::Step;
use crate::text::{clean, grouped, truncate_middle};
use crate::ui::jobs::{bar, stage};

use super::sheet::Sheet;
use super::when;

/// How many sessions of a kind are listed: a screen is for looking, the copied result has them all.
const LISTED: usize = 500;

/// Whether a session is as far as a section lists.
type IsOf = fn(&Step) -> bool;

pub(super) fn write(model: &Model, job: &Job, sheet: &mut Sheet) {
    let look = sheet.look;
    let (text, style) = stage(job, model, &look);
    let left = vec![Span::styled(text, style)];
    sheet.ends(left, vec![Span::styled(format!("job {}", job.number), look.dim)]);
    sheet
        .text(&format!("{} · {}", job.what(), when::ago(model.now.wall, job.created.timestamp())), look.text);
    if job.items().len() > 1 {
        sheet.spans(vec![
            Span::styled(bar(job), style),
            Span::styled(format!("  {}", job.summary()), look.text),
        ]);
    }
    if model.size.rows >= 16 {
        sheet.gap();
    }
    if let Some(reason) = &job.reason {
        let note = reason.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        sheet.row("reason", &format!("{}{note}", reason.code), look.text);
    }
    if let Some(operator) = &job.operator {
        sheet.row("confirmed by", operator, look.text);
    }
    sheet.row("asked by", &job.via, look.dim);
    sheet.row("in the audit", &job.id.to_string(), look.dim);
    let kinds: [(&'static str, IsOf, Style); 6] = [
        ("IN DOUBT", |step| matches!(step, Step::Failed), look.bad),
        ("REFUSED", |step| matches!(step, Step::Refused { .. }), look.bad),
        ("ON THEIR WAY", |step| matches!(step, Step::Asked), look.info),
        ("NOT SENT", |step| matches!(step, Step::Held), look.warn),
        ("LEFT OUT", |step| matches!(step, Step::Dropped), look.dim),
        ("DONE", |step| matches!(step, Step::Done { .. }), look.ok),
    ];
    for (title, is_of, style) in kinds {
        write_kind(model, job, title, is_of, style, sheet);
    }
}

fn write_kind(model: &Model, job: &Job, title: &'static str, is_of: IsOf, style: Style, sheet: &mut Sheet) {
    let look = sheet.look;
    let count = job.items().iter().filter(|item| is_of(&item.step)).count();
    if count == 0 {
        return;
    }
    sheet.heading(title, &[(grouped(count), look.dim)]);
    for item in job.items().iter().filter(|item| is_of(&item.step)).take(LISTED) {
        write_item(item, style, sheet);
    }
    if count > LISTED {
        let key = model.keymap.label(Action::CopyResult);
        sheet.text(&format!("{} more; {key} copies all of them.", grouped(count - LISTED)), look.faint);
    }
}

fn write_item(item: &JobItem, style: Style, sheet: &mut Sheet) {
    let look = sheet.look;
    let (glyph, right) = match &item.step {
        Step::Done { request_id } => ("✓", request_id.as_deref().unwrap_or_default()),
        Step::Refused { code } => ("✗", &**code),
        Step::Failed => ("!", ""),
        Step::Asked => ("~", ""),
        Step::Held => ("…", ""),
        Step::Dropped => ("·", ""),
    };
    let room = sheet.width().saturating_sub(3 + right.len()).max(12);
    let id = truncate_middle(item.session.as_str(), room).into_owned();
    let left = vec![Span::styled(format!("{glyph} "), style), Span::styled(id, look.text)];
    sheet.ends(left, vec![Span::styled(right.to_owned(), look.faint)]);
    if let Some(note) = &item.note {
        sheet.indented(2, &clean(note), look.dim);
    }
}
