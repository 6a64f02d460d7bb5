"""Workbooks of tables for tests: made from cells, and read back as names, labels, values and formulas."""

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import openpyxl
from openpyxl.utils import range_boundaries

from saldo import scheme, spreadsheet
from saldo.cube import Cell
from saldo.periods import Unit
from saldo.scheme import Scheme
from saldo.tables import columns, tables

HOUSEHOLD = scheme.load("household")


class Sheet(NamedTuple):
    """What a sheet shows: names and labels, the value of each cell, and the formula of those that have one."""

    names: list[str]
    labels: list[str]
    values: dict[tuple[int, int], Decimal]
    formulas: dict[tuple[int, int], str]

    def row(self, at: int) -> dict[str, Decimal]:
        """The values of a row, counted from 0 below the header, by label."""
        return {
            label: self.values[at + 2, column]
            for column, label in enumerate(self.labels, 2)
            if (at + 2, column) in self.values
        }


def made(cells: Sequence[Cell], of: Scheme = HOUSEHOLD, unit: Unit = Unit.MONTH, currency: str = "EUR") -> bytes:
    return spreadsheet.workbook(tables(cells, of, unit), unit, list(columns(cells, of, unit)), currency)


def opened(content: bytes, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def sheets(content: bytes) -> dict[str, Sheet]:
    """The sheets with cells, read back. AssertionError for a cell whose type is not that of its place."""
    with_formulas, with_values = opened(content), opened(content, values=True)
    read = {}
    for sheet in with_formulas.worksheets:
        names = [row[0].value for row in sheet.iter_rows(min_row=2)]
        labels = [column.value for column in sheet[1]][1:]
        values, formulas = {}, {}
        for row in sheet.iter_rows(min_row=2, min_col=2):
            for part in row:
                place = (part.row, part.column)
                if part.data_type == "f":
                    formulas[place] = part.value
                if part.value is not None:
                    shown = with_values[sheet.title].cell(*place)
                    assert shown.data_type == "n"
                    values[place] = Decimal(str(shown.value))
        assert {part.data_type for part in (*sheet["A"], *sheet[1])} == {"s"}
        read[sheet.title] = Sheet(names, labels, values, formulas)
    return read


def computed(sheet: Sheet, place: tuple[int, int]) -> Decimal:
    """What the cell comes to, from the cells that are no formulas. A SUBTOTAL passes over every other SUBTOTAL."""
    formula = sheet.formulas.get(place)
    if formula is None:
        return sheet.values.get(place, Decimal(0))
    match = re.fullmatch(r"=(SUM\(|SUBTOTAL\(9,)([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)\)", formula)
    assert match, formula
    left, top, right, bottom = range_boundaries(match[2])
    assert None not in (left, top, right, bottom)
    area = [
        (row, column) for row in range(top or 0, (bottom or 0) + 1) for column in range(left or 0, (right or 0) + 1)
    ]
    if match[1] != "SUM(":
        area = [part for part in area if not sheet.formulas.get(part, "").startswith("=SUBTOTAL")]
    assert area
    assert place not in area
    return sum((computed(sheet, part) for part in area), Decimal(0))


def with_names(names: Sequence[str]) -> Scheme:
    """A scheme with a group of each name, in which is a category of the name; the first one is direct, too."""
    groups = [
        {"id": at, "name": name, "categories": [{"id": 1000 + at, "name": name}]} for at, name in enumerate(names, 1)
    ]
    direct = [{"id": 2000, "name": "direct", "direct": True, "categories": [{"id": 3000, "name": names[0]}]}]
    file = {"id": "hostile", "tables": {"expenses": groups, "income": direct}}
    return scheme.parse(msgspec.json.encode(file | {"default": {"income": 3000, "expenses": 1001}}))
