"""The report: tables of income and expenses by month, as JSON or CSV (Walker Street Data).

table -> subtable -> row -> timeseries. A direct group has no subtable: its rows belong to the table itself.
Tables, subtables and rows without transactions are left out, and so are internal transfers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from saldo.cube import Cell
from saldo.money import plain
from saldo.scheme import Group, Scheme

_HEADER = "Category,Subcategory,Line_Item,Metric,Value"
# Spreadsheets run a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TableRow(msgspec.Struct, kw_only=True):
    """A category. `values` maps months (`2025-01`) in order to amounts, with `total` last."""

    id: str
    hierarchy: Literal["row"] = "row"
    type: Literal["timeseries"] = "timeseries"
    values: dict[str, Decimal]


class Subtable(msgspec.Struct, kw_only=True):
    """A group, unless it is direct."""

    id: str
    hierarchy: Literal["subtable"] = "subtable"
    type: Literal["objectArray"] = "objectArray"
    values: list[TableRow]


class TableReport(msgspec.Struct, kw_only=True):
    """The table `income` or `expenses`: subtables, and the rows of direct groups."""

    id: Literal["income", "expenses"]
    hierarchy: Literal["table"] = "table"
    type: Literal["objectArray"] = "objectArray"
    values: list[Subtable | TableRow]


class TablesFile(msgspec.Struct):
    """The content of the JSON file."""

    tables: list[TableReport]


class Line(NamedTuple):
    """A line of the CSV: one month of a row, or its total."""

    table: str
    subtable: str
    row: str
    metric: str
    value: Decimal


def tables(cells: Iterable[Cell], scheme: Scheme) -> list[TableReport]:
    """The report of the cells, by month."""
    months: defaultdict[int, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell in cells:
        months[cell.category][cell.day.isoformat()[:7]] += cell.amount

    def rows(group: Group) -> list[TableRow]:
        return [
            TableRow(id=category.name, values=_timeseries(months[category.id]))
            for category in group.categories
            if category.id in months
        ]

    report = []
    for name in ("income", "expenses"):
        values: list[Subtable | TableRow] = []
        for group in scheme.tables[name]:
            if group_rows := rows(group):
                values.extend(group_rows if group.direct else [Subtable(id=group.name, values=group_rows)])
        if values:
            report.append(TableReport(id=name, values=values))
    return report


def lines(report: Iterable[TableReport]) -> Iterator[Line]:
    """The report as flat lines, in its order."""
    for table in report:
        for value in table.values:
            subtable, rows = (value.id, value.values) if isinstance(value, Subtable) else ("", [value])
            for row in rows:
                for metric, amount in row.values.items():
                    yield Line(table.id, subtable, row.id, metric, amount)


def to_csv(report: Iterable[TableReport]) -> bytes:
    """The report as a CSV file in UTF-8, its lines ending in a newline; an empty report is just the header."""
    rows = (f"{','.join(map(_text_cell, line[:4]))},{line.value}" for line in lines(report))
    return "".join(f"{row}\n" for row in (_HEADER, *rows)).encode()


def _timeseries(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    series = {month: plain(amount) for month, amount in sorted(amounts.items())}
    series["total"] = plain(sum(amounts.values(), Decimal(0)))
    return series


def _text_cell(text: str) -> str:
    """The cell, quoted where RFC 4180 requires it; the csv module would not quote a bare carriage return."""
    safe = f"'{text}" if text.startswith(_FORMULA) else text
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if any(mark in safe for mark in ',"\r\n') else safe
