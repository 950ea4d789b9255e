//! Dialogs as text.

use std::time::Duration;

use serde_json::json;

use crate::app::{
    Answer, Connection, Copying, Fetched, LeftOver, Msg, Problem, ProblemKind, ProfileEntry, Request,
};
use crate::identity::{ApiError, SessionId};
use crate::journal::{Item, Job, JobAct, JobId, Mode, Place, Reason, Step, Word};
use crate::privacy::{Detail, Pii, Secret};
use crate::text::width;
use crate::ui::stage::{Drawn, PRIVATE, Stage, after, erika, jenny_open};

/// Every size that screens are proved at.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 12)];

fn drawn(stage: &Stage, cols: u16, rows: u16) -> Drawn {
    stage.drawn(cols, rows, super::draw)
}

/// The dialog that `open` leads to, at one size, with where the cursor is and how far it scrolls.
fn picture(cols: u16, rows: u16, open: impl FnOnce(&mut Stage)) -> String {
    let mut stage = Stage::usual(cols, rows);
    open(&mut stage);
    let Drawn { text, last, cursor } = drawn(&stage, cols, rows);
    let cursor = cursor.map_or_else(|| "none".to_owned(), |(x, y)| format!("{x},{y}"));
    format!("{text}\ncursor {cursor}, last scroll {last}")
}

fn at_every_size(name: &str, open: impl Fn(&mut Stage)) {
    for (cols, rows) in SIZES {
        insta::assert_snapshot!(format!("{name}_{cols}x{rows}"), picture(cols, rows, &open));
    }
}

#[test]
fn cancel_asks_first() {
    at_every_size("cancel", |stage| stage.keys(&["j", "c"]));
    at_every_size("cancel_why", |stage| stage.keys(&["j", "c", "tab", "enter"]));
    at_every_size("cancel_check", |stage| stage.keys(&["j", "c", "2", "tab"]));
}

#[test]
fn redact_wants_the_last_four() {
    at_every_size("redact", |stage| stage.keys(&["X", "3"]));
    at_every_size("redact_why", |stage| stage.keys(&["X"]));
    at_every_size("redact_note", |stage| {
        stage.keys(&["X", "5"]);
        stage.types("asked by phone");
    });
}

#[test]
fn create() {
    at_every_size("create", |stage| stage.keys(&["n"]));
}

#[test]
fn help() {
    at_every_size("help", |stage| stage.keys(&["?"]));
}

#[test]
fn palette() {
    at_every_size("palette", |stage| stage.keys(&[":"]));
}

#[test]
fn copy() {
    at_every_size("copy", |stage| stage.keys(&["Y"]));
}

#[test]
fn outcome() {
    at_every_size("outcome", |stage| stage.keys(&["j", "t"]));
}

#[test]
fn a_typed_check_tells_right_from_wrong() {
    let wrong = |stage: &mut Stage| {
        stage.keys(&["X", "1"]);
        stage.types("hvki");
        stage.keys(&["enter"]);
    };
    insta::assert_snapshot!("redact_wrong_80x24", picture(80, 24, wrong));
    assert!(picture(40, 12, wrong).contains("! Not HvkI."));
    let right = picture(80, 24, |stage| {
        stage.keys(&["X", "1"]);
        stage.types("HvkI");
    });
    assert!(
        right.contains("✓ ↵ redacts for good")
            && right.matches('▸').count() == 1
            && right.contains("▸ [ Redact for good ]"),
        "{right}"
    );
    assert!(right.contains("↵ redact for good   Tab"), "what Enter does is said:\n{right}");
}

#[test]
fn redacting_what_waits_says_that_it_is_canceled_too() {
    let text = picture(80, 24, |stage| stage.keys(&["j", "X"]));
    assert!(text.contains("It still waits for input: it is canceled too."), "{text}");
}

