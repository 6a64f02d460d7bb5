"""Statements in CAMT.053 (ISO 20022 bank to customer statement), of any version, with or without namespaces.

Each booked entry (`Ntry`) is a row, as the account has it: a batch is one booking. What is pending or for
information only is none. The document is read as a stream of events, so its depth and size ask for no memory, and a
document type (where entities are declared) is refused at sight.
"""

from decimal import Decimal
from typing import NamedTuple
from xml.parsers import expat

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.money import parse
from saldo.statements.balances import check
from saldo.statements.statement import Row, Statement, cut

_ROOT = "BkToCstmrStmt"
_MAX_DEPTH = 64
_PARTS = ("Ntry", "Bal", "Acct")
# Balances at the beginning and at the end of a statement: the best first. ITBD is that of a page.
_OPENING = ("OPBD", "PRCD", "ITBD")
_CLOSING = ("CLBD", "ITBD")


class _Balance(NamedTuple):
    kind: str
    amount: Decimal
    currency: str | None


class _Part:
    """The leaves of an entry, a balance or an account: path -> texts, with `@Ccy` for the currency of an amount."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.leaves: dict[str, list[str]] = {}

    def first(self, *paths: str) -> str | None:
        return next((self.leaves[path][0] for path in paths if path in self.leaves), None)

    def all(self, *paths: str) -> list[str]:
        """What the first of the paths that is there says."""
        return next((self.leaves[path] for path in paths if path in self.leaves), [])


def read(content: bytes) -> Statement:
    """The statement, or several of them, of one currency. BadInput names the line."""
    parser = expat.ParserCreate(namespace_separator="}")
    document = _Document(parser)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise bad(f"line {parser.CurrentLineNumber}", "is not well-formed XML") from None
    if not document.statements:
        raise bad("body", "holds no statement (Stmt)")
    if len(document.currencies) > 1:
        raise bad("currency", "is not the same in all entries")
    return Statement(document.rows, next(iter(document.currencies), None))


class _Document:
    """Hears the events of the parser."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.rows: list[Row] = []
        self.currencies: set[str] = set()
        self.statements = 0
        self._parser = parser
        self._path: list[str] = []
        self._text: list[str] = []
        self._part: _Part | None = None
        self._account: str | None = None
        self._balances: list[_Balance] = []
        self._first_row = 0
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append

    @property
    def _place(self) -> str:
        return f"line {self._parser.CurrentLineNumber}"

    def _doctype(self, *declared: object) -> None:
        raise bad(self._place, "declares a document type, which is not taken", code="NotSupported")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition("}")[2]
        self._path.append(name)
        depth = len(self._path)
        if depth > _MAX_DEPTH:
            raise bad(self._place, f"is nested deeper than {_MAX_DEPTH} elements")
        if depth == 2 and name != _ROOT:
            raise bad("body", "is XML, but no CAMT.053 statement", code="NotSupported")
        if self._path[1:3] == [_ROOT, "Stmt"]:
            if depth == 3:
                self._account, self._balances, self._first_row = None, [], len(self.rows)
            elif depth == 4 and name in _PARTS:
                self._part = _Part(depth)
        if self._part and "Ccy" in attributes:
            self._leaf(f"{self._within}@Ccy", attributes["Ccy"])
        self._text.clear()

    def _end(self, name: str) -> None:
        name = self._path[-1]
        depth = len(self._path)
        if self._part:
            text = "".join(self._text).strip()
            if text and depth > self._part.depth:
                self._leaf(self._within, text)
            elif depth == self._part.depth:
                self._take(name, self._part)
                self._part = None
        elif depth == 3 and self._path[1:] == [_ROOT, "Stmt"]:
            self._close_statement()
        self._text.clear()
        self._path.pop()

    @property
    def _within(self) -> str:
        """The path of the element within its part."""
        assert self._part
        return "/".join(self._path[self._part.depth :])

    def _leaf(self, path: str, text: str) -> None:
        assert self._part
        self._part.leaves.setdefault(path, []).append(text)

    def _take(self, name: str, part: _Part) -> None:
        if name == "Acct":
            self._account = part.first("Id/IBAN", "Id/Othr/Id")
        elif name == "Bal":
            kind = part.first("Tp/CdOrPrtry/Cd") or ""
            self._balances.append(_Balance(kind, self._amount(part), part.first("Amt@Ccy")))
        elif (part.first("Sts/Cd", "Sts") or "BOOK") == "BOOK":
            self.rows.append(self._row(part))

    def _amount(self, part: _Part) -> Decimal:
        """The amount with its sign. That of a reversal is already the sign of its booking."""
        amount = parse(part.first("Amt") or "", f"{self._place}.Amt")
        if amount < 0:
            raise bad(f"{self._place}.Amt", "has a sign of its own")
        mark = part.first("CdtDbtInd")
        if mark not in ("CRDT", "DBIT"):
            raise bad(f"{self._place}.CdtDbtInd", "is neither CRDT nor DBIT")
        return amount if mark == "CRDT" else -amount

    def _row(self, entry: _Part) -> Row:
        place = self._place
        amount = self._amount(entry)
        currency = entry.first("Amt@Ccy")
        if currency is None:
            raise bad(f"{place}.Amt", "has no currency")
        self.currencies.add(currency)
        one = "NtryDtls/TxDtls"
        # Who is on the other side: whom it went to, or whom it came from. Some banks name only one, the wrong one.
        sides = ("Cdtr", "Dbtr") if amount < 0 else ("Dbtr", "Cdtr")
        parties = [f"{one}/RltdPties/{side}" for side in sides]
        names = entry.all(*(f"{party}{name}" for party in parties for name in ("/Nm", "/Pty/Nm")))
        accounts = entry.all(*(f"{party}Acct/Id/{id_}" for party in parties for id_ in ("IBAN", "Othr/Id")))
        said = entry.all(f"{one}/RmtInf/Ustrd") + entry.all(f"{one}/RmtInf/Strd/CdtrRefInf/Ref")
        said = said or entry.all(f"{one}/AddtlTxInf", "AddtlNtryInf")
        references = map(entry.first, ("AcctSvcrRef", f"{one}/Refs/AcctSvcrRef", f"{one}/Refs/EndToEndId", "NtryRef"))
        reference = next((given for given in references if given not in (None, "NOTPROVIDED")), None)
        code = next((texts[0] for path, texts in entry.leaves.items() if path.endswith("MrchntCtgyCd")), None)
        return Row(
            place=place,
            date=_instant(entry, place),
            amount=amount,
            text=cut("text", " ".join(said)),
            reference=cut("reference", reference),
            # A batch has many on the other side.
            counterparty=cut("counterparty", names[0] if len(set(names)) == 1 else None),
            counterparty_account=accounts[0] if len(set(accounts)) == 1 else None,
            merchant_code=code,
        )

    def _close_statement(self) -> None:
        self.statements += 1
        rows = self.rows[self._first_row :]
        for row in rows:
            row.account = cut("account", self._account)
        opening, closing = self._balance(_OPENING, 0), self._balance(_CLOSING, -1)
        # One ITBD is no two balances, and a balance in another currency is for information.
        if opening and closing and opening is not closing and self._is_own(opening) and self._is_own(closing):
            check(opening.amount, rows, closing.amount, f"statement {self.statements}")

    def _is_own(self, balance: _Balance) -> bool:
        return balance.currency is None or self.currencies <= {balance.currency}

    def _balance(self, kinds: tuple[str, ...], at: int) -> _Balance | None:
        for kind in kinds:
            found = [balance for balance in self._balances if balance.kind == kind]
            if found:
                return found[at]
        return None


def _instant(entry: _Part, place: str) -> str:
    """The booking day, or failing that the value day; an xs:date may carry an offset, which says nothing of a day."""
    day = entry.first("BookgDt/Dt", "ValDt/Dt")
    if day:
        return parse_instant(day[:10], f"{place}.BookgDt")
    moment = entry.first("BookgDt/DtTm", "ValDt/DtTm") or ""
    if moment[10:] and not moment.endswith(("Z", "z")) and not {"+", "-"} & set(moment[10:]):
        moment += "Z"
    return parse_instant(moment, f"{place}.BookgDt")
