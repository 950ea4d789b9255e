//! The chain: what it looks like, what it survives, and what it finds.

use std::fs;
use std::io::Write as _;

use super::super::{Contents, Hash, Head, Journal};
use super::{Folder, entry};

fn objects(contents: &Contents) -> Vec<&str> {
    contents.lines.iter().filter_map(|line| line.entry.object.as_deref()).collect()
}

#[test]
fn each_line_holds_the_hash_of_the_one_before() {
    let folder = Folder::new();
    assert_eq!(Journal::read(&folder.audit()).expect("no audit yet"), Contents::default());
    folder.record(&["vs_1"]);
    folder.record(&["vs_2"]);
    let lines = folder.lines();
    let expected = concat!(
        r#"{"seq":1,"at":"2026-03-01T12:00:00Z","operator":"ann","profile":"default","mode":"test","via":"key:c","#,
        r#""action":"cancel","object":"vs_1","params":["type:document"],"reason":{"code":"duplicate"},"#,
        r#""job":"0000000000c0ffee-1","request_id":"req_1","idempotency_key":"k1","result":"done","#,
        r#""error_code":null,"prev":"0000000000000000000000000000000000000000000000000000000000000000"}"#
    );
    assert_eq!(lines[0], expected);
    let hash = Hash::of(expected.as_bytes());
    assert!(lines[1].ends_with(&format!(r#""prev":"{hash}"}}"#)), "{}", lines[1]);

    let contents = Journal::read(&folder.audit()).expect("the audit");
    assert_eq!(contents.lines[0].entry, entry("vs_1"));
    let verdict = Journal::verify(&folder.audit(), None).expect("a verdict");
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!((verdict.lines, verdict.last), (2, Head { seq: 2, hash: Hash::of(lines[1].as_bytes()) }));
}

#[test]
fn a_line_that_a_crash_cut_is_chained_over_and_harmless() {
    let folder = Folder::new();
    folder.record(&["vs_1"]);
    let whole = fs::read(folder.audit()).expect("bytes");
    fs::write(folder.audit(), [&whole[..], &whole[..20]].concat()).expect("a cut line");
    let verdict = Journal::verify(&folder.audit(), None).expect("a verdict");
    assert_eq!((verdict.is_sound(), &verdict.torn[..]), (true, &[2][..]));

    folder.record(&["vs_2", "vs_3"]);
    let verdict = Journal::verify(&folder.audit(), None).expect("a verdict");
    assert_eq!((verdict.is_sound(), &verdict.torn[..]), (true, &[2][..]), "{verdict:?}");
    let contents = Journal::read(&folder.audit()).expect("the audit");
    assert_eq!((objects(&contents), &contents.damaged[..]), (vec!["vs_1", "vs_2", "vs_3"], &[2][..]));
    assert_eq!(contents.lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 3, 4]);

    let mut lines = folder.lines();
    lines[1].push('!');
    folder.write(&lines);
    assert_eq!(folder.breaks(), ["line 2 or line 3 was changed after it was written"]);
}

#[test]
fn a_head_that_lags_behind_after_a_crash_is_sound() {
    let folder = Folder::new();
    folder.record(&["vs_1"]);
    let old = fs::read(folder.head()).expect("a head");
    folder.record(&["vs_2", "vs_3"]);
    fs::write(folder.head(), old).expect("the old head");
    assert_eq!(folder.breaks(), [""; 0]);
    folder.record(&["vs_4"]);
    assert_eq!(folder.breaks(), [""; 0]);
    assert_eq!(Journal::read(&folder.audit()).expect("the audit").lines[3].seq, 4);

    // So it is before the first line, and after a line that was cut.
    let folder = Folder::new();
    folder.record(&[]);
    let start = fs::read(folder.head()).expect("a head");
    folder.record(&["vs_1"]);
    let mut audit = fs::OpenOptions::new().append(true).open(folder.audit()).expect("the audit");
    audit.write_all(b"{\"seq\":2").expect("a cut line");
    fs::write(folder.head(), start).expect("the first head");
    assert_eq!(folder.breaks(), [""; 0]);
    folder.record(&["vs_2"]);
    assert_eq!(folder.breaks(), [""; 0]);
    assert_eq!(Journal::read(&folder.audit()).expect("the audit").lines[1].seq, 3);
}

/// Breaks a chain of four lines, and checks that it is found, and found still after two more lines.
fn broken(do_harm: impl Fn(&mut Vec<String>), found: &str, found_later: &str) {
    let folder = Folder::new();
    folder.record(&["vs_1", "vs_2", "vs_3", "vs_4"]);
    let mut lines = folder.lines();
    do_harm(&mut lines);
    folder.write(&lines);
    assert_eq!(folder.breaks(), [found]);
    folder.record(&["vs_5", "vs_6"]);
    assert_eq!(folder.breaks(), [found_later]);
    let contents = Journal::read(&folder.audit()).expect("the audit");
    assert_eq!(contents.lines[contents.lines.len() - 1].seq, 6, "numbers go on from the head");
}

#[test]
fn an_edited_line_is_found() {
    let edit = |at: usize| move |lines: &mut Vec<String>| lines[at] = lines[at].replace("ann", "eve");
    broken(
        edit(0),
        "line 1 or line 2 was changed after it was written",
        "line 1 or line 2 was changed after it was written",
    );
    broken(
        edit(2),
        "line 3 or line 4 was changed after it was written",
        "line 3 or line 4 was changed after it was written",
    );
    broken(
        edit(3),
        "line 4 was changed after it was written",
        "line 4 or line 5 was changed after it was written",
    );
    // Bytes count, not what they mean.
    broken(
        |lines| lines[1] = lines[1].replace("\"seq\":2,", "\"seq\": 2,"),
        "line 2 or line 3 was changed after it was written",
        "line 2 or line 3 was changed after it was written",
    );
    broken(
        |lines| lines[3].truncate(20),
        "line 4 was changed after it was written",
        "line 4 or line 5 was changed after it was written",
    );
}

#[test]
fn lines_that_are_gone_are_found() {
    let without =
        |range: std::ops::Range<usize>| move |lines: &mut Vec<String>| drop(lines.drain(range.clone()));
    broken(without(0..1), "line 1 is missing", "line 1 is missing");
    broken(without(0..2), "lines 1 to 2 are missing", "lines 1 to 2 are missing");
    broken(without(1..3), "lines 2 to 3 are missing", "lines 2 to 3 are missing");
    broken(without(3..4), "the end was cut off: line 4 is missing", "line 4 is missing");
    broken(without(1..4), "the end was cut off: lines 2 to 4 are missing", "lines 2 to 4 are missing");
    broken(without(0..4), "the end was cut off: lines 1 to 4 are missing", "lines 1 to 4 are missing");
}

#[test]
fn lines_that_changed_places_are_found() {
    let folder = Folder::new();
    folder.record(&["vs_1", "vs_2", "vs_3", "vs_4"]);
    let mut lines = folder.lines();
    lines.swap(1, 2);
    folder.write(&lines);
    let breaks = folder.breaks();
    assert_eq!(breaks[..2], ["line 2 is missing", "line 2 stands where line 4 belongs"], "{breaks:?}");
    lines.swap(1, 2);
    lines.insert(2, lines[1].clone());
    folder.write(&lines);
    assert_eq!(folder.breaks()[0], "line 2 stands where line 3 belongs");
}

#[test]
fn a_whole_file_that_is_gone_is_found() {
    let folder = Folder::new();
    folder.record(&["vs_1", "vs_2"]);
    fs::remove_file(folder.audit()).expect("a file");
    assert_eq!(folder.breaks(), ["the end was cut off: lines 1 to 2 are missing"]);
    folder.record(&["vs_3"]);
    assert_eq!(folder.breaks(), ["lines 1 to 2 are missing"]);
}

#[test]
fn a_head_that_is_gone_leaves_a_trace() {
    for spoil in [|path| fs::remove_file(path), |path| fs::write(path, "{\"seq\":")] {
        let folder = Folder::new();
        folder.record(&["vs_1", "vs_2"]);
        spoil(folder.head()).expect("a spoilt head");
        let breaks = folder.breaks();
        assert!(breaks[0].contains("whether the end was cut off cannot be told"), "{breaks:?}");
        folder.record(&["vs_3", "vs_4"]);
        let breaks = folder.breaks();
        assert_eq!(breaks.len(), 1, "{breaks:?}");
        assert!(breaks[0].starts_with("the chain begins anew at line 3"), "{breaks:?}");
    }
}

#[test]
fn a_hash_that_was_noted_elsewhere_is_looked_for() {
    let folder = Folder::new();
    folder.record(&["vs_1", "vs_2"]);
    let noted = Journal::verify(&folder.audit(), None).expect("a verdict").last.hash;
    folder.record(&["vs_3"]);
    let verdict = Journal::verify(&folder.audit(), Some(noted)).expect("a verdict");
    assert!(verdict.is_sound(), "{verdict:?}");

    // Somebody writes everything anew, head and all.
    fs::remove_file(folder.audit()).expect("a file");
    fs::remove_file(folder.head()).expect("a file");
    folder.record(&["vs_1", "vs_9", "vs_3"]);
    assert_eq!(folder.breaks(), [""; 0]);
    let verdict = Journal::verify(&folder.audit(), Some(noted)).expect("a verdict");
    assert_eq!(verdict.breaks[0].to_string(), format!("the line with the hash {noted} is not there"));
}

#[test]
fn writers_keep_one_chain() {
    let folder = Folder::new();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let path = folder.audit();
            scope.spawn(move || {
                let journal = Journal::open(&path).expect("an audit");
                for line in 0..8 {
                    journal.record(&entry(&format!("vs_{writer}_{line}"))).expect("a line");
                }
            });
        }
    });
    let verdict = Journal::verify(&folder.audit(), None).expect("a verdict");
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!((verdict.lines, verdict.last.seq, verdict.torn.len()), (32, 32, 0));
}

