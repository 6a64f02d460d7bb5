"""Statements in OFX (Open Financial Exchange), and Quicken's QFX: 1.x, which is SGML, and 2.x, which is XML.

A file with a `STMTTRN` outside a statement is refused. The rules are those of the OFX 2.2 specification: a time
without a zone is GMT (3.2.8), a comma is a decimal mark (3.2.9), a correction changes an earlier entry (11.4).
"""

import re
from datetime import date
from decimal import Decimal

import msgspec

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.money import parse
from saldo.periods import Period, hull
from saldo.statements.declared import declared_period, written_day
from saldo.statements.markup import Markup
from saldo.statements.statement import Row, Statement, cut, merchant_code

_STATEMENTS = ("STMTRS", "CCSTMTRS")
_TIME = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?:\s?\[(?P<offset>[+-]?[0-9]{1,2}(?:\.[0-9]{1,2})?)(?::[^\]]{0,40})?\])?"
)
_AMOUNT = re.compile(r"([+-]?)([0-9]*)(?:[.,]([0-9]*))?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
# The days of a statement: aggregate and element.
_DAYS = (("BANKTRANLIST", "DTSTART"), ("BANKTRANLIST", "DTEND"), ("LEDGERBAL", "DTASOF"))
# The elements of an entry that are read.
_KEPT = frozenset(
    """TRNTYPE DTPOSTED TRNAMT FITID CORRECTFITID CORRECTACTION SIC NAME PAYEE PAYEE/NAME MEMO BANKACCTTO/ACCTID
    CCACCTTO/ACCTID CURRENCY/CURSYM""".split()
)


class _Entry(msgspec.Struct):
    """A `STMTTRN`: its row, its currency, and which entry it corrects (by `FITID`) and how."""

    row: Row
    currency: str | None
    corrects: str | None
    action: str | None


def read_ofx(content: bytes) -> Statement:
    """All bank and card statements in a file, which must be in one currency. BadInput names the line or the STMTTRN.

    Investment statements beside them are ignored; a file of nothing else is NotSupported.
    """
    document = _OfxDocument(Markup(content))
    if document.has_error and not document.entries:
        raise bad("STATUS", "reports that the bank could not make the statement")
    if not document.statements:
        beside = ", not investment statements only" if document.has_investments else ""
        raise bad("body", f"must contain a bank or card statement{beside}", code="NotSupported")
    if len(document.currencies) > 1:
        raise bad("currency", "must be the same in all statements")
    return Statement(_rows(document.entries), next(iter(document.currencies), None), declared=document.declared)


def _rows(entries: list[_Entry]) -> list[Row]:
    """The rows of the entries after all corrections. Identical entries with the same FITID count once."""
    kept: dict[int, Row] = {}
    numbers: dict[tuple[str | None, str | None], list[int]] = {}
    corrections: list[_Entry] = []
    contents = set()
    for number, entry in enumerate(entries):
        row = entry.row
        content = (row.account, row.reference, row.date, row.amount, row.text, row.counterparty, entry.corrects)
        if row.reference and content in contents:
            continue
        contents.add(content)
        if entry.corrects:
            corrections.append(entry)
        else:
            kept[number] = row
            numbers.setdefault((row.account, row.reference), []).append(number)
    for entry in corrections:
        row = entry.row
        corrected = numbers.pop((row.account, cut("reference", entry.corrects)), [])
        if len(corrected) != 1:
            message = "must be the FITID of exactly one other STMTTRN of the account"
            raise bad(f"{row.place}.CORRECTFITID", message, code="NotSupported")
        if entry.action == "DELETE":
            del kept[corrected[0]]
        elif entry.action == "REPLACE":
            kept[corrected[0]] = row
            numbers.setdefault((row.account, row.reference), []).append(corrected[0])
        else:
            raise bad(f"{row.place}.CORRECTACTION", "must be REPLACE or DELETE")
    return list(kept.values())


class _OfxDocument:
    """Collects entries, currencies and the declared period from the elements of a file.

    BadInput, with the line, for an element out of place.
    """

    def __init__(self, markup: Markup) -> None:
        self.entries: list[_Entry] = []
        self.currencies: set[str] = set()
        self.statements = 0
        self.declared: Period | None = None
        self.has_investments = False
        self.has_error = False
        self._markup = markup
        self._path = markup.path
        self._account: str | None = None
        self._currency: str | None = None
        self._first_entry = 0
        self._days: dict[str, str] = {}
        self._made: date | None = None
        self._number = 0
        self._leaves: dict[str, str] | None = None
        self._entry_depth = 0
        handlers = {"begin": self._begin, "leaf": self._leaf, "end": self._end}
        for event, name, value in markup.events():
            handlers[event](name, value)

    def _begin(self, name: str, value: str) -> None:
        parent = self._parent
        if name in _STATEMENTS:
            if self._is_in_statement():
                raise bad(self._markup.line, f"must not begin a {name} within another statement")
            self.statements += 1
            self._account = self._currency = None
            self._days = {}
            self._first_entry = len(self.entries)
        elif name == "BANKTRANLIST" and parent not in _STATEMENTS:
            raise bad(self._markup.line, "must not begin a BANKTRANLIST outside a statement")
        elif name == "STMTTRN" and parent != "INVBANKTRAN":
            if parent != "BANKTRANLIST":
                raise bad(self._markup.line, "must not begin a STMTTRN outside a BANKTRANLIST")
            self._number += 1
            self._leaves = {}
            self._entry_depth = len(self._path) + 1
        elif name == "INVSTMTRS":
            self.has_investments = True

    def _end(self, name: str, value: str) -> None:
        if name == "STMTTRN" and self._leaves is not None:
            self.entries.append(_entry(self._leaves, f"STMTTRN {self._number}"))
            self._leaves = None
        elif name in _STATEMENTS:
            self._end_statement()

    def _is_in_statement(self) -> bool:
        return any(name in _STATEMENTS for name in self._path)

    @property
    def _parent(self) -> str:
        return self._path[-1] if self._path else ""

    def _leaf(self, name: str, value: str) -> None:
        parent = self._parent
        if self._leaves is not None:
            name = "/".join((*self._path[self._entry_depth :], name))
            if name in _KEPT:
                if name in self._leaves:
                    raise bad(f"STMTTRN {self._number}.{name}", "must occur only once")
                self._leaves[name] = value
        elif name == "CURDEF" and parent in _STATEMENTS:
            self._currency = value
        elif name == "ACCTID" and parent in ("BANKACCTFROM", "CCACCTFROM") and self._is_in_statement():
            self._account = value
        elif (parent, name) in _DAYS:
            self._days[name] = value
        elif (parent, name) == ("SONRS", "DTSERVER"):
            self._made = written_day(value)
        elif name == "SEVERITY" and value == "ERROR":
            self.has_error = True

    def _end_statement(self) -> None:
        entries = self.entries[self._first_entry :]
        first, last, balance = (written_day(self._days.get(name)) for _, name in _DAYS)
        # The file was made at DTSERVER. If it does not say so, the balance shows when.
        period = declared_period(first, last, [entry.row for entry in entries], self._made or balance)
        self.declared = hull(self.declared, period)
        if self._currency:
            self.currencies.add(self._currency)
        account = cut("account", self._account)
        for entry in entries:
            entry.row.account = account
            if entry.currency not in (None, self._currency):
                raise bad(f"{entry.row.place}.CURRENCY", "must be the currency of the statement (CURDEF)")


def _entry(leaves: dict[str, str], place: str) -> _Entry:
    name = leaves.get("NAME") or leaves.get("PAYEE/NAME") or leaves.get("PAYEE")
    row = Row(
        place=place,
        date=_instant(leaves.get("DTPOSTED", ""), f"{place}.DTPOSTED"),
        amount=_amount(leaves.get("TRNAMT", ""), f"{place}.TRNAMT"),
        text=cut("text", leaves.get("MEMO") or name or leaves.get("TRNTYPE")),
        reference=cut("reference", leaves.get("FITID")),
        counterparty=cut("counterparty", name),
        counterparty_account=cut(
            "counterparty_account", leaves.get("BANKACCTTO/ACCTID") or leaves.get("CCACCTTO/ACCTID")
        ),
        merchant_code=merchant_code(leaves.get("SIC")),
    )
    return _Entry(row, leaves.get("CURRENCY/CURSYM"), leaves.get("CORRECTFITID"), leaves.get("CORRECTACTION"))


def _amount(text: str, field: str) -> Decimal:
    match = _AMOUNT.fullmatch(text)
    if not match or not (match[2] or match[3]):
        raise bad(field, "must be an amount such as -12.30")
    if _THOUSANDS.fullmatch(text):
        # The specification makes it a decimal mark, but here it more often separates thousands.
        raise bad(field, "is ambiguous: a comma before three digits may mark decimals or thousands")
    return parse(f"{match[1]}{match[2] or '0'}.{match[3] or '0'}", field)


def _instant(text: str, field: str) -> str:
    """The instant of a day or time. The day stays the one that is written: beside an offset only it is kept."""
    match = _TIME.fullmatch(text)
    if not match:
        raise bad(field, "must be yyyymmdd or yyyymmddhhmmss, perhaps with a time zone")
    day = f"{match['year']}-{match['month']}-{match['day']}"
    time = f"{match['hour'] or '00'}:{match['minute'] or '00'}:{match['second'] or '00'}"
    instant = parse_instant(f"{day}T{time}.{match['fraction'] or '0'}Z", field)
    return parse_instant(day, field) if Decimal(match["offset"] or 0) else instant
