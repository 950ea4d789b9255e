//! What comes out of every format.

use serde_json::{Value, json};

use super::*;
use crate::identity::{Report, Session};
use crate::privacy::Sight;

fn session(id: &str, more: Value) -> Session {
    let mut object = json!({
        "id": id, "object": "identity.verification_session", "created": 1_772_366_400, "livemode": false,
        "status": "verified", "type": "document", "client_reference_id": "user_1", "metadata": {},
        "client_secret": "vs_secret_test_x", "url": "https://verify.stripe.com/start/test_x",
    });
    for (name, value) in more.as_object().expect("fields") {
        object[name] = value.clone();
    }
    serde_json::from_value(object).expect("a session")
}

fn jenny() -> Session {
    let outputs = json!({"first_name": "Jenny", "last_name": "Rosen", "phone": "+14155550132",
        "address": {"line1": "1234 Main St.", "country": "US"}, "dob": {"day": 2, "month": 3, "year": 1990}});
    session(
        "vs_1",
        json!({ "verified_outputs": outputs, "metadata": { "user.id": "42", "formula": "=1+1" } }),
    )
}

fn written(format: Format, layout: Layout, records: &[Record]) -> String {
    let mut exporter = Exporter::new(Kind::Sessions, format).layout(layout);
    let mut out = exporter.records(records);
    out.push_str(&exporter.finish(false));
    out
}

fn records(sight: Sight) -> Vec<Record> {
    vec![
        Record::session(&jenny(), None, sight),
        Record::session(&session("vs_22", json!({"status": "requires_input"})), None, sight),
    ]
}

#[test]
fn a_terminal_shows_what_fits_and_has_values() {
    let narrow = Layout { width: Some(50), colours: false };
    assert_eq!(
        written(Format::Table, narrow, &records(Sight::Masked)),
        "ID     STATUS          CREATED (UTC)     REFERENCE\n\
         vs_1   verified        2026-03-01 12:00  user_1\n\
         vs_22  requires_input  2026-03-01 12:00  user_1\n"
    );
    let wide = written(Format::Table, Layout { width: Some(120), colours: false }, &records(Sight::Masked));
    assert!(
        wide.starts_with(
            "ID     STATUS          CREATED (UTC)     REFERENCE  TYPE      NAME       COUNTRY\n"
        ),
        "{wide}"
    );
    assert!(wide.contains("user_1     document  J••• R•••  US\n"), "{wide}");
    assert!(wide.contains("user_1     document  -          -\n"), "{wide}");
}

#[test]
fn elsewhere_every_usual_column_is_there_and_nothing_is_cut() {
    let long = "r".repeat(200);
    let record =
        Record::session(&session("vs_1", json!({ "client_reference_id": long })), None, Sight::Masked);
    let table = written(Format::Table, Layout::default(), &[record]);
    assert!(table.contains(&long));
    assert!(table.starts_with("ID ") && table.contains("ERROR") && table.contains("REDACTION"), "{table}");
}

#[test]
fn columns_can_be_chosen() {
    let columns =
        ["metadata.user.id", "id", "name", "status"].map(|name| Column::parse(Kind::Sessions, name));
    let columns: Vec<Column> = columns.into_iter().collect::<Result<_, _>>().expect("columns");
    let mut exporter = Exporter::new(Kind::Sessions, Format::Table)
        .columns(columns.clone())
        .layout(Layout { width: Some(80), colours: true });
    let table = exporter.records(&records(Sight::Revealed));
    let (bold, green, yellow, end) = ("\x1b[1m", "\x1b[32m", "\x1b[33m", "\x1b[0m");
    assert_eq!(
        table,
        format!(
            "{bold}USER.ID{end}  {bold}ID{end}     {bold}NAME{end}         {bold}STATUS{end}\n\
             42       vs_1   Jenny Rosen  {green}verified{end}\n\
             -        vs_22  -            {yellow}requires_input{end}\n"
        )
    );
    let mut exporter = Exporter::new(Kind::Sessions, Format::Csv).columns(columns);
    assert!(
        exporter
            .records(&records(Sight::Masked))
            .starts_with("metadata.user.id,id,name,status\n42,vs_1,J••• R•••,verified\n")
    );
    let error = Column::parse(Kind::Reports, "metadata.x").expect_err("reports have no metadata").to_string();
    assert!(error.starts_with("there is no column `metadata.x`; there are id, created,"), "{error}");
}

