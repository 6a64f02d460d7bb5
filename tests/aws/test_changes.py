"""Corrections, deletions and removals keep to the limits of a write and to what was read, and are counted exactly."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from saldo.aws import cubes
from saldo.aws.changes import Gone, change, look_up
from saldo.aws.customers import Customer
from saldo.aws.ledger import Refused, record
from saldo.aws.table import Table
from saldo.errors import Unavailable
from saldo.transactions import Transaction
from tests.aws.interruptions import Crash, crash_at, meanwhile
from tests.aws.law import SHOP, assert_law
from tests.aws.ledgers import Kept, correct, drafted, keep, listed, take_out, with_categories
from tests.builders import row
from tests.clock import Clock

SINGLE = row("2024-01-05", "-5", text=SHOP)
GIVEN = row("2024-01-05", "-5", text=SHOP, id=42)


@pytest.fixture
def writes(table: Table) -> list[list[dict[str, Any]]]:
    """The actions of each write transaction."""
    actions: list[list[dict[str, Any]]] = []

    def note(params: dict[str, Any], **_: object) -> None:
        actions.append(params["TransactItems"])

    table.client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", note)
    return actions


def only(table: Table, customer: Customer) -> Transaction:
    (transaction,) = listed(table, customer)
    return transaction


@pytest.mark.parametrize(
    ("act", "per_write"),
    [
        (lambda table, customer, keys: correct(table, customer, dict.fromkeys(keys, 1)), 19),
        (lambda table, customer, keys: take_out(table, customer, keys), 19),
        (lambda table, customer, keys: take_out(table, customer, keys, Gone.REMOVED), 9),
    ],
    ids=["correct", "delete", "remove"],
)
def test_changes_of_one_day_fill_each_write(
    table: Table,
    customer: Customer,
    writes: list[list[dict[str, Any]]],
    act: Callable[[Table, Customer, list[str]], int],
    per_write: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(table, customer, *(row("2024-01-05", "-1", 1002, text=str(n), id=n + 1) for n in range(22)))
    writes.clear()
    monkeypatch.setattr("saldo.aws.changes.MAX_ACTIONS", 20)
    keys = [transaction.key for transaction in listed(table, customer)]
    assert act(table, customer, keys) == 22
    full, rest = divmod(22, per_write)
    assert [len(actions) for actions in writes[:-1]] == [20 if per_write == 19 else 19] * full
    assert len(writes) == full + bool(rest)
    assert_law(table)


def test_what_no_client_gave_an_id_is_removed_without_looking_after_one(
    table: Table, customer: Customer, writes: list[list[dict[str, Any]]]
) -> None:
    keep(table, customer, *(row("2024-01-05", "-1", text=str(n)) for n in range(50)))
    writes.clear()
    take_out(table, customer, [transaction.key for transaction in listed(table, customer)], Gone.REMOVED)
    assert [len(actions) for actions in writes] == [51]


def test_an_update_that_moves_between_many_categories_stays_below_4_kb(table: Table, customer: Customer) -> None:
    """DynamoDB limits an expression to 4 KB; the ids of a tenant's scheme may be long."""
    ids = [10**9 - number for number in range(100)]
    wide = with_categories(customer, ids)
    for begin in range(0, 100, 20):
        keep(table, wide, *(row("2024-01-05", "-1", id_, text=str(id_)) for id_ in ids[begin : begin + 20]))
    following = dict(zip(ids, ids[50:] + ids[:50], strict=True))
    moved = {transaction.key: following[transaction.category] for transaction in listed(table, wide)}
    expressions: list[str] = []

    def intercept(params: dict[str, Any], **_: object) -> None:
        (update,) = [
            action["Update"]
            for action in params["TransactItems"]
            if action["Update"]["UpdateExpression"].startswith("ADD")
        ]
        expressions.append(update["UpdateExpression"])
        raise Crash  # the first write is enough

    table.client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", intercept)
    with suppress(Crash):
        correct(table, wide, moved)
    (expression,) = expressions
    assert expression.count(":") <= 2 * cubes.MAX_CELLS
    assert len(expression) < 4096


def test_a_removed_transaction_leaves_the_holder_of_another_one_with_the_same_id(
    table: Table, customer: Customer
) -> None:
    keep(table, customer, SINGLE)
    ours = only(table, customer)
    keep(table, customer, row("2024-02-06", "-6", id=ours.id))
    both = [transaction.key for transaction in listed(table, customer)]
    assert take_out(table, customer, [ours.key], Gone.REMOVED) == 1
    assert_law(table)
    assert keep(table, customer, row("2024-02-06", "-6", id=ours.id)) == (0, 1)
    keep(table, customer, SINGLE)
    assert take_out(table, customer, both, Gone.REMOVED) == 2, "in one write"
    assert (
        table.client.scan(
            TableName=table.name,
            FilterExpression="begins_with(SK, :i)",
            ExpressionAttributeValues={":i": {"S": "I#"}},
        )["Items"]
        == []
    )


def test_a_removed_id_is_free_for_other_content(table: Table, customer: Customer) -> None:
    keep(table, customer, GIVEN)
    take_out(table, customer, [only(table, customer).key], Gone.REMOVED)
    assert keep(table, customer, row("2024-03-07", "7", id=42)) == (1, 0)
    assert_law(table)


