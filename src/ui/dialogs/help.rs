//! Every key, from the table of actions, and what the glyphs mean.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::actions::{Action, Group, Key, Spec, TABLE};
use crate::app::{Model, Why};
use crate::catalog::{CheckMark, Standing};
use crate::ui::Look;
use crate::ui::detail::sheet::{Sheet, taken};

use super::panel::{Panel, WIDEST, columns_of};

/// From how many columns on there are two columns of keys.
const TWO_FROM: u16 = 110;

/// Columns between two columns of keys.
const GUTTER: usize = 4;

/// Columns of the keys.
const KEYS: usize = 13;

pub(super) fn panel(screen: Rect, model: &Model, look: &Look) -> Panel {
    let two = screen.width >= TWO_FROM;
    let widest = if two { 140 } else { WIDEST };
    let inner = usize::from(columns_of(screen, widest));
    let width = if two { (inner - GUTTER) / 2 } else { inner };
    let mut blocks: Vec<Vec<Line<'static>>> =
        Group::ALL.iter().map(|group| block(model, *group, look, width)).collect();
    blocks.push(legend(look, width));
    let body = if two { side_by_side(blocks, look, width, inner) } else { stacked(blocks, look, inner) };
    Panel::new(model, "Keys", look.rule).widest(widest).body(body).keys(
        model,
        &[(Action::Down, "down"), (Action::Up, "up"), (Action::PageDown, "page"), (Action::Dismiss, "close")],
    )
}

/// The actions of a group with their keys. A reason that several in a row share is said once.
fn block(model: &Model, group: Group, look: &Look, width: usize) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(look, width);
    sheet.heading(group.title(), &[]);
    let rows: Vec<(&Spec, Result<(), Why>)> = TABLE
        .iter()
        .filter(|spec| spec.group == group)
        .map(|spec| (spec, model.allows(spec.action)))
        .collect();
    for (at, (spec, allowed)) in rows.iter().enumerate() {
        let keys = model.keymap.keys(spec.action);
        let label = if keys.is_empty() {
            "–".to_owned()
        } else {
            keys.iter().map(Key::label).collect::<Vec<_>>().join(" ")
        };
        match allowed {
            Ok(()) => sheet.hang(vec![Span::styled(label, look.key)], KEYS, spec.doc, look.text),
            Err(why) => {
                sheet.hang(vec![Span::styled(label, look.faint)], KEYS, spec.doc, look.faint);
                let next = rows.get(at + 1).map(|(_, allowed)| allowed);
                if next != Some(&Err(why.clone())) {
                    sheet.indented(KEYS, &format!("({})", why.0), look.faint);
                }
            }
        }
    }
    sheet.into_lines()
}

/// What the glyphs of statuses and checks mean.
fn legend(look: &Look, width: usize) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(look, width);
    sheet.heading("Status", &[]);
    let standings = [
        (Standing::Waiting, "waits for the person"),
        (Standing::Abandoned, "begun and never submitted"),
        (Standing::Failed, "the last submission failed"),
        (Standing::Processing, "checks are running"),
        (Standing::Verified, "every check was passed"),
        (Standing::Canceled, "nothing more can be submitted"),
        (Standing::Redacting, "data is being erased"),
        (Standing::Redacted, "data is erased"),
    ];
    for (standing, meaning) in standings {
        let label = format!("{} {}", standing.glyph(), standing.word());
        sheet.hang(vec![Span::styled(label, look.standing(&standing))], KEYS + 4, meaning, look.dim);
    }
    sheet.heading("Checks", &[]);
    let marks = [
        (CheckMark::Passed, "passed"),
        (CheckMark::Failed, "failed"),
        (CheckMark::Pending, "asked for, no result yet"),
    ];
    for (mark, meaning) in marks {
        sheet.hang(vec![Span::styled(mark.glyph(), look.mark(mark))], 2, meaning, look.dim);
    }
    sheet.text("  not asked for where there is no glyph", look.dim);
    sheet.text("D document, I ID number, S selfie, E e-mail, P phone", look.dim);
    sheet.into_lines()
}

fn stacked(blocks: Vec<Vec<Line<'static>>>, look: &Look, width: usize) -> Sheet {
    let mut sheet = Sheet::new(look, width);
    for block in blocks {
        sheet.gap();
        for line in block {
            sheet.spans(line.spans);
        }
    }
    sheet
}

/// Two columns: each block goes to the shorter one.
fn side_by_side(blocks: Vec<Vec<Line<'static>>>, look: &Look, width: usize, inner: usize) -> Sheet {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for block in blocks {
        let side = if left.len() <= right.len() { &mut left } else { &mut right };
        if !side.is_empty() {
            side.push(Line::default());
        }
        side.extend(block);
    }
    let mut sheet = Sheet::new(look, inner);
    let mut right = right.into_iter();
    let mut left = left.into_iter();
    loop {
        let (one, other) = (left.next(), right.next());
        if one.is_none() && other.is_none() {
            return sheet;
        }
        let mut spans = one.unwrap_or_default().spans;
        let missing = (width + GUTTER).saturating_sub(taken(&spans));
        spans.push(Span::raw(" ".repeat(missing)));
        spans.extend(other.unwrap_or_default().spans);
        sheet.spans(spans);
    }
}
