"""When an invocation must be done with its engines, so that it can still answer. Set where the invocation begins, for
its own thread; each attempt at an engine asks for it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Protocol

# What an invocation keeps for its answer.
_RESERVE_SECONDS = 3.0
# For a call outside of any invocation: an operator's command, or what is created ahead of requests.
_PATIENCE_SECONDS = 25.0

_end: ContextVar[float | None] = ContextVar("end", default=None)


class Invocation(Protocol):
    """What Lambda tells a function about its invocation."""

    function_name: str
    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


@contextmanager
def deadline(invocation: Invocation, seconds: float = inf) -> Iterator[None]:
    """Everything inside ends its calls to engines after so many seconds, or three seconds before Lambda ends the
    invocation, whichever comes first."""
    remaining = invocation.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
    token = _end.set(time.monotonic() + min(seconds, remaining))
    try:
        yield
    finally:
        _end.reset(token)


def left() -> float:
    """How many seconds the invocation has left; without end outside of any."""
    ends = _end.get()
    return inf if ends is None else ends - time.monotonic()


def end() -> float:
    """The time, by `time.monotonic`, at which a call to an engine that begins now must have ended."""
    ends = _end.get()
    return time.monotonic() + _PATIENCE_SECONDS if ends is None else ends
