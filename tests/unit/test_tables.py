"""The report: by month exactly the bytes of Walker Street Data's JSON and CSV; by any unit a plain sum."""

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo import scheme, tables
from saldo.cube import Cell
from saldo.json import encode
from saldo.periods import Unit
from tests.builders import cell

HOUSEHOLD = scheme.load("household")
BUSINESS = scheme.load("business")


def category(name: str) -> int:
    """The id of a category of the business scheme."""
    return next(place.category.id for place in BUSINESS.places() if place.category.name == name)


EXAMPLE = [
    cell("2025-01-10", "53512.80", category("sales volume")),
    cell("2025-02-11", "1094617.80", category("sales volume")),
    cell("2025-04-01", "-1145.10", category("asset-finance")),
    cell("2025-04-30", "287602.26", category("sales volume")),
]


def test_the_json_is_that_of_walker_street() -> None:
    assert encode({"tables": tables.tables(EXAMPLE, BUSINESS)}) == (
        b'{"tables":[{"id":"income","hierarchy":"table","type":"objectArray","values":['
        b'{"id":"sales volume","hierarchy":"row","type":"timeseries","values":'
        b'{"2025-01":53512.8,"2025-02":1094617.8,"2025-04":287602.26,"total":1435732.86}}]},'
        b'{"id":"expenses","hierarchy":"table","type":"objectArray","values":['
        b'{"id":"ffc by type","hierarchy":"subtable","type":"objectArray","values":['
        b'{"id":"asset-finance","hierarchy":"row","type":"timeseries","values":'
        b'{"2025-04":-1145.1,"total":-1145.1}}]}]}]}'
    )


def test_the_csv_is_that_of_walker_street() -> None:
    assert tables.to_csv(tables.tables(EXAMPLE, BUSINESS)).decode() == (
        "Category,Subcategory,Line_Item,Metric,Value\n"
        "income,,sales volume,2025-01,53512.8\n"
        "income,,sales volume,2025-02,1094617.8\n"
        "income,,sales volume,2025-04,287602.26\n"
        "income,,sales volume,total,1435732.86\n"
        "expenses,ffc by type,asset-finance,2025-04,-1145.1\n"
        "expenses,ffc by type,asset-finance,total,-1145.1\n"
    )


def test_a_report_of_nothing_is_just_the_header() -> None:
    assert tables.tables([], HOUSEHOLD) == []
    assert tables.to_csv([]) == b"Category,Subcategory,Line_Item,Metric,Value\n"


def test_internal_transfers_are_in_no_table() -> None:
    assert tables.tables([cell("2025-01-01", "100", 14), cell("2025-01-01", "-100", 21)], HOUSEHOLD) == []


def test_a_direct_group_has_no_subtable() -> None:
    (income,) = tables.tables([cell("2025-01-25", "2900", 1001)], HOUSEHOLD)
    assert [(value.hierarchy, value.id) for value in income.values] == [("row", "Salaris")]


def test_a_text_that_a_spreadsheet_would_run_is_escaped_and_a_number_is_not() -> None:
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a "quoted", name', "plain"]
    report = [
        tables.TableReport(
            id="expenses",
            values=[tables.Subtable(id=name, values=[tables.TableRow(id=name, values={"total": Decimal(-5)})])],
        )
        for name in hostile
    ]
    rows = list(csv.reader(io.StringIO(tables.to_csv(report).decode(), newline="")))[1:]
    assert [row[1] for row in rows] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        'a "quoted", name',
        "plain",
    ]
    assert all(row[1] == row[2] and row[4] == "-5" for row in rows)


@given(
    st.lists(
        st.builds(
            lambda month, cents, id_: cell(f"2025-{month:02d}-01", f"{cents / 100:.2f}", id_),
            st.integers(1, 12),
            st.integers(-(10**6), 10**6),
            st.sampled_from([1, 5, 13, 1001, 1002, 14]),
        )
    )
)
def test_each_total_is_the_sum_of_its_months_and_each_line_is_counted(booked: list[Cell]) -> None:
    report = tables.tables(booked, HOUSEHOLD)
    lines = list(tables.lines(report))
    assert len(lines) == tables.to_csv(report).count(b"\n") - 1
    rows: dict[tuple[str, str, str], list[tables.Line]] = {}
    for line in lines:
        rows.setdefault(line[:3], []).append(line)
    for *months, total in rows.values():
        assert total.metric == "total"
        assert total.value == sum(line.value for line in months)
        assert [line.metric for line in months] == sorted({line.metric for line in months})
    shown = sum(line.value for line in lines if line.metric == "total")
    assert shown == sum(cell.amount for cell in booked if cell.category != 14)


