"""The first pass over a CSV file: what forms its cells have, so that the second can read them all in the same way."""

from collections.abc import Iterable
from itertools import repeat
from typing import NamedTuple

from saldo.errors import bad
from saldo.statements import amounts, days
from saldo.statements.batch import Batch, stripped
from saldo.statements.columns import Columns
from saldo.statements.csv_table import CsvTable
from saldo.statements.evidence import Evidence
from saldo.statements.vocabulary import mark_sign

_MAX_SHAPES = 1000
_MAX_ACCOUNTS = 10_000
MONEY_ROLES = ("amount", "debit", "credit", "fee", "doubtful fee", "balance before", "balance")


class Survey(NamedTuple):
    """What occurs in the rows of a file: the shapes of amounts, the texts of days, currencies and account numbers.

    `amounts` are the shapes in the columns of amounts alone, without those of balances and fees. `mark` is the column
    of debit and credit marks, if there is one. `signs` has, of each amount that is not zero, the sign of its mark, or
    of its debit or credit column, and whether it is written as negative. `evidence` is what the words of the rows
    tell, and `category` the column of category ids.
    """

    shapes: set[str]
    amounts: set[str]
    days: set[str]
    currencies: set[str]
    accounts: set[str]
    mark: int | None
    signs: set[tuple[int, bool]]
    evidence: Evidence
    category: int | None


def survey(table: CsvTable) -> Survey:
    """Look at all rows. BadInput names a cell that cannot be read in any way, with its line."""
    surveyor = _Surveyor(table.columns)
    for batch in table.batches():
        surveyor.look_at(batch)
    return surveyor.survey()


class _Surveyor:
    """Looks at the rows batch by batch and column by column, nearly always at new cells alone."""

    def __init__(self, columns: Columns) -> None:
        by_role = columns.by_role
        self._dates = by_role["date"]
        self._amount, self._currency, self._account = map(columns.first, ("amount", "currency", "account"))
        self._payer, self._payee = columns.first("payer account"), columns.first("payee account")
        # Marks are needed where the header row has a name that means them alone.
        self._needs_marks = "mark" in by_role
        self._mark = columns.first("mark" if self._needs_marks else "perhaps mark")
        self._sides = [
            (sign, column) for sign, role in ((-1, "debit"), (1, "credit")) for column in by_role.get(role, ())[:1]
        ]
        self._amount_shapes, self._other_shapes = set[str](), set[str]()
        self._money = [
            (column, self._amount_shapes if role == "amount" else self._other_shapes, set[str]())
            for role in MONEY_ROLES
            for column in by_role.get(role, ())
        ]
        self._days, self._dated = set[str](), set[str]()
        self._currencies, self._accounts = set[str](), set[str]()
        self._signs = set[tuple[int, bool]]()
        self._evidence = Evidence(columns)
        self._has_bulk_names, self._category = columns.bulk_names, columns.first("category")

    def look_at(self, batch: Batch) -> None:
        """Add what occurs in these rows. BadInput for a cell that cannot be read."""
        self._look_at_days(batch)
        for column, shapes, seen in self._money:
            self._look_at_amounts(batch, column, shapes, seen)
        if self._mark is not None:
            self._look_at_marks(batch, self._mark)
        if self._amount is None:
            for sign, column in self._sides:
                self._add_signs(zip(repeat(sign), set(batch.columns[column])))
        self._evidence.read(batch)
        if self._currency is not None:
            self._look_at_currencies(batch, self._currency)
        self._look_at_accounts(batch)

    def survey(self) -> Survey:
        """What was seen."""
        category = self._evidence.category()
        return Survey(
            shapes=self._amount_shapes | self._other_shapes,
            amounts=self._amount_shapes,
            days=self._days,
            currencies=self._currencies,
            accounts=self._accounts - {""},
            mark=self._mark,
            signs=set() if self._mark is None and self._amount is not None else self._signs,
            evidence=self._evidence,
            category=self._category if self._has_bulk_names else category,
        )

    def _look_at_days(self, batch: Batch) -> None:
        for line, text in batch.unseen(batch.texts(self._dates), self._dated):
            self._dated.add(text)
            day = days.day_part(text)
            if day in self._days:
                continue
            if not days.is_date(day):
                raise bad(f"line {line}.transactionDate", "must be a date such as 2024-01-31")
            if len(self._days) >= days.MAX_DAYS:
                message = f"must be one of at most {days.MAX_DAYS} dates in a file"
                raise bad(f"line {line}.transactionDate", message)
            self._days.add(day)

    def _look_at_amounts(self, batch: Batch, column: int, shapes: set[str], seen: set[str]) -> None:
        for line, text in batch.unseen(stripped(batch.columns[column]), seen):
            seen.add(text)
            shape = amounts.shape(text)
            if not shape or shape in shapes:
                continue
            field = f"line {line}.{'amount' if column == self._amount else 'balance'}"
            if not any(amounts.fits(shape, point) for point in amounts.DECIMAL_MARKS):
                raise bad(field, "must be an amount such as -12.30")
            if len(shapes) >= _MAX_SHAPES:
                raise bad(field, f"must be written in one of at most {_MAX_SHAPES} forms in a file")
            shapes.add(shape)

    def _look_at_marks(self, batch: Batch, column: int) -> None:
        """Add the signs of marks and of the amounts beside them, or find that the column has other texts."""
        marks = batch.columns[column]
        beside = repeat("") if self._amount is None else batch.columns[self._amount]
        signs = {mark: sign for mark in set(marks) if (sign := mark_sign(mark)) is not None}
        for line, mark, amount in zip(batch.lines, marks, beside, strict=False):
            if mark not in signs:
                if self._needs_marks and (self._amount is None or amount.strip()):
                    raise bad(f"line {line}", "must have a known debit or credit mark, such as D or C")
                self._mark = None
                return
        if self._amount is not None:
            self._add_signs((signs[mark], amount) for mark, amount in set(zip(marks, beside, strict=False)))

    def _add_signs(self, amounts_by_sign: Iterable[tuple[int, str]]) -> None:
        for sign, amount in amounts_by_sign:
            entry = sign, amounts.is_negative(amount)
            if entry not in self._signs and amounts.is_nonzero(amount):
                self._signs.add(entry)

    def _look_at_currencies(self, batch: Batch, column: int) -> None:
        self._currencies |= set(map(str.strip, batch.columns[column])) - {""}
        if len(self._currencies) > 1:
            raise bad("currency", "must be the same in all rows")

    def _look_at_accounts(self, batch: Batch) -> None:
        numbers: Iterable[str]
        if self._payer is not None and self._payee is not None and self._amount is not None:
            beside = zip(*(batch.columns[column] for column in (self._amount, self._payer, self._payee)), strict=True)
            numbers = [payer if amounts.is_negative(amount) else payee for amount, payer, payee in beside]
        elif self._account is not None:
            numbers = batch.columns[self._account]
        else:
            return
        for line, number in zip(batch.lines, map(str.strip, numbers), strict=True):
            if number not in self._accounts:
                if len(self._accounts) >= _MAX_ACCOUNTS:
                    raise bad(f"line {line}.account", f"must be one of at most {_MAX_ACCOUNTS} accounts in a file")
                self._accounts.add(number)