#[test]
fn the_end_of_a_long_file_is_found_in_steps() {
    let folder = Folder::new();
    folder.record(&["vs_1"]);
    let old = fs::read(folder.head()).expect("a head");
    // Far more behind the head than the first look sees.
    let objects: Vec<String> = (0..100).map(|n| format!("vs_{n}")).collect();
    folder.record(&objects.iter().map(String::as_str).collect::<Vec<_>>());
    fs::write(folder.head(), old).expect("the old head");
    folder.record(&["vs_last"]);
    let verdict = Journal::verify(&folder.audit(), None).expect("a verdict");
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!(verdict.last.seq, 102);
}

#[test]
fn any_byte_that_is_changed_and_any_cut_is_found() {
    let folder = Folder::new();
    folder.record(&["vs_1", "vs_2", "vs_3"]);
    let whole = fs::read(folder.audit()).expect("bytes");
    assert_eq!(folder.breaks(), [""; 0]);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(folder.audit(), &bytes).expect("a changed byte");
        assert!(!folder.breaks().is_empty(), "byte {at} of {}", whole.len());
        fs::write(folder.audit(), &whole[..at]).expect("a cut file");
        assert!(!folder.breaks().is_empty(), "cut to {at} of {}", whole.len());
        fs::write(folder.audit(), &whole[at + 1..]).expect("a file without its beginning");
        assert!(!folder.breaks().is_empty(), "without {at} of {}", whole.len());
    }
}

