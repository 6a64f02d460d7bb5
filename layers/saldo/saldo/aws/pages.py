"""Reads pages of the ledger, and single transactions. A page is found by position: by the cursor's key, or by the
cube, which knows how many transactions each day holds; so a deep offset costs what the first page costs.

What is left of a deleted transaction has no group, and is no part of any list.
"""

import datetime
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from saldo.aws import cubes, layout
from saldo.aws.customers import Customer
from saldo.aws.items import StoredItem, TransactionItem, transaction_of
from saldo.aws.table import Table
from saldo.aws.wire import number, string
from saldo.cube import seek
from saldo.cursor import Cursor
from saldo.dates import Span
from saldo.search import Search
from saldo.selection import Selection
from saldo.transactions import Transaction, key_of

# How many items of a group one request looks at to find those of one type.
_TYPE_LIMIT = 1000
# How many transactions a page of a search looks at, and how many of them one request reads after the first.
MAX_SEARCHED = 5000
_SEARCH_LIMIT = 2500
_SMALL_OFFSET = 1000


class Page(NamedTuple):
    """Transactions in order, the offset of the first, the cursor of the next page if there is one, and how many
    transactions the selection has if that was asked. In a search, offsets count what it finds."""

    transactions: list[Transaction]
    offset: int
    next: str | None
    total: int | None = None


def page(
    table: Table,
    customer: Customer,
    selection: Selection,
    limit: int,
    *,
    offset: int = 0,
    cursor: str | None = None,
    total: bool = False,
) -> Page:
    """A page of at most `limit` transactions from the offset, or after the cursor. BadInput for a cursor of another
    listing.

    A page of a search may be short, or empty, though there is a next one; it begins by a cursor, never by an offset,
    and has no total.
    """
    first, last = bounds(selection.span)
    if cursor is not None:
        after = Cursor.decode(cursor, selection, customer.partition)
        offset = after.offset
        # Ids are written in one width, so the neighbours of the last key bound the rest.
        if selection.descending:
            last = key_of(after.date, after.id - 1)
        else:
            first = key_of(after.date, after.id + 1)
    if selection.search:
        items = _items(table, customer, selection, first, last, limit + 1)
        return _searched(customer, selection, selection.search, map(transaction_of, items), limit, offset)
    skip, count = 0, None
    if total or (offset and cursor is None):
        categories = None if selection.group is None else _categories(customer, selection)
        days: Iterable[tuple[datetime.date, int]] = cubes.counts(
            table,
            customer,
            selection.span,
            categories,
            descending=selection.descending,
            # Nearly every day has a transaction, so a small offset lies within as many days.
            first=offset + 1 if offset < _SMALL_OFFSET and not total else None,
        )
        if total:
            days = list(days)
            count = sum(of_day for _, of_day in days)
        if offset and cursor is None:
            start = seek(days, offset)
            if start is None:
                return Page([], offset, None, count)
            skip = start.skip
            if selection.descending:
                last = _day_after(start.day)
            else:
                first = start.day.isoformat()
    end = skip + limit + 1  # one more than the page tells whether there is a next one
    items = islice(_items(table, customer, selection, first, last, end), skip, end)
    transactions = [transaction_of(item) for item in items]
    if len(transactions) <= limit:
        return Page(transactions, offset, None, count)
    del transactions[limit:]
    position = Cursor(transactions[-1].date, transactions[-1].id, offset + limit)
    return Page(transactions, offset, position.encode(selection.fingerprint(customer.partition)), count)


def total(table: Table, customer: Customer, selection: Selection) -> int:
    """How many transactions the selection has, by the cube: those that a search would have to look at."""
    categories = None if selection.group is None else _categories(customer, selection)
    return sum(count for _, count in cubes.counts(table, customer, selection.span, categories))


def pieces(table: Table, customer: Customer, first: str, last: str, size: int) -> Iterator[list[Transaction]]:
    """The transactions of all groups between two keys, or beginnings of keys, in order, in pieces of that size;
    strongly consistent. No key is a bare day, so BETWEEN, which includes its ends, keeps a span half-open."""
    if first > last:
        return
    items: Iterator[Any] = table.query(
        TransactionItem,
        "PK = :partition AND SK BETWEEN :first AND :last",
        {
            ":partition": string(customer.partition),
            ":first": string(layout.transaction(first)),
            ":last": string(layout.transaction(last)),
        },
        filter_="attribute_exists(G)",
    )
    while piece := [transaction_of(item) for item in islice(items, size)]:
        yield piece


def bounds(span: Span) -> tuple[str, str]:
    """The beginnings of keys between which the span lies."""
    start, end = span
    return start.isoformat() if start else "", end.isoformat() if end else "~"


def find(table: Table, customer: Customer, key: str) -> Transaction | None:
    """The transaction with the key; None if there is none, or it is deleted."""
    item: Any = table.get(customer.partition, layout.transaction(key), StoredItem)
    return transaction_of(item) if item and item.G else None


def _searched(
    customer: Customer,
    selection: Selection,
    search: Search,
    transactions: Iterator[Transaction],
    limit: int,
    offset: int,
) -> Page:
    """The page of what the search finds among the transactions. It ends before the first find that has no more room,
    so the last page knows that it is the last."""
    matches: list[Transaction] = []
    position = None
    for looked, transaction in enumerate(transactions):
        if looked == MAX_SEARCHED:
            break
        if selection.category in (None, transaction.category) and search.finds(transaction):
            if len(matches) == limit:
                break
            matches.append(transaction)
        position = transaction
    else:
        return Page(matches, offset, None)
    assert position, "a page has room for a transaction"
    cursor = Cursor(position.date, position.id, offset + len(matches))
    return Page(matches, offset, cursor.encode(selection.fingerprint(customer.partition)))


def _categories(customer: Customer, selection: Selection) -> list[int]:
    places = customer.scheme.places()
    return [place.category.id for place in places if selection.includes(place.group.id, place.category.id)]


def _day_after(day: datetime.date) -> str:
    return (day + datetime.timedelta(days=1)).isoformat() if day < datetime.date.max else "~"


def _items(
    table: Table, customer: Customer, selection: Selection, first: str, last: str, expected: int
) -> Iterator[Any]:
    """The items between two keys: of all groups from the table, of one group or type from the index. `expected` says
    how many items the first request looks at."""
    if first > last:
        return iter(())
    group, category = selection.group, selection.category
    if group is None:
        hash_key, partition = "PK", customer.partition
    else:
        hash_key, partition = "G", layout.group(customer.partition, group)
    values = {
        ":partition": string(partition),
        ":first": string(layout.transaction(first)),
        ":last": string(layout.transaction(last)),
    }
    # One deleted transaction in the page makes a second request, which should not read 1 MB.
    options: dict[str, Any] = {"first": expected, "limit": _TYPE_LIMIT}
    if group is None:
        options["filter_"] = "attribute_exists(G)"
    if selection.search:
        # A type is told apart by the search, so that what it looks at is what is read.
        options["limit"] = _SEARCH_LIMIT
    elif category is not None:
        options = {"filter_": "category = :category", "limit": _TYPE_LIMIT}
        values[":category"] = number(category)
    return table.query(
        TransactionItem,
        f"{hash_key} = :partition AND SK BETWEEN :first AND :last",
        values,
        index=layout.BY_GROUP if group is not None else None,
        descending=selection.descending,
        **options,
    )
