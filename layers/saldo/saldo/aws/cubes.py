"""Reads the cube of a customer: a few hundred bytes a day, however many transactions there are.

item  PK `C#{tenant}#{customer}`, SK `A#{yyyy-mm-dd}`: per category `s{category}` (sum) and `n{category}` (count)
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from saldo.aws.customers import Customer
from saldo.aws.table import Table
from saldo.aws.wire import string
from saldo.cube import Cell
from saldo.dates import EVERYTHING, Span
from saldo.periods import Period

_EDGE_PIECE = 10


class _Attribute(msgspec.Struct, frozen=True):
    S: str | None = None
    N: Decimal | None = None


_CubeItem = dict[str, _Attribute]


def read(table: Table, customer: Customer, span: Span) -> list[Cell]:
    """The cells of the span in order, strongly consistent."""
    found = (cell for item in _days(table, customer, span) for cell in _cells(item))
    # BETWEEN is inclusive, a span is not.
    return [cell for cell in found if span.holds(cell.day)]


def covered(table: Table, customer: Customer, span: Span) -> Period | None:
    """From the first to the last day with a transaction of the whole ledger, cut to the span."""
    first = _edge(table, customer, descending=False)
    last = _edge(table, customer, descending=True)
    if first is None or last is None:
        return None
    if (span.end and span.end <= first) or (span.start and span.start > last):
        return None
    return Period(
        max(first, span.start) if span.start else first,
        min(last, span.end - timedelta(days=1)) if span.end else last,
    )


def sort_key(day: str) -> str:
    return f"A#{day}"


def _days(
    table: Table, customer: Customer, span: Span, *, descending: bool = False, limit: int | None = None
) -> Iterator[_CubeItem]:
    return table.query(
        _CubeItem,
        "PK = :pk AND SK BETWEEN :first AND :last",
        {
            ":pk": string(customer.partition),
            ":first": string(sort_key(span.start.isoformat() if span.start else "")),
            ":last": string(sort_key(span.end.isoformat() if span.end else "~")),
        },
        descending=descending,
        limit=limit,
    )


def _edge(table: Table, customer: Customer, *, descending: bool) -> date | None:
    for item in _days(table, customer, EVERYTHING, descending=descending, limit=_EDGE_PIECE):
        for cell in _cells(item):
            return cell.day
    return None


def _cells(item: _CubeItem) -> Iterator[Cell]:
    """The cells of one day by category; those that were emptied are skipped."""
    day = date.fromisoformat((item["SK"].S or "")[2:])
    for category in sorted(int(name[1:]) for name in item if name[0] == "n"):
        amount, count = item[f"s{category}"].N, item[f"n{category}"].N
        if amount is not None and count:
            yield Cell(day, category, amount, int(count))
