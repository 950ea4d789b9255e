//! Lists that lie, from the command line: the good part is printed, and what is wrong is said.

use serde_json::Value;

use crate::support::cli::CliEnv;
use crate::support::liar::{self, Lie};
use crate::support::scripted::ScriptedApi;

fn ids(lines: &str) -> Vec<String> {
    let id = |line| Some(serde_json::from_str::<Value>(line).ok()?["id"].as_str()?.to_owned());
    lines.lines().filter_map(id).collect()
}

#[test]
fn the_good_part_of_a_list_is_printed_whole_and_the_lie_is_told() {
    for (lie, printed) in [(Lie::Repeats, 100), (Lie::Alternates, 200), (Lie::NeverEnds, 230)] {
        let api = liar::start(lie, 230);
        let cli = CliEnv::at(&api.base);
        let run = cli.run(&["sessions", "list", "--all", "--format", "json"]);
        let list: Value = serde_json::from_str(&run.out).expect("whole JSON");
        assert_eq!(list["data"].as_array().map(Vec::len), Some(printed), "{lie:?}");
        assert_eq!(list["has_more"], true, "{lie:?}");
        assert_eq!(run.code, Some(3), "{}", run.err);
        let told = run.err;
        assert!(told.contains("the list goes in circles"), "{told}");
        assert!(told.contains(&format!("The list is not complete: {printed} sessions are shown.")), "{told}");
        assert!(api.count("GET /v1/identity/verification_sessions") <= 4, "{lie:?}");
    }
}

#[test]
fn what_was_not_asked_for_is_left_out_and_counted() {
    let api = liar::start(Lie::IgnoresFilters, 30);
    let cli = CliEnv::at(&api.base);
    let run = cli.run(&["sessions", "list", "--all", "--status", "verified", "--format", "jsonl"]);
    assert_eq!(run.out.lines().count(), 10);
    assert!(run.out.lines().all(|line| line.contains("verified")));
    assert!(run.err.contains("20 of the sessions that came are left out"), "{}", run.err);
    assert!(run.err.contains("does not keep to the filters"), "{}", run.err);
    assert_eq!(run.code, Some(0));
}

#[test]
fn a_server_that_does_not_know_ending_before_brings_nothing_older() {
    let api = liar::start(Lie::None, 30);
    let cli = CliEnv::at(&api.base);
    let run = cli.run(&["sessions", "list", "--ending-before", "vs_3", "--limit", "9", "--format", "jsonl"]);
    let ids = ids(&run.out);
    assert_eq!(ids, ["vs_0", "vs_1", "vs_2"]);
    assert!(run.err.contains("6 of the sessions that came are left out"), "{}", run.err);
}

/// Six sessions a page at most, whatever is asked for: as when more would be too large.
#[test]
fn what_is_newer_is_read_on_from_a_page_that_was_cut_down() {
    let api = ScriptedApi::start(|line, _| {
        let Some((_, rest)) = line.split_once("ending_before=vs_") else {
            return ScriptedApi::reply("404 Not Found", "{}");
        };
        let end: usize = rest.split(['&', ' ']).next().and_then(|n| n.parse().ok()).expect("a cursor");
        ScriptedApi::reply("200 OK", &liar::page(end.saturating_sub(6)..end, end > 6))
    });
    let cli = CliEnv::at(&api.base);
    let run =
        cli.run(&["sessions", "list", "--ending-before", "vs_20", "--limit", "15", "--format", "jsonl"]);
    let ids = ids(&run.out);
    let wanted: Vec<String> = (5..20).map(|number| format!("vs_{number}")).collect();
    assert_eq!(ids, wanted, "{}", run.err);
}
