"""The tables by unit, and their files for Excel: as CSV, and as a workbook, which comes by link or redirect only."""

import csv
import hashlib
import io
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from tests.api.client import Client
from tests.api.ledger import HOUSE, LEDGER
from tests.api.test_downloads import stored

AGGREGATE = f"{LEDGER}/aggregate"
DOWNLOAD = f"{AGGREGATE}/download"
DOWNLOADS = f"{HOUSE}/downloads"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ROWS = [
    {"transactionDate": "2024-12-30", "amount": 2900, "category": 1001},
    {"transactionDate": "2025-01-25", "amount": "2900.50", "category": 1001},
    {"transactionDate": "2025-01-26", "amount": "-20.40", "category": 1},
    {"transactionDate": "2025-01-26", "amount": -500, "category": 21},
]


@pytest.fixture(autouse=True)
def _ledger(api: Client) -> None:
    api.once(_registered)


def _registered(api: Client) -> None:
    assert api.post(LEDGER, json={"transactions": ROWS}).status == 200


def salary(tables: list[Any]) -> dict[str, Decimal]:
    values: dict[str, Decimal] = tables[0]["values"][0]["values"]
    return values


@pytest.mark.parametrize(
    ("unit", "labels"),
    [
        ("none", []),
        ("day", ["2024-12-30", "2025-01-25"]),
        ("week", ["2025-W01", "2025-W04"]),
        ("month", ["2024-12", "2025-01"]),
        ("quarter", ["2024-Q4", "2025-Q1"]),
        ("semester", ["2024-H2", "2025-H1"]),
        ("year", ["2024", "2025"]),
    ],
)
def test_answer_and_files_are_by_the_unit(api: Client, unit: str, labels: list[str]) -> None:
    answer = api.get(AGGREGATE, unit=unit).json["data"]
    assert list(salary(answer["tables"])) == [*labels, "total"]
    assert salary(answer["tables"])["total"] == Decimal("5800.5")
    assert api.get(DOWNLOAD, type="json", unit=unit).json == answer
    lines = api.get(DOWNLOAD, type="csv", unit=unit).body.decode().splitlines()
    assert [line.split(",")[3] for line in lines if "Salaris" in line] == [*labels, "total"]
    created = api.post(DOWNLOADS, json={"type": "csv", "unit": unit})
    assert created.json["rows"] == len(lines) - 1
    assert stored(api, created.json["url"]).decode().splitlines() == lines


def test_without_a_unit_they_are_by_month(api: Client) -> None:
    assert api.get(AGGREGATE).body == api.get(AGGREGATE, unit="month").body
    assert api.get(DOWNLOAD, type="csv").body == api.get(DOWNLOAD, type="csv", unit="month").body
    urls = [
        api.post(DOWNLOADS, json=body).json["url"] for body in ({"type": "csv"}, {"type": "csv", "unit": "month"})
    ]
    assert len({urlsplit(url).path for url in urls}) == 1


def test_excel_gets_a_csv_file_of_its_own(api: Client) -> None:
    reply = api.get(DOWNLOAD, type="csv", for_="excel", unit="none")
    content = (
        b"\xef\xbb\xbfCategory;Subcategory;Line_Item;Metric;Value\r\n"
        b"income;;Salaris;total;5800,5\r\n"
        b"expenses;RECREATIE/VRIJE TIJD;Hobbies;total;-20,4\r\n"
    )
    assert (reply.status, reply.body) == (200, content)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert stored(api, reply.headers["content-location"]) == content
    created = api.post(DOWNLOADS, json={"type": "csv", "for": "excel", "unit": "none"}).json
    assert (created["rows"], stored(api, created["url"])) == (2, content)


@pytest.mark.parametrize("delivery", [{}, {"delivery": "inline"}, {"delivery": "redirect"}])
def test_a_workbook_comes_by_redirect(api: Client, delivery: dict[str, str]) -> None:
    reply = api.get(DOWNLOAD, type="xlsx", **delivery)
    assert (reply.status, reply.body) == (303, b"")
    query = parse_qs(urlsplit(reply.headers["location"]).query)
    assert query["response-content-type"] == [XLSX]
    assert openpyxl.load_workbook(io.BytesIO(stored(api, reply.headers["location"]))).sheetnames[0] == "income"