/// A line with nanoseconds, as this machine's clock gives them, and the head that names it.
#[test]
fn a_line_of_an_earlier_version_stays_as_it_is_and_is_chained_on() {
    let old = concat!(
        r#"{"seq":1,"at":"2026-03-01T12:00:00.123456789Z","operator":"ann","profile":"default","mode":"test","#,
        r#""via":"key:c","action":"cancel","object":"vs_1","params":[],"reason":{"code":"duplicate"},"#,
        r#""job":"0000000000c0ffee-1","request_id":"req_1","idempotency_key":"k1","result":"done","#,
        r#""error_code":null,"prev":"0000000000000000000000000000000000000000000000000000000000000000"}"#
    );
    let head = r#"{"seq":1,"hash":"858112d945e6bcd4b4bf05eed95af2aeafe491911912b02e3609259bfd910156"}"#;
    let folder = Folder::new();
    fs::write(folder.audit(), format!("{old}\n")).expect("an audit");
    fs::write(folder.head(), format!("{head}\n")).expect("a head");
    assert_eq!(folder.breaks(), [""; 0]);

    let line = Journal::read(&folder.audit()).expect("the audit").lines.remove(0);
    assert_eq!(line.entry.at.to_string(), "2026-03-01T12:00:00.123456789Z");
    assert_eq!(serde_json::to_string(&line).expect("JSON"), old, "it is written again as it was");

    folder.record(&["vs_2"]);
    assert_eq!(folder.breaks(), [""; 0]);
    let lines = folder.lines();
    assert_eq!(lines[0], old);
    assert!(lines[1].contains(r#""at":"2026-03-01T12:00:00Z""#), "{}", lines[1]);
}
