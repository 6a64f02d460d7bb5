"""Statements in CSV. How a file is written is found from the file: encoding, delimiter, columns, dates, amounts and
signs. A first pass over the rows settles all of it, or says what is wrong or ambiguous; after it the rows are read
one at a time, so the size of the file does not matter.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from saldo.errors import bad
from saldo.money import minor_digits, plain
from saldo.rules import words
from saldo.statements import amounts, days
from saldo.statements.cells import Cells, Table, open_table
from saldo.statements.source import Source
from saldo.statements.statement import Row, Statement
from saldo.transactions import MAX_ID

_MAX_SHAPES = 1000
_MAX_ACCOUNTS = 10_000
_MAX_REMEMBERED = 20_000

_DEBITS = "af d deb debit debet db dr dbit vydaj vyber soll s out uit cargo debe ud"
_CREDITS = "bij c cr credit krediet kredit crdt prijem haben h in abono haber ind"
_MARKS = dict.fromkeys(_DEBITS.split(), -1) | dict.fromkeys(_CREDITS.split(), 1)


def read_csv(source: Source) -> Statement:
    """The statement of a CSV file. BadInput names line and column, or what is ambiguous."""
    file = open_table(source)
    found = _survey(file)
    currency = file.columns.currency
    if found.currencies:
        if currency not in (None, *found.currencies):
            raise bad("currency", "is not the same in all rows")
        currency = next(iter(found.currencies))
    decimals = minor_digits(currency) if currency else None
    own = file.columns.own
    reader = _Reader(
        file,
        amounts.settle(found.shapes, decimals=decimals, point_first=own),
        days.settle(found.days, day_first=file.columns.day_first),
        found.mark,
    )
    reader.settle_signs(found)
    return Statement(_Rows(reader), currency, frozenset(found.accounts))


# --- The first pass ------------------------------------------------------------------------------------------------


class _Survey(NamedTuple):
    """What the rows have in them, none of it in their order."""

    shapes: set[str]
    days: set[str]
    currencies: set[str]
    accounts: set[str]
    mark: int | None
    # (sign of the mark or of the column, whether the amount is written as negative) of what is not zero
    signs: set[tuple[int, bool]]


def _survey(file: Table) -> _Survey:
    at = file.columns.at
    dates, currency, account = at["date"], file.columns.first("currency"), file.columns.first("account")
    money = [column for role in _MONEY for column in at.get(role, ())]
    amount = file.columns.first("amount")
    certain, perhaps = file.columns.first("mark"), file.columns.first("perhaps mark")
    mark = perhaps if certain is None else certain
    telling = "amount" in at
    sides = [(sign, column) for sign, role in ((-1, "debit"), (1, "credit")) for column in at.get(role, ())[:1]]
    shapes: set[str] = set()
    texts: set[str] = set()
    currencies: set[str] = set()
    accounts: set[str] = set()
    signs: set[tuple[int, bool]] = set()
    for line, cells in file.bookings():
        text = days.day_part(_said(cells, dates))
        if text not in texts:
            if not days.is_date(text) or len(texts) >= days.MAX_DAYS:
                raise bad(f"line {line}.transactionDate", "is not a date")
            texts.add(text)
        for column in money:
            shape = amounts.shape(cells[column].strip())
            if shape and shape not in shapes:
                if not any(amounts.takes(shape, one) for one in amounts.MARKS) or len(shapes) >= _MAX_SHAPES:
                    raise bad(f"line {line}.{'amount' if column == amount else 'balance'}", "is not an amount")
                shapes.add(shape)
        if mark is not None:
            sign = _mark(cells[mark])
            if sign is None:
                if certain is not None and (amount is None or cells[amount].strip()):
                    raise bad(f"line {line}", "has no debit or credit mark that is known")
                mark = None
            elif amount is not None and _is_some(cells[amount]):
                signs.add((sign, amounts.is_negative(cells[amount])))
        elif not telling:
            signs |= {(sign, amounts.is_negative(cells[at])) for sign, at in sides if _is_some(cells[at])}
        if currency is not None and (said := cells[currency].strip()):
            currencies.add(said)
            if len(currencies) > 1:
                raise bad("currency", "is not the same in all rows")
        if account is not None and (said := cells[account].strip()) not in accounts:
            if len(accounts) >= _MAX_ACCOUNTS:
                raise bad(f"line {line}.account", f"is of more than {_MAX_ACCOUNTS} accounts")
            accounts.add(said)
    if mark is None and telling:
        signs.clear()
    return _Survey(shapes, texts, currencies, accounts - {""}, mark, signs)


def _is_some(cell: str) -> bool:
    """Whether an amount is not zero."""
    return any(digit in cell for digit in "123456789")


_MONEY = ("amount", "debit", "credit", "fee", "balance before", "balance")


def _mark(cell: str) -> int | None:
    """-1 for a debit, 1 for a credit."""
    cell = cell.strip()
    sign = _MARKS.get(cell.casefold())
    if sign is None:
        sign = {"-": -1, "+": 1}.get(cell) or _MARKS.get(" ".join(words(cell)))
    return sign


def _said(cells: Cells, columns: Iterable[int]) -> str:
    """What the first of the columns says that says anything."""
    for column in columns:
        said = cells[column].strip()
        if said:
            return said
    return ""


# --- The second pass -----------------------------------------------------------------------------------------------


class _Reader:
    """Reads the rows of a file whose ways of writing are settled."""

    def __init__(self, file: Table, money: amounts.Amounts, calendar: days.Days, mark: int | None) -> None:
        self.file = file
        self._money = money
        self._calendar = calendar
        self._mark = mark
        self._amount: Callable[[Cells, int], Decimal] = self._signed
        self._remembered: dict[str, Decimal] = {}
        columns, at = file.columns, file.columns.at
        self._dates = at["date"]
        self._amounts = at.get("amount", [])
        self._debit, self._credit = columns.first("debit"), columns.first("credit")
        self._both = bool(self._amounts) and (self._debit is not None or self._credit is not None)
        self._balance, self._before = columns.first("balance"), columns.first("balance before")
        self._fee = columns.first("fee")
        self._category, self._id = columns.first("category"), columns.first("id")
        self._account, self._merchant = columns.first("account"), columns.first("merchant code")
        self._texts = at.get("text", [])
        self._references = at.get("reference", [])
        self._counterparties = at.get("counterparty", [])
        self._counterparty_accounts = at.get("counterparty account", [])

    def settle_signs(self, found: _Survey) -> None:
        """Find out what says whether money came or went. BadInput if nothing does."""
        if not self._amounts:
            self._amount = self._of_two_columns
            mixed = any({(side, False), (side, True)} <= found.signs for side in (-1, 1))
            if mixed and not self._choose(self._of_two_columns, self._of_two_signed):
                raise bad("amount", "is ambiguous: a column has amounts of both signs, and no balance settles it")
        elif found.mark is None:
            # All of one sign: money may have gone, as running balances know.
            unsigned = not any(map(amounts.is_negative, found.shapes))
            if unsigned and not self._choose(self._signed, self._opposite) and self._balances_follow(None):
                raise bad("amount", "is ambiguous: it has no sign, and the balances rise and fall")
        elif found.signs <= {(1, False), (-1, True)}:
            self._amount = self._signed
        elif not any(negative for _, negative in found.signs):
            self._amount = self._marked
        elif not self._choose(self._marked, self._signed, self._marked_and_signed):
            raise bad("amount", "is ambiguous: signs contradict debit and credit marks, and no balance settles it")

    def _choose(self, *ways: Callable[[Cells, int], Decimal]) -> bool:
        """Take the only way by which the running balances follow from each other."""
        fit = [way for way in ways if self._balances_follow(way)]
        if len(fit) == 1:
            self._amount = fit[0]
        return len(fit) == 1

    def _balances_follow(self, way: Callable[[Cells, int], Decimal] | None) -> bool:
        """Whether the balances follow in every account, be the oldest row at the top or at the bottom; by no way
        of signs, whether they follow but for the sign."""
        if self._balance is None:
            return False
        last: dict[str, tuple[Decimal, Decimal]] = {}
        links, down, up = 0, True, True
        for line, cells in self.file.bookings():
            balance = self._parsed(cells, self._balance, line, "balance")
            if balance is None:
                return False
            amount = (way or self._signed)(cells, line)
            account = "" if self._account is None else cells[self._account]
            if account in last:
                links += 1
                above, amount_above = last[account]
                risen = balance - above
                down = down and (risen == amount if way else abs(risen) == abs(amount))
                up = up and (-risen == amount_above if way else abs(risen) == abs(amount_above))
                if not (down or up):
                    return False
            last[account] = (balance, amount)
        return links > 0

    def _parsed(self, cells: Cells, column: int | None, line: int, name: str) -> Decimal | None:
        """The amount in the column, None if it is empty; amounts repeat, so they are remembered."""
        cell = "" if column is None else cells[column].strip()
        if not cell:
            return None
        amount = self._remembered.get(cell)
        if amount is None:
            amount = self._money.parse(cell, f"line {line}.{name}")
            if len(self._remembered) < _MAX_REMEMBERED:
                self._remembered[cell] = amount
        return amount

    # Each of these is the amount of a row, its sign found in another way.

    def _signed(self, cells: Cells, line: int) -> Decimal:
        amount = self._parsed(cells, self._amounts[0], line, "amount")
        if amount is None:
            raise bad(f"line {line}.amount", "is missing")
        for column in self._amounts[1:]:
            if self._parsed(cells, column, line, "amount") not in (None, amount):
                raise bad(f"line {line}.amount", "is ambiguous: two columns of amounts disagree")
        return amount

    def _opposite(self, cells: Cells, line: int) -> Decimal:
        return -self._signed(cells, line)

    def _marked(self, cells: Cells, line: int) -> Decimal:
        return abs(self._signed(cells, line)) * self._sign(cells)

    def _marked_and_signed(self, cells: Cells, line: int) -> Decimal:
        return self._signed(cells, line) * self._sign(cells)

    def _of_two_columns(self, cells: Cells, line: int) -> Decimal:
        debit, credit = self._sides(cells, line)
        return abs(credit) - abs(debit)

    def _of_two_signed(self, cells: Cells, line: int) -> Decimal:
        debit, credit = self._sides(cells, line)
        return credit - debit

    def _sides(self, cells: Cells, line: int) -> tuple[Decimal, Decimal]:
        """What is in the columns of debits and of credits."""
        debit = self._parsed(cells, self._debit, line, "amount")
        credit = self._parsed(cells, self._credit, line, "amount")
        if debit is None and credit is None:
            raise bad(f"line {line}.amount", "is missing")
        if debit and credit:
            raise bad(f"line {line}.amount", "is ambiguous: it is a debit and a credit at once")
        return debit or Decimal(0), credit or Decimal(0)

    def _sign(self, cells: Cells) -> int:
        assert self._mark is not None
        sign = _mark(cells[self._mark])
        assert sign is not None, "the survey has seen all marks"
        return sign

    def row(self, line: int, cells: Cells) -> Row:
        """The row of the cells; an empty cell says nothing."""
        amount = self._amount(cells, line)
        if self._both and self._of_two_columns(cells, line) != amount:
            raise bad(f"line {line}.amount", "is ambiguous: two columns of amounts disagree")
        if self._fee is not None:
            amount -= self._parsed(cells, self._fee, line, "fee") or 0
        balance = self._parsed(cells, self._balance, line, "balance")
        before = self._parsed(cells, self._before, line, "balance")
        if balance is not None and before is not None and before + amount != balance:
            difference = plain(balance - before - amount)
            raise bad(f"line {line}", f"does not add up: its balances differ by {difference} more than its amount")
        date = _said(cells, self._dates)
        return Row(
            place=f"line {line}",
            date=self._calendar.instant(date, f"line {line}.transactionDate"),
            amount=amount,
            text=_all_said(cells, self._texts),
            category=None if self._category is None else _integer(cells[self._category], line, "category"),
            reference=_said(cells, self._references) or None,
            account=None if self._account is None else cells[self._account].strip() or None,
            counterparty=_said(cells, self._counterparties) or None,
            balance=balance,
            id=None if self._id is None else _integer(cells[self._id], line, "transactionID"),
            counterparty_account=_said(cells, self._counterparty_accounts) or None,
            merchant_code=None if self._merchant is None else cells[self._merchant].strip() or None,
        )


def _all_said(cells: Cells, columns: list[int]) -> str | None:
    if len(columns) == 1:
        return cells[columns[0]].strip() or None
    return " ".join(said for column in columns if (said := cells[column].strip())) or None


def _integer(cell: str, line: int, name: str) -> int | None:
    text = cell.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))):
        raise bad(f"line {line}.{name}", "is not an integer")
    return int(text)


class _Rows:
    """The rows, read anew each time they are walked."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def __iter__(self) -> Iterator[Row]:
        row = self._reader.row
        for line, cells in self._reader.file.bookings():
            yield row(line, cells)
