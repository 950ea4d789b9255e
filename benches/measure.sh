#!/usr/bin/env bash
# Measures the release binary against its budgets: first frame, resident memory, idle work. Linux; needs Python 3.
#   benches/measure.sh [--bin PATH] [--runs N] [--idle SECONDS] [-- ARGS…]
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ " $* " != *" --bin "* ]]; then
    cargo build --release --bin vetty
    set -- --bin "${CARGO_TARGET_DIR:-target}/release/vetty" "$@"
fi
exec python3 benches/measure.py "$@"
