#!/usr/bin/env bash
# A Rust SDK as a client of the sandbox: every operation, every class of error, paging, events, webhooks and files. It
# parses strictly, so every answer is checked against its types. The client is a project of its own, tests/extra/rust.
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=$(mktemp -d)
sandbox=
stop() {
    if [[ -n $sandbox ]]; then kill "$sandbox" 2>/dev/null || true; fi
    rm -rf "$scratch"
}
trap stop EXIT

project=tests/extra/rust/Cargo.toml
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo fmt --check --manifest-path "$project"
cargo build --quiet --locked --bin vetty
cargo build --quiet --locked --manifest-path "$project" --target-dir "$target/extra"
# Copies: other builds may replace the files while this runs.
cp "$target/debug/vetty" "$target/extra/debug/vetty-rust-sdk-check" "$scratch"

"$scratch/vetty" sandbox --listen 127.0.0.1:0 --people 150 >"$scratch/ready" 2>"$scratch/log" &
sandbox=$!
until [[ -s $scratch/ready ]]; do
    kill -0 "$sandbox" 2>/dev/null || { cat "$scratch/log"; exit 1; }
    sleep 0.1
done
SANDBOX=$(cat "$scratch/ready") timeout 5m "$scratch/vetty-rust-sdk-check"
