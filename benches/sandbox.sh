#!/usr/bin/env bash
# Measures the sandbox at 1,000,000 sessions: throughput, p50 and p99 of each operation beside a bare route of the same
# server in the same run, and what a redaction costs. Needs a Rust toolchain, some 6 GB of disk, loopback only.
#   benches/sandbox.sh [--sessions N] [--database PATH] [--seconds S] [--requests N] [--only TEXT] [--redactions N]
#                      [--bin PATH] [--bare PATH]
# The database is filled when PATH is not there, and kept for the next run; requests of the run stay in it.
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-target}"
if [[ " $* " != *" --bin "* ]]; then
    cargo build --release --bin vetty
    set -- --bin "$target/release/vetty" "$@"
fi
mkdir -p "$target/bench"
# Needs no crate, so this spares a second build of everything with the crates of the tests.
rustc --edition 2024 -O -o "$target/bench/load" benches/sandbox/main.rs
exec "$target/bench/load" "$@"
