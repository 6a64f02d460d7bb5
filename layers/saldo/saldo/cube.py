"""The cube: sum and count of each category on each day, and what can be told from it without any transaction.

The ledger writes it in the same write as its transactions, so it always equals the sum over the list. Cells come
in the order of days; a cell with a count of 0 is one that was emptied, and is never handed out.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo.periods import Period


class Cell(msgspec.Struct, frozen=True):
    """What fell in one category on one day."""

    day: date
    category: int
    amount: Decimal
    count: int


class Seek(NamedTuple):
    """Where a page begins: on `day`, after `skip` transactions of that day."""

    day: date
    skip: int


def cells(amounts: Iterable[tuple[str, int, Decimal]]) -> list[Cell]:
    """The cells of transactions, each given as (day as text, category, amount)."""
    sums: dict[tuple[str, int], Decimal] = {}
    counts: dict[tuple[str, int], int] = {}
    for day, category, amount in amounts:
        cell = (day, category)
        if cell in sums:
            sums[cell] += amount
            counts[cell] += 1
        else:
            sums[cell] = amount
            counts[cell] = 1
    return [Cell(date.fromisoformat(cell[0]), cell[1], sums[cell], counts[cell]) for cell in sorted(sums)]


def coverage(found: Iterable[Cell]) -> Period | None:
    """First and last day with a transaction; None if there is none."""
    days = [cell.day for cell in found]
    return Period(min(days), max(days)) if days else None


def seek(days: Iterable[tuple[date, int]], offset: int) -> Seek | None:
    """The day on which the transaction number `offset` lies, counted from 0, in days with their counts; None if there
    are not so many."""
    for day, count in days:
        if offset < count:
            return Seek(day, offset)
        offset -= count
    return None
