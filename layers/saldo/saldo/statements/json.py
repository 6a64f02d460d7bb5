"""Statements in JSON: the body of the bulk call, and the Berlin Group's account information (NextGenPSD2):

{"account": {"iban"}, "transactions": {"booked": [...]}}, in which unknown fields are ignored
"""

import msgspec

from saldo.dates import parse_booking
from saldo.errors import BadInput, bad
from saldo.json import decode
from saldo.money import parse_json
from saldo.statements.bodies import Bulk
from saldo.statements.statement import Row, Statement


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


def read_json(content: bytes) -> Statement:
    """The statement in the bulk or the Berlin Group shape. BadInput names the field."""
    try:
        bulk = decode(content, Bulk)
    except BadInput:
        if bytes(decode(content, _Envelope).transactions).startswith(b"{"):
            return _read_berlin_group(content)
        raise
    return Statement(bulk, accounts=bulk.accounts)


def _read_berlin_group(content: bytes) -> Statement:
    body = decode(content, _BerlinGroup)
    booked = body.transactions.booked
    currencies = {row.transactionAmount.currency for row in booked}
    if len(currencies) > 1:
        raise bad("transactions.booked", "must all be in the same currency")
    return Statement(
        [_booked_row(row, number, body.account) for number, row in enumerate(booked)],
        currency=next(iter(currencies), None),
    )


def _booked_row(row: _Booked, number: int, account: _Account | None) -> Row:
    place = f"transactions.booked[{number}]"
    day = row.bookingDate or row.bookingDateTime or row.valueDate
    if day is None:
        raise bad(f"{place}.bookingDate", "is required")
    amount = parse_json(bytes(row.transactionAmount.amount), f"{place}.transactionAmount.amount")
    text = row.remittanceInformationUnstructured or " ".join(row.remittanceInformationUnstructuredArray)
    return Row(
        place=place,
        date=parse_booking(day, f"{place}.bookingDate"),
        amount=amount,
        text=text or None,
        reference=row.transactionId or row.entryReference or None,
        account=account.iban if account else None,
        counterparty=(row.creditorName if amount < 0 else row.debtorName) or None,
    ).checked()
