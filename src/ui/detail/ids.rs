//! Every id of a record, whole, so that it can be read and selected.

use crate::app::Model;
use crate::identity::{FileId, Report, SessionId};

use super::Record;
use super::sheet::Sheet;

pub(super) fn write(record: &Record<'_>, sheet: &mut Sheet) {
    let Record { session, report, .. } = record;
    sheet.heading("IDS", &[]);
    let reference = session.client_reference_id.as_ref();
    let reference = reference.map(|text| text.show("client_reference_id", record.model.lens(&session.id)));
    let person = session.related_person.as_ref();
    let rows = [
        ("API status", Some(session.status.as_str())),
        ("session", Some(session.id.as_str())),
        ("reference", reference.as_deref()),
        ("last report", session.last_verification_report.as_ref().map(|report| report.id().as_str())),
        ("customer", session.related_customer.as_deref()),
        ("cust. account", session.related_customer_account.as_deref()),
        ("account", person.and_then(|person| person.account.as_deref())),
        ("person", person.and_then(|person| person.person.as_deref())),
        ("flow", session.verification_flow.as_deref()),
    ];
    write_rows(&rows, sheet);
    if let Some(report) = report {
        write_files(report, sheet);
    }
}

pub(super) fn write_report(model: &Model, report: &Report, sheet: &mut Sheet) {
    sheet.heading("IDS", &[]);
    let reference = report.client_reference_id.as_ref();
    let reference = reference.map(|text| text.show("client_reference_id", model.lens_of_report(report)));
    let rows = [
        ("report", Some(report.id.as_str())),
        ("session", report.verification_session.as_ref().map(SessionId::as_str)),
        ("reference", reference.as_deref()),
        ("flow", report.verification_flow.as_deref()),
    ];
    write_rows(&rows, sheet);
    write_files(report, sheet);
}

fn write_rows(rows: &[(&str, Option<&str>)], sheet: &mut Sheet) {
    let text = sheet.look.text;
    for (label, value) in rows {
        if let Some(value) = value {
            sheet.row(label, value, text);
        }
    }
}

/// The pictures. They cannot be shown here: only their names are.
fn write_files(report: &Report, sheet: &mut Sheet) {
    let dim = sheet.look.dim;
    let documents = report.document.as_ref().and_then(|check| check.files.as_deref()).unwrap_or_default();
    let selfie = report.selfie.as_ref();
    let documents = documents.iter().map(|file| ("picture", file));
    let compared = selfie.and_then(|check| check.document.as_ref()).map(|file| ("compared", file));
    let face = selfie.and_then(|check| check.selfie.as_ref()).map(|file| ("selfie", file));
    let files: Vec<(&str, &FileId)> = documents.chain(compared).chain(face).collect();
    for (label, file) in files {
        sheet.row(label, file.as_str(), dim);
    }
}
