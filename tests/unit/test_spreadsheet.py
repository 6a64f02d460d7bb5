"""The workbook of the tables, read back: its cells are the tables', its formulas hold what they would come to, and a
name is never more than a text."""

import io
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from saldo import spreadsheet
from saldo.cube import Cell
from saldo.periods import Unit
from saldo.pivot import pivot
from saldo.scheme import Scheme
from saldo.tables import Subtable, TableReport, columns, tables
from tests.builders import cell
from tests.unit.workbooks import HOUSEHOLD, computed, made, opened, sheets, with_names

TOP = Path(__file__).parents[2]

EXAMPLE = [
    cell("2025-01-25", "2900", 1001),
    cell("2025-01-26", "-20.40", 1),
    cell("2025-01-27", "-12.30"),
    cell("2025-03-02", "-7.70"),
    cell("2025-03-02", "-1000", 13),
    cell("2025-03-03", "5.55", 1),
]


def expected(table: TableReport) -> list[tuple[str, Mapping[str, Decimal]]]:
    """The rows of a table: a group before its categories, with their sums."""
    rows: list[tuple[str, Mapping[str, Decimal]]] = []
    for value in table.values:
        if isinstance(value, Subtable):
            labels = {label for row in value.values for label in row.values}
            rows.append(
                (
                    value.id,
                    {at: sum((row.values.get(at, Decimal(0)) for row in value.values), Decimal(0)) for at in labels},
                )
            )
            rows.extend((row.id, row.values) for row in value.values)
        else:
            rows.append((value.id, value.values))
    return rows


def without_zeros(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {label: amount for label, amount in amounts.items() if amount}


def check(content: bytes, cells: Sequence[Cell], of: Scheme, unit: Unit) -> None:
    """Each cell is the table's, each formula holds what it comes to, and groups and totals are the pivot's."""
    read, report = sheets(content), tables(cells, of, unit)
    assert list(read) == [table.id for table in report]
    for table in report:
        sheet = read[table.id]
        assert sheet.labels == [*columns(cells, of, unit), "total"]
        rows = expected(table)
        assert sheet.names == [*(name for name, _ in rows), "total"]
        for at, (_, amounts) in enumerate(rows):
            assert without_zeros(sheet.row(at)) == without_zeros(amounts)
        for place in sheet.values:
            assert computed(sheet, place) == sheet.values[place]
        groups = [group for group in pivot(cells, of, unit, 2).groups if group.categories[0].type == table.id]
        assert sheet.row(len(rows))["total"] == sum(group.amount for group in groups)
        assert sum(amount for label, amount in sheet.row(len(rows)).items() if label != "total") == (
            0 if unit is Unit.NONE else sheet.row(len(rows))["total"]
        )
        subtotals = {name: sheet.row(at) for at, (name, _) in enumerate(rows)}
        for group in groups:
            if group.name in subtotals:  # it is not direct
                assert subtotals[group.name]["total"] == group.amount
                assert [amount for label, amount in subtotals[group.name].items() if label != "total" and amount] == (
                    [] if unit is Unit.NONE else [value.amount for value in group.values if value.amount]
                )


@pytest.mark.parametrize("unit", list(Unit))
def test_cells_are_the_tables_and_formulas_hold_what_they_come_to(unit: Unit) -> None:
    check(made(EXAMPLE, unit=unit), EXAMPLE, HOUSEHOLD, unit)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda day, cents, category: cell(f"{day}", f"{Decimal(cents).scaleb(-2)}", category),
            st.dates(
                min_value=EXAMPLE[0].day.replace(year=2023), max_value=EXAMPLE[0].day.replace(year=2025, month=12)
            ),
            st.one_of(st.integers(-(10**5), 10**5), st.integers(-(10**12), 10**12), st.just(0)),
            st.sampled_from([1, 5, 13, 1001, 1002, 1003, 14, 21]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([unit for unit in Unit if unit is not Unit.DAY]),
)
def test_so_they_are_for_any_cells(cells: list[Cell], unit: Unit) -> None:
    content = made(cells, unit=unit)
    if tables(cells, HOUSEHOLD, unit):
        check(content, cells, HOUSEHOLD, unit)
    else:
        assert opened(content).sheetnames == ["tables"]


def test_a_category_that_nothing_was_spent_on_shows_no_zero_and_a_subtotal_does() -> None:
    sheet = sheets(made(EXAMPLE))["expenses"]
    (hobbies,) = (at for at, name in enumerate(sheet.names) if name == "Hobbies")
    assert sheet.row(hobbies) == {
        "2025-01": Decimal("-20.4"),
        "2025-03": Decimal("5.55"),
        "total": Decimal("-14.85"),
    }
    assert sheet.row(hobbies - 1)["2025-02"] == 0
    assert sheet.formulas[hobbies + 1, 3] == f"=SUBTOTAL(9,C{hobbies + 2}:C{hobbies + 2})"


def test_a_month_without_transactions_has_a_column_on_both_sheets() -> None:
    labels = {name: sheet.labels for name, sheet in sheets(made(EXAMPLE)).items()}
    assert list(labels) == ["income", "expenses"]
    assert all(row == ["2025-01", "2025-02", "2025-03", "total"] for row in labels.values())


def test_nothing_is_a_sheet_that_says_so() -> None:
    for cells in ([], [cell("2025-01-01", "5", 14)]):
        book = opened(made(cells))
        assert book.sheetnames == ["tables"]
        assert [[part.value for part in row] for row in book["tables"].rows] == [[spreadsheet.NOTHING]]


def test_the_same_tables_give_the_same_bytes_in_another_process_and_time_zone() -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(TOP)!r}]\n"
        "from tests.unit.test_spreadsheet import EXAMPLE, made\n"
        "sys.stdout.buffer.write(made(EXAMPLE))"
    )
    for zone, seed in (("Pacific/Auckland", "1"), ("America/Lima", "2")):
        environment = {"PYTHONPATH": str(TOP / "layers" / "saldo"), "TZ": zone, "PYTHONHASHSEED": seed}
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
        assert result.stdout == made(EXAMPLE)


