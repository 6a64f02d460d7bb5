"""The cube, its counts and the index equal the list after every write, whoever else writes and wherever a call dies;
and the list is what was asked for."""

import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saldo.aws.changes import Gone
from saldo.aws.customers import Customer
from saldo.aws.table import Table
from saldo.errors import Conflict, Unavailable
from saldo.statements.statement import Row
from tests.aws.interruptions import crash_at
from tests.aws.law import SHOP, Model, assert_law, ruled
from tests.aws.ledgers import NewLedger, correct, drafted, keep, listed, take_out
from tests.aws.steps import Correct, Delete, Register, Remove, Step
from tests.aws.threads import at_once
from tests.builders import row

T = TypeVar("T")

any_row = st.builds(
    row,
    st.sampled_from(["2024-01-01", "2024-01-02", "2024-02-29T13:00:00.000Z"]),
    st.sampled_from(["-1", "-2.50", "3"]),
    st.sampled_from([None, None, 1, 14]),
    text=st.sampled_from([None, SHOP, "b"]),
    account=st.sampled_from([None, "one"]),
    # Most rows with the id contradict each other.
    id=st.sampled_from([None] * 8 + [7]),
)
any_rows = st.lists(any_row, min_size=1, max_size=6)
any_places = st.lists(st.integers(0, 20), min_size=1, max_size=6).map(tuple)
any_step: st.SearchStrategy[Step] = st.one_of(
    st.builds(Register, any_rows, st.none(), st.none(), st.booleans()),
    st.builds(Register, any_rows, st.sampled_from(["salt", "pepper"]), st.none(), st.just(False)),
    st.builds(Register, any_rows, st.none(), st.sampled_from(["may", "june"]), st.just(False)),
    st.builds(Correct, any_places, st.sampled_from([None, 1, 14])),
    st.builds(Delete, any_places),
    st.builds(Remove, st.sampled_from(["may", "june"])),
)
crashes = st.none() | st.tuples(st.integers(1, 2), st.booleans())


def outcome(act: Callable[[], object]) -> object:
    """What a call answers, or that it is a conflict."""
    try:
        return act()
    except Conflict:
        return Conflict


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(first=any_rows, steps=st.lists(st.tuples(any_step, st.booleans(), crashes), max_size=7))
def test_the_ledger_is_what_was_asked_for_through_all_calls_retries_and_crashes(
    new_ledger: NewLedger,
    small_writes: None,
    first: list[Row],
    steps: list[tuple[Step, bool, tuple[int, bool] | None]],
) -> None:
    table, customer = new_ledger()
    model = Model(customer.scheme)
    for step, again, crash in [(Register(first, None, "may", False), False, None), *steps]:
        expect, act, knows_its_own = step.call(table, customer, model)
        answer = outcome(expect)
        if crash:
            write, answered = crash
            with crash_at(table, write, answered=answered):
                outcome(act)
            assert_law(table)
        result = outcome(act)
        if not crash or knows_its_own:
            assert result == answer
        assert_law(table)
        assert listed(table, customer) == model.transactions
        if again:
            assert outcome(act) == outcome(expect)
            assert listed(table, customer) == model.transactions
    assert_law(table)


class Asked(NamedTuple):
    """What the writers did to shared rows: which categories they set (None: by the rules) and which rows they
    deleted or brought back."""

    categories: defaultdict[str, set[int | None]]
    deleted: set[str]


@pytest.mark.engine
@pytest.mark.parametrize("writers", [2, 4, 16])
def test_the_ledger_is_what_somebody_asked_for_with_concurrent_writers(
    threaded_table: Table, threaded_customer: Customer, small_writes: None, writers: int
) -> None:
    table, customer = threaded_table, threaded_customer
    shared = [row(f"2024-01-0{n % 3 + 1}", "-1.01", text=SHOP, reference=str(n)) for n in range(9)]
    shared.append(row("2024-01-01", "-1", text=SHOP, id=7))
    keys = [draft.transaction.key for draft in drafted(customer, shared)]
    asked = Asked(defaultdict(set), set())

    def write(number: int) -> None:
        chance = random.Random(f"{writers} {number}")
        for _ in range(8):
            some = chance.sample(keys, 5)
            until_done(chance.choice(calls)(chance, some))

    def recording(chance: random.Random, some: list[str]) -> Callable[[], object]:
        import_ = chance.choice([None, "may", "june"])
        rows = chance.sample(shared, 6)
        return lambda: keep(table, customer, *rows, import_=import_, restore=import_ is None)

    def correcting(chance: random.Random, some: list[str]) -> Callable[[], object]:
        category = chance.choice([None, 1, 14])
        for key in some:
            asked.categories[key].add(category)
        return lambda: correct(table, customer, dict.fromkeys(some, category))

    def deleting(chance: random.Random, some: list[str]) -> Callable[[], object]:
        asked.deleted.update(some)
        return lambda: take_out(table, customer, some)

    def removing(chance: random.Random, some: list[str]) -> Callable[[], object]:
        asked.deleted.update(some)
        return lambda: take_out(table, customer, some, Gone.REMOVED)

    calls = (recording, recording, correcting, correcting, deleting, removing)
    keep(table, customer, *shared)
    at_once(writers, write)
    assert_law(table)
    transactions = {transaction.key: transaction for transaction in listed(table, customer)}
    assert set(keys) - set(transactions) <= asked.deleted
    for key, transaction in transactions.items():
        category = None if transaction.rule else transaction.category
        assert (transaction.category, transaction.rule) == ((category, None) if category else ruled(transaction))
        assert category is None or category in asked.categories[key]


def until_done(act: Callable[[], T]) -> T:
    """What the call returns when it is repeated until the ledger is no longer busy."""
    while True:
        with suppress(Unavailable):
            return act()
