"""Records rows, and reads a whole ledger and its cube back."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.ledger import record
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.classification import Classifier
from saldo.cube import Cell, cells
from saldo.dates import EVERYTHING
from saldo.drafts import draft
from saldo.selection import Selection
from saldo.statements.statement import Row
from saldo.transactions import Transaction

MakeCustomer = Callable[..., Customer]
NewLedger = Callable[[], tuple[Table, Customer]]


class Kept(NamedTuple):
    """How many rows were recorded, and how many were there already."""

    imported: int
    duplicates: int


def keep(table: Table, customer: Customer, *rows: Row, salt: str | None = None) -> Kept:
    """Classify the rows and record them."""
    classified = Classifier(customer.scheme, customer.decimals).classified(rows)
    recorded = record(table, customer, draft(classified, salt=salt), by=salt)
    return Kept(recorded.imported, len(recorded.skipped))


def listed(table: Table, customer: Customer) -> list[Transaction]:
    """All transactions of the customer, read page by page."""
    transactions, cursor = [], None
    while True:
        part = page(table, customer, Selection(), 100, cursor=cursor)
        transactions += part.transactions
        cursor = part.next
        if cursor is None:
            return transactions


def cube(table: Table, customer: Customer) -> list[Cell]:
    return cubes.read(table, customer, EVERYTHING)


def summed(transactions: Iterable[Transaction]) -> list[Cell]:
    """The cube that the transactions add up to."""
    return cells((transaction.date[:10], transaction.category, transaction.value) for transaction in transactions)
