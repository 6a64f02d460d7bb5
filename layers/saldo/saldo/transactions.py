"""A transaction as the ledger keeps it, and how long its texts may be."""

from decimal import Decimal

import msgspec

MAX_ID = 2**53 - 1
LONGEST = {"text": 2000, "reference": 256, "account": 256, "counterparty": 256, "extra": 4096}


class Transaction(msgspec.Struct, frozen=True, gc=False):
    """One booking. `date` is an instant, `value` an amount in its plain form, `extra` JSON text."""

    id: int
    group: int
    category: int
    date: str
    value: Decimal
    reference: str | None = None
    text: str | None = None
    account: str | None = None
    counterparty: str | None = None
    balance: Decimal | None = None
    extra: str | None = None

    @property
    def key(self) -> str:
        """Its place in the ledger, `{date}#{id}`: the order of keys is the order of date, then id."""
        return f"{self.date}#{self.id:016d}"
