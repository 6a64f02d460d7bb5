"""Statements in CAMT.053 (ISO 20022 bank to customer statement), of any version, with or without namespaces.

Each booked entry (`Ntry`) is a row, also a batch of payments, which is one booking. Entries that are pending or for
information only are left out. The document is read as a stream of events, so its depth and size take no memory, and a
document type, which could declare entities, is refused as soon as it begins.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from xml.parsers import expat

from saldo.dates import parse_booking
from saldo.errors import bad
from saldo.money import parse
from saldo.periods import Period, hull
from saldo.statements import camt_elements as elements
from saldo.statements.balances import check
from saldo.statements.camt_elements import AMOUNT, ANOTHER_MESSAGE, CURRENCY, Element
from saldo.statements.declared import declared_period, written_day
from saldo.statements.statement import Row, Statement, cut, merchant_code

# Messages with bookings that are no statement: those of a day may change, notifications are only some of them.
_OTHER_MESSAGES = {
    "BkToCstmrAcctRpt": "CAMT.052 (a report of the day)",
    "BkToCstmrDbtCdtNtfctn": "CAMT.054 (a notification)",
}
_MAX_DEPTH = 64
# The kinds of opening and closing balances, the best one first. ITBD is the balance of a page.
_OPENING = ("OPBD", "PRCD", "ITBD")
_CLOSING = ("CLBD", "ITBD")

# The texts of a part by path, none of them empty, with `Amt@Ccy` for the currency of an amount.
_Texts = dict[str, list[str]]


class _Balance(NamedTuple):
    kind: str
    amount: Decimal
    currency: str | None


def read_camt(content: bytes) -> Statement:
    """All statements in a document, which must be in one currency. BadInput names the line."""
    parser = expat.ParserCreate(namespace_separator="}")
    document = _CamtDocument(parser)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise bad(f"line {parser.CurrentLineNumber}", "must be well-formed XML") from None
    if not document.statements:
        raise bad("body", "must contain a statement (Stmt)")
    if len(document.currencies) > 1:
        raise bad("currency", "must be the same in all entries")
    return Statement(document.rows, next(iter(document.currencies), None), declared=document.declared)


class _CamtDocument:
    """Collects rows, currencies and the declared period from the events of the parser."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.rows: list[Row] = []
        self.currencies: set[str] = set()
        self.statements = 0
        self.declared: Period | None = None
        self._parser = parser
        # The element that is open, and those around it.
        self._element = elements.FILE
        self._around: list[Element] = []
        # The text since the last tag, in pieces.
        self._text: list[str] = []
        self._texts: _Texts = {}
        self._made: date | None = None
        # Of the statement.
        self._account: str | None
        self._balances: list[_Balance]
        self._period: tuple[date | None, date | None]
        self._first_row: int
        self._begin_statement()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append

    @property
    def _place(self) -> str:
        return f"line {self._parser.CurrentLineNumber}"

    def _doctype(self, *declared: object) -> None:
        raise bad(self._place, "must not declare a document type (DOCTYPE)", code="NotSupported")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        around = self._element
        self._around.append(around)
        if len(self._around) > _MAX_DEPTH:
            raise bad(self._place, f"must be nested at most {_MAX_DEPTH} elements deep")
        name = name.rpartition("}")[2]
        self._element = element = around.within.get(name, around.other)
        if element is ANOTHER_MESSAGE:
            what = _OTHER_MESSAGES.get(name)
            instead = f"not {what}: ask your bank for CAMT.053" if what else "if it is XML"
            raise bad("body", f"must be CAMT.053 ({elements.ROOT}), {instead}", code="NotSupported")
        if "Ccy" in attributes and element.path == AMOUNT:
            self._texts.setdefault(CURRENCY, [attributes["Ccy"]])
        self._text.clear()

    def _end(self, name: str) -> None:
        element = self._element
        self._element = self._around.pop()
        if element.path:
            text = "".join(self._text).strip()
            if text:
                self._texts.setdefault(element.path, []).append(text)
        elif element.part:
            self._close(element.part)
        self._text.clear()

    def _close(self, part: str) -> None:
        texts = self._texts
        if part == elements.ENTRY:
            if (_first(texts, elements.STATUS) or "BOOK") == "BOOK":
                self.rows.append(self._row(texts))
        elif part == elements.BALANCE:
            kind = _first(texts, (elements.KIND,)) or ""
            amount = _amount(texts, self._place)
            self._balances.append(_Balance(kind, amount, _first(texts, (CURRENCY,))))
        elif part == elements.ACCOUNT:
            self._account = _first(texts, elements.IBAN_OR_NUMBER)
        elif part == elements.PERIOD:
            days = (written_day(_first(texts, (path,))) for path in (elements.FROM, elements.TO))
            self._period = next(days), next(days)
        elif part == elements.MADE:
            self._made = written_day("".join(self._text).strip())
        else:
            self._close_statement()
        self._texts = {}

    def _row(self, texts: _Texts) -> Row:
        place = self._place
        amount = _amount(texts, place)
        currency = _first(texts, (CURRENCY,))
        if currency is None:
            raise bad(f"{place}.Amt", "must have a currency (Ccy)")
        self.currencies.add(currency)
        party = elements.PAID if amount < 0 else elements.RECEIVED
        remittance = [*texts.get(elements.UNSTRUCTURED, ()), *texts.get(elements.STRUCTURED, ())]
        return Row(
            place=place,
            date=parse_booking(_first(texts, elements.DAY) or "", f"{place}.BookgDt"),
            amount=amount,
            text=cut("text", " ".join(remittance or _all(texts, elements.INFORMATION))),
            reference=cut("reference", _reference(texts)),
            counterparty=cut("counterparty", _only(_all(texts, party.name))),
            counterparty_account=cut("counterparty_account", _only(_all(texts, party.account))),
            merchant_code=merchant_code(_first(texts, (elements.MERCHANT_CODE,))),
        )

    def _begin_statement(self) -> None:
        self._account, self._balances, self._period = None, [], (None, None)
        self._first_row = len(self.rows)

    def _close_statement(self) -> None:
        self.statements += 1
        rows = self.rows[self._first_row :]
        account = cut("account", self._account)
        for row in rows:
            row.account = account
        self.declared = hull(self.declared, declared_period(*self._period, rows, self._made))
        opening, closing = self._balance(_OPENING, 0), self._balance(_CLOSING, -1)
        # A single ITBD cannot be both opening and closing balance. One in another currency is for information.
        if opening and closing and opening is not closing and self._checks(opening, closing):
            check(opening.amount, rows, closing.amount, f"statement {self.statements}")
        self._begin_statement()

    def _checks(self, *balances: _Balance) -> bool:
        """Whether the balances are in the currency of the rows."""
        return all(balance.currency is None or self.currencies <= {balance.currency} for balance in balances)

    def _balance(self, kinds: tuple[str, ...], at: int) -> _Balance | None:
        """The first (0) or last (-1) balance of the best kind that the statement has."""
        for kind in kinds:
            balances = [balance for balance in self._balances if balance.kind == kind]
            if balances:
                return balances[at]
        return None


