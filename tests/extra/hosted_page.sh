#!/usr/bin/env bash
# A real browser walks the hosted page of the sandbox: every outcome, retry, expiry, decline, with and without scripts,
# by keyboard, light and dark; a maintained tool looks for what keeps people out. Needs Node.js, and Chromium or the
# right to install it. With HOSTED_SHOTS=FOLDER it leaves pictures of every page there.
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [[ ! -x /usr/bin/chromium ]]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >"$scratch/apt.txt" 2>&1 ||
        { cat "$scratch/apt.txt"; exit 1; }
fi
npm install --prefix "$scratch" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    playwright-core@1.65.1 axe-core@4.14.1

cargo build --locked --bin vetty
target=$(cargo metadata --locked --format-version 1 --no-deps |
    node -e 'console.log(JSON.parse(require("fs").readFileSync(0)).target_directory)')

HOSTED_MODULES="$scratch" timeout 5m node tests/extra/hosted_page/walk.mjs "$target/debug/vetty"
