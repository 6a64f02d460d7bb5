"""Statements in SWIFT's MT940 (customer statement) and MT942 (interim report), as banks write them to files.

Nothing is skipped in silence: balances, or the sums of an interim report, must be those of the rows, and a `:61:`
that cannot be read is an error. Fields and marks are those of SWIFT's category 9.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.money import is_currency, parse, plain
from saldo.statements.balances import check
from saldo.statements.remittance import FULL_LINE, details, joined, tidied
from saldo.statements.statement import Row, Statement, cut
from saldo.statements.swift import MAX_LINES, Field, messages

_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?:(?P<entry>[0-9]{4})| {4})?(?P<mark>[RE]?[CD])[A-Z]?"
    # Knab leaves the comma out where no decimals follow.
    r"(?P<amount>[0-9]+,[0-9]*|[0-9]+(?=[NFS]))(?:[NFS][A-Za-z0-9 ]{3}(?P<rest>.*))?"
)
_BALANCE = re.compile(r"(?P<mark>[CD])[0-9]{6}(?P<currency>[A-Z]{3})(?P<amount>[0-9]+,[0-9]*)\s*")
_SUM = re.compile(r"(?P<count>[0-9]{1,9})(?P<currency>[A-Z]{3})(?P<amount>[0-9]+,[0-9]*)\s*")
_FLOOR = re.compile(r"(?P<currency>[A-Z]{3})[CD ]?[0-9]+,[0-9]*\s*")
# A bank before the account: a German bank code or a BIC (or `TRIODOSBANK`).
_BANK = re.compile(r"[A-Z0-9]{8,11}/")
_OPENING = ("60", "60F", "60M")
_CLOSING = ("62", "62F", "62M")
_INFORMATION = frozenset(("13", "13D", "20", "21", "28", "28C", "64", "65", "86", "NS"))
_REFERENCE_LENGTH = 16
_NO_REFERENCE = frozenset(("", "NONREF", "EREF", "KREF", "EREF+", "KREF+", "NOTPROVIDED"))
# Dates are of 1980 to 2079 (SWIFT: a year above 79 is of the last century).
_LAST_SHORT_YEAR = 79

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


class _Balance(NamedTuple):
    place: str
    intermediate: bool
    amount: Decimal


def read(content: bytes) -> Statement:
    """All statements of a file, which are of one currency. BadInput names the line, or which statement it is."""
    rows: list[Row] = []
    currencies: set[str] = set()
    before: tuple[str | None, _Balance] | None = None
    number = 0
    for number, fields in enumerate(messages(content), 1):
        message = _Message(fields, f"statement {number}")
        opening, closing = message.opening, message.closing
        if opening and before and opening.intermediate and before[1].intermediate and before[0] == message.account:
            gap = opening.amount - before[1].amount
            if gap:
                raise bad(opening.place, f"opens with {plain(gap)} more than the page before closes with")
        if closing:
            before = message.account, closing
        rows += message.rows
        currencies |= message.currencies
    if not number:
        raise bad("body", "holds no statement (:20:)")
    if len(currencies) > 1:
        raise bad("currency", "is not the same in all statements")
    return Statement(rows, next(iter(currencies), None))


class _Message:
    """One message: its rows, and its balances if it is a statement. BadInput if they do not agree."""

    def __init__(self, fields: Iterator[Field], place: str) -> None:
        self.rows: list[Row] = []
        self.currencies: set[str] = set()
        self.account: str | None = None
        self.opening: _Balance | None = None
        self.closing: _Balance | None = None
        self._expected: list[Decimal] = []
        self._debits: list[Decimal] = []
        self._credits: list[Decimal] = []
        self._sums: dict[str, Field] = {}
        self._unknown: Field | None = None
        self._interim = False
        self._read(fields)
        self._check(place)

    def _read(self, fields: Iterator[Field]) -> None:
        line: Field | None = None
        details: list[str] = []
        for field in fields:
            tag = field.tag
            if line and tag not in ("86", "NS"):
                self._entry(line, details)
                line, details = None, []
            if tag == "61":
                if self.closing:
                    raise bad(field.place, "comes after the closing balance (:62:)")
                line = field
            elif tag == "86":
                # One that follows no line tells of the whole statement.
                details += field.lines if line else ()
                if len(details) > MAX_LINES:
                    raise bad(field.place, f"goes on for more than {MAX_LINES} lines")
            elif tag in ("25", "25P"):
                self.account = _account(field.lines[0])
            elif tag in _OPENING:
                if self.opening or self.rows:
                    raise bad(field.place, "is an opening balance that does not open the statement")
                self.opening = self._balance(field)
            elif tag in _CLOSING:
                if self.closing:
                    raise bad(field.place, "is a second closing balance")
                self.closing = self._balance(field)
            elif tag in ("90D", "90C"):
                if tag in self._sums:
                    raise bad(field.place, "is a second sum")
                self._sums[tag] = field
            elif tag == "34F":
                self._interim = True
                self.currencies.add(_match(_FLOOR, field)["currency"])
            elif tag not in _INFORMATION:
                self._unknown = self._unknown or field
        if line:
            self._entry(line, details)
        for row in self.rows:
            row.account = cut("account", self.account)

    def _balance(self, field: Field) -> _Balance:
        match = _match(_BALANCE, field)
        self.currencies.add(match["currency"])
        amount = _amount(match, field)
        return _Balance(field.place, field.tag.endswith("M"), amount if match["mark"] == "C" else -amount)

    def _entry(self, line: Field, information: list[str]) -> None:
        match = _match(_LINE, line)
        mark = match["mark"]
        amount = _amount(match, line)
        # A reversed credit takes away, a reversed debit gives back.
        debit = mark in ("D", "RC", "ED")
        if mark in ("EC", "ED"):
            # Expected, not booked: it comes again when it is.
            self._expected.append(-amount if debit else amount)
            return
        (self._debits if debit else self._credits).append(amount)
        reference, bank_reference, aside = _references(match["rest"] or "")
        supplement = joined(line.lines[1:], FULL_LINE)
        said = details(information, self.account)
        account = said.account or (supplement if _IBAN.fullmatch(supplement) else "")
        given = (reference, *said.references, bank_reference)
        self.rows.append(
            Row(
                place=line.place,
                date=parse_instant(_day(match, line).isoformat(), line.place),
                amount=-amount if debit else amount,
                text=cut("text", said.text or ("" if account == supplement else supplement)),
                reference=cut("reference", next((one for one in given if one not in _NO_REFERENCE), None)),
                counterparty=cut("counterparty", said.name or aside),
                counterparty_account=cut("account", account),
            )
        )

    def _check(self, place: str) -> None:
        if len(self.currencies) > 1:
            raise bad(f"{place}.currency", "is not the same in all its balances")
        if self.opening and not self.closing:
            raise bad(place, "is cut off: it has no closing balance (:62:)")
        if self.opening and self.closing:
            check(self.opening.amount, self.rows, self.closing.amount, place)
        elif self.closing or not (self._interim or self._sums):
            raise bad(place, "has no opening balance (:60:)")
        elif self._unknown and not self._sums:
            # Nothing else would tell that this is no line gone wrong.
            raise bad(self._unknown.place, "is a field that is not known")
        for field in self._sums.values():
            self._check_sum(field)

    def _check_sum(self, field: Field) -> None:
        """Some banks count what is expected, others do not."""
        match = _match(_SUM, field)
        self.currencies.add(match["currency"])
        debit = field.tag == "90D"
        booked = self._debits if debit else self._credits
        expected = [abs(amount) for amount in self._expected if (amount < 0) == debit]
        given = int(match["count"]), _amount(match, field)
        if given not in ((len(some), sum(some, Decimal())) for some in (booked, booked + expected)):
            raise bad(field.place, "is not the number and sum of the lines")


def _match(form: re.Pattern[str], field: Field) -> re.Match[str]:
    match = form.fullmatch(field.lines[0])
    if not match:
        raise bad(field.place, f"is not a :{field.tag}: as SWIFT defines it")
    return match


def _amount(match: re.Match[str], field: Field) -> Decimal:
    whole, _, rest = match["amount"].partition(",")
    return parse(f"{whole}.{rest or '0'}", f"{field.place}.amount")


def _account(text: str) -> str | None:
    """The account, without the bank before it and the currency after it."""
    text = text.strip()
    if _BANK.match(text):
        text = text.partition("/")[2]
    if text[:-3].rstrip()[-1:].isdigit() and is_currency(text[-3:]):
        text = text[:-3].rstrip()
    return text or None


def _day(match: re.Match[str], field: Field) -> date:
    """The day of the entry, in the year that brings it nearest to the value day; without one, the value day."""
    year, month, day = (int(match["value"][at : at + 2]) for at in (0, 2, 4))
    year += 2000 if year <= _LAST_SHORT_YEAR else 1900
    value = _valid(year, month, day)
    while value is None and month == 2 and 28 < day <= 30:
        # The months of German interest have thirty days.
        day -= 1
        value = _valid(year, month, day)
    if value is None:
        raise bad(field.place, "has no such value date")
    entry = match["entry"]
    if entry is None:
        return value
    days = [_valid(year + step, int(entry[:2]), int(entry[2:])) for step in (0, -1, 1)]
    found = min((day for day in days if day), key=lambda day: abs(day - value), default=None)
    if found is None:
        raise bad(field.place, "has no such entry date")
    return found


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _references(rest: str) -> tuple[str, str, str]:
    """The customer's reference, the bank's, and what Rabobank writes after the column of the first: a name."""
    reference, slashes, bank_reference = rest.partition("//")
    column = rest[:_REFERENCE_LENGTH]
    if slashes or not column.endswith(" "):
        return reference.strip(), bank_reference.strip(), ""
    return column.strip(), "", tidied(rest[_REFERENCE_LENGTH:])
