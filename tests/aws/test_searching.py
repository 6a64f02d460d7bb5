"""A search walks to all that it finds, once and in order, and a page looks at a limited number of transactions."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saldo.aws import pages
from saldo.aws.customers import Customer
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.aws.wire import string
from saldo.dates import Span
from saldo.errors import BadInput
from saldo.search import Search
from saldo.selection import Selection
from saldo.statements.statement import Row
from saldo.transactions import Transaction
from tests.aws.ledgers import NewLedger, keep, listed
from tests.aws.test_listing import Meter, belongs
from tests.builders import row

GROCERIES = 1002
some_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-03T08:00:00.000Z", "2024-02-29"]),
        st.sampled_from(["-1", "-2", "3"]),
        st.sampled_from([1, 1002, 1001, 26]),
        text=st.sampled_from(["Bakery", "Bakker", "Rent"]),
        counterparty=st.sampled_from([None, "Ban Jansen", "Öl"]),
        account=st.sampled_from([None, "12345678"]),
    ),
    max_size=25,
)
some_search = st.builds(
    Search,
    st.sampled_from([None, "12345678"]),
    st.sampled_from([(), ("ba",), ("bak", "jan"), ("o",), ("x",)]),
    st.sampled_from([None, Decimal(-1)]),
    st.sampled_from([None, Decimal(2)]),
).filter(lambda search: search != Search())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=some_rows,
    deleted=st.sets(st.integers(0, 24), max_size=8),
    search=some_search,
    limit=st.integers(1, 4),
    most=st.integers(1, 9),
    descending=st.booleans(),
    filter_=st.sampled_from([None, "group", "type"]),
    span=st.sampled_from([Span(), Span(date(2024, 1, 2), date(2024, 2, 29)), Span(date(2024, 1, 3), None)]),
)
def test_a_walk_by_cursor_returns_exactly_what_matches_in_order(
    new_ledger: NewLedger,
    rows: list[Row],
    deleted: set[int],
    search: Search,
    limit: int,
    most: int,
    descending: bool,
    filter_: str | None,
    span: Span,
) -> None:
    table, customer = new_ledger()
    keep(table, customer, *rows)
    for number, transaction in enumerate(listed(table, customer)):
        if number in deleted:
            delete(table, customer, transaction)
    group = customer.scheme.group_of(GROCERIES) if filter_ else None
    selection = Selection(group, GROCERIES if filter_ == "type" else None, span, descending, search)
    looked_at = [
        transaction
        for transaction in listed(table, customer)
        if belongs(transaction, selection._replace(category=None))
    ]
    expected = [
        transaction for transaction in looked_at if belongs(transaction, selection) and search.finds(transaction)
    ]
    walked: list[Transaction] = []
    cursor = None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages, "MAX_SEARCHED", most)
        patched.setattr(pages, "_SEARCH_LIMIT", 3)
        for number in itertools.count(1):
            part = page(table, customer, selection, limit, cursor=cursor)
            assert part.offset == len(walked)
            assert len(part.transactions) <= min(limit, most)
            walked += part.transactions
            cursor = part.next
            if cursor is None:
                break
            assert number <= len(looked_at) // most + len(expected) // limit, (
                "a page that is not full is worth its call"
            )
    assert walked == (expected[::-1] if descending else expected)


def delete(table: Table, customer: Customer, transaction: Transaction) -> None:
    """Put at the transaction's key what is left of a deleted one."""
    table.put(customer.partition, f"T#{transaction.key}", {"deleted": string("2024-05-01T00:00:00.000Z")})


@pytest.fixture
def ledger(table: Table, customer: Customer) -> list[Transaction]:
    """Thirty transactions, a day each; every tenth is rent, on the last of ten days."""
    keep(
        table,
        customer,
        *(row(f"2024-01-{n + 1:02d}", "-1", 1002, text="Rent" if n % 10 == 9 else "Bakery") for n in range(30)),
    )
    return listed(table, customer)


RENT = Selection(search=Search(beginnings=("rent",)))


def test_the_last_page_knows_that_it_is_the_last(table: Table, customer: Customer, ledger: list[Transaction]) -> None:
    part = page(table, customer, RENT, 3)
    assert (part.transactions, part.next) == (ledger[9::10], None), "nothing matches behind the full page"
    part = page(table, customer, RENT, 2)
    assert part.transactions == ledger[9:20:10]
    assert part.next
    part = page(table, customer, RENT, 2, cursor=part.next)
    assert (part.transactions, part.offset, part.next) == (ledger[29:], 2, None)


def test_a_page_that_finds_nothing_has_a_cursor_whose_offset_is_0(
    table: Table, customer: Customer, ledger: list[Transaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_SEARCHED", 4)
    part = page(table, customer, RENT, 5)
    assert (part.transactions, part.offset) == ([], 0)
    assert part.next
    part = page(table, customer, RENT, 5, cursor=part.next)
    assert (part.transactions, part.offset) == ([], 0)
    assert part.next
    part = page(table, customer, RENT, 5, cursor=part.next)
    assert part.transactions == [ledger[9]]


@pytest.mark.parametrize("most", [29, 30, 31])
def test_as_many_as_a_page_looks_at_have_no_second_page(
    table: Table, customer: Customer, ledger: list[Transaction], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(pages, "MAX_SEARCHED", most)
    assert (page(table, customer, RENT, 100).next is None) == (most >= len(ledger))


def test_a_page_that_is_filled_at_once_reads_no_more_than_a_listing(
    table: Table, customer: Customer, ledger: list[Transaction]
) -> None:
    meter = Meter(table)
    page(table, customer, Selection(search=Search(most=Decimal(0))), 5)
    assert meter.read() == (1, 6)


def test_a_page_reads_hardly_more_than_it_looks_at(
    table: Table, customer: Customer, ledger: list[Transaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_SEARCHED", 10)
    monkeypatch.setattr(pages, "_SEARCH_LIMIT", 5)
    meter = Meter(table)
    assert page(table, customer, RENT, 1).transactions == [ledger[9]]
    assert meter.read() == (3, 12), "the first request reads 2, two others 5 each"


def test_a_cursor_of_a_search_belongs_to_it(table: Table, customer: Customer, ledger: list[Transaction]) -> None:
    everything = Selection(search=Search(most=Decimal(0)))
    cursor, plain = page(table, customer, everything, 5).next, page(table, customer, Selection(), 5).next
    for selection, foreign in (
        (Selection(), cursor),
        (RENT, cursor),
        (everything._replace(search=Search(most=Decimal(1))), cursor),
        (everything._replace(search=Search(least=Decimal(0))), cursor),
        (everything, plain),
    ):
        with pytest.raises(BadInput):
            page(table, customer, selection, 5, cursor=foreign)
