//! The forms that create and update a session.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::actions::Action;
use crate::app::{FieldId, Form, FormField, FormKind, MetadataRow, Model, Value, sessions};
use crate::identity::DocumentType;
use crate::privacy::{Email, Lens, PersonalKeys, Phone, Pii, Sight, masked};
use crate::text::{clean, fit, truncate, width, wrap};
use crate::ui::Look;
use crate::ui::detail::sheet::Sheet;
use crate::ui::paint::window;

use super::panel::{Panel, Part, sheet};

/// Where values begin: the marker, the longest label and a space.
const VALUES: usize = 22;

/// Narrower sheets have labels above values.
const BESIDE_FROM: usize = 50;

pub(super) fn panel(screen: Rect, model: &Model, form: &Form, look: &Look) -> Panel {
    let mut body = Body { model, form, sheet: sheet(screen, look), cursor: None, keep: 0..1 };
    for (at, field) in form.fields.iter().enumerate().filter(|(at, _)| form.is_shown(*at)) {
        body.field(at, field);
    }
    let Body { sheet: fields, cursor, keep, .. } = body;
    let sending = form.sending.is_some();
    let choosing = form.focused().is_some_and(|field| {
        field.locked.is_none() && matches!(field.value, Value::Choice { .. } | Value::Types { .. })
    });
    let mut keys = vec![(Action::Dismiss, "close")];
    if !sending {
        let others =
            [(Action::SendForm, "send"), (Action::NextField, "next"), (Action::PreviousField, "back")];
        let choose = choosing.then_some((Action::NextChoice, "choose"));
        keys.splice(0..0, others.into_iter().chain(choose));
    }
    let cursor = cursor.filter(|_| !sending).map(|(row, column)| (Part::Body, row, column));
    Panel::new(model, form.title(), look.rule)
        .head(head(screen, form, look))
        .body(fields)
        .tail(tail(screen, form, look))
        .keys(model, &keys)
        .keep(keep)
        .cursor(cursor)
}

/// What the form changes, and what of it cannot be changed.
fn head(screen: Rect, form: &Form, look: &Look) -> Sheet {
    let mut head = sheet(screen, look);
    if let FormKind::Update(id) = &form.kind {
        head.text(id.as_str(), look.dim);
    }
    if let FormKind::Marked(count) = form.kind {
        head.text(&format!("{} that are marked", sessions(count)), look.dim);
    }
    if let Some(reason) = form.fields.iter().find_map(|field| field.locked) {
        head.text(&format!("Fields marked – are locked: {reason}."), look.faint);
    }
    head
}

/// Help for the focused field, always of the same height, and what is wrong with the whole.
fn tail(screen: Rect, form: &Form, look: &Look) -> Sheet {
    let mut tail = sheet(screen, look);
    let columns = tail.width();
    let rows = form.fields.iter().map(|field| wrap(help(form, field), columns).len()).max().unwrap_or(0);
    let focused = form.focused();
    let said = match focused {
        Some(FormField { locked: Some(reason), .. }) => format!("Locked: {reason}."),
        Some(field) => help(form, field).to_owned(),
        None => String::new(),
    };
    tail.text(&said, look.dim);
    // On a short screen the rows are better spent on the fields.
    while screen.height >= 20 && tail.len() < rows {
        tail.spans(Vec::new());
    }
    if let Some(error) = &form.error {
        tail.hang(vec![Span::styled("!", look.bad)], 2, &clean(error), look.bad);
    }
    if form.sending.is_some() {
        tail.hang(vec![Span::styled("~", look.info)], 2, "sending…", look.info);
    }
    tail
}

const fn is_masked(field: &FormField) -> bool {
    matches!(&field.value, Value::Pair(row) if row.mask.is_some())
}

/// Help for a field. There is nothing to remove from a session that is not there yet.
const fn help(form: &Form, field: &FormField) -> &'static str {
    match (&form.kind, field.id) {
        (FormKind::Marked(_), FieldId::Metadata) => "Key and value. A key alone removes it from all of them.",
        (FormKind::Update(_), FieldId::Metadata) if is_masked(field) => {
            "Masked: type to replace it whole; type and empty it to remove it. Reveal the record to edit it."
        }
        (FormKind::Create, FieldId::Metadata) => "Key and value. Redaction erases all metadata.",
        _ => field.help,
    }
}

/// The fields under each other.
struct Body<'a> {
    model: &'a Model,
    form: &'a Form,
    sheet: Sheet,
    cursor: Option<(usize, usize)>,
    keep: Range<usize>,
}

