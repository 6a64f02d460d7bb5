"""Drafts: rows that have become transactions, with a category and an id, and are about to be recorded.

A row of a statement has no id of its own: its id is a fingerprint of what it says and of the how-manieth such row
it is in its statement, so a statement that is sent again, or one that overlaps, adds nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from saldo.classification import Classifier
from saldo.transactions import Row, Transaction, fingerprint, likeness


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
