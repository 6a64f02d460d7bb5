"""Drafts: classified rows that have got an id and are about to be recorded.

A row of a statement has no id of its own: its id is a fingerprint of its content and of its ordinal among identical
rows of the statement, so a statement that is sent again, or one that overlaps, adds nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec

from saldo.classification import Classified
from saldo.statements.statement import Row
from saldo.transactions import DETAILS, MAX_ID, Transaction

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
            identity = likeness(row, salt)
            if identity in seen:
                repeats[identity] += 1
                identity = fingerprint(row, salt, repeats[identity] + 1)
            else:
                seen.add(identity)
        details = dict(zip(_NAMES, _details(row), strict=True))
        yield Draft(
            Transaction(id=identity, group=group, category=category, date=row.date, value=row.amount, **details),
            gave_id=row.id is not None,
            gave_category=row.category is not None,
        )


def likeness(row: Row, salt: str | None = None) -> int:
    """The same number for rows of the same account, date, amount, text and reference: the id of the first such row of
    a statement."""
    return fingerprint(row, salt, 1)


def fingerprint(row: Row, salt: str | None, ordinal: int) -> int:
    """An id from 1 to 2^53 - 1 that depends only on the row's content and on its ordinal among identical rows."""
    content = (salt, row.account, row.date, str(row.amount), row.text, row.reference, ordinal)
    digest = hashlib.blake2b(msgspec.json.encode(content), digest_size=8).digest()
    return int.from_bytes(digest) % MAX_ID + 1
