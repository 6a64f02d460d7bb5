"""Attempts at one call to an engine: again after a failure that may pass, with exponential back-off and full jitter,
while the deadline leaves time for a whole attempt. botocore makes one attempt only, for it knows no deadline.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from saldo.aws import deadline
from saldo.aws.failures import engine_errors, may_pass, unavailable
from saldo.aws.metrics import count

T = TypeVar("T")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.6
_MOST_DOUBLINGS = 5
_PATIENCE_SECONDS = 60.0

# Not `random`: all instances that are restored from one SnapStart snapshot would share its state.
_jitter = secrets.SystemRandom()


class Attempts:
    """The attempts at one call; `longest` is how many seconds one of them may take.

    `made` counts them: from the second on, an earlier one may have been carried out, and only its answer was lost.
    """

    def __init__(self, longest: float) -> None:
        self.made = 0
        self._longest = longest
        self._failure: BaseException | None = None
        self._in_vain = 0
        self._end = _end()

    def __call__(self, call: Callable[..., T], **request: Any) -> T:
        """The answer to the call. Unavailable if there is no time left to try, or to try again; an error that will
        not pass is raised as it is."""
        while True:
            self._wait()
            self.made += 1
            try:
                return call(**request)
            except engine_errors() as error:
                if not may_pass(error):
                    raise
                self.in_vain(error)

    def in_vain(self, failure: BaseException | None = None) -> None:
        """The last attempt brought nothing: the next one waits longer."""
        count("EngineRetries")
        self._in_vain += 1
        self._failure = failure

    def got_on(self) -> None:
        """The last attempt brought something: the next one waits as after a first failure."""
        self._in_vain = 1
        self._end = _end()

    def brought(self, anything: bool) -> None:
        """Whether the last attempt brought anything."""
        if anything:
            self.got_on()
        else:
            self.in_vain()

    def pause(self) -> None:
        """The last attempt brought nothing: wait before the next one. Unavailable if no time is left for it."""
        self.in_vain()
        self._wait()

    def _wait(self) -> None:
        pause = longest_pause(self._in_vain) * _jitter.random()
        if time.monotonic() + pause + self._longest > self._end:
            raise unavailable() from self._failure
        if pause:
            time.sleep(pause)


def _end() -> float:
    """When a call that gets nowhere is given up: at the deadline, or after a minute where that is later, as in an
    import. Lambda sends its event again, and meanwhile nobody pays for waiting."""
    return min(deadline.end(), time.monotonic() + _PATIENCE_SECONDS)


def longest_pause(in_vain: int) -> float:
    """The longest pause in seconds after so many attempts in vain."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(in_vain - 1, _MOST_DOUBLINGS)) if in_vain else 0.0
