"""Builders for tests: a test names the fields that matter to it, the others have defaults."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

from saldo.cube import Cell
from saldo.periods import Period
from saldo.statements.statement import Row


def row(day: str, amount: str, category: Any = None, **more: Any) -> Row:
    """A row as a reader returns it. `day` is a day or an instant."""
    date_ = day if "T" in day else f"{day}T00:00:00.000Z"
    return Row(**{"place": "row", "date": date_, "amount": Decimal(amount), "category": category} | more)


def cell(day: str, amount: str, category: int = 1002, count: int = 1) -> Cell:
    return Cell(date.fromisoformat(day), category, Decimal(amount), count)


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def damaged(content: bytes, chance: random.Random, times: int, marks: bytes) -> bytes:
    """The content, damaged `times` times: a byte becomes one of the marks, or a piece is lost or repeated."""
    changed = bytearray(content)
    for _ in range(times):
        at = chance.randrange(len(changed))
        until = at + chance.randrange(30)
        if chance.random() < 0.4:
            changed[at : at + 1] = bytes([chance.choice(marks)])
        elif chance.random() < 0.5:
            del changed[at:until]
        else:
            changed[at:at] = changed[chance.randrange(len(changed)) :][: until - at]
        changed = changed or bytearray(b" ")
    return bytes(changed)
