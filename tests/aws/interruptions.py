"""Calls that are interrupted: the process dies at a write, or somebody else acts between two requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from saldo.aws.table import Table

T = TypeVar("T")


class Crash(Exception):
    """The process dies."""


@contextmanager
def crash_at(table: Table, write: int, *, answered: bool) -> Iterator[None]:
    """Crash at a write transaction, by its ordinal: before it is sent, or once it is done but before the answer."""

    def die() -> None:
        raise Crash

    event = f"{'after-call' if answered else 'before-call'}.dynamodb.TransactWriteItems"
    with suppress(Crash), _at(table, event, write, die):
        yield


@contextmanager
def meanwhile(
    table: Table, act: Callable[[], T], *, before: str = "TransactWriteItems", ordinal: int = 1
) -> Iterator[list[T]]:
    """Act before a request of an operation is sent, by its ordinal; yields a list that gets what `act` returned. It
    stays empty if there was no such request."""
    returned: list[T] = []
    with _at(table, f"before-call.dynamodb.{before}", ordinal, lambda: returned.append(act())):
        yield returned


@contextmanager
def _at(table: Table, event: str, ordinal: int, act: Callable[[], object]) -> Iterator[None]:
    """Act once, at an event by its ordinal; what is done then makes no events of its own."""
    events = table.client.meta.events
    count = 0

    def handle(**_: object) -> None:
        nonlocal count
        count += 1
        if count == ordinal:
            events.unregister(event, handle)
            act()

    events.register(event, handle)
    try:
        yield
    finally:
        events.unregister(event, handle)
