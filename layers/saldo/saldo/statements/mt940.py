"""Statements in SWIFT's MT940 (customer statement) and MT942 (interim report), as banks write them to files.

Nothing is lost in silence: balances, or the sums of an interim report, must agree with the rows, and a `:61:` that
cannot be read is an error. Fields and marks are those of SWIFT's category 9.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.money import is_currency, parse, plain
from saldo.periods import Period, hull
from saldo.statements.balances import check
from saldo.statements.declared import declared_period
from saldo.statements.remittance import FULL_LINE, IBAN, joined, read_details, tidied
from saldo.statements.statement import Row, Statement, cut
from saldo.statements.swift import MAX_LINES, Field, messages

_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?:(?P<entry>[0-9]{4})| {4})?(?P<mark>[RE]?[CD])[A-Z]?"
    # Knab leaves out the comma if there are no decimals.
    r"(?P<amount>[0-9]+,[0-9]*|[0-9]+(?=[NFS]))"
    # Some banks leave out the type code, so that the reference follows.
    r"(?:(?P<untyped>NONREF(?://.*)?|//.*|[A-EG-MO-RT-Z][A-Z0-9].*)|[NFS][A-Za-z0-9 ]{3}(?P<rest>.*))?"
)
# Some banks write a point in balances, which the rows check.
_BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9]+[.,][0-9]*)\s*")
_SUM = re.compile(r"(?P<count>[0-9]{1,9})(?P<currency>[A-Z]{3})(?P<amount>[0-9]+,[0-9]*)\s*")
_FLOOR = re.compile(r"(?P<currency>[A-Z]{3})[CD ]?[0-9]+(?:[.,][0-9]*)?\s*")
# The bank before the account number: a German bank code, a BIC, or `TRIODOSBANK`.
_BANK = re.compile(r"[A-Z0-9]{8,11}/")
_OPENING = ("60", "60F", "60M")
_CLOSING = ("62", "62F", "62M")
_INFORMATION = frozenset(("13", "13D", "20", "21", "28", "28C", "64", "65", "86", "NS"))
_REFERENCE_LENGTH = 16
_NO_REFERENCE = frozenset(("", "NONREF", "EREF", "KREF", "EREF+", "KREF+", "NOTPROVIDED"))
# Dates are from 1980 to 2079 (SWIFT: a two-digit year above 79 is of the last century).
_LAST_SHORT_YEAR = 79


class _Balance(NamedTuple):
    place: str
    day: date | None
    intermediate: bool
    amount: Decimal


def read_mt940(content: bytes) -> Statement:
    """All statements in a file, which must be in one currency. BadInput names the line or the statement.

    The declared period is from the dates of the opening to those of the closing balances. Many banks date an opening
    balance on the day before; that day counts as inside, for nothing tells these banks from the others.
    """
    rows: list[Row] = []
    currencies: set[str] = set()
    declared: Period | None = None
    # The account and the closing balance of the statement before.
    previous: tuple[str | None, _Balance] | None = None
    number = 0
    for number, fields in enumerate(messages(content), 1):
        message = _Message(fields, f"statement {number}")
        opening, closing = message.opening, message.closing
        if opening and opening.intermediate and previous:
            account, previous_closing = previous
            gap = opening.amount - previous_closing.amount
            if previous_closing.intermediate and account == message.account and gap:
                raise bad(opening.place, f"opens with {plain(gap)} more than the page before closes with")
        if closing:
            previous = message.account, closing
        if opening and closing:
            declared = hull(declared, declared_period(opening.day, closing.day, message.rows))
        rows += message.rows
        currencies |= message.currencies
    if not number:
        raise bad("body", "must contain a statement (:20:)")
    if len(currencies) > 1:
        raise bad("currency", "must be the same in all statements")
    return Statement(rows, next(iter(currencies), None), declared=declared)


class _Message:
    """One message: its rows, and the balances of a statement. BadInput, with the line, if they do not agree."""

    def __init__(self, fields: Iterator[Field], place: str) -> None:
        self.rows: list[Row] = []
        self.currencies: set[str] = set()
        self.account: str | None = None
        self.opening: _Balance | None = None
        self.closing: _Balance | None = None
        # Amounts that are expected, not booked.
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
        information: list[str] = []
        for field in fields:
            tag = field.tag
            if line and tag not in ("86", "NS"):
                self._add_row(line, information)
                line, information = None, []
            if tag == "61":
                if self.closing:
                    raise bad(field.place, "must come before the closing balance (:62:)")
                line = field
            elif tag == "86":
                # Without a :61: before it, it is about the whole statement.
                information += field.lines if line else ()
                if len(information) > MAX_LINES:
                    raise bad(field.place, f"must have at most {MAX_LINES} lines in all")
            elif tag in ("25", "25P"):
                self.account = _account(field.lines[0])
            elif tag in _OPENING:
                if self.opening or self.rows:
                    raise bad(field.place, "must be the only opening balance, before all lines (:61:)")
                self.opening = self._balance(field)
            elif tag in _CLOSING:
                if self.closing:
                    raise bad(field.place, "must be the only closing balance")
                self.closing = self._balance(field)
            elif tag in ("90D", "90C"):
                if tag in self._sums:
                    raise bad(field.place, f"must be the only :{tag}:")
                self._sums[tag] = field
            elif tag == "34F":
                self._interim = True
                self.currencies.add(_match(_FLOOR, field)["currency"])
            elif tag not in _INFORMATION:
                self._unknown = self._unknown or field
        if line:
            self._add_row(line, information)
        account = cut("account", self.account)
        for row in self.rows:
            row.account = account

    def _balance(self, field: Field) -> _Balance:
        match = _match(_BALANCE, field)
        self.currencies.add(match["currency"])
        amount = _amount(match["amount"].replace(".", ","), field.place)
        signed = amount if match["mark"] == "C" else -amount
        return _Balance(field.place, _date(match["day"]), field.tag.endswith("M"), signed)

    def _add_row(self, line: Field, information: list[str]) -> None:
        """The row of a `:61:` and the lines of its `:86:`."""
        value, entry, mark, digits, untyped, rest = _match(_LINE, line).groups()
        place = line.place
        amount = _amount(digits, place)
        # The reversal of a credit is a debit, and the other way round.
        debit = mark in ("D", "RC", "ED")
        if mark in ("EC", "ED"):
            # It comes again when it is booked.
            self._expected.append(-amount if debit else amount)
            return
        (self._debits if debit else self._credits).append(amount)
        reference, bank_reference, name = _references(rest or untyped or "")
        supplement = joined(line.lines[1:], FULL_LINE)
        details = read_details(information, self.account, reference, supplement)
        account = details.account or (supplement if IBAN.fullmatch(supplement) else "")
        references = [
            text
            for text in (reference, *details.references, bank_reference)
            if text not in _NO_REFERENCE and text != account
        ]
        # It is the account, or the name of the account that stands where the reference belongs.
        is_party = bool(account) and account in (supplement, reference)
        self.rows.append(
            Row(
                place=place,
                date=_booked(value, entry, place),
                amount=-amount if debit else amount,
                text=cut("text", details.text or ("" if is_party else supplement)),
                reference=cut("reference", references[0] if references else None),
                counterparty=cut("counterparty", details.name or name),
                counterparty_account=cut("counterparty_account", account),
            )
        )

    def _check(self, place: str) -> None:
        if len(self.currencies) > 1:
            raise bad(f"{place}.currency", "must be the same in all balances")
        if self.opening and not self.closing:
            raise bad(place, "is cut off: it must have a closing balance (:62:)")
        if self.opening and self.closing:
            check(self.opening.amount, self.rows, self.closing.amount, place)
        elif self.closing or not (self._interim or self._sums):
            raise bad(place, "must have an opening balance (:60:)")
        elif self._unknown and not self._sums:
            # It may be a damaged :61:, and without balances or sums nothing else would show that.
            raise bad(self._unknown.place, "must be a field of MT942")
        for field in self._sums.values():
            self._check_sum(field)

    def _check_sum(self, field: Field) -> None:
        """BadInput unless the field has the number and sum of the debits or credits.

        Some banks count those that are only expected, others do not.
        """
        match = _match(_SUM, field)
        self.currencies.add(match["currency"])
        debit = field.tag == "90D"
        booked = self._debits if debit else self._credits
        expected = [abs(amount) for amount in self._expected if (amount < 0) == debit]
        declared = int(match["count"]), _amount(match["amount"], field.place)
        if declared not in ((len(amounts), sum(amounts, Decimal())) for amounts in (booked, booked + expected)):
            raise bad(field.place, "must be the number and sum of the lines")


def _match(form: re.Pattern[str], field: Field) -> re.Match[str]:
    match = form.fullmatch(field.lines[0])
    if not match:
        raise bad(field.place, f"must be a :{field.tag}: as SWIFT defines it")
    return match


def _amount(digits: str, place: str) -> Decimal:
    whole, _, rest = digits.partition(",")
    return parse(f"{whole}.{rest or '0'}", f"{place}.amount")


def _account(text: str) -> str | None:
    """The account number, without the bank before it and the currency behind it."""
    text = text.strip()
    if _BANK.match(text):
        text = text.partition("/")[2]
    if text[:-3].rstrip()[-1:].isdigit() and is_currency(text[-3:]):
        text = text[:-3].rstrip()
    return text or None


def _booked(value: str, entry: str | None, place: str) -> str:
    """The instant of the entry date (mmdd), in the year in which it is nearest to the value date (yymmdd), or of the
    value date if there is no entry date."""
    try:
        return _instant(value, entry)
    except ValueError as error:
        raise bad(place, str(error)) from None


@lru_cache(maxsize=4096)
def _instant(value: str, entry: str | None) -> str:
    """As `_booked`. ValueError says what is wanted."""
    day = _date(value)
    if day is None:
        raise ValueError("must have a valid value date (yymmdd)")
    if entry is not None:
        day = _nearest(day, entry)
    if day is None:
        raise ValueError("must have a valid entry date (mmdd)")
    return parse_instant(day.isoformat(), "date")


def _nearest(value: date, entry: str) -> date | None:
    """The day of mmdd that is nearest to the value date; None if there is no such day."""
    days = [_valid(value.year + step, int(entry[:2]), int(entry[2:])) for step in (0, -1, 1)]
    return min((day for day in days if day), key=lambda day: abs(day - value), default=None)


def _date(digits: str) -> date | None:
    """The date of yymmdd; None if there is no such day."""
    year, month, day = (int(digits[at : at + 2]) for at in (0, 2, 4))
    year += 2000 if year <= _LAST_SHORT_YEAR else 1900
    value = _valid(year, month, day)
    while value is None and month == 2 and 28 < day <= 30:
        # German banks count interest in months of thirty days.
        day -= 1
        value = _valid(year, month, day)
    return value


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _references(rest: str) -> tuple[str, str, str]:
    """The customer's reference, the bank's, and the name that Rabobank writes behind the column of the first."""
    reference, slashes, bank_reference = rest.partition("//")
    column = rest[:_REFERENCE_LENGTH]
    if slashes or not column.endswith(" "):
        return reference.strip(), bank_reference.strip(), ""
    return column.strip(), "", tidied(rest[_REFERENCE_LENGTH:])
