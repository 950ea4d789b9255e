//! Whole screens of a fixed model, as text and as styles.

use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use serde_json::{Value, json};

use super::Look;
use super::stage::Stage;
use crate::actions::Code;
use crate::app::geometry::Size;
use crate::app::{AuditLog, Msg, Pane, Problem, ProblemKind, Request};
use crate::catalog::fixtures::{report, session};
use crate::changes::Trouble;
use crate::clock::fixtures::at;
use crate::config::ThemeChoice;
use crate::config::themes::{ColourDepth, Theme};
use crate::identity::{Report, Session};
use crate::journal::{Entry, Journal, Mode, Outcome, Reason};

mod stock;
mod trouble;

use stock::{audit_log, connected, fill, filled, unconnected, unreachable};

/// 2026-01-20 10:00:00 UTC.
const NOW: i64 = 1_768_903_200;

const WIDE: Size = Size { cols: 120, rows: 40 };
const USUAL: Size = Size { cols: 80, rows: 24 };
const SMALL: Size = Size { cols: 40, rows: 12 };

#[test]
fn sessions_at_every_size() {
    insta::assert_snapshot!("sessions_120x40", filled(WIDE).screen().text());
    insta::assert_snapshot!("sessions_80x24", filled(USUAL).screen().text());
    insta::assert_snapshot!("sessions_40x12", filled(SMALL).screen().text());
    insta::assert_snapshot!("sessions_200x20", filled(Size { cols: 200, rows: 20 }).screen().text());
}

#[test]
fn reports_at_every_size() {
    insta::assert_snapshot!("reports_120x40", filled(WIDE).typed("2").screen().text());
    insta::assert_snapshot!("reports_80x24", filled(USUAL).typed("2").screen().text());
    insta::assert_snapshot!("reports_40x12", filled(SMALL).typed("2").screen().text());
}

#[test]
fn activity_lists_what_was_said() {
    let stage = filled(USUAL).typed("vmm");
    insta::assert_snapshot!("activity_80x24", stage.typed("3").screen().text());
    insta::assert_snapshot!("activity_empty_40x12", filled(SMALL).typed("3").screen().text());
}

#[test]
fn marks_are_seen_and_counted_on_both_lists() {
    let stage = |size| filled(size).typed("j j ");
    insta::assert_snapshot!("marks_80x24", stage(USUAL).screen().text());
    insta::assert_snapshot!("marks_40x12", stage(SMALL).screen().text());
    insta::assert_snapshot!("marks_120x40", stage(WIDE).screen().text());
    let reports = stage(USUAL).typed("2").screen();
    assert!(reports.text().contains("◆ 2 marked"), "{}", reports.text());
    assert_eq!(reports.cell("◆✓ verified").symbol(), "◆", "the report of a marked session");
}

#[test]
fn the_audit_lists_what_is_written_down() {
    let audit = |size: Size, edit: bool| {
        let mut stage = filled(size).typed("4");
        let log = audit_log(edit);
        stage.answer_audit(log);
        stage.typed("j").screen().text()
    };
    insta::assert_snapshot!("audit_120x40", audit(WIDE, false));
    insta::assert_snapshot!("audit_80x24", audit(USUAL, false));
    insta::assert_snapshot!("audit_40x12", audit(SMALL, false));
    insta::assert_snapshot!("audit_broken_80x24", audit(USUAL, true));
    insta::assert_snapshot!("audit_broken_120x40", audit(WIDE, true));
    let mut empty = filled(USUAL).typed("4");
    assert!(empty.screen().text().contains("Reading the audit…"));
    let log = AuditLog { lines: Vec::new(), ..audit_log(false) };
    empty.answer_audit(log);
    assert!(empty.screen().text().contains("Nothing is written down yet"));
}

#[test]
fn columns_stay_in_line_with_every_script() {
    let stage = filled(USUAL).typed("jjjjjv");
    let screen = stage.screen();
    let (_, y) = screen.find("王 小明").expect("the revealed name");
    let (x, _) = screen.find("AGE").expect("the heading");
    assert_eq!(screen.buffer[(x + 2, y)].symbol(), "h");
    for row in [y - 1, y + 1, y + 3] {
        assert!("smhdy".contains(screen.buffer[(x + 2, row)].symbol()), "{}", screen.text());
    }
    assert!(screen.cell("王").modifier.contains(Modifier::BOLD), "what was revealed stands out");
    assert!(screen.find("Jenny").is_none(), "only the record that was asked for is revealed");
}

