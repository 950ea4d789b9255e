#!/usr/bin/env bash
# The official Python and Node SDKs and the official command line tool as clients of the sandbox: every operation and
# every class of error, and every object against the SDKs' own types. Installs them into a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in python3 node npm; do
    if ! command -v "$program" >/dev/null; then
        echo "skipped: $program is not there"
        exit 0
    fi
done

scratch=$(mktemp -d)
sandbox=
stop() {
    if [[ -n $sandbox ]]; then kill "$sandbox" 2>/dev/null || true; fi
    sandbox=
}
trap 'stop; rm -rf "$scratch"' EXIT

cargo build --quiet --locked
# A copy: other builds may replace the file while this runs.
cp "${CARGO_TARGET_DIR:-target}/debug/vetty" "$scratch/vetty"

echo "installing the clients"
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check stripe==16.1.0
(
    mkdir "$scratch/node" && cd "$scratch/node"
    echo '{"private": true}' >package.json
    npm install --silent --no-audit --no-fund --ignore-scripts stripe@23.1.0 @stripe/cli@1.52.0 typescript@5.9.3
)
cp tests/extra/node/*.js "$scratch/node/"
# The tool's own launcher only finds this file, and would call home first.
tool=$(echo "$scratch"/node/node_modules/@stripe/cli-*/bin/stripe)
# The SDK allows any text where it lists the values of an enum; here only listed values pass.
types=$scratch/node/node_modules/stripe
find "$types"/{cjs,esm}/resources/{Identity,Events.d.ts,Files.d.ts,FileLinks.d.ts,WebhookEndpoints.d.ts} \
    -name '*.d.ts' -exec sed -i 's/ | OtherString;/;/' {} +

# Starts a fresh sandbox and puts its line of JSON into SANDBOX.
start() {
    stop
    : >"$scratch/ready"
    "$scratch/vetty" sandbox --listen 127.0.0.1:0 --people 150 "$@" >"$scratch/ready" 2>"$scratch/log" &
    sandbox=$!
    until [[ -s $scratch/ready ]]; do
        kill -0 "$sandbox" 2>/dev/null || { cat "$scratch/log"; exit 1; }
        sleep 0.1
    done
    SANDBOX=$(cat "$scratch/ready")
    export SANDBOX
}

passed=0
failed=0
# run NAME COMMAND…: adds up the counts in the last line.
run() {
    local name=$1 last
    shift
    echo "== $name"
    "$@" >"$scratch/out" 2>&1 || true
    cat "$scratch/out"
    last=$(tail -n 1 "$scratch/out")
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        failed=$((failed + 1))
    fi
}

# typecheck FILE: what the compiler has against it, one line for each mistake.
typecheck() {
    (cd "$scratch/node" && node_modules/.bin/tsc --noEmit --strict --skipLibCheck --module nodenext --target es2022 \
        "$1") | grep 'error TS' || true
}

# The objects that Node saw, compiled as constants of the SDK's types. The same with a value that there is none has to
# fail, or else this proves nothing.
compile() {
    local count wrong change
    count=$(grep -c '^export' "$scratch/node/objects.ts" || true)
    typecheck objects.ts >"$scratch/tsc"
    wrong=$(wc -l <"$scratch/tsc")
    cut -c1-300 "$scratch/tsc" | head -n 20
    for change in 's/"status":"requires_input"/"status":"nonsense"/' 's/"purpose":"selfie"/"purpose":"nonsense"/' \
        's/"type":"identity\.verification_session\.verified"/"type":"nonsense"/' 's/"expired":true/"expired":"now"/'; do
        sed "$change" "$scratch/node/objects.ts" >"$scratch/node/wrong.ts"
        if [[ -z $(typecheck wrong.ts) ]]; then
            echo "the compiler finds nothing wrong after $change"
            wrong=$((wrong + 1))
        fi
    done
    echo "$((count > wrong ? count - wrong : 0)) passed, $wrong failed"
}

start
run "Python SDK" "$scratch/venv/bin/python" -B tests/extra/python/exercise.py
start
run "Node SDK" node "$scratch/node/exercise.js" "$scratch/node/objects.ts"
run "types of the Node SDK" compile
start
export HOME=$scratch STRIPE_CLI_TELEMETRY_OPTOUT=1
unset STRIPE_API_KEY
run "command line tool" "$scratch/venv/bin/python" -B tests/extra/python/command_line.py "$tool"
stop

echo "$passed passed, $failed failed"
[[ $failed == 0 && $passed -gt 0 ]]
