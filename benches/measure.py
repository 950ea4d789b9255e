"""Runs a terminal program and measures its first frame, its memory and its idle work. Standard library only."""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import tempfile
import termios
import time
import urllib.request

COLS, ROWS = 120, 40
SESSIONS = 1_000
# As many visible characters as an empty frame with its header and footer has, at the least.
FIRST_FRAME_CHARACTERS = 150
BUDGETS = {"first frame": (20.0, "ms"), "resident memory": (25.0, "MB"), "idle CPU": (0, "ticks"), "idle output": (0, "bytes")}
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")


class Program:
    """The program in a pseudo-terminal, with an empty home and a clean environment."""

    def __init__(self, command):
        self.home = tempfile.mkdtemp()
        env = {name: os.path.join(self.home, name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
        env.update(HOME=self.home, PATH=os.environ["PATH"], TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", TZ="UTC")
        size = struct.pack("HHHH", ROWS, COLS, 0, 0)
        self.output = bytearray()
        self.answered = 0
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execve(command[0], command, env)

    def read(self, timeout):
        """Reads what is there; False when nothing came in time or the program has ended."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            chunk = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        self.output += chunk
        # Programs ask for the device attributes and wait for the answer.
        asked = self.output.count(b"\x1b[c")
        if asked > self.answered:
            os.write(self.fd, b"\x1b[?62;22c" * (asked - self.answered))
            self.answered = asked
        return bool(chunk)

    def visible(self):
        return ESCAPES.sub(b"", bytes(self.output)).decode("utf-8", "replace")

    def first_frame(self):
        """Milliseconds from the fork until a frame's worth of characters had come."""
        while sum(not char.isspace() for char in self.visible()) < FIRST_FRAME_CHARACTERS:
            if not self.read(10):
                raise SystemExit(f"no first frame; the program said:\n{self.visible()}")
        return (time.perf_counter() - self.started) * 1000

    def settle(self, quiet=2.0, limit=60.0):
        """Reads until nothing has come for `quiet` seconds."""
        end = time.monotonic() + limit
        while time.monotonic() < end and self.read(quiet):
            pass

    def memory(self):
        """Resident megabytes."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024

    def ticks(self):
        """Processor ticks used so far by all threads."""
        with open(f"/proc/{self.pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def end(self):
        try:
            os.kill(self.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        end = time.monotonic() + 5
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            self.read(0.05)
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                end = float("inf")
        os.close(self.fd)
        shutil.rmtree(self.home, ignore_errors=True)


def fill(program):
    """Brings the embedded sandbox to SESSIONS sessions and loads them. Returns how many there are, or None."""
    found = re.search(r"127\.0\.0\.1:(\d+)", program.visible())
    if not found:
        return None
    base = f"http://127.0.0.1:{found[1]}/_vetty"

    def ask(path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)

    try:
        sessions = ask("/health").get("sessions")
        if sessions is not None and sessions < SESSIONS:
            ask("/people", {"count": SESSIONS - sessions})
            sessions = ask("/health").get("sessions")
            os.write(program.fd, b"r")
            program.settle()
        return sessions
    except (OSError, ValueError):
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--runs", type=int, default=11, help="starts to take the median of")
    parser.add_argument("--memory-runs", type=int, default=3)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds")
    parser.add_argument("args", nargs="*")
    options = parser.parse_args()
    command = [os.path.abspath(options.bin), *options.args]

    starts, memories, ticks, drawn, sessions = [], [], [], [], None
    for _ in range(options.runs):
        program = Program(command)
        starts.append(program.first_frame())
        program.end()
    for _ in range(options.memory_runs):
        program = Program(command)
        program.first_frame()
        program.settle()
        sessions = fill(program)
        memories.append(program.memory())
        before, output = program.ticks(), len(program.output)
        end = time.monotonic() + options.idle
        while time.monotonic() < end:
            program.read(end - time.monotonic())
        ticks.append(program.ticks() - before)
        drawn.append(len(program.output) - output)
        program.end()

    print(f"{'':24}{'median':>10}{'best':>10}{'worst':>10}{'budget':>10}")
    for name, values in zip(BUDGETS, (starts, memories, ticks, drawn)):
        budget, unit = BUDGETS[name]
        median = statistics.median(values)
        verdict = "within" if median <= budget else "OVER"
        print(f"{name + ', ' + unit:24}{median:10.1f}{min(values):10.1f}{max(values):10.1f}{budget:10.1f}  {verdict}")
    print(f"sessions loaded: {'unknown' if sessions is None else sessions}; starts: {options.runs}; idle: {options.idle:g} s")


if __name__ == "__main__":
    main()
