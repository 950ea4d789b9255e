//! The first row: name, what is on the other side, pages, meters.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Look;
use super::paint::{Pen, ago, columns, rect};
use crate::actions::Action;
use crate::app::bars::grouped;
use crate::app::{Link, Model, Page};

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

/// What fits at the right: help first, then how fresh the list is, then what was spent.
fn meters(buffer: &mut Buffer, area: Rect, tabs_end: u16, model: &Model, look: &Look) {
    let mut wanted: Vec<(String, Style)> = Vec::new();
    let help = model.keymap.label(Action::Help);
    if !help.is_empty() {
        wanted.push((format!("{help} {}", Action::Help.spec().title), look.dim));
    }
    if model.settings.read_only {
        wanted.push(("read-only".to_owned(), look.warn));
    }
    wanted.extend(freshness(model, look));
    if model.reads > 0 {
        let reads = usize::try_from(model.reads).unwrap_or(usize::MAX);
        wanted.push((format!("reads {}", grouped(reads)), look.faint));
    }
    let mut end = (area.x + area.width).saturating_sub(1);
    for (text, style) in wanted {
        let Some(x) = end.checked_sub(columns(&text)).filter(|x| *x >= tabs_end + GAP) else { break };
        Pen::new(buffer, Rect { x, width: end - x, ..area }).write(&text, style);
        end = x.saturating_sub(GAP);
    }
}

fn freshness(model: &Model, look: &Look) -> Option<(String, Style)> {
    if model.is_loading() {
        let loaded = match model.page {
            Page::Reports => model.catalog.reports().len(),
            Page::Sessions | Page::Activity => model.catalog.sessions().len(),
        };
        let text =
            if loaded == 0 { "loading…".to_owned() } else { format!("loading… {}", grouped(loaded)) };
        return Some((text, look.info));
    }
    model.synced_at.map(|at| (format!("synced {}", ago(model.now, at)), look.faint))
}
