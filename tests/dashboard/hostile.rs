//! What strangers write, on every screen: no control byte reaches the terminal but those of the drawing library.

use std::io;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use serde_json::{Value, json};
use vetty::actions::{Key, Keymap};
use vetty::app::geometry::Size;
use vetty::app::{
    Answer, Connection, Effect, Model, Msg, Problem, ProblemKind, ProfileEntry, Request, Settings, TaskId,
    update,
};
use vetty::clock::{Monotonic, Now, Timestamp};
use vetty::config::ThemeChoice;
use vetty::config::themes::{ColourDepth, Theme};
use vetty::ui::{Look, draw};

/// Keys that lead to every page and dialog.
const TOURS: &[&[&str]] = &[
    &[],
    &["enter"],
    &["?"],
    &[":", "c", "o", "p", "y"],
    &["Y"],
    &["V"],
    &["v"],
    &["E"],
    &["P"],
    &["X"],
    &["e"],
    &["n"],
    &["space", "2"],
    &["2", "tab"],
    &["3", "tab"],
    &["4"],
    &["5"],
    &["/"],
];

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 12)];

/// Text as an attacker writes it: escapes, controls, bidirectional and zero-width characters, and letters.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\u{1b}]52;c;aGk=\u{7}".to_owned()),
        Just("\u{1b}[2J\u{1b}[H".to_owned()),
        Just("\u{9b}31m".to_owned()),
        Just("\u{1b}P+q\u{1b}\\".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{feff}\r\n\t\u{8}\u{7f}".to_owned()),
        Just("王小明 é\u{301} محمد".to_owned()),
        any::<char>().prop_map(String::from),
        "[\\x00-\\x1f\\x7f-\u{9f}]{1,4}",
        "[a-z =+@-]{1,12}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn records(text: &str) -> (Value, Value) {
    let session = json!({
        "id": "vs_1NuN4zLkdIwHu7ixleE6HvkI", "created": 1_785_240_000, "livemode": false, "status": "verified",
        "type": "document", "client_reference_id": text, "last_verification_report": "vr_1",
        "last_error": { "code": text, "reason": text }, "metadata": { text: text, "k": text },
        "related_customer": text, "verification_flow": text,
        "verified_outputs": { "first_name": text, "last_name": text, "email": text, "phone": text,
            "address": { "line1": text, "city": text, "country": text }, "id_number_type": text },
        "provided_details": { "email": text, "phone": text },
    });
    let report = json!({
        "id": "vr_1", "created": 1_785_240_100, "livemode": false, "type": text,
        "verification_session": "vs_1NuN4zLkdIwHu7ixleE6HvkI", "client_reference_id": text,
        "document": { "status": text, "type": text, "first_name": text, "last_name": text,
            "issuing_country": text, "error": { "code": text, "reason": text }, "files": [text],
            "dob": { "day": 1, "month": 2, "year": 1990 }, "number": text },
    });
    (json!({ "has_more": false, "data": [session] }), json!({ "has_more": false, "data": [report] }))
}

/// A model with these records, after these keys.
fn model(text: &str, (cols, rows): (u16, u16), keys: &[&str]) -> Model {
    let wall = Timestamp::from_secs(1_785_247_522).wall_time().expect("a date");
    let now = Now { wall, monotonic: Monotonic::START };
    let mut model = Model::new(Settings::default(), Keymap::default(), Size { cols, rows }, now);
    model.profiles =
        ["a", text].map(|name| ProfileEntry { name: name.into(), about: text.into(), live: false }).into();
    text.clone_into(&mut model.export_folder);
    let connection = Connection { label: "127.0.0.1".into(), live: false, sandbox: true };
    let mut asked: Vec<(TaskId, Request)> = Vec::new();
    tell(&mut model, &mut asked, Msg::Connected(connection));
    let (sessions, reports) = records(text);
    for (task, request) in std::mem::take(&mut asked) {
        let answer = match request {
            Request::ListSessions(_) => serde_json::from_value(sessions.clone()).map(Answer::Sessions),
            Request::ListReports(_) => serde_json::from_value(reports.clone()).map(Answer::Reports),
            _ => continue,
        };
        let result = Ok(answer.expect("a page"));
        tell(&mut model, &mut asked, Msg::Reply { task, reads: 1, result });
    }
    for name in keys {
        let key: Key = name.parse().expect("a key");
        tell(&mut model, &mut asked, Msg::Key(key));
        for (task, request) in std::mem::take(&mut asked) {
            let result = match request {
                Request::Unveil(_) => Ok(Answer::Unveiled(None)),
                _ => Err(Problem::new(ProblemKind::Other, text).with_hint(text).with_request_id(Some(text))),
            };
            tell(&mut model, &mut asked, Msg::Reply { task, reads: 2, result });
        }
        asked.clear();
    }
    tell(&mut model, &mut asked, Msg::Paste(vetty::privacy::Secret::new(text.to_owned())));
    model
}

