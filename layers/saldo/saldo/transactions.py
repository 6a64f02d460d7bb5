"""Transactions, and the rows that they come from."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

from saldo.errors import bad

MAX_ID = 2**53 - 1
_LONGEST = {"text": 2000, "reference": 256, "account": 256, "counterparty": 256, "extra": 4096}
_SHORTEST_LIMIT = min(_LONGEST.values())


# What the fields of a row are called where they come from: in the bulk call, and in dialogportal's call for one.
BULK_NAMES = MappingProxyType({"date": "transactionDate", "text": "description", "id": "transactionID"})
SINGLE_NAMES = MappingProxyType(
    {"date": "transactionDate", "amount": "value", "category": "transactionTypeID", "id": "transactionID"}
)


class Row(msgspec.Struct, gc=False):
    """A transaction as it was sent. `place` says where it stood (`transactions[3]`, `line 4`, or nothing), and
    `names` what its fields are called there, both for messages.

    The other side's account number (IBAN or not) and a card payment's merchant category code (ISO 18245, four
    digits) only help to find a category; the ledger does not keep them.
    """

    place: str
    date: str
    amount: Decimal
    text: str | None = None
    category: int | None = None
    reference: str | None = None
    account: str | None = None
    counterparty: str | None = None
    balance: Decimal | None = None
    extra: str | None = None
    id: int | None = None
    counterparty_account: str | None = None
    merchant_code: str | None = None
    names: Mapping[str, str] = BULK_NAMES

    def __post_init__(self) -> None:
        """No text longer than the ledger keeps, so that a hundred transactions always fit in one write."""
        # All together first: nearly every row is shorter than any limit.
        said = len(self.text or "") + len(self.reference or "") + len(self.account or "")
        if said + len(self.counterparty or "") + len(self.extra or "") > _SHORTEST_LIMIT:
            for field, limit in _LONGEST.items():
                value = getattr(self, field)
                if value is not None and len(value) > limit:
                    raise bad(self.where(field), f"is longer than {limit} characters")
        if self.id is not None and not 0 < self.id <= MAX_ID:
            raise bad(self.where("id"), "is not from 1 to 2^53 - 1")

    def where(self, field: str) -> str:
        """The field as the sender knows it."""
        name = self.names.get(field, field)
        return f"{self.place}.{name}" if self.place else name


def cut(field: str, text: str | None) -> str | None:
    """What a bank wrote, no longer than the ledger keeps; None if that is nothing."""
    return text[: _LONGEST[field]] if text else None


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


def likeness(row: Row, salt: str | None = None) -> int:
    """The same number for rows that say the same of account, date, amount, text and reference: the id of the first
    such row of a statement."""
    return fingerprint(row, salt, 1)


def fingerprint(row: Row, salt: str | None, ordinal: int) -> int:
    """An id that only depends on what the row says and the how-manieth such row it is, from 1 to 2^53 - 1."""
    said = (salt, row.account, row.date, str(row.amount), row.text, row.reference, ordinal)
    digest = hashlib.blake2b(msgspec.json.encode(said), digest_size=8).digest()
    return int.from_bytes(digest) % MAX_ID + 1
