"""Pages: each transaction once and in order, even if others are added meanwhile; a deep offset is cheap."""

import itertools
from collections import Counter
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saldo.aws.customers import Customer
from saldo.aws.pages import find, page
from saldo.aws.table import Table
from saldo.aws.wire import number, string
from saldo.dates import Span
from saldo.selection import Selection
from saldo.statements.statement import Row
from saldo.transactions import Transaction
from tests.aws.ledgers import NewLedger, keep, listed
from tests.builders import row

GROCERIES = 1002
days = st.sampled_from(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-03T08:00:00.000Z", "2024-02-29"])


def rows(minimum: int, maximum: int, words: str) -> st.SearchStrategy[list[Row]]:
    any_row = st.builds(
        row,
        days,
        st.just("-1"),
        st.sampled_from([1, 1002, 1001, 26]),
        text=st.text(words, min_size=1, max_size=3),
    )
    return st.lists(any_row, min_size=minimum, max_size=maximum)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    originals=rows(0, 12, "abc"),
    meanwhile=rows(0, 6, "xyz"),
    size=st.integers(1, 6),
    descending=st.booleans(),
    filter_=st.sampled_from([None, "group", "type"]),
    span=st.sampled_from([Span(), Span(date(2024, 1, 2), date(2024, 2, 29)), Span(date(2024, 1, 3), None)]),
)
def test_paging_yields_each_original_transaction_once_and_in_order(
    new_ledger: NewLedger,
    originals: list[Row],
    meanwhile: list[Row],
    size: int,
    descending: bool,
    filter_: str | None,
    span: Span,
) -> None:
    table, customer = new_ledger()
    group = customer.scheme.group_of(GROCERIES) if filter_ else None
    selection = Selection(group, GROCERIES if filter_ == "type" else None, span, descending)
    keep(table, customer, *originals)
    before = [transaction for transaction in listed(table, customer) if belongs(transaction, selection)]
    walked: list[Transaction] = []
    cursor = None
    late = iter(meanwhile)
    for pages in itertools.count():
        assert pages < 50, "paging never ends"
        part = page(table, customer, selection, size, cursor=cursor)
        assert part.offset == len(walked)
        assert len(part.transactions) <= size
        walked += part.transactions
        cursor = part.next
        if cursor is None:
            break
        keep(table, customer, *itertools.islice(late, 2))
    keys = [transaction.key for transaction in walked]
    assert keys == sorted(set(keys), reverse=descending)
    original = {transaction.key for transaction in before}
    assert [key for key in keys if key in original] == sorted(original, reverse=descending)
    assert all(belongs(transaction, selection) for transaction in walked)


def belongs(transaction: Transaction, selection: Selection) -> bool:
    return (
        selection.group in (None, transaction.group)
        and selection.category in (None, transaction.category)
        and selection.span.holds(date.fromisoformat(transaction.date[:10]))
    )


@pytest.fixture
def ledger(table: Table, customer: Customer) -> list[Transaction]:
    """Sixty transactions of three groups: twenty at one instant, twenty on one day, twenty on a day each."""
    keep(
        table,
        customer,
        *(row("2024-01-02", "-1", 1002, text=str(n)) for n in range(20)),
        *(row(f"2024-01-03T10:00:00.{n:03d}Z", "-1", [1, 1002][n % 2], text=str(n)) for n in range(20)),
        *(row(f"2024-01-{n + 10:02d}", "5", 1001, text=str(n)) for n in range(20)),
    )
    return listed(table, customer)


each_order = pytest.mark.parametrize("descending", [False, True])
each_selection = pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(category=1002),
        Selection(span=Span(date(2024, 1, 3), date(2024, 1, 12))),
    ],
)


def completed(customer: Customer, selection: Selection, descending: bool) -> Selection:
    """The selection in the order, with the group of its category."""
    group = customer.scheme.group_of(1002) if selection.category else None
    return selection._replace(descending=descending, group=group)


@each_order
@each_selection
def test_a_page_by_offset_equals_the_page_by_cursor(
    table: Table, customer: Customer, ledger: list[Transaction], selection: Selection, descending: bool
) -> None:
    selection = completed(customer, selection, descending)
    expected = [transaction for transaction in ledger if belongs(transaction, selection)]
    expected.sort(key=lambda transaction: transaction.key, reverse=descending)
    for offset in range(len(expected) + 2):
        part = page(table, customer, selection, 7, offset=offset)
        assert part.transactions == expected[offset : offset + 7]
        assert (part.next is None) == (offset + 7 >= len(expected))
        if part.next:
            assert page(table, customer, selection, 7, cursor=part.next).transactions == expected[offset + 7 :][:7]