#[test]
fn csv_has_one_line_of_names_and_no_formula() {
    let text = written(Format::Csv, Layout::default(), &records(Sight::Revealed));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().expect("names").iter().map(str::to_owned).collect();
    assert_eq!(names, Column::names(Kind::Sessions));
    let lines: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
    assert_eq!(lines.len(), 2);
    let cell = |line: usize, name: &str| {
        lines[line]
            .get(names.iter().position(|known| known == name).expect("a column"))
            .expect("a cell")
            .to_owned()
    };
    assert_eq!(cell(0, "created"), "2026-03-01T12:00:00Z");
    assert_eq!(cell(0, "verified_outputs.phone"), "'+14155550132");
    assert_eq!(cell(0, "metadata"), r#"{"formula":"=1+1","user.id":"42"}"#);
    assert_eq!((cell(1, "name"), cell(1, "metadata")), (String::new(), String::new()));
    assert_eq!(written(Format::Csv, Layout::default(), &[]), format!("{}\n", names.join(",")));
}

#[test]
fn json_is_a_document_and_lines_are_objects() {
    let records = records(Sight::Revealed);
    let list: Value =
        serde_json::from_str(&written(Format::Json, Layout::default(), &records)).expect("JSON");
    assert_eq!((&list["object"], &list["has_more"]), (&json!("list"), &json!(false)));
    assert_eq!(list["data"][0]["verified_outputs"]["phone"], "+14155550132", "phones are intact");
    let lines = written(Format::Jsonl, Layout::default(), &records);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(Value::from(lines), list["data"]);
    let empty: Value = serde_json::from_str(&written(Format::Json, Layout::default(), &[])).expect("JSON");
    assert_eq!(empty["data"], json!([]));
    let mut single = Exporter::new(Kind::Sessions, Format::Json).single();
    let alone: Value = serde_json::from_str(&single.records(&records[..1])).expect("JSON");
    assert_eq!(alone, list["data"][0]);
    assert_eq!(single.finish(false), "");
}

#[test]
fn nothing_personal_and_no_secret_is_in_a_masked_record() {
    for format in [Format::Table, Format::Json, Format::Jsonl, Format::Csv] {
        let masked = written(format, Layout::default(), &records(Sight::Masked));
        for hidden in ["Jenny", "Rosen", "Main", "1990", "555", "secret", "test_x"] {
            assert!(!masked.contains(hidden), "{format:?}: {masked}");
        }
    }
}

#[test]
fn a_session_takes_its_own_report_along_and_no_other() {
    let report: Report = serde_json::from_value(json!({
        "id": "vr_1", "created": 1, "livemode": false, "type": "document", "verification_session": "vs_1",
        "document": {"status": "verified", "first_name": "Jenny", "last_name": "Rosen", "issuing_country": "DE"}
    }))
    .expect("a report");
    let of = |id: &str| {
        let session = session("vs_1", json!({ "last_verification_report": id }));
        let columns =
            ["name", "country", "last_verification_report", "last_verification_report.document.status"];
        let columns = columns.map(|name| Column::parse(Kind::Sessions, name).expect("a column")).to_vec();
        let record = Record::session(&session, Some(&report), Sight::Masked);
        Exporter::new(Kind::Sessions, Format::Csv).columns(columns).records(&[record])
    };
    assert!(of("vr_1").ends_with("J••• R•••,DE,vr_1,verified\n"));
    assert!(of("vr_2").ends_with(",,vr_2,\n"));
}

#[test]
fn a_card_has_a_line_for_each_field() {
    let layout = Layout { width: Some(60), colours: false };
    let long = session("vs_3", json!({ "metadata": { "essay": "word ".repeat(2000) } }));
    let mut exporter = Exporter::new(Kind::Sessions, Format::Table).single().layout(layout);
    let card = exporter.records(&[Record::session(&jenny(), None, Sight::Masked)]);
    assert!(card.starts_with("id                   vs_1\n"), "{card}");
    assert!(card.contains("\ncreated              2026-03-01T12:00:00Z\n"), "{card}");
    assert!(card.contains("\nverified_outputs\n  first_name         J•••\n"), "{card}");
    assert!(card.contains("\n  address\n    line1            ••••\n"), "{card}");
    assert!(card.contains("\n  user.id            42\n"), "{card}");
    let next = exporter.records(&[Record::session(&long, None, Sight::Masked)]);
    assert!(next.starts_with("\nid "), "a blank line stands between objects: {next}");
    assert!(next.contains("… 10000 characters in all; --format json has them"), "{next}");
    assert!(next.lines().all(|line| crate::text::width(line) <= 90), "{next}");
}

#[test]
fn hostile_text_is_marks_in_every_format() {
    let hostile = "\u{1b}]52;c;aGk=\u{7}\u{202e}\n\r=1";
    let session =
        session("vs_1", json!({ "client_reference_id": hostile, "metadata": { hostile: hostile } }));
    for format in [Format::Table, Format::Json, Format::Jsonl, Format::Csv] {
        let mut exporter = Exporter::new(Kind::Sessions, format);
        let record = Record::session(&session, None, Sight::Masked);
        let text = exporter.records(&[record]) + &exporter.finish(false);
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'),
            "{format:?}: {text:?}"
        );
        assert!(text.contains("␛]52;c;aGk=␇<U+202E>␊␍=1"), "{format:?}: {text}");
    }
}
