//! The confirmation of cancel and redact: what it is about, what will happen, and two buttons.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{Button, Confirm, Model, TypedCheck};
use crate::catalog::Standing;
use crate::identity::lifecycle::Act;
use crate::identity::{SessionId, Status};
use crate::text::{fit, width};
use crate::ui::Look;
use crate::ui::detail::sheet::{LABELS, Sheet, taken};
use crate::ui::paint::window;

use super::panel::{Panel, Part, sheet};

/// What Enter would do now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Accept {
    Keep,
    Proceed,
    /// Something else than the wanted text stands there.
    Check,
}

impl Accept {
    fn of(confirm: &Confirm) -> Self {
        match &confirm.typed {
            Some(typed) if typed.is_right() => Self::Proceed,
            Some(typed) if confirm.button == Button::Proceed || !typed.input.value().is_empty() => {
                Self::Check
            }
            _ if confirm.button == Button::Proceed => Self::Proceed,
            _ => Self::Keep,
        }
    }
}

pub(super) fn panel(screen: Rect, model: &Model, confirm: &Confirm, look: &Look) -> Panel {
    let redact = confirm.act == Act::Redact;
    let title = if redact { "Redact this session for good?" } else { "Cancel this session?" };
    let border = if redact { look.bad } else { look.warn };

    let mut body = sheet(screen, look);
    write_subject(model, confirm, &mut body);
    if !is_narrow(&body) {
        body.gap();
    }
    write_consequences(model, confirm, &mut body);

    let mut tail = sheet(screen, look);
    let enter = model.keymap.label(Action::Accept);
    let cursor = confirm.typed.as_ref().map(|typed| write_typed(typed, &enter, &mut tail));
    let accept = Accept::of(confirm);
    write_buttons(confirm, accept, &mut tail);
    let word = match accept {
        Accept::Keep => "keep it",
        Accept::Proceed if redact => "redact for good",
        Accept::Proceed => "cancel the session",
        Accept::Check => "check",
    };
    let keys = [(Action::Accept, word), (Action::NextField, "other button"), (Action::Dismiss, "close")];
    Panel::new(model, title, border).body(body).tail(tail).keys(model, &keys).cursor(cursor)
}

/// Which session it is, so that nobody hits the wrong one.
fn write_subject(model: &Model, confirm: &Confirm, sheet: &mut Sheet) {
    let look = sheet.look;
    write_id(&confirm.session, confirm.typed.is_some(), sheet);
    let Some(session) = model.catalog.session(&confirm.session) else { return };
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
        sheet.row("reference", reference, look.text);
    }
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
    let session = model.catalog.session(&confirm.session);
    let narrow = is_narrow(sheet);
    if confirm.act == Act::Redact {
        let text = if narrow {
            "Erases all personal data, pictures and metadata, within four days."
        } else {
            "Erases names, birth date, numbers, address, e-mail, phone, pictures and all metadata, in the session, \
             its reports and its events. It may take up to four days."
        };
        sheet.text(text, look.text);
        if session.is_some_and(|session| session.status == Status::RequiresInput) {
            sheet.text("It still waits for input: it is canceled too.", look.text);
        }
    } else {
        sheet.text("Nothing more can be submitted.", look.text);
        if !narrow && session.is_some_and(|session| session.last_error.is_some()) {
            sheet.text("The API then forgets its last error.", look.text);
        }
    }
    let undo = model.keymap.label(Action::Undo);
    let hold = match model.settings.hold_seconds {
        0 => "It is sent at once and cannot be undone.".to_owned(),
        seconds if undo.is_empty() => format!("It is sent after {seconds} s and cannot be undone then."),
        seconds if narrow => format!("Sent after {seconds} s; {undo} takes it back until then, not later."),
        seconds => {
            format!(
                "It is sent after {seconds} s; until then {undo} takes it back. After that it cannot be undone."
            )
        }
    };
    sheet.text(&hold, look.warn);
}

/// The text to type. Returns where the cursor is.
fn write_typed(typed: &TypedCheck, enter: &str, sheet: &mut Sheet) -> (Part, usize, usize) {
    let look = sheet.look;
    let narrow = is_narrow(sheet);
    let wanted = Span::styled(typed.wanted.clone(), look.accent.add_modifier(Modifier::UNDERLINED));
    let mut spans = if narrow {
        vec![Span::styled("Type ", look.text), wanted, Span::styled(": ", look.text)]
    } else {
        sheet.spans(vec![Span::styled("Type the last four characters of the id: ", look.text), wanted]);
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
        let does = if narrow { "redacts" } else { "redacts for good" };
        spans.push(Span::styled(format!("  ✓ {enter} {does}"), look.ok));
    }
    sheet.spans(spans);
    if !narrow {
        sheet.gap();
    }
    (Part::Tail, row, column + cursor)
}

fn write_buttons(confirm: &Confirm, accept: Accept, sheet: &mut Sheet) {
    let look = sheet.look;
    let proceed = if confirm.act == Act::Redact { "[ Redact for good ]" } else { "[ Cancel the session ]" };
    // With the right text typed, Enter proceeds whatever button had the focus: show what is true.
    let on_proceed = confirm.button == Button::Proceed || accept == Accept::Proceed;
    let button = |text: &'static str, focused: bool| -> Vec<Span<'static>> {
        let style: Style = if focused { look.selection.add_modifier(Modifier::BOLD) } else { look.dim };
        vec![Span::styled(if focused { "▸ " } else { "  " }, look.accent), Span::styled(text, style)]
    };
    let mut keep = button("[ Keep it ]", !on_proceed);
    let proceed = button(proceed, on_proceed);
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
