//! Comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

use std::borrow::Cow;

use super::column::Time;
use super::{Column, Record};

/// The line that names the columns.
pub(super) fn head(columns: &[Column]) -> String {
    csv_line(columns.iter().map(|column| Cow::Borrowed(column.name())))
}

/// One record's line.
pub(super) fn record(record: &Record, columns: &[Column]) -> String {
    csv_line(columns.iter().map(|column| column.cell(record, Time::Exact)))
}

/// One line of comma-separated values, with its line break. No value is a formula.
pub fn csv_line<'a>(values: impl Iterator<Item = Cow<'a, str>>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory cannot fail, and a line of any length is a first line.
    let _ = writer.write_record(values.map(|value| guarded(value).into_owned()));
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// `value` behind an apostrophe if a spreadsheet would run it (OWASP ASVS 1.2.10). Leading spaces do not hide a
/// formula from every program, and full-width signs are taken for the plain ones by some.
fn guarded(value: Cow<'_, str>) -> Cow<'_, str> {
    let dangerous = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'];
    let risky = value.starts_with(dangerous) || value.trim_start().starts_with(dangerous);
    if risky { Cow::Owned(format!("'{value}")) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &[&str]) -> String {
        csv_line(values.iter().map(|value| Cow::Borrowed(*value)))
    }

    #[test]
    fn formulas_are_text_and_quotes_are_doubled() {
        assert_eq!(
            written(&["=HYPERLINK(\"x\")", "+14155550132", " -1", "@a", "＝1"]),
            "\"'=HYPERLINK(\"\"x\"\")\",'+14155550132,' -1,'@a,'＝1\n"
        );
        assert_eq!(written(&["a,b", "2026-03-01", "x=1", ""]), "\"a,b\",2026-03-01,x=1,\n");
        assert_eq!(written(&[""]), "\"\"\n", "an empty line would be no record");
    }
}
