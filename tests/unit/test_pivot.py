"""Totals, counts and averages per complete month, as LinX defines them."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo import scheme
from saldo.cube import Cell, cells, coverage
from saldo.json import encode
from saldo.periods import Period, Unit, hull
from saldo.pivot import pivot
from saldo.sent import pivot_statement
from saldo.statements.statement import Statement
from tests.builders import cell, days, row

HOUSEHOLD = scheme.load("household")
GROCERIES, SALARY, HOBBIES, OWN_ACCOUNT = 1002, 1001, 1, 14
CATEGORIES = [GROCERIES, SALARY, HOBBIES, OWN_ACCOUNT, 13, 22]


def pivoted(unit: Unit, *booked: Cell, **more: Any) -> Any:
    """The answer as a client reads it, with exact numbers."""
    content = encode(pivot(booked, HOUSEHOLD, unit, 2, **more))
    return msgspec.json.Decoder(float_hook=Decimal).decode(content)


def only(answered: Any) -> Any:
    """The single category of the answer."""
    (group,) = answered["groups"]
    (category,) = group["categories"]
    return category


def test_a_pivot_of_nothing_has_no_groups() -> None:
    nothing = {"amount": 0, "average": 0, "count": 0, "values": []}
    assert pivoted(Unit.MONTH) == {
        **{"from": None, "to": None, "unit": "month", "completeMonths": 0, "coverage": None, "groups": []},
        "totals": dict.fromkeys(("income", "expenses", "none"), nothing),
    }


def test_the_answer_has_the_shape_of_linx() -> None:
    answered = encode(pivot([cell("2025-01-05", "-12.30"), cell("2025-01-31", "-7.70")], HOUSEHOLD, Unit.MONTH, 2))
    group = HOUSEHOLD.group_of(GROCERIES) or 0
    nothing = b'{"amount":0,"average":0,"count":0,"values":[]}'
    value = b'{"from":"2025-01-01T00:00:00+00:00","to":"2025-01-31T23:59:59+00:00","amount":-20,"count":2}'
    assert answered == (
        b'{"from":"2025-01-05T00:00:00+00:00","to":"2025-01-31T00:00:00+00:00","unit":"month","completeMonths":0,'
        b'"coverage":{"from":"2025-01-05","to":"2025-01-31"},"totals":{"income":%b,'
        b'"expenses":{"amount":-20,"average":0,"count":2,"values":[%b]},"none":%b},'
        b'"groups":[{"id":%d,"name":"HUISHOUDELIJKE UITGAVEN","categories":[{"id":1002,'
        b'"name":"Voeding en versnaperingen","type":"expenses","amount":-20,"average":0,"count":2,"values":[%b]}],'
        b'"amount":-20,"average":0,"count":2,"values":[%b]}]}'
    ) % (nothing, value, nothing, group, value, value)


def test_without_a_unit_each_category_has_one_value() -> None:
    answered = pivoted(
        Unit.NONE, cell("2024-01-05", "1"), cell("2025-03-07", "2.5"), cell("2024-06-01", "9", HOBBIES)
    )
    assert only({"groups": [answered["groups"][0]]})["values"]
    for group in answered["groups"]:
        for category in group["categories"]:
            (value,) = category["values"]
            assert value["from"] == answered["from"] == "2024-01-05T00:00:00+00:00"
            assert value["to"] == answered["to"] == "2025-03-07T00:00:00+00:00"


@pytest.mark.parametrize(
    ("unit", "begins"),
    [
        (Unit.DAY, ["2024-12-30", "2025-01-01", "2025-07-01"]),
        (Unit.WEEK, ["2024-12-30", "2025-06-30"]),
        (Unit.MONTH, ["2024-12-01", "2025-01-01", "2025-07-01"]),
        (Unit.QUARTER, ["2024-10-01", "2025-01-01", "2025-07-01"]),
        (Unit.SEMESTER, ["2024-07-01", "2025-01-01", "2025-07-01"]),
        (Unit.YEAR, ["2024-01-01", "2025-01-01"]),
    ],
)
def test_only_periods_with_transactions_are_listed_in_order(unit: Unit, begins: list[str]) -> None:
    answered = pivoted(unit, cell("2025-07-01", "3"), cell("2024-12-30", "1"), cell("2025-01-01", "2"))
    assert [value["from"][:10] for value in only(answered)["values"]] == begins


def test_groups_and_categories_are_in_the_order_of_the_scheme() -> None:
    answered = pivoted(Unit.NONE, *(cell("2025-01-01", "1", category) for category in reversed(CATEGORIES)))
    order = {
        category.id: number
        for number, category in enumerate(
            category for groups in HOUSEHOLD.tables.values() for group in groups for category in group.categories
        )
    }
    ids = [category["id"] for group in answered["groups"] for category in group["categories"]]
    assert ids == sorted(CATEGORIES, key=order.__getitem__)
    assert {category["type"] for group in answered["groups"] for category in group["categories"]} == {
        "income",
        "expenses",
        "none",
    }


@pytest.mark.parametrize(
    ("booked", "months", "average"),
    [
        # one complete month: the average is its total
        ([("2024-01-01", "-10"), ("2024-01-31", "-20")], 1, "-30"),
        # the first month starts on the 2nd, so only February counts
        ([("2024-01-02", "-1000"), ("2024-02-10", "-29"), ("2024-02-29", "-1")], 1, "-30"),
        # the leap day is not covered
        ([("2024-02-01", "-10"), ("2024-02-28", "-20")], 0, "0"),
        # a ledger of one day
        ([("2024-01-15", "-10")], 0, "0"),
        # empty months in between count
        ([("2024-01-01", "-10"), ("2024-06-30", "-20")], 6, "-5"),
        # rounded once, half away from zero
        ([("2024-01-01", "-0.05"), ("2024-02-29", "0")], 2, "-0.03"),
        ([("2024-01-01", "0.05"), ("2024-02-29", "0")], 2, "0.03"),
    ],
)
def test_an_average_is_per_complete_month(booked: list[tuple[str, str]], months: int, average: str) -> None:
    answered = pivoted(Unit.YEAR, *(cell(day, amount) for day, amount in booked))
    assert answered["completeMonths"] == months
    assert only(answered)["average"] == Decimal(average)


def test_a_complete_month_counts_even_without_transactions_in_the_category() -> None:
    answered = pivoted(
        Unit.MONTH, cell("2024-01-01", "-30"), cell("2024-03-31", "300", SALARY), cell("2024-02-15", "-30")
    )
    averages = {
        category["id"]: category["average"] for group in answered["groups"] for category in group["categories"]
    }
    assert averages == {GROCERIES: -20, SALARY: 100}


def test_the_average_of_a_group_comes_from_unrounded_sums() -> None:
    # 0.01 over three months rounds to 0 for each category, and to 0.01 for both together
    answered = pivoted(
        Unit.YEAR,
        cell("2024-01-01", "0.01", 1),
        cell("2024-01-01", "0.01", sibling(1)),
        cell("2024-03-31", "0", 1),
        cell("2024-02-01", "0", 1),
    )
    (group,) = answered["groups"]
    assert [category["average"] for category in group["categories"]] == [0, 0]
    assert group["average"] == Decimal("0.01")
    assert (group["amount"], group["count"]) == (Decimal("0.02"), 4)


def test_wider_coverage_makes_the_edges_complete() -> None:
    booked = [cell("2024-01-10", "-10"), cell("2024-02-10", "-20")]
    assert pivoted(Unit.MONTH, *booked)["completeMonths"] == 0
    answered = pivoted(Unit.MONTH, *booked, covered=days("2024-01-01", "2024-02-29"))
    assert answered["completeMonths"] == 2
    assert only(answered)["average"] == -15
    assert answered["from"][:10] == "2024-01-10"


def test_rules_are_shown_only_on_request() -> None:
    assert "rules" not in only(pivoted(Unit.NONE, cell("2024-01-10", "-10")))
    assert only(pivoted(Unit.NONE, cell("2024-01-10", "-10"), rules={GROCERIES: {"default": 1}}))["rules"] == {
        "default": 1
    }


def sibling(category: int) -> int:
    """Another category of the same group."""
    group = HOUSEHOLD.group_of(category)
    return next(
        place.category.id for place in HOUSEHOLD.places() if place.group.id == group and place.category.id != category
    )


amounts = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
moments = st.dates(date(2019, 1, 1), date(2025, 12, 31))
bookings = st.lists(st.tuples(moments.map(date.isoformat), st.sampled_from(CATEGORIES), amounts), max_size=60)


@given(bookings, st.sampled_from(list(Unit)))
def test_the_parts_of_every_pivot_add_up(booked: list[tuple[str, int, Decimal]], unit: Unit) -> None:
    answered = pivoted(unit, *cells(booked))
    for group in answered["groups"]:
        for part in ("amount", "count"):
            assert group[part] == sum(category[part] for category in group["categories"])
            assert group[part] == sum(value[part] for value in group["values"])
            for category in group["categories"]:
                assert category[part] == sum(value[part] for value in category["values"])
    counted = Counter(category for _, category, _ in booked)
    assert counted == {
        category["id"]: category["count"] for group in answered["groups"] for category in group["categories"]
    }
    assert sum(amount for _, _, amount in booked) == sum(group["amount"] for group in answered["groups"])


@given(bookings, st.sampled_from(list(Unit)))
def test_the_totals_of_a_table_are_those_of_its_categories_as_one(
    booked: list[tuple[str, int, Decimal]], unit: Unit
) -> None:
    answered = pivoted(unit, *cells(booked))
    for table in ("income", "expenses", "none"):
        total = answered["totals"][table]
        parts = [one for group in answered["groups"] for one in group["categories"] if one["type"] == table]
        assert total["amount"] == sum(part["amount"] for part in parts)
        assert total["count"] == sum(part["count"] for part in parts)
        sums: defaultdict[str, tuple[Decimal, int]] = defaultdict(lambda: (Decimal(0), 0))
        for value in (value for part in parts for value in part["values"]):
            amount, count = sums[value["from"]]
            sums[value["from"]] = (amount + value["amount"], count + value["count"])
        assert [(v["from"], (v["amount"], v["count"])) for v in total["values"]] == sorted(sums.items())
        # Its average is that of one category that has all of these transactions.
        ids = {part["id"] for part in parts}
        as_one = cells((day, GROCERIES, amount) for day, category, amount in booked if category in ids)
        covered = coverage(cells(booked))
        assert total["average"] == (only(pivoted(unit, *as_one, covered=covered))["average"] if parts else 0)


@given(bookings)
def test_averages_agree_with_a_plain_count_of_days(booked: list[tuple[str, int, Decimal]]) -> None:
    """By the definition, day by day: a month counts if each of its days is covered."""
    covered = coverage(cells(booked))
    complete = set()
    if covered:
        covered_days = {covered.first + timedelta(days=n) for n in range((covered.last - covered.first).days + 1)}
        for month in {(day.year, day.month) for day in covered_days}:
            day = date(*month, 1)
            while (day.year, day.month) == month and day in covered_days:
                day += timedelta(days=1)
            if (day.year, day.month) != month:
                complete.add(f"{month[0]}-{month[1]:02d}")
    answered = pivoted(Unit.YEAR, *cells(booked))
    assert answered["completeMonths"] == len(complete)
    for group in answered["groups"]:
        for category in group["categories"]:
            inside = sum(amount for day, id_, amount in booked if id_ == category["id"] and day[:7] in complete)
            if not complete:
                assert category["average"] == 0
            else:
                assert abs(category["average"] * len(complete) - inside) * 2 <= Decimal("0.01") * len(complete)


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2023, 11, 20), datetime(2024, 4, 10)),
            st.integers(-(10**6), 10**6),
            st.sampled_from(CATEGORIES),
        ),
        min_size=1,
    ),
    st.sampled_from(Unit),
    st.none() | st.just(days("2023-12-01", "2024-03-31")),
)
def test_the_pivot_of_a_statement_is_that_of_its_days(
    booked: list[tuple[datetime, int, int]], unit: Unit, declared: Period | None
) -> None:
    """Whole months are summed at once where days make no difference."""
    rows = [
        row(f"{moment.isoformat(timespec='milliseconds')}Z", f"{Decimal(cents).scaleb(-2)}", category)
        for moment, cents, category in booked
    ]
    summed = cells((each.date[:10], each.category or 0, each.amount) for each in rows)
    answered = pivot_statement(Statement(rows, declared=declared), HOUSEHOLD, unit, by_rule=True, count_rules=False)
    expected = pivot(summed, HOUSEHOLD, unit, 2, covered=hull(coverage(summed), declared))
    assert encode(answered) == encode(expected)
