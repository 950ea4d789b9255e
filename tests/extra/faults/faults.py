"""Makes one change after another, each with one failing system call, and checks what is true after it.

For each system call that touches the state folder (found by tracing one undisturbed change), each time that it is made,
and each error: the change is made with that call failing; then the same is asked for again, undisturbed. Whatever fails:

1. no request goes out whose line is not in the audit before it;
2. "done" (exit code 0) is said only of what is done, and "nothing was sent" only where nothing was;
3. the chain of the audit holds;
4. after the second time the session is canceled, once, under one key, and nothing is left to be done.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

ERRORS = ["ENOSPC", "EIO", "EACCES", "EINTR"]
# What opens, writes, moves, removes, locks or looks at a file.
CALLS = [
    "openat", "open", "write", "pwrite64", "read", "lseek", "fsync", "fdatasync", "ftruncate", "fchmod", "flock",
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "fstat", "newfstatat", "statx", "getdents64",
]
# How many times a call is disturbed in a bounded run.
BOUND = 4


class Sandbox:
    """A sandbox in a process of its own."""

    def __init__(self, vetty):
        args = [vetty, "sandbox", "--people", "0", "--database", "memory:", "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        ready = json.loads(self.process.stdout.readline())
        self.base, self.key = ready["api_base"], ready["secret_key"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method, data=body)
        request.add_header("Authorization", f"Bearer {self.key}")
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)

    def create(self):
        return self.ask("POST", "/v1/identity/verification_sessions", b"type=document")["id"]

    def is_canceled(self, session):
        return self.ask("GET", f"/v1/identity/verification_sessions/{session}")["status"] == "canceled"

    def cancel_keys(self, session):
        """The keys of the requests that led to a cancel of the session."""
        events = self.ask("GET", "/v1/events?limit=100&type=identity.verification_session.canceled")["data"]
        ours = [event for event in events if event["data"]["object"]["id"] == session]
        return [event["request"]["idempotency_key"] for event in ours]


class Desk:
    """A state folder, and the commands that are run on it."""

    def __init__(self, vetty, sandbox):
        self.vetty, self.sandbox = vetty, sandbox
        self.home = tempfile.mkdtemp(prefix="vetty-faults-")
        self.state = os.path.join(self.home, "vetty")
        # What is looked at is an audit that has begun.
        first = sandbox.create()
        assert self.cancel(first).returncode == 0

    def environment(self):
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        return kept | {
            "XDG_STATE_HOME": self.home, "XDG_CONFIG_HOME": self.home, "HOME": self.home, "USER": "ann",
            "STRIPE_API_KEY": self.sandbox.key,
        }

    def run(self, args, before=()):
        command = [*before, self.vetty, "--api-base", self.sandbox.base, *args]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=120)

    def cancel(self, session, before=()):
        return self.run(["sessions", "cancel", session, "--yes", "--reason", "test", "--format", "jsonl"], before)

    def audit(self):
        with open(os.path.join(self.state, "audit.jsonl"), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.strip().endswith("}")]

    def traced(self, log, inject=None):
        """What runs a command under strace, and looks only at what touches the state folder."""
        paths = [self.state, os.path.join(self.state, "outbox")]
        paths += [os.path.join(folder, name) for folder in paths for name in os.listdir(folder)]
        paths += [os.path.join(self.state, "audit.head.new")]
        known = [call for call in CALLS if call not in ("open", "rename", "unlink") or os.uname().machine == "x86_64"]
        before = ["strace", "-f", "-qq", "-o", log, "-e", "trace=" + ",".join(known)]
        if inject:
            before += ["-e", "inject=" + inject]
        return before + [part for path in paths for part in ("-P", path)]

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)


def calls_of(log):
    """How often each call was made."""
    counts = {}
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if found:
                counts[found[1]] = counts.get(found[1], 0) + 1
    return counts


def disturbed(vetty, sandbox, call, when, error, log):
    """Makes a change while a call fails. Returns what is wrong after it."""
    desk = Desk(vetty, sandbox)
    try:
        session = sandbox.create()
        lines = len(desk.audit())
        first = desk.cancel(session, desk.traced(log, f"{call}:error={error}:when={when}"))
        wrong = []
        is_done = sandbox.is_canceled(session)
        asked = [line for line in desk.audit()[lines:] if line["action"] == "cancel" and line["result"] == "asked"]
        if is_done and not asked:
            wrong.append("it was sent without a line in the audit")
        if first.returncode == 0 and not is_done:
            wrong.append("it said done, and it is not")
        if "nothing was sent" in first.stderr.lower() and is_done:
            wrong.append("it said that nothing was sent, and it was")
        if first.returncode not in (0, 1, 2, 3):
            wrong.append(f"it ended with {first.returncode}: {first.stderr[-300:]}")
        again = desk.cancel(session)
        # Where it was done and told, the second is refused: it is canceled already.
        if again.returncode not in (0, 1):
            wrong.append(f"asked again it ended with {again.returncode}: {again.stderr[-300:]}")
        if not sandbox.is_canceled(session):
            wrong.append("asked again it is not canceled")
        keys = sandbox.cancel_keys(session)
        if len(keys) != 1:
            wrong.append(f"it was canceled {len(keys)} times")
        verdict = desk.run(["audit", "verify"])
        if verdict.returncode != 0:
            wrong.append("the chain does not hold: " + verdict.stdout.replace("\n", " ")[:300])
        # A file of which nothing is left to be done may stay for the next start to remove.
        reminder = desk.run(["sessions", "list", "--limit", "1"]).stderr
        if reminder:
            wrong.append("something is left: " + reminder.strip()[:300])
        return wrong
    finally:
        desk.close()


def places(count, is_all):
    """Which times of a call are disturbed: in a bounded run the first ones and some of the rest."""
    if is_all or count <= BOUND:
        return range(1, count + 1)
    return sorted({1 + at * (count - 1) // (BOUND - 1) for at in range(BOUND)})


def main():
    vetty, is_all = sys.argv[1], "--all" in sys.argv[2:]
    sandbox = Sandbox(vetty)
    log = tempfile.mktemp(prefix="vetty-faults-")
    try:
        desk = Desk(vetty, sandbox)
        plain = desk.cancel(sandbox.create(), desk.traced(log))
        desk.close()
        counts = calls_of(log) if plain.returncode == 0 and os.path.exists(log) else {}
        if not counts.get("openat"):
            print(f"SKIPPED: processes cannot be traced here ({plain.stderr.strip()[:200]})")
            return 0
        print("calls of one change:", ", ".join(f"{call} {count}" for call, count in sorted(counts.items())))
        runs, failed = 0, 0
        for call, count in sorted(counts.items()):
            for error in ERRORS:
                for when in places(count, is_all):
                    runs += 1
                    for wrong in disturbed(vetty, sandbox, call, when, error, log):
                        failed += 1
                        print(f"FAILED: {call} number {when} of {count}, {error}: {wrong}")
        print(f"{runs} changes with a failing call, {failed} findings")
        return 1 if failed or not runs else 0
    finally:
        sandbox.process.kill()
        if os.path.exists(log):
            os.remove(log)


sys.exit(main())
