#!/usr/bin/env bash
# Kills the release build of the dashboard 400 times, at any moment, while it works on a job; the next start finishes it.
# After each kill every change that was executed has its line in the audit, and the chain holds; in the end each session
# was changed once, under one key. Takes a minute or a few beside the build of the release, and is not part of `.ci/run`.
#   tests/extra/long/kill.sh                            400 rounds
#   VETTY_KILL_ROUNDS=50 tests/extra/long/kill.sh       another number of them
#   VETTY_KILL_SEED=7 tests/extra/long/kill.sh          the moments of an earlier run
set -euo pipefail
cd "$(dirname "$0")/../../.."

cargo build --locked --release --bin vetty
target=$(cargo metadata --format-version 1 --no-deps --locked |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
export VETTY_TEST_BINARY=$target/release/vetty VETTY_KILL_ROUNDS=${VETTY_KILL_ROUNDS:-400}
exec cargo test --locked --test dashboard -- --exact --nocapture \
    journal_kill::random::a_job_of_the_dashboard_survives_its_death_at_any_moment