def test_no_clock_is_in_the_file() -> None:
    content = made(EXAMPLE)
    with ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(content).properties
    assert f"{properties.created}" == f"{properties.modified}" == "2000-01-01 00:00:00"


@pytest.mark.parametrize(
    ("currency", "body", "total"),
    [
        ("EUR", "#,##0.00", "[$EUR] #,##0.00;[$EUR] -#,##0.00"),
        ("JPY", "#,##0", "[$JPY] #,##0;[$JPY] -#,##0"),
        ("KWD", "#,##0.000", "[$KWD] #,##0.000;[$KWD] -#,##0.000"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency_and_totals_its_code(
    currency: str, body: str, total: str
) -> None:
    cells = [cell("2025-01-01", "1000", 1001), cell("2025-02-01", "-5")]
    book = opened(made(cells, currency=currency))
    for sheet in book.worksheets:
        assert sheet["A1"].value == currency
        for row in sheet.iter_rows(min_row=2, min_col=2):
            *periods, last = row
            assert {part.number_format for part in periods if part.value is not None} == {body}
            assert last.number_format == total


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "http://example.com",
    "007",
    "2025-01",
    "<r><t>&</t></r>",
    "<r></r>",
    "_x0041_",
    "  a & b < c > \"d\" 'e'",
    "line\nend",
    "m" * 100,
    "naïve 💶 שלום",
]


def test_a_name_is_a_text_whatever_it_looks_like() -> None:
    of = with_names(HOSTILE)
    cells = [cell("2025-01-01", "-1", 1000 + at) for at in range(1, len(HOSTILE) + 1)]
    content = made([*cells, cell("2025-01-01", "1", 3000)], of)
    read = sheets(content)
    assert read["income"].names == [HOSTILE[0], "total"]
    assert read["expenses"].names == [name for name in HOSTILE for _ in range(2)] + ["total"]
    assert all(
        re.match(r"=(SUM|SUBTOTAL)\(", formula) for sheet in read.values() for formula in sheet.formulas.values()
    )
    quoted = {part.value for part in opened(content)["expenses"]["A"] if part.quotePrefix}
    assert quoted == {name for name in HOSTILE if name[0] in "=+-@"}
    with ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in names:
            ElementTree.fromstring(archive.read(name))
        assert not any("hyperlink" in archive.read(name).decode() for name in names if "sheet" in name)


def test_a_character_that_no_workbook_can_hold_is_shown_as_a_replacement() -> None:
    of = with_names(["a\x00b\x0bc\ufffe", "tab\there"])
    content = made([cell("2025-01-01", "-1", 1001), cell("2025-01-01", "-1", 1002)], of)
    assert sheets(content)["expenses"].names[::2] == ["a\ufffdb\ufffdc\ufffd", "tab\there", "total"]


def test_the_header_and_the_names_stay_in_sight_and_stand_on_each_page() -> None:
    book = opened(made([cell(f"{2023 + at // 12}-{at % 12 + 1:02d}-01", "-5") for at in range(25)]))
    sheet = book["expenses"]
    assert sheet.freeze_panes == "B2"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (3, 0)


def width(sheet: Any, column: int) -> float:
    """The width of a column, which may be written once for several."""
    (dimension,) = (one for one in sheet.column_dimensions.values() if one.min <= column <= one.max)
    wide: float = dimension.width
    return wide


@pytest.mark.parametrize("amount", ["-1234567890123.45", "0", "99999.99"])
def test_no_column_is_too_narrow(amount: str) -> None:
    cells = [cell("2025-01-01", amount, 13), cell("2025-01-02", amount, 1), cell("2025-02-02", "-1", 5)]
    for unit in (Unit.DAY, Unit.MONTH, Unit.NONE):
        sheet = opened(made(cells, unit=unit))["expenses"]
        values = opened(made(cells, unit=unit), values=True)["expenses"]
        for column in range(1, sheet.max_column + 1):
            letter = get_column_letter(column)
            code = 4 * (column == sheet.max_column)
            texts = [
                part.value if isinstance(part.value, str) else f"{part.value or 0:,.2f}" + " " * code
                for part in values[letter]
            ]
            assert width(sheet, column) >= max(map(len, texts)) + 2


def test_a_long_name_is_wrapped_in_a_row_that_is_as_high_as_its_lines() -> None:
    names = ["a" * 100, "two\nlines", "W" * 40, "漢" * 30, "short"]
    cells = [cell("2025-01-01", "-1", 1000 + at) for at in range(1, len(names) + 1)]
    sheet = opened(made(cells, with_names(names)))["expenses"]
    assert sheet.column_dimensions["A"].width <= 51
    assert all(part.alignment.wrap_text for part in sheet["A"])
    heights = {name: sheet.row_dimensions[2 * at].height for at, name in enumerate(names, 1)}  # none is 15
    assert heights == {names[0]: 45, names[1]: 30, names[2]: 30, names[3]: 30, "short": None}