#[test]
fn the_hold_is_told_as_the_settings_have_it() {
    let text = picture(80, 24, |stage| {
        stage.model.settings.hold_seconds = 0;
        stage.keys(&["j", "c"]);
    });
    assert!(text.contains("It is sent at once and cannot be undone."), "{text}");
}

#[test]
fn a_live_connection_is_named_in_the_title() {
    let text = picture(80, 24, |stage| {
        let live = Connection { label: "api.stripe.com".into(), live: true, sandbox: false };
        stage.send(Msg::Connected(live));
        stage.keys(&["X"]);
    });
    assert!(text.contains("┌ LIVE · Redact this session for good? ─"), "{text}");
}

/// A form with a wrong e-mail, a chosen document and a pair of metadata without a value.
fn filled(stage: &mut Stage) {
    stage.keys(&["n", "tab", "right", "space", "tab", "right", "tab", "tab", "tab", "tab"]);
    stage.types("jen");
    stage.keys(&["tab", "tab", "tab", "tab"]);
    stage.types("order");
    stage.keys(&["ctrl-s"]);
}

#[test]
fn a_form_shows_what_is_wrong_at_its_fields() {
    at_every_size("create_wrong", filled);
}

#[test]
fn a_form_that_is_sent_waits_and_shows_what_the_api_refused() {
    let refused = |param: Option<&str>| {
        let error = ApiError::of(
            400,
            json!({
                "type": "invalid_request_error", "message": "No such customer: 'cus_nobody'", "param": param,
            }),
        );
        Problem::new(ProblemKind::Refused(Box::new(error)), "The API refused.")
            .with_request_id(Some("req_QY7bUCr3EXAMPLE"))
    };
    let mut stage = Stage::usual(80, 24);
    stage.keys(&["n", "ctrl-s"]);
    let sending = drawn(&stage, 80, 24);
    assert!(sending.text.contains("~ sending…") && !sending.text.contains("^S send"), "{}", sending.text);
    assert_eq!(sending.cursor, None);
    stage.refuse(refused(Some("related_customer")));
    let at_field = drawn(&stage, 80, 24).text;
    assert!(at_field.contains("▸ Customer") && at_field.contains("! No such customer"), "{at_field}");
    stage.keys(&["ctrl-s"]);
    stage.refuse(refused(None));
    insta::assert_snapshot!("create_refused_80x24", drawn(&stage, 80, 24).text);
}

#[test]
fn an_update_shows_locks_and_removed_pairs() {
    at_every_size("update_locked", |stage| {
        stage.keys(&["e"]);
        // Down to the first pair, and its value emptied.
        stage.keys(&["ctrl-u"]);
        stage.keys(&["tab", "tab"]);
    });
}

#[test]
fn an_update_masks_what_was_provided_even_when_the_reveal_has_ended() {
    let mut open = erika();
    open.provided_details = jenny_open().provided_details;
    let mut stage = Stage::new(80, 24, &[open], &[]);
    stage.keys(&["v", "e"]);
    let revealed = drawn(&stage, 80, 24).text;
    assert!(revealed.contains("jenny@example.com"), "{revealed}");
    stage.send(Msg::Clock(after(61)));
    let masked = drawn(&stage, 80, 24).text;
    assert!(masked.contains("j•••@e•••") && !masked.contains("jenny@"), "{masked}");
}

#[test]
fn a_pair_whose_key_is_emptied_shows_what_is_removed() {
    let text = picture(80, 24, |stage| {
        stage.keys(&["e", "shift-tab", "ctrl-u", "tab", "tab"]);
    });
    let pair = text.lines().find(|line| line.contains("removed")).unwrap_or_else(|| panic!("{text}"));
    assert!(pair.contains("order"), "{text}");
    assert!(!text.contains("choose"), "a pair is no choice:\n{text}");
}

#[test]
fn help_for_metadata_speaks_of_removing_only_where_there_is_something() {
    let text = picture(80, 24, |stage| stage.keys(&["n", "shift-tab"]));
    assert!(text.contains("Key and value. Redaction erases all metadata."), "{text}");
    assert!(!text.contains("choose"), "{text}");
}

