"""The pivot: totals, counts and monthly averages per group and category, for each period of a unit (LinX).

Everything is summed from the cells of a cube, whether read from the ledger or made from a statement just now.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Generic, NamedTuple, TypeVar

import msgspec

from saldo.cube import Cell, coverage
from saldo.money import plain, rounded_mean
from saldo.periods import Period, Unit, complete_months, month_number, period
from saldo.scheme import Category, Group, Scheme, TableName

K = TypeVar("K")
L = TypeVar("L")


class Value(msgspec.Struct, gc=False, rename={"start": "from", "end": "to"}):
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


# Amount and count.
_Sum = tuple[Decimal, int]
_NOTHING: _Sum = (Decimal(0), 0)

# Amount, average, count and values, which the answer has in this order of each category, group and table.
_Part = tuple[Decimal, Decimal, int, list[Value]]
_EMPTY: _Part = (Decimal(0), Decimal(0), 0, [])


class _Sums(NamedTuple, Generic[K]):
    """The sums of all categories, groups or tables: by period, and of what lies in no complete month."""

    by_period: Mapping[Period, Mapping[K, _Sum]]
    incomplete: Mapping[K, _Sum]

    def by(self, whole_of: Callable[[K], L]) -> "_Sums[L]":
        """The sums of what they belong to."""
        by_period = {days: _summed(sums, whole_of) for days, sums in self.by_period.items()}
        return _Sums(by_period, _summed(self.incomplete, whole_of))

    def parts(self, unit: Unit, months: int, decimals: int) -> dict[K, _Part]:
        """Each of them as the answer tells of it, over so many complete months."""
        values: defaultdict[K, list[Value]] = defaultdict(list)
        for (first, last), sums in sorted(self.by_period.items(), key=itemgetter(0)):
            start, end = _timestamp(first), _timestamp(last, end=unit is not Unit.NONE)
            for key, (amount, count) in sums.items():
                values[key].append(Value(start, end, plain(amount), count))
        return {key: self._part(key, of_key, months, decimals) for key, of_key in values.items()}

    def _part(self, key: K, values: list[Value], months: int, decimals: int) -> _Part:
        amount = sum((value.amount for value in values), Decimal(0))
        incomplete, _ = self.incomplete.get(key, _NOTHING)
        average = rounded_mean(amount - incomplete, months, decimals)
        return plain(amount), average, sum(value.count for value in values), values


def pivot(
    cells: Iterable[Cell],
    scheme: Scheme,
    unit: Unit,
    decimals: int,
    *,
    days: Period | None = None,
    covered: Period | None = None,
    rules: Mapping[int, Mapping[str, int]] | None = None,
) -> Pivot:
    """The pivot of the cells by the unit; averages are rounded to `decimals`.

    `days` are the first and the last day with a transaction, by default of the cells: one that stands for a whole
    month does not show them. `covered` is the coverage that decides which months are complete, by default the same.
    `rules` (category -> rule -> count) is copied into the categories.
    """
    cells = list(cells)
    days = days or coverage(cells)
    covered = covered or days
    months = complete_months(covered)
    by_period: defaultdict[Period, dict[int, _Sum]] = defaultdict(dict)
    incomplete: dict[int, _Sum] = {}
    for day, of_day in groupby(cells, attrgetter("day")):
        containing = days if unit is Unit.NONE and days else period(unit, day)
        sums = by_period[containing]
        is_complete = month_number(day) in months
        for cell in of_day:
            category_id = cell.category
            amount, count = sums.get(category_id, _NOTHING)
            sums[category_id] = (amount + cell.amount, count + cell.count)
            if not is_complete:
                amount, count = incomplete.get(category_id, _NOTHING)
                incomplete[category_id] = (amount + cell.amount, count + cell.count)

    def group_of(category: int) -> int:
        group = scheme.group_of(category)
        assert group is not None, "all cells have categories of the scheme, whose ids never change"
        return group

    of_categories = _Sums(by_period, incomplete)
    of_groups = of_categories.by(group_of)
    of_tables = of_groups.by(scheme.table_of)
    categories = of_categories.parts(unit, len(months), decimals)
    groups = of_groups.parts(unit, len(months), decimals)
    tables = of_tables.parts(unit, len(months), decimals)

    def total(table: TableName) -> Total:
        return Total(*tables.get(table, _EMPTY))

    def pivot_category(table: TableName, category: Category) -> CategoryPivot:
        return CategoryPivot(
            category.id,
            category.name,
            table,
            *categories[category.id],
            rules=None if rules is None else dict(rules.get(category.id, {})),
        )

    def pivot_group(table: TableName, group: Group) -> GroupPivot:
        shown = [pivot_category(table, category) for category in group.categories if category.id in categories]
        return GroupPivot(group.id, group.name, shown, *groups[group.id])

    return Pivot(
        start=days and _timestamp(days.first),
        end=days and _timestamp(days.last),
        unit=unit,
        complete_months=len(months),
        coverage=covered and Covered(covered.first.isoformat(), covered.last.isoformat()),
        totals=Totals(income=total("income"), expenses=total("expenses"), none=total("none")),
        groups=[
            pivot_group(table, group)
            for table, of_table in scheme.tables.items()
            for group in of_table
            if group.id in groups
        ],
    )


def _summed(sums: Mapping[K, _Sum], whole_of: Callable[[K], L]) -> dict[L, _Sum]:
    """The sums of what the keys belong to."""
    summed: dict[L, _Sum] = {}
    for key, (amount, count) in sums.items():
        whole = whole_of(key)
        whole_amount, whole_count = summed.get(whole, _NOTHING)
        summed[whole] = (whole_amount + amount, whole_count + count)
    return summed


def _timestamp(day: date, *, end: bool = False) -> str:
    """The first or last second of a day, as LinX writes it."""
    return f"{day.isoformat()}T{'23:59:59' if end else '00:00:00'}+00:00"
