"""Each way to read the amount of a row, and whether the running balances of the file follow from each other by it."""

from collections.abc import Callable
from decimal import Decimal

from saldo.errors import bad
from saldo.money import Side
from saldo.statements import cards
from saldo.statements.amounts import AmountFormat
from saldo.statements.csv_table import Cells, CsvTable
from saldo.statements.survey import Survey
from saldo.statements.vocabulary import mark_sign

# Amounts repeat, so they are remembered by their text.
_MAX_REMEMBERED = 20_000

# From the cells of a row and its line number to its amount: negative if money went out.
Way = Callable[[Cells, int], Decimal]


class Ways:
    """The amounts of a file, in a format. BadInput names the line of an amount that is missing or contradicts."""

    def __init__(self, table: CsvTable, amount_format: AmountFormat, survey: Survey) -> None:
        self._table = table
        self._format = amount_format
        self._mark, self._kind = survey.mark, survey.evidence.kind
        self._remembered: dict[str, Decimal] = {}
        columns = table.columns
        self._amounts = columns.by_role.get("amount", [])
        self._debit, self._credit = columns.first("debit"), columns.first("credit")
        self._balance, self._account = columns.first("balance"), columns.first("account")

    def balances_follow(self, way: Way | None) -> bool:
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
            amount = (way or self.signed)(cells, line)
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

    def only_following(self, *ways: Way) -> Way | None:
        """The only one of these ways by which the balances follow, None if that is none or several."""
        following = [way for way in ways if self.balances_follow(way)]
        return following[0] if len(following) == 1 else None

    def follow_somehow(self) -> bool:
        """Whether the balances follow by any way that the file may be read in."""
        if not self._amounts:
            return self.balances_follow(self.unsigned_sides) or self.balances_follow(self.signed_sides)
        ways = [self.signed, self.negated]
        if self._mark is not None:
            ways += [self.marked, self.marked_and_signed]
        return any(map(self.balances_follow, ways))

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

    def of_side(self, side: Side) -> Way:
        """The way to read amounts that have signs and are written from this side."""
        return self.negated if side == "card" else self.signed

    def signed(self, cells: Cells, line: int) -> Decimal:
        """The amount as it is written."""
        amount = self.parse(cells, self._amounts[0], line, "amount")
        if amount is None:
            raise bad(f"line {line}.amount", "is required")
        for column in self._amounts[1:]:
            if self.parse(cells, column, line, "amount") not in (None, amount):
                raise bad(f"line {line}.amount", "is ambiguous: two columns of amounts disagree")
        return amount

    def negated(self, cells: Cells, line: int) -> Decimal:
        """The amount with the other sign."""
        return -self.signed(cells, line)

    def marked(self, cells: Cells, line: int) -> Decimal:
        """The amount with the sign of its debit or credit mark, whatever its own is."""
        return abs(self.signed(cells, line)) * self._sign(cells)

    def marked_and_signed(self, cells: Cells, line: int) -> Decimal:
        """The amount with the sign of its mark, or the other one if it is negative itself."""
        return self.signed(cells, line) * self._sign(cells)

    def unsigned_sides(self, cells: Cells, line: int) -> Decimal:
        """Credit minus debit, whatever signs they are written with."""
        debit, credit = self._sides(cells, line)
        return abs(credit) - abs(debit)

    def signed_sides(self, cells: Cells, line: int) -> Decimal:
        """Credit minus debit, with the signs that they are written with."""
        debit, credit = self._sides(cells, line)
        return credit - debit

    def by_kind(self, cells: Cells, line: int) -> Decimal:
        """The amount with the sign of its kind, such as purchase or refund."""
        assert self._kind is not None
        return abs(self.signed(cells, line)) * cards.kind_sign(cells[self._kind])

    def _sign(self, cells: Cells) -> int:
        assert self._mark is not None
        sign = mark_sign(cells[self._mark])
        assert sign is not None, "the survey accepts only known marks"
        return sign

    def _sides(self, cells: Cells, line: int) -> tuple[Decimal, Decimal]:
        """The amounts in the columns of debits and of credits."""
        debit = None if self._debit is None else self.parse(cells, self._debit, line, "amount")
        credit = None if self._credit is None else self.parse(cells, self._credit, line, "amount")
        if debit is None and credit is None:
            raise bad(f"line {line}.amount", "is required")
        if debit and credit:
            raise bad(f"line {line}.amount", "is ambiguous: it must be a debit or a credit, not both")
        return debit or Decimal(0), credit or Decimal(0)
