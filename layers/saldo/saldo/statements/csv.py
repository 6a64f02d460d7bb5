"""Statements in CSV: a header row of the bulk call's names, and `currency`; columns of other names are skipped."""

import csv
import io
from typing import TYPE_CHECKING

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.money import parse
from saldo.statements import Statement
from saldo.transactions import MAX_ID, Row

if TYPE_CHECKING:
    from _csv import Reader

_REQUIRED = ("transactionDate", "amount")
_OPTIONAL = (
    "description",
    "reference",
    "account",
    "counterparty",
    "category",
    "transactionID",
    "balance",
    "currency",
)
_DELIMITERS = ",;\t"


def read(content: bytes) -> Statement:
    """The statement of a CSV file in UTF-8, delimited by comma, semicolon or tab. BadInput names line and column."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise bad("body", "is not UTF-8 text") from None
    delimiter = max(_DELIMITERS, key=text.lstrip().partition("\n")[0].count)
    try:
        return _read(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise bad("body", "is neither JSON nor a CSV file with a header row") from None


def _read(table: "Reader") -> Statement:
    columns = [name.strip() for name in next((row for row in table if any(row)), [])]
    for name in _REQUIRED + _OPTIONAL:
        if columns.count(name) > 1 or (name in _REQUIRED and name not in columns):
            raise bad("header row", f"does not have the column {name} once")
    at = {name: columns.index(name) for name in _REQUIRED + _OPTIONAL if name in columns}
    rows = []
    currencies = set()
    for cells in table:
        if not any(cells):
            continue
        place = f"line {table.line_num}"
        if len(cells) != len(columns):
            raise bad(place, "has not as many cells as the header row")
        known = {name: cells[index].strip() for name, index in at.items()}
        rows.append(_row(known, place))
        currencies.add(known.get("currency") or None)
    if len(currencies) > 1:
        raise bad("currency", "is not the same in all rows")
    return Statement(rows, currency=next(iter(currencies), None))


def _row(known: dict[str, str], place: str) -> Row:
    """The row of the cells whose columns are known; an empty cell says nothing."""
    said = known.get
    category, identity, balance = said("category"), said("transactionID"), said("balance")
    return Row(
        place=place,
        date=parse_instant(known["transactionDate"], f"{place}.transactionDate"),
        amount=parse(known["amount"], f"{place}.amount"),
        category=_integer(category, f"{place}.category") if category else None,
        balance=parse(balance, f"{place}.balance") if balance else None,
        id=_integer(identity, f"{place}.transactionID") if identity else None,
        text=said("description") or None,
        reference=said("reference") or None,
        account=said("account") or None,
        counterparty=said("counterparty") or None,
    )


def _integer(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))):
        raise bad(field, "is not an integer")
    return int(text)