#[test]
fn states_of_an_empty_list() {
    let empty = |size| connected(size).answer_lists(Vec::new(), Vec::new(), false);
    insta::assert_snapshot!("connecting_80x24", unconnected(USUAL).screen().text());
    insta::assert_snapshot!("loading_80x24", connected(USUAL).screen().text());
    insta::assert_snapshot!("empty_80x24", empty(USUAL).screen().text());
    insta::assert_snapshot!("empty_40x12", empty(SMALL).screen().text());
    insta::assert_snapshot!("no_reports_80x24", empty(USUAL).typed("2").screen().text());
    let mut down = unconnected(USUAL);
    down.send(Msg::NotConnected(unreachable()));
    insta::assert_snapshot!("not_connected_80x24", down.screen().text());
    let mut failed = connected(USUAL);
    failed.reply(|request| matches!(request, Request::ListSessions(_)), Err(unreachable()));
    insta::assert_snapshot!("list_failed_80x24", failed.screen().text());
}

#[test]
fn rows_stay_when_the_next_page_fails() {
    let mut stage = fill(connected(USUAL), true);
    assert!(stage.screen().text().contains("~ loading more…"));
    stage.reply(|request| matches!(request, Request::ListSessions(_)), Err(unreachable()));
    insta::assert_snapshot!("partial_80x24", stage.screen().text());
    // A notice that was read goes, the reason stays.
    let later = stage.clock(4).typed("j").screen();
    assert!(later.row(22).starts_with(" ✗ Not reached, tried again in"), "{}", later.text());
}

#[test]
fn a_search_has_a_cursor_and_a_count() {
    let stage = filled(USUAL).typed("/jen");
    let screen = stage.screen();
    insta::assert_snapshot!("search_80x24", screen.text());
    let (x, y) = screen.find("/ jen").expect("the search");
    assert_eq!(screen.cursor, Some(Position { x: x + 5, y }));
    let nothing = stage.typed(" and a rather long search that finds nothing");
    insta::assert_snapshot!("search_nothing_80x24", nothing.screen().text());
    let kept = nothing.pressed(Code::Enter).screen();
    assert_eq!(kept.cursor, None);
    let filtered = filled(USUAL).typed("sf").typed("ff").screen();
    insta::assert_snapshot!("filter_nothing_80x24", filtered.text());
}

#[test]
fn how_many_rows_a_type_leaves_is_said_whole() {
    for (size, keys, said) in [
        (WIDE, "ff", "1 listed"),
        (USUAL, "ff", "1 listed"),
        (SMALL, "ff", "1 listed"),
        (WIDE, "/jen", "1 found"),
        (USUAL, "/jen", "1 found"),
        (WIDE, "2f/jen", "1 found"),
    ] {
        let text = filled(size).typed(keys).screen().text();
        assert_eq!(text.matches(said).count(), 1, "{keys}: {text}");
        let top: String = text.lines().take(3).collect();
        assert_eq!(keys.contains('f'), top.contains("type "), "{keys}: {text}");
    }
}

#[test]
fn the_header_says_when_the_list_came_and_when_nothing_comes() {
    let top = |stage: &Stage| stage.screen().row(0);
    let stage = filled(WIDE).clock(300);
    assert!(top(&stage).contains("synced 10:00 UTC"), "{}", top(&stage));
    for size in [WIDE, USUAL] {
        let mut stage = connected(size);
        stage.model.settings.read_only = true;
        let mut stage = fill(stage, true);
        assert!(top(&stage).contains("read-only"), "{}", top(&stage));
        stage.reply(|request| matches!(request, Request::ListSessions(_)), Err(unreachable()));
        let row = top(&stage);
        assert!(row.contains("read-only") && row.contains("offline") && !row.contains("sync"), "{row}");
        let screen = stage.screen();
        assert_eq!(screen.cell("offline").fg, screen.look.bad.fg.expect("a colour"));
    }
    let mut locked = filled(USUAL);
    locked.model.settings.read_only = true;
    assert!(
        top(&locked).contains("sync 10:00 UTC") && top(&locked).contains("read-only"),
        "{}",
        top(&locked)
    );
}

