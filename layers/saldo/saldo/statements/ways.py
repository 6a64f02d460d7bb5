"""Each way to read the amount of a row, and whether the running balances of the file follow from each other by it."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import repeat
from operator import mul, neg, sub

from saldo.errors import bad
from saldo.money import Side
from saldo.statements import cards
from saldo.statements.amounts import AmountFormat
from saldo.statements.batch import Batch, stripped
from saldo.statements.csv_table import CsvTable
from saldo.statements.survey import Survey
from saldo.statements.vocabulary import mark_sign

_ZERO = Decimal(0)

# From some rows to their amounts: negative if money went out.
Way = Callable[[Batch], list[Decimal]]


class Ways:
    """The amounts of a file, in a format. BadInput names the line of an amount that is missing or contradicts."""

    def __init__(self, table: CsvTable, amount_format: AmountFormat, survey: Survey) -> None:
        self._table = table
        self._format = amount_format
        self._mark, self._kind = survey.mark, survey.evidence.kind
        self._known: dict[str, Decimal | None] = {}
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
        for batch in self._table.batches():
            amounts = (way or self.signed)(batch)
            balances = self.parse(batch, self._balance, "balance")
            accounts = repeat("") if self._account is None else batch.columns[self._account]
            for account, balance, amount in zip(accounts, balances, amounts, strict=False):
                if balance is None:
                    return False
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

    def parse(self, batch: Batch, column: int, name: str) -> list[Decimal | None]:
        """The amounts in a column as they are written, None where the cell is empty. BadInput names the field."""
        return batch.converted(stripped(batch.columns[column]), self._amount, name, self._known)

    def of_side(self, side: Side) -> Way:
        """The way to read amounts that have signs and are written from this side."""
        return self.negated if side == "card" else self.signed

    def signed(self, batch: Batch) -> list[Decimal]:
        """The amounts as they are written."""
        best, *others = (self.parse(batch, column, "amount") for column in self._amounts)
        for other in others:
            for line, amount, same in zip(batch.lines, best, other, strict=True):
                if amount is not None and same not in (None, amount):
                    raise bad(f"line {line}.amount", "is ambiguous: two columns of amounts disagree")
        return list(_required(batch, best))

    def negated(self, batch: Batch) -> list[Decimal]:
        """The amounts with the other sign."""
        return list(map(neg, self.signed(batch)))

    def marked(self, batch: Batch) -> list[Decimal]:
        """The amounts with the signs of their debit or credit marks, whatever their own are."""
        return list(map(mul, map(abs, self.signed(batch)), self._signs(batch)))

    def marked_and_signed(self, batch: Batch) -> list[Decimal]:
        """The amounts with the signs of their marks, or the other ones if they are negative themselves."""
        return list(map(mul, self.signed(batch), self._signs(batch)))

    def unsigned_sides(self, batch: Batch) -> list[Decimal]:
        """Credit minus debit, whatever signs they are written with."""
        debits, credits = self._both_sides(batch)
        return list(map(sub, map(abs, credits), map(abs, debits)))

    def signed_sides(self, batch: Batch) -> list[Decimal]:
        """Credit minus debit, with the signs that they are written with."""
        debits, credits = self._both_sides(batch)
        return list(map(sub, credits, debits))

    def by_kind(self, batch: Batch) -> list[Decimal]:
        """The amounts with the signs of their kinds, such as purchase or refund."""
        assert self._kind is not None
        return list(map(mul, map(abs, self.signed(batch)), map(cards.kind_sign, batch.columns[self._kind])))

    def _amount(self, text: str, field: str) -> Decimal | None:
        return self._format.parse(text, field) if text else None

    def _signs(self, batch: Batch) -> Iterator[int]:
        assert self._mark is not None
        for mark in batch.columns[self._mark]:
            sign = mark_sign(mark)
            assert sign is not None, "the survey accepts only known marks"
            yield sign

    def _both_sides(self, batch: Batch) -> tuple[list[Decimal], list[Decimal]]:
        """The amounts in the columns of debits and of credits."""
        nothing = [None] * len(batch.lines)
        debits = nothing if self._debit is None else self.parse(batch, self._debit, "amount")
        credits = nothing if self._credit is None else self.parse(batch, self._credit, "amount")
        for line, debit, credit in zip(batch.lines, debits, credits, strict=True):
            if debit is None and credit is None:
                raise bad(f"line {line}.amount", "is required")
            if debit and credit:
                raise bad(f"line {line}.amount", "is ambiguous: it must be a debit or a credit, not both")
        return [debit or _ZERO for debit in debits], [credit or _ZERO for credit in credits]


def _required(batch: Batch, amounts: Iterable[Decimal | None]) -> Iterator[Decimal]:
    """The amounts. BadInput if one is missing."""
    for line, amount in zip(batch.lines, amounts, strict=True):
        if amount is None:
            raise bad(f"line {line}.amount", "is required")
        yield amount