def _first(texts: _Texts, paths: tuple[str, ...]) -> str | None:
    """The first text of the first path that occurs."""
    for path in paths:
        if path in texts:
            return texts[path][0]
    return None


def _all(texts: _Texts, paths: tuple[str, ...]) -> Sequence[str]:
    """All texts of the first path that occurs."""
    for path in paths:
        if path in texts:
            return texts[path]
    return ()


def _only(texts: Sequence[str]) -> str | None:
    """The text that they all are; None if they differ, as the counterparties of a batch may."""
    return texts[0] if texts and texts.count(texts[0]) == len(texts) else None


def _reference(texts: _Texts) -> str | None:
    """The best reference that is one."""
    for path in elements.REFERENCE:
        if path in texts and texts[path][0] != "NOTPROVIDED":
            return texts[path][0]
    return None


def _amount(texts: _Texts, place: str) -> Decimal:
    """The signed amount. The mark of a reversal is already that of its booking."""
    amount = parse(_first(texts, (AMOUNT,)) or "", f"{place}.Amt")
    if amount < 0:
        raise bad(f"{place}.Amt", "must have no sign, since CdtDbtInd has it")
    mark = _first(texts, (elements.MARK,))
    if mark not in ("CRDT", "DBIT"):
        raise bad(f"{place}.CdtDbtInd", "must be CRDT or DBIT")
    return amount if mark == "CRDT" else -amount
