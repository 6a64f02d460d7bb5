"""Drafts: rows that have become transactions, with a category and an id, and are about to be recorded.

A row of a statement has no id of its own: its id is a fingerprint of what it says and of the how-manieth such row
it is in its statement, so a statement that is sent again, or one that overlaps, adds nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from saldo.classification import Classifier
from saldo.statements.statement import Row
from saldo.transactions import MAX_ID, Transaction


class Draft(msgspec.Struct, frozen=True):
    """A transaction that is about to be recorded, and which of its facts the client itself gave."""

    transaction: Transaction
    gave_id: bool
    gave_category: bool

    def says_the_same_as(self, stored: Transaction) -> bool:
        """Whether recording it again adds nothing: equal but for a category that a rule had chosen."""
        own = self.transaction
        if not self.gave_category:
            own = msgspec.structs.replace(own, category=stored.category, group=stored.group)
        return own == stored


def draft(rows: Iterable[Row], classifier: Classifier, *, salt: str | None = None) -> Iterator[Draft]:
    """Give each row its category and its id.

    With a salt (that of an idempotency key) the same rows get the same ids only under the same salt.
    BadInput as of the classifier.
    """
    seen: set[int] = set()
    twins: Counter[int] = Counter()
    for row in rows:
        category, group, _ = classifier.classify(row)
        identity = row.id
        if identity is None:
            identity = likeness(row, salt)
            if identity in seen:
                twins[identity] += 1
                identity = fingerprint(row, salt, twins[identity] + 1)
            else:
                seen.add(identity)
        yield Draft(
            Transaction(
                id=identity,
                group=group,
                category=category,
                date=row.date,
                value=row.amount,
                reference=row.reference,
                text=row.text,
                account=row.account,
                counterparty=row.counterparty,
                balance=row.balance,
                extra=row.extra,
            ),
            gave_id=row.id is not None,
            gave_category=row.category is not None,
        )


def likeness(row: Row, salt: str | None = None) -> int:
    """The same number for rows that say the same of account, date, amount, text and reference: the id of the first
    such row of a statement."""
    return fingerprint(row, salt, 1)


def fingerprint(row: Row, salt: str | None, ordinal: int) -> int:
    """An id that only depends on what the row says and the how-manieth such row it is, from 1 to 2^53 - 1."""
    said = (salt, row.account, row.date, str(row.amount), row.text, row.reference, ordinal)
    digest = hashlib.blake2b(msgspec.json.encode(said), digest_size=8).digest()
    return int.from_bytes(digest) % MAX_ID + 1
