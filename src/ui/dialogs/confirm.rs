//! The confirmation of a change: what it is about, what will happen, why, and two buttons.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Button, Confirm, ConfirmStep, Model, TypedCheck, sessions};
use crate::catalog::Standing;
use crate::identity::lifecycle::Act;
use crate::identity::{SessionId, Status};
use crate::journal::JobAct;
use crate::text::{clean, fit, grouped, truncate, width};
use crate::ui::Look;
use crate::ui::detail::sheet::{LABELS, Sheet, taken};
use crate::ui::paint::window;

use super::panel::{Panel, Part, sheet};

/// What Enter would do now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Accept {
    Keep,
    Proceed,
    /// Something is missing, or something else than the wanted text stands there.
    Check,
    /// Go on from the reason's text.
    Next,
}

impl Accept {
    fn of(confirm: &Confirm, step: ConfirmStep) -> Self {
        let proceeds = confirm.button == Button::Proceed;
        match (step, &confirm.typed) {
            (ConfirmStep::Reason, _) if proceeds => Self::Check,
            (ConfirmStep::Note, _) if !confirm.reason.note.value().trim().is_empty() => Self::Next,
            (ConfirmStep::Note, _) => Self::Check,
            (ConfirmStep::Check, Some(typed)) if typed.is_right() => Self::Proceed,
            (ConfirmStep::Check, Some(typed)) if proceeds || !typed.input.value().is_empty() => Self::Check,
            (ConfirmStep::Check, _) if proceeds => Self::Proceed,
            _ => Self::Keep,
        }
    }
}

/// What a confirmation says of its act.
struct Words {
    title: String,
    /// On the button.
    button: String,
    /// What Enter does then.
    does: &'static str,
    /// The same after the right text was typed.
    done: &'static str,
    /// On the safe button.
    keep: &'static str,
}

impl Words {
    fn of(confirm: &Confirm) -> Self {
        let count = confirm.targets.len();
        let many = sessions(count);
        match (&confirm.act, confirm.marked) {
            (_, Some(_)) if count == 0 => Self {
                title: "None of them can be changed so".into(),
                button: String::new(),
                does: "",
                done: "",
                keep: "[ Close ]",
            },
            (JobAct::Redact, None) => Self {
                title: "Redact this session for good?".into(),
                button: "[ Redact for good ]".into(),
                does: "redact for good",
                done: "redacts for good",
                keep: "[ Keep it ]",
            },
            (JobAct::Cancel, None) => Self {
                title: "Cancel this session?".into(),
                button: "[ Cancel the session ]".into(),
                does: "cancel the session",
                done: "cancels",
                keep: "[ Keep it ]",
            },
            (JobAct::Redact, Some(_)) => Self {
                title: format!("Redact {many} for good?"),
                button: format!("[ Redact {} for good ]", grouped(count)),
                does: "redact them for good",
                done: "redacts them for good",
                keep: "[ Keep them ]",
            },
            (JobAct::Cancel, Some(_)) => Self {
                title: format!("Cancel {many}?"),
                button: format!("[ Cancel {} ]", grouped(count)),
                does: "cancel them",
                done: "cancels them",
                keep: "[ Keep them ]",
            },
            (JobAct::Metadata(_), _) => Self {
                title: format!("Change the metadata of {many}?"),
                button: format!("[ Change {} ]", grouped(count)),
                does: "change them",
                done: "changes them",
                keep: "[ Keep them ]",
            },
        }
    }
}

