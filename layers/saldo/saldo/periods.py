"""Calendar periods (LinX's units) and complete months.

The periods of a unit partition time: each day lies in exactly one. A month is complete when it lies wholly
within the coverage, from its first day to its last.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """LinX's units, in the order of their numbers 0 to 6; the value is the name in answers."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"

    @classmethod
    def numbered(cls, number: int) -> "Unit":
        """The unit with LinX's number."""
        return tuple(cls)[number]


class Period(NamedTuple):
    """First and last day, both inside."""

    first: date
    last: date


def _months(count: int) -> Callable[[date], Period]:
    """Periods of so many months, counted from January."""

    def around(day: date) -> Period:
        start = (day.month - 1) // count * count + 1
        end = start + count - 1
        return Period(day.replace(month=start, day=1), date(day.year, end, monthrange(day.year, end)[1]))

    return around


def _week(day: date) -> Period:
    """The ISO 8601 week: Monday to Sunday, whatever the year. Time ends with the year 9999."""
    monday = day.toordinal() - day.weekday()
    return Period(date.fromordinal(monday), date.fromordinal(min(monday + 6, date.max.toordinal())))


_AROUND: dict[Unit, Callable[[date], Period]] = {
    Unit.DAY: lambda day: Period(day, day),
    Unit.WEEK: _week,
    Unit.MONTH: _months(1),
    Unit.QUARTER: _months(3),
    Unit.SEMESTER: _months(6),
    Unit.YEAR: _months(12),
}


def period(unit: Unit, day: date) -> Period:
    """The period of the unit that the day lies in. `Unit.NONE` has none: its one period is the answer's."""
    return _AROUND[unit](day)


def month_number(day: date) -> int:
    """The months since year 0, so that months can be counted."""
    return day.year * 12 + day.month - 1


def complete_months(coverage: Period | None) -> range:
    """The month numbers of the months that lie wholly within the coverage."""
    if coverage is None:
        return range(0)
    first, last = coverage
    start = month_number(first) + (first.day > 1)
    end = month_number(last) + (last.day == monthrange(last.year, last.month)[1])
    return range(start, end)