def test_a_workbook_comes_by_link_and_holds_what_the_api_answers(api: Client) -> None:
    csv_link = api.get(DOWNLOAD, type="csv", delivery="link").json
    link = api.get(DOWNLOAD, type="xlsx", delivery="link").json
    created = api.post(DOWNLOADS, json={"type": "xlsx"})
    assert created.status == 201
    assert urlsplit(created.json["url"]).path == urlsplit(link["url"]).path, "unchanged, so the same file"
    content = stored(api, link["url"])
    assert (link["contentType"], link["rows"]) == (XLSX, csv_link["rows"])
    assert (link["bytes"], link["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert link["filename"] == csv_link["filename"].replace("csv", "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for table in api.get(AGGREGATE).json["data"]["tables"]:
        header, first, *_ = ([part.value for part in row] for row in book[table["id"]].rows)
        amounts = dict(zip(header[1:], first[1:], strict=True))
        row = table["values"][0]
        values = (row if row["hierarchy"] == "row" else row["values"][0])["values"]
        assert {label: Decimal(str(amount)) for label, amount in amounts.items() if amount} == values
    pivot = api.get(f"{LEDGER}/pivot").json["groups"]
    totals = [list(book[name].rows)[-1][-1].value for name in ("income", "expenses")]
    assert [Decimal(str(total)) for total in totals] == [group["amount"] for group in pivot[:2]]


def test_a_span_narrows_the_workbook_and_nothing_is_a_workbook_too(api: Client) -> None:
    def sheets(**span: str) -> dict[str, list[list[object]]]:
        content = stored(api, api.get(DOWNLOAD, type="xlsx", delivery="link", **span).json["url"])
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        return {sheet.title: [[part.value for part in row] for row in sheet.rows] for sheet in book.worksheets}

    february = sheets(from_="2025-01-01", to="2025-01-26")
    assert february == {
        "income": [["EUR", "2025-01", "total"], ["Salaris", 2900.5, 2900.5], ["total", 2900.5, 2900.5]]
    }
    assert sheets(from_="2025-02-01") == {"tables": [["There are no transactions of income or expenses."]]}


def test_a_workbook_with_more_periods_than_excel_has_columns_is_refused(api: Client) -> None:
    api.post(LEDGER, json={"transactions": [{"transactionDate": "1980-02-20", "amount": -1}]})
    reply = api.get(DOWNLOAD, type="xlsx", unit="day", to="2025-02-01")
    assert (reply.status, reply.code) == (400, "OutOfRange")
    assert reply.json["detail"] == ("A sheet by day from the first day to 2025-02-01 has more than 16382 periods.")
    assert api.post(DOWNLOADS, json={"type": "xlsx", "unit": "day"}).code == "OutOfRange"
    assert api.get(DOWNLOAD, type="xlsx", unit="week").status == 303
    assert api.get(DOWNLOAD, type="csv", unit="day").status == 200


def test_a_workbook_of_more_cells_than_can_be_made_in_a_call_is_refused(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A header, a row and a total for income; a group more for expenses; names, four weeks and the total.
    monkeypatch.setattr("saldo.aws.downloads.MAX_CELLS", 7 * 6)
    assert api.get(DOWNLOAD, type="xlsx", unit="week", from_="2024-12-30").status == 303
    monkeypatch.setattr("saldo.aws.downloads.MAX_CELLS", 7 * 6 - 1)
    reply = api.get(DOWNLOAD, type="xlsx", unit="week", from_="2024-12-30")
    assert (reply.status, reply.code) == (400, "OutOfRange")
    assert reply.json["detail"] == "The workbook by week from 2024-12-30 to the last day has more than 41 cells."


def test_an_answer_that_is_too_large_is_refused_and_names_unit_and_span(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(api.get(AGGREGATE, unit="day").body)
    monkeypatch.setattr("saldo.http.answers.MAX_REPORT", size - 1)
    reply = api.get(AGGREGATE, unit="day", from_="2024-01-01")
    assert (reply.status, reply.code) == (400, "OutOfRange")
    assert reply.json["detail"].startswith("The answer by day from 2024-01-01 to the last day is larger than")
    assert api.get(AGGREGATE, unit="none").status == 200
    monkeypatch.setattr("saldo.http.answers.MAX_REPORT", size)
    assert api.get(AGGREGATE, unit="day").status == 200


def test_the_csv_for_excel_holds_what_the_csv_holds(api: Client) -> None:
    plain = list(csv.reader(io.StringIO(api.get(DOWNLOAD, type="csv").body.decode())))
    text = api.get(DOWNLOAD, type="csv", for_="excel").body.decode("utf-8-sig")
    excel = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [[*row[:4], row[4].replace(",", ".")] for row in excel] == plain


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"type": "json", "for_": "excel"}, "for"),
        ({"type": "xlsx", "for_": "excel"}, "for"),
        ({"type": "csv", "for_": "numbers"}, "for"),
        ({"type": "csv", "unit": "fortnight"}, "unit"),
        ({"type": "csv", "unit": "3"}, "unit"),
    ],
)
def test_a_wrong_parameter_is_named(api: Client, query: dict[str, str], field: str) -> None:
    assert api.get(DOWNLOAD, **query).fields == [field]
    body = {name.rstrip("_"): value for name, value in query.items()}
    assert api.post(DOWNLOADS, json=body).fields == [field]


def test_a_wrong_unit_of_the_answer_is_named(api: Client) -> None:
    assert api.get(AGGREGATE, unit="fortnight").fields == ["unit"]
    assert api.get(AGGREGATE, unit=["day", "week"]).fields == ["unit"]
    assert api.get(AGGREGATE, type="csv").fields == ["type"]
    assert api.post(DOWNLOADS, json={"type": "csv", "unit": 3}).fields == ["unit"]
