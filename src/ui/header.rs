//! The first row: name, what is on the other side, pages, meters.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::detail::when;
use super::paint::{Pen, columns, rect};
use super::{Look, trouble};
use crate::actions::Action;
use crate::app::{Link, Model, Page};
use crate::text::grouped;

/// Columns between two words at the right.
const GAP: u16 = 3;

/// Draws the header.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model, look: &Look) {
    let mut pen = Pen::new(buffer, area);
    pen.skip(1).write("vetty", look.heading).skip(2);
    badge(&mut pen, model, look);
    let mut end = pen.x();
    for tab in model.tabs() {
        let place = rect(tab.area);
        let style = if tab.chosen { look.accent.add_modifier(Modifier::UNDERLINED) } else { look.dim };
        Pen::new(buffer, place).write(&tab.label, style);
        end = end.max(place.x + place.width);
    }
    meters(buffer, area, end, model, look);
}

/// What is on the other side: said as loudly as it matters.
fn badge(pen: &mut Pen<'_>, model: &Model, look: &Look) {
    let badge = model.badge();
    let (word, rest) = badge.split_once(' ').unwrap_or((&badge, ""));
    match &model.link {
        Link::Connecting => pen.write(&badge, look.info),
        Link::Down(_) => pen.write(&badge, look.bad),
        Link::Up(connection) if connection.live => {
            // One blank on each side belongs to the badge: tabs begin three columns after it.
            let x = pen.x();
            pen.go(x - 1).write(&format!(" {word} "), look.live.add_modifier(Modifier::REVERSED));
            pen.write(rest, look.live)
        }
        Link::Up(_) => pen.write(word, look.heading).skip(1).write(rest, look.dim),
    };
}

/// What stands at the right, as far as it fits: help, whether changes are forbidden, how fresh the list is, what was
/// spent.
fn meters(buffer: &mut Buffer, area: Rect, tabs_end: u16, model: &Model, look: &Look) {
    let key = model.keymap.label(Action::Help);
    let help = (!key.is_empty()).then(|| (format!("{key} {}", Action::Help.spec().title), look.dim));
    let locked = model.settings.read_only.then(|| ("read-only".to_owned(), look.warn));
    let fresh = freshness("synced", model, look);
    let brief = freshness("sync", model, look);
    let reads = (model.reads > 0).then(|| {
        let reads = usize::try_from(model.reads).unwrap_or(usize::MAX);
        (format!("reads {}", grouped(reads)), look.faint)
    });
    // Help can be found in the palette too; that nothing can be changed, or that nothing arrives, is said here only.
    let first = model.settings.read_only || model.list_problem().is_some();
    let alone = if first { fresh.clone() } else { None };
    let choices: [(u16, Vec<&Meter>); 8] = [
        (GAP, vec![&help, &locked, &fresh, &reads]),
        (GAP, vec![&help, &locked, &fresh]),
        (2, vec![&help, &locked, &fresh]),
        (2, vec![&help, &locked, &brief]),
        (2, vec![&locked, &alone]),
        (2, if first { vec![&locked, &brief] } else { Vec::new() }),
        (2, vec![&help, &locked]),
        (2, if first { vec![&locked] } else { vec![&help] }),
    ];
    let end = (area.x + area.width).saturating_sub(1);
    for (gap, meters) in choices {
        let meters: Vec<&(String, Style)> = meters.into_iter().flatten().collect();
        let wide: u16 = meters.iter().map(|(text, _)| columns(text) + gap).sum();
        if meters.is_empty() || tabs_end + wide > end {
            continue;
        }
        let mut end = end;
        for (text, style) in meters {
            let x = end - columns(text);
            Pen::new(buffer, Rect { x, width: end - x, ..area }).write(text, *style);
            end = x.saturating_sub(gap);
        }
        return;
    }
}

/// Words at the right end, if they have anything to say.
type Meter = Option<(String, Style)>;

/// How fresh the list is: at what time of day it came. A time stays true while nothing moves.
fn freshness(word: &str, model: &Model, look: &Look) -> Meter {
    if let Some(problem) = model.list_problem().filter(|_| model.connection().is_some()) {
        return Some((trouble::word(problem).to_owned(), look.bad));
    }
    if model.is_loading() {
        let loaded = match model.page {
            Page::Reports => model.catalog.reports().len(),
            Page::Sessions | Page::Activity | Page::Audit | Page::Jobs => model.catalog.sessions().len(),
        };
        let text =
            if loaded == 0 { "loading…".to_owned() } else { format!("loading… {}", grouped(loaded)) };
        return Some((text, look.info));
    }
    model.synced_at.map(|at| (format!("{word} {} UTC", when::clock(at)), look.faint))
}
