//! Each check that ran or was asked for, with its result.

use ratatui::text::Span;

use crate::catalog::{CheckMark, Marks};
use crate::identity::{CheckError, CheckKind, DocumentType, ErrorCode, IdNumberType, Report, Status};
use crate::privacy::Lens;

use super::sheet::{LABELS, Sheet};
use super::{Record, trouble};

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let marks = Marks::of(record.session, record.report);
    let known = record.session.last_error.as_ref().and_then(|error| error.code.as_ref());
    let told = Told {
        known,
        pending: pending(record),
        actionable: record.session.redaction.is_none(),
        lens: record.model.lens(&record.session.id),
    };
    write_marks(marks, record.report, &told, sheet);
}

/// What stands at a check without a result.
fn pending(record: &Record<'_>) -> &'static str {
    match record.session.status {
        _ if record.report.is_none() && record.session.last_verification_report.is_some() => {
            "report not loaded"
        }
        Status::RequiresInput => "no result yet",
        Status::Processing => "running",
        _ => "no result",
    }
}

/// What the checks have to know of the record that they belong to.
pub(super) struct Told<'a> {
    /// The error that is explained above already.
    pub(super) known: Option<&'a ErrorCode>,
    /// What stands at a check without a result.
    pub(super) pending: &'static str,
    /// Whether anything can be done about a failure.
    pub(super) actionable: bool,
    /// How the record is looked at.
    pub(super) lens: Lens<'a>,
}

/// The checks of `marks`.
pub(super) fn write_marks(marks: Marks, report: Option<&Report>, told: &Told<'_>, sheet: &mut Sheet) {
    sheet.heading("CHECKS", &[]);
    let look = sheet.look;
    let mut any = false;
    for (kind, mark) in marks.iter().filter(|(_, mark)| *mark != CheckMark::Off) {
        any = true;
        let first = vec![
            Span::styled(mark.glyph(), look.mark(mark)),
            Span::styled(format!(" {}", kind.title()), look.text),
        ];
        let error = report.and_then(|report| report.check(kind)).and_then(|(_, error)| error);
        let (result, style) = match mark {
            CheckMark::Pending => (told.pending.to_owned(), look.faint),
            CheckMark::Passed => (passed(kind, report), look.text),
            CheckMark::Failed | CheckMark::Off => (failed(error), look.bad),
        };
        sheet.hang(first, LABELS, &result, style);
        if let Some(CheckError { code, reason }) = error
            && (code.is_none() || code.as_ref() != told.known)
        {
            // Narrow columns of prose are hard to read.
            let column = if sheet.width() < 60 { 2 } else { LABELS };
            let reason = reason.as_ref().map(|reason| reason.show("reason", told.lens));
            trouble::explain(sheet, column, code.as_ref(), reason.as_deref(), told.actionable);
        }
    }
    if !any {
        sheet.text("No check ran, and none is asked for.", look.faint);
    }
}

fn failed(error: Option<&CheckError>) -> String {
    let code = error.and_then(|error| error.code.as_ref());
    code.map_or("not verified", ErrorCode::as_str).to_owned()
}

/// What a passed check says in a few words.
fn passed(kind: CheckKind, report: Option<&Report>) -> String {
    let Some(report) = report else { return "passed".to_owned() };
    match kind {
        CheckKind::Document => {
            let check = report.document.as_ref();
            let kind = check.and_then(|check| check.kind.as_ref()).map(document_name);
            let country = check.and_then(|check| check.issuing_country.as_ref()).map(ToString::to_string);
            let parts: Vec<String> = [kind, country].into_iter().flatten().collect();
            if parts.is_empty() { "passed".to_owned() } else { parts.join(" · ") }
        }
        CheckKind::IdNumber => {
            let kind = report.id_number.as_ref().and_then(|check| check.id_number_type.as_ref());
            kind.map_or_else(|| "passed".to_owned(), |kind| format!("{} matches", number_name(kind)))
        }
        CheckKind::Selfie => "matches the document".to_owned(),
        CheckKind::Email | CheckKind::Phone => "code confirmed".to_owned(),
    }
}

/// A document type as people read it.
pub(super) fn document_name(kind: &DocumentType) -> String {
    match kind {
        DocumentType::DrivingLicense => "driving license".to_owned(),
        DocumentType::IdCard => "ID card".to_owned(),
        DocumentType::Passport => "passport".to_owned(),
        DocumentType::Other(kind) => kind.to_string(),
    }
}

/// A type of ID number as people read it.
pub(super) fn number_name(kind: &IdNumberType) -> String {
    match kind {
        IdNumberType::UsSsn => "US SSN".to_owned(),
        IdNumberType::BrCpf => "BR CPF".to_owned(),
        IdNumberType::SgNric => "SG NRIC".to_owned(),
        IdNumberType::Other(kind) => kind.to_string(),
    }
}
