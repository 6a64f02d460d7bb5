"""Calendar periods (LinX's units), their labels, and complete months.

The periods of a unit partition time: each day lies in exactly one. A month is complete if the coverage includes all
its days.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Unit(StrEnum):
    """LinX's units, in the order of LinX's numbers 0 to 6. The value is the name in answers."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"

    @classmethod
    def numbered(cls, number: int) -> "Unit":
        """The unit for LinX's number, 0 to 6."""
        return tuple(cls)[number]


class Period(NamedTuple):
    """The days from `first` to `last`, both included."""

    first: date
    last: date


def hull(*periods: Period | None) -> Period | None:
    """From the earliest first to the latest last day of the periods that are there; None if none is."""
    present = [period for period in periods if period]
    return Period(min(first for first, _ in present), max(last for _, last in present)) if present else None


def _months(count: int) -> Callable[[date], Period]:
    """Maps a day to its period of `count` months, counted from January."""

    def containing(day: date) -> Period:
        start = (day.month - 1) // count * count + 1
        end = start + count - 1
        return Period(day.replace(month=start, day=1), date(day.year, end, monthrange(day.year, end)[1]))

    return containing


def _week(day: date) -> Period:
    """The ISO 8601 week, Monday to Sunday, also across New Year; the last one is cut off at the end of 9999."""
    monday = day.toordinal() - day.weekday()
    return Period(date.fromordinal(monday), date.fromordinal(min(monday + 6, date.max.toordinal())))


_CONTAINING: dict[Unit, Callable[[date], Period]] = {
    Unit.DAY: lambda day: Period(day, day),
    Unit.WEEK: _week,
    Unit.MONTH: _months(1),
    Unit.QUARTER: _months(3),
    Unit.SEMESTER: _months(6),
    Unit.YEAR: _months(12),
}


@lru_cache(maxsize=4096)  # ten years of days
def period(unit: Unit, day: date) -> Period:
    """The period of the unit that contains the day. KeyError for `Unit.NONE`, whose only period is the answer's."""
    return _CONTAINING[unit](day)


def between(unit: Unit, days: Period) -> Iterator[Period]:
    """The periods of the unit from that of the first day to that of the last, in order. KeyError for `Unit.NONE`."""
    current = period(unit, days.first)
    while current.last < days.last:
        yield current
        current = period(unit, current.last + timedelta(1))
    yield current


def _iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


_LABELS: dict[Unit, Callable[[date], str]] = {
    Unit.DAY: date.isoformat,
    Unit.WEEK: _iso_week,
    Unit.MONTH: lambda day: day.isoformat()[:7],
    Unit.QUARTER: lambda day: f"{day.year:04d}-Q{(day.month + 2) // 3}",
    Unit.SEMESTER: lambda day: f"{day.year:04d}-H{(day.month + 5) // 6}",
    Unit.YEAR: lambda day: f"{day.year:04d}",
}


def label(unit: Unit, day: date) -> str:
    """The label of the period that contains the day: `2025-01-31`, `2025-W05` (with the year of ISO 8601), `2025-01`,
    `2025-Q1`, `2025-H1` or `2025`. Labels sort as their periods do. KeyError for `Unit.NONE`."""
    return _LABELS[unit](day)


def month_number(day: date) -> int:
    """The month as an integer (months since year 0): consecutive months are consecutive numbers."""
    return day.year * 12 + day.month - 1


def complete_months(coverage: Period | None) -> range:
    """The month numbers of the complete months."""
    if coverage is None:
        return range(0)
    first, last = coverage
    start = month_number(first) + (first.day > 1)
    end = month_number(last) + (last.day == monthrange(last.year, last.month)[1])
    return range(start, end)
