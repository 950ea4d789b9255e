//! Details as text: every standing, masked and revealed, wide and narrow, and what strangers write.

use ratatui::layout::Rect;
use serde_json::{Value, json};

use crate::app::{Answer, Msg, Problem, ProblemKind, Request};
use crate::catalog::Standing;
use crate::catalog::fixtures::{report, session};
use crate::text::width;
use crate::ui::stage::{Drawn, JENNY, NOW, PRIVATE, Stage, after, jenny_open};

fn detail(stage: &Stage, cols: u16, rows: u16) -> Drawn {
    stage.drawn(cols, rows, |frame, model, look| super::draw(frame, Rect::new(0, 0, cols, rows), model, look))
}

/// The whole detail, however long it is.
fn whole(stage: &Stage, cols: u16) -> String {
    let Drawn { text, last, .. } = detail(stage, cols, 120);
    assert_eq!(last, 0, "longer than the picture");
    text
}

/// The usual people with the first one opened and her data there.
fn opened(cols: u16) -> Stage {
    let mut stage = Stage::usual(cols, 40);
    stage.keys(&["enter"]);
    stage.answer(|request| match request {
        Request::Retrieve(_) => Some(Answer::Session(Box::new(jenny_open()), None)),
        _ => None,
    });
    stage
}

/// A session of its own with `extra` fields, and nothing else.
fn alone(extra: Value) -> Stage {
    Stage::new(120, 40, &[session("vs_1NuLonELkdIwHu7ixAlone007", NOW - 3_700, extra)], &[])
}

#[test]
fn a_verified_session_as_a_list_page_has_it() {
    insta::assert_snapshot!(whole(&Stage::usual(120, 40), 44));
}

#[test]
fn a_verified_session_opened() {
    let stage = opened(120);
    insta::assert_snapshot!("opened_44", whole(&stage, 44));
    insta::assert_snapshot!("opened_80", whole(&stage, 80));
}

#[test]
fn what_could_not_be_fetched_says_so_and_how_to_try_again() {
    let mut stage = Stage::usual(120, 40);
    stage.keys(&["enter"]);
    stage.refuse(Problem::new(ProblemKind::Unreachable, "The API did not answer."));
    let text = whole(&stage, 44);
    assert!(text.contains("could not be fetched · r tries again") && !text.contains("↵ opens"), "{text}");
}

