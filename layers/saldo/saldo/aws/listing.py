"""Reads pages of the ledger. A page is found by position: by the cursor's key, or by the cube, which knows how many
transactions each day holds; so a deep offset costs what the first page costs.
"""

import datetime
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.ledger import INDEX, TransactionItem, sort_key
from saldo.aws.table import Table
from saldo.aws.wire import number, string
from saldo.cube import seek
from saldo.cursor import Cursor
from saldo.listing import Selection
from saldo.transactions import Transaction

# How many items of a group one request looks at for those of one type.
_PIECE = 1000


class Page(NamedTuple):
    """Some transactions in order, the number of the first, and the cursor of what follows, if anything does."""

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
    """A page of at most `limit`, from the offset or after the cursor. BadInput for a cursor of another listing."""
    skip = 0
    first, last = _bounds(selection)
    if cursor is not None:
        after = Cursor.decode(cursor, selection, customer.partition)
        offset = after.offset
        # Keys are unique and of one width, so the neighbours of the last one bound what follows.
        if selection.descending:
            last = f"{after.date}#{after.id - 1:016d}"
        else:
            first = f"{after.date}#{after.id + 1:016d}"
    elif offset:
        places = customer.scheme.places()
        categories = [place.category.id for place in places if selection.includes(place.group.id, place.category.id)]
        days = cubes.counts(table, customer, selection.span, categories, descending=selection.descending)
        begin = seek(days, offset)
        if begin is None:
            return Page([], offset, None)
        skip = begin.skip
        if selection.descending:
            last = _day_after(begin.day)
        else:
            first = begin.day.isoformat()
    wanted = limit + 1
    items = islice(_items(table, customer, selection, first, last, skip + wanted), skip, skip + wanted)
    found = [item.transaction() for item in items]
    if len(found) < wanted:
        return Page(found, offset, None)
    del found[limit:]
    position = Cursor(found[-1].date, found[-1].id, offset + limit)
    return Page(found, offset, position.encode(selection.fingerprint(customer.partition)))


def _bounds(selection: Selection) -> tuple[str, str]:
    """No key is a bare day, so BETWEEN, which is inclusive, keeps the span half-open."""
    start, end = selection.span
    return start.isoformat() if start else "", end.isoformat() if end else "~"


def _day_after(day: datetime.date) -> str:
    return (day + datetime.timedelta(days=1)).isoformat() if day < datetime.date.max else "~"


def _items(
    table: Table, customer: Customer, selection: Selection, first: str, last: str, expected: int
) -> Iterator[TransactionItem]:
    """The items between two keys, of all groups from the table, of one group or type from the index."""
    if first > last:
        return iter(())
    group = selection.group
    if group is None:
        hash_key, partition = "PK", customer.partition
    else:
        hash_key, partition = "G", f"{customer.partition}#{group}"
    values = {
        ":partition": string(partition),
        ":first": string(sort_key(first)),
        ":last": string(sort_key(last)),
    }
    if selection.category is not None:
        values[":category"] = number(selection.category)
    return table.query(
        TransactionItem,
        f"{hash_key} = :partition AND SK BETWEEN :first AND :last",
        values,
        index=INDEX if group is not None else None,
        filter_=None if selection.category is None else "category = :category",
        descending=selection.descending,
        limit=expected if selection.category is None else _PIECE,
    )
