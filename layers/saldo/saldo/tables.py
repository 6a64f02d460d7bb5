"""The report: tables of income and expenses by period, as JSON or CSV (Walker Street Data).

table -> subtable -> row -> timeseries. A direct group has no subtable: its rows belong to the table itself.
Tables, subtables and rows without transactions are left out, and so are internal transfers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from saldo.csv_cells import FORMULA, quoted
from saldo.cube import Cell, coverage
from saldo.money import plain
from saldo.periods import Unit, between, label
from saldo.scheme import Group, Scheme

TABLES: tuple[Literal["income", "expenses"], ...] = ("income", "expenses")
# The program that a CSV file is for.
Reader = Literal["excel"]

_HEADER = ("Category", "Subcategory", "Line_Item", "Metric", "Value")
_BOM = "\ufeff"


class TableRow(msgspec.Struct, kw_only=True):
    """A category. `values` maps periods (`2025-01` of a month) in order to amounts, with `total` last."""

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
    """A line of the CSV: one period of a row, or its total."""

    table: str
    subtable: str
    row: str
    metric: str
    value: Decimal


def tables(cells: Iterable[Cell], scheme: Scheme, unit: Unit = Unit.MONTH) -> list[TableReport]:
    """The report of the cells, by the unit; with `Unit.NONE` a row has only its total."""
    labels: dict[date, str] = {}
    sums: defaultdict[int, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell in cells:
        if cell.day not in labels:
            labels[cell.day] = "" if unit is Unit.NONE else label(unit, cell.day)
        sums[cell.category][labels[cell.day]] += cell.amount

    def rows(group: Group) -> list[TableRow]:
        return [
            TableRow(id=category.name, values=_timeseries(sums[category.id]))
            for category in group.categories
            if category.id in sums
        ]

    report = []
    for name in TABLES:
        values: list[Subtable | TableRow] = []
        for group in scheme.tables[name]:
            if group_rows := rows(group):
                values.extend(group_rows if group.direct else [Subtable(id=group.name, values=group_rows)])
        if values:
            report.append(TableReport(id=name, values=values))
    return report


def columns(cells: Iterable[Cell], scheme: Scheme, unit: Unit) -> Iterator[str]:
    """The labels of all periods from the first to the last in which the tables have transactions; none with
    `Unit.NONE`."""
    shown = {category.id for name in TABLES for group in scheme.tables[name] for category in group.categories}
    days = coverage(cell for cell in cells if cell.category in shown)
    if days and unit is not Unit.NONE:
        yield from (label(unit, first) for first, _ in between(unit, days))


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
    return _csv(report, ",", "\n", lambda amount: f"{amount}")


def to_excel_csv(report: Iterable[TableReport]) -> bytes:
    """The report as a CSV file that Excel opens with a double click where the decimal mark is a comma: with a byte
    order mark, for Excel takes UTF-8 for another encoding without one, semicolons, and the line ends of Windows."""
    return _BOM.encode() + _csv(report, ";", "\r\n", lambda amount: f"{amount}".replace(".", ","))


def _csv(report: Iterable[TableReport], mark: str, line_end: str, number: Callable[[Decimal], str]) -> bytes:
    rows = ((*(_text_cell(text, mark) for text in line[:4]), number(line.value)) for line in lines(report))
    return "".join(f"{mark.join(row)}{line_end}" for row in (_HEADER, *rows)).encode()


def _timeseries(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    series = {label: plain(amount) for label, amount in sorted(amounts.items()) if label}
    series["total"] = plain(sum(amounts.values(), Decimal(0)))
    return series


def _text_cell(text: str, mark: str) -> str:
    return quoted(f"'{text}" if text.startswith(FORMULA) else text, mark)
