"""PayPal's activity download, and whatever else has gross, fee and net, in any language whose words are known.

What changes the balance is the net, which is the gross with the fee. Only completed rows count, and of these neither
authorisations nor holds, whose money comes back, nor what PayPal calls a memo. A payment in a foreign currency is
several rows: the payment and what converts to it add up to nothing in that currency, so only the rows in the
account's own currency are read.
"""

from collections import defaultdict
from collections.abc import Set
from decimal import Decimal

from saldo.errors import bad
from saldo.rules import words
from saldo.statements import amounts
from saldo.statements.amounts import AmountFormat
from saldo.statements.batch import Cells
from saldo.statements.bookings import Prepare
from saldo.statements.cards import CardLayout
from saldo.statements.csv_table import CsvTable
from saldo.statements.vocabulary import BOOKED, NOT_BOOKED, mark_sign

# States beside those of other files. A payment that was refunded is a row, and the refund another one.
_COUNTED = frozenset(
    "refunded|partially refunded|zurückgezahlt|teilweise zurückgezahlt|erstattet|teilweise erstattet|remboursé"
    "|partiellement remboursé".split("|")
)
_NOT_COUNTED = frozenset("placed|removed|held|on hold|unclaimed|expired|denied|voided|active|created".split("|"))
# A row of a kind with one of these words is an authorisation or a hold.
_HOLDS = frozenset(
    "authorization authorisation hold release autorisierung einbehaltung einbehalt freigabe autorisation blocage"
    " autorisatie autorizacion retencion autorizzazione blocco autoryzacja blokada autorizacao bloqueio".split()
)
_HOLD_PHRASES = ("mise en attente",)
# A row of a kind with one of these words moves money from or to a bank, which is in the account's own currency.
_FUNDS = frozenset(
    "deposit withdrawal bankgutschrift abbuchung kreditkarte approvisionnement virement prelevement versement"
    " ingreso retirada deposito prelievo versamento storting opname".split()
)
# A row of a kind with one of these words converts a payment.
_CONVERSIONS = frozenset("conversion wahrungsumrechnung umrechnung conversione conversie valutaomrekening".split())
_MEMO = frozenset(("memo", "mémo", "notiz"))
_OTHERS = "must be the same in all rows, or all others must add up to nothing by conversions"
# How much of a file is held in memory: forms of amounts, currencies, and payments in foreign currency.
_MAX_SHAPES, _MAX_CURRENCIES, _MAX_NAMES = 1000, 200, 20_000
_KEPT = ("date", "currency", "counterparty", "text", "reference", "balance")


def read_paypal(table: CsvTable) -> CsvTable:
    """The table with the nets as amounts.

    BadInput if a net is not gross and fee, or if rows in other currencies do not add up to nothing.
    """
    columns = table.columns
    by_role = {role: numbers for role, numbers in columns.by_role.items() if role in _KEPT}
    by_role["amount"] = columns.by_role["net"][:1]
    texts = [number for role in ("text", "payment text", "kind") for number in columns.by_role.get(role, ())]
    if texts:
        by_role["text"] = list(dict.fromkeys(texts))
    if "time zone" in columns.by_role and "currency" not in by_role:
        raise bad("header row", "must have the currency of each row")
    rows = _Rows(table)
    read = columns._replace(by_role=by_role, card=CardLayout("bank"))
    counted = table.read_as(read, rows.counted)
    home = _home_currency(counted, rows)
    return counted if home is None else table.read_as(read, rows.of_currency(home))


