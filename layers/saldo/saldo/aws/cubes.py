"""Writes and reads the cube of a customer: one item a day, a few hundred bytes however many transactions there are.

Per category the item holds `s{category}` (sum) and `n{category}` (count), and in all `n`, how many transactions the
day has. `p` counts the periods declared by imports that begin or end on the day, and so belong to the coverage. A day
where both have dropped to 0 is like one that is not there.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from saldo.aws import layout
from saldo.aws.customers import Customer
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.wire import number, string
from saldo.cube import Cell
from saldo.dates import EVERYTHING, Span
from saldo.periods import Period

T = TypeVar("T")

_EDGE_LIMIT = 10
# An expression ends at 4 KB: for more categories than this, all attributes are read.
_MAX_NAMED = 200
# So many cells of one day can always be named in one update, however long the ids of their categories.
MAX_CELLS = 80


class _Attribute(msgspec.Struct, frozen=True, gc=False):
    """An attribute as text, for most of what decoding one costs is to make a number of it."""

    S: str = ""
    N: str = ""


_CubeItem = dict[str, _Attribute]


def add_actions(table: Table, customer: Customer, changes: Iterable[Cell]) -> list[Action]:
    """What adds the cells to their days, as part of the write that records, corrects or deletes their transactions;
    what is taken away has a negative count."""
    by_day: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in changes:
        by_day[layout.day(cell.day.isoformat())].append(cell)
    actions = []
    for sort_key, day_cells in by_day.items():
        count = sum(cell.count for cell in day_cells)
        values = {"n": number(count)} if count else {}
        for cell in day_cells:
            values |= {f"s{cell.category}": number(cell.amount), f"n{cell.category}": number(cell.count)}
        # Values have short names: an expression ends at 4 KB.
        update = "ADD " + ", ".join(f"{name} :{place}" for place, name in enumerate(values))
        numbered = {f":{place}": value for place, value in enumerate(values.values())}
        actions.append(table.update_action(customer.partition, sort_key, update, numbered))
    return actions


def declare_actions(table: Table, partition: str, period: Period, step: int) -> list[Action]:
    """What marks the first and last day of a declared period in the cube (step 1), or unmarks them (step -1)."""
    marks = Counter(layout.day(day.isoformat()) for day in period)
    return [
        table.update_action(partition, sort_key, "ADD p :p", {":p": number(step * count)})
        for sort_key, count in marks.items()
    ]


def remove_empty_days(table: Table, customer: Customer) -> None:
    """Remove the days that have neither a transaction nor a declared period, each on condition that it still is so,
    so that the first and last day of the ledger stay cheap to find."""
    days = _days(table, customer, EVERYTHING, _CubeItem, attributes="SK, n, p")
    empty = [item["SK"].S for item in days if not _is_covered(item)]
    for begin in range(0, len(empty), MAX_ACTIONS):
        actions = [_remove_action(table, customer, sort_key) for sort_key in empty[begin : begin + MAX_ACTIONS]]
        try:
            table.write(actions)
        except Rejected:  # somebody has just written to one of them
            for action in actions:
                with suppress(Rejected):
                    table.write([action])


def _remove_action(table: Table, customer: Customer, sort_key: str) -> Action:
    empty = " AND ".join(f"(attribute_not_exists({name}) OR {name} = :none)" for name in ("n", "p"))
    return table.delete_action(customer.partition, sort_key, empty, {":none": number(0)})


def read(table: Table, customer: Customer, span: Span) -> list[Cell]:
    """The cells of the span by day, strongly consistent."""
    # BETWEEN includes its end, a span does not.
    return [cell for cell in _cells(_days(table, customer, span, _CubeItem)) if span.holds(cell.day)]


def counts(
    table: Table,
    customer: Customer,
    span: Span,
    categories: Collection[int] | None,
    *,
    descending: bool = False,
    first: int | None = None,
) -> Iterator[tuple[date, int]]:
    """Each day of the span with its number of transactions, in the given order: of the categories, or of all if there
    are None; strongly consistent. The first request looks at `first` days, if that is given.

    This is most of the work of a deep page over years, so sums are not sent.
    """
    names = {"n"} if categories is None else {f"n{category}" for category in categories}
    projection = ", ".join(("SK", *names)) if len(names) <= _MAX_NAMED else None
    options = {"attributes": projection, "descending": descending, "first": first}
    for item in _days(table, customer, span, _CubeItem, **options):
        day = layout.date_of(item["SK"].S)
        if span.holds(day):
            yield day, sum(int(value.N) for name, value in item.items() if name in names)


def total(table: Table, customer: Customer, span: Span) -> int:
    """How many transactions the span has."""
    return sum(count for _, count in counts(table, customer, span, None))


def read_with_coverage(table: Table, customer: Customer, span: Span) -> tuple[list[Cell], Period | None]:
    """The cells of the span by day, and the coverage; strongly consistent."""
    if span != EVERYTHING:
        return read(table, customer, span), coverage(table, customer, span)
    items = list(_days(table, customer, span, _CubeItem))
    first = next((layout.date_of(item["SK"].S) for item in items if _is_covered(item)), None)
    last = next((layout.date_of(item["SK"].S) for item in reversed(items) if _is_covered(item)), None)
    period = Period(first, last) if first and last else None
    return list(_cells(items)), period


def coverage(table: Table, customer: Customer, span: Span) -> Period | None:
    """The coverage of the whole ledger, cut to the span: from the first to the last day with a transaction, widened
    by the periods that its imports declare. None if that is nothing."""
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


def _days(table: Table, customer: Customer, span: Span, as_: type[T], **options: Any) -> Iterator[T]:
    """The items from the first day of the span to the first day after it; `options` are those of Table.query."""
    return table.query(
        as_,
        "PK = :pk AND SK BETWEEN :first AND :last",
        {
            ":pk": string(customer.partition),
            ":first": string(layout.day(span.start.isoformat() if span.start else "")),
            ":last": string(layout.day(span.end.isoformat() if span.end else "~")),
        },
        **options,
    )


def _edge(table: Table, customer: Customer, *, descending: bool) -> date | None:
    for item in _days(table, customer, EVERYTHING, _CubeItem, descending=descending, first=_EDGE_LIMIT):
        if _is_covered(item):
            return layout.date_of(item["SK"].S)
    return None


def _is_covered(item: _CubeItem) -> bool:
    """Whether the day has a transaction, or a declared period begins or ends on it."""
    return any(name in item and int(item[name].N) for name in ("n", "p"))


def _cells(items: Iterable[_CubeItem]) -> Iterator[Cell]:
    """The cells of days, each in the order of its attributes; emptied cells are skipped."""
    columns = _Columns()
    for item in items:
        day = layout.date_of(item["SK"].S)
        for name, attribute in item.items():
            if column := columns[name]:
                category, sum_name = column
                amount, count = Decimal(item[sum_name].N), _count(attribute.N)
                if count:
                    yield Cell(day, category, amount, count)


# Nearly all counts are small, and found faster than made.
_count = lru_cache(maxsize=1024)(int)


class _Columns(dict[str, tuple[int, str] | None]):
    """By the name of an attribute: the category whose counts it has, and the name of the attribute that has the sums;
    None if it has no counts of a category."""

    def __missing__(self, name: str) -> tuple[int, str] | None:
        is_count = name[0] == "n" and name != "n"
        self[name] = column = (int(name[1:]), f"s{name[1:]}") if is_count else None
        return column
