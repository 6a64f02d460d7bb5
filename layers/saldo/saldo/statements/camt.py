"""Statements in CAMT.053 (ISO 20022 bank to customer statement), of any version, with or without namespaces.

Each booked entry (`Ntry`) is a row, also a batch of payments, which is one booking. Entries that are pending or for
information only are left out. The document is read as a stream of events, so its depth and size take no memory, and a
document type, which could declare entities, is refused as soon as it begins.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from xml.parsers import expat

from saldo.dates import parse_booking
from saldo.errors import bad
from saldo.money import parse
from saldo.periods import Period, hull
from saldo.statements.balances import check
from saldo.statements.declared import declared_period, written_day
from saldo.statements.statement import Row, Statement, cut, merchant_code

_ROOT = "BkToCstmrStmt"
# Messages with bookings that are no statement: those of a day may change, notifications are only some of them.
_OTHER_MESSAGES = {
    "BkToCstmrAcctRpt": "CAMT.052 (a report of the day)",
    "BkToCstmrDbtCdtNtfctn": "CAMT.054 (a notification)",
}
_MAX_DEPTH = 64
_PARTS = ("Ntry", "Bal", "Acct", "FrToDt")
# The kinds of opening and closing balances, the best one first. ITBD is the balance of a page.
_OPENING = ("OPBD", "PRCD", "ITBD")
_CLOSING = ("CLBD", "ITBD")


class _Balance(NamedTuple):
    kind: str
    amount: Decimal
    currency: str | None


class _Part:
    """An entry, balance, account or period by its leaves: path -> texts, with `@Ccy` for an amount's currency."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.leaves: dict[str, list[str]] = {}

    def first(self, *paths: str) -> str | None:
        """The first text of the first path that occurs."""
        return next((self.leaves[path][0] for path in paths if path in self.leaves), None)

    def all(self, *paths: str) -> list[str]:
        """All texts of the first path that occurs."""
        return next((self.leaves[path] for path in paths if path in self.leaves), [])


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
        self._path: list[str] = []
        self._text: list[str] = []
        self._part: _Part | None = None
        self._account: str | None = None
        self._balances: list[_Balance] = []
        self._first_row = 0
        self._made: date | None = None
        self._period: tuple[date | None, date | None] = None, None
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
        name = name.rpartition("}")[2]
        self._path.append(name)
        depth = len(self._path)
        if depth > _MAX_DEPTH:
            raise bad(self._place, f"must be nested at most {_MAX_DEPTH} elements deep")
        if depth == 2 and name != _ROOT:
            what = _OTHER_MESSAGES.get(name)
            instead = f"not {what}: ask your bank for CAMT.053" if what else "if it is XML"
            raise bad("body", f"must be CAMT.053 ({_ROOT}), {instead}", code="NotSupported")
        if self._path[1:3] == [_ROOT, "Stmt"]:
            if depth == 3:
                self._account, self._balances, self._first_row = None, [], len(self.rows)
                self._period = None, None
            elif depth == 4 and name in _PARTS:
                self._part = _Part(depth)
        if self._part and "Ccy" in attributes:
            self._add_leaf(f"{self._path_in_part}@Ccy", attributes["Ccy"])
        self._text.clear()

    def _end(self, name: str) -> None:
        name = self._path[-1]
        depth = len(self._path)
        if self._part:
            text = "".join(self._text).strip()
            if text and depth > self._part.depth:
                self._add_leaf(self._path_in_part, text)
            elif depth == self._part.depth:
                self._close_part(name, self._part)
                self._part = None
        elif depth == 4 and name == "CreDtTm":
            # Of the message or the statement.
            self._made = written_day("".join(self._text).strip())
        elif depth == 3 and self._path[1:] == [_ROOT, "Stmt"]:
            self._close_statement()
        self._text.clear()
        self._path.pop()

    @property
    def _path_in_part(self) -> str:
        """The path from the part to the element."""
        assert self._part
        return "/".join(self._path[self._part.depth :])

    def _add_leaf(self, path: str, text: str) -> None:
        assert self._part
        self._part.leaves.setdefault(path, []).append(text)

    def _close_part(self, name: str, part: _Part) -> None:
        if name == "Acct":
            self._account = part.first("Id/IBAN", "Id/Othr/Id")
        elif name == "Bal":
            kind = part.first("Tp/CdOrPrtry/Cd") or ""
            self._balances.append(_Balance(kind, self._amount(part), part.first("Amt@Ccy")))
        elif name == "FrToDt":
            self._period = written_day(part.first("FrDtTm")), written_day(part.first("ToDtTm"))
        elif (part.first("Sts/Cd", "Sts") or "BOOK") == "BOOK":
            self.rows.append(self._row(part))

    def _amount(self, part: _Part) -> Decimal:
        """The signed amount. The mark of a reversal is already that of its booking."""
        amount = parse(part.first("Amt") or "", f"{self._place}.Amt")
        if amount < 0:
            raise bad(f"{self._place}.Amt", "must have no sign, since CdtDbtInd has it")
        mark = part.first("CdtDbtInd")
        if mark not in ("CRDT", "DBIT"):
            raise bad(f"{self._place}.CdtDbtInd", "must be CRDT or DBIT")
        return amount if mark == "CRDT" else -amount

    def _row(self, entry: _Part) -> Row:
        place = self._place
        amount = self._amount(entry)
        currency = entry.first("Amt@Ccy")
        if currency is None:
            raise bad(f"{place}.Amt", "must have a currency (Ccy)")
        self.currencies.add(currency)
        details = "NtryDtls/TxDtls"
        # The other side is the creditor of a payment and the debtor of a receipt. Some banks name one party only,
        # and call it by the wrong one of the two.
        sides = ("Cdtr", "Dbtr") if amount < 0 else ("Dbtr", "Cdtr")
        parties = [f"{details}/RltdPties/{side}" for side in sides]
        names = entry.all(*(f"{party}{name}" for party in parties for name in ("/Nm", "/Pty/Nm")))
        accounts = entry.all(*(f"{party}Acct/Id/{id_}" for party in parties for id_ in ("IBAN", "Othr/Id")))
        texts = entry.all(f"{details}/RmtInf/Ustrd") + entry.all(f"{details}/RmtInf/Strd/CdtrRefInf/Ref")
        texts = texts or entry.all(f"{details}/AddtlTxInf", "AddtlNtryInf")
        paths = "AcctSvcrRef", f"{details}/Refs/AcctSvcrRef", f"{details}/Refs/EndToEndId", "NtryRef"
        references = map(entry.first, paths)
        reference = next((text for text in references if text not in (None, "NOTPROVIDED")), None)
        codes = (texts[0] for path, texts in entry.leaves.items() if path.endswith("MrchntCtgyCd"))
        return Row(
            place=place,
            date=_instant(entry, place),
            amount=amount,
            text=cut("text", " ".join(texts)),
            reference=cut("reference", reference),
            # A batch may have many counterparties.
            counterparty=cut("counterparty", names[0] if len(set(names)) == 1 else None),
            counterparty_account=cut("counterparty_account", accounts[0] if len(set(accounts)) == 1 else None),
            merchant_code=merchant_code(next(codes, None)),
        )

    def _close_statement(self) -> None:
        self.statements += 1
        rows = self.rows[self._first_row :]
        for row in rows:
            row.account = cut("account", self._account)
        self.declared = hull(self.declared, declared_period(*self._period, rows, self._made))
        opening, closing = self._balance(_OPENING, 0), self._balance(_CLOSING, -1)
        # A single ITBD cannot be both opening and closing balance. One in another currency is for information.
        if opening and closing and opening is not closing and self._checks(opening, closing):
            check(opening.amount, rows, closing.amount, f"statement {self.statements}")

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


def _instant(entry: _Part, place: str) -> str:
    """The booking day, or the value day if there is none."""
    written = entry.first("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm") or ""
    return parse_booking(written, f"{place}.BookgDt")
