//! The copy menu: what can be copied, with a preview that gives no more away than the screen does.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{CopyItem, CopyMenu, Model, Why};
use crate::privacy::Sight;
use crate::text::{clean, fit, truncate, truncate_middle};
use crate::ui::Look;

use super::panel::{Panel, choice, sheet};

/// Columns of the titles.
const TITLE: usize = 17;

pub(super) fn panel(screen: Rect, model: &Model, menu: &CopyMenu, look: &Look) -> Panel {
    let mut body = sheet(screen, look);
    for (at, item) in CopyItem::ALL.into_iter().enumerate() {
        let chosen = at == menu.at;
        let room = body.width().saturating_sub(2 + TITLE);
        let (title, about, style) = match model.copy_text(&menu.session, item) {
            Ok(text) => {
                let title = if chosen { look.accent } else { look.text };
                (title, preview(model, menu, item, text.expose(), room), look.dim)
            }
            Err(Why(why)) => (look.faint, truncate(&why, room).into_owned(), look.faint),
        };
        let left = vec![Span::styled(fit(item.title(), TITLE), title), Span::styled(about, style)];
        choice(&mut body, chosen, left, Vec::new());
    }
    let mut tail = sheet(screen, look);
    let chosen = CopyItem::ALL.get(menu.at).copied().unwrap_or(CopyItem::Id);
    match model.copy_text(&menu.session, chosen) {
        Ok(_) if chosen == CopyItem::Link => {
            tail.text("Works once, for 48 hours. Give it to nobody but the person.", look.dim);
        }
        Ok(_) => tail.text(menu.session.as_str(), look.faint),
        Err(Why(why)) => tail.text(&clean(&why), look.warn),
    }
    let keys =
        [(Action::Accept, "copy"), (Action::Down, "next"), (Action::Up, "back"), (Action::Dismiss, "close")];
    Panel::new(model, "Copy", look.rule).body(body).tail(tail).keys(model, &keys).keep(menu.at..menu.at + 1)
}

/// A glimpse of what would be copied. The URL is fetched only then, so there is none of it.
fn preview(model: &Model, menu: &CopyMenu, item: CopyItem, text: &str, room: usize) -> String {
    match item {
        CopyItem::Link => truncate("fetched fresh when it is copied", room).into_owned(),
        CopyItem::Json => {
            let sight = model.sight(&menu.session);
            let how =
                if sight == Sight::Revealed { "personal data in plain text" } else { "personal data masked" };
            truncate(&format!("{} lines, {how}", text.lines().count()), room).into_owned()
        }
        CopyItem::Email | CopyItem::Reference => truncate(&clean(text), room).into_owned(),
        CopyItem::Id | CopyItem::Report => truncate_middle(&clean(text), room).into_owned(),
    }
}
