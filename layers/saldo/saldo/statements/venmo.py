"""Venmo's statement: each payment counts, also one that a bank or a card paid for. The balances at its beginning and
end must agree with the rows that touch Venmo's own balance."""

from decimal import Decimal

from saldo.errors import bad
from saldo.money import plain
from saldo.statements.amounts import is_negative, pointed_amount
from saldo.statements.batch import Cells
from saldo.statements.bookings import is_booked
from saldo.statements.cards import CardLayout
from saldo.statements.csv_table import CsvTable

_OWN = ("", "venmo balance")


def read_venmo(table: CsvTable) -> CsvTable:
    """The table of Venmo. BadInput if its rows do not lead from one balance to the other, or if there are fees and
    nothing shows whether the amounts have them in them."""
    return _Venmo(table).table(table)


class _Venmo:
    """The columns of a statement by their names."""

    def __init__(self, table: CsvTable) -> None:
        self._column = table.columns.by_name
        if not {"status", "type", "from", "to", "id"} <= self._column.keys():
            raise bad("header row", "must have the columns of Venmo's statement")
        self._amount = self._column["amount total"]

    def table(self, table: CsvTable) -> CsvTable:
        """The table as the others are."""
        by_role = {
            "date": [self._column["datetime"]],
            "amount": [self._amount],
            "counterparty": [self._column["to"]],
            "reference": [self._column["id"]],
        }
        if "note" in self._column:
            by_role["text"] = [self._column["note"]]
        read = table.columns._replace(by_role=by_role, card=CardLayout("bank"))
        self._check(table.read_as(read, self._with_balances))
        return table.read_as(read, self._prepare)

    def _check(self, table: CsvTable) -> None:
        """BadInput unless the rows lead from the balance at the beginning to the one at the end, if it has both."""
        self._balances: dict[str, list[Decimal]] = {"beginning balance": [], "ending balance": []}
        total, fees = Decimal(0), False
        for line, cells in table.bookings():
            amount = self._money(cells, "amount total", line)
            side = "funding source" if amount < 0 else "destination"
            if cells[self._column[side]].strip().casefold() in _OWN:
                total += amount
            fees = fees or bool(self._money(cells, "amount fee", line))
        beginning, ending = self._balances.values()
        if len(beginning) == len(ending) == 1:
            difference = ending[0] - beginning[0] - total
            if difference:
                raise bad(
                    "body", f"does not add up: the ending balance is {plain(difference)} more than its rows say"
                )
        elif fees:
            raise bad("fee", "is ambiguous: nothing tells whether the amounts have it in them")

    def _with_balances(self, cells: Cells, line: int) -> Cells | None:
        for name, balances in self._balances.items():
            # Two say as much as more: that there is not one.
            if name in self._column and cells[self._column[name]].strip() and len(balances) < 2:
                balances.append(self._money(cells, name, line))
        return self._prepare(cells, line)

    def _prepare(self, cells: Cells, line: int) -> Cells | None:
        if not cells[self._amount].strip() or not is_booked(cells[self._column["status"]], line):
            return None
        # Who asks for money is `from`, and who sends it is `from` too.
        is_charge = cells[self._column["type"]].strip().casefold() == "charge"
        if is_negative(cells[self._amount]) == is_charge:
            cells = cells.copy()
            cells[self._column["to"]] = cells[self._column["from"]]
        return cells

    def _money(self, cells: Cells, name: str, line: int) -> Decimal:
        cell = cells[self._column[name]] if name in self._column else ""
        return pointed_amount(cell, f"line {line}.amount", "- $12.30")
