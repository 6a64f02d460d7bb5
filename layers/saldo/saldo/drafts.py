"""Drafts: classified rows that have got an id and are about to be recorded.

A row of a statement has no id of its own: its id is a fingerprint of its content and of its ordinal among identical
rows of the statement, so a statement that is sent again, or one that overlaps, adds nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec

from saldo.classification import Classified
from saldo.statements.statement import Row
from saldo.transactions import DETAILS, Transaction

_NAMES = tuple(field.name for field in DETAILS)
_details = attrgetter(*_NAMES)


class Draft(msgspec.Struct, frozen=True):
    """A transaction that is about to be recorded, and which of its fields the client itself gave."""

    transaction: Transaction
    gave_id: bool
    gave_category: bool


def draft(rows: Iterable[tuple[Row, Classified]], *, salt: str | None = None) -> Iterator[Draft]:
    """Give each classified row its id.

    Under one salt (that of an idempotency key) the same rows get the same ids, under another one different ids.
    """
    seen: set[int] = set()
    repeats: Counter[int] = Counter()
    for row, (category, group, _) in rows:
        identity = row.id
        if identity is None:
            identity = row.fingerprint(salt)
            if identity in seen:
                repeats[identity] += 1
                identity = row.fingerprint(salt, repeats[identity] + 1)
            else:
                seen.add(identity)
        details = dict(zip(_NAMES, _details(row), strict=True))
        yield Draft(
            Transaction(id=identity, group=group, category=category, date=row.date, value=row.amount, **details),
            gave_id=row.id is not None,
            gave_category=row.category is not None,
        )
