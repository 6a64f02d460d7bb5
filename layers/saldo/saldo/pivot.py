"""The pivot: totals, counts and monthly averages per group and category, for each period of a unit (LinX).

Everything is summed from the cells of a cube, whether they were stored or just made from a statement.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import msgspec

from saldo.cube import Cell, coverage
from saldo.money import plain, rounded_mean
from saldo.periods import Period, Unit, complete_months, month_number, period
from saldo.scheme import Category, Group, Scheme, Table


class Value(msgspec.Struct, rename={"start": "from", "end": "to"}):
    """One period that has transactions; `from` and `to` are its first and last second."""

    start: str
    end: str
    amount: Decimal
    count: int


class CategoryPivot(msgspec.Struct, omit_defaults=True):
    """`average` is per complete month; `rules` (rule -> count) is there when it was asked for."""

    id: int
    name: str
    type: Table
    amount: Decimal
    average: Decimal
    count: int
    values: list[Value]
    rules: dict[str, int] | None = None


class GroupPivot(msgspec.Struct):
    """All categories of the group together; its average comes from the unrounded sums."""

    id: int
    name: str
    categories: list[CategoryPivot]
    amount: Decimal
    average: Decimal
    count: int
    values: list[Value]


class Pivot(msgspec.Struct, rename={"start": "from", "end": "to", "complete_months": "completeMonths"}):
    """The answer; `from` and `to` are the first and last day with a transaction, null if there is none."""

    start: str | None
    end: str | None
    unit: Unit
    complete_months: int
    groups: list[GroupPivot]


_NOTHING = (Decimal(0), 0)


class _Sums:
    """What was added up for one group or category: per period, and over the complete months."""

    def __init__(self) -> None:
        self.periods: dict[Period, tuple[Decimal, int]] = {}
        self.in_complete_months = Decimal(0)

    def add(self, within: Period, complete: bool, amount: Decimal, count: int) -> None:
        total, number = self.periods.get(within, (Decimal(0), 0))
        self.periods[within] = (total + amount, number + count)
        if complete:
            self.in_complete_months += amount

    @property
    def amount(self) -> Decimal:
        return plain(sum((amount for amount, _ in self.periods.values()), Decimal(0)))

    @property
    def count(self) -> int:
        return sum(count for _, count in self.periods.values())


def pivot(
    cells: Iterable[Cell],
    scheme: Scheme,
    unit: Unit,
    decimals: int,
    *,
    covered: Period | None = None,
    rules: Mapping[int, Mapping[str, int]] | None = None,
) -> Pivot:
    """Pivot the cells by the unit.

    `covered` is what decides which months are complete: by default from the first to the last cell; a stored
    ledger gives its own, cut to the span that was asked for. `rules` goes with the categories as it is.
    """
    cells = list(cells)
    present = coverage(cells)
    months = complete_months(covered or present)
    within: dict[date, tuple[Period, bool]] = {}
    sums: dict[tuple[int, tuple[Period, bool]], tuple[Decimal, int]] = {}
    for cell in cells:
        day = cell.day
        if day not in within:
            around = present if unit is Unit.NONE and present else period(unit, day)
            within[day] = (around, month_number(day) in months)
        part = (cell.category, within[day])
        amount, count = sums.get(part, _NOTHING)
        sums[part] = (amount + cell.amount, count + cell.count)
    by_category: defaultdict[int, _Sums] = defaultdict(_Sums)
    by_group: defaultdict[int, _Sums] = defaultdict(_Sums)
    for (category, around_), (amount, count) in sums.items():
        own_group = scheme.group_of(category)
        assert own_group is not None, "the ledger only takes categories of its scheme, and their ids are permanent"
        by_category[category].add(*around_, amount, count)
        by_group[own_group].add(*around_, amount, count)

    def values(sums: _Sums) -> list[Value]:
        return [
            Value(_instant(first), _instant(last, end=unit is not Unit.NONE), plain(amount), count)
            for (first, last), (amount, count) in sorted(sums.periods.items())
        ]

    def mean(sums: _Sums) -> Decimal:
        return rounded_mean(sums.in_complete_months, len(months), decimals)

    def pivot_category(table: Table, category: Category, sums: _Sums) -> CategoryPivot:
        return CategoryPivot(
            id=category.id,
            name=category.name,
            type=table,
            amount=sums.amount,
            average=mean(sums),
            count=sums.count,
            values=values(sums),
            rules=None if rules is None else dict(rules.get(category.id, {})),
        )

    def pivot_group(table: Table, group: Group, sums: _Sums) -> GroupPivot:
        return GroupPivot(
            id=group.id,
            name=group.name,
            categories=[
                pivot_category(table, category, by_category[category.id])
                for category in group.categories
                if category.id in by_category
            ],
            amount=sums.amount,
            average=mean(sums),
            count=sums.count,
            values=values(sums),
        )

    return Pivot(
        start=present and _instant(present.first),
        end=present and _instant(present.last),
        unit=unit,
        complete_months=len(months),
        groups=[
            pivot_group(table, group, by_group[group.id])
            for table, groups in scheme.tables.items()
            for group in groups
            if group.id in by_group
        ],
    )


def _instant(day: date, *, end: bool = False) -> str:
    return f"{day.isoformat()}T{'23:59:59' if end else '00:00:00'}+00:00"