def test_every_name_in_the_shipped_schemes_is_a_safe_cell() -> None:
    for scheme_ in (HOUSEHOLD, BUSINESS):
        for place in scheme_.places():
            for name in (place.group.name, place.category.name):
                assert not name.startswith(("=", "+", "-", "@"))


def label(unit: Unit, day: date) -> str:
    """The label of the day's period, spelled here by the rules of strftime."""
    match unit:
        case Unit.DAY:
            return f"{day:%Y-%m-%d}"
        case Unit.WEEK:
            return f"{day:%G-W%V}"
        case Unit.MONTH:
            return f"{day:%Y-%m}"
        case Unit.QUARTER:
            return f"{day:%Y}-Q{'111222333444'[day.month - 1]}"
        case Unit.SEMESTER:
            return f"{day:%Y}-H{1 if day.month < 7 else 2}"
        case _:
            return f"{day:%Y}"


@given(
    st.lists(
        st.builds(
            lambda day, cents, id_: cell(f"{day}", f"{Decimal(cents).scaleb(-2)}", id_),
            st.dates(date(2019, 12, 20), date(2026, 1, 10)),
            st.integers(-(10**12), 10**12),
            st.sampled_from([1, 5, 13, 1001, 1002]),
        )
    ),
    st.sampled_from(list(Unit)),
)
def test_by_any_unit_each_value_is_a_plain_sum(booked: list[Cell], unit: Unit) -> None:
    names = {place.category.id: place.category.name for place in HOUSEHOLD.places()}
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in booked:
        sums[names[each.category], "total"] += each.amount
        if unit is not Unit.NONE:
            sums[names[each.category], label(unit, each.day)] += each.amount
    lines = list(tables.lines(tables.tables(booked, HOUSEHOLD, unit)))
    assert {(line.row, line.metric): line.value for line in lines} == sums
    assert len(lines) == len(sums)


@pytest.mark.parametrize(
    ("unit", "labels"),
    [
        (Unit.NONE, []),
        (Unit.DAY, ["2024-12-30", "2025-04-01"]),
        (Unit.WEEK, ["2025-W01", "2025-W14"]),
        (Unit.MONTH, ["2024-12", "2025-04"]),
        (Unit.QUARTER, ["2024-Q4", "2025-Q2"]),
        (Unit.SEMESTER, ["2024-H2", "2025-H1"]),
        (Unit.YEAR, ["2024", "2025"]),
    ],
)
def test_periods_are_labelled_in_order_and_the_total_comes_last(unit: Unit, labels: list[str]) -> None:
    booked = [cell("2025-04-01", "-2"), cell("2024-12-30", "-1")]
    (expenses,) = tables.tables(booked, HOUSEHOLD, unit)
    (group,) = expenses.values
    assert isinstance(group, tables.Subtable)
    assert list(group.values[0].values) == [*labels, "total"]
    assert group.values[0].values["total"] == -3


def test_the_columns_are_all_periods_between_what_the_tables_show() -> None:
    booked = [cell("2024-11-01", "-1", 14), cell("2024-12-30", "-1"), cell("2025-03-01", "1", 1001)]
    assert list(tables.columns(booked, HOUSEHOLD, Unit.MONTH)) == ["2024-12", "2025-01", "2025-02", "2025-03"]
    assert list(tables.columns(booked, HOUSEHOLD, Unit.NONE)) == []
    assert list(tables.columns(booked[:1], HOUSEHOLD, Unit.MONTH)) == []


def test_excel_gets_a_byte_order_mark_semicolons_decimal_commas_and_the_line_ends_of_windows() -> None:
    assert tables.to_excel_csv(tables.tables(EXAMPLE[-2:], BUSINESS)) == (
        b"\xef\xbb\xbfCategory;Subcategory;Line_Item;Metric;Value\r\n"
        b"income;;sales volume;2025-04;287602,26\r\n"
        b"income;;sales volume;total;287602,26\r\n"
        b"expenses;ffc by type;asset-finance;2025-04;-1145,1\r\n"
        b"expenses;ffc by type;asset-finance;total;-1145,1\r\n"
    )
    assert tables.to_excel_csv([]) == b"\xef\xbb\xbfCategory;Subcategory;Line_Item;Metric;Value\r\n"


@given(st.text(min_size=1, max_size=20), st.integers(-(10**14), 10**14))
def test_excel_reads_back_each_name_and_runs_none(name: str, cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    row = tables.TableRow(id=name, values={"total": amount})
    content = tables.to_excel_csv([tables.TableReport(id="income", values=[tables.Subtable(id=name, values=[row])])])
    text = content.decode("utf-8-sig")
    assert not text.startswith("sep=")
    _, read = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    safe = f"'{name}" if name[0] in "=+-@\t\r" else name
    assert read == ["income", safe, safe, "total", f"{amount}".replace(".", ",")]