#[test]
fn a_verified_session_revealed() {
    let mut stage = opened(120);
    stage.keys(&["v"]);
    let text = whole(&stage, 44);
    assert!(text.contains("Jenny Rosen") && text.contains("v mask"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn nothing_personal_is_seen_while_masked() {
    let mut stage = opened(120);
    for keys in [&["j"][..], &["k"], &["2"], &["j"], &["j"], &["3"]] {
        stage.keys(keys);
        for cols in [40, 44, 80] {
            let text = whole(&stage, cols);
            for private in PRIVATE {
                assert!(!text.contains(private), "{private} is seen:\n{text}");
            }
        }
    }
}

#[test]
fn a_failed_session_says_why_and_what_to_do() {
    let mut stage = Stage::usual(120, 40);
    stage.keys(&["j"]);
    insta::assert_snapshot!("failed_44", whole(&stage, 44));
    insta::assert_snapshot!("failed_40", whole(&stage, 40));
}

#[test]
fn while_it_is_fetched_the_detail_says_so() {
    let mut stage = Stage::usual(120, 40);
    stage.keys(&["enter"]);
    let text = whole(&stage, 44);
    assert_eq!(text.matches("loading…").count(), 2, "in the headline, and where the data will be:\n{text}");
}

#[test]
fn every_standing() {
    let cases = [
        (json!({}), Standing::Waiting),
        (json!({ "last_error": { "code": "abandoned", "reason": "" } }), Standing::Abandoned),
        (
            json!({ "last_error": { "code": "consent_declined", "reason": "The user declined to be verified." } }),
            Standing::Failed,
        ),
        (json!({ "status": "processing", "type": "id_number" }), Standing::Processing),
        (
            json!({ "status": "verified", "verified_outputs": null, "provided_details": null }),
            Standing::Verified,
        ),
        (json!({ "status": "canceled" }), Standing::Canceled),
        (json!({ "status": "canceled", "redaction": { "status": "processing" } }), Standing::Redacting),
        (
            json!({ "status": "verified", "redaction": { "status": "redacted" },
                "verified_outputs": { "first_name": "[redacted]", "last_name": "[redacted]",
                    "address": { "line1": "[redacted]", "city": "[redacted]", "country": "US" },
                    "dob": { "day": 1, "month": 1, "year": 1 }, "email": "[redacted]" } }),
            Standing::Redacted,
        ),
        (json!({ "status": "under_review" }), Standing::Unknown("under_review".into())),
    ];
    let mut all = String::new();
    for (extra, standing) in cases {
        let stage = alone(extra);
        assert_eq!(stage.model.subject().map(Standing::of), Some(standing));
        all.push_str(&whole(&stage, 44));
        all.push_str("\n--------------------------------------------\n");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn what_is_held_and_what_is_on_its_way() {
    let mut stage = Stage::usual(120, 40);
    stage.keys(&["j", "c", "1", "tab", "enter"]);
    stage.send(Msg::Clock(after(3)));
    let held = whole(&stage, 44);
    assert!(held.contains("Cancel is sent in 7 s · u takes it back"), "{held}");
    for second in 4..=10 {
        stage.send(Msg::Clock(after(second)));
    }
    let sent = whole(&stage, 44);
    assert!(sent.contains("canceling…") && !sent.contains("takes it back"), "{sent}");
}

#[test]
fn what_strangers_write_neither_acts_nor_overflows() {
    let long = "ж".repeat(500);
    let hostile = json!({
        "client_reference_id": "a\u{1b}]52;c;aGk=\u{7}\u{202e}gpj.exe",
        "last_error": { "code": "\u{9b}31m", "reason": "line\none\u{200b}" },
        "related_customer": format!("cus_{}", "y".repeat(90)),
        "metadata": { "note": long, "a_key_of_forty_characters_that_is_so_long": "王".repeat(60), "\u{1b}[2J": "\r\n" },
    });
    let stage = alone(hostile);
    for cols in [40, 44, 80] {
        let text = whole(&stage, cols);
        assert!(
            !text.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}' || c == '\u{200b}'),
            "{text}"
        );
        assert!(text.lines().all(|line| width(line) < usize::from(cols)), "{text}");
        assert_eq!(text.matches('ж').count(), 500, "all of a long value is there:\n{text}");
    }
    insta::assert_snapshot!(whole(&stage, 44));
}

#[test]
fn reports_in_full() {
    let mut stage = Stage::usual(120, 40);
    stage.keys(&["2"]);
    insta::assert_snapshot!("report_passed_44", whole(&stage, 44));
    stage.keys(&["j", "j"]);
    insta::assert_snapshot!("report_failed_80", whole(&stage, 80));
}

#[test]
fn a_report_whose_session_is_not_loaded_cannot_be_revealed() {
    let lost = report(
        "vr_1",
        "vs_gone",
        NOW - 60,
        json!({ "document": { "status": "verified", "first_name": "Jenny" } }),
    );
    let mut stage = Stage::new(120, 40, &[], &[lost]);
    stage.keys(&["2", "v"]);
    let text = whole(&stage, 44);
    assert!(text.contains("not loaded yet") && text.contains("J•••") && !text.contains("reveal"), "{text}");
}

#[test]
fn notices_in_full_and_with_their_session() {
    let mut stage = Stage::usual(120, 40);
    stage.keys(&["enter"]);
    let text = format!("Could not fetch {JENNY}: the API answered 500 \u{1b}[31mtwice.");
    stage.refuse(
        Problem::new(ProblemKind::Other, text)
            .with_hint("Try again; if it stays, look at status.stripe.com.")
            .with_request_id(Some("req_QY7bUCr3EXAMPLE")),
    );
    stage.keys(&["3"]);
    let text = whole(&stage, 44);
    assert!(text.contains("CHECKS"), "the session stands below:\n{text}");
    insta::assert_snapshot!(text.lines().take(14).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_notice_without_a_session_and_no_notice_at_all() {
    let mut stage = Stage::usual(120, 40);
    stage.keys(&["3"]);
    assert!(whole(&stage, 44).starts_with(" Nothing has happened yet."));
    stage.keys(&["m"]);
    let text = whole(&stage, 44);
    assert!(text.contains("· info") && text.contains("2026-07-28 14:05:22 UTC"), "{text}");
    assert!(!text.contains("session"), "{text}");
}

#[test]
fn an_empty_list_leaves_a_calm_hint() {
    let stage = Stage::new(120, 40, &[], &[]);
    insta::assert_snapshot!(whole(&stage, 44), @" Nothing is chosen. The record under the\n cursor is shown here.");
}

#[test]
fn scrolling_stops_at_the_last_row_and_shows_where_more_is() {
    let mut stage = opened(80);
    let rows = u16::try_from(whole(&stage, 80).lines().count()).expect("few rows");
    let top = detail(&stage, 80, 20);
    assert_eq!(top.last, rows - 20);
    assert!(top.text.ends_with('↓') && !top.text.contains('↑'), "{}", top.text);
    stage.model.detail_scroll = u16::MAX;
    let end = detail(&stage, 80, 20);
    assert_eq!(end.last, top.last);
    assert!(end.text.contains('↑') && !end.text.contains('↓'), "{}", end.text);
    assert!(end.text.trim_end().ends_with("file_1NuN5sLkdIwHu7ixSelfie01"), "{}", end.text);
}

#[test]
fn no_area_is_too_small_to_draw_in() {
    let stage = opened(80);
    for (cols, rows) in [(1, 1), (3, 2), (4, 1), (9, 3), (20, 5)] {
        detail(&stage, cols, rows);
    }
}