#[test]
fn a_notice_keeps_what_happened_and_what_to_do() {
    let failed = |size: Size| {
        let mut stage = filled(size).pressed(Code::Enter);
        let text = "Could not fetch vs_1NuN4zLkdIwHu7ixa0: the API answered 503.";
        let problem = Problem::new(ProblemKind::Other, text)
            .with_hint("Press r to try again.")
            .with_request_id(Some("req_QY7bUCr3EXAMPLE"));
        stage.reply(|request| matches!(request, Request::Retrieve(_)), Err(problem));
        stage.screen().row(size.rows - 2)
    };
    let whole = failed(WIDE);
    assert!(whole.contains("vs_1NuN4zLkdIwHu7ixa0") && whole.contains("req_QY7bUCr3EXAMPLE"), "{whole}");
    let usual = failed(USUAL);
    assert!(usual.contains("vs_…ixa0: the API answered 503.  Press r to try again."), "{usual}");
    assert!(!usual.contains("req_"), "{usual}");
    let narrow = failed(Size { cols: 70, rows: 24 });
    assert!(narrow.contains("answered 503.  Press r to") && narrow.contains('…'), "{narrow}");
}

#[test]
fn what_is_held_counts_down() {
    let stage = filled(USUAL).typed("jjc1").pressed(Code::Tab).pressed(Code::Enter).clock(2);
    let screen = stage.screen();
    insta::assert_snapshot!("held_80x24", screen.text());
    assert_eq!(screen.cell("↺ cancel in 8 s").fg, screen.look.warn.fg.expect("a colour"));
    let sent = stage.clock(11).screen();
    insta::assert_snapshot!("in_flight_80x24", sent.text());
}

#[test]
fn several_held_changes_leave_room_for_undo() {
    let cancel = |stage: Stage| stage.typed("c1").pressed(Code::Tab).pressed(Code::Enter);
    let stage = cancel(cancel(cancel(filled(SMALL).typed("jj")).typed("j")).typed("j"));
    let screen = stage.screen();
    let row = screen.row(10);
    assert!(row.starts_with(" ↺ cancel vs_…ixa2 in 10 s +2   u undo"), "{}", screen.text());
    let mut wide = stage;
    wide.send(Msg::Resize(WIDE));
    assert!(wide.screen().row(38).contains("vs_…ixa4 in 10 s   u undo the last"), "{}", wide.screen().text());
}

#[test]
fn the_selection_is_seen_in_every_theme() {
    let stage = filled(WIDE).typed("j");
    let mono = stage.screen_with(ThemeChoice::Mono, WIDE);
    let row: Vec<_> = (0..73).map(|x| mono.buffer[(x, 5)].clone()).collect();
    assert!(row.iter().all(|cell| cell.modifier.contains(Modifier::REVERSED)), "{}", mono.text());
    assert!(!mono.buffer[(2, 6)].modifier.contains(Modifier::REVERSED));
    let dark = stage.screen();
    let ground = dark.look.selection.bg.expect("a ground");
    assert!((0..73).all(|x| dark.buffer[(x, 5)].bg == ground));
    assert_eq!(dark.cell("✓ verified").fg, dark.look.ok.fg.expect("a colour"), "the status keeps its colour");
    let idle = stage.pressed(Code::Enter).screen_with(ThemeChoice::Mono, WIDE);
    assert!(idle.buffer[(2, 5)].modifier.contains(Modifier::UNDERLINED), "another pane has the keys");
    assert!(!idle.buffer[(2, 5)].modifier.contains(Modifier::REVERSED));
}

#[test]
fn a_row_that_keys_do_not_act_on_does_not_look_chosen() {
    // The filter hides the verified session that the report leads to.
    let stage = filled(WIDE).typed("s2").pressed(Code::Enter);
    assert!(stage.model.sessions.pinned.is_some() && stage.model.pane == Pane::Detail);
    let look = Look::new(&Theme::choose(ThemeChoice::Mono, None, ColourDepth::True));
    let screen = stage.screen_with(ThemeChoice::Mono, WIDE);
    assert_eq!(screen.buffer[(2, 4)].modifier, look.selection_idle.add_modifier, "{}", screen.text());
    let moved = stage.pressed(Code::Tab).screen_with(ThemeChoice::Mono, WIDE);
    assert!(moved.buffer[(2, 4)].modifier.contains(Modifier::REVERSED), "{}", moved.text());
}

