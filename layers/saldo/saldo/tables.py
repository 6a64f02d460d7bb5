"""The tables of a report: income and expenses by month, as JSON or as CSV (Walker Street Data).

table -> subtable -> row -> timeseries. A direct group has no subtable, its rows stand in the table itself.
What has no transactions is left out, and internal transfers are in no table.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo.cube import Cell
from saldo.money import plain
from saldo.scheme import Group, Scheme

_HEADER = "Category,Subcategory,Line_Item,Metric,Value"
# Spreadsheets take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(msgspec.Struct, kw_only=True):
    """A category: `values` is month (`2025-01`) -> amount, in order, with `total` last."""

    id: str
    hierarchy: str = "row"
    type: str = "timeseries"
    values: dict[str, Decimal]


class Subtable(msgspec.Struct, kw_only=True):
    """A group that is not direct."""

    id: str
    hierarchy: str = "subtable"
    type: str = "objectArray"
    values: list[Row]


class Table(msgspec.Struct, kw_only=True):
    """`income` or `expenses`: subtables, and rows of direct groups."""

    id: str
    hierarchy: str = "table"
    type: str = "objectArray"
    values: list[Subtable | Row]


class TablesFile(msgspec.Struct):
    """The content of the JSON file."""

    tables: list[Table]


class Line(NamedTuple):
    """One line of the CSV: a month or the total of a row."""

    table: str
    subtable: str
    row: str
    metric: str
    value: Decimal


def tables(cells: Iterable[Cell], scheme: Scheme) -> list[Table]:
    """The tables of the cells, by month."""
    months: defaultdict[int, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell in cells:
        months[cell.category][cell.day.isoformat()[:7]] += cell.amount

    def rows(group: Group) -> list[Row]:
        return [
            Row(id=category.name, values=_timeseries(months[category.id]))
            for category in group.categories
            if category.id in months
        ]

    found = []
    for name in ("income", "expenses"):
        values: list[Subtable | Row] = []
        for group in scheme.tables[name]:
            if of_group := rows(group):
                values.extend(of_group if group.direct else [Subtable(id=group.name, values=of_group)])
        if values:
            found.append(Table(id=name, values=values))
    return found


def lines(found: Iterable[Table]) -> Iterator[Line]:
    """The tables flattened, in their order."""
    for table in found:
        for value in table.values:
            subtable, rows = (value.id, value.values) if isinstance(value, Subtable) else ("", [value])
            for row in rows:
                for metric, amount in row.values.items():
                    yield Line(table.id, subtable, row.id, metric, amount)


def to_csv(found: Iterable[Table]) -> bytes:
    """The CSV file: UTF-8, lines end with a newline; the header alone if there is nothing."""
    rows = (f"{','.join(map(_text_cell, line[:4]))},{line.value}" for line in lines(found))
    return "".join(f"{row}\n" for row in (_HEADER, *rows)).encode()


def _timeseries(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    series = {month: plain(amount) for month, amount in sorted(amounts.items())}
    series["total"] = plain(sum(amounts.values(), Decimal(0)))
    return series


def _text_cell(text: str) -> str:
    """Quoted where RFC 4180 asks for it; the csv module leaves a bare carriage return as it is."""
    safe = f"'{text}" if text.startswith(_FORMULA) else text
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if any(mark in safe for mark in ',"\r\n') else safe
