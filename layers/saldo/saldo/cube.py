"""The cube: sum and count per category and day, and what they tell without reading a transaction.

The ledger writes cells in the same write as the transactions, so they always equal the sums over the list. Cells are
ordered by day; a stored cell whose count has dropped to 0 is never returned.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo.periods import Period


class Cell(msgspec.Struct, frozen=True, gc=False):
    """Sum and count of the transactions in one category on one day."""

    day: date
    category: int
    amount: Decimal
    count: int


class Seek(NamedTuple):
    """Where a page begins: on `day`, after the first `skip` transactions of that day."""

    day: date
    skip: int


def cells(amounts: Iterable[tuple[str, int, Decimal]]) -> list[Cell]:
    """The cells of transactions, which come as tuples of day (`2014-03-21`), category and amount."""
    days: defaultdict[str, dict[int, tuple[Decimal, int]]] = defaultdict(dict)
    for day, category, amount in amounts:
        sums = days[day]
        before = sums.get(category)
        sums[category] = (before[0] + amount, before[1] + 1) if before else (amount, 1)
    ordered: list[Cell] = []
    for text, sums in sorted(days.items()):
        of_day = date.fromisoformat(text)
        ordered += [Cell(of_day, category, *sums[category]) for category in sorted(sums)]
    return ordered


def merged(cells: Iterable[Cell]) -> list[Cell]:
    """One cell for each day and category, with their sums; what adds up to nothing is left out."""
    sums: dict[tuple[date, int], tuple[Decimal, int]] = {}
    for cell in cells:
        amount, count = sums.get((cell.day, cell.category), (Decimal(0), 0))
        sums[cell.day, cell.category] = (amount + cell.amount, count + cell.count)
    return [Cell(*place, *total) for place, total in sorted(sums.items()) if any(total)]


def coverage(cells: Iterable[Cell]) -> Period | None:
    """First and last day with a transaction; None without transactions."""
    days = {cell.day for cell in cells}
    return Period(min(days), max(days)) if days else None


def seek(days: Iterable[tuple[date, int]], offset: int) -> Seek | None:
    """Where to find the transaction at `offset`, counted from 0, given the number of transactions of each day.

    None if the offset lies beyond the last transaction.
    """
    for day, count in days:
        if offset < count:
            return Seek(day, offset)
        offset -= count
    return None
