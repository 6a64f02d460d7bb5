"""Reads pages of the ledger. A page is found by position: by the cursor's key, or by the cube, which knows how many
transactions each day holds; so a deep offset costs what the first page costs.
"""

import datetime
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from saldo.aws import cubes, layout
from saldo.aws.customers import Customer
from saldo.aws.items import TransactionItem, transaction_of
from saldo.aws.table import Table
from saldo.aws.wire import number, string
from saldo.cube import seek
from saldo.cursor import Cursor
from saldo.selection import Selection
from saldo.transactions import Transaction

# How many items of a group one request looks at to find those of one type.
_TYPE_LIMIT = 1000


class Page(NamedTuple):
    """Transactions in order, the offset of the first, and the cursor of the next page if there is one."""

    transactions: list[Transaction]
    offset: int
    next: str | None


def page(
    table: Table,
    customer: Customer,
    selection: Selection,
    limit: int,
    *,
    offset: int = 0,
    cursor: str | None = None,
) -> Page:
    """A page of at most `limit` transactions from the offset, or after the cursor. BadInput for a cursor of another
    listing."""
    skip = 0
    first, last = _bounds(selection)
    if cursor is not None:
        after = Cursor.decode(cursor, selection, customer.partition)
        offset = after.offset
        # Ids are written in one width, so the neighbours of the last key bound the rest.
        if selection.descending:
            last = f"{after.date}#{after.id - 1:016d}"
        else:
            first = f"{after.date}#{after.id + 1:016d}"
    elif offset:
        categories = None if selection.group is None else _categories(customer, selection)
        days = cubes.counts(table, customer, selection.span, categories, descending=selection.descending)
        start = seek(days, offset)
        if start is None:
            return Page([], offset, None)
        skip = start.skip
        if selection.descending:
            last = _day_after(start.day)
        else:
            first = start.day.isoformat()
    end = skip + limit + 1  # one more than the page tells whether there is a next one
    items = islice(_items(table, customer, selection, first, last, end), skip, end)
    transactions = [transaction_of(item) for item in items]
    if len(transactions) <= limit:
        return Page(transactions, offset, None)
    del transactions[limit:]
    position = Cursor(transactions[-1].date, transactions[-1].id, offset + limit)
    return Page(transactions, offset, position.encode(selection.fingerprint(customer.partition)))


def _categories(customer: Customer, selection: Selection) -> list[int]:
    places = customer.scheme.places()
    return [place.category.id for place in places if selection.includes(place.group.id, place.category.id)]


def _bounds(selection: Selection) -> tuple[str, str]:
    """The keys between which the selection lies. No key is a bare day, so BETWEEN, which includes its ends, keeps the
    span half-open."""
    start, end = selection.span
    return start.isoformat() if start else "", end.isoformat() if end else "~"


def _day_after(day: datetime.date) -> str:
    return (day + datetime.timedelta(days=1)).isoformat() if day < datetime.date.max else "~"


def _items(
    table: Table, customer: Customer, selection: Selection, first: str, last: str, expected: int
) -> Iterator[Any]:
    """The items between two keys: of all groups from the table, of one group or type from the index."""
    if first > last:
        return iter(())
    group = selection.group
    if group is None:
        hash_key, partition = "PK", customer.partition
    else:
        hash_key, partition = "G", layout.group(customer.partition, group)
    values = {
        ":partition": string(partition),
        ":first": string(layout.transaction(first)),
        ":last": string(layout.transaction(last)),
    }
    if selection.category is not None:
        values[":category"] = number(selection.category)
    return table.query(
        TransactionItem,
        f"{hash_key} = :partition AND SK BETWEEN :first AND :last",
        values,
        index=layout.BY_GROUP if group is not None else None,
        filter_=_filter(selection),
        descending=selection.descending,
        limit=expected if selection.category is None else _TYPE_LIMIT,
    )


def _filter(selection: Selection) -> str | None:
    """Where a transaction was deleted, the table has an item without a group; the index has none."""
    if selection.group is None:
        return "attribute_exists(G)"
    return None if selection.category is None else "category = :category"
