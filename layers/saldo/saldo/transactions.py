"""A transaction as the ledger keeps it and as a listing shows it.

This is the one list of its fields: the item in the table, the listing's JSON and what a draft copies from a row are
all derived from it, so a field that is added here is kept and shown everywhere.
"""

from decimal import Decimal

import msgspec

MAX_ID = 2**53 - 1
# The most characters of each text, and of `extra`, so that a hundred transactions always fit in one write.
LONGEST = {"text": 2000, "reference": 256, "account": 256, "counterparty": 256}
MAX_EXTRA = 4096


class Transaction(
    msgspec.Struct,
    frozen=True,
    gc=False,
    omit_defaults=True,
    rename={
        "id": "transactionID",
        "group": "transactionGroupID",
        "category": "transactionTypeID",
        "date": "transactionDate",
    },
):
    """One booking. `date` is an instant, `value` an amount in its plain form, `extra` a JSON object.

    In JSON it has dialogportal's names; the fields without a default are always there, the others where they have a
    value.
    """

    id: int
    group: int
    category: int
    date: str
    value: Decimal
    reference: str | None
    text: str | None = None
    account: str | None = None
    counterparty: str | None = None
    balance: Decimal | None = None
    extra: msgspec.Raw | None = None

    @property
    def key(self) -> str:
        """Its place in the ledger, `{date}#{id}`: keys sort by date, then id."""
        return f"{self.date}#{self.id:016d}"


# What is neither identity nor amount: copied as it is from a row to its transaction, and from there to its item.
DETAILS = tuple(field for field in msgspec.structs.fields(Transaction)[5:])
