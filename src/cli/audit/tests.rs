//! What is printed about an audit on disk.

use std::fs;

use super::*;
use crate::journal::{Entry, Mode, Note, Outcome, Reason};

fn entry(object: Option<&str>, action: &str, result: Outcome) -> Entry {
    Entry {
        at: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: "ann".into(),
        profile: "=cmd".into(),
        mode: Mode::Live,
        via: "key:X".into(),
        action: action.into(),
        object: object.map(Into::into),
        params: vec!["type:document".into(), "metadata.user".into()],
        reason: Some(Reason { code: "other".into(), note: Note::new("=1+1, \"told\"\u{1b}[2J") }),
        job: None,
        request_id: Some("req_1".into()),
        idempotency_key: Some("-key".into()),
        result,
        error_code: None,
    }
}

/// An audit of three lines.
fn audit() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(AUDIT);
    let journal = Journal::open(&path).expect("an audit");
    for entry in [
        entry(Some("vs_1NuN4zLkdIwHu7ixleE6HvkI"), "redact", Outcome::Asked),
        entry(Some("vs_1NuN4zLkdIwHu7ixleE6HvkI"), "redact", Outcome::Done),
        Entry { at: "2026-03-02T12:00:00Z".parse().expect("a time"), ..entry(None, "export", Outcome::Done) },
    ] {
        journal.record(&entry).expect("a line");
    }
    (folder, path)
}

fn shown(format: Format, width: Option<usize>) -> String {
    let (_folder, path) = audit();
    show::text(&Journal::read(&path).expect("the audit").lines, format, width)
}

#[test]
fn a_table_has_the_columns_that_fit() {
    assert_eq!(
        shown(Format::Table, None),
        "\
TIME                 RESULT  ACTION  OBJECT                       REASON  VIA    OPERATOR  PROFILE  REQUEST
2026-03-01 12:00:00  asked   redact  vs_1NuN4zLkdIwHu7ixleE6HvkI  other   key:X  ann       _cmd     req_1
2026-03-01 12:00:00  done    redact  vs_1NuN4zLkdIwHu7ixleE6HvkI  other   key:X  ann       _cmd     req_1
2026-03-02 12:00:00  done    export                               other   key:X  ann       _cmd     req_1
"
    );
    let narrow = shown(Format::Table, Some(80));
    assert!(narrow.lines().all(|line| line.len() <= 80), "{narrow}");
    assert!(
        narrow.starts_with("TIME                 RESULT  ACTION  OBJECT                       REASON  VIA\n")
    );
}

#[test]
fn csv_has_everything_and_no_formula() {
    let (_folder, path) = audit();
    let lines = Journal::read(&path).expect("the audit").lines;
    let text = show::text(&lines[..1], Format::Csv, None);
    let zeros = "0".repeat(64);
    assert_eq!(
        text,
        format!(
            "seq,at,operator,profile,mode,via,action,object,params,reason,note,job,request_id,idempotency_key,\
             result,error_code,prev\n\
             1,2026-03-01T12:00:00Z,ann,_cmd,live,key:X,redact,vs_1NuN4zLkdIwHu7ixleE6HvkI,\
             type:document metadata.user,other,\"'=1+1, \"\"told\"\"␛[2J\",,req_1,'-key,asked,,{zeros}\n"
        )
    );
}

#[test]
fn json_lines_are_those_of_the_file() {
    let (_folder, path) = audit();
    let lines = Journal::read(&path).expect("the audit").lines;
    let file = fs::read_to_string(&path).expect("text");
    assert_eq!(show::text(&lines, Format::Jsonl, None), file);
    let list: serde_json::Value =
        serde_json::from_str(&show::text(&lines, Format::Json, None)).expect("JSON");
    assert_eq!(
        (list["data"][2]["action"].as_str(), list["data"][2]["seq"].as_u64()),
        (Some("export"), Some(3))
    );
}

#[test]
fn only_what_is_asked_for_is_shown() {
    let (_folder, path) = audit();
    let lines = Journal::read(&path).expect("the audit").lines;
    let wanted = |since: Option<&str>, object: Option<&str>| {
        let args = ShowArgs {
            since: since.map(|since| moment(since).expect("a time")),
            object: object.map(str::to_owned),
            format: Format::Table,
        };
        lines.iter().filter(|line| args.wants(line)).map(|line| line.seq).collect::<Vec<_>>()
    };
    assert_eq!(wanted(None, None), [1, 2, 3]);
    assert_eq!(wanted(Some("2026-03-02"), None), [3]);
    assert_eq!(wanted(None, Some("vs_1NuN4zLkdIwHu7ixleE6HvkI")), [1, 2]);
    assert_eq!(wanted(Some("2026-03-02"), Some("vs_1NuN4zLkdIwHu7ixleE6HvkI")), [0; 0]);
}

#[test]
fn a_verdict_says_what_is_wrong_and_what_to_do() {
    let (_folder, path) = audit();
    let told = || verify::text(&Journal::verify(&path, None).expect("a verdict"), &path);
    let hash = Journal::verify(&path, None).expect("a verdict").last.hash;
    assert_eq!(told(), format!("3 lines, and the chain holds.\nLast line: 3  {hash}\n"));

    let whole = fs::read_to_string(&path).expect("text");
    fs::write(&path, format!("{whole}{{\"seq\"")).expect("a cut line");
    assert!(told().contains("holds.\nLine 4 was cut by a crash, which is harmless.\n"), "{}", told());

    let first = whole.lines().next().expect("a line");
    fs::write(&path, format!("{first}\n")).expect("a cut file");
    let told = told();
    assert!(
        told.starts_with(
            "The chain is broken (1 line):\n  the end was cut off: lines 2 to 3 are missing\nKeep a"
        ),
        "{told}"
    );
    let none = Journal::verify(&path.with_file_name("none"), None).expect("a verdict");
    assert_eq!(verify::text(&none, &path), "Nothing was written down yet.\n");
}