#[test]
fn long_texts_scroll_under_their_cursor() {
    let mut stage = Stage::usual(40, 12);
    stage.keys(&["n", "tab", "tab", "tab", "tab", "tab"]);
    stage.types(&format!("{}end", "user_".repeat(40)));
    let Drawn { text, cursor, .. } = drawn(&stage, 40, 12);
    assert!(text.contains("_user_end"), "{text}");
    let (x, y) = cursor.expect("a cursor");
    let line = text.lines().nth(usize::from(y)).expect("the line of the cursor");
    assert!(line.contains("end") && usize::from(x) < 38, "{x},{y}\n{text}");
}

#[test]
fn the_palette_finds_and_says_why_not() {
    let text = picture(80, 24, |stage| {
        stage.keys(&[":"]);
        stage.types("cancel");
    });
    insta::assert_snapshot!("palette_cancel_80x24", text);
    let none = picture(80, 24, |stage| {
        stage.keys(&[":"]);
        stage.types("zzz");
    });
    assert!(none.contains("No command has these words."), "{none}");
}

#[test]
fn lists_scroll_with_their_cursor() {
    for (keys, last) in [(":", "quit"), ("t", "phone_verification_declined")] {
        for (cols, rows) in SIZES {
            let mut stage = Stage::usual(cols, rows);
            stage.keys(&["j", keys]);
            stage.keys(&["down"; 60]);
            let text = drawn(&stage, cols, rows).text;
            if keys == "t" {
                assert!(text.contains(&format!("▸ {last}")), "{text}");
            }
            assert_eq!(text.matches('▸').count(), 1, "{text}");
        }
    }
}

#[test]
fn help_scrolls_to_its_end() {
    let mut stage = Stage::usual(80, 24);
    stage.keys(&["?"]);
    let last = drawn(&stage, 80, 24).last;
    stage.send(Msg::Drawn { detail: 0, dialog: last });
    stage.keys(&["G"]);
    insta::assert_snapshot!("help_end_80x24", drawn(&stage, 80, 24).text);
}

fn offered_link(stage: &mut Stage) {
    stage.keys(&["j", "y"]);
    let mut open = erika();
    let url = format!("https://verify.stripe.com/start/test_{}", "YWNjdF8x".repeat(12));
    open.url = serde_json::from_value(json!(&url)).expect("a URL");
    stage.answer(|_| Some(Answer::Session(Box::new(open.clone()), None)));
    let copying =
        Copying { what: "hosted URL", session: Some(erika().id), text: Secret::new(url), is_link: true };
    stage.send(Msg::Copied(copying, Err("no clipboard in this session \u{1b}[2J".into())));
}

#[test]
fn a_link_is_shown_only_when_asked_for() {
    let hidden = picture(80, 24, offered_link);
    assert!(!hidden.contains("verify.stripe.com") && hidden.contains("␛[2J"), "{hidden}");
    at_every_size("link_shown", |stage| {
        offered_link(stage);
        stage.keys(&["enter"]);
    });
}

/// The usual people, the first one opened with everything there.
fn opened(stage: &mut Stage) {
    stage.keys(&["enter"]);
    stage.answer(|_| Some(Answer::Session(Box::new(jenny_open()), None)));
}

#[test]
fn one_field_can_be_chosen_and_a_refusal_stands_in_its_place() {
    at_every_size("fields", |stage| {
        opened(stage);
        stage.keys(&["V", "down", "enter"]);
        let missing = "Having the 'rak_identity_recent_sensitive_results_read' permission would allow this.";
        let error = ApiError::of(403, json!({ "type": "invalid_request_error", "message": missing }));
        let kind = ProblemKind::Refused(Box::new(error));
        stage.refuse(Problem::new(kind, "The API does not allow this key to go on."));
        stage.keys(&["V", "down"]);
    });
}