def test_what_an_import_brought_is_not_removed_once_somebody_else_has_brought_it(
    table: Table, customer: Customer
) -> None:
    keep(table, customer, SINGLE, import_="may")
    transaction = only(table, customer)

    def delete_and_restore() -> None:
        take_out(table, customer, [transaction.key])
        keep(table, customer, SINGLE, restore=True)

    def remove_what_may_brought(stored: Transaction) -> Transaction | Gone:
        return Gone.REMOVED if stored.import_ == "may" else stored

    with meanwhile(table, delete_and_restore):
        assert change(table, customer, [transaction], remove_what_may_brought) == 0
    assert only(table, customer).import_ is None
    assert_law(table)


def test_a_change_that_others_made_and_took_back_meanwhile_is_made(table: Table, customer: Customer) -> None:
    keep(table, customer, SINGLE)
    transaction = only(table, customer)
    stored = look_up(table, customer, [transaction.key])

    def set_category(category: int | None) -> Callable[[], object]:
        return lambda: correct(table, customer, {transaction.key: category})

    with meanwhile(table, set_category(1)), meanwhile(table, set_category(None), before="BatchGetItem", ordinal=2):
        assert change(table, customer, stored.values(), lambda _: Gone.DELETED) == 1
    assert listed(table, customer) == []
    assert_law(table)


def test_a_row_that_others_recorded_and_removed_meanwhile_is_recorded(table: Table, customer: Customer) -> None:
    """Also by an import, which has not ended because of it."""
    (draft,) = drafted(customer, [SINGLE])

    def remove() -> None:
        take_out(table, customer, [draft.transaction.key], Gone.REMOVED)

    def tally(count: int) -> Any:
        return table.update_action("U#1", "#", "ADD imported :n", {":n": {"N": str(count)}})

    with (
        meanwhile(table, lambda: keep(table, customer, SINGLE)),
        meanwhile(table, remove, before="BatchGetItem", ordinal=3),
    ):
        assert record(table, customer, [draft], tally=tally).imported == 1
    assert len(listed(table, customer)) == 1


def test_nothing_is_recorded_for_what_has_ended(table: Table, customer: Customer) -> None:
    def tally(count: int) -> Any:
        update = {":n": {"N": str(count)}}
        return table.update_action("U#1", "#", "ADD imported :n", update, condition="attribute_exists(PK)")

    with pytest.raises(Refused):
        record(table, customer, drafted(customer, [SINGLE]), tally=tally)
    assert listed(table, customer) == []


def test_a_write_that_is_refused_for_ever_ends_as_unavailable(
    table: Table, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock().use(monkeypatch)
    monkeypatch.setattr("saldo.aws.deadline._PATIENCE_SECONDS", 5)
    keep(table, customer, SINGLE)
    transaction = only(table, customer)

    def refuse(params: dict[str, Any], **_: object) -> None:
        (changed, *_) = params["TransactItems"]
        changed["Put"]["ConditionExpression"] += " AND attribute_exists(nothing)"

    table.client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", refuse)
    with pytest.raises(Unavailable):
        take_out(table, customer, [transaction.key])
    assert only(table, customer) == transaction


@pytest.mark.parametrize("restored", [SINGLE, GIVEN], ids=["row", "given id"])
def test_a_restoring_call_that_died_counts_what_it_restored_as_its_own(
    table: Table, customer: Customer, restored: Any
) -> None:
    keep(table, customer, restored, salt="first")
    take_out(table, customer, [only(table, customer).key])
    salt = "first" if restored is SINGLE else "second"
    with crash_at(table, 1, answered=True):
        keep(table, customer, restored, salt=salt, restore=True)
    assert len(listed(table, customer)) == 1
    assert keep(table, customer, restored, salt=salt, restore=True) == (1, 0)


def test_a_restored_id_stays_that_of_its_transaction(table: Table, customer: Customer) -> None:
    """Also one that we made and a client sends back: from then on it is an id that a client gave."""
    keep(table, customer, SINGLE)
    ours = only(table, customer)
    take_out(table, customer, [ours.key])
    assert keep(table, customer, row("2024-01-05", "-5", text=SHOP, id=ours.id), restore=True) == (1, 0)
    assert take_out(table, customer, [ours.key], Gone.REMOVED) == 1
    assert_law(table)


@pytest.mark.parametrize("brought", [SINGLE, GIVEN], ids=["row", "given id"])
def test_what_an_import_brought_and_somebody_deleted_is_its_own_when_it_goes_on(
    table: Table, customer: Customer, small_writes: None, brought: Any
) -> None:
    later = [row(f"2024-02-0{n}", "-1", text=str(n)) for n in range(1, 6)]
    with crash_at(table, 2, answered=False):
        keep(table, customer, brought, *later, import_="may")
    take_out(table, customer, [transaction.key for transaction in listed(table, customer)][:1])
    assert keep(table, customer, brought, *later, import_="may") == Kept(6, 0)
    assert keep(table, customer, brought, *later, import_="june") == Kept(0, 6)
    assert len(listed(table, customer)) == 5, "deleted stays deleted"
    assert_law(table)
