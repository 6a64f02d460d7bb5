"""What every format is read into: a statement and its rows."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

from saldo.errors import bad
from saldo.money import is_currency
from saldo.transactions import LONGEST, MAX_ID

_SHORTEST_LIMIT = min(LONGEST.values())

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
    extra: msgspec.Raw | None = None
    id: int | None = None
    counterparty_account: str | None = None
    merchant_code: str | None = None
    names: Mapping[str, str] = BULK_NAMES

    def __post_init__(self) -> None:
        """No text longer than the ledger keeps, so that a hundred transactions always fit in one write."""
        # All together first: nearly every row is shorter than any limit.
        said = len(self.text or "") + len(self.reference or "") + len(self.account or "")
        if said + len(self.counterparty or "") > _SHORTEST_LIMIT:
            for field, limit in LONGEST.items():
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
    return text[: LONGEST[field]] if text else None


class Statement(msgspec.Struct):
    """The rows in the order of the file, the currency if the file names one, and the numbers of its accounts.

    Rows may be walked more than once. A reader that has a whole file in memory need not say the accounts.
    """

    rows: Iterable[Row]
    currency: str | None = None
    accounts: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.accounts is None:
            self.accounts = frozenset(row.account for row in self.rows if row.account)
        if self.currency is not None and not is_currency(self.currency):
            raise bad("currency", "is not an ISO 4217 currency")

    def require(self, currency: str) -> None:
        """BadInput if the file names another currency: nothing is ever added up across two."""
        if self.currency not in (None, currency):
            raise bad("currency", f"of the statement is not {currency}")
