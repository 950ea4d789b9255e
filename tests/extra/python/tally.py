"""Counts checks, and prints those that fail."""

import sys


class Tally:
    """What passed and what failed."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, holds, found=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {name}: {found}")

    def equal(self, name, found, wanted):
        self.check(name, found == wanted, f"{found!r} instead of {wanted!r}")

    def raises(self, name, kind, call, **wanted):
        """The error that `call` raises; its attributes have to be those `wanted`."""
        try:
            call()
        except Exception as error:
            self.check(name, type(error) is kind, f"{type(error).__name__}: {error}")
            for attribute, value in wanted.items():
                self.equal(f"{name}, {attribute}", getattr(error, attribute, None), value)
            return error
        self.check(name, False, "nothing was raised")
        return None

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)
