#!/usr/bin/env bash
# Takes the pictures of the documentation from the real program: screenshots/make.sh [--only NAME]
set -euo pipefail
cd "$(dirname "$0")/.."

fonts=(fonts-jetbrains-mono fonts-wqy-microhei fonts-dejavu fonts-noto-core)
missing=()
for font in "${fonts[@]}"; do
    if command -v dpkg-query >/dev/null && ! dpkg-query -W -f '${Status}' "$font" 2>/dev/null | grep -q 'ok installed'; then
        missing+=("$font")
    fi
done
if ((${#missing[@]})); then
    if [[ $(id -u) == 0 ]]; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
    else
        echo "These fonts are missing, and only root can install them: ${missing[*]}" >&2
    fi
fi

cargo build --release --bin vetty
bin="${CARGO_TARGET_DIR:-target}/release/vetty"
cargo run --example shots --features screenshots -- --bin "$bin" "$@"
