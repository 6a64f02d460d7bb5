"""Cuts what is to be written into write transactions, within the limits of one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple, TypeVar

from saldo.aws import cubes

T = TypeVar("T")


class Size(NamedTuple):
    """What one entry adds to a write: so many actions, and cells of one day of the cube, whose update is one more."""

    actions: int
    day: str
    categories: Collection[int]


def batches(entries: Iterable[T], size: Callable[[T], Size], max_actions: int) -> Iterator[list[T]]:
    """The entries in batches of at most so many actions, and so few cells of a day that its update can name them.

    Entries come in the order of days. A hundred of the longest transactions stay far below the 4 MB of one write.
    """
    batch: list[T] = []
    days: defaultdict[str, set[int]] = defaultdict(set)
    actions = 0
    for entry in entries:
        added, day, categories = size(entry)
        needed = added + (day not in days)
        is_full = day in days and len(days[day].union(categories)) > cubes.MAX_CELLS
        if batch and (is_full or actions + needed > max_actions):
            yield batch
            batch, actions = [], 0
            days.clear()
            needed = added + 1
        batch.append(entry)
        days[day].update(categories)
        actions += needed
    if batch:
        yield batch
