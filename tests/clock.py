"""A clock for tests of what takes time: nothing waits, and only what sleeps or says so moves it on."""

import time

import pytest


class Clock:
    """The time by `time.monotonic`; `time.sleep` moves it on at once."""

    def __init__(self) -> None:
        self.now = time.monotonic()
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def use(self, patched: pytest.MonkeyPatch) -> "Clock":
        """Put it in the place of the real one."""
        patched.setattr("time.monotonic", self.monotonic)
        patched.setattr("time.sleep", self.sleep)
        return self
