//! The real dashboard, killed at any moment and not at a point that it knows of.
//!
//! A few rounds in each run of the tests; `VETTY_KILL_ROUNDS` says how many, and `tests/extra/long/kill.sh` asks for 400
//! of a release build. `VETTY_KILL_SEED` repeats the moments of an earlier run, as far as moments can be repeated.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use vetty::journal::Outcome;

use super::dashboard::{ASKED, Desk, SESSIONS, left, nearly_confirm};
use super::{entries, is_chained};

/// What became of all rounds.
#[derive(Default)]
struct Figures {
    rounds: usize,
    kills: usize,
    terminations: usize,
    /// Kills of the start that cleared up.
    second_kills: usize,
    unpromised: usize,
    midway: usize,
    done_before: usize,
    changes: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, kills, terminations, second_kills, unpromised, midway, done_before, changes } =
            self;
        write!(
            f,
            "{rounds} rounds: {kills} × SIGKILL, {terminations} × SIGTERM, {second_kills} of them while it cleared up; \
             ended before anything was promised {unpromised}, midway {midway}, after all was done {done_before}; \
             {changes} changes, each once"
        )
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|number| number.parse().ok())
}

/// How long the job takes when nothing disturbs it, from the key that confirms it.
fn undisturbed() -> Duration {
    let desk = Desk::start();
    let screen = desk.open(None);
    screen.wait_for("All 3 ");
    nearly_confirm(&screen);
    let began = Instant::now();
    screen.press("Enter").wait_for("3 done");
    let took = began.elapsed();
    screen.press("q");
    screen.exit_status();
    took
}

/// Lets some time pass that nothing tells the end of, and then ends the program.
fn strike(
    screen: &crate::support::screen::Screen,
    within: Duration,
    dice: &mut StdRng,
    figures: &mut Figures,
) {
    let signal = if dice.random_bool(0.5) { "KILL" } else { "TERM" };
    // The moment is what is tried here: any may be the wrong one.
    std::thread::sleep(within.mul_f64(dice.random_range(0.0..1.2)));
    screen.signal(signal).exit_status();
    match signal {
        "KILL" => figures.kills += 1,
        _ => figures.terminations += 1,
    }
}

/// Nothing was executed whose line was not on the disk before, and the chain holds.
fn is_written_down(desk: &Desk, place: &str) {
    let executed = desk.sandbox.keys();
    if executed.is_empty() && !desk.state().join(vetty::journal::AUDIT).exists() {
        return;
    }
    is_chained(&desk.state());
    let entries = entries(&desk.state());
    let asked: BTreeSet<&str> = entries
        .iter()
        .filter(|entry| entry.result == Outcome::Asked)
        .filter_map(|entry| entry.idempotency_key.as_deref())
        .collect();
    for key in executed {
        assert!(asked.contains(key.as_str()), "{place}: {key} was sent and not written down: {asked:?}");
    }
}

fn round(at: usize, usual: Duration, dice: &mut StdRng, figures: &mut Figures) {
    let place = format!("round {at}");
    let desk = Desk::start();
    let screen = desk.open(None);
    screen.wait_for("All 3 ");
    nearly_confirm(&screen);
    screen.press("Enter");
    strike(&screen, usual, dice, figures);
    is_written_down(&desk, &place);

    let is_left = left(&desk.state()) > 0;
    let executed = desk.sandbox.keys_used();
    match (is_left, executed) {
        (false, 0) => figures.unpromised += 1,
        (true, _) => figures.midway += 1,
        (false, _) => figures.done_before += 1,
    }
    if is_left && dice.random_bool(0.3) {
        let screen = desk.open(None);
        // It asks, unless reading settles everything.
        let deadline = Instant::now() + Duration::from_secs(30);
        while !screen.contents().contains(ASKED) && left(&desk.state()) > 0 {
            assert!(
                Instant::now() < deadline,
                "{place}: neither a question nor an end\n{}",
                screen.contents()
            );
            std::thread::yield_now();
        }
        if screen.contents().contains(ASKED) {
            screen.press("Down Down Enter");
        }
        strike(&screen, usual, dice, figures);
        figures.second_kills += 1;
        is_written_down(&desk, &place);
    }
    let is_promised = is_left || executed > 0;
    desk.finish(is_promised);
    desk.is_as_promised(is_promised, &place);
    figures.rounds += 1;
    figures.changes += if is_promised { 2 * SESSIONS } else { 0 };
}

#[test]
#[expect(clippy::print_stderr, reason = "figures for whoever wants to see them, with --nocapture")]
fn a_job_of_the_dashboard_survives_its_death_at_any_moment() {
    let rounds = number("VETTY_KILL_ROUNDS").unwrap_or(6);
    let seed = number("VETTY_KILL_SEED").unwrap_or_else(rand::random);
    eprintln!("VETTY_KILL_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let mut figures = Figures::default();
    let usual = undisturbed();
    for at in 1..=usize::try_from(rounds).expect("a number of rounds") {
        round(at, usual, &mut dice, &mut figures);
        if at % 50 == 0 {
            eprintln!("{figures}");
        }
    }
    eprintln!("the job takes {usual:?} undisturbed; {figures}");
}
