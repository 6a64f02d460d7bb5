"""Recording rows, and reading a whole ledger and its cube back."""

from collections.abc import Callable, Iterable

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.ledger import Recorded, record
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


def keep(table: Table, customer: Customer, *rows: Row, salt: str | None = None) -> Recorded:
    return record(table, customer, draft(Classifier(customer.scheme, customer.decimals).classified(rows), salt=salt))


def listed(table: Table, customer: Customer) -> list[Transaction]:
    found, cursor = [], None
    while True:
        part = page(table, customer, Selection(), 100, cursor=cursor)
        found += part.transactions
        cursor = part.next
        if cursor is None:
            return found


def cube(table: Table, customer: Customer) -> list[Cell]:
    return cubes.read(table, customer, EVERYTHING)


def summed(found: Iterable[Transaction]) -> list[Cell]:
    return cells((one.date[:10], one.category, one.value) for one in found)
