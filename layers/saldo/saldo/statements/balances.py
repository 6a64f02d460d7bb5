"""Balances check the rows: opening + rows = closing, or the statement is refused with the difference."""

from collections.abc import Iterable
from decimal import Decimal

from saldo.errors import bad
from saldo.money import plain
from saldo.statements.statement import Row


def check(opening: Decimal, rows: Iterable[Row], closing: Decimal, place: str) -> None:
    """BadInput, with the difference, unless opening balance and rows add up to the closing balance.

    `place` names the statement.
    """
    difference = closing - sum((row.amount for row in rows), opening)
    if difference:
        more = plain(difference)
        raise bad(place, f"does not add up: the closing balance is {more} more than opening balance and rows")
