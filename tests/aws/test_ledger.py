"""Duplicates add nothing, a write is atomic, and the cube always equals the sum over the list."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.ledger import record
from saldo.aws.table import MAX_ACTIONS, Table
from saldo.classification import Classifier
from saldo.dates import EVERYTHING
from saldo.drafts import draft, named
from saldo.errors import BadInput, Conflict
from saldo.statements.bodies import Bulk, BulkTransaction
from tests.aws.interruptions import Crash, crash_at
from tests.aws.ledgers import Kept, MakeCustomer, cube, keep, listed, summed, with_categories
from tests.aws.threads import at_once
from tests.builders import row


def test_a_recorded_transaction_is_read_back_in_full(table: Table, customer: Customer) -> None:
    full = row(
        "2024-01-05T10:20:30.400Z",
        "-12.30",
        1002,
        text="coffee ☕",
        reference="r",
        account="NL00SALD",
        counterparty="Cafe",
        balance=Decimal("100.05"),
        extra=msgspec.Raw(b'{"x":1.10}'),
        id=7,
    )
    assert keep(table, customer, full) == (1, 0)
    (transaction,) = listed(table, customer)
    (expected,) = draft(Classifier(customer.scheme, 2).classified([full]))
    assert transaction == expected.transaction


def test_rows_that_the_ledger_already_has_add_nothing(table: Table, customer: Customer) -> None:
    january = [row(f"2024-01-{day:02d}", "-1", text="x") for day in range(1, 11)]
    assert keep(table, customer, *january) == (10, 0)
    assert keep(table, customer, *january) == (0, 10)
    assert keep(table, customer, *january[5:], row("2024-01-11", "-1", text="x")) == (1, 5)
    assert cube(table, customer) == summed(listed(table, customer))
    assert len(listed(table, customer)) == 11


def test_the_rows_that_were_there_already_are_named_in_order(table: Table, customer: Customer) -> None:
    keep(table, customer, row("2024-01-07", "-1", text="a"), row("2024-01-05", "-1", text="b", id=7))
    rows = [
        row("2024-01-07", "-1", text="a", place="first"),
        row("2024-01-06", "-1", text="new", place="second"),
        row("2024-01-05", "-1", text="b", id=7, place="third"),
        row("2024-01-05", "-1", text="b", id=7, place="fourth"),
    ]
    recorded = record(table, customer, draft(Classifier(customer.scheme, 2).classified(rows)))
    assert recorded.imported == 1
    assert [(skipped.place, skipped.date[:10]) for skipped in named(recorded.skipped)] == [
        ("first", "2024-01-07"),
        ("third", "2024-01-05"),
        ("fourth", "2024-01-05"),
    ]


def test_a_retry_under_the_same_salt_counts_its_own_rows(
    table: Table, customer: Customer, small_writes: None
) -> None:
    keep(table, customer, row("2024-01-09", "-9", text="known", id=9))
    rows = [row(f"2024-01-0{day}", "-1", text="x") for day in range(1, 6)] + [row("2024-01-06", "-1", id=6)]
    again = row("2024-01-09", "-9", text="known", id=9)
    with crash_at(table, 2, answered=True):
        keep(table, customer, *rows, again, salt="key")
    assert 0 < len(listed(table, customer)) < 7
    assert keep(table, customer, *rows, again, salt="key") == (6, 1)
    assert keep(table, customer, *rows, again, salt="key") == (6, 1)
    assert cube(table, customer) == summed(listed(table, customer))


def test_each_day_of_the_cube_counts_its_transactions(table: Table, customer: Customer) -> None:
    keep(table, customer, *(row("2024-01-05", "-1", category, text=str(category)) for category in (1, 1002, 1001)))
    keep(table, customer, row("2024-01-05", "-1", 1002, text="more"), row("2024-01-06", "-1", 1002))
    days = list(cubes.counts(table, customer, EVERYTHING, None))
    assert days == [(date(2024, 1, 5), 4), (date(2024, 1, 6), 1)]


def test_identical_rows_in_one_statement_are_all_kept(table: Table, customer: Customer) -> None:
    twins = [row("2024-01-05", "-2.50", text="coffee")] * 2
    assert keep(table, customer, *twins) == (2, 0)
    assert keep(table, customer, *twins) == (0, 2)


def test_a_given_id_exists_once_per_customer(table: Table, customer: Customer, make_customer: MakeCustomer) -> None:
    same = row("2024-01-05", "-5", 1002, text="x", id=42)
    assert keep(table, customer, same) == (1, 0)
    assert keep(table, customer, same, same) == (0, 2)
    for different in (
        row("2024-01-05", "-6", 1002, text="x", id=42),
        row("2024-01-06", "-5", 1002, text="x", id=42),
        row("2024-01-05", "-5", 1002, text="y", id=42),
        row("2024-01-05", "-5", 1002, text="x", balance=Decimal(1), id=42),
    ):
        with pytest.raises(Conflict):
            keep(table, customer, row("2024-02-01", "1"), different)
    assert len(listed(table, customer)) == 1, "a conflict changes nothing"
    assert keep(table, make_customer(), row("2024-01-06", "-6", id=42)) == (1, 0)


def test_an_id_with_two_contents_in_one_call_is_a_conflict(table: Table, customer: Customer) -> None:
    with pytest.raises(Conflict):
        keep(table, customer, row("2024-01-05", "-5", id=42), row("2024-01-06", "-5", id=42))
    assert listed(table, customer) == []


@pytest.mark.parametrize("category", [None, 1])
def test_the_category_of_a_given_id_is_not_compared(table: Table, customer: Customer, category: int | None) -> None:
    keep(table, customer, row("2024-01-05", "-5", 1002, id=42))
    assert keep(table, customer, row("2024-01-05", "-5", category, id=42)) == (0, 1)
    assert [transaction.category for transaction in listed(table, customer)] == [1002]


def test_a_listed_transaction_may_be_sent_again_with_its_id(table: Table, customer: Customer) -> None:
    keep(table, customer, row("2024-01-05", "-5", 1002, text="x"))
    (transaction,) = listed(table, customer)
    assert keep(table, customer, row("2024-01-05", "-5", 1002, text="x", id=transaction.id)) == (0, 1)
    with pytest.raises(Conflict):
        keep(table, customer, row("2024-01-05", "-6", 1002, text="x", id=transaction.id))


def test_batches_stay_within_the_limits_of_one_write(table: Table, customer: Customer) -> None:
    sizes: list[int] = []

    def count(params: dict[str, Any], **_: object) -> None:
        sizes.append(len(params["TransactItems"]))

    table.client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", count)
    one_day = [row("2024-01-05", "-1", text=str(n), id=n + 1) for n in range(60)]
    many_days = [row(f"2024-{n // 28 + 2:02d}-{n % 28 + 1:02d}", "-1", text=str(n)) for n in range(60)]
    assert keep(table, customer, *one_day, *many_days) == (120, 0)
    # 49 rows with given ids, and their day; the other 11 and their day, and 38 rows of a day each; the last 22
    assert sizes == [99, 99, 44]
    assert cube(table, customer) == summed(listed(table, customer))


def test_a_write_full_of_the_longest_transactions_stays_below_4_mb() -> None:
    widest = "\N{GRINNING FACE}"
    longest = {"reference": 256, "account": 256, "counterparty": 256, "counterparty_account": 256, "text": 2000}
    texts = {field: widest * length for field, length in longest.items()}
    longest_row = row("2024-01-05", "-999999999999999", **texts)
    for field in longest:
        with pytest.raises(BadInput):
            msgspec.structs.replace(longest_row, **{field: getattr(longest_row, field) + "x"}).checked()
    extra = msgspec.Raw(f'{{"x":"{widest * 4088}"}}'.encode())
    body = BulkTransaction("2024-01-05", msgspec.Raw(b"1"), extra=extra)
    assert next(iter(Bulk([body]))).extra == extra
    with pytest.raises(BadInput):
        list(Bulk([msgspec.structs.replace(body, extra=msgspec.Raw(bytes(extra).replace(b"x", b"xx")))]))
    size = sum(len(text.encode()) for text in texts.values()) + len(bytes(extra)) + 500
    assert MAX_ACTIONS * size < 4_000_000


def test_an_update_of_a_day_with_many_categories_stays_below_4_kb(table: Table, customer: Customer) -> None:
    """DynamoDB limits an expression to 4 KB; the ids of a tenant's scheme may be long."""
    ids = [10**9 - number for number in range(200)]
    wide = with_categories(customer, ids)
    expressions: list[str] = []

    def intercept(params: dict[str, Any], **_: object) -> None:
        actions = params["TransactItems"]
        expressions.extend(action["Update"]["UpdateExpression"] for action in actions if "Update" in action)
        raise Crash  # the first write is enough

    table.client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", intercept)
    with suppress(Crash):
        keep(table, wide, *(row("2024-01-05", "-1", id_) for id_ in ids))
    assert [text.count(":") for text in expressions] == [2 * cubes.MAX_CELLS + 1]
    assert len(expressions[0]) < 4096


