//! Options and metadata.

use ratatui::style::Style;

use crate::identity::{DocumentOptions, Options, Session};
use crate::privacy::Lens;
use crate::text::width;

use super::checks::document_name;
use super::sheet::{LABELS, Sheet};

pub(super) fn write_options(options: Option<&Options>, sheet: &mut Sheet) {
    let Some(options) = options else { return };
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some(document) = &options.document {
        document_rows(document, &mut rows);
    }
    let mut flag = |label: &'static str, value: Option<bool>| {
        if let Some(value) = value {
            rows.push((label, required(value).to_owned()));
        }
    };
    flag("e-mail code", options.email.as_ref().and_then(|email| email.require_verification));
    flag("phone code", options.phone.as_ref().and_then(|phone| phone.require_verification));
    if options.id_number.is_some() {
        rows.push(("ID number", "asked by the flow".to_owned()));
    }
    if let Some(matching) = &options.matching {
        rows.extend(matching.name.as_ref().map(|how| ("name match", how.to_string())));
        rows.extend(matching.dob.as_ref().map(|how| ("birth match", how.to_string())));
    }
    if rows.is_empty() {
        return;
    }
    sheet.heading("OPTIONS", &[]);
    let text = sheet.look.text;
    for (label, value) in rows {
        sheet.row(label, &value, text);
    }
}

fn document_rows(document: &DocumentOptions, rows: &mut Vec<(&str, String)>) {
    if let Some(types) = &document.allowed_types {
        let names: Vec<String> = types.iter().map(document_name).collect();
        rows.push(("accepts", if names.is_empty() { "any document".to_owned() } else { names.join(", ") }));
    }
    let flags = [
        ("selfie", document.require_matching_selfie),
        ("ID number", document.require_id_number),
        ("live capture", document.require_live_capture),
    ];
    rows.extend(flags.into_iter().filter_map(|(label, value)| Some((label, required(value?).to_owned()))));
}

const fn required(value: bool) -> &'static str {
    if value { "required" } else { "not required" }
}

pub(super) fn write_metadata(session: &Session, lens: Lens<'_>, sheet: &mut Sheet) {
    if session.metadata.is_empty() {
        return;
    }
    sheet.heading("METADATA", &[]);
    let text: Style = sheet.look.text;
    // Keys have up to 40 characters: the column grows a little for them, and longer ones stand above their value.
    let longest = session.metadata.keys().map(|key| width(&lens.key(key)) + 2).max().unwrap_or(0);
    let column = longest.clamp(LABELS, (sheet.width() * 2 / 5).max(LABELS));
    for (key, value) in &session.metadata {
        sheet.row_at(column, &lens.key(key), &value.show(key, lens), text);
    }
}
