//! A hosted URL that could not be handed over: why, and the URL itself once it is asked for.

use ratatui::layout::Rect;

use crate::actions::Action;
use crate::app::{Model, ShownLink};
use crate::text::clean;
use crate::ui::Look;
use crate::ui::detail::sheet::Sheet;

use super::panel::{Panel, columns_of};

/// Columns that the dialog takes at most: hosted URLs are longer than prose should be.
const WIDEST_LINK: u16 = 180;

pub(super) fn panel(screen: Rect, model: &Model, link: &ShownLink, look: &Look) -> Panel {
    // A link that fits one line is easier to select.
    let mut body = Sheet::new(look, usize::from(columns_of(screen, WIDEST_LINK)));
    if link.shown {
        // First, so that it is whole on the smallest screen.
        body.unbroken(&clean(link.url.expose()), look.text);
        body.gap();
        body.text("It works once, for 48 hours. Give it to nobody but the person.", look.dim);
        body.gap();
    }
    body.text(&format!("The hosted URL of {} could not be handed over:", link.session), look.text);
    body.text(&clean(&link.reason), look.warn);
    if !link.shown {
        body.gap();
        let key = model.keymap.label(Action::Accept);
        body.text(&format!("{key} shows it here, to be copied by hand."), look.text);
        body.text("It works once, for 48 hours. Give it to nobody but the person.", look.dim);
    }
    let word = if link.shown { "hide" } else { "show" };
    Panel::new(model, "Hosted URL", look.warn)
        .widest(WIDEST_LINK)
        .body(body)
        .keys(model, &[(Action::Accept, word), (Action::Dismiss, "close")])
}
