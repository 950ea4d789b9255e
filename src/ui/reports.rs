//! The report list: one row for each submission.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use super::paint::{Pen, age};
use super::sessions::{name_cell, reference};
use super::table::{Checks, Column, Placed, count_marks, heads, place, rows};
use crate::app::Model;
use crate::catalog::Marks;
use crate::identity::{DocumentType, ErrorCode, Report};
use crate::privacy::Sight;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Outcome,
    Name,
    Country,
    Checks,
    Document,
    Error,
    Session,
    Reference,
    Age,
}

const fn wanted(checks: &Checks) -> [Column<Kind>; 9] {
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
        column(Kind::Outcome, "OUTCOME", 0, 13, 0, 0),
        column(Kind::Name, "NAME", 1, 13, 15, 1),
        column(Kind::Country, "CC", 2, 2, 0, 5),
        column(Kind::Checks, checks.head, 2, checks.width, 0, 4),
        column(Kind::Document, "TYPE", 2, 15, 0, 6),
        column(Kind::Error, "ERROR", 2, 18, 18, 3),
        column(Kind::Session, "SESSION", 2, 7, 0, 8),
        column(Kind::Reference, "REFERENCE", 2, 9, u16::MAX, 7),
        column(Kind::Age, "AGE", 1, 4, 0, 2),
    ]
}

/// Draws headings and rows. Returns how many rows of `list` are taken.
pub(super) fn draw(buffer: &mut Buffer, head: Rect, list: Rect, model: &Model, look: &Look) -> u16 {
    let checks = Checks::fitting(list.width);
    let placed = place(&wanted(checks), list);
    heads(buffer, head, &placed, look);
    count_marks(buffer, head, &placed, model, look);
    let view = &model.reports.view;
    rows(buffer, list, model, view, look, |pen, slot| {
        let report = model.catalog.reports().at(slot);
        row(pen, report, &placed, checks, model, look);
        report.verification_session.as_ref().is_some_and(|session| model.marked.has(session))
    })
}

fn row(
    pen: &mut Pen<'_>,
    report: &Report,
    placed: &[Placed<Kind>],
    checks: &Checks,
    model: &Model,
    look: &Look,
) {
    for column in placed {
        let (text, style): (Cow<'_, str>, Style) = match column.kind {
            Kind::Checks => {
                checks.draw(pen, column.x, Marks::of_report(report), look);
                continue;
            }
            Kind::Outcome => outcome(report, look),
            Kind::Name => {
                let session = report.verification_session.as_ref();
                let sight = session.map_or(Sight::Masked, |id| model.sight(id));
                name_cell(report.name().as_ref(), false, sight, look)
            }
            Kind::Country => (report.country().map_or("", |code| code).into(), look.text),
            Kind::Document => (document(report).into(), look.dim),
            Kind::Error => (error(report).into(), look.text),
            Kind::Session => {
                let tail = report.verification_session.as_ref().map(|id| format!("…{}", id.last_four()));
                (tail.unwrap_or_default().into(), look.dim)
            }
            Kind::Reference => {
                (reference(report.client_reference_id.as_ref(), model.lens_of_report(report)), look.dim)
            }
            Kind::Age => (age(model.now.wall, report.created).into(), look.dim),
        };
        pen.go(column.x).cell(&text, column.width, column.right, style);
    }
}

fn outcome(report: &Report, look: &Look) -> (Cow<'static, str>, Style) {
    match report.passed() {
        Some(true) => ("✓ verified".into(), look.ok),
        Some(false) => ("✗ unverified".into(), look.bad),
        None => ("· no checks".into(), look.faint),
    }
}

/// The document that was shown, or else what kind of verification it was.
fn document(report: &Report) -> &str {
    let document = report.document.as_ref().and_then(|check| check.kind.as_ref());
    document.map_or_else(|| report.kind.as_str(), DocumentType::as_str)
}

fn error(report: &Report) -> &str {
    report.first_error().and_then(|error| error.code.as_ref()).map_or("", ErrorCode::as_str)
}