#[test]
fn what_arrives_for_a_record_that_was_left_is_not_shown() {
    let mut stage = Stage::usual(120, 40);
    opened(&mut stage);
    stage.keys(&["V", "down", "enter"]);
    let born = || Fetched::Value(Pii::new(Detail::new("1990-03-02")));
    stage.keys(&["esc", "j", "k"]);
    stage.answer(|request| matches!(request, Request::Unveil(_)).then(|| Answer::Unveiled(Some(born()))));
    assert!(stage.model.reveal.is_none(), "the person had turned to another record");
    stage.keys(&["enter", "V", "down", "enter"]);
    stage.answer(|request| matches!(request, Request::Unveil(_)).then(|| Answer::Unveiled(Some(born()))));
    assert!(stage.model.reveal.is_some());
    stage.send(Msg::Focus(false));
    stage.keys(&["V"]);
    let text = drawn(&stage, 120, 40).text;
    assert!(!text.contains("1990"), "what was masked is forgotten:\n{text}");
}

#[test]
fn exports_say_what_they_write() {
    at_every_size("export", |stage| {
        stage.model.export_folder = "/home/ann".into();
        stage.keys(&["E", "tab", "right", "ctrl-s"]);
    });
}

#[test]
fn profiles_can_be_chosen() {
    at_every_size("profiles", |stage| {
        let entry =
            |name: &str, about: &str, live| ProfileEntry { name: name.into(), about: about.into(), live };
        stage.model.profile = "desk".into();
        stage.model.profiles = vec![
            entry("desk", "api.stripe.com · key from the environment", true),
            entry("look\u{1b}[2J", "api.stripe.com · read-only", false),
            entry("sandbox", "invented people, inside this program", false),
        ];
        stage.keys(&["P", "down"]);
    });
}

#[test]
fn what_was_typed_is_masked_once_the_focus_is_elsewhere() {
    let typed = |stage: &mut Stage| {
        stage.keys(&["n", "tab", "tab", "tab", "tab", "tab", "tab"]);
        stage.types("jenny@example.com");
    };
    assert!(picture(80, 24, typed).contains("jenny@example.com"), "while it is typed");
    let next = picture(80, 24, |stage| {
        typed(stage);
        stage.keys(&["tab"]);
    });
    assert!(next.contains("j•••@e•••") && !next.contains("jenny@"), "{next}");
    let away = picture(80, 24, |stage| {
        typed(stage);
        stage.send(Msg::Focus(false));
    });
    assert!(!away.contains("jenny@"), "{away}");
}

#[test]
fn quitting_names_what_is_held() {
    at_every_size("quit", |stage| {
        stage.keys(&["j", "c", "1", "tab", "enter", "k", "X", "1"]);
        stage.types("HvkI");
        stage.keys(&["enter", "q", "down"]);
    });
}

#[test]
fn many_are_confirmed_by_their_count() {
    at_every_size("bulk_redact", |stage| stage.keys(&["*", "X", "1"]));
    at_every_size("bulk_cancel", |stage| stage.keys(&["*", "c", "1"]));
    at_every_size("bulk_metadata", |stage| {
        stage.keys(&["*", "e"]);
        stage.types("ticket");
        stage.keys(&["tab"]);
        stage.types("17");
        stage.keys(&["ctrl-s"]);
    });
    let none = picture(80, 24, |stage| stage.keys(&["space", "c"]));
    assert!(!none.contains("┌"), "with none that can be changed nothing opens:\n{none}");
}

fn two_held(stage: &mut Stage) {
    stage.keys(&["j", "c", "1", "tab", "enter", "k", "X", "1"]);
    stage.types("HvkI");
    stage.keys(&["enter", "U"]);
}

#[test]
fn one_of_many_held_is_chosen() {
    at_every_size("held", two_held);
}

