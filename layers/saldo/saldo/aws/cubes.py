"""Reads the cube of a customer: a few hundred bytes a day, however many transactions there are.

item  PK `C#{tenant}#{customer}`, SK `A#{yyyy-mm-dd}`: per category `s{category}` (sum) and `n{category}` (count)
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from saldo.aws.customers import Customer
from saldo.aws.table import Table
from saldo.aws.wire import string
from saldo.cube import Cell
from saldo.dates import EVERYTHING, Span
from saldo.periods import Period

T = TypeVar("T")

_EDGE_PIECE = 10
# An expression ends at 4 KB; of more categories than this all attributes are sent.
_MOST_NAMED = 200


class _Attribute(msgspec.Struct, frozen=True, gc=False):
    S: str | None = None
    N: Decimal | None = None


class _Text(msgspec.Struct, frozen=True, gc=False):
    S: str = ""
    N: str = ""


_CubeItem = dict[str, _Attribute]


def read(table: Table, customer: Customer, span: Span) -> list[Cell]:
    """The cells of the span in order, strongly consistent."""
    found = (cell for item in _days(table, customer, span, _CubeItem) for cell in _cells(item))
    # BETWEEN is inclusive, a span is not.
    return [cell for cell in found if span.holds(cell.day)]


def counts(
    table: Table, customer: Customer, span: Span, categories: Collection[int], *, descending: bool = False
) -> Iterator[tuple[date, int]]:
    """How many transactions of the categories each day has, in the order that is asked for; strongly consistent.

    Of a ledger of years this is most of what a deep page takes: sums are not sent, and counts not made decimals.
    """
    names = {f"n{category}" for category in categories}
    sent = ", ".join(("SK", *names)) if len(names) <= _MOST_NAMED else None
    for item in _days(table, customer, span, dict[str, _Text], attributes=sent, descending=descending):
        day = _day(item["SK"].S)
        if span.holds(day):
            yield day, sum(int(value.N) for name, value in item.items() if name in names)


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


def _days(table: Table, customer: Customer, span: Span, as_: type[T], **how: Any) -> Iterator[T]:
    """The items of the days from the first to the one after the last; `how` is as of a query."""
    return table.query(
        as_,
        "PK = :pk AND SK BETWEEN :first AND :last",
        {
            ":pk": string(customer.partition),
            ":first": string(sort_key(span.start.isoformat() if span.start else "")),
            ":last": string(sort_key(span.end.isoformat() if span.end else "~")),
        },
        **how,
    )


def _edge(table: Table, customer: Customer, *, descending: bool) -> date | None:
    for item in _days(table, customer, EVERYTHING, _CubeItem, descending=descending, limit=_EDGE_PIECE):
        for cell in _cells(item):
            return cell.day
    return None


def _cells(item: _CubeItem) -> Iterator[Cell]:
    """The cells of one day by category; those that were emptied are skipped."""
    day = _day(item["SK"].S or "")
    for category in sorted(int(name[1:]) for name in item if name[0] == "n"):
        amount, count = item[f"s{category}"].N, item[f"n{category}"].N
        if amount is not None and count:
            yield Cell(day, category, amount, int(count))


def _day(sort_key: str) -> date:
    return date.fromisoformat(sort_key[2:])