class _Rows:
    """Which rows count. BadInput for one that contradicts itself."""

    def __init__(self, table: CsvTable) -> None:
        columns = table.columns
        by_role = columns.by_role
        self.net, self.gross = by_role["net"][0], by_role.get("gross", by_role.get("amount", []))[0]
        self.fee = columns.first("payment fee")
        self.currency = columns.first("currency")
        self._state, self._impact = columns.first("state"), columns.first("balance impact")
        # A statement has no kinds, but says the same in its descriptions.
        self._kinds = by_role.get("kind") or by_role.get("text", [])
        self._id, self._related = columns.first("reference"), columns.first("related reference")
        self._name = columns.first("counterparty")
        # The other side of each payment, by the reference of the payment.
        self._names: dict[str, str] = {}

    def counted(self, cells: Cells, line: int) -> Cells | None:
        """The cells of a row that changes the balance."""
        if self._state is not None:
            state = cells[self._state].strip().casefold()
            if state in NOT_BOOKED or state in _NOT_COUNTED:
                return None
            if state and state not in BOOKED and state not in _COUNTED:
                raise bad(f"line {line}.status", "must be a known state of a payment, such as completed or pending")
        kind = self._kind(cells)
        if not _HOLDS.isdisjoint(kind.split()) or any(phrase in kind for phrase in _HOLD_PHRASES):
            return None
        if self._impact is not None and (impact := cells[self._impact].strip()):
            if impact.casefold() in _MEMO:
                return None
            sign, net = mark_sign(impact), cells[self.net]
            if sign is None or (amounts.is_nonzero(net) and (sign < 0) != amounts.is_negative(net)):
                raise bad(
                    f"line {line}", "must say credit, debit or memo of its impact on the balance, as its net does"
                )
        return cells

    def _kind(self, cells: Cells) -> str:
        return " ".join(words(next((cells[column] for column in self._kinds if cells[column].strip()), "")))

    def is_kind(self, kinds: frozenset[str], cells: Cells) -> bool:
        """Whether the row is of a kind with one of these words."""
        return not kinds.isdisjoint(self._kind(cells).split())

    def money(self, cells: Cells) -> tuple[str, str, str]:
        """Gross, fee and net as they are written."""
        fee = "" if self.fee is None else cells[self.fee].strip()
        return cells[self.gross].strip(), fee, cells[self.net].strip()

    def currency_of(self, cells: Cells) -> str:
        return "" if self.currency is None else cells[self.currency].strip()

    def remember_names(self, table: CsvTable, currencies: Set[str]) -> None:
        """Keep the other side of payments in these currencies, for the rows that convert them."""
        if self._id is None or self._name is None:
            return
        for _, cells in table.bookings():
            is_named = cells[self._name].strip() and self.currency_of(cells) in currencies
            if is_named and len(self._names) < _MAX_NAMES:
                self._names[cells[self._id].strip()] = cells[self._name]

    def of_currency(self, home: str) -> Prepare:
        """Which rows count and are in this currency. What pays in another currency has the name of the payment."""

        def prepare(cells: Cells, line: int) -> Cells | None:
            counted = self.counted(cells, line)
            if counted is None or self.currency_of(counted) != home:
                return None
            if self._related is not None and self._name is not None and not cells[self._name].strip():
                counted = counted.copy()
                counted[self._name] = self._names.get(cells[self._related].strip(), "")
            return counted

        return prepare


def _home_currency(table: CsvTable, rows: _Rows) -> str | None:
    """The currency of the account, None if all rows have the same.

    It is the only one whose rows do not add up to nothing. If all do, because a bank paid for everything, it is the
    only one in which money came from a bank. In all others there are only payments that were converted.
    """
    amount_format = AmountFormat(_decimal_mark(table, rows))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    funded: set[str] = set()
    converted: set[str] = set()
    for line, cells in table.bookings():
        field = f"line {line}"
        gross, charged, net = (amount_format.parse(cell, field) if cell else Decimal(0) for cell in rows.money(cells))
        if net not in (gross + charged, gross - charged):
            raise bad(field, "does not add up: its net must be its gross and its fee")
        currency = rows.currency_of(cells)
        sums[currency] += net
        if len(sums) > _MAX_CURRENCIES:
            raise bad("currency", _OTHERS)
        if rows.is_kind(_FUNDS, cells):
            funded.add(currency)
        if rows.is_kind(_CONVERSIONS, cells):
            converted.add(currency)
    if len(sums) < 2:
        return None
    left = [currency for currency, total in sums.items() if total] or list(funded)
    others = sums.keys() - set(left)
    if len(left) != 1 or others & funded or not others <= converted:
        raise bad("currency", _OTHERS)
    rows.remember_names(table, others)
    return left[0]


def _decimal_mark(table: CsvTable, rows: _Rows) -> str:
    """A decimal mark that all amounts fit. Where two do, nothing hangs on it: sums are compared, or with nothing."""
    shapes: set[str] = set()
    for line, cells in table.bookings():
        for cell in rows.money(cells):
            shape = amounts.shape(cell)
            if shape and shape not in shapes:
                fits = any(amounts.fits(shape, mark) for mark in amounts.DECIMAL_MARKS)
                if not fits or len(shapes) == _MAX_SHAPES:
                    raise bad(f"line {line}.amount", "must be an amount such as -12.30")
                shapes.add(shape)
    return amounts.possible_marks(shapes, point_first=False)[0]
