"""How the amounts of a CSV file get their signs: from themselves, from debit and credit marks, or from two columns.

Where more than one way is possible, the right one is the only one by which the running balances follow from each
other. Nothing is guessed.
"""

from collections.abc import Callable
from decimal import Decimal

from saldo.errors import bad
from saldo.statements.amounts import AmountFormat, is_negative
from saldo.statements.csv_table import Cells, CsvTable
from saldo.statements.survey import Survey
from saldo.statements.vocabulary import mark_sign

# Amounts repeat, so they are remembered by their text.
_MAX_REMEMBERED = 20_000

# From the cells of a row and its line number to its amount: negative if money went out.
Way = Callable[[Cells, int], Decimal]


class SignedAmounts:
    """Reads the amounts of a file with their signs; `of_row` is the way that was found for it.

    BadInput if it is ambiguous which way is right.
    """

    of_row: Way

    def __init__(self, table: CsvTable, amount_format: AmountFormat, survey: Survey) -> None:
        self._table = table
        self._format = amount_format
        self._mark = survey.mark
        self._remembered: dict[str, Decimal] = {}
        columns = table.columns
        self._amounts = columns.by_role.get("amount", [])
        self._debit, self._credit = columns.first("debit"), columns.first("credit")
        self._balance, self._account = columns.first("balance"), columns.first("account")
        self.of_row = self._way(survey)

    def _way(self, survey: Survey) -> Way:
        """The way that suits what the file has in it."""
        if not self._amounts:
            mixed = any({(side, False), (side, True)} <= survey.signs for side in (-1, 1))
            if not mixed:
                return self.unsigned_sides
            if way := self._by_balances(self.unsigned_sides, self._signed_sides):
                return way
            raise bad("amount", "is ambiguous: a column has amounts of both signs, and no balance settles it")
        if survey.mark is None:
            if any(map(is_negative, survey.shapes)):
                return self._signed
            # The amounts may all be payments, which only running balances tell.
            if way := self._by_balances(self._signed, self._negated):
                return way
            if self._balances_follow(None):
                raise bad("amount", "is ambiguous: it has no sign, and the balances rise and fall")
            return self._signed
        if survey.signs <= {(1, False), (-1, True)}:
            return self._signed
        if not any(negative for _, negative in survey.signs):
            return self._marked
        if way := self._by_balances(self._marked, self._signed, self._marked_and_signed):
            return way
        raise bad("amount", "is ambiguous: signs contradict debit and credit marks, and no balance settles it")

    def _by_balances(self, *ways: Way) -> Way | None:
        """The only way by which the running balances follow from each other."""
        fitting = [way for way in ways if self._balances_follow(way)]
        return fitting[0] if len(fitting) == 1 else None

    def _balances_follow(self, way: Way | None) -> bool:
        """Whether the balances of each account follow from each other, with the oldest row at the top or the bottom.

        Without a way, whether they follow if signs are ignored.
        """
        if self._balance is None:
            return False
        last: dict[str, tuple[Decimal, Decimal]] = {}
        links, down, up = 0, True, True
        for line, cells in self._table.bookings():
            balance = self.parse(cells, self._balance, line, "balance")
            if balance is None:
                return False
            amount = (way or self._signed)(cells, line)
            account = "" if self._account is None else cells[self._account]
            if account in last:
                links += 1
                above, amount_above = last[account]
                rise = balance - above
                down = down and (rise == amount if way else abs(rise) == abs(amount))
                up = up and (-rise == amount_above if way else abs(rise) == abs(amount_above))
                if not (down or up):
                    return False
            last[account] = (balance, amount)
        return links > 0

    def parse(self, cells: Cells, column: int, line: int, name: str) -> Decimal | None:
        """The amount in a column as it is written, None if the cell is empty. BadInput names the field."""
        cell = cells[column].strip()
        if not cell:
            return None
        amount = self._remembered.get(cell)
        if amount is None:
            amount = self._format.parse(cell, f"line {line}.{name}")
            if len(self._remembered) < _MAX_REMEMBERED:
                self._remembered[cell] = amount
        return amount

    # The ways:

    def _signed(self, cells: Cells, line: int) -> Decimal:
        amount = self.parse(cells, self._amounts[0], line, "amount")
        if amount is None:
            raise bad(f"line {line}.amount", "is required")
        for column in self._amounts[1:]:
            if self.parse(cells, column, line, "amount") not in (None, amount):
                raise bad(f"line {line}.amount", "is ambiguous: two columns of amounts disagree")
        return amount

    def _negated(self, cells: Cells, line: int) -> Decimal:
        return -self._signed(cells, line)

    def _marked(self, cells: Cells, line: int) -> Decimal:
        return abs(self._signed(cells, line)) * self._sign(cells)

    def _marked_and_signed(self, cells: Cells, line: int) -> Decimal:
        return self._signed(cells, line) * self._sign(cells)

    def unsigned_sides(self, cells: Cells, line: int) -> Decimal:
        """Credit minus debit, whatever signs they are written with."""
        debit, credit = self._sides(cells, line)
        return abs(credit) - abs(debit)

    def _signed_sides(self, cells: Cells, line: int) -> Decimal:
        debit, credit = self._sides(cells, line)
        return credit - debit

    def _sides(self, cells: Cells, line: int) -> tuple[Decimal, Decimal]:
        """The amounts in the columns of debits and of credits."""
        debit = None if self._debit is None else self.parse(cells, self._debit, line, "amount")
        credit = None if self._credit is None else self.parse(cells, self._credit, line, "amount")
        if debit is None and credit is None:
            raise bad(f"line {line}.amount", "is required")
        if debit and credit:
            raise bad(f"line {line}.amount", "is ambiguous: it must be a debit or a credit, not both")
        return debit or Decimal(0), credit or Decimal(0)

    def _sign(self, cells: Cells) -> int:
        assert self._mark is not None
        sign = mark_sign(cells[self._mark])
        assert sign is not None, "the survey accepts only known marks"
        return sign
