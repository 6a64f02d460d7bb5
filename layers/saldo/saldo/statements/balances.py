"""Balances check the rows: opening + rows = closing, or the statement is refused and the difference named."""

from collections.abc import Iterable
from decimal import Decimal

from saldo.errors import bad
from saldo.money import plain
from saldo.statements.statement import Row


def check(opening: Decimal, rows: Iterable[Row], closing: Decimal, place: str) -> None:
    """BadInput unless the rows lead from the opening to the closing balance of the statement at `place`."""
    missing = closing - sum((row.amount for row in rows), opening)
    if missing:
        difference = plain(missing)
        raise bad(place, f"does not add up: the closing balance is {difference} more than opening balance and rows")
