//! Quitting while changes are held: they were confirmed, and nothing was sent yet.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Model, QUIT_CHOICES};
use crate::identity::lifecycle::Act;
use crate::text::{truncate, truncate_middle};
use crate::ui::Look;

use super::panel::{Panel, choice, sheet};

pub(super) fn panel(screen: Rect, model: &Model, at: usize, look: &Look) -> Panel {
    let mut body = sheet(screen, look);
    let what = if model.held.len() == 1 {
        "A change is held and was not sent yet:"
    } else {
        "Changes are held and were not sent yet:"
    };
    body.text(what, look.text);
    for held in &model.held {
        let act = if held.act == Act::Redact { "redact" } else { "cancel" };
        let left = format!("in {} s", held.seconds_left(model.now));
        let id = truncate_middle(held.session.as_str(), body.width().saturating_sub(20).max(9)).into_owned();
        body.ends(
            vec![Span::styled(format!("  {act:<8}"), look.warn), Span::styled(id, look.text)],
            vec![Span::styled(left, look.dim)],
        );
    }
    let mut tail = sheet(screen, look);
    for (number, title) in QUIT_CHOICES.into_iter().enumerate() {
        let chosen = number == at;
        let style = if chosen { look.selection } else { look.text };
        let title = truncate(title, tail.width().saturating_sub(2)).into_owned();
        choice(&mut tail, chosen, vec![Span::styled(title, style)], Vec::new());
    }
    let keys =
        [(Action::Accept, "do it"), (Action::Down, "next"), (Action::Up, "back"), (Action::Dismiss, "stay")];
    Panel::new(model, "Quit?", look.warn).body(body).tail(tail).keys(model, &keys)
}
