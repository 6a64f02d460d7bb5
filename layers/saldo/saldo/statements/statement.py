"""What every format is read into: a Statement with its Rows."""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

from saldo.errors import bad
from saldo.money import is_currency
from saldo.periods import Period
from saldo.transactions import LONGEST, MAX_ID

# Texts that are not longer than this together are short enough, whichever fields they are in.
ALWAYS_FITS = min(LONGEST.values())

# What the fields of a row are called in the bulk call, and in dialogportal's call for a single transaction.
BULK_NAMES = MappingProxyType(
    {
        "date": "transactionDate",
        "text": "description",
        "id": "transactionID",
        "counterparty_account": "counterpartyAccount",
        "merchant_code": "merchantCode",
    }
)
SINGLE_NAMES = MappingProxyType(
    {"date": "transactionDate", "amount": "value", "category": "transactionTypeID", "id": "transactionID"}
)


class Row(msgspec.Struct, gc=False):
    """A transaction of a statement, before it has a category and an id.

    `place` is where it stands (`transactions[3]`, `line 4`, or empty), and `names` what its fields are called there;
    both are for messages. The other fields are those of a Transaction. Whoever reads one sees to the limits of its
    texts and its id, row by row (`checked`) or for many at once.
    """

    place: str
    date: str
    amount: Decimal
    text: str | None = None
    category: int | None = None
    reference: str | None = None
    account: str | None = None
    counterparty: str | None = None
    counterparty_account: str | None = None
    merchant_code: str | None = None
    balance: Decimal | None = None
    extra: msgspec.Raw | None = None
    id: int | None = None
    names: Mapping[str, str] = BULK_NAMES

    def checked(self) -> "Row":
        """The row itself. BadInput for a text that is longer than the ledger keeps, or an id out of range.

        With texts of bounded length a hundred transactions always fit in one write.
        """
        length = len(self.text or "") + len(self.reference or "") + len(self.account or "")
        length += len(self.counterparty or "") + len(self.counterparty_account or "")
        if length > ALWAYS_FITS:
            for field, limit in LONGEST.items():
                value = getattr(self, field)
                if value is not None and len(value) > limit:
                    raise bad(self.where(field), f"must be at most {limit} characters")
        if self.id is not None and not 0 < self.id <= MAX_ID:
            raise bad(self.where("id"), "must be from 1 to 2^53 - 1")
        return self

    def fingerprint(self, salt: str | None = None, ordinal: int = 1) -> int:
        """An id from 1 to 2^53 - 1 that depends only on account, date, amount, text, reference, counterparty and its
        account, on the row's ordinal among rows that are identical in these, and on the salt.

        Not on the balance: some banks write today's balance into every row.
        """
        content = (
            salt,
            self.account,
            self.date,
            str(self.amount),
            self.text,
            self.reference,
            self.counterparty,
            self.counterparty_account,
            ordinal,
        )
        digest = hashlib.blake2b(msgspec.json.encode(content), digest_size=8).digest()
        return int.from_bytes(digest) % MAX_ID + 1

    def where(self, field: str) -> str:
        """The place and name of a field as the sender knows it."""
        name = self.names.get(field, field)
        return f"{self.place}.{name}" if self.place else name


def merchant_code(text: str | None) -> str | None:
    """The merchant category code that a bank wrote; None for anything but four digits."""
    code = (text or "").strip()
    return code if len(code) == 4 and code.isascii() and code.isdigit() else None


def cut(field: str, text: str | None) -> str | None:
    """The text of a bank, cut to what the ledger keeps of the field; None if it is empty."""
    return text[: LONGEST[field]] if text else None


class Statement(msgspec.Struct):
    """The rows in the order of the file, the currency if the file names one, and the numbers of its accounts.

    `declared` is the period that the file itself declares where its format has one, with or without transactions: of
    several statements or files, from the earliest to the latest day. The rows may be walked more than once. If they
    are in memory, the accounts may be left out: they are taken from the rows.
    """

    rows: Iterable[Row]
    currency: str | None = None
    accounts: frozenset[str] | None = None
    declared: Period | None = None

    def __post_init__(self) -> None:
        if self.accounts is None:
            self.accounts = frozenset(row.account for row in self.rows if row.account)
        if self.currency is not None and not is_currency(self.currency):
            raise bad("currency", "must be an ISO 4217 currency")

    def require(self, currency: str) -> None:
        """BadInput if the file names another currency: amounts in two currencies are never added up."""
        if self.currency not in (None, currency):
            raise bad("currency", f"of the statement must be {currency}")