@pytest.mark.engine
@pytest.mark.parametrize("writers", [2, 4, 16])
def test_the_cube_equals_the_list_with_concurrent_writers(
    threaded_table: Table, threaded_customer: Customer, writers: int
) -> None:
    customer = threaded_customer
    shared = [row(f"2024-01-{n % 5 + 1:02d}", "-1.01", 1002, text=f"shared {n}") for n in range(40)]

    def write(number: int) -> Kept:
        unique = [row(f"2024-01-{n % 5 + 1:02d}", "0.07", 1001, text=f"{number} {n}") for n in range(20)]
        return keep(threaded_table, customer, *shared, *unique)

    results = at_once(writers, write)
    transactions = listed(threaded_table, customer)
    assert len(transactions) == 40 + 20 * writers
    assert sum(result.imported for result in results) == len(transactions), "each is imported by exactly one"
    assert cube(threaded_table, customer) == summed(transactions)


@pytest.mark.engine
def test_a_given_id_is_taken_by_exactly_one_of_many_writers(
    threaded_table: Table, threaded_customer: Customer
) -> None:
    customer = threaded_customer

    def write(number: int) -> str:
        try:
            return f"{keep(threaded_table, customer, row(f'2024-01-{number + 1:02d}', '-1', id=42))}"
        except Conflict:
            return "conflict"

    results = at_once(8, write)
    assert sorted(results)[1:] == ["conflict"] * 7
    assert len(listed(threaded_table, customer)) == 1
    assert cube(threaded_table, customer) == summed(listed(threaded_table, customer))
