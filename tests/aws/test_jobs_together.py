"""Jobs beside other writers, on an engine that is right under threads: whoever wins, the cube equals the list."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import msgspec
import pytest

from saldo.aws import undoing, working
from saldo.aws.changes import Gone, change
from saldo.aws.customers import Customer, Customers
from saldo.aws.files import Files
from saldo.aws.imports import Imports
from saldo.aws.jobs import Job, Jobs, new_job
from saldo.aws.ledger import Refused
from saldo.aws.table import Table
from saldo.statements.statement import Row
from saldo.transactions import Transaction
from tests.aws.brought import begin, bring, go_on
from tests.aws.ledgers import cube, days_of_cube, keep, listed, summed
from tests.aws.threads import at_once
from tests.builders import days, row

pytestmark = pytest.mark.engine

ACCOUNT, SAVINGS = "NL28SALD0417000006", "NL98SALD0417000007"
MINE = [row(f"2024-05-{day:02}", "-7", text="mine", counterparty_account=SAVINGS) for day in range(1, 11)]
ROWS = [
    row(f"2024-05-{day:02}", f"-{amount}", text="brought", counterparty_account=SAVINGS)
    for day in range(1, 11)
    for amount in range(1, 13)
]


def check(table: Table, customer: Customer) -> list[Transaction]:
    """The transactions, which the cube must equal, the number of each day too."""
    transactions = listed(table, customer)
    assert cube(table, customer) == summed(transactions)
    assert days_of_cube(table, customer) == Counter(transaction.date[:10] for transaction in transactions)
    return transactions


def until_it_ends(table: Table, job: Job, files: Files) -> None:
    """A run of the job as it is now; the last run has ended it."""
    stored = Jobs(table).find(job.id)
    assert stored
    assert working.run(table, stored, files)


def correct(table: Table, customer: Customer, transactions: list[Transaction]) -> int:
    """Put all into category 1, as the customer's own."""

    def corrected(transaction: Transaction) -> Transaction:
        return msgspec.structs.replace(transaction, category=1, group=7592, rule=None)

    return change(table, customer, transactions, corrected)


@pytest.mark.parametrize("runs", [2, 8])
def test_an_undo_and_the_import_itself(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files, runs: int
) -> None:
    table, customer = threaded_table, threaded_customer
    keep(table, customer, *MINE)
    import_ = Imports(table).create(customer, "rows.csv")
    begin(table, customer, import_.id, ROWS, [ACCOUNT])

    def act(number: int) -> None:
        if number:
            with suppress(Refused):
                go_on(table, customer, import_.id, ROWS, days("2024-05-01", "2024-05-31"))
        else:
            until_it_ends(table, undoing.begin(table, threaded_files, customer, import_.id), threaded_files)

    at_once(runs, act)
    assert [transaction.text for transaction in check(table, customer)] == ["mine"] * 10
    assert Imports(table).find(import_.id) is None
    assert list(Imports(table).all_of(customer)) == []
    assert Customers(table, customer.tenant).get(customer.id).accounts == frozenset()
    again = bring(table, customer, ROWS)
    assert Counter(transaction.import_ for transaction in check(table, customer)) == {None: 10, again: 120}


@pytest.mark.parametrize("runs", [2, 16])
def test_an_undo_beside_corrections_deletions_and_another_run(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files, runs: int
) -> None:
    table, customer = threaded_table, threaded_customer
    keep(table, customer, *MINE)
    import_id = bring(table, customer, ROWS)
    before = listed(table, customer)
    job = undoing.begin(table, threaded_files, customer, import_id)
    acts: list[Callable[[], object]] = [
        lambda: until_it_ends(table, job, threaded_files),
        lambda: correct(table, customer, before[:60]),
        lambda: change(table, customer, before[40:80], lambda _: Gone.DELETED),
    ]
    at_once(runs, lambda number: acts[number % len(acts)]())
    left = check(table, customer)
    assert all(transaction.import_ is None for transaction in left)
    assert Imports(table).find(import_id) is None


@pytest.mark.parametrize("runs", [2, 16])
def test_a_categorising_beside_corrections_and_deletions(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files, runs: int
) -> None:
    table, customer = threaded_table, threaded_customer
    keep(table, customer, *ROWS)
    before = listed(table, customer)
    Customers(table, customer.tenant).put(customer.id, "EUR", None, accounts=[SAVINGS])
    job = new_job(customer.partition, "categorise", len(before))
    table.write(Jobs(table).create_actions(job))
    acts: list[Callable[[], object]] = [
        lambda: until_it_ends(table, job, threaded_files),
        lambda: correct(table, customer, before[:60]),
        lambda: change(table, customer, before[40:80], lambda _: Gone.DELETED),
    ]
    at_once(runs, lambda number: acts[number % len(acts)]())
    for act in acts[1:] if runs < len(acts) else ():
        act()
    after = {transaction.key: transaction for transaction in check(table, customer)}
    kinds = Counter((transaction.category, transaction.rule) for transaction in after.values())
    assert [transaction.key in after for transaction in before[40:80]] == [False] * 40
    assert {after[transaction.key].category for transaction in before[:40]} == {1}
    assert kinds == {(1, None): 40, (21, "own-accounts"): 40}


def test_an_account_that_two_imports_name_while_one_is_undone(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files
) -> None:
    table, customer = threaded_table, threaded_customer
    for number in range(8):
        first = bring(table, customer, MINE, accounts=[ACCOUNT])
        job = undoing.begin(table, threaded_files, customer, first)
        rows = [row(f"2024-06-{number + 1:02}", "-1")]

        def act(at: int, job: Job = job, rows: list[Row] = rows) -> str | None:
            if at:
                return bring(table, customer, rows, accounts=[ACCOUNT])
            until_it_ends(table, job, threaded_files)
            return None

        (second,) = filter(None, at_once(2, act))
        learned = Customers(table, customer.tenant).get(customer.id).learned_accounts
        assert {account.number for account in learned} == {ACCOUNT}
        assert {account.import_id for account in learned} == {second}
        until_it_ends(table, undoing.begin(table, threaded_files, customer, second), threaded_files)
        assert Customers(table, customer.tenant).get(customer.id).accounts == frozenset()
