"""A transaction as the ledger keeps it and as a listing shows it.

This is the one list of its fields: the item in the table, the listing's JSON and what a draft copies from a row are
all derived from it, so a field that is added here is kept and shown everywhere.
"""

import hashlib
from decimal import Decimal

import msgspec

from saldo.money import plain

MAX_ID = 2**53 - 1
# The most characters of each text, and of `extra`, so that a hundred transactions always fit in one write.
LONGEST = {"text": 2000, "reference": 256, "account": 256, "counterparty": 256, "counterparty_account": 256}
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
        "counterparty_account": "counterpartyAccount",
        "merchant_code": "merchantCode",
        "import_": "import",
    },
):
    """One booking. `date` is an instant, `value` an amount in its plain form, `extra` a JSON object.

    `counterparty_account` is the account number of the other side, `merchant_code` the merchant category code of a
    card payment (four digits, ISO 18245). `rule` is what chose the category: a rule of the scheme, `own-accounts` or
    `default`; None if somebody gave it. `import_` is the id of the import that brought the transaction.

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
    counterparty_account: str | None = None
    merchant_code: str | None = None
    balance: Decimal | None = None
    extra: msgspec.Raw | None = None
    rule: str | None = None
    import_: str | None = None

    @property
    def key(self) -> str:
        """Its place in the ledger: keys sort by date, then id."""
        return key_of(self.date, self.id)

    @property
    def digest(self) -> str:
        """A hash of its content: of all but the category, which may be corrected, and what brought it."""
        balance = None if self.balance is None else plain(self.balance)
        content = msgspec.structs.replace(
            self, group=0, category=0, value=plain(self.value), balance=balance, rule=None, import_=None
        )
        return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()


def key_of(date: str, id: int) -> str:
    """The place in the ledger of the transaction with this date and id, `{date}#{id}`."""
    return f"{date}#{id:016d}"


# What is neither identity nor amount: copied as it is from a transaction to its item.
DETAILS = tuple(field for field in msgspec.structs.fields(Transaction)[5:])
# What says how the transaction came about; all other details are those of its row.
ORIGINS = ("rule", "import_")
ROW_DETAILS = tuple(field.name for field in DETAILS if field.name not in ORIGINS)
