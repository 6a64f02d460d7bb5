"""The bodies of the two calls that register transactions; an unknown field is an error.

Amounts stay text until they are decimals, so that no number passes through a binary float.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from saldo.dates import INSTANT_PATTERN, parse_instant
from saldo.errors import bad
from saldo.money import parse_json
from saldo.statements.statement import SINGLE_NAMES, Row, merchant_code
from saldo.transactions import LONGEST, MAX_EXTRA, MAX_ID

MAX_BULK = 1000

ABSENT = msgspec.Raw()
_NOTHING = (b"", b"null")

# What the contract document says of the fields; but for lengths, the checks are made where the fields are read.
Moment = Annotated[
    str,
    msgspec.Meta(
        description="A day (`yyyy-mm-dd`), or an RFC 3339 time, which becomes UTC.",
        extra_json_schema={"pattern": INSTANT_PATTERN},
    ),
]
Amount = Annotated[
    msgspec.Raw,
    msgspec.Meta(
        description="A number or a decimal string, with at most the decimals of the customer's currency.",
        extra_json_schema={"type": ["number", "string"], "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
    ),
]
Text = Annotated[str, msgspec.Meta(max_length=LONGEST["text"])]
Reference = Annotated[str, msgspec.Meta(max_length=LONGEST["reference"])]
Account = Annotated[str, msgspec.Meta(max_length=LONGEST["account"])]
Counterparty = Annotated[str, msgspec.Meta(max_length=LONGEST["counterparty"])]
CounterpartyAccount = Annotated[str, msgspec.Meta(max_length=LONGEST["counterparty_account"])]
MerchantCode = Annotated[str, msgspec.Meta(description="ISO 18245.", extra_json_schema={"pattern": "^[0-9]{4}$"})]
TransactionId = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 1, "maximum": MAX_ID})]
# Any value: its schema names no type.
Ignored = Annotated[msgspec.Raw, msgspec.Meta(description="Ignored.", extra_json_schema={"type": None})]


class BulkTransaction(msgspec.Struct, gc=False, forbid_unknown_fields=True, rename={"import_": "import"}):
    """One of the transactions of a bulk call, or of a listing. Without a category the rules decide."""

    transactionDate: Moment
    amount: Amount = ABSENT
    description: Text | None = None
    category: int | None = None
    reference: Reference | None = None
    account: Account | None = None
    counterparty: Counterparty | None = None
    counterpartyAccount: CounterpartyAccount | None = None
    merchantCode: MerchantCode | None = None
    balance: Amount = ABSENT
    extra: msgspec.Raw = ABSENT
    transactionID: TransactionId | None = None
    # A listing calls three fields by other names.
    value: Amount = ABSENT
    text: Text | None = None
    transactionTypeID: int | None = None
    transactionGroupID: Ignored = ABSENT
    rule: Ignored = ABSENT
    import_: Ignored = ABSENT

    def row(self, place: str, account: str | None, instants: dict[str, str], amounts: dict[bytes, Decimal]) -> Row:
        """The row at the place in the call; `account` is the one of all rows that name none. BadInput names the
        field.

        `instants` and `amounts` have those that were read already, by their texts: they repeat.
        """
        if self.merchantCode and not merchant_code(self.merchantCode):
            raise bad(f"{place}.merchantCode", "must be 4 digits")
        amount, amount_name = self.amount, "amount"
        if self.value is not ABSENT:
            _refuse_two(amount is not ABSENT, f"{place}.value", "amount")
            amount, amount_name = self.value, "value"
        elif amount is ABSENT:
            raise bad(f"{place}.amount", "is required")
        if self.text is not None:
            _refuse_two(self.description is not None, f"{place}.text", "description")
        if self.transactionTypeID is not None:
            _refuse_two(self.category is not None, f"{place}.transactionTypeID", "category")
        date, token = self.transactionDate, bytes(amount)
        if date not in instants:
            instants[date] = parse_instant(date, f"{place}.transactionDate")
        if token not in amounts:
            amounts[token] = parse_json(token, f"{place}.{amount_name}")
        row = Row(
            place=place,
            date=instants[date],
            amount=amounts[token],
            text=self.description or self.text or None,
            category=self.transactionTypeID if self.category is None else self.category,
            reference=self.reference or None,
            account=self.account or account or None,
            counterparty=self.counterparty or None,
            counterparty_account=self.counterpartyAccount or None,
            merchant_code=self.merchantCode or None,
            balance=None if self.balance is ABSENT else _balance(self.balance, f"{place}.balance"),
            extra=None if self.extra is ABSENT else extra_of(self.extra, f"{place}.extra"),
            id=self.transactionID,
        )
        return row if row.id is None else row.checked()


class Bulk(msgspec.Struct, forbid_unknown_fields=True):
    """The body of the bulk call, with Walker Street's fields of the account. `restore` brings back what was
    deleted."""

    transactions: Annotated[list[BulkTransaction], msgspec.Meta(extra_json_schema={"maxItems": MAX_BULK})]
    accountName: str | None = None
    accountNumber: Account | None = None
    accountType: str | None = None
    bsb: str | None = None
    bankName: str | None = None
    restore: bool = False

    def __iter__(self) -> Iterator[Row]:
        """The rows, one by one. BadInput names the field."""
        instants: dict[str, str] = {}
        amounts: dict[bytes, Decimal] = {}
        for number, transaction in enumerate(self.transactions):
            yield transaction.row(f"transactions[{number}]", self.accountNumber, instants, amounts)

    @property
    def accounts(self) -> frozenset[str]:
        """The account numbers of the rows."""
        numbers = {transaction.account or self.accountNumber for transaction in self.transactions}
        return frozenset(number for number in numbers if number)


class Single(msgspec.Struct, forbid_unknown_fields=True):
    """The body of dialogportal's call, which registers one transaction."""

    transactionTypeID: int
    transactionDate: Moment
    value: Amount
    reference: Reference | None = None
    text: Text | None = None
    extra: msgspec.Raw = ABSENT
    transactionID: TransactionId | None = None

    def row(self) -> Row:
        """BadInput names the field."""
        return Row(
            place="",
            date=parse_instant(self.transactionDate, "transactionDate"),
            amount=parse_json(bytes(self.value), "value"),
            text=self.text or None,
            category=self.transactionTypeID,
            reference=self.reference or None,
            extra=extra_of(self.extra, "extra"),
            id=self.transactionID,
            names=SINGLE_NAMES,
        ).checked()


def _refuse_two(are_two: bool, field: str, other_name: str) -> None:
    """BadInput if the field is there under its other name too."""
    if are_two:
        raise bad(field, f"cannot go with {other_name}, which is the same")


def _balance(token: msgspec.Raw, field: str) -> Decimal | None:
    return None if bytes(token) in _NOTHING else parse_json(bytes(token), field)


_OBJECT = msgspec.json.Decoder(dict[str, Any], float_hook=lambda text: msgspec.Raw(text.encode()))


def extra_of(token: msgspec.Raw, field: str) -> msgspec.Raw | None:
    """The JSON object without white space, its numbers as they were written. BadInput for anything else."""
    if bytes(token) in _NOTHING:
        return None
    try:
        compact = msgspec.json.encode(_OBJECT.decode(token))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad(field, "must be an object") from None
    if len(compact.decode()) > MAX_EXTRA:
        raise bad(field, f"must be at most {MAX_EXTRA} characters of JSON")
    return msgspec.Raw(compact)