pub(super) fn panel(screen: Rect, model: &Model, confirm: &Confirm, look: &Look) -> Panel {
    let words = Words::of(confirm);
    let step = model.confirm_step(confirm);
    let accept = Accept::of(confirm, step);
    let border = if confirm.act == JobAct::Redact { look.bad } else { look.warn };

    let mut body = sheet(screen, look);
    match confirm.session() {
        Some(session) => write_subject(model, session, confirm.typed.is_some(), &mut body),
        None => write_subjects(model, confirm, &mut body),
    }
    if !is_narrow(&body) {
        body.gap();
    }
    if step != ConfirmStep::Nothing {
        write_consequences(model, confirm, &mut body);
    }
    write_left_out(confirm, &mut body);

    let mut tail = sheet(screen, look);
    let enter = model.keymap.label(Action::Accept);
    let cursor = match step {
        ConfirmStep::Nothing => None,
        ConfirmStep::Reason => {
            write_reasons(model, confirm, &mut tail);
            None
        }
        ConfirmStep::Note => {
            write_reason(model, confirm, &mut tail);
            Some(write_note(confirm, &mut tail))
        }
        ConfirmStep::Check => {
            write_reason(model, confirm, &mut tail);
            confirm.typed.as_ref().map(|typed| write_typed(confirm, typed, &words, &enter, &mut tail))
        }
    };
    write_buttons(confirm, step, accept, &words, &mut tail);
    let word = match accept {
        Accept::Keep if confirm.targets.is_empty() => "close",
        Accept::Keep if confirm.session().is_none() => "keep them",
        Accept::Keep => "keep it",
        Accept::Proceed => words.does,
        Accept::Check => "check",
        Accept::Next => "go on",
    };
    let keys: &[(Action, &'static str)] = if confirm.targets.is_empty() {
        &[(Action::Accept, word), (Action::Dismiss, "close")]
    } else {
        &[(Action::Accept, word), (Action::NextField, "other button"), (Action::Dismiss, "close")]
    };
    // There is no button to go to while a text is typed.
    let note = [(Action::Accept, word), (Action::Dismiss, "close")];
    let keys = if step == ConfirmStep::Note { &note } else { keys };
    Panel::new(model, &words.title, border).body(body).tail(tail).keys(model, keys).cursor(cursor)
}

/// Which session it is, so that nobody hits the wrong one.
fn write_subject(model: &Model, id: &SessionId, typed: bool, sheet: &mut Sheet) {
    let look = sheet.look;
    write_id(id, typed, sheet);
    let Some(session) = model.catalog.session(id) else { return };
    let name = model.catalog.name(session).map(|name| name.show(model.sight(&session.id)).into_owned());
    let standing = Standing::of(session);
    let status = format!("{} {}", standing.glyph(), standing.word());
    if is_narrow(sheet) {
        let about: Vec<String> = std::iter::once(status).chain(name).collect();
        return sheet.text(&about.join(" · "), look.text);
    }
    if let Some(name) = name {
        sheet.row("name", &name, look.text);
    }
    sheet.row("status", &status, look.standing(&standing));
    if let Some(reference) = &session.client_reference_id {
        sheet.row("reference", &reference.show("client_reference_id", model.lens(id)), look.text);
    }
}

/// How many of the marked sessions it is about, and of which kinds they are.
fn write_subjects(model: &Model, confirm: &Confirm, sheet: &mut Sheet) {
    let look = sheet.look;
    let marked = confirm.marked.unwrap_or_default();
    let verb = match confirm.lifecycle() {
        Act::Redact => "redacted",
        Act::Cancel => "canceled",
        _ => "changed",
    };
    let can = confirm.targets.len();
    if can == marked {
        sheet.text(&format!("All {} can be {verb}.", sessions(marked)), look.text);
    } else {
        let text = format!("{} of {} can be {verb}.", grouped(can), sessions(marked));
        sheet.text(&text, look.text);
    }
    let mut kinds: Vec<(Standing, usize)> = Vec::new();
    for session in confirm.targets.iter().filter_map(|target| model.catalog.session(&target.session)) {
        let standing = Standing::of(session);
        match kinds.iter_mut().find(|(known, _)| *known == standing) {
            Some((_, count)) => *count += 1,
            None => kinds.push((standing, 1)),
        }
    }
    for (standing, count) in kinds {
        let text = format!("{:>6}  {} {}", grouped(count), standing.glyph(), standing.word());
        sheet.spans(vec![Span::styled(text, look.standing(&standing))]);
    }
    if confirm.unseen > 0 {
        let text = match confirm.unseen {
            1 => "1 of them is not in view: the filters hide it.".to_owned(),
            count => format!("{} of them are not in view: the filters hide them.", grouped(count)),
        };
        sheet.text(&text, look.warn);
    }
    if let JobAct::Metadata(values) = &confirm.act {
        sheet.gap();
        for (key, value) in values {
            let value =
                value.as_ref().map_or_else(|| "removed".to_owned(), |value| clean(value).into_owned());
            sheet.row(&clean(key), &value, look.text);
        }
    }
}

/// Why the others are left out. Last, for the count has told already that they are.
fn write_left_out(confirm: &Confirm, sheet: &mut Sheet) {
    let look = sheet.look;
    if confirm.cannot.is_empty() {
        return;
    }
    if !is_narrow(sheet) {
        sheet.gap();
    }
    let left: usize = confirm.cannot.iter().map(|(_, count)| count).sum();
    sheet.text(&format!("{} left out:", are(left)), look.warn);
    for (why, count) in &confirm.cannot {
        sheet.hang(vec![Span::styled(format!("{:>6}", grouped(*count)), look.warn)], 8, why, look.dim);
    }
}

fn are(count: usize) -> String {
    format!("{} {}", grouped(count), if count == 1 { "is" } else { "are" })
}

/// Rows are scarce where columns are: few words then.
const fn is_narrow(sheet: &Sheet) -> bool {
    sheet.width() < 50
}

/// The id, whole; its last four characters stand out where they have to be typed.
fn write_id(id: &SessionId, typed: bool, sheet: &mut Sheet) {
    let look = sheet.look;
    let (start, last) = id.as_str().split_at(id.as_str().len() - id.last_four().len());
    let label = if is_narrow(sheet) { String::new() } else { format!("{:LABELS$}", "session") };
    if width(&label) + width(id.as_str()) > sheet.width() {
        return sheet.row("session", id.as_str(), look.text);
    }
    let (start_style, last_style) = if typed {
        (look.dim, look.accent.add_modifier(Modifier::UNDERLINED))
    } else {
        (look.text, look.text)
    };
    sheet.spans(vec![
        Span::styled(label, look.dim),
        Span::styled(start.to_owned(), start_style),
        Span::styled(last.to_owned(), last_style),
    ]);
}

fn write_consequences(model: &Model, confirm: &Confirm, sheet: &mut Sheet) {
    let look = sheet.look;
    let narrow = is_narrow(sheet);
    let sessions = || confirm.targets.iter().filter_map(|target| model.catalog.session(&target.session));
    match confirm.act {
        JobAct::Redact => {
            let text = if narrow {
                "Erases all personal data, pictures and metadata, within four days."
            } else if confirm.session().is_none() {
                "Erases names, birth dates, numbers, addresses, e-mails, phones, pictures and all metadata, in the \
                 sessions, their reports and their events. It may take up to four days."
            } else {
                "Erases names, birth date, numbers, address, e-mail, phone, pictures and all metadata, in the \
                 session, its reports and its events. It may take up to four days."
            };
            sheet.text(text, look.text);
            let waiting = sessions().filter(|session| session.status == Status::RequiresInput).count();
            match (waiting, confirm.session().is_some()) {
                (0, _) => {}
                (_, true) => sheet.text("It still waits for input: it is canceled too.", look.text),
                (count, false) => {
                    let (waits, is) = if count == 1 { ("waits", "is") } else { ("wait", "are") };
                    let count = grouped(count);
                    let text = format!("{count} still {waits} for input and {is} canceled too.");
                    sheet.text(&text, look.text);
                }
            }
        }
        JobAct::Cancel => {
            sheet.text("Nothing more can be submitted.", look.text);
            if !narrow && sessions().any(|session| session.last_error.is_some()) {
                sheet.text("The API then forgets its last error.", look.text);
            }
        }
        JobAct::Metadata(_) => {}
    }
    write_hold(model, confirm, sheet);
}

fn write_hold(model: &Model, confirm: &Confirm, sheet: &mut Sheet) {
    let look = sheet.look;
    let narrow = is_narrow(sheet);
    let undo = model.keymap.label(Action::Undo);
    let one = confirm.session().is_some();
    let (it_is, takes) = if one { ("It is", "it") } else { ("They are", "them") };
    let undone = matches!(confirm.act, JobAct::Metadata(_));
    let text = match model.settings.hold_seconds {
        0 if undone => format!("{it_is} sent at once."),
        0 => format!("{it_is} sent at once and cannot be undone."),
        seconds if undo.is_empty() => format!("{it_is} sent after {seconds} s and cannot be undone then."),
        seconds if narrow => {
            format!("Sent after {seconds} s; {undo} takes {takes} back until then, not later.")
        }
        seconds => {
            format!(
                "{it_is} sent after {seconds} s; until then {undo} takes {takes} back. After that it cannot be \
                 undone."
            )
        }
    };
    sheet.text(&text, look.warn);
}

/// The reasons with their keys.
fn write_reasons(model: &Model, confirm: &Confirm, sheet: &mut Sheet) {
    let look = sheet.look;
    let ask = if confirm.reason.failed {
        ("! Choose a reason first: press its number.", look.bad)
    } else {
        ("Why? Press a number.", look.text)
    };
    sheet.text(ask.0, ask.1);
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (at, reason) in model.settings.reasons.iter().enumerate() {
        let more = if reason.note { "…" } else { "" };
        let room = sheet.width().saturating_sub(2);
        let title = truncate(&format!("{}{more}", reason.title), room).into_owned();
        let gap = if spans.is_empty() { 0 } else { 3 };
        if taken(&spans) + gap + 2 + width(&title) > sheet.width() {
            sheet.spans(std::mem::take(&mut spans));
        }
        if !spans.is_empty() {
            spans.push(Span::raw("   "));
        }
        spans.push(Span::styled(format!("{} ", at + 1), look.key));
        spans.push(Span::styled(title, look.text));
    }
    sheet.spans(spans);
    if !is_narrow(sheet) {
        sheet.gap();
    }
}

/// The reason that was chosen, and where it goes.
fn write_reason(model: &Model, confirm: &Confirm, sheet: &mut Sheet) {
    let look = sheet.look;
    let chosen = confirm.reason.chosen.and_then(|at| model.settings.reasons.get(at));
    let Some(reason) = chosen else { return };
    let mut text = reason.title.to_string();
    if confirm.reason.noted {
        text = format!("{text}: {}", clean(confirm.reason.note.value()));
    }
    let narrow = is_narrow(sheet);
    let room = sheet.width().saturating_sub(if narrow { 5 } else { LABELS });
    let label = if narrow { "why  ".to_owned() } else { format!("{:LABELS$}", "reason") };
    let shown = truncate(&text, room).into_owned();
    let mut spans = vec![Span::styled(label, look.dim), Span::styled(shown, look.text)];
    let goes = if confirm.act == JobAct::Cancel { "  to audit and metadata" } else { "  to the audit" };
    if taken(&spans) + width(goes) <= sheet.width() && !confirm.reason.noted {
        spans.push(Span::styled(goes, look.faint));
    }
    sheet.spans(spans);
}

/// The reason in the person's own words. Returns where the cursor is.
fn write_note(confirm: &Confirm, sheet: &mut Sheet) -> (Part, usize, usize) {
    let look = sheet.look;
    let text = if confirm.reason.failed {
        ("! A few words are needed.", look.bad)
    } else {
        ("In your own words, without personal data. They stay in the audit.", look.text)
    };
    sheet.text(text.0, text.1);
    let room = sheet.width().saturating_sub(1);
    let (shown, cursor) = window(&confirm.reason.note, room);
    let row = sheet.len();
    sheet.spans(vec![Span::styled(fit(&shown, room), look.text.add_modifier(Modifier::UNDERLINED))]);
    if !is_narrow(sheet) {
        sheet.gap();
    }
    (Part::Tail, row, cursor)
}

/// The text to type. Returns where the cursor is.
fn write_typed(
    confirm: &Confirm,
    typed: &TypedCheck,
    words: &Words,
    enter: &str,
    sheet: &mut Sheet,
) -> (Part, usize, usize) {
    let look = sheet.look;
    let narrow = is_narrow(sheet);
    let wanted = Span::styled(typed.wanted.clone(), look.accent.add_modifier(Modifier::UNDERLINED));
    let mut spans = if narrow {
        vec![Span::styled("Type ", look.text), wanted, Span::styled(": ", look.text)]
    } else {
        let ask = if confirm.marked.is_some() {
            "Type how many: "
        } else {
            "Type the last four characters of the id: "
        };
        sheet.spans(vec![Span::styled(ask, look.text), wanted]);
        Vec::new()
    };
    let column = taken(&spans);
    let room = if narrow { 8 } else { 12 };
    let (text, cursor) = window(&typed.input, room);
    let row = sheet.len();
    // The line shows where to type, and stays as wide as it is.
    spans.push(Span::styled(fit(&text, room), look.text.add_modifier(Modifier::UNDERLINED)));
    if typed.failed {
        let not = if narrow { "Not" } else { "That is not" };
        spans.push(Span::styled(format!("  ! {not} {}.", typed.wanted), look.bad));
    } else if typed.is_right() {
        let does = if narrow { words.done.split(' ').next().unwrap_or_default() } else { words.done };
        spans.push(Span::styled(format!("  ✓ {enter} {does}"), look.ok));
    }
    sheet.spans(spans);
    if !narrow {
        sheet.gap();
    }
    (Part::Tail, row, column + cursor)
}

fn write_buttons(confirm: &Confirm, step: ConfirmStep, accept: Accept, words: &Words, sheet: &mut Sheet) {
    let look = sheet.look;
    // With the right text typed, Enter proceeds whatever button had the focus: show what is true.
    let on_proceed = confirm.button == Button::Proceed || accept == Accept::Proceed;
    let button = |text: &str, focused: bool| -> Vec<Span<'static>> {
        let style: Style = if focused { look.selection.add_modifier(Modifier::BOLD) } else { look.dim };
        vec![
            Span::styled(if focused { "▸ " } else { "  " }, look.accent),
            Span::styled(text.to_owned(), style),
        ]
    };
    // While the reason's text is typed, neither has the focus.
    let on_keep = !on_proceed && step != ConfirmStep::Note;
    let mut keep = button(words.keep, on_keep);
    if words.button.is_empty() {
        return sheet.spans(keep);
    }
    let proceed = button(&words.button, on_proceed && step != ConfirmStep::Note);
    let gap = if is_narrow(sheet) { 0 } else { 3 };
    if taken(&keep) + gap + taken(&proceed) <= sheet.width() {
        keep.push(Span::raw(" ".repeat(gap)));
        keep.extend(proceed);
        sheet.spans(keep);
    } else {
        sheet.spans(keep);
        sheet.spans(proceed);
    }
}