fn tell(model: &mut Model, asked: &mut Vec<(TaskId, Request)>, msg: Msg) {
    for effect in update(model, msg) {
        if let Effect::Ask(task) = effect {
            asked.push((task.id, task.request));
        }
    }
}

/// The bytes that drawing the model sends to a terminal.
fn bytes(model: &Model, (cols, rows): (u16, u16)) -> io::Result<Vec<u8>> {
    let look = Look::new(&Theme::choose(ThemeChoice::Dark, None, ColourDepth::True));
    let mut out = Vec::new();
    let viewport = ratatui::Viewport::Fixed(Rect::new(0, 0, cols, rows));
    let options = ratatui::TerminalOptions { viewport };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(&mut out), options)?;
    terminal.draw(|frame| {
        draw(frame, model, &look);
    })?;
    drop(terminal);
    Ok(out)
}

/// What is left after the drawing library's own sequences: moving the cursor, colours, and hiding the cursor.
fn without_own(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        left.push_str(&rest[..at]);
        let sequence = &rest[at + 2..];
        let end =
            sequence.find(|c: char| !(c.is_ascii_digit() || ";?:".contains(c))).unwrap_or(sequence.len());
        let last = sequence[end..].chars().next();
        if matches!(last, Some('m' | 'H' | 'h' | 'l')) {
            rest = &sequence[end + 1..];
        } else {
            // Not one of ours: it stays to be found.
            left.push('\u{1b}');
            rest = sequence;
        }
    }
    left.push_str(rest);
    left
}

fn assert_harmless(text: &str, tours: &[&[&str]]) {
    for (at, keys) in tours.iter().enumerate() {
        let size = SIZES[at % SIZES.len()];
        let sent = bytes(&model(text, size, keys), size).expect("a frame");
        let sent = String::from_utf8(sent).expect("text");
        let left = without_own(&sent);
        let found = left.chars().find(|c| {
            c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        });
        assert_eq!(found, None, "{keys:?} with {text:?} sends {sent:?}");
        for sequence in ["\u{1b}[2J", "\u{1b}]", "\u{1b}[31m"] {
            assert!(!sent.contains(sequence), "{keys:?} with {text:?} sends {sequence:?}");
        }
    }
}

#[test]
fn a_sequence_that_is_not_the_librarys_own_is_found() {
    assert_eq!(without_own("a\u{1b}[1;2Hb\u{1b}[38;2;1;2;3mc\u{1b}[?25l"), "abc");
    assert!(without_own("a\u{1b}[2Jb").contains('\u{1b}'));
    assert!(without_own("a\u{1b}]52;c;\u{7}").contains('\u{1b}'));
}

#[test]
fn a_very_long_text_is_drawn_and_cut() {
    // 100 KB, as the longest values of some proxies and importers are.
    let tours: &[&[&str]] = &[&[], &["enter"], &["Y"], &["V"], &["e"], &["2", "tab"], &["X"]];
    assert_harmless(&"\u{1b}[2J王\u{202e}x".repeat(9_000), tours);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_a_terminal_obeys_is_drawn(text in hostile()) {
        assert_harmless(&text, TOURS);
    }
}
