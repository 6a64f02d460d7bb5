"""Pages by cursor stay whole while others register, correct, delete and restore; offsets count what is there."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.dates import EVERYTHING, Span
from saldo.periods import Period
from saldo.scheme import Scheme
from saldo.selection import Selection
from saldo.statements.statement import Row
from saldo.transactions import Transaction
from tests.aws.law import SHOP, Model
from tests.aws.ledgers import NewLedger, correct, drafted, keep, listed, take_out
from tests.aws.steps import Correct, Delete, Register, Step
from tests.builders import row

GROCERIES = 1002
# The first two are categories of one group.
CATEGORIES = [GROCERIES, 15, 1]

any_row = st.builds(
    row,
    st.sampled_from(["2024-01-01", "2024-01-02", "2024-01-02T08:00:00.000Z", "2024-02-29"]),
    st.just("-1"),
    st.sampled_from([None, *CATEGORIES]),
    text=st.sampled_from([SHOP, "b"]),
    reference=st.sampled_from("abc"),
)
any_places = st.lists(st.integers(0, 20), min_size=1, max_size=4).map(tuple)
any_step: st.SearchStrategy[Step] = st.one_of(
    st.builds(Register, st.lists(any_row, min_size=1, max_size=3), st.none(), st.none(), st.booleans()),
    st.builds(Correct, any_places, st.sampled_from([None, *CATEGORIES])),
    st.builds(Delete, any_places),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    originals=st.lists(any_row, max_size=12),
    steps=st.lists(st.lists(any_step, max_size=2), max_size=6),
    size=st.integers(1, 5),
    descending=st.booleans(),
    filter_=st.sampled_from([None, "group", "type"]),
)
def test_a_walk_returns_once_what_is_there_from_its_first_page_to_its_last(
    new_ledger: NewLedger,
    originals: list[Row],
    steps: list[list[Step]],
    size: int,
    descending: bool,
    filter_: str | None,
) -> None:
    table, customer = new_ledger()
    group = customer.scheme.group_of(GROCERIES) if filter_ else None
    selection = Selection(group, GROCERIES if filter_ == "type" else None, descending=descending)
    model = Model(customer.scheme)
    call = Register(originals, None, None, False).call(table, customer, model)
    assert call.act() == call.expect()
    throughout = belonging(model, selection)
    walked: list[Transaction] = []
    cursor = None
    meanwhile = iter(steps)
    for pages in itertools.count():
        assert pages < 50, "the walk never ends"
        part = page(table, customer, selection, size, cursor=cursor)
        assert part.offset == len(walked)
        assert {transaction.key for transaction in part.transactions} <= belonging(model, selection)
        walked += part.transactions
        cursor = part.next
        if cursor is None:
            break
        for step in next(meanwhile, []):
            call = step.call(table, customer, model)
            assert call.act() == call.expect()
            throughout &= belonging(model, selection)
    keys = [transaction.key for transaction in walked]
    assert keys == sorted(set(keys), reverse=descending)
    assert throughout <= set(keys)


def belonging(model: Model, selection: Selection) -> set[str]:
    """The keys of the transactions that are in the selection now."""
    return {
        transaction.key
        for transaction in model.transactions
        if selection.group in (None, transaction.group) and selection.category in (None, transaction.category)
    }


def test_one_that_moves_behind_the_place_of_a_walk_by_group_is_missed_and_one_that_moves_ahead_is_met_again(
    table: Table, customer: Customer
) -> None:
    """The exception that the contract names: a walk of all groups meets both of them once."""
    keep(table, customer, *(row(f"2024-01-0{n}", "-1", GROCERIES) for n in range(1, 5)))
    first, second, third, _ = (transaction.key for transaction in listed(table, customer))
    chess = group_of(customer.scheme, 1)
    groceries = group_of(customer.scheme, GROCERIES)
    start = page(table, customer, Selection(groceries), 2)
    everything = page(table, customer, Selection(), 2)
    correct(table, customer, {first: 1, third: 1})
    rest = page(table, customer, Selection(groceries), 10, cursor=start.next).transactions
    assert third not in {transaction.key for transaction in rest}
    assert [transaction.key for transaction in page(table, customer, Selection(chess), 10).transactions] == [
        first,
        third,
    ]
    rest = everything.transactions + page(table, customer, Selection(), 10, cursor=everything.next).transactions
    assert [transaction.key for transaction in rest] == [transaction.key for transaction in listed(table, customer)]
    assert second in {transaction.key for transaction in start.transactions}


def group_of(scheme: Scheme, category: int) -> int:
    group = scheme.group_of(category)
    assert group is not None
    return group


@pytest.mark.parametrize("descending", [False, True])
def test_offsets_and_counts_agree_with_the_list_after_deletions(
    table: Table, customer: Customer, descending: bool
) -> None:
    rows = [row(f"2024-01-{n // 4 + 1:02d}", "-1", CATEGORIES[n % 2], reference=str(n)) for n in range(40)]
    keep(table, customer, *rows)
    keys = [transaction.key for transaction in listed(table, customer)]
    # A whole day at either end and in the middle, and some of the rest.
    deleted = {*keys[:4], *keys[16:20], *keys[36:], *keys[6:30:3]}
    assert take_out(table, customer, deleted) == len(deleted)
    left = [key for key in keys if key not in deleted]
    assert [transaction.key for transaction in listed(table, customer)] == left
    counts = {day.isoformat(): count for day, count in cubes.counts(table, customer, EVERYTHING, None)}
    assert counts == {day: sum(key.startswith(day) for key in left) for day in counts}
    assert sum(counts.values()) == len(left)
    for group in (None, group_of(customer.scheme, GROCERIES)):
        selection = Selection(group, descending=descending)
        for offset in range(len(left) + 2):
            part = page(table, customer, selection, 5, offset=offset)
            expected = sorted(left, reverse=descending)[offset : offset + 5]
            assert [transaction.key for transaction in part.transactions] == expected
            assert (part.next is None) == (offset + 5 >= len(left))


def test_the_first_day_left_is_found_behind_many_that_were_emptied(table: Table, customer: Customer) -> None:
    days = [date(2024, 1, 1) + timedelta(n) for n in range(50)]
    keep(table, customer, *(row(day.isoformat(), "-1") for day in days))
    take_out(table, customer, [transaction.key for transaction in listed(table, customer)[:45]])
    requests: list[str] = []
    table.client.meta.events.register("before-call.dynamodb.Query", lambda model, **_: requests.append(model.name))
    assert cubes.coverage(table, customer, Span(days[0], None)) == Period(days[45], days[49])
    assert len(requests) <= 3, "two for the first day, one for the last"


def test_what_is_restored_is_where_it_was(table: Table, customer: Customer) -> None:
    rows = [row(f"2024-01-0{n}", "-1", text=SHOP, reference=str(n)) for n in range(1, 6)]
    keep(table, customer, *rows)
    before = listed(table, customer)
    take_out(table, customer, [transaction.key for transaction in before[1:4]])
    assert listed(table, customer) == [before[0], before[4]]
    assert keep(table, customer, *rows, restore=True) == (3, 2)
    assert listed(table, customer) == before == [draft.transaction for draft in drafted(customer, rows)]
    assert page(table, customer, Selection(), 1, offset=3).transactions == [before[3]]
