//! The session list: one row for each session.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use super::paint::{Pen, age};
use super::table::{Checks, Column, Placed, count_marks, heads, place, rows};
use crate::app::{Model, Pending};
use crate::catalog::Standing;
use crate::identity::{Session, VerificationType};
use crate::privacy::{FreeText, Lens, Name, Pii, Sight};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Status,
    Name,
    Country,
    Checks,
    Type,
    Reference,
    Age,
}

const fn wanted(checks: &Checks) -> [Column<Kind>; 7] {
    const fn column(
        kind: Kind,
        head: &'static str,
        gap: u16,
        width: u16,
        grow: u16,
        rank: u8,
    ) -> Column<Kind> {
        Column { kind, head, gap, width, grow, rank, right: matches!(kind, Kind::Age) }
    }
    [
        // The longest status is a countdown: `↺ redact in 10 s`.
        column(Kind::Status, "STATUS", 0, 16, 0, 0),
        column(Kind::Name, "NAME", 1, 13, 15, 1),
        column(Kind::Country, "CC", 2, 2, 0, 4),
        column(Kind::Checks, checks.head, 2, checks.width, 0, 3),
        column(Kind::Type, "TYPE", 2, 9, 0, 6),
        column(Kind::Reference, "REFERENCE", 2, 9, u16::MAX, 5),
        column(Kind::Age, "AGE", 1, 4, 0, 2),
    ]
}

/// Draws headings and rows. Returns how many rows of `list` are taken.
pub(super) fn draw(buffer: &mut Buffer, head: Rect, list: Rect, model: &Model, look: &Look) -> u16 {
    let checks = Checks::fitting(list.width);
    let placed = place(&wanted(checks), list);
    heads(buffer, head, &placed, look);
    count_marks(buffer, head, &placed, model, look);
    let view = &model.sessions.view;
    rows(buffer, list, model, view, look, |pen, slot| {
        let session = model.catalog.sessions().at(slot);
        row(pen, session, &placed, checks, model, look);
        model.marked.has(&session.id)
    })
}

fn row(
    pen: &mut Pen<'_>,
    session: &Session,
    placed: &[Placed<Kind>],
    checks: &Checks,
    model: &Model,
    look: &Look,
) {
    for column in placed {
        let (text, style): (Cow<'_, str>, Style) = match column.kind {
            Kind::Checks => {
                checks.draw(pen, column.x, model.catalog.marks(session), look);
                continue;
            }
            Kind::Status => status(session, model, look),
            Kind::Name => {
                let name = model.catalog.name(session);
                let pending = session.last_verification_report.is_some()
                    && model.catalog.last_report(session).is_none();
                name_cell(name.as_ref(), pending, model.sight(&session.id), look)
            }
            Kind::Country => (model.catalog.country(session).map_or("", |code| code).into(), look.text),
            Kind::Type => (type_word(&session.kind).into(), look.dim),
            Kind::Reference => {
                (reference(session.client_reference_id.as_ref(), model.lens(&session.id)), look.dim)
            }
            Kind::Age => (age(model.now.wall, session.created).into(), look.dim),
        };
        pen.go(column.x).cell(&text, column.width, column.right, style);
    }
}

/// A reference as it may be shown.
pub(super) fn reference<'a>(text: Option<&'a FreeText>, lens: Lens<'_>) -> Cow<'a, str> {
    text.map_or(Cow::Borrowed(""), |text| text.show("client_reference_id", lens))
}

/// Where the session stands, unless something is about to happen to it.
fn status(session: &Session, model: &Model, look: &Look) -> (Cow<'static, str>, Style) {
    if let Some(pending) = model.pending(&session.id) {
        return match pending {
            Pending::Held(verb, seconds) => (format!("↺ {verb} in {seconds} s").into(), look.warn),
            Pending::Waiting(verb) => (format!("… {verb} waits").into(), look.info),
            Pending::Paused(verb) => (format!("… {verb} paused").into(), look.warn),
            Pending::Left(verb) => (format!("↺ {verb} not sent").into(), look.warn),
            Pending::Doing(doing) => (format!("… {doing}").into(), look.info),
            Pending::InDoubt(verb) => (format!("! {verb} in doubt").into(), look.bad),
        };
    }
    let standing = Standing::of(session);
    (format!("{} {}", standing.glyph(), standing.word()).into(), look.standing(&standing))
}

/// A person's name as it may be shown. `pending` says that the report with it is not loaded yet.
pub(super) fn name_cell(
    name: Option<&Pii<Name>>,
    pending: bool,
    sight: Sight,
    look: &Look,
) -> (Cow<'static, str>, Style) {
    match (name, sight) {
        (None, _) if pending => ("…".into(), look.faint),
        (None, _) => ("·".into(), look.faint),
        (Some(name), Sight::Masked) => (name.show(sight).into_owned().into(), look.text),
        (Some(name), Sight::Revealed) => (name.show(sight).into_owned().into(), look.heading),
    }
}

/// The type in nine columns.
fn type_word(kind: &VerificationType) -> &str {
    match kind {
        VerificationType::VerificationFlow => "flow",
        kind => kind.as_str(),
    }
}
