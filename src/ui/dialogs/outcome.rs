//! Sandbox only: how a submission is to end. Every error code with what it means, grouped by check.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Model, OutcomePicker};
use crate::identity::{CheckKind, ErrorCode, advice};
use crate::ui::Look;
use crate::ui::detail::sheet::Sheet;

use super::panel::{Panel, choice, sheet};

pub(super) fn panel(screen: Rect, model: &Model, picker: &OutcomePicker, look: &Look) -> Panel {
    let mut body = sheet(screen, look);
    let mut keep = 0..1;
    let mut group = None;
    for (at, outcome) in OutcomePicker::outcomes().enumerate() {
        let code = ErrorCode::known(outcome);
        let title = heading(code.as_ref());
        let begin = body.len();
        if group != Some(title) {
            body.heading(title, &[]);
            group = Some(title);
        }
        let chosen = at == picker.at;
        write(&mut body, outcome, code.as_ref(), chosen);
        if chosen {
            keep = begin..body.len();
        }
    }
    let mut tail = sheet(screen, look);
    tail.text(picker.session.as_str(), look.faint);
    let keys = [
        (Action::Accept, "submit"),
        (Action::Down, "next"),
        (Action::Up, "back"),
        (Action::Dismiss, "close"),
    ];
    Panel::new(model, "Submit with this outcome", look.rule)
        .body(body)
        .tail(tail)
        .keys(model, &keys)
        .keep(keep)
}

/// The code, and under it what it means.
fn write(sheet: &mut Sheet, outcome: &'static str, code: Option<&ErrorCode>, chosen: bool) {
    let look = sheet.look;
    let style = match (chosen, code) {
        (true, _) => look.accent,
        (false, None) => look.ok,
        (false, Some(_)) => look.text,
    };
    choice(sheet, chosen, vec![Span::styled(outcome, style)], Vec::new());
    let meaning = code.map_or("Every check is passed.", |code| advice::of(code).meaning);
    sheet.indented(4, meaning, look.dim);
}

const fn heading(code: Option<&ErrorCode>) -> &'static str {
    let Some(code) = code else { return "Success" };
    match code.check() {
        None => "The session ends without a report",
        Some(CheckKind::Document) => "The document fails",
        Some(CheckKind::IdNumber) => "The ID number fails",
        Some(CheckKind::Selfie) => "The selfie fails",
        Some(CheckKind::Email) => "The e-mail code fails",
        Some(CheckKind::Phone) => "The phone code fails",
    }
}
