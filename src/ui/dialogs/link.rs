//! A hosted URL that could not be handed over: why, and the URL itself once it is asked for.

use ratatui::layout::Rect;

use crate::actions::Action;
use crate::app::{Model, ShownLink};
use crate::text::clean;
use crate::ui::Look;

use super::panel::{Panel, sheet};

pub(super) fn panel(screen: Rect, model: &Model, link: &ShownLink, look: &Look) -> Panel {
    let mut body = sheet(screen, look);
    body.row("session", link.session.as_str(), look.text);
    body.gap();
    body.text("The hosted URL could not be handed over:", look.text);
    body.text(&clean(&link.reason), look.warn);
    body.gap();
    if link.shown {
        body.text(&clean(link.url.expose()), look.accent);
    } else {
        let key = model.keymap.label(Action::Accept);
        body.text(&format!("{key} shows it here, to be copied by hand."), look.text);
    }
    body.gap();
    body.text("It works once, for 48 hours. Give it to nobody but the person.", look.dim);
    let word = if link.shown { "hide" } else { "show" };
    Panel::new(model, "Hosted URL", look.warn)
        .body(body)
        .keys(model, &[(Action::Accept, word), (Action::Dismiss, "close")])
}
