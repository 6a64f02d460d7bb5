"""Drafts: classified rows that have got an id and are about to be recorded.

A row of a statement has no id of its own: its id is a fingerprint of its content and of its ordinal among identical
rows of the statement, so a statement that is sent again, or one that overlaps, adds nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter

import msgspec

from saldo.classification import GIVEN, Classified
from saldo.statements.statement import Row
from saldo.transactions import ROW_DETAILS, Transaction

_details = attrgetter(*ROW_DETAILS)


# How many of the rows that were there already an answer names.
MAX_SKIPPED = 100


class Skipped(msgspec.Struct, frozen=True, rename={"id": "transactionID", "date": "transactionDate"}):
    """A row that was there already: its place in what was sent, and the transaction that it is."""

    place: str
    id: int
    date: str


class Draft(msgspec.Struct, frozen=True):
    """A transaction that is about to be recorded, the place of its row, and whether the client gave the id.

    `salted` is whether only its own call can have recorded a transaction with this id.
    """

    transaction: Transaction
    place: str
    gave_id: bool
    salted: bool


def named(skipped: Iterable[Draft]) -> list[Skipped]:
    """The first hundred drafts that were there already, as an answer names them."""
    return [
        Skipped(draft.place, draft.transaction.id, draft.transaction.date) for draft in islice(skipped, MAX_SKIPPED)
    ]


def draft(
    rows: Iterable[tuple[Row, Classified]], *, salt: str | None = None, import_: str | None = None
) -> Iterator[Draft]:
    """Give each classified row its id, and the import that brings it.

    Under one salt (that of an idempotency key) the same rows get the same ids, under another one different ids.
    """
    seen: set[int] = set()
    repeats: Counter[int] = Counter()
    for row, (category, group, rule) in rows:
        identity = row.id
        if identity is None:
            identity = row.fingerprint(salt)
            if identity in seen:
                repeats[identity] += 1
                identity = row.fingerprint(salt, repeats[identity] + 1)
            else:
                seen.add(identity)
        details = dict(zip(ROW_DETAILS, _details(row), strict=True))
        yield Draft(
            Transaction(
                id=identity,
                group=group,
                category=category,
                date=row.date,
                value=row.amount,
                rule=None if rule == GIVEN else rule,
                import_=import_,
                **details,
            ),
            place=row.place,
            gave_id=row.id is not None,
            salted=row.id is None and salt is not None,
        )
