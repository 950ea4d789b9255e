//! The dialog of an export: what, as what, masked or not, and where to.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{ExportForm, ExportLine, FileFormat, Model, Records};
use crate::text::{clean, grouped};
use crate::ui::Look;
use crate::ui::detail::sheet::{Sheet, taken};
use crate::ui::paint::window;

use super::panel::{Panel, Part, sheet};

/// From how many rows on there is room for sentences.
const ROOMY: u16 = 18;

/// Columns of the labels.
const LABEL: usize = 10;

pub(super) fn panel(screen: Rect, model: &Model, form: &ExportForm, look: &Look) -> Panel {
    let roomy = screen.height >= ROOMY;
    let mut head = sheet(screen, look);
    write_what(model, form, roomy, &mut head);
    let mut body = sheet(screen, look);
    let mut cursor = None;
    let mut keep = 0..1;
    for line in form.lines() {
        let begin = body.len();
        let focused = *line == form.at && form.writing.is_none();
        let mark = if focused { "▸ " } else { "  " };
        let label = match line {
            ExportLine::Format => "format",
            ExportLine::Data => "data",
            ExportLine::File => "file",
            ExportLine::Check => "confirm",
        };
        let label_style = if focused { look.accent } else { look.dim };
        let mut spans =
            vec![Span::styled(mark, look.accent), Span::styled(format!("{label:<LABEL$}"), label_style)];
        match line {
            ExportLine::Format => {
                let all = FileFormat::ALL.iter().map(|format| (format.ending(), *format == form.format));
                spans.extend(choices(all, look));
            }
            ExportLine::Data => {
                spans.extend(choices([("masked", !form.plain), ("plain text", form.plain)], look));
            }
            ExportLine::File => {
                let room = body.width().saturating_sub(taken(&spans));
                let (text, at) = window(&form.path, room);
                if focused {
                    cursor = Some((Part::Body, body.len(), taken(&spans) + at));
                }
                spans.push(Span::styled(text, look.text));
            }
            ExportLine::Check => {
                let (text, at) = window(&form.typed.input, 10);
                spans.push(Span::styled(format!("type {}: ", form.typed.wanted), look.text));
                if focused {
                    cursor = Some((Part::Body, body.len(), taken(&spans) + at));
                }
                spans.push(Span::styled(format!("{text:<10}"), look.text.add_modifier(Modifier::UNDERLINED)));
                if form.typed.is_right() {
                    spans.push(Span::styled(" ✓", look.ok));
                } else if form.typed.failed {
                    spans.push(Span::styled(format!(" ! Not {}.", form.typed.wanted), look.bad));
                }
            }
        }
        body.spans(spans);
        if focused {
            keep = begin..body.len();
        }
    }
    let mut tail = sheet(screen, look);
    write_consequence(form, roomy, &mut tail);
    let keys = [
        (Action::SendForm, "export"),
        (Action::NextField, "next"),
        (Action::NextChoice, "choose"),
        (Action::Dismiss, "close"),
    ];
    let border = if form.plain { look.warn } else { look.rule };
    Panel::new(model, "Export", border)
        .head(head)
        .body(body)
        .tail(tail)
        .keys(model, &keys)
        .keep(keep)
        .cursor(cursor)
}

/// What is exported.
fn write_what(model: &Model, form: &ExportForm, roomy: bool, sheet: &mut Sheet) {
    let look = sheet.look;
    let count = grouped(form.records.len());
    let noun = form.records.noun();
    let which = if form.marked { "marked" } else { "in view" };
    sheet.text(&format!("{count} {noun} {which}"), look.text);
    if form.has_more && !roomy {
        sheet.text("Only what is loaded.", look.warn);
    } else if form.has_more {
        let key = model.keymap.label(Action::LoadAll);
        sheet
            .text(&format!("The list goes on; only what is loaded is exported. {key} loads all."), look.warn);
    }
    if roomy && matches!(form.records, Records::Sessions(_)) {
        sheet.text(
            "Verified data and provided details are there for the records that were opened.",
            look.faint,
        );
    }
}

fn choices<'a>(all: impl IntoIterator<Item = (&'static str, bool)>, look: &Look) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for (word, chosen) in all {
        if !spans.is_empty() {
            spans.push(Span::raw("  "));
        }
        let style: Style = if chosen { look.accent } else { look.faint };
        spans.push(Span::styled(if chosen { format!("● {word}") } else { format!("○ {word}") }, style));
    }
    spans
}

fn write_consequence(form: &ExportForm, roomy: bool, sheet: &mut Sheet) {
    let look = sheet.look;
    if form.writing.is_some() {
        return sheet.text("Writing…", look.info);
    }
    if let Some(error) = &form.error {
        return sheet.text(&clean(error), look.bad);
    }
    if !roomy {
        let (text, style) = if form.plain { ("In plain text!", look.warn) } else { ("Masked.", look.dim) };
        return sheet.text(text, style);
    }
    if form.plain {
        sheet.text(
            "Names, contacts and addresses are written as they are, for whoever opens the file.",
            look.warn,
        );
    } else {
        sheet.text("Personal data is masked.", look.dim);
    }
    sheet.text("The audit has a line about it. Sensitive fields are never written.", look.dim);
}
