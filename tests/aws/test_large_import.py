"""A bank's large statement becomes a ledger, and every answer agrees with the statement. The expected values are
computed from the generated lines, without Saldo's code."""

import csv
import hashlib
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import NamedTuple

import pytest

from saldo.aws import cubes, importing
from saldo.aws.customers import Customer, Customers
from saldo.aws.files import Files
from saldo.aws.import_items import Import
from saldo.aws.imports import Imports
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.dates import EVERYTHING
from saldo.periods import Unit
from saldo.pivot import pivot
from saldo.selection import Selection
from saldo.tables import tables, to_csv
from saldo.transactions import Transaction

pytestmark = pytest.mark.engine

COUNT = 12_000


class Line(NamedTuple):
    """A line of the statement; the amount is in cents and negative for a debit."""

    day: date
    account: str
    counterparty: str
    description: str
    cents: int


def generate() -> list[Line]:
    """Four hundred days of thirty accounts in order of date; every hundredth line repeats the one before it."""
    chance = Random(12)
    accounts = [f"{number:09}" for number in range(417000001, 417000031)]
    names = ("Bakery Elm", "Garage North", "Bookshop Owl", "Harbour Design", "Green; Grocer", 'Inn "The Oak"')
    lines: list[Line] = []
    while len(lines) < COUNT:
        if len(lines) % 100 == 99:
            lines.append(lines[-1])
            continue
        lines.append(
            Line(
                day=date(2022, 1, 1) + timedelta(days=len(lines) * 400 // COUNT),
                account=chance.choice(accounts),
                counterparty=chance.choice(names),
                description=f"Order {chance.randrange(10**6)}",
                cents=chance.choice((1, -1, -1)) * chance.randrange(1, 400_000),
            )
        )
    return lines


def written(lines: list[Line]) -> bytes:
    """The statement as a bank writes it: amounts without a sign, and a column that says debit or credit."""
    header = "Booking date;Account;Counterparty;Description;Amount (CZK);Debit/credit\n"
    return (header + "".join(map(_written, lines))).encode()


def _written(line: Line) -> str:
    quoted = line.counterparty.replace('"', '""')
    amount = f"{abs(line.cents) // 100},{abs(line.cents) % 100:02}"
    side = "Debit" if line.cents < 0 else "Credit"
    return f'{line.day:%d-%m-%Y};{line.account};"{quoted}";{line.description};{amount};{side}\n'


def _facts(transaction: Transaction) -> tuple[object, ...]:
    """The fields of a transaction that a line has."""
    value = transaction.value * 100
    return transaction.date[:10], transaction.account, transaction.counterparty, transaction.text, value


@pytest.fixture
def customer(threaded_table: Table) -> Customer:
    customer, _ = Customers(threaded_table, "demo").put("bank", "CZK", "household", [])
    return customer


def run_import(table: Table, customer: Customer, files: Files, content: bytes) -> Import:
    """Import the content; returns the import in its final state."""
    imports = Imports(table)
    created = imports.create(customer, "statement.csv", len(content), hashlib.sha256(content).hexdigest())
    files._client.put_object(Bucket=files._bucket, Key=f"uploads/{created.id}", Body=content)
    importing.run(table, created.id, files)
    return imports.get(customer, created.id)


def test_a_large_statement_is_imported_once_and_every_answer_agrees_with_it(
    threaded_table: Table, threaded_files: Files, customer: Customer
) -> None:
    lines = generate()
    content = written(lines)
    cents_by_month: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        cents_by_month[f"{line.day:%Y-%m}"] += line.cents

    for new in (COUNT, 0):
        ended = run_import(threaded_table, customer, threaded_files, content)
        assert (ended.status, ended.received, ended.imported) == ("completed", COUNT, new)
        assert ended.duplicates == COUNT - new

    cells = cubes.read(threaded_table, customer, EVERYTHING)
    by_month = pivot(cells, customer.scheme, Unit.MONTH, 2)
    pivoted: defaultdict[str, Decimal] = defaultdict(Decimal)
    for group in by_month.groups:
        for value in group.values:
            pivoted[value.start[:7]] += value.amount
    assert {month: amount * 100 for month, amount in pivoted.items()} == cents_by_month
    assert sum(group.count for group in by_month.groups) == COUNT

    file = csv.DictReader(to_csv(tables(cells, customer.scheme)).decode().splitlines())
    metrics: defaultdict[str, Decimal] = defaultdict(Decimal)
    for cell in file:
        metrics[cell["Metric"]] += Decimal(cell["Value"])
    assert metrics.pop("total") * 100 == sum(cents_by_month.values())
    assert {month: amount * 100 for month, amount in metrics.items()} == cents_by_month

    listed: list[Transaction] = []
    cursor = None
    while True:
        part = page(threaded_table, customer, Selection(), 1000, cursor=cursor)
        listed += part.transactions
        assert len(listed) <= COUNT, "paging never ends"
        if part.next is None:
            break
        cursor = part.next
    assert Counter(map(_facts, listed)) == Counter((str(line.day), *line[1:]) for line in lines)
    assert all((before.date, before.id) < (after.date, after.id) for before, after in pairwise(listed))
    for offset in (1, COUNT // 2 + 1, COUNT - 98):
        assert (
            page(threaded_table, customer, Selection(), 100, offset=offset).transactions
            == (listed[offset : offset + 100])
        )
