//! The rule above the footer, and what is written over it: what is held, what was said, what is on its way.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::activity::level;
use super::paint::{Pen, columns, short_id};
use super::{Look, trouble};
use crate::actions::Action;
use crate::app::{Job, Model, Notice, Stage, doing_of};
use crate::clock::Monotonic;
use crate::text::{grouped, truncate};

/// Columns between two things that are said.
const GAP: u16 = 3;

/// Words with their styles, to be written next to each other.
pub(super) type Words = Vec<(String, Style)>;

/// Draws the rule with `glyph`, and over it what there is to say.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, glyph: &str, rule: Style, model: &Model, look: &Look) {
    Pen::new(buffer, area).fill(glyph, rule);
    let said = said(model, look, area.width.saturating_sub(3));
    if said.is_empty() {
        return;
    }
    // A blank on each side parts the words from the rule; the last column stays the rule's.
    let mut pen = Pen::new(buffer, Rect { width: area.width.saturating_sub(2), ..area });
    pen.write(" ", look.text);
    for (text, style) in said {
        pen.write(&text, style);
    }
    let x = pen.x();
    Pen::new(buffer, area).go(x).write(" ", look.text);
}

/// The most pressing thing first: what can still be taken back.
fn said(model: &Model, look: &Look, room: u16) -> Words {
    let mut words = Vec::new();
    if model.jobs.is_holding() {
        words = held(model, look, room);
    }
    // What lasts is told with the seconds that it lasts, and once.
    let problem = model.list_problem();
    if let Some(notice) = model.notices.current().filter(|notice| !model.is_told_by_list(notice)) {
        if words.is_empty() {
            return self::notice(notice, look, room);
        }
        // Beside a countdown there is room for the sentence at most.
        let used = total(&words) + GAP;
        if room.saturating_sub(used) >= 24 {
            words.push((" ".repeat(usize::from(GAP)), look.text));
            words.extend(sentence(notice, look, room - used));
        }
        return words;
    }
    if words.is_empty() {
        words = in_flight(model, look);
    }
    if words.is_empty() {
        words = match (problem, model.waiting()) {
            _ if model.is_list_empty() => words,
            (Some(problem), _) => trouble::line(problem, model, look),
            (None, Some(waiting)) => trouble::waiting_line(&waiting, model, look),
            (None, None) if model.can_stop() => trouble::loading_line(model, look),
            (None, None) => words,
        };
    }
    words
}

/// Countdowns, the next one to be sent first, and always the key that takes one back.
fn held(model: &Model, look: &Look, room: u16) -> Words {
    let key = model.keymap.label(Action::Undo);
    let which = model.keymap.label(Action::UndoChosen);
    let reserve = GAP + columns(&key) + columns(UNDO);
    let count = model.jobs.held().count();
    let mut words = vec![("↺ ".to_owned(), look.warn)];
    for (at, job) in model.jobs.held().enumerate() {
        let separator = if at == 0 { "" } else { " · " };
        let text = format!("{separator}{}", countdown(job, model.now.monotonic));
        let hidden = count - at;
        let more = if hidden > 1 { columns(&format!(" +{}", hidden - 1)) } else { 0 };
        if at > 0 && total(&words) + columns(&text) + more + reserve > room {
            words.push((format!(" +{hidden}"), look.warn));
            break;
        }
        words.push((text, look.warn));
    }
    words.extend([(" ".repeat(usize::from(GAP)), look.text), (key, look.key), (UNDO.to_owned(), look.text)]);
    if count > 1 && total(&words) + columns(WHICH) <= room {
        words.push((WHICH.to_owned(), look.text));
        if !which.is_empty() && total(&words) + 2 + columns(&which) + columns(CHOOSE) <= room {
            words.extend([("  ".to_owned(), look.text), (which, look.key), (CHOOSE.to_owned(), look.text)]);
        }
    }
    words
}

const CHOOSE: &str = " another";
const UNDO: &str = " undo";
const WHICH: &str = " the last";

/// `cancel vs_…HvkI in 8 s`, `redact 37 in 8 s`.
fn countdown(job: &Job, now: Monotonic) -> String {
    let what = match job.items() {
        [one] => short_id(&one.session),
        many => grouped(many.len()),
    };
    format!("{} {what} in {} s", job.verb(), job.seconds_left(now))
}

/// A notice: the sentence, then what to do next, then the request id.
///
/// Where they do not fit, the session's id becomes short first. The request id is there whole or not at all, and the
/// hint is cut before the sentence is.
fn notice(notice: &Notice, look: &Look, room: u16) -> Words {
    let hint = notice.hint.as_deref().unwrap_or_default();
    let hint_needs = if hint.is_empty() { 0 } else { 2 + columns(hint) };
    let mut words = sentence(notice, look, room.saturating_sub(hint_needs));
    let mut left = room.saturating_sub(total(&words));
    if !hint.is_empty() && left >= 2 + WORTH_READING.min(columns(hint)) {
        let hint = shorten(hint, notice, left.saturating_sub(2));
        let hint = truncate(&hint, usize::from(left - 2)).into_owned();
        left -= 2 + columns(&hint);
        words.extend([("  ".to_owned(), look.text), (hint, look.dim)]);
    }
    if let Some(request) = notice.request_id.as_deref().filter(|request| 2 + columns(request) <= left) {
        words.extend([("  ".to_owned(), look.text), (request.to_owned(), look.faint)]);
    }
    words
}

/// Fewer columns of a hint say nothing.
const WORTH_READING: u16 = 12;

fn sentence(notice: &Notice, look: &Look, room: u16) -> Words {
    let (glyph, _, style) = level(notice.level, look);
    let text = shorten(&notice.text, notice, room.saturating_sub(2)).into_owned();
    vec![(format!("{glyph} "), style), (text, look.text)]
}

/// `text` with the id of the notice's session short, if it does not fit `room` otherwise.
fn shorten<'a>(text: &'a str, notice: &Notice, room: u16) -> Cow<'a, str> {
    match &notice.session {
        Some(id) if columns(text) > room => Cow::Owned(text.replace(id.as_str(), &short_id(id))),
        _ => Cow::Borrowed(text),
    }
}

fn in_flight(model: &Model, look: &Look) -> Words {
    let mut doing: Vec<String> =
        model.in_flight().map(|(session, doing)| format!("{doing} {}", short_id(session))).collect();
    let sent = model.jobs.list().iter().filter(|job| job.is_busy() && job.stage != Stage::Saving);
    doing.extend(sent.map(|job| match job.items() {
        [one] => format!("{} {}", doing_of(&job.act), short_id(&one.session)),
        many => {
            let (settled, all) = (grouped(job.tally().settled()), grouped(many.len()));
            format!("{} {settled} of {all}", doing_of(&job.act))
        }
    }));
    if doing.is_empty() {
        return Vec::new();
    }
    // Requests are kept in no order; the line must not flicker.
    doing.sort();
    vec![("… ".to_owned(), look.info), (doing.join(" · "), look.text)]
}

fn total(words: &Words) -> u16 {
    words.iter().fold(0, |sum: u16, (text, _)| sum.saturating_add(columns(text)))
}
