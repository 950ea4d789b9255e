//! One thing that the program had to say, whole.

use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Model, Notice};
use crate::text::clean;
use crate::ui::activity::level;

use super::sheet::Sheet;
use super::when;

pub(super) fn write(model: &Model, notice: &Notice, sheet: &mut Sheet) {
    let look = sheet.look;
    let (glyph, word, style) = level(notice.level, &look);
    let at = notice.at.timestamp();
    let left = vec![Span::styled(format!("{glyph} {word}"), style)];
    sheet.ends(left, vec![Span::styled(when::ago(model.now.wall, at), look.dim)]);
    // On a short screen the rows are better spent on the notice.
    let roomy = model.size.rows >= 16;
    if roomy {
        sheet.gap();
    }
    sheet.text(&clean(&notice.text), look.text);
    if let Some(hint) = &notice.hint {
        sheet.hang(vec![Span::styled("→", look.accent)], 2, &clean(hint), look.text);
    }
    if roomy {
        sheet.gap();
    }
    sheet.row("time", &format!("{} UTC", when::utc_seconds(at)), look.dim);
    if let Some(request) = &notice.request_id {
        sheet.row("request", &clean(request), look.dim);
    }
    if let Some(id) = &notice.session {
        if model.catalog.session(id).is_none() {
            sheet.row("session", id.as_str(), look.dim);
            sheet.row("", "not loaded", look.faint);
        } else {
            let key = model.keymap.label(Action::Open);
            sheet.row("session", &format!("below · {key} goes to it"), look.dim);
        }
    }
}
