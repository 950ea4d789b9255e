//! What was confirmed and not sent: taking one back, leaving the program, and what earlier runs left.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Job, LEFT_CHOICES, Model, QUIT_CHOICES, Stage, sessions};
use crate::text::{truncate, truncate_middle};
use crate::ui::Look;
use crate::ui::detail::sheet::Sheet;
use crate::ui::detail::when;

use super::panel::{Panel, choice, sheet};

/// Leaving the program while something is not sent.
pub(super) fn quit(screen: Rect, model: &Model, at: usize, look: &Look) -> Panel {
    let jobs = model.unsent_jobs();
    let mut body = sheet(screen, look);
    body.text(
        if jobs.len() == 1 { "A change was not sent yet:" } else { "Changes were not sent yet:" },
        look.text,
    );
    for job in jobs {
        let right = match job.stage {
            Stage::Held { .. } => format!("in {} s", job.seconds_left(model.now.monotonic)),
            Stage::Paused => "paused".to_owned(),
            Stage::Saving => "being written down".to_owned(),
            _ => format!("{} of {} sent", job.items().len() - job.tally().waiting, job.items().len()),
        };
        line(&mut body, false, job, right);
    }
    let keys =
        [(Action::Accept, "do it"), (Action::Down, "next"), (Action::Up, "back"), (Action::Dismiss, "stay")];
    let tail = choices(screen, look, &QUIT_CHOICES, at);
    Panel::new(model, "Quit?", look.warn).body(body).tail(tail).keys(model, &keys)
}

/// The list of what is held.
pub(super) fn held(screen: Rect, model: &Model, chosen: u64, look: &Look) -> Panel {
    let at = model.held_at(chosen);
    let mut body = sheet(screen, look);
    for (row, job) in model.held_menu().into_iter().enumerate() {
        line(&mut body, row == at, job, format!("in {} s", job.seconds_left(model.now.monotonic)));
    }
    let mut tail = sheet(screen, look);
    tail.text("Nothing of these was sent, and nothing is while this is open.", look.dim);
    let keys = [
        (Action::Accept, "take it back"),
        (Action::Down, "next"),
        (Action::Up, "back"),
        (Action::Dismiss, "close"),
    ];
    Panel::new(model, "Take back", look.warn).body(body).tail(tail).keys(model, &keys).keep(at..at + 1)
}

/// What earlier runs left.
pub(super) fn left_over(screen: Rect, model: &Model, at: usize, look: &Look) -> Panel {
    let mut body = sheet(screen, look);
    body.text("An earlier run ended before this was done. Nothing is sent until you say so:", look.text);
    for job in model.left_jobs() {
        line(&mut body, false, job, when::ago(model.now.wall, job.created.timestamp()));
        let tally = job.tally();
        let by = job.operator.as_ref().map(|who| format!(" · confirmed by {who}")).unwrap_or_default();
        if job.items().len() > 1 || tally.in_doubt > 0 {
            body.indented(4, &format!("{}{by}", job.summary()), look.dim);
        } else if !by.is_empty() {
            body.indented(4, &format!("not sent{by}"), look.dim);
        }
    }
    if model.left_jobs().any(|job| job.tally().in_doubt > 0) {
        body.text("What is in doubt was asked for and not answered: it may have happened, or still happen. Sending asks for it again under its old key, so that it cannot happen twice.", look.warn);
    }
    let keys = [
        (Action::Accept, "do it"),
        (Action::Down, "next"),
        (Action::Up, "back"),
        (Action::Dismiss, "decide later"),
    ];
    let tail = choices(screen, look, &LEFT_CHOICES, at);
    Panel::new(model, "Not finished", look.warn).body(body).tail(tail).keys(model, &keys)
}

/// A job in one line: what it does, to what, and something at the right end.
fn line(sheet: &mut Sheet, chosen: bool, job: &Job, right: String) {
    let look = sheet.look;
    let room = sheet.width().saturating_sub(12 + crate::text::width(&right)).max(9);
    let what = match job.items() {
        [one] => truncate_middle(one.session.as_str(), room).into_owned(),
        many => truncate(&sessions(many.len()), room).into_owned(),
    };
    let left = vec![Span::styled(format!("{:<8}", job.verb()), look.warn), Span::styled(what, look.text)];
    choice(sheet, chosen, left, vec![Span::styled(right, look.dim)]);
}

fn choices(screen: Rect, look: &Look, titles: &[&'static str], at: usize) -> Sheet {
    let mut tail = sheet(screen, look);
    for (number, title) in titles.iter().enumerate() {
        let chosen = number == at;
        let style = if chosen { look.selection } else { look.text };
        let title = truncate(title, tail.width().saturating_sub(2)).into_owned();
        choice(&mut tail, chosen, vec![Span::styled(title, style)], Vec::new());
    }
    tail
}
