#!/usr/bin/env bash
# Lets every system call that touches the state folder fail once, while a change is made, and looks at what is true then.
# Needs strace and Python 3; without them, or where processes cannot be traced, it says so and checks nothing.
#   tests/extra/faults.sh          a bounded run, for CI
#   tests/extra/faults.sh --all    every call and every error
set -euo pipefail
cd "$(dirname "$0")/../.."

for tool in strace python3; do
    if ! command -v "$tool" >/dev/null; then
        echo "SKIPPED: $tool is not there"
        exit 0
    fi
done
cargo build --locked --bin vetty
target=$(cargo metadata --format-version 1 --no-deps --locked |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
exec python3 tests/extra/faults/faults.py "$target/debug/vetty" "$@"