class Meter:
    """Counts requests and the items that they return."""

    def __init__(self, table: Table) -> None:
        self.requests: Counter[str] = Counter()
        self.items = 0
        table.client.meta.events.register_first("before-parse.dynamodb.*", self._count)

    def _count(self, response_dict: dict[str, Any], operation_model: Any, **_: object) -> None:
        self.requests[operation_model.name] += 1
        self.items += len(msgspec.json.decode(response_dict["body"]).get("Items", []))

    def read(self) -> tuple[int, int]:
        """Requests and items since the last call."""
        counts = (self.requests.total(), self.items)
        self.requests.clear()
        self.items = 0
        return counts


@pytest.mark.parametrize("descending", [False, True])
def test_a_deep_offset_reads_only_the_cube_and_the_day_of_its_page(
    table: Table, customer: Customer, descending: bool
) -> None:
    keep(table, customer, *(row(f"2024-01-{n // 20 + 1:02d}", "-1", 1002, text=str(n)) for n in range(200)))
    meter = Meter(table)
    selection = Selection(descending=descending)
    limit = 5
    page(table, customer, selection, limit)
    assert meter.read() == (1, limit + 1)
    for offset in (20, 100, 180, 190):
        page(table, customer, selection, limit, offset=offset)
        requests, items = meter.read()
        assert requests == 2, "one for the cube, one for the page"
        assert items <= 10 + offset % 20 + limit + 1, "ten days of the cube, and the day up to the page"
    page(table, customer, selection, limit, offset=200)
    assert meter.read() == (1, 10), "the cube shows that nothing is left"


@each_order
@each_selection
def test_the_total_is_the_number_of_the_selection_on_every_page(
    table: Table, customer: Customer, ledger: list[Transaction], selection: Selection, descending: bool
) -> None:
    selection = completed(customer, selection, descending)
    expected = sum(belongs(transaction, selection) for transaction in ledger)
    part = page(table, customer, selection, 7, total=True)
    assert part.total == expected
    assert page(table, customer, selection, 7, cursor=part.next, total=True).total == expected
    for offset in (1, expected - 1, expected, expected + 1):
        part = page(table, customer, selection, 7, offset=offset)
        assert part.total is None
        assert page(table, customer, selection, 7, offset=offset, total=True) == part._replace(total=expected)


def test_a_total_reads_the_cube_once(table: Table, customer: Customer, ledger: list[Transaction]) -> None:
    meter = Meter(table)
    for options in ({}, {"offset": 30}, {"cursor": page(table, customer, Selection(), 30).next}):
        meter.read()
        assert page(table, customer, Selection(), 5, total=True, **options).total == 60
        requests, _ = meter.read()
        assert requests == 2, "one for the cube, one for the page"


def bury(table: Table, customer: Customer, transaction: Transaction) -> None:
    """Put at the transaction's key what is left of a deleted one, as if its day had been corrected too."""
    table.put(customer.partition, f"T#{transaction.key}", {"deleted": string("2024-05-01T00:00:00.000Z")})
    table.update(
        customer.partition,
        f"A#{transaction.date[:10]}",
        f"ADD n :less, n{transaction.category} :less",
        {":less": number(-1)},
        condition="attribute_exists(PK)",
    )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("kept", [slice(0, 60, 7), slice(0, 0), slice(55, 60), slice(0, 5)])
def test_what_is_deleted_is_in_no_page_and_leaves_no_gap(
    table: Table, customer: Customer, ledger: list[Transaction], kept: slice, descending: bool
) -> None:
    expected = ledger[kept]
    for transaction in ledger:
        if transaction not in expected:
            bury(table, customer, transaction)
    if descending:
        expected.reverse()
    selection = Selection(descending=descending)
    walked: list[Transaction] = []
    cursor = None
    while True:
        part = page(table, customer, selection, 4, cursor=cursor, total=True)
        assert part == page(table, customer, selection, 4, offset=len(walked), total=True)
        assert part.total == len(expected)
        walked += part.transactions
        cursor = part.next
        if cursor is None:
            break
        assert len(part.transactions) == 4
    assert walked == expected


def test_many_deleted_ones_are_read_in_two_requests(
    table: Table, customer: Customer, ledger: list[Transaction]
) -> None:
    for transaction in ledger[:50]:
        bury(table, customer, transaction)
    meter = Meter(table)
    assert page(table, customer, Selection(), 5).transactions == ledger[50:55]
    assert meter.read() == (2, 10), "six items first, then all that follow"


def test_a_transaction_is_found_by_its_key_unless_it_is_deleted(
    table: Table, customer: Customer, ledger: list[Transaction]
) -> None:
    assert find(table, customer, ledger[3].key) == ledger[3]
    assert find(table, customer, "2024-01-02T00:00:00.000Z#0000000000000001") is None
    bury(table, customer, ledger[3])
    assert find(table, customer, ledger[3].key) is None
