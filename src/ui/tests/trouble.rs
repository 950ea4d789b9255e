//! Why nothing comes, and for how long it has been waited for.

use std::collections::HashSet;

use super::*;
use crate::app::Trying;

/// A stage whose sessions could not be listed for this reason.
fn troubled(stage: Stage, trouble: Option<Trouble>, text: &str) -> Stage {
    let mut stage = stage;
    let problem = Problem::new(ProblemKind::Other, text).with_trouble(trouble);
    stage.reply(|request| matches!(request, Request::ListSessions(_)), Err(problem));
    stage
}

#[test]
fn why_nothing_comes_is_five_things_in_the_header_over_the_rule_and_in_an_empty_list() {
    let mut seen = HashSet::new();
    for (trouble, word, title) in [
        (Some(Trouble::RateLimited), "rate limited", "Too many requests"),
        (Some(Trouble::Failing), "API failing", "The API fails"),
        (Some(Trouble::Silent), "no answer", "The API does not answer"),
        (Some(Trouble::Unreachable), "offline", "The API is not reached"),
        (None, "incomplete", "The sessions could not be loaded"),
    ] {
        let empty = troubled(connected(USUAL), trouble, "It failed.").screen();
        assert!(empty.row(0).contains(word), "{}", empty.text());
        assert!(empty.text().contains(title), "{}", empty.text());
        assert_eq!(empty.text().contains("Tried again by itself in 5 s."), trouble.is_some());
        let kept = troubled(fill(connected(WIDE), true), trouble, "It failed.");
        let rule = kept.screen().row(WIDE.rows - 2);
        assert!(rule.contains("r ") && rule.contains("It failed."), "{rule}");
        assert_eq!(rule.contains("tried again in 5 s   r now   Esc stops"), trouble.is_some(), "{rule}");
        assert!(seen.insert(rule), "two look the same");
        // A second later it says so, and Esc ends it.
        let later = kept.clock(1);
        assert_eq!(later.screen().row(WIDE.rows - 2).contains("in 4 s"), trouble.is_some());
        let stopped = later.pressed(Code::Esc).screen();
        assert!(!stopped.text().contains("tried again in"), "{}", stopped.text());
    }
}

#[test]
fn a_silent_api_is_waited_for_in_seconds_and_tries() {
    let mut waiting = connected(USUAL).clock(12);
    insta::assert_snapshot!("waiting_80x24", waiting.screen().text());
    let last = Problem::new(ProblemKind::Other, "127.0.0.1:12120 did not answer within 30 s.");
    waiting.send(Msg::Trying(Trying { number: 2, of: 3, last }));
    insta::assert_snapshot!("waiting_again_80x24", waiting.screen().text());
    insta::assert_snapshot!("stopped_80x24", waiting.pressed(Code::Esc).screen().text());
    // With rows on screen, over the rule.
    let rows = fill(connected(USUAL), true).clock(3).screen();
    assert!(rows.row(22).contains("Waiting for the API: 3 s   Esc stops"), "{}", rows.text());
}
