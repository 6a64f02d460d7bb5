"""The periods of a unit partition time; the coverage includes every day of a complete month."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.periods import Period, Unit, between, complete_months, label, month_number, period
from tests.builders import days

CALENDAR = [unit for unit in Unit if unit is not Unit.NONE]


def test_units_are_numbered_as_by_linx() -> None:
    assert [Unit.numbered(number) for number in range(7)] == [
        "none",
        "day",
        "week",
        "month",
        "quarter",
        "semester",
        "year",
    ]


@pytest.mark.parametrize(
    ("unit", "day", "first", "last"),
    [
        (Unit.DAY, "2024-02-29", "2024-02-29", "2024-02-29"),
        (Unit.WEEK, "2024-02-29", "2024-02-26", "2024-03-03"),
        (Unit.WEEK, "2020-12-31", "2020-12-28", "2021-01-03"),  # ISO week 53
        (Unit.WEEK, "2021-01-03", "2020-12-28", "2021-01-03"),
        (Unit.WEEK, "2021-01-04", "2021-01-04", "2021-01-10"),
        (Unit.WEEK, "2024-12-30", "2024-12-30", "2025-01-05"),  # week 1 of the next year
        (Unit.WEEK, "0001-01-01", "0001-01-01", "0001-01-07"),
        (Unit.WEEK, "9999-12-31", "9999-12-27", "9999-12-31"),
        (Unit.MONTH, "2024-02-01", "2024-02-01", "2024-02-29"),
        (Unit.MONTH, "2023-02-28", "2023-02-01", "2023-02-28"),
        (Unit.MONTH, "1900-02-10", "1900-02-01", "1900-02-28"),
        (Unit.MONTH, "2000-02-10", "2000-02-01", "2000-02-29"),
        (Unit.MONTH, "9999-12-31", "9999-12-01", "9999-12-31"),
        (Unit.QUARTER, "2024-03-31", "2024-01-01", "2024-03-31"),
        (Unit.QUARTER, "2024-04-01", "2024-04-01", "2024-06-30"),
        (Unit.QUARTER, "2024-12-31", "2024-10-01", "2024-12-31"),
        (Unit.SEMESTER, "2024-06-30", "2024-01-01", "2024-06-30"),
        (Unit.SEMESTER, "2024-07-01", "2024-07-01", "2024-12-31"),
        (Unit.YEAR, "2024-07-01", "2024-01-01", "2024-12-31"),
    ],
)
def test_a_day_lies_in_its_calendar_period(unit: Unit, day: str, first: str, last: str) -> None:
    assert period(unit, date.fromisoformat(day)) == days(first, last)


@given(st.sampled_from(CALENDAR), st.dates())
def test_periods_partition_time(unit: Unit, day: date) -> None:
    first, last = period(unit, day)
    assert first <= day <= last
    assert period(unit, first) == period(unit, last) == (first, last)
    if last < date.max:
        assert period(unit, last + timedelta(days=1)).first == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2024-01-01", "2024-01-31", ["2024-01"]),
        ("2024-01-02", "2024-01-31", []),  # begins on the 2nd
        ("2024-01-02", "2024-02-29", ["2024-02"]),
        ("2024-01-01", "2024-02-28", ["2024-01"]),  # the leap day is missing
        ("2023-02-01", "2023-02-28", ["2023-02"]),
        ("2024-01-15", "2024-01-15", []),  # a ledger of one day
        ("2024-01-31", "2024-02-01", []),
        ("2023-12-31", "2024-02-01", ["2024-01"]),
        ("2023-11-01", "2024-02-29", ["2023-11", "2023-12", "2024-01", "2024-02"]),
        ("9999-12-01", "9999-12-31", ["9999-12"]),
    ],
)
def test_a_month_is_complete_if_it_lies_within_the_coverage(first: str, last: str, months: list[str]) -> None:
    numbers = complete_months(days(first, last))
    assert [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers] == months


def test_without_coverage_no_month_is_complete() -> None:
    assert len(complete_months(None)) == 0


@given(st.dates(), st.dates())
def test_the_days_of_a_complete_month_are_all_covered(first: date, second: date) -> None:
    covered = Period(min(first, second), max(first, second))
    complete = complete_months(covered)
    for day in covered:
        month = period(Unit.MONTH, day)
        assert (month_number(day) in complete) == (covered.first <= month.first and month.last <= covered.last)


@pytest.mark.parametrize(
    ("unit", "day", "text"),
    [
        (Unit.DAY, "2025-01-31", "2025-01-31"),
        (Unit.WEEK, "2025-01-31", "2025-W05"),
        (Unit.WEEK, "2024-12-30", "2025-W01"),  # the year of ISO 8601
        (Unit.WEEK, "2021-01-03", "2020-W53"),
        (Unit.WEEK, "0001-01-01", "0001-W01"),
        (Unit.MONTH, "2025-01-31", "2025-01"),
        (Unit.QUARTER, "2025-03-31", "2025-Q1"),
        (Unit.QUARTER, "2025-04-01", "2025-Q2"),
        (Unit.QUARTER, "2025-12-31", "2025-Q4"),
        (Unit.SEMESTER, "2025-06-30", "2025-H1"),
        (Unit.SEMESTER, "2025-07-01", "2025-H2"),
        (Unit.YEAR, "2025-07-01", "2025"),
        (Unit.YEAR, "0987-07-01", "0987"),
    ],
)
def test_a_period_has_a_label(unit: Unit, day: str, text: str) -> None:
    assert label(unit, date.fromisoformat(day)) == text


@given(st.sampled_from(CALENDAR), st.dates(), st.dates())
def test_days_of_one_period_share_a_label_and_labels_sort_as_periods_do(unit: Unit, day: date, later: date) -> None:
    day, later = sorted((day, later))
    assert label(unit, day) <= label(unit, later)
    assert (label(unit, day) == label(unit, later)) == (period(unit, day) == period(unit, later))


@given(st.sampled_from(CALENDAR), st.dates(), st.integers(0, 500))
def test_the_periods_between_two_days_leave_no_day_out(unit: Unit, first: date, count: int) -> None:
    last = min(first.toordinal() + count, date.max.toordinal())
    walked = list(between(unit, Period(first, date.fromordinal(last))))
    assert (walked[0], walked[-1]) == (period(unit, first), period(unit, date.fromordinal(last)))
    assert all(one.last + timedelta(1) == other.first for one, other in pairwise(walked))
