"""Two calls at once on the same transactions: both are let go between the reads and writes of the other, and in
threads. They end in a state that one of them asked for, and the law holds."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from saldo.aws.customers import Customer
from saldo.aws.table import Table
from tests.aws.interruptions import meanwhile
from tests.aws.law import SHOP, assert_law
from tests.aws.ledgers import correct, keep, listed, take_out
from tests.aws.threads import at_once
from tests.builders import row

# Two of them fill a write.
ROWS = [row(f"2024-01-{n + 1:02d}", "-1", text=SHOP, reference=str(n)) for n in range(8)]

Act = Callable[[Table, Customer, list[str]], int]
# A category and the rule that chose it; None where nothing is listed.
State = tuple[int, str | None] | None

BY_RULE, CHESS, INTERNAL, GONE = (1002, "supermarkets-nl-be"), (1, None), (14, None), None


def chess(table: Table, customer: Customer, keys: list[str]) -> int:
    return correct(table, customer, dict.fromkeys(keys, 1))


def internal(table: Table, customer: Customer, keys: list[str]) -> int:
    return correct(table, customer, dict.fromkeys(keys, 14))


def by_rule(table: Table, customer: Customer, keys: list[str]) -> int:
    return correct(table, customer, dict.fromkeys(keys))


def delete(table: Table, customer: Customer, keys: list[str]) -> int:
    return take_out(table, customer, keys)


def import_again(table: Table, customer: Customer, keys: list[str]) -> int:
    return keep(table, customer, *ROWS, import_="june").imported


def restore(table: Table, customer: Customer, keys: list[str]) -> int:
    return keep(table, customer, *ROWS, restore=True).imported


class Pair(NamedTuple):
    """Two calls, what stands before them, and what may stand afterwards."""

    first: Act
    second: Act
    before: Act | None
    states: set[State]

    @property
    def name(self) -> str:
        return f"{self.first.__name__} and {self.second.__name__}"


PAIRS = [
    Pair(chess, internal, None, {CHESS, INTERNAL}),
    Pair(chess, chess, None, {CHESS}),
    Pair(chess, by_rule, None, {CHESS, BY_RULE}),
    Pair(by_rule, internal, chess, {BY_RULE, INTERNAL}),
    Pair(chess, delete, None, {GONE}),
    Pair(delete, delete, None, {GONE}),
    Pair(delete, import_again, None, {GONE}),
    Pair(chess, import_again, None, {CHESS}),
    Pair(restore, delete, None, {BY_RULE, GONE}),
    Pair(restore, delete, delete, {BY_RULE, GONE}),
    Pair(restore, restore, delete, {BY_RULE}),
    Pair(restore, import_again, delete, {BY_RULE}),
    Pair(restore, chess, delete, {BY_RULE, CHESS}),
]


def states(table: Table, customer: Customer, keys: list[str]) -> list[State]:
    by_key = {transaction.key: (transaction.category, transaction.rule) for transaction in listed(table, customer)}
    return [by_key.get(key) for key in keys]


def prepared(table: Table, customer: Customer, pair: Pair) -> list[str]:
    """The keys of the transactions, brought into the state before the calls."""
    keep(table, customer, *ROWS)
    keys = [transaction.key for transaction in listed(table, customer)]
    if pair.before:
        pair.before(table, customer, keys)
    return keys


@pytest.mark.faults
@pytest.mark.parametrize("write", [1, 2], ids=["between read and write", "between two writes"])
@pytest.mark.parametrize("is_swapped", [False, True], ids=["first interrupted", "second interrupted"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_call_that_is_interrupted_by_another_ends_in_what_one_of_them_asked_for(
    table: Table, customer: Customer, small_writes: None, pair: Pair, is_swapped: bool, write: int
) -> None:
    keys = prepared(table, customer, pair)
    outer, inner = (pair.second, pair.first) if is_swapped else (pair.first, pair.second)
    with meanwhile(table, lambda: inner(table, customer, keys), ordinal=write) as interruptions:
        outer(table, customer, keys)
    if not interruptions:  # for there was nothing to write
        inner(table, customer, keys)
    assert_law(table)
    assert set(states(table, customer, keys)) <= pair.states


@pytest.mark.engine
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_two_calls_in_threads_end_in_what_one_of_them_asked_for(
    threaded_table: Table, threaded_customer: Customer, small_writes: None, pair: Pair
) -> None:
    keys = prepared(threaded_table, threaded_customer, pair)
    at_once(2, lambda number: (pair.first, pair.second)[number](threaded_table, threaded_customer, keys))
    assert_law(threaded_table)
    assert set(states(threaded_table, threaded_customer, keys)) <= pair.states


@pytest.mark.parametrize("ordinal", [1, 2, 3])
def test_two_who_restore_at_once_count_each_transaction_once(
    table: Table, customer: Customer, small_writes: None, ordinal: int
) -> None:
    keys = prepared(table, customer, PAIRS[0])
    delete(table, customer, keys)
    with meanwhile(table, lambda: keep(table, customer, *ROWS, restore=True), ordinal=ordinal) as interruptions:
        before = 2 * (ordinal - 1)
        assert keep(table, customer, *ROWS, restore=True) == (before, 8 - before)
    assert interruptions == [(8 - before, before)]
    assert len(listed(table, customer)) == 8


@pytest.mark.parametrize(("act", "ordinal"), [(chess, 1), (delete, 1), (chess, 2), (delete, 3)])
def test_two_who_delete_or_correct_at_once_count_each_transaction_once(
    table: Table, customer: Customer, small_writes: None, act: Act, ordinal: int
) -> None:
    keys = prepared(table, customer, PAIRS[0])
    with meanwhile(table, lambda: act(table, customer, keys), ordinal=ordinal) as interruptions:
        before = act(table, customer, keys)
    assert [before + count for count in interruptions] == [8]


def test_an_import_that_began_before_a_deletion_does_not_bring_back_what_was_deleted(
    table: Table, customer: Customer, small_writes: None
) -> None:
    """Its later rows were deleted after it had looked them up: brought by another import meanwhile, then deleted."""

    def bring_and_delete() -> None:
        keep(table, customer, *ROWS[4:], import_="june")
        brought = [transaction.key for transaction in listed(table, customer) if transaction.import_ == "june"]
        take_out(table, customer, brought)

    with meanwhile(table, bring_and_delete, ordinal=2):
        assert keep(table, customer, *ROWS, import_="may") == (4, 4)
    assert {transaction.import_ for transaction in listed(table, customer)} == {"may"}
    assert len(listed(table, customer)) == 4
    assert_law(table)


def test_an_import_in_chunks_meets_what_was_deleted_between_them(table: Table, customer: Customer) -> None:
    keep(table, customer, *ROWS[4:])
    assert keep(table, customer, *ROWS[:4], import_="may") == (4, 0)
    take_out(table, customer, [transaction.key for transaction in listed(table, customer)])
    assert keep(table, customer, *ROWS[4:], import_="may") == (0, 4)
    assert keep(table, customer, *ROWS[:4], import_="may") == (4, 0), "its own, which stay deleted"
    assert listed(table, customer) == []
    assert_law(table)
