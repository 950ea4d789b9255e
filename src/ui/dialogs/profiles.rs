//! The list of profiles: where each leads, and which one is in use.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Model, ProfilePicker};
use crate::text::{clean, fit, truncate};
use crate::ui::Look;

use super::panel::{Panel, choice, sheet};

/// Columns of the names at most.
const NAME: usize = 24;

pub(super) fn panel(screen: Rect, model: &Model, picker: &ProfilePicker, look: &Look) -> Panel {
    let mut body = sheet(screen, look);
    let longest = model.profiles.iter().map(|entry| crate::text::width(&entry.name)).max();
    let columns = longest.unwrap_or(0).min(NAME) + 2;
    for (at, entry) in model.profiles.iter().enumerate() {
        let chosen = at == picker.at;
        let name = if chosen { look.accent } else { look.text };
        let used = if entry.name == model.profile { "● " } else { "  " };
        let live = if entry.live { "LIVE " } else { "" };
        let room = body.width().saturating_sub(4 + columns + live.len());
        let left = vec![
            Span::styled(used, look.ok),
            Span::styled(fit(&clean(&entry.name), columns), name),
            Span::styled(live, look.live),
            Span::styled(truncate(&clean(&entry.about), room).into_owned(), look.dim),
        ];
        choice(&mut body, chosen, left, Vec::new());
    }
    let mut tail = sheet(screen, look);
    tail.text("● is in use. What is loaded is forgotten before another one is asked.", look.dim);
    let keys = [
        (Action::Accept, "connect"),
        (Action::Down, "next"),
        (Action::Up, "back"),
        (Action::Dismiss, "close"),
    ];
    Panel::new(model, "Profile", look.rule)
        .body(body)
        .tail(tail)
        .keys(model, &keys)
        .keep(picker.at..picker.at + 1)
}
