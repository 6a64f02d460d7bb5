"""The pivot as rows: groups with their categories, then expenses and what is left. Amounts stand in the periods that
have some; transfers between own accounts (type none) are shown, and are neither income nor expenses.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from saldo_cli.answers import Pivot, Sums
from saldo_cli.money import fixed
from saldo_cli.output import Column
from saldo_cli.text import sentence_case, visible, width

_ZERO = Decimal(0)
_GAP = 2
# So much of a name stays, however narrow the terminal.
_SHORTEST_NAME = 12


class Row(NamedTuple):
    """Amounts by period, with their total and their average a month."""

    name: str
    amounts: dict[str, Decimal]
    total: Decimal
    average: Decimal


def label(unit: str, start: str) -> str:
    """The name of the period that begins then, as in the tables of the API: 2025-01, 2025-W05, 2025-Q1."""
    day = date.fromisoformat(start[:10])
    match unit:
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return start[:7]
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "semester":
            return f"{day.year}-H{(day.month + 5) // 6}"
        case "year":
            return f"{day.year}"
    return start[:10]


def periods(pivot: Pivot) -> list[str]:
    """The periods that have amounts, in order; none where the unit is none."""
    if pivot.unit == "none":
        return []
    starts = {value.start for group in pivot.groups for value in group.values}
    return [label(pivot.unit, start) for start in sorted(starts)]


def row(pivot: Pivot, name: str, sums: Sums) -> Row:
    amounts = {label(pivot.unit, value.start): value.amount for value in sums.values} if pivot.unit != "none" else {}
    return Row(name, amounts, sums.amount, sums.average)


def rows(pivot: Pivot, depth: int) -> Iterator[Row]:
    """The rows of the table. The answer's totals are its own; without them they are those of the groups."""
    by_type: dict[str, list[Row]] = {"income": [], "expenses": [], "none": []}
    for group in pivot.groups:
        group_row = row(pivot, sentence_case(group.name), group)
        by_type.setdefault(group.categories[0].type if group.categories else "none", []).append(group_row)
        yield group_row
        if depth > 1:
            for category in group.categories:
                yield row(pivot, f"  {category.name}", category)
    if pivot.totals:
        income, expenses = row(pivot, "Income", pivot.totals.income), row(pivot, "Expenses", pivot.totals.expenses)
    else:
        income, expenses = _sum("Income", by_type["income"]), _sum("Expenses", by_type["expenses"])
    if len(by_type["income"]) > 1:
        yield income
    yield expenses
    yield _sum("Left", [income, expenses])


def _sum(name: str, parts: Sequence[Row]) -> Row:
    amounts: dict[str, Decimal] = {}
    for part in parts:
        for period, amount in part.amounts.items():
            amounts[period] = amounts.get(period, _ZERO) + amount
    return Row(
        name, amounts, sum((part.total for part in parts), _ZERO), sum((part.average for part in parts), _ZERO)
    )


class Table(NamedTuple):
    """A table that fits: its columns, its lines with the header first, how wide each column is, and the periods that
    do not fit."""

    columns: list[Column]
    lines: list[list[str]]
    widths: list[int]
    left_out: list[str]


def table(title: str, all_periods: Sequence[str], all_rows: Iterable[Row], places: int, room: int | None) -> Table:
    """The rows as text with so many decimals, and the newest periods that fit into the room."""
    names, cells = [title], [[*all_periods, "total", "average"]]
    for name, amounts, total, average in all_rows:
        names.append(visible(name))
        texts = [fixed(amounts[period], places) if period in amounts else "" for period in all_periods]
        cells.append([*texts, fixed(total, places), fixed(average, places)])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    name_width = max(map(width, names))
    first = 0
    if room is not None:
        beside = sum(_GAP + wide for wide in widths[len(all_periods) :])
        name_width = min(name_width, max(room - beside, _SHORTEST_NAME))
        free = room - beside - name_width
        first = len(all_periods)
        while first and (free := free - _GAP - widths[first - 1]) >= 0:
            first -= 1
    lines = [[_shortened(name, name_width), *row[first:]] for name, row in zip(names, cells, strict=True)]
    columns = [Column("name"), *(Column("amount", right=True) for _ in widths[first:])]
    return Table(columns, lines, [name_width, *widths[first:]], list(all_periods[:first]))


def _shortened(name: str, longest: int) -> str:
    if width(name) <= longest:
        return name
    while width(name) > longest - 1:
        name = name[:-1]
    return f"{name}…"
