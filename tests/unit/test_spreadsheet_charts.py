"""The charts of the workbook: what is stacked in a column adds up to the table's total of the period."""

import io
from decimal import Decimal
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from saldo.cube import Cell
from saldo.periods import Unit
from tests.builders import cell
from tests.unit.workbooks import made, opened, sheets, with_names

NAMESPACES = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}

CELLS = [
    cell("2025-01-25", "2900", 1001),
    cell("2025-02-25", "3000", 1001),
    cell("2025-02-25", "5000", 1006),
    cell("2025-01-26", "-20.40", 1),
    cell("2025-01-27", "-12.30"),
    cell("2025-01-27", "-900", 13),
    cell("2025-02-02", "5.55", 1),
    cell("2025-02-03", "-50"),
]


class Series(NamedTuple):
    """A series of a chart: its name, the formula of its values, and the values that it holds."""

    name: str
    formula: str
    values: list[Decimal]


class Chart(NamedTuple):
    title: str
    grouping: str
    orientation: str
    labels: list[str]
    series: list[Series]


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NAMESPACES)]


def attribute(element: ElementTree.Element, path: str) -> str:
    found = element.find(path, NAMESPACES)
    assert found is not None
    return found.attrib["val"]


def charts(content: bytes) -> list[Chart]:
    with ZipFile(io.BytesIO(content)) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("xl/charts/"))
        return [read(ElementTree.fromstring(archive.read(name))) for name in names]


def read(chart: ElementTree.Element) -> Chart:
    series = [
        Series(
            texts(one, "c:tx/c:strRef/c:strCache/c:pt/c:v")[0],
            texts(one, "c:val/c:numRef/c:f")[0],
            [Decimal(value) for value in texts(one, "c:val/c:numRef/c:numCache/c:pt/c:v")],
        )
        for one in chart.iterfind(".//c:ser", NAMESPACES)
    ]
    return Chart(
        "".join(text.text or "" for text in chart.findall(".//c:title", NAMESPACES)[0].iter() if text.text),
        attribute(chart, ".//c:grouping"),
        attribute(chart, ".//c:valAx/c:scaling/c:orientation"),
        texts(chart, ".//c:ser[1]/c:cat/c:strRef/c:strCache/c:pt/c:v"),
        series,
    )


def test_a_chart_has_a_sheet_of_its_own_behind_the_tables() -> None:
    book = opened(made(CELLS))
    assert book.sheetnames == ["income", "expenses", "income chart", "expenses chart"]
    assert [sheet.pageSetup.orientation for sheet in book.chartsheets] == ["landscape"] * 2
    assert [sheet._charts for sheet in book.worksheets] == [[], []]


def test_a_column_is_stacked_from_groups_and_from_categories_without_one() -> None:
    content = made(CELLS)
    income, expenses = charts(content)
    assert (income.title, expenses.title) == ("Income by month, EUR", "Expenses by month, EUR")
    assert {income.grouping, expenses.grouping} == {"stacked"}
    assert income.labels == expenses.labels == ["2025-01", "2025-02"]
    assert [one.name for one in income.series] == ["Salaris", "Uitkering"]
    assert [one.name for one in expenses.series] == ["WONEN", "HUISHOUDELIJKE UITGAVEN", "RECREATIE/VRIJE TIJD"]
    assert [one.formula for one in expenses.series] == [
        "expenses!$B$2:$C$2",
        "expenses!$B$4:$C$4",
        "expenses!$B$6:$C$6",
    ]
    totals = sheets(content)["expenses"].row(-1 + len(sheets(content)["expenses"].names))
    for at, label in enumerate(expenses.labels):
        assert sum(one.values[at] for one in expenses.series) == totals[label]


def test_income_and_what_was_spent_both_point_up() -> None:
    assert [chart.orientation for chart in charts(made(CELLS))] == ["minMax", "maxMin"]
    refunds = [cell("2025-01-01", "5", 1), cell("2025-01-02", "-1")]
    assert [chart.orientation for chart in charts(made(refunds))] == ["minMax"]


def test_without_periods_the_totals_stand_side_by_side() -> None:
    (income, expenses) = charts(made(CELLS, unit=Unit.NONE))
    assert (expenses.title, expenses.grouping, expenses.labels) == ("Expenses, EUR", "clustered", ["total"])
    assert [one.values for one in income.series] == [[Decimal(5900)], [Decimal(5000)]]


@pytest.mark.parametrize(("groups", "title"), [(255, "Expenses by year"), (256, "Expenses by year: the 255 largest")])
def test_a_chart_has_no_more_series_than_excel_takes(groups: int, title: str) -> None:
    of = with_names([f"group {at}" for at in range(groups)])
    cells: list[Cell] = [cell("2025-01-01", f"-{at}", 1000 + at) for at in range(1, groups + 1)]
    (chart,) = charts(made(cells, of, Unit.YEAR))
    assert chart.title == f"{title}, EUR"
    assert [one.values[0] for one in chart.series] == [-at for at in range(groups, groups - 255, -1)]
