"""Revolut Business: what changes the balance is the total amount, which has the fee in it."""

from decimal import Decimal

from saldo.errors import bad
from saldo.statements.amounts import pointed_amount
from saldo.statements.batch import Cells
from saldo.statements.bookings import is_booked
from saldo.statements.cards import CardLayout
from saldo.statements.csv_table import CsvTable

# role -> names, the best one first
_ROLES = {
    "date": ("date completed utc", "date started utc"),
    "amount": ("total amount", "amount"),
    "currency": ("payment currency",),
    "balance": ("balance",),
    "account": ("account",),
    "text": ("description",),
    "counterparty": ("payer", "beneficiary name"),
    "counterparty account": ("beneficiary iban", "beneficiary account number"),
    "reference": ("id",),
    "merchant code": ("mcc",),
}


def read_revolut_business(table: CsvTable) -> CsvTable:
    """The table of Revolut Business. BadInput for a state that is not known, for a total that is not amount and fee,
    or for a fee without a total."""
    column = table.columns.by_name
    if "amount" not in column:
        raise bad("header row", "must have a column of amounts")
    by_role = {role: [column[name] for name in names if name in column] for role, names in _ROLES.items()}
    by_role = {role: numbers for role, numbers in by_role.items() if numbers}
    amount, total, fee = column["amount"], column.get("total amount"), column.get("fee")
    by_role["amount"] = [amount if total is None else total]

    def prepare(cells: Cells, line: int) -> Cells | None:
        if not any(map(str.strip, cells)) or not is_booked(cells[column["state"]], line):
            return None
        charged = Decimal(0) if fee is None else _money(cells[fee], line)
        if charged and total is None:
            raise bad(f"line {line}.fee", "is ambiguous: download the statement with its column of total amounts")
        if total is not None and abs(_money(cells[total], line) - _money(cells[amount], line)) != abs(charged):
            raise bad(f"line {line}", "does not add up: its total amount must be its amount and its fee")
        return cells

    return table.read_as(table.columns._replace(by_role=by_role, card=CardLayout("bank")), prepare)


def _money(cell: str, line: int) -> Decimal:
    return pointed_amount(cell, f"line {line}.amount", "-12.30")
