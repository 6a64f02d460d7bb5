"""Records rows, changes transactions, and reads a whole ledger and its cube back."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import NamedTuple

import msgspec

from saldo.aws import cubes
from saldo.aws.changes import Gone, change, look_up
from saldo.aws.customers import Customer
from saldo.aws.ledger import record
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.classification import Classifier
from saldo.cube import Cell, cells
from saldo.dates import EVERYTHING
from saldo.drafts import Draft, draft
from saldo.scheme import parse
from saldo.selection import Selection
from saldo.statements.statement import Row
from saldo.transactions import Transaction

MakeCustomer = Callable[..., Customer]
NewLedger = Callable[[], tuple[Table, Customer]]


class Kept(NamedTuple):
    """How many rows were recorded, and how many were there already."""

    imported: int
    duplicates: int


def keep(
    table: Table,
    customer: Customer,
    *rows: Row,
    salt: str | None = None,
    import_: str | None = None,
    restore: bool = False,
) -> Kept:
    """Classify the rows and record them."""
    drafts = drafted(customer, rows, salt, import_)
    recorded = record(table, customer, drafts, by=salt or import_, restore=restore)
    return Kept(recorded.imported, len(recorded.skipped))


def drafted(
    customer: Customer, rows: Iterable[Row], salt: str | None = None, import_: str | None = None
) -> list[Draft]:
    classified = Classifier(customer.scheme, customer.decimals).classified(rows)
    return list(draft(classified, salt=salt, import_=import_))


def correct(table: Table, customer: Customer, categories: Mapping[str, int | None]) -> int:
    """Give the transactions with these keys their categories, None by the rules; returns how many were changed."""
    classifier = Classifier(customer.scheme, customer.decimals)

    def corrected(transaction: Transaction) -> Transaction:
        category = categories[transaction.key]
        if category is None:
            return classifier.again(transaction)
        group = customer.scheme.group_of(category)
        assert group is not None
        return msgspec.structs.replace(transaction, category=category, group=group, rule=None)

    return change(table, customer, look_up(table, customer, categories).values(), corrected)


def take_out(table: Table, customer: Customer, keys: Iterable[str], gone: Gone = Gone.DELETED) -> int:
    """Delete or remove the transactions with these keys; returns how many were there."""
    return change(table, customer, look_up(table, customer, keys).values(), lambda _: gone)


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
    """The cells of the cube by day and category, as `saldo.cube.cells` orders them."""
    return sorted(cubes.read(table, customer, EVERYTHING), key=attrgetter("day", "category"))


def days_of_cube(table: Table, customer: Customer) -> dict[str, int]:
    """How many transactions each day of the cube counts, without days that have none."""
    return {day.isoformat(): count for day, count in cubes.counts(table, customer, EVERYTHING, None) if count}


def summed(transactions: Iterable[Transaction]) -> list[Cell]:
    """The cube that the transactions add up to."""
    return cells((transaction.date[:10], transaction.category, transaction.value) for transaction in transactions)


def with_categories(customer: Customer, ids: list[int]) -> Customer:
    """The customer with a scheme of these categories, all in one group."""
    categories = [{"id": id_, "name": str(id_)} for id_ in ids]
    tables = {"expenses": [{"id": 1, "name": "all", "categories": categories}]}
    scheme = {"id": "wide", "tables": tables, "default": {"income": ids[0], "expenses": ids[0]}}
    return msgspec.structs.replace(customer, scheme=parse(msgspec.json.encode(scheme)))
