"""Transactions in JSON: the bodies of the two calls that register them, and the Berlin Group's account information.

single        {"transactionTypeID", "transactionDate", "value", ...}, dialogportal's names for one row
bulk          {"transactions": [{"transactionDate", "amount", ...}], "accountNumber"?, ...}
Berlin Group  {"account": {"iban"}, "transactions": {"booked": [...]}} (NextGenPSD2)

A field that our own two shapes do not know is an error; in the Berlin Group's, what is of no use is skipped.
"""

from decimal import Decimal
from typing import Any

import msgspec

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.json import decode
from saldo.money import parse_json
from saldo.statements.statement import SINGLE_NAMES, Row, Statement

_ABSENT = msgspec.Raw()
_NOTHING = (b"", b"null")


class _BulkRow(msgspec.Struct, forbid_unknown_fields=True):
    transactionDate: str
    amount: msgspec.Raw
    description: str | None = None
    category: int | None = None
    reference: str | None = None
    account: str | None = None
    counterparty: str | None = None
    balance: msgspec.Raw = _ABSENT
    extra: msgspec.Raw = _ABSENT
    transactionID: int | None = None


class _Bulk(msgspec.Struct, forbid_unknown_fields=True):
    transactions: list[_BulkRow]
    accountName: str | None = None
    accountNumber: str | None = None
    accountType: str | None = None
    bsb: str | None = None
    bankName: str | None = None


class _Single(msgspec.Struct, forbid_unknown_fields=True):
    transactionTypeID: int
    transactionDate: str
    value: msgspec.Raw
    reference: str | None = None
    text: str | None = None
    extra: msgspec.Raw = _ABSENT
    transactionID: int | None = None


class _Amount(msgspec.Struct):
    amount: msgspec.Raw
    currency: str


class _Account(msgspec.Struct):
    iban: str | None = None


class _Booked(msgspec.Struct):
    transactionAmount: _Amount
    bookingDate: str | None = None
    valueDate: str | None = None
    bookingDateTime: str | None = None
    transactionId: str | None = None
    entryReference: str | None = None
    creditorName: str | None = None
    debtorName: str | None = None
    remittanceInformationUnstructured: str | None = None
    remittanceInformationUnstructuredArray: list[str] = []


class _Bookings(msgspec.Struct):
    booked: list[_Booked]


class _BerlinGroup(msgspec.Struct):
    transactions: _Bookings
    account: _Account | None = None


class _Envelope(msgspec.Struct):
    transactions: msgspec.Raw


def read(content: bytes) -> Statement:
    """The statement in either shape. BadInput names the field."""
    envelope = decode(content, _Envelope)
    if bytes(envelope.transactions).startswith(b"{"):
        return _read_berlin_group(content)
    return Statement(read_bulk(content))


def read_bulk(content: bytes) -> list[Row]:
    """The rows of the body of the bulk call."""
    bulk = decode(content, _Bulk)
    return [_bulk_row(row, number, bulk.accountNumber) for number, row in enumerate(bulk.transactions)]


def read_single(content: bytes) -> Row:
    """The body of dialogportal's call that registers one transaction."""
    sent = decode(content, _Single)
    return Row(
        place="",
        date=parse_instant(sent.transactionDate, "transactionDate"),
        amount=parse_json(bytes(sent.value), "value"),
        text=sent.text or None,
        category=sent.transactionTypeID,
        reference=sent.reference or None,
        extra=_extra(sent.extra, "extra"),
        id=sent.transactionID,
        names=SINGLE_NAMES,
    )


def _bulk_row(row: _BulkRow, number: int, account: str | None) -> Row:
    place = f"transactions[{number}]"
    return Row(
        place=place,
        date=parse_instant(row.transactionDate, f"{place}.transactionDate"),
        amount=parse_json(bytes(row.amount), f"{place}.amount"),
        text=row.description or None,
        category=row.category,
        reference=row.reference or None,
        account=row.account or account or None,
        counterparty=row.counterparty or None,
        balance=_balance(row.balance, f"{place}.balance"),
        extra=_extra(row.extra, f"{place}.extra"),
        id=row.transactionID,
    )


def _read_berlin_group(content: bytes) -> Statement:
    sent = decode(content, _BerlinGroup)
    booked = sent.transactions.booked
    currencies = {row.transactionAmount.currency for row in booked}
    if len(currencies) > 1:
        raise bad("transactions.booked", "has more than one currency")
    return Statement(
        [_booked_row(row, number, sent.account) for number, row in enumerate(booked)],
        currency=next(iter(currencies), None),
    )


def _booked_row(row: _Booked, number: int, account: _Account | None) -> Row:
    place = f"transactions.booked[{number}]"
    day = row.bookingDateTime or row.bookingDate or row.valueDate
    if day is None:
        raise bad(f"{place}.bookingDate", "is required")
    amount = parse_json(bytes(row.transactionAmount.amount), f"{place}.transactionAmount.amount")
    unstructured = row.remittanceInformationUnstructured or " ".join(row.remittanceInformationUnstructuredArray)
    return Row(
        place=place,
        date=parse_instant(day, f"{place}.bookingDate"),
        amount=amount,
        text=unstructured or None,
        reference=row.transactionId or row.entryReference or None,
        account=account.iban if account else None,
        counterparty=(row.creditorName if amount < 0 else row.debtorName) or None,
    )


def _balance(token: msgspec.Raw, field: str) -> Decimal | None:
    return None if bytes(token) in _NOTHING else parse_json(bytes(token), field)


_OBJECT = msgspec.json.Decoder(dict[str, Any], float_hook=lambda text: msgspec.Raw(text.encode()))


def _extra(token: msgspec.Raw, field: str) -> str | None:
    """A JSON object as compact text, its numbers as they were written."""
    if bytes(token) in _NOTHING:
        return None
    try:
        return msgspec.json.encode(_OBJECT.decode(token)).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad(field, "is not an object") from None
