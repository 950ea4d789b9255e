//! The menu of single fields: what each has to offer, and what choosing it does.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Fetched, FieldMenu, Model};
use crate::identity::personal::{PersonalField, Reading};
use crate::text::{fit, truncate};
use crate::ui::Look;

use super::panel::{Panel, choice, sheet};

/// Columns of the names.
const NAME: usize = 14;

pub(super) fn panel(screen: Rect, model: &Model, menu: &FieldMenu, look: &Look) -> Panel {
    let mut body = sheet(screen, look);
    let mut keep = 0..1;
    let mut part = None;
    for (at, field) in menu.fields.iter().enumerate() {
        let begin = body.len();
        if part != Some(field.part) {
            body.heading(field.part.title(), &[]);
            part = Some(field.part);
        }
        let chosen = at == menu.at;
        let (about, style) = about(model, menu, *field, look);
        let room = body.width().saturating_sub(2 + NAME);
        let name = if chosen { look.accent } else { look.text };
        let left = vec![
            Span::styled(fit(field.label(), NAME), name),
            Span::styled(truncate(&about, room).into_owned(), style),
        ];
        choice(&mut body, chosen, left, Vec::new());
        if chosen {
            keep = begin..body.len();
        }
    }
    if menu.fields.is_empty() {
        let text = if model.is_fetching(&menu.session) {
            "loading…"
        } else {
            "Nothing is known of the person yet."
        };
        body.text(text, look.dim);
    }
    let mut tail = sheet(screen, look);
    if let Some(field) = menu.fields.get(menu.at) {
        tail.text(consequence(model, menu, *field), look.dim);
        tail.text(&field.path(), look.faint);
    }
    let keys = [
        (Action::Accept, "show or mask"),
        (Action::Down, "next"),
        (Action::Up, "back"),
        (Action::Dismiss, "close"),
    ];
    Panel::new(model, "Show one field", look.rule).body(body).tail(tail).keys(model, &keys).keep(keep)
}

/// How the field stands now.
fn about(model: &Model, menu: &FieldMenu, field: PersonalField, look: &Look) -> (String, Style) {
    let report = menu.report.as_ref();
    if model.is_unveiling(&menu.session, field) {
        return ("asked for…".to_owned(), look.info);
    }
    match model.fetched(&menu.session, report, field) {
        Some(Fetched::Value(value)) => {
            let sight = model.sight_of(&menu.session, report, field);
            return (value.show(sight).into_owned(), look.text);
        }
        Some(Fetched::Nothing) => return ("there is none".to_owned(), look.faint),
        Some(Fetched::Refused(why)) => return (why.clone(), look.warn),
        None => {}
    }
    match model.reading(&menu.session, report, field) {
        Reading::Value(value) => (value.into_owned(), look.dim),
        Reading::Unfetched => ("sensitive, not fetched".to_owned(), look.faint),
        Reading::Nothing => ("not there any more".to_owned(), look.faint),
    }
}

/// What choosing it does.
fn consequence(model: &Model, menu: &FieldMenu, field: PersonalField) -> &'static str {
    if model.is_shown(&menu.session, menu.report.as_ref(), field) {
        "Masks it again."
    } else if field.is_sensitive() {
        "Written down, then fetched with a key that may read it, then shown for a time."
    } else {
        "Written down, then shown for a time."
    }
}