impl Body<'_> {
    fn field(&mut self, at: usize, field: &FormField) {
        let look = self.sheet.look;
        let focused = at == self.form.at;
        let begin = self.sheet.len();
        let label = self.label(at, field);
        let marker = match (focused, field.locked.is_some()) {
            (true, _) => "▸ ",
            (false, true) => "– ",
            (false, false) => "  ",
        };
        let style = if focused { look.accent } else { look.dim };
        let mut first = vec![Span::styled(marker, style), Span::styled(label, style)];
        let column = if self.sheet.width() >= BESIDE_FROM {
            let taken = 2 + width(label);
            first.push(Span::raw(" ".repeat(VALUES.saturating_sub(taken))));
            VALUES
        } else {
            if !label.is_empty() {
                self.sheet.spans(std::mem::take(&mut first));
            }
            first = vec![Span::raw("    ")];
            4
        };
        self.value(field, focused, first, column);
        if let Some(error) = &field.error {
            let mark = Span::styled(format!("{}!", " ".repeat(column)), look.bad);
            self.sheet.hang(vec![mark], column + 2, &clean(error), look.bad);
        }
        if focused {
            self.keep = begin..self.sheet.len();
        }
    }

    /// The label; the pairs of metadata share one.
    fn label(&self, at: usize, field: &FormField) -> &'static str {
        let follows = at > 0 && self.form.fields[at - 1].id == FieldId::Metadata;
        if field.id == FieldId::Metadata && follows { "" } else { field.label }
    }

    fn value(&mut self, field: &FormField, focused: bool, first: Vec<Span<'static>>, column: usize) {
        let look = self.sheet.look;
        let room = self.sheet.width().saturating_sub(column).max(1);
        let style = if field.locked.is_some() { look.faint } else { look.text };
        let typing = focused && field.locked.is_none();
        let mut spans = first;
        match &field.value {
            Value::Text { input, .. } if input.value().is_empty() => {
                if typing {
                    self.cursor = Some((self.sheet.len(), column));
                }
                spans.push(self.empty(field, room));
            }
            Value::Text { input, .. } => {
                let (text, cursor) = window(input, room);
                if typing {
                    self.cursor = Some((self.sheet.len(), column + cursor));
                }
                let shown = if typing && !self.model.away {
                    text
                } else {
                    truncate(&unfocused(field.id, input.value(), self.lens().keys), room).into_owned()
                };
                spans.push(Span::styled(shown, style));
            }
            Value::Choice { options, at, .. } => {
                let word = options.get(*at).copied().unwrap_or_default();
                spans.push(if typing {
                    Span::styled(format!("‹ {word} ›"), look.accent)
                } else if *at == 0 && field.id.can_be_unset() {
                    Span::styled(word, look.faint)
                } else {
                    Span::styled(word, style)
                });
            }
            Value::Types { chosen, at, .. } => {
                return self.types(*chosen, typing.then_some(*at), style, spans, column);
            }
            Value::Pair(row) => return self.pair(row, typing, style, spans, column),
        }
        self.sheet.spans(spans);
    }

    /// How what the session has is looked at; what is typed for a new one is masked once the focus is elsewhere.
    fn lens(&self) -> Lens<'_> {
        match &self.form.kind {
            FormKind::Update(id) => self.model.lens(id),
            _ => Lens { sight: Sight::Masked, keys: &self.model.settings.masking },
        }
    }

    /// What stands in an empty text: an example, or what the session has.
    fn empty(&self, field: &FormField, room: usize) -> Span<'static> {
        let look = self.sheet.look;
        let Value::Text { placeholder, touched, .. } = &field.value else { return Span::raw("") };
        let FormKind::Update(id) = &self.form.kind else {
            let example = match (placeholder.as_str(), field.id) {
                ("", FieldId::Email) => "name@example.com",
                ("", _) => "none",
                (example, _) => example,
            };
            return Span::styled(truncate(example, room).into_owned(), look.faint);
        };
        // The record may have masked itself since the form was opened, so it is asked again.
        let sight = self.model.sight(id);
        let details = self.model.catalog.session(id).and_then(|session| session.provided_details.value());
        let known = match (field.id, details) {
            (FieldId::Email | FieldId::Phone, None) if self.model.is_fetching(id) => {
                Some("loading…".to_owned())
            }
            (FieldId::Email, Some(details)) => {
                details.email.as_ref().map(|email| email.show(sight).into_owned())
            }
            (FieldId::Phone, Some(details)) => {
                details.phone.as_ref().map(|phone| phone.show(sight).into_owned())
            }
            _ => None,
        };
        match known {
            Some(_) if *touched => Span::styled("will be removed", look.warn),
            Some(known) if !known.is_empty() => Span::styled(truncate(&known, room).into_owned(), look.dim),
            _ => Span::styled("none", look.faint),
        }
    }

    /// `[x] passport  [ ] id_card`, under each other where there is no room.
    fn types(
        &mut self,
        chosen: [bool; 3],
        at: Option<usize>,
        style: Style,
        first: Vec<Span<'static>>,
        column: usize,
    ) {
        let look = self.sheet.look;
        let room = self.sheet.width().saturating_sub(column);
        let mut spans = first;
        let mut used = 0;
        for (number, (kind, chosen)) in DocumentType::KNOWN.iter().zip(chosen).enumerate() {
            let text = format!("{} {kind}", if chosen { "[x]" } else { "[ ]" });
            let gap = if used == 0 { 0 } else { 2 };
            if used > 0 && used + gap + width(&text) > room {
                self.sheet.spans(std::mem::replace(&mut spans, vec![Span::raw(" ".repeat(column))]));
                used = 0;
            } else {
                spans.push(Span::raw(" ".repeat(gap)));
                used += gap;
            }
            if at == Some(number) {
                // The cursor stands in the box.
                self.cursor = Some((self.sheet.len(), column + used + 1));
            }
            used += width(&text);
            let style = if at == Some(number) { look.selection } else { style };
            spans.push(Span::styled(text, style));
        }
        self.sheet.spans(spans);
    }

    /// `key = value`; what is removed is struck out and says so.
    fn pair(
        &mut self,
        row: &MetadataRow,
        typing: bool,
        style: Style,
        first: Vec<Span<'static>>,
        column: usize,
    ) {
        let look = self.sheet.look;
        let room = self.sheet.width().saturating_sub(column);
        let key_room = (room / 3).min(20);
        let value_room = room.saturating_sub(key_room + 3);
        let mut spans = first;
        let removed = row.removes();
        let lens = self.lens();
        // The record may have masked itself since the form was opened; what is typed anew is seen.
        let is_typed = row.was.as_ref().is_none_or(|(_, was)| row.value.value() != was);
        let is_open = !self.model.away && (is_typed || !row.on_value || lens.sight == Sight::Revealed);
        let style = if removed { look.faint.add_modifier(Modifier::CROSSED_OUT) } else { style };
        let part = |input: &tui_input::Input,
                    on: bool,
                    room: usize,
                    example: &str,
                    hide: &dyn Fn(&str) -> String| {
            let (text, cursor) = window(input, room);
            let cursor = (typing && on).then_some(cursor);
            if input.value().is_empty() {
                (Span::styled(fit(if removed { "" } else { example }, room), look.faint), cursor)
            } else if cursor.is_some() && is_open {
                (Span::styled(fit(&text, room), style), cursor)
            } else {
                (Span::styled(fit(&hide(&clean(input.value())), room), style), cursor)
            }
        };
        let (mut key, on_key) =
            part(&row.key, !row.on_value, key_room, "key", &|key| lens.key(key).into_owned());
        if let Some((old, _)) = row.was.as_ref().filter(|_| row.key.value().trim().is_empty()) {
            key = Span::styled(fit(&lens.key(&clean(old)), key_room), style);
        }
        let example = row.mask.as_deref().unwrap_or("value");
        let hide = |value: &str| hidden(row.key.value(), value, lens);
        let (mut value, on_value) = part(&row.value, row.on_value, value_room, example, &hide);
        if removed {
            let old = row.was.as_ref().map(|(key, old)| hidden(key, &clean(old), lens)).unwrap_or_default();
            let old = if row.value.value().is_empty() && on_value.is_none() { old } else { String::new() };
            let gap = if old.is_empty() { "" } else { "  " };
            let note_room = value_room.saturating_sub(width("removed") + gap.len());
            value = Span::styled(truncate(&old, note_room).into_owned(), style);
            spans.extend([key, Span::styled(" = ", look.faint), value]);
            spans.push(Span::styled(format!("{gap}removed"), look.warn));
        } else {
            spans.extend([key, Span::styled(" = ", look.faint), value]);
        }
        self.cursor = on_key
            .map(|cursor| column + cursor)
            .or_else(|| on_value.map(|cursor| column + key_room + 3 + cursor))
            .map(|column| (self.sheet.len(), column))
            .or(self.cursor);
        self.sheet.spans(spans);
    }
}

/// A value as `lens` allows it.
fn hidden(key: &str, value: &str, lens: Lens<'_>) -> String {
    match lens.sight {
        Sight::Revealed => value.to_owned(),
        Sight::Masked => masked(key, value, lens.keys).into_owned(),
    }
}

/// What was typed into a field that has not the focus: personal data is masked as it is everywhere.
fn unfocused<'a>(id: FieldId, typed: &'a str, keys: &PersonalKeys) -> std::borrow::Cow<'a, str> {
    match id {
        FieldId::Email => Pii::new(Email::new(typed)).show(Sight::Masked).into_owned().into(),
        FieldId::Phone => Pii::new(Phone::new(typed)).show(Sight::Masked).into_owned().into(),
        FieldId::Reference => masked("client_reference_id", &clean(typed), keys).into_owned().into(),
        FieldId::ReturnUrl => masked("return_url", &clean(typed), keys).into_owned().into(),
        _ => clean(typed),
    }
}
