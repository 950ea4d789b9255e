//! The last row: the keys that matter here and can be used now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Look;
use super::paint::{Pen, columns};
use crate::actions::Action;
use crate::app::{Link, Model, Page, Pane};

/// More keys than this are read by nobody.
const MOST: usize = 7;

/// Columns between two keys.
const GAP: u16 = 3;

/// Draws the footer.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model, look: &Look) {
    let mut end = (area.x + area.width).saturating_sub(1);
    let on_desk = model.dialogs.is_empty() && !model.search().is_some_and(|search| search.editing);
    let palette = model.keymap.label(Action::Palette);
    if on_desk && !palette.is_empty() {
        let title = format!(" {}", Action::Palette.spec().title);
        let wide = columns(&palette) + columns(&title);
        if wide + 1 < end {
            let x = end - wide;
            Pen::new(buffer, Rect { x, width: wide, ..area })
                .write(&palette, look.key)
                .write(&title, look.dim);
            end = x.saturating_sub(GAP);
        }
    }
    let mut pen = Pen::new(buffer, Rect { width: end.saturating_sub(area.x), ..area });
    pen.skip(1);
    let mut drawn = 0;
    for (action, title) in hints(model) {
        let key = model.keymap.label(action);
        if key.is_empty() || drawn == MOST || (on_desk && !is_useful(action, model)) {
            continue;
        }
        let gap = if drawn == 0 { 0 } else { GAP };
        if usize::from(gap + columns(&key) + 1 + columns(title)) > pen.left() {
            continue;
        }
        pen.skip(gap).write(&key, look.key).skip(1).write(title, look.dim);
        drawn += 1;
    }
}

/// Whether a key leads anywhere now: an empty list has nothing to be searched or filtered.
fn is_useful(action: Action, model: &Model) -> bool {
    let empty = match model.page {
        Page::Reports => model.catalog.reports().is_empty(),
        Page::Audit => model.audit.log.as_ref().is_none_or(|log| log.lines.is_empty()),
        Page::Sessions | Page::Activity | Page::Jobs => model.catalog.sessions().is_empty(),
    };
    let finds = matches!(action, Action::Search | Action::NextStatus | Action::NextType);
    // A notice may lead nowhere but to itself.
    let nothing_there = match action {
        Action::Open if model.page == Page::Activity && model.pane == Pane::Detail => {
            model.subject_notice().is_none_or(|notice| notice.session.is_none())
        }
        _ => false,
    };
    model.allows(action).is_ok() && !(empty && finds) && !nothing_there
}

/// Keys with what they do here, the most important first.
fn hints(model: &Model) -> Vec<(Action, &'static str)> {
    use Action as A;

    // A dialog says its own keys.
    if !model.dialogs.is_empty() {
        return Vec::new();
    }
    if model.search().is_some_and(|search| search.editing) {
        return vec![(A::Accept, "keep"), (A::Dismiss, "clear"), (A::NextField, "to the list")];
    }
    if !matches!(model.link, Link::Up(_)) && model.subject().is_none() {
        return [A::Quit, A::Help].map(|action| (action, action.spec().title)).to_vec();
    }
    if model.is_bulk() {
        let bulk = [(A::Cancel, "cancel marked"), (A::Redact, "redact marked"), (A::Edit, "metadata")];
        let marks = [(A::Mark, "mark"), (A::MarkAll, "mark all"), (A::Unmark, "unmark all")];
        return std::iter::once((A::Undo, A::Undo.spec().title)).chain(bulk).chain(marks).collect();
    }
    let actions: &[Action] = match (model.page, model.pane) {
        (Page::Sessions, Pane::List) => &[
            A::Undo,
            A::Open,
            A::CopyLink,
            A::Cancel,
            A::Redact,
            A::Edit,
            A::Submit,
            A::Create,
            A::Search,
            A::Refresh,
        ],
        (Page::Sessions, Pane::Detail) => &[
            A::Undo,
            A::Back,
            A::Reveal,
            A::RevealField,
            A::CopyLink,
            A::Cancel,
            A::Redact,
            A::Edit,
            A::Submit,
            A::CopyMenu,
        ],
        (Page::Reports, Pane::List) => {
            &[A::Undo, A::Open, A::Reveal, A::NextStatus, A::NextType, A::Search, A::Refresh, A::CopyMenu]
        }
        (Page::Reports, Pane::Detail) => &[A::Undo, A::Back, A::Open, A::Reveal, A::Redact, A::CopyMenu],
        (Page::Jobs, Pane::List) => {
            &[A::Undo, A::PauseJob, A::StopJob, A::RetryJob, A::CopyResult, A::NextPane, A::Sessions]
        }
        (Page::Jobs, Pane::Detail) => {
            &[A::Undo, A::Back, A::PauseJob, A::StopJob, A::RetryJob, A::CopyResult, A::UndoChosen]
        }
        (Page::Activity, Pane::List) => &[A::Undo, A::Open, A::CopyMenu, A::Sessions, A::Reports],
        (Page::Audit, Pane::List) => &[A::Undo, A::Open, A::Search, A::Refresh, A::Sessions, A::Activity],
        (Page::Audit, Pane::Detail) => &[A::Undo, A::Back, A::Open],
        (Page::Activity, Pane::Detail) => &[A::Undo, A::Back, A::Open, A::CopyMenu],
    };
    actions.iter().map(|action| (*action, action.spec().title)).collect()
}
