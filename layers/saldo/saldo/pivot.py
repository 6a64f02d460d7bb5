"""The pivot: totals, counts and monthly averages per group and category, for each period of a unit (LinX).

Everything is summed from the cells of a cube, whether read from the ledger or made from a statement just now.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter

import msgspec

from saldo.cube import Cell, coverage
from saldo.money import plain, rounded_mean
from saldo.periods import Period, Unit, complete_months, month_number, period
from saldo.scheme import Category, Group, Scheme, TableName


class Value(msgspec.Struct, rename={"start": "from", "end": "to"}):
    """The sums of one period; `from` and `to` are its first and last second. Empty periods have no value."""

    start: str
    end: str
    amount: Decimal
    count: int


class CategoryPivot(msgspec.Struct, omit_defaults=True):
    """The sums of one category; `average` is per complete month, `rules` (rule -> count) present only on request."""

    id: int
    name: str
    type: TableName
    amount: Decimal
    average: Decimal
    count: int
    values: list[Value]
    rules: dict[str, int] | None = None


class GroupPivot(msgspec.Struct):
    """The sums over all categories of one group; the average is computed from unrounded sums."""

    id: int
    name: str
    categories: list[CategoryPivot]
    amount: Decimal
    average: Decimal
    count: int
    values: list[Value]


class Total(msgspec.Struct):
    """The sums over all categories of one table; the average is computed from unrounded sums."""

    amount: Decimal
    average: Decimal
    count: int
    values: list[Value]


class Totals(msgspec.Struct):
    """The sums of each table; `none` has the internal transfers."""

    income: Total
    expenses: Total
    none: Total


class Covered(msgspec.Struct, rename={"first": "from", "last": "to"}):
    """The first and the last day of the coverage, both inside."""

    first: str
    last: str


class Pivot(msgspec.Struct, rename={"start": "from", "end": "to", "complete_months": "completeMonths"}):
    """The answer; `from` and `to` are the first and last day with a transaction, null without transactions, and
    `coverage` is what the complete months are counted in, null if nothing is stored."""

    start: str | None
    end: str | None
    unit: Unit
    complete_months: int
    coverage: Covered | None
    totals: Totals
    groups: list[GroupPivot]


_NOTHING = (Decimal(0), 0)


class _Sums:
    """The sums of one group, category or table: per period, in order, and over the complete months."""

    def __init__(self) -> None:
        self.periods: dict[Period, tuple[Decimal, int]] = {}
        self.in_complete_months = Decimal(0)

    def add(self, period: Period, in_complete_month: bool, amount: Decimal, count: int) -> None:
        period_amount, period_count = self.periods.get(period, _NOTHING)
        self.periods[period] = (period_amount + amount, period_count + count)
        if in_complete_month:
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
    """The pivot of the cells by the unit; averages are rounded to `decimals`.

    `covered` is the coverage that decides which months are complete, by default from the first to the last cell.
    `rules` (category -> rule -> count) is copied into the categories.
    """
    cells = list(cells)
    days_with_data = coverage(cells)
    covered = covered or days_with_data
    months = complete_months(covered)
    # The sums by category of each slot: the part of a period that is in complete months, or the part that is not.
    slots: defaultdict[tuple[Period, bool], dict[int, tuple[Decimal, int]]] = defaultdict(dict)
    for day, of_day in groupby(cells, attrgetter("day")):
        containing = days_with_data if unit is Unit.NONE and days_with_data else period(unit, day)
        sums = slots[containing, month_number(day) in months]
        for cell in of_day:
            category_id = cell.category
            amount, count = sums.get(category_id, _NOTHING)
            sums[category_id] = (amount + cell.amount, count + cell.count)
    by_category: defaultdict[int, _Sums] = defaultdict(_Sums)
    by_group: defaultdict[int, _Sums] = defaultdict(_Sums)
    by_table: defaultdict[TableName, _Sums] = defaultdict(_Sums)
    for (containing, in_complete_months), sums in sorted(slots.items(), key=itemgetter(0)):
        for category_id, (amount, count) in sums.items():
            group_id = scheme.group_of(category_id)
            assert group_id is not None, "all cells have categories of the scheme, whose ids never change"
            for part in (by_category[category_id], by_group[group_id], by_table[scheme.table_of(group_id)]):
                part.add(containing, in_complete_months, amount, count)
    bounds = {
        containing: (_timestamp(containing.first), _timestamp(containing.last, end=unit is not Unit.NONE))
        for containing, _ in slots
    }

    def values(sums: _Sums) -> list[Value]:
        return [Value(*bounds[period], plain(amount), count) for period, (amount, count) in sums.periods.items()]

    def mean(sums: _Sums) -> Decimal:
        return rounded_mean(sums.in_complete_months, len(months), decimals)

    def total(table: TableName) -> Total:
        sums = by_table[table]
        return Total(sums.amount, mean(sums), sums.count, values(sums))

    def pivot_category(table: TableName, category: Category, sums: _Sums) -> CategoryPivot:
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

    def pivot_group(table: TableName, group: Group, sums: _Sums) -> GroupPivot:
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
        start=days_with_data and _timestamp(days_with_data.first),
        end=days_with_data and _timestamp(days_with_data.last),
        unit=unit,
        complete_months=len(months),
        coverage=covered and Covered(covered.first.isoformat(), covered.last.isoformat()),
        totals=Totals(income=total("income"), expenses=total("expenses"), none=total("none")),
        groups=[
            pivot_group(table, group, by_group[group.id])
            for table, groups in scheme.tables.items()
            for group in groups
            if group.id in by_group
        ],
    )


def _timestamp(day: date, *, end: bool = False) -> str:
    """The first or last second of a day, as LinX writes it."""
    return f"{day.isoformat()}T{'23:59:59' if end else '00:00:00'}+00:00"
