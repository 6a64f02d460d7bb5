"""Builders for tests: a test names the fields that matter to it, the others have defaults."""

from datetime import date
from decimal import Decimal
from typing import Any

from saldo.cube import Cell
from saldo.periods import Period
from saldo.statements.statement import Row


def row(day: str, amount: str, category: Any = None, **more: Any) -> Row:
    """A row as a reader returns it. `day` is a day or an instant."""
    date_ = day if "T" in day else f"{day}T00:00:00.000Z"
    return Row(place="row", date=date_, amount=Decimal(amount), category=category, **more)


def cell(day: str, amount: str, category: int = 1002, count: int = 1) -> Cell:
    return Cell(date.fromisoformat(day), category, Decimal(amount), count)


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))