#[test]
fn live_cannot_be_missed() {
    for size in [WIDE, USUAL, SMALL] {
        let screen = fill(unconnected(size).connect(true), false).screen();
        let red = screen.look.live.fg.expect("a colour");
        let badge = screen.cell("LIVE");
        assert_eq!(badge.fg, red);
        assert!(badge.modifier.contains(Modifier::BOLD | Modifier::REVERSED));
        let (right, bottom) = (size.cols - 1, size.rows - 2);
        for corner in [(0, 1), (right, 1), (0, bottom), (right, bottom), (right, 5)] {
            assert_eq!(screen.buffer[corner].fg, red, "{corner:?}");
            assert!("┏┓┗┛┃".contains(screen.buffer[corner].symbol()), "{}", screen.text());
        }
    }
    insta::assert_snapshot!("live_80x24", fill(unconnected(USUAL).connect(true), false).screen().text());
    assert_ne!(filled(USUAL).screen().cell("SANDBOX").fg, Color::Rgb(0xff, 0x80, 0x80));
}

#[test]
fn chosen_words_are_underlined_too() {
    let screen = filled(USUAL).typed("s").screen_with(ThemeChoice::Mono, USUAL);
    assert!(screen.cell("1 Sessions").modifier.contains(Modifier::UNDERLINED | Modifier::BOLD));
    assert!(screen.cell("! Input").modifier.contains(Modifier::UNDERLINED));
    assert!(!screen.cell("All 9").modifier.contains(Modifier::UNDERLINED));
}

#[test]
fn a_notice_without_a_session_opens_whole() {
    for size in [USUAL, SMALL] {
        let mut stage = connected(size);
        let problem = unreachable().with_request_id(Some("req_QY7bUCr3EXAMPLE"));
        stage.reply(|request| matches!(request, Request::ListSessions(_)), Err(problem));
        let list = stage.typed("3");
        let screen = list.screen();
        assert!(screen.row(size.rows - 1).contains("↵ open"), "{}", screen.text());
        let opened = list.pressed(Code::Enter).screen();
        let footer = opened.row(size.rows - 1);
        assert!(footer.contains("Esc back") && !footer.contains("↵ open"), "{footer}");
        let words: Vec<String> = opened.text().split_whitespace().map(str::to_owned).collect();
        let text = words.join(" ");
        for said in [
            "did not answer listing sessions: connection refused",
            "→ Start the sandbox, or check the address.",
            "2026-01-20 10:00:00 UTC",
            "req_QY7bUCr3EXAMPLE",
        ] {
            assert!(text.contains(said), "{said}:\n{}", opened.text());
        }
    }
}

#[test]
fn what_is_needed_is_said_at_any_width() {
    for cols in [12, 20, 30] {
        let text = filled(Size { cols, rows: 12 }).screen().text();
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(
            words.join(" "),
            format!("vetty needs 40 × 10 cells. This is {cols} × 12. Make the window larger.")
        );
    }
}

#[test]
fn nothing_can_be_revealed_of_an_erased_record() {
    // The seventh row is being redacted.
    let screen = filled(USUAL).typed("jjjjjjj").pressed(Code::Enter).screen();
    assert!(
        screen.text().contains("□ redacting") && screen.text().contains("being erased"),
        "{}",
        screen.text()
    );
    assert!(!screen.text().contains("reveal") && !screen.text().contains("not fetched"), "{}", screen.text());
    let other = filled(USUAL).typed("j").pressed(Code::Enter).screen();
    assert!(other.row(23).contains("v reveal"), "{}", other.text());
}

#[test]
fn a_small_screen_is_told_what_is_needed() {
    let stage = filled(Size { cols: 38, rows: 9 });
    insta::assert_snapshot!("too_small_38x9", stage.screen().text());
}

#[test]
fn a_screen_that_shrank_before_the_model_knows_is_drawn_as_far_as_it_goes() {
    for (cols, rows) in [(1, 1), (30, 5), (80, 24), (119, 39), (7, 40)] {
        let text = filled(WIDE).screen_with(ThemeChoice::Dark, Size { cols, rows }).text();
        assert!(rows == 1 || text.contains("ve"), "{cols}×{rows}: {text}");
        filled(WIDE).typed("3/").screen_with(ThemeChoice::Dark, Size { cols, rows });
        fill(unconnected(WIDE).connect(true), true)
            .typed("/x")
            .screen_with(ThemeChoice::Dark, Size { cols, rows });
    }
}

#[test]
fn every_size_is_drawn_without_a_panic_and_within_its_rows() {
    for cols in (40..210).step_by(7) {
        for keys in ["", "2", "3", "/jen", "s"] {
            let screen = filled(Size { cols, rows: 10 }).typed(keys).screen();
            let footer = screen.row(9);
            assert!(footer.contains(": commands") || keys == "/jen", "{cols}: {footer}");
            assert!(screen.row(0).starts_with(" vetty  SANDBOX"), "{cols}");
        }
    }
}
