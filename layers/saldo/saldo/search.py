"""A search: transactions by their account, by words of text and counterparty, and by value.

No key of the table tells these, so whoever searches looks at the transactions one by one.
"""

from decimal import Decimal
from typing import NamedTuple

from saldo.accounts import comparable
from saldo.rules import words
from saldo.transactions import Transaction


class Search(NamedTuple):
    """What is searched for; None and no words match everything.

    `account` is as `comparable` returns it. `beginnings` come from `words`: a word of text or counterparty begins
    with each of them. `least` and `most` are both inside.
    """

    account: str | None = None
    beginnings: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None

    def finds(self, transaction: Transaction) -> bool:
        value = transaction.value
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            return False
        if self.account is not None and comparable(transaction.account or "") != self.account:
            return False
        if not self.beginnings:
            return True
        row = " ".join(["", *words(f"{transaction.counterparty or ''} {transaction.text or ''}")])
        return all(f" {beginning}" in row for beginning in self.beginnings)
