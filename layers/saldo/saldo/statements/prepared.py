"""The layouts of CSV files whose rows must be worked out before they can be read like any other: PayPal, Wise's
history, Venmo and Revolut Business. Each is one module, imported when its header row is met."""

from functools import partial

from saldo.money import is_currency
from saldo.statements.batch import Cells
from saldo.statements.csv_table import CsvTable
from saldo.statements.layouts import DNB, REVOLUT_BUSINESS, VENMO, WISE_HISTORY

# How DNB says in its texts that a row is not booked yet.
_RESERVED = "reservert transaksjon"


def prepared(table: CsvTable) -> CsvTable:
    """The table, with rows as the others have them. BadInput if its rows cannot be worked out."""
    table = _with_currency(table)
    names, by_role = set(table.columns.names), table.columns.by_role
    if "net" in by_role and ("gross" in by_role or {"amount", "payment fee"} <= by_role.keys()):
        from saldo.statements.paypal import read_paypal

        return read_paypal(table)
    if names >= WISE_HISTORY:
        from saldo.statements.wise import read_wise_history

        return read_wise_history(table)
    if names >= VENMO:
        from saldo.statements.venmo import read_venmo

        return read_venmo(table)
    if names >= REVOLUT_BUSINESS:
        from saldo.statements.revolut import read_revolut_business

        return read_revolut_business(table)
    if names >= DNB:
        return table.read_as(table.columns, partial(_without_reserved, column=by_role["text"][0]))
    return table


def _with_currency(table: CsvTable) -> CsvTable:
    """The table in which the column of the currency has that role: *Valuta* is the currency in some Italian files and
    a day in others, as its cells show."""
    columns = table.columns
    perhaps = columns.first("perhaps currency")
    if perhaps is None or "currency" in columns.by_role:
        return table
    cell = next((text for _, cells in table.bookings() if (text := cells[perhaps].strip())), "")
    if not is_currency(cell):
        return table
    return table.read_as(columns._replace(by_role={**columns.by_role, "currency": [perhaps]}))


def _without_reserved(cells: Cells, line: int, *, column: int) -> Cells | None:
    """The cells, unless the text says that the money is only reserved."""
    return None if _RESERVED in cells[column].casefold() else cells
