"""Wise's transaction history: each row has what left one balance and what arrived at another, without the fees.

The account's currency is that of what went out and came in. What went out is the source amount and its fee.
"""

import re
from decimal import Decimal

from saldo.errors import bad
from saldo.money import parse
from saldo.statements.batch import Cells
from saldo.statements.bookings import is_booked
from saldo.statements.cards import CardLayout
from saldo.statements.csv_table import CsvTable

_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NEEDED = frozenset(
    "status|direction|source fee amount|source fee currency|source name|source amount after fees|source currency"
    "|target name|target amount after fees|target currency".split("|")
)
_SIDES = {"OUT": "source", "IN": "target"}


def read_wise_history(table: CsvTable) -> CsvTable:
    """The table of Wise's history, in the one currency that went out and came in.

    BadInput for a state or a direction that is not known (a refund may be one row or two), or if there are several
    currencies.
    """
    history = _History(table)
    return history.table(table)


class _History:
    """The columns of a history by their names, and what a row did to the account."""

    def __init__(self, table: CsvTable) -> None:
        self._column = table.columns.by_name
        columns = table.columns
        self._dates = [self._column[name] for name in ("finished on", "created on") if name in self._column]
        if not self._dates or not self._column.keys() >= _NEEDED:
            raise bad("header row", "must have all columns of Wise's history")
        self._read = columns._replace(
            by_role={
                "date": self._dates,
                "amount": [self._column["source amount after fees"]],
                "currency": [self._column["source currency"]],
                "counterparty": [self._column["target name"]],
                "text": [self._column[name] for name in ("reference", "note") if name in self._column],
                **({"reference": [self._column["id"]]} if "id" in self._column else {}),
            },
            card=CardLayout("bank"),
        )

    def table(self, table: CsvTable) -> CsvTable:
        """The table as the others are."""
        currencies: set[str] = set()

        def look(cells: Cells, line: int) -> Cells | None:
            if self._is_booked(cells, line) and (side := self._side(cells, line)):
                currencies.add(cells[self._column[f"{side} currency"]].strip())
                if len(currencies) > 1:
                    raise bad(
                        "currency", "must be the same in all rows: download the statement of each balance instead"
                    )
            return None

        for _ in table.read_as(self._read, look).bookings():
            pass
        self._home = next(iter(currencies), "")
        return table.read_as(self._read, self._prepare)

    def _prepare(self, cells: Cells, line: int) -> Cells | None:
        if not self._is_booked(cells, line):
            return None
        side = self._side(cells, line)
        amount = Decimal(0)
        if side != "target" and cells[self._column["source currency"]].strip() == self._home:
            amount -= self._amount(cells, "source amount after fees", line) + self._source_fee(cells, line)
        if side != "source" and cells[self._column["target currency"]].strip() == self._home:
            amount += self._amount(cells, "target amount after fees", line)
        if side is None and not amount:
            # Between two balances, neither of which is read.
            return None
        prepared = cells.copy()
        prepared[self._column["source amount after fees"]] = f"{amount:f}"
        prepared[self._column["source currency"]] = self._home
        if side == "target":
            prepared[self._column["target name"]] = cells[self._column["source name"]]
        return prepared

    def _is_booked(self, cells: Cells, line: int) -> bool:
        return any(map(str.strip, cells)) and is_booked(cells[self._column["status"]], line)

    def _side(self, cells: Cells, line: int) -> str | None:
        """Whether the source or the target is the account; None if both may be."""
        direction = cells[self._column["direction"]].strip().upper()
        if direction not in (*_SIDES, "NEUTRAL"):
            raise bad(f"line {line}.direction", "must be IN, OUT or NEUTRAL")
        return _SIDES.get(direction)

    def _source_fee(self, cells: Cells, line: int) -> Decimal:
        fee = self._amount(cells, "source fee amount", line)
        if fee and cells[self._column["source fee currency"]].strip() != self._home:
            raise bad(f"line {line}.fee", "must be in the currency of the amount")
        return fee

    def _amount(self, cells: Cells, name: str, line: int) -> Decimal:
        cell = cells[self._column[name]].strip()
        if not cell:
            return Decimal(0)
        if not _AMOUNT.fullmatch(cell):
            raise bad(f"line {line}.amount", "must be an amount such as 12.30")
        return parse(cell, f"line {line}.amount")
