"""Lists of things other than transactions. Each has items of its own, its entries, which are written in the same
write as what they list and stand in the order in which it is read.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from saldo.aws.table import Table
from saldo.aws.wire import S, string
from saldo.cursor import decode_entry, encode_entry
from saldo.errors import bad


class Entries(NamedTuple):
    """The sort keys of a page of entries, and the cursor of the next page if there is one."""

    sort_keys: list[str]
    next: str | None


class _Entry(msgspec.Struct, frozen=True):
    SK: S


def all_entries(table: Table, partition: str, kind: str, *, descending: bool = False) -> Iterator[str]:
    """The sort keys of all entries of a list, those of a partition that begin with `kind`; strongly consistent."""
    condition = "PK = :pk AND begins_with(SK, :kind)"
    values = {":pk": string(partition), ":kind": string(kind)}
    return (item.SK.value for item in table.query(_Entry, condition, values, descending=descending))


def entries(
    table: Table, partition: str, kind: str, limit: int, cursor: str | None, *, descending: bool = False
) -> Entries:
    """A page of at most `limit` entries, those of a partition whose sort keys begin with `kind`, after the cursor if
    there is one; strongly consistent. BadInput for a cursor of another list."""
    list_ = f"{partition} {kind}"
    first, last, after = kind, f"{kind}~", None
    if cursor is not None:
        after = decode_entry(cursor, list_)
        if not first <= after <= last:
            raise bad("cursor", "must be paging.next of the same list")
        first, last = (first, after) if descending else (after, last)
    # The entry at the position may be gone, so it is asked for, and left out: two more than the page has.
    items = table.query(
        _Entry,
        "PK = :pk AND SK BETWEEN :first AND :last",
        {":pk": string(partition), ":first": string(first), ":last": string(last)},
        descending=descending,
        first=limit + 2,
    )
    sort_keys = list(islice((item.SK.value for item in items if item.SK.value != after), limit + 1))
    if len(sort_keys) <= limit:
        return Entries(sort_keys, None)
    del sort_keys[limit:]
    return Entries(sort_keys, encode_entry(sort_keys[-1], list_))