fn left_over(stage: &mut Stage) {
    let items = |count: usize, step: Step| {
        (0..count).map(move |n| Item {
            session: SessionId::new(&format!("vs_1NuN4zLkdIwHu7ixleE6{n:04}")),
            state: None,
            key: Word::new("k"),
            step: step.clone(),
            asked: None,
        })
    };
    let job = |n: u64, act: JobAct, items: Vec<Item>| Job {
        id: JobId::new(9, n),
        created: after(0).wall.minus(Duration::from_hours(3)),
        operator: Word::new("ann"),
        place: Place { profile: Word::new("p"), host: Word::new("sandbox"), mode: Mode::Test },
        via: Word::new("key:X"),
        act,
        reason: Some(Reason::new("fraud")),
        items,
    };
    let many =
        items(12, Step::Done { request_id: None }).chain(items(37, Step::Held)).chain(items(1, Step::Asked));
    let jobs =
        vec![job(1, JobAct::Cancel, items(1, Step::Held).collect()), job(2, JobAct::Redact, many.collect())];
    stage.send(Msg::LeftOver(LeftOver { jobs, ..LeftOver::default() }));
}

#[test]
fn what_was_left_is_asked_about() {
    at_every_size("left_over", left_over);
}

/// Opens a dialog.
type Open = Box<dyn Fn(&mut Stage)>;

/// Every dialog that there is.
fn every_dialog() -> Vec<Open> {
    vec![
        Box::new(|stage| stage.keys(&["?"])),
        Box::new(|stage| stage.keys(&[":"])),
        Box::new(|stage| stage.keys(&["j", "c"])),
        Box::new(|stage| stage.keys(&["X"])),
        Box::new(|stage| stage.keys(&["X", "5"])),
        Box::new(|stage| stage.keys(&["X", "1"])),
        Box::new(|stage| stage.keys(&["*", "X", "1"])),
        Box::new(|stage| stage.keys(&["*", "c"])),
        Box::new(|stage| stage.keys(&["*", "e"])),
        Box::new(two_held),
        Box::new(left_over),
        Box::new(|stage| stage.keys(&["e"])),
        Box::new(|stage| stage.keys(&["Y"])),
        Box::new(|stage| stage.keys(&["V"])),
        Box::new(|stage| stage.keys(&["E", "tab", "right", "ctrl-s"])),
        Box::new(|stage| {
            let entry = |name: &str| ProfileEntry { name: name.into(), about: "x".repeat(90), live: true };
            stage.model.profiles = vec![entry("desk"), entry(&"y".repeat(60))];
            stage.keys(&["P"]);
        }),
        Box::new(|stage| stage.keys(&["j", "t"])),
        Box::new(filled),
        Box::new(offered_link),
        Box::new(|stage| stage.keys(&["j", "c", "1", "tab", "enter", "q"])),
    ]
}

#[test]
fn no_dialog_overflows_or_shows_a_person() {
    for open in every_dialog() {
        for (cols, rows) in [(80, 24), (120, 40), (40, 12), (40, 10), (44, 11), (60, 14), (10, 4), (2, 2)] {
            let mut stage = Stage::usual(cols, rows);
            stage.keys(&["enter"]);
            stage.answer(|_| Some(Answer::Session(Box::new(jenny_open()), None)));
            stage.keys(&["esc"]);
            open(&mut stage);
            let text = drawn(&stage, cols, rows).text;
            assert!(text.lines().all(|line| width(line) <= usize::from(cols)), "{text}");
            for private in PRIVATE {
                assert!(!text.contains(private), "{private} is seen:\n{text}");
            }
            if cols >= 40 {
                assert!(text.contains("Esc"), "the way out is named:\n{text}");
                assert_eq!(text.matches('┌').count() + text.matches('┘').count(), 2, "{text}");
            }
        }
    }
}

#[test]
fn without_a_dialog_nothing_is_drawn() {
    let Drawn { text, last, cursor } = drawn(&Stage::usual(80, 24), 80, 24);
    assert_eq!((text.as_str(), last, cursor), ("", 0, None));
}
