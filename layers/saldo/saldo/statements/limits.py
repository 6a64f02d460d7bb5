"""How much a statement may hold: what counts for the time and the memory that reading takes, by the way it comes.

The figures were measured (`python -m tests.bench.hostile`): no body takes 10 s of a CPU or 600 MB, and an import ends
within the 15 minutes and the 1,769 MB of its function.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

import msgspec

from saldo.errors import BadInput, bad

T = TypeVar("T")


class Limits(msgspec.Struct, frozen=True):
    """`unpacked` is the bytes of all files in a ZIP file, `lines` are those of CSV and MT940, of all its files, and
    `rows` the transactions. `beyond` says where more than that may be sent."""

    unpacked: int
    lines: int
    rows: int
    beyond: str = ""

    def refuse(self, what: str) -> BadInput:
        """BadInput (NotSupported) for a statement that has more; `what` is the most that it may have."""
        return bad("body", f"must {what}{self.beyond}", code="NotSupported")

    def bounded(self, rows: Iterable[T]) -> Iterator[T]:
        """The rows. BadInput if there are too many."""
        iterator = iter(rows)
        return chain(islice(iterator, self.rows), self._beyond(iterator))

    def _beyond(self, rows: Iterator[T]) -> Iterator[T]:
        for _ in rows:
            raise self.refuse(f"have at most {self.rows} transactions")
        yield from ()


def lines_in(text: str | bytes) -> int:
    """How many lines end in the text, by LF or by CR, at the speed of C; those that end in both count once."""
    if isinstance(text, bytes):
        return max(text.count(b"\n"), text.count(b"\r"))
    return max(text.count("\n"), text.count("\r"))


# A statement that is sent, and answered at once.
SENT = Limits(12 * 1024 * 1024, 300_000, 150_000, ": a larger file can be imported")
# The file of an import.
IMPORTED = Limits(64 * 1024 * 1024, 10_000_000, 1_000_000)
